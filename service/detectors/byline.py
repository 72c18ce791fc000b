"""Who wrote the article.

Finds:
    A short line that names people after a phrase ("By", "بقلم", "Von", "Автор") or before their office
    ("김민수 기자"), near the first prose or just below the last; also the phrase and the name on two lines.
    The name alone becomes the value; an editor's is lifted, but names no author.

Keeps:
    Sentences and subheads that begin with such a word, names that neither a phrase nor the date beside
    them (see `dateline`) makes an author's, a reporter's address at
    the end of the last sentence.

Signals:
    The phrase, the shape (a few words like names, nothing after them) and the position.

Rules:
    phrase: A phrase that names an author, or an office, and a name.
"""

from collections.abc import Iterator
from typing import Final

from schemas.labels import Label
from service import names, titles
from service.detector import Hits, clip, phrases
from service.document import Block, Finding, Page, Signal
from service.folding import fold
from service.titles import Main

MAX_WORDS: Final = 12
MAX_NAME: Final = 6
MAX_OFFICE_NAME: Final = 2
BEFORE: Final = 10
AFTER: Final = 4
BELOW: Final = 4
BELOW_TITLE: Final = 4
# From here on scripts set no space between a last name and a first; both have so many letters
SPACELESS: Final = "\u2e80"
UNPARTED: Final = range(2, 5)
_EDGES: Final = " \t\u00a0:：|•·,،-–—/="
_OPENED_BY: Final = {")": "(", "）": "（", "]": "[", "】": "【"}


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Bylines, at most one above the text and one below."""
    if not hits.by_block:
        return
    main = titles.main_text(page)
    if not main:
        return
    title, above = titles.heading(page), False
    beside = range(title.stop, min(title.stop + BELOW_TITLE, main.first) if title else 0)
    for index in sorted(hits.by_block):
        block = page.blocks[index]
        line = page.line_of[index]
        below = main.last < line <= main.last + BELOW
        if not (below or line in beside or titles.near_start(main, line, before=BEFORE, after=AFTER)):
            continue
        if above and not below:
            continue
        found = list(_read(page, hits, block, main))
        above |= any(finding.value for finding in found)
        yield from found


def _read(page: Page, hits: Hits, block: Block, main: Main) -> Iterator[Finding]:
    hit = hits.initial(block, "sure", "word", *(("dated",) if _dated(page, block) else ()))
    if hit is None:
        named = _in_office(hits, block)
        if named:
            yield _finding(block, _confidence(page, block, main, sure=True), named)
        return
    if block.words > MAX_WORDS or hit.start > 3:
        return
    sure = hit.listed == "sure"
    if hit.final:
        following = _next_line(page, block)
        if following is None or following.words > MAX_NAME or following.digits:
            return
        introduced = sure or block.text.rstrip().endswith((":", "："))
        if not (_is_name(following.text) if introduced else names.is_person(following.text)):
            return
        confidence = _confidence(page, block, main, sure=True)
        yield _finding(block, confidence, None)
        yield _finding(following, confidence, following.text)
        return
    rest = _after(block.text, hit.start + len(fold(hit.phrase).strip()))
    colon = rest[:2].strip()[:1] in (":", "：", "/", "|", "／")
    name = "" if rest.lstrip()[:1] == "," else _without_office(names.behind_phrase(_trimmed(rest)))
    if not name or not all(titles.name_like(each, MAX_NAME) for each in names.split(name)):
        return
    if hit.listed == "dated" and (rest[:1].isalnum() or not _fits(name)):
        return
    edited = hits.initial(block, "editor") is not None
    yield _finding(block, _confidence(page, block, main, sure=sure or colon), None if edited else name)


def _is_name(text: str) -> bool:
    """Whether the line below a phrase is a name, and not the next phrase whose name is lost, too."""
    return titles.name_like(text) and names.behind_phrase(text) == " ".join(text.split())


def _fits(name: str) -> bool:
    """Whether a name has as many words as a full one; where none are parted, as many letters."""
    return name.count(" ") > 0 if name[0] < SPACELESS else len(name) in UNPARTED


def _in_office(hits: Hits, block: Block) -> str | None:
    """The name before an office, where the line holds nothing else but an address."""
    for hit in hits.of(block, "office"):
        name, rest = block.folded[: hit.start].strip(_EDGES), block.folded[hit.end :].strip(_EDGES)
        alone = not rest or ("@" in rest and " " not in rest)
        if alone and name and titles.name_like(name, MAX_OFFICE_NAME):
            return _trimmed(" ".join(block.text.split()[: len(name.split())]))
    return None


def _without_office(name: str) -> str:
    """A name without the office behind it: "이서연 기자"."""
    before, _, last = name.rpartition(" ")
    return before if before and fold(last) in phrases("byline", "office") else name


def bare_name(text: str) -> str:
    """A byline that stands on its own, without the phrase it opens with and what follows its names."""
    folded = fold(text)
    for phrase in phrases("byline", "sure", "word"):
        if folded.startswith(phrase) and not folded[len(phrase) : len(phrase) + 1].isalnum():
            return _trimmed(_after(text, len(phrase)))
    return _trimmed(text)


def _trimmed(text: str) -> str:
    name = text.strip(_EDGES)
    for mark in names.MARKS:
        name = name.split(mark)[0].strip(_EDGES)
    # the whole byline may stand in brackets that open before its phrase
    return name[:-1].rstrip() if _OPENED_BY.get(name[-1:], name) not in name else name


def _after(text: str, size: int) -> str:
    """What stands after the first `size` characters of a folded text, as it stood before it was folded."""
    low, high = 0, len(text)
    while low < high:  # the shortest prefix whose folding reaches past the phrase
        middle = (low + high) // 2
        if len(fold(text[:middle]).rstrip()) >= size:
            high = middle
        else:
            low = middle + 1
    return text[low:]


def _next_line(page: Page, block: Block) -> Block | None:
    if page.line(block).last != block.index:
        return page.blocks[block.index + 1]
    if block.index + 1 >= len(page.blocks):
        return None
    following = page.blocks[block.index + 1]
    return following if page.line(following).first == page.line(following).last else None


def _confidence(page: Page, block: Block, main: Main, *, sure: bool) -> float:
    line = page.line_of[block.index]
    if line > main.last:
        return 0.8 if sure else 0.5
    distance = main.first - line
    place = 0.12 if 0 < distance <= 4 else (0.06 if sure else 0.0) if distance <= 0 else 0.02
    dated = _dated(page, block)
    return (0.78 if sure else 0.54) + place + (0.06 if dated else 0.0)


def _dated(page: Page, block: Block) -> bool:
    """Whether a short line with the digits of a date stands beside a block."""
    line = page.line_of[block.index]
    return any(
        0 <= i < len(page.lines)
        and page.lines[i].words <= 14
        and any(b.digits >= 3 for b in page.blocks_of(page.lines[i]))
        for i in (line - 1, line + 1, line + 2)
    )


def _finding(block: Block, confidence: float, name: str | None) -> Finding:
    return Finding(
        block.start,
        block.end,
        Label.BYLINE,
        min(confidence, 0.97),
        "byline.phrase",
        clip(block.text),
        frozenset({Signal.PHRASE, Signal.SHAPE, Signal.POSITION}),
        field="authors",
        value=name,
    )
