"""What form a kept line of the article has: paragraph, subhead, list item, quote, table row, code."""

import re
from typing import Final

from schemas.labels import Label
from service import titles, tree
from service.document import Cut, Line, Page, Structure, once_a_page

_LIST_MARK: Final = re.compile(r"(?:[•·▪■●►▶‣◦○*+–—-]\s+|\(?\d{1,3}[.)]\s+|\(?[a-zA-Z][.)]\s+)\S")
# What no sentence begins with, as one does with a dash or a year
_BULLET: Final = re.compile(r"[•·▪■●►▶‣◦○]\s+\S")
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
        found = _of_element(page, page.line_of[line.first], is_whole=start == line.start)
        if found is not None:
            return found
    text = page.text[start:end]
    at_line_start = start == line.start
    if at_line_start:
        is_marked_up = tree.is_paragraph(page, page.line_of[line.first])
        if (_BULLET if is_marked_up else _LIST_MARK).match(text[:20]):
            return Label.LIST_ITEM
        if not is_marked_up and _QUOTE_MARK.match(text[:20]):
            return Label.QUOTE
    if len(text) < 300 and _may_be_code(text) and _CODE.search(text):
        return Label.CODE
    if start == line.start and end == line.end:
        if _is_table_row(page, line) and not (page.html and line.prose):
            return Label.TABLE
        if _is_subhead(page, line):
            return Label.SUBHEAD
    return Label.PARAGRAPH


_TABLE: Final = int(Structure.TABLE)
_BY_ELEMENT: Final = (
    (int(Structure.CODE), Label.CODE),
    (int(Structure.CAPTION), Label.CAPTION),
    (_TABLE, Label.TABLE),
    (int(Structure.ITEM), Label.LIST_ITEM),
    (int(Structure.QUOTE), Label.QUOTE),
)
_SUBHEADS: Final = int(Structure.H2 | Structure.H3 | Structure.H4)
_HEADINGS: Final = int(Structure.H1 | Structure.H2 | Structure.H3 | Structure.H4)


def _of_element(page: Page, index: int, *, is_whole: bool) -> Label | None:
    """What the page's author made of a line; None for a paragraph, or what only looks like one."""
    if page.dom is None:
        return None
    flags = int(page.dom.flags[page.dom.element[index]])
    if flags & _HEADINGS and is_whole:
        return Label.SUBHEAD
    if flags & _TABLE and not tree.is_table_row(page, index):
        flags &= ~_TABLE
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
    if page.dom is not None and _has_headings(page) and not page.dom.bold[page.line_of[line.first]]:
        return False
    last = page.blocks[line.last]
    if line.words > MAX_SUBHEAD_WORDS or last.ends_sentence or line.prose:
        return False
    index = page.line_of[line.last]
    if index + 1 == len(page.lines) or not page.lines[index + 1].prose:
        return False
    # a short line right above and a blank line below: the end of a stanza or an address heads nothing
    is_end = index > 0 and not line.blanks and not page.lines[index - 1].prose
    return not (is_end and page.lines[index + 1].blanks)


@once_a_page
def _has_headings(page: Page) -> bool:
    """Whether the author of an HTML page has marked its subheads up: then no other line is guessed to be one.

    On the development pages that do, a guess is a date, a name or a button as often as it is of the text,
    and what it is then leads in a list.
    """
    main = titles.main_text(page)
    flags = tree.line_flags(page)
    return bool(main) and bool((flags[main.first : main.last + 1] & _SUBHEADS).any())
