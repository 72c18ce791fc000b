"""The article's tags.

Finds:
    A heading ("Tags", "كلمات مفتاحية", "Метки") and the line or lines of tags that follow it, tags after
    "Tags:" on one line, and lines made of hashtags.

Keeps:
    The line after the tags, sentences with hashtags in them, lists of the article itself.

Signals:
    The phrase, the neighbours (heading above tags) and the shape (short, not punctuated); repetition of
    the hash sign.

Rules:
    heading: The heading of a list of tags.
    tags: Tags below or behind that heading.
    line: A heading and its tags on one line.
    hashtags: A line of hashtags.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Final

from schemas.labels import Label
from service import runs, titles
from service.detector import Hits, clip
from service.document import Block, Finding, Line, Page, Signal
from service.titles import Main

# A line of tags without separators; longer ones are something else.
MAX_TAG_LINE: Final = 22
# One tag on a line of its own.
MAX_TAG: Final = 4
MAX_TAGS: Final = 14
MAX_HEADING_LINE: Final = 45
# Tags in one row; more are no tags, and a row of headings would be read again from each of them.
MAX_ROW: Final = 200
_LIST_MARKS: Final = "•▪■●►*·‣#"
_COMMAS: Final = ",،、;|·•，؛#/"


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Headings with their tags, and hashtag lines."""
    taken: set[int] = set()
    main = titles.main_text(page)
    for index in sorted(hits.by_block):
        block = page.blocks[index]
        if index in taken:
            continue
        for finding, at in _headed(page, hits, block, main):
            taken.add(at)
            yield finding
    if "#" in page.text:
        for block in page.blocks:
            if block.index not in taken and block.text[0] == "#" and _hashtags(block):
                yield _hashtag_line(page, block, main)


def _headed(page: Page, hits: Hits, block: Block, main: Main) -> Iterator[tuple[Finding, int]]:
    hit = hits.initial(block, "heading", "prefix")
    if hit is None or block.words > MAX_HEADING_LINE or any(c in "<>{}=" for c in block.text):
        return
    inside = bool(main) and main.first <= page.line_of[block.index] < main.last
    lowered = 0.0 if not inside else 0.2 if hit.listed == "heading" else 0.35
    if hit.final:
        tags = _tags_after(page, block) if hit.listed == "heading" or _marked(block.text) else []
        if not tags:
            return
        yield (
            _finding(block, 0.92 - lowered, "heading", None, {Signal.PHRASE, Signal.NEIGHBOURS}),
            block.index,
        )
        for tag in tags:
            value = tag.text.strip().lstrip(_LIST_MARKS).strip()
            signals = {Signal.SHAPE, Signal.NEIGHBOURS}
            yield _finding(tag, 0.9 - lowered, "tags", value or None, signals), tag.index
        return
    lowered = 0.35 if inside else 0.0
    rest = block.folded[hit.end :].lstrip()
    if not rest or rest[0] not in ":：-|" or (block.ends_sentence and block.words > 12):
        return
    value = page.text[runs.unfold(block, hit.end) : block.end].strip(" \u00a0:：-|")
    line = page.line(block)
    if value and (not line.prose or _listed(value)):
        yield _finding(block, 0.9 - lowered, "line", value, {Signal.PHRASE, Signal.SHAPE}), block.index
        if page.line_of[block.index] > main.last or not main:
            yield from _rest_of_line(page, block, lowered)


def _rest_of_line(page: Page, block: Block, lowered: float) -> Iterator[tuple[Finding, int]]:
    """Further tags on the same line, separated by wide gaps."""
    for index in range(block.index + 1, page.line(block).last + 1):
        other = page.blocks[index]
        if other.words > MAX_TAG or other.ends_sentence:
            return
        signals = {Signal.SHAPE, Signal.NEIGHBOURS}
        yield _finding(other, 0.8 - lowered, "tags", other.text.strip(_COMMAS + " "), signals), other.index


def _marked(text: str) -> bool:
    return text.rstrip()[-1:] in (":", "：")


def _listed(value: str) -> bool:
    """Whether a value is a list of short things."""
    return 3 * sum(value.count(c) for c in _COMMAS) >= len(value.split()) - 3


def _tags_after(page: Page, heading: Block) -> Sequence[Block]:
    """The blocks of tags after a heading: the rest of its line, or the line or lines below it."""
    line = page.line(heading)
    if line.last > heading.index:
        rest = page.blocks[heading.index + 1 : min(line.last, heading.index + MAX_ROW) + 1]
        tags = all(b.words <= MAX_TAG and not b.ends_sentence for b in rest)
        return rest if tags and line.last <= heading.index + MAX_ROW else ()
    start = page.line_of[heading.index] + 1
    lines = page.lines[start : start + MAX_TAGS]
    if not lines or not _tag_line(page, lines[0]):
        return ()
    found = [*page.blocks_of(lines[0])]
    if lines[0].words > MAX_TAG or _separated(found[0].text):
        return found
    for before, line in itertools.pairwise(lines):
        same = page.blocks[line.first].text[0] in _LIST_MARKS
        marked = page.blocks[before.first].text[0] in _LIST_MARKS
        if (
            line.words > MAX_TAG
            or not _tag_line(page, line)
            or same != marked
            or line.blanks > before.blanks + 1
        ):
            break
        found += page.blocks_of(line)
    return found


def _separated(text: str) -> bool:
    return sum(text.count(c) for c in _COMMAS) >= 2


def _tag_line(page: Page, line: Line) -> bool:
    last = page.blocks[line.last]
    separated = _separated(page.text[line.start : line.end])
    most = MAX_HEADING_LINE if separated else MAX_TAG_LINE
    return not line.prose and line.words <= most and not last.ends_sentence and last.text[-1] not in ":："


def _hashtags(block: Block) -> bool:
    count = block.text.count("#")
    return count >= 2 and block.words <= 4 * count and block.words <= 60 and not block.ends_sentence


def _hashtag_line(page: Page, block: Block, main: Main) -> Finding:
    line = page.line_of[block.index]
    inside = bool(main) and main.first <= line < main.last
    return _finding(block, 0.5 if inside else 0.8, "hashtags", block.text, {Signal.SHAPE, Signal.REPETITION})


def _finding(block: Block, confidence: float, rule: str, value: str | None, signals: set[Signal]) -> Finding:
    return Finding(
        block.start,
        block.end,
        Label.KEYWORD_LIST,
        confidence,
        f"keyword_list.{rule}",
        clip(block.text),
        frozenset(signals),
        value=value,
    )
