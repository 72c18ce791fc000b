"""What form a kept line of the article has: paragraph, subhead, list item, quote, table row, code."""

import re
from typing import Final

from schemas.labels import Label
from service.document import Cut, Dom, Line, Page, Structure

_LIST_MARK: Final = re.compile(r"(?:[•·▪■●►▶‣◦○*+–—-]\s+|\(?\d{1,3}[.)]\s+|\(?[a-zA-Z][.)]\s+)\S")
_QUOTE_MARK: Final = re.compile(r">\s*\S")
_CODE: Final = re.compile(
    r"[;{}]\s*$|^\s*(?:def|class|import|from|return|if|for|while|var|let|const|#include)\b.*[:;({]\s*$|=>|::|\)\s*\{"
)
# A heading inside an article rarely runs to more words than this; longer unpunctuated lines are
# sentences that lost their full stop.
MAX_SUBHEAD_WORDS: Final = 14
MIN_TABLE_CELLS: Final = 3


def content_label(page: Page, line: Line, start: int, end: int) -> Label:
    """The content label of a kept stretch `[start, end)` of a line."""
    if page.dom is not None:
        found = _of_element(page.dom, page.columns.line_of[line.first], is_whole=start == line.start)
        if found is not None:
            return found
    text = page.text[start:end]
    at_line_start = start == line.start
    if at_line_start and _LIST_MARK.match(text[:20]):
        return Label.LIST_ITEM
    if at_line_start and _QUOTE_MARK.match(text[:20]):
        return Label.QUOTE
    if len(text) < 300 and _may_be_code(text) and _CODE.search(text):
        return Label.CODE
    if start == line.start and end == line.end:
        if _is_table_row(page, line):
            return Label.TABLE
        if _is_subhead(page, line):
            return Label.SUBHEAD
    return Label.PARAGRAPH


_BY_ELEMENT: Final = (
    (Structure.CODE, Label.CODE),
    (Structure.CAPTION, Label.CAPTION),
    (Structure.TABLE, Label.TABLE),
    (Structure.ITEM, Label.LIST_ITEM),
    (Structure.QUOTE, Label.QUOTE),
)
_HEADINGS: Final = int(Structure.H1 | Structure.H2 | Structure.H3 | Structure.H4)


def _of_element(dom: Dom, line: int, *, is_whole: bool) -> Label | None:
    """What the page's author made of the line; None for a paragraph, or what only looks like one."""
    flags = int(dom.flags[dom.element[line]])
    if flags & _HEADINGS and is_whole:
        return Label.SUBHEAD
    return next((label for structure, label in _BY_ELEMENT if flags & structure), None)


def _may_be_code(text: str) -> bool:
    """What every match of `_CODE` has, told in a tenth of its time."""
    return text.rstrip()[-1:] in ";{}:(" or "{" in text or "=>" in text or "::" in text


def _is_table_row(page: Page, line: Line) -> bool:
    cells = page.blocks[line.first : line.last + 1]
    return (
        len(cells) >= MIN_TABLE_CELLS
        and all(c.cut is Cut.GAP for c in cells[1:])
        and any(c.digits for c in cells)
    )


def _is_subhead(page: Page, line: Line) -> bool:
    last = page.blocks[line.last]
    if line.words > MAX_SUBHEAD_WORDS or last.ends_sentence or line.prose:
        return False
    following = page.line_of[line.last] + 1
    return following < len(page.lines) and page.lines[following].prose
