"""page -> stretches of short lines that are alike: rows of figures, pairs, turns of a talk, amounts.

Such lines between two paragraphs are a table, a list or a dialogue of the article, of which each line by
itself looks like nothing: it is kept whole or goes whole. Lists of other headlines have none of these shapes.
"""

import re
from collections.abc import Iterator
from typing import Final

from service.document import Line, Page, once_a_page

# Fewer lines are no list
MIN_LINES: Final = 3
MAX_UNITS: Final = 20
MAX_CHARS: Final = 200
# Figures of a row of a table
MIN_FIGURES: Final = 2

_PAIR: Final = re.compile(r"[^:：\d]{2,40}\s?[:：]\s*[^\s/:：].*")
_FIGURE: Final = re.compile(r"[^\W_]*\d[^\s]*")
_AMOUNT: Final = re.compile(r"\W{0,3}(?:[\d½¼¾⅓⅔]|.*[^\W\d_]\W{1,3}\d+(?:[.,/]\d+)?\s?[^\W\d_]{0,8}$)")
_SPEECH: Final = ("-", "–", "—", "―", "«", "“", "„", "「", "『")


@once_a_page
def stretches(page: Page) -> tuple[range, ...]:
    """Indices of the lines of each stretch, in order. Linear in the page."""
    return tuple(_found(page))


def _found(page: Page) -> Iterator[range]:
    start, shapes = 0, frozenset[str]()
    for index, line in enumerate(page.lines):
        own = _shapes(page, line)
        shared = shapes & own
        if not shared:
            if shapes and index - start >= MIN_LINES:
                yield range(start, index)
            start, shared = index, own
        shapes = shared
    if shapes and len(page.lines) - start >= MIN_LINES:
        yield range(start, len(page.lines))


def _shapes(page: Page, line: Line) -> frozenset[str]:
    """All shapes that a line has."""
    if line.prose or line.end - line.start > MAX_CHARS or line.words > MAX_UNITS:
        return frozenset()
    text = page.text[line.start : line.end]
    if "://" in text:
        return frozenset()
    found = set()
    if _PAIR.fullmatch(text):
        found.add("pair")
    if (figures := len(_FIGURE.findall(text))) >= MIN_FIGURES:
        found.add(f"{figures} figures")
    if page.blocks[line.last].ends_sentence or text.startswith(_SPEECH):
        found.add("turn")
    if _AMOUNT.match(text):
        found.add("amount")
    return frozenset(found)
