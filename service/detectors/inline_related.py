"""A lone pointer to another article inside the body: "Read also: …".

Finds:
    A line that opens with "اقرأ أيضا:", "Read also:", "Lire aussi :" and goes on like a headline, or
    a heading of that kind with the headlines under it between paragraphs; the same at the end of a
    paragraph or in brackets inside it, where only the pointer is cut.

Keeps:
    Sentences that begin with the words ("Read also the book …"), pointers that go on in running
    text, where nothing shows their end.

Signals:
    The phrase with the shape (a colon or mark after it, a headline without a full stop, brackets).

Rules:
    line: The line opens with "read also" or the like and goes on as a headline.
    heading: "Read also" alone on its line, or the headline below it.
    at_end: The pointer at the end of a paragraph; it alone is cut.
    bracketed: The pointer in brackets; it alone is cut.
"""

import re
from collections.abc import Iterator
from typing import Final

from schemas.labels import Label
from service import runs, stops
from service.detector import Hit, Hits, clip
from service.document import LINE_BEGINS, Block, Finding, Page, Signal

# A pointer's headline; longer is a paragraph
MAX_WORDS: Final = 25
MAX_BRACKET: Final = 200
# A block with more of these words speaks of reading; its last ones may still be a pointer
MAX_INSIDE: Final = 10
_AFTER: Final = re.compile(r"\s*[:|>»›/\-.]{1,3}\s*")
# What the sentence before a pointer closes with; and what a headline does not go on after, though it may ask
_CLOSED: Final = (*stops.TERMINALS, '"', ")", "»")
_GOES_ON: Final = (*stops.INSIDE, "! ")
_BOTH: Final = frozenset({Signal.PHRASE, Signal.SHAPE})


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Pointers that open a block, then those at the end of one or in brackets."""
    if not hits.by_block:
        return
    outline = runs.outline(page)
    for index in sorted(hits.by_block):
        block = page.blocks[index]
        hit = hits.initial(block, "lead") or hits.initial(block, "colon_lead")
        if hit is not None and outline.units[index] <= MAX_WORDS + 4:
            yield from _opening(page, outline, block, hit)
        elif hit is None:
            for inner in hits.of(block)[-MAX_INSIDE:]:
                yield from _inside(page, block, inner)


def _opening(page: Page, outline: runs.Outline, block: Block, hit: Hit) -> Iterator[Finding]:
    rest = block.folded[hit.end :]
    mark = _AFTER.match(rest)
    if not any(c.isalnum() for c in rest):
        if not outline.outside(block.index):
            yield from _heading(page, outline, block, hit, colon=":" in rest)
        return
    if mark and ":" not in mark.group() and hit.listed == "colon_lead":
        return
    if mark:
        confidence = 0.9 if not runs.full_stop(block) else 0.5
    elif (
        hit.listed == "lead"
        and block.cut in LINE_BEGINS
        and outline.units[block.index] >= len(hit.phrase.split()) + runs.HEADLINE_WORDS
        and not runs.full_stop(block)
    ):
        confidence = 0.65
    else:
        return
    # a longer line may be an article's sentence
    signals = _BOTH if confidence >= 0.6 else frozenset({Signal.PHRASE})
    yield runs.found(block, Label.INLINE_RELATED, "line", confidence, hit.phrase, signals)


def _heading(page: Page, outline: runs.Outline, block: Block, hit: Hit, *, colon: bool) -> Iterator[Finding]:
    """A pointer's heading inside the article: it goes with the headlines right below it."""
    following = page.blocks[block.index + 1 : block.index + 5]
    below: list[Block] = []
    for item in following:
        if not runs.is_headline(item, outline.units[item.index]):
            break
        below.append(item)
    if not below or len(below) == len(following) or not (colon or hit.listed == "lead"):
        return
    # without a bullet only the first line below is the pointer's; a subhead may follow it
    listed = [i for i in below if runs.marked(i)] or below[:1]
    signals = {Signal.PHRASE, Signal.SHAPE, Signal.NEIGHBOURS}
    for item in (block, *listed):
        yield runs.found(item, Label.INLINE_RELATED, "heading", 0.7, hit.phrase, signals)


def _inside(page: Page, block: Block, hit: Hit) -> Iterator[Finding]:
    """In brackets, or from a sentence's end to the end of the line."""
    before = block.folded[: hit.start].rstrip()
    rest = block.folded[hit.end :]
    mark = _AFTER.match(rest)
    if before.endswith(("(", "[", "（", "【")):
        if mark and ":" in mark.group():
            yield from _bracketed(block, hit)
        return
    last = block.index + 1 == len(page.blocks) or page.blocks[block.index + 1].cut in LINE_BEGINS
    closed = before.endswith(_CLOSED)
    if not (mark and ":" in mark.group() and last and closed) or runs.full_stop(block):
        return
    words = len(rest.split())
    if not 2 <= words <= MAX_WORDS or any(stop in rest for stop in _GOES_ON):
        return
    start = runs.unfold(block, hit.start)
    if start < block.end:
        yield Finding(
            start, block.end, Label.INLINE_RELATED, 0.8, "inline_related.at_end",
            clip(page.text[start : block.end]), _BOTH,
        )  # fmt: skip


def _bracketed(block: Block, hit: Hit) -> Iterator[Finding]:
    inner = runs.unfold(block, hit.start)
    start = block.text.rfind(_opener(block.text, inner - block.start), 0, inner - block.start)
    if start < 0 or inner >= block.end:
        return
    closer = {"(": ")", "[": "]", "（": "）", "【": "】"}[block.text[start]]
    end = block.text.find(closer, start, start + MAX_BRACKET)
    if end > 0:
        yield Finding(
            block.start + start, block.start + end + 1, Label.INLINE_RELATED, 0.8,
            "inline_related.bracketed", clip(block.text[start : end + 1]), _BOTH,
        )  # fmt: skip


def _opener(text: str, at: int) -> str:
    return text[:at].rstrip()[-1:] or "("
