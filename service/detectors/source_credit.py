"""The agency or paper the article was taken from.

Finds:
    "Source: Reuters", "المصدر | …" near the text's beginning or end, on one line or two; the first line
    "SITE: follow-up" or "SITE - agencies" directly before the prose; an agency's name in brackets alone
    after the last sentence.

Keeps:
    Sentences about sources, sources of a table or picture inside the article, "(Reuters)" at the end of
    a sentence.

Signals:
    The phrase, the shape (a label, a mark, a short name) and the position.

Rules:
    label: A word for the source, and a name.
    follow_up: The first line says where the text was taken from.
    agency: An agency's name alone after the text.
"""

from collections.abc import Iterator
from typing import Final

from schemas.labels import Label
from service import runs, titles
from service.detector import Hits, clip
from service.document import LINE_BEGINS, Block, Finding, Page, Signal
from service.titles import Main

MAX_WORDS: Final = 12
MAX_NAME: Final = 9
ABOVE: Final = 6
BELOW: Final = 5
_MARKS: Final = ":：|｜-–—=﹕"
_EDGES: Final = " \t\u00a0" + _MARKS


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Credits; several may stand on a page, each where a credit stands."""
    if not hits.by_block:
        return
    main = titles.main_text(page)
    for index in sorted(hits.by_block):
        block = page.blocks[index]
        if block.words <= MAX_WORDS + 12:
            yield from _labelled(page, hits, block, main)
            yield from _follow_up(page, hits, block, main)
            yield from _agency(page, hits, block, main)


def _labelled(page: Page, hits: Hits, block: Block, main: Main) -> Iterator[Finding]:
    hit = hits.initial(block, "label")
    if hit is None or block.words > MAX_WORDS:
        return
    place = _place(page, block, main)
    rest = block.folded[hit.end :].lstrip()
    if not rest or not any(c.isalnum() for c in rest):
        following = _next(page, block)
        marked = rest[:1] in tuple(_MARKS)
        if following is None or not marked or place < 0.8 or not titles.name_like(following.text, MAX_NAME):
            return
        yield _finding(block, place, None, "label")
        yield _finding(following, place - 0.02, following.text.strip(_EDGES), "label")
        return
    if rest[0] not in _MARKS:
        return
    value = page.text[runs.unfold(block, hit.end) : block.end].strip(_EDGES)
    if not value or (block.ends_sentence and block.words > 5) or "://" in value:
        return
    yield _finding(block, place, value, "label")


def _follow_up(page: Page, hits: Hits, block: Block, main: Main) -> Iterator[Finding]:
    """The first line "SITE: follow-up", directly before the prose."""
    line = page.line_of[block.index]
    if not main or line != main.first - 1 or line > 3 or not 2 <= block.words <= 6:
        return
    hit = next((h for h in hits.of(block, "follow_up") if h.final), None)
    if hit is None or block.ends_sentence:
        return
    before = block.folded[: hit.start].rstrip()
    if not before or before[-1] not in _MARKS:
        return
    at = max(block.text.rfind(m) for m in _MARKS)
    value = block.text[:at].strip(_EDGES)
    if titles.name_like(value, 4):
        yield _finding(block, 0.72 if line == 0 else 0.62, value, "follow_up")


def _agency(page: Page, hits: Hits, block: Block, main: Main) -> Iterator[Finding]:
    """An agency in brackets or after dashes, "--(dpa)": all a line says, just after the last prose."""
    hit = hits.whole(block, "agency")
    line = page.line_of[block.index]
    if hit is None or not main or not main.last < line <= main.last + 2 or block.words > 5:
        return
    if block.text[0].isalnum() and block.cut not in LINE_BEGINS:
        return
    yield _finding(
        block, 0.74 if not block.text[0].isalnum() else 0.62, block.text.strip(" -–—()[]"), "agency"
    )


def _place(page: Page, block: Block, main: Main) -> float:
    line = page.line_of[block.index]
    if not main:
        return 0.5
    if line > main.last:
        return 0.88 if line <= main.last + BELOW else 0.62
    if titles.near_start(main, line, before=ABOVE, after=0):
        return 0.8
    return 0.62 if line >= main.last - 1 else 0.45


def _next(page: Page, block: Block) -> Block | None:
    return page.blocks[block.index + 1] if block.index + 1 < len(page.blocks) else None


def _finding(block: Block, confidence: float, value: str | None, rule: str) -> Finding:
    return Finding(
        block.start,
        block.end,
        Label.SOURCE_CREDIT,
        confidence,
        f"source_credit.{rule}",
        clip(block.text),
        frozenset({Signal.PHRASE, Signal.SHAPE, Signal.POSITION}),
        field="sourceCredit",
        value=value,
    )
