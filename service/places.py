"""The places around the beginning of a page's text: lines, and pieces of lines that are rows of them."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from service.document import Line, Page
from service.titles import Main

# Places looked at before the first block of running text, and from it on
REACH: Final = 22
AFTER: Final = 3
# ... of which so many more are known as neighbours
BEYOND: Final = 3
# A line of more pieces is no single thing: each piece is a place. Nor are two that stand so far apart.
WHOLE: Final = 2
APART: Final = 3
PAGE_TITLE_LINES: Final = 4
# Letters of a line above these that a page title begins with, and how many such lines, nearest to the text
MIN_NAMED: Final = 12
FEW: Final = 4
# Running text: a block of so many words that ends a sentence, or of so many of any kind
SENTENCE_WORDS: Final = 10
PROSE_WORDS: Final = 25


class Place(NamedTuple):
    """A stretch of the page: the blocks `first` to `last`, both included."""

    first: int
    last: int
    start: int
    end: int
    blanks: int
    line: int
    """Index into `Page.lines`."""


def around(page: Page, main: Main) -> tuple[list[Place], list[Place], int]:
    """Places that a page title names, far above; those around the text's beginning; the one it begins at."""
    line = page.lines[main.first]
    opening = _places(page, main.first, line)
    start = _first_prose(page, line)
    before = [p for p in opening if p.last < start] if len(opening) > 1 else []
    after = opening[len(before) : len(before) + AFTER + BEYOND]
    above = main.first
    while above > 0 and len(before) < REACH:
        above -= 1
        before = _places(page, above, page.lines[above]) + before
    below = main.first + 1
    while below < len(page.lines) and len(after) < AFTER + BEYOND:
        after += _places(page, below, page.lines[below])
        below += 1
    before, after = before[-REACH:], after[: AFTER + BEYOND]
    return list(_named_far_above(page, above))[-FEW:], before + after, len(before)


def _places(page: Page, index: int, line: Line) -> list[Place]:
    if line.last - line.first < WHOLE and not _apart(page, line):
        return [Place(line.first, line.last, line.start, line.end, line.blanks, index)]
    return [
        Place(b.index, b.index, b.start, b.end, b.blanks, index)
        for b in page.blocks[line.first : line.last + 1]
    ]


def _apart(page: Page, line: Line) -> bool:
    """Whether white space that nobody types stands between the two pieces of a line."""
    if line.first == line.last:
        return False
    gap = page.text[page.blocks[line.first].end : page.blocks[line.last].start]
    return len(gap) >= APART or "\t" in gap


def _first_prose(page: Page, line: Line) -> int:
    """The block of a line that its running text begins with."""
    for block in page.blocks_of(line):
        if block.words >= (SENTENCE_WORDS if block.ends_sentence else PROSE_WORDS):
            return block.index
    return line.first


def _named_far_above(page: Page, before: int) -> Iterator[Place]:
    """Lines above the others that a page title on the first lines begins with."""
    named = [page.blocks[line.first].folded for line in page.lines[:PAGE_TITLE_LINES]]
    for i in range(1, before):
        line = page.lines[i]
        block = page.blocks[line.first]
        if len(block.folded) >= MIN_NAMED and any(
            title.startswith(block.folded) and title != block.folded for title in named
        ):
            yield Place(block.index, block.index, block.start, block.end, block.blanks, i)
