"""Where lines of an HTML page stand in its tree: what holds them, and whether a table is one."""

from collections import Counter
from collections.abc import Iterator
from typing import Final
from zlib import crc32

import numpy as np

from service.blocks.linked import FORUMS, types
from service.document import Counts, Dom, Page, Structure, once_a_page

# Fewer rows are no table, and where most lines are no rows, the table is there for the layout
MIN_ROWS: Final = 2
# A line of verse has no more; in scripts without spaces each character counts as a word
STANZA_WORDS: Final = 16

_PARAGRAPH: Final = int(Structure.PARAGRAPH)

# How `service.blocks.html` names elements by their tags
_TABLE_TAG: Final = crc32(b"<table")
_ROW_TAG: Final = crc32(b"<tr")
# ... and by the words of their classes and ids. A whole page may be said to have comments, or to be a forum's
_COMMENTS: Final = frozenset(map(crc32, (b"comment", b"comments", b"commentlist", b"disqus")))
_FORUM: Final = frozenset(map(crc32, (b"forum", b"forums", b"type forum", b"type question")))
_SINGLE: Final = {crc32(b"single"), crc32(b"product")}
_WHOLE: Final = frozenset((crc32(b"<html"), crc32(b"<body")))


@once_a_page
def line_flags(page: Page) -> Counts:
    """For each line what its element is or lies in, as `Structure`; empty for a page that is no HTML."""
    if page.dom is None:
        return np.zeros(0, dtype=np.int32)
    # of a page of very many lines those at the end are one: there are more rows than lines
    return page.dom.flags[page.dom.element[: len(page.lines)]]


@once_a_page
def code_of(page: Page) -> tuple[int, ...]:
    """For each recorded element the outermost one of its code; -1 outside of code."""
    return _outermost(page.dom, Structure.CODE)


@once_a_page
def list_of(page: Page) -> tuple[int, ...]:
    """For each recorded element the outermost list around it; -1 outside of lists."""
    return _outermost(page.dom, Structure.LIST)


@once_a_page
def quote_of(page: Page) -> tuple[int, ...]:
    """For each recorded element the outermost quote around it; -1 outside of quotes."""
    return _outermost(page.dom, Structure.QUOTE)


@once_a_page
def table_of(page: Page) -> tuple[int, ...]:
    """For each recorded element the innermost table around it; -1 outside of tables."""
    if page.dom is None:
        return ()
    found: list[int] = []
    for row, (up, names) in enumerate(zip(page.dom.parent.tolist(), page.dom.names, strict=True)):
        is_table = bool(names) and names[0] == _TABLE_TAG
        found.append(row if is_table else found[up] if up >= 0 else -1)
    return tuple(found)


@once_a_page
def commented(page: Page) -> tuple[bool, ...]:
    """For each line whether it stands in an element that its author calls comments; not on a forum's page."""
    if page.dom is None:
        return ()
    found: list[bool] = []
    for up, names in zip(page.dom.parent.tolist(), page.dom.names, strict=True):
        if not _FORUM.isdisjoint(names):
            return ()
        own = not _COMMENTS.isdisjoint(names) and _WHOLE.isdisjoint(names)
        found.append(own or (up >= 0 and found[up]))
    return tuple([found[row] for row in page.dom.element[: len(page.lines)].tolist()])


def asks(page: Page) -> bool:
    """Whether its own marks say that people wrote the page for each other: a forum's, or of questions.

    The questions of a list that a site made itself are no such.
    """
    if page.dom is None:
        return False
    about = page.dom.head
    declared = set(about.marked).union(*map(types, about.items))
    return "FAQPage" not in declared and bool(declared & FORUMS)


@once_a_page
def stanza_of(page: Page) -> tuple[int, ...]:
    """For each recorded element itself where it is a `p` of several short lines; -1 for any other."""
    if page.dom is None:
        return ()
    dom, last = page.dom, len(page.lines)
    found = [-1] * len(dom.names)
    for row in np.flatnonzero(dom.flags & _PARAGRAPH).tolist():
        lines = page.lines[int(dom.first_line[row]) : min(int(dom.last_line[row]), last)]
        if len(lines) > 1 and all(line.words <= STANZA_WORDS and not line.prose for line in lines):
            found[row] = row
    return tuple(found)


def is_of_product(page: Page) -> bool:
    """Whether the page's body says, as shop software writes it, that it is a single product's."""
    return page.dom is not None and any(names.issuperset(_SINGLE) for names in map(set, page.dom.names[:1]))


def is_paragraph(page: Page, index: int) -> bool:
    """Whether a line is all there is in a `p`: its author says that it is a paragraph."""
    if page.dom is None:
        return False
    row = page.dom.element[index]
    alone = page.dom.last_line[row] - page.dom.first_line[row] == 1
    return bool(page.dom.flags[row] & _PARAGRAPH) and bool(alone)


def is_table_row(page: Page, index: int) -> bool:
    """Whether a line is a row of a table, not text that a table gives its place.

    In a table of rows a row may hold one cell, such as the name of those below, but no paragraph.
    """
    if page.dom is None:
        return False
    element = page.dom.element[index]
    if table_of(page)[element] not in data_tables(page):
        return False
    whole = page.dom.names[element][:1] == (_ROW_TAG,)
    return index in _rows(page) or (whole and not page.lines[index].prose)


@once_a_page
def data_tables(page: Page) -> frozenset[int]:
    """The tables that hold rows of several cells; others only lay out the page.

    A row of running text is no sign of a table: so stands a menu beside an article.
    """
    rows: Counter[int] = Counter()
    lines: Counter[int] = Counter()
    for index, table in _in_tables(page):
        lines[table] += 1
        rows[table] += index in _rows(page) and not page.lines[index].prose
    return frozenset(table for table, n in rows.items() if n >= MIN_ROWS and 2 * n > lines[table])


@once_a_page
def _rows(page: Page) -> frozenset[int]:
    """The lines in tables that hold several cells: a tab stands between these, or behind an empty one."""
    lines = ((index, page.lines[index]) for index, _ in _in_tables(page))
    return frozenset(
        index for index, line in lines if page.text.find("\t", max(line.start - 1, 0), line.end) >= 0
    )


def _in_tables(page: Page) -> Iterator[tuple[int, int]]:
    """Each line that stands in a table, and the table."""
    if page.dom is None:
        return
    element, table = page.dom.element, table_of(page)
    for index in np.flatnonzero(line_flags(page) & int(Structure.TABLE)).tolist():
        yield index, table[element[index]]


def _outermost(dom: Dom | None, structure: Structure) -> tuple[int, ...]:
    if dom is None:
        return ()
    wanted = int(structure)  # a flag of an enum costs ten times what a number does
    found: list[int] = []
    for row, (up, flags) in enumerate(zip(dom.parent.tolist(), dom.flags.tolist(), strict=True)):
        outer = found[up] if up >= 0 else -1
        found.append(outer if outer >= 0 else row if flags & wanted else -1)
    return tuple(found)
