"""HTML tree -> when, as the page shows it: `time` elements by what they date, and what is marked as a date.

A page has dates of its comments, of its neighbours, of today in its mast, and of what it tells of. What
counts is where a date stands, and what it is called. What is found is raw, judged by `service.metadata.days`.
"""

from collections.abc import Iterator
from enum import Enum, auto
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from service.blocks.bylines import MAX_DEPTH, MAX_TEXT, is_aside, is_comment, marked, text_of
from service.detector import phrases
from service.document import Times
from service.folding import fold
from service.stops import STOPS

MAX_TIMES: Final = 40
# Siblings between a moment and the word that says what it is
MAX_BETWEEN: Final = 3
# A paragraph of so many characters is running text; so is a shorter one that ends like a sentence.
PROSE: Final = 140
_DATES: Final = (
    '[itemprop~="datePublished"], [itemprop~="dateCreated"]',
    '[property$="datePublished"], [property$="dateCreated"]',
    ".dt-published, .published, .date-published, .entry-date, .post-date, .article-date, .publish-date",
    ".article__date, .date-header, .pubdate, .posted-on, .created",
    ".date, .datum, .fecha, .time, .timestamp, .datetime, #date, [class*=date], [class*=Date]",
    ".byline, .meta, .entry-meta, .post-meta, .article-meta, .postmetadata, .post-info, .submitted",
)
_MODIFIED: Final = '[itemprop~="dateModified"], time.modified, .dt-updated, abbr.updated'
_MACHINE: Final = ("content", "datetime", "title")
"""Attributes that hold a date for machines."""
_NAMING: Final = ("class", "itemprop")
_CHANGED: Final = ("updat", "modifi")
_FIRST: Final = ("publi", "created", "posted", "entry-date", "post-date")
_INLINE: Final = frozenset(("a", "b", "em", "i", "small", "span", "strong"))
_TEXTS: Final = frozenset(("p", "blockquote", "li", "dd"))
_ENDS: Final = tuple(STOPS)


class _Owner(Enum):
    """What a moment stands in."""

    ARTICLE = auto()
    ENDING = auto()
    """The article's own foot, or a box in it."""
    OTHERS = auto()
    """Comments, menus, neighbours, the site's mast and foot."""


def dates(tree: LexborHTMLParser) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Texts that may date the page, the surest marks first; texts marked as the day of a change."""
    first: list[str] = []
    changed: list[str] = []
    for selector in (*_DATES, _MODIFIED):
        for node in marked(tree, selector):
            (changed if _is_change(node) else first).extend(_said(node))
    return tuple(first), tuple(changed)


def _said(node: LexborNode) -> Iterator[str]:
    for text in (*map(node.attributes.get, _MACHINE), text_of(node)):
        if text and len(text) <= MAX_TEXT and any(c.isdigit() for c in text):
            yield " ".join(text.split())


def times(tree: LexborHTMLParser) -> Times:
    """Moments of the `time` elements, sorted by what they date."""
    first: list[str] = []
    above: list[str] = []
    near: list[str] = []
    late: list[str] = []
    told: list[str] = []
    changed: list[str] = []
    headed = begun = False
    left = MAX_TIMES
    for node in tree.css("h1, p, time[datetime]"):  # in document order
        if node.tag == "h1":
            headed = True
        elif node.tag == "p":
            begun = begun or (len(node.text()) >= PROSE and not is_aside(node))
        elif left:
            left -= 1
            owner = _ownership(node)
            if owner is _Owner.OTHERS:
                continue
            if "pubdate" in node.attributes or _is_publication(node):
                kind = first
            elif _is_change(node) or _follows_change(node):
                kind = changed
            elif _in_prose(node):
                kind = told
            else:
                kind = late if begun or owner is _Owner.ENDING else near if headed else above
            kind.append((node.attributes.get("datetime") or "").strip()[:100])
    return Times((*first, *near, *above), tuple(changed), tuple(late), tuple(told))


def _names(node: LexborNode) -> str:
    return " ".join(node.attributes.get(name) or "" for name in _NAMING).lower()


def _is_publication(node: LexborNode) -> bool:
    return any(mark in _names(node) for mark in _FIRST)


def _is_change(node: LexborNode) -> bool:
    """Whether an element is marked as the day of a change, and as nothing else."""
    named = _names(node)
    return any(mark in named for mark in _CHANGED) and not any(mark in named for mark in _FIRST)


def _follows_change(node: LexborNode) -> bool:
    """Whether "Updated", or its like in another language, stands before the moment or opens its text."""
    if opens_change(text_of(node)):
        return True
    before = node.prev
    for _ in range(MAX_BETWEEN):
        if before is None:
            return False
        said = before.text().strip()
        if said:
            return ends_change(said[-MAX_TEXT:])
        before = before.prev
    return False


def opens_change(text: str) -> bool:
    """Whether a text opens with a word of change."""
    folded = fold(text[:MAX_TEXT])
    return any(
        folded.startswith(word) and not folded[len(word) : len(word) + 1].isalpha()
        for word in phrases("dateline", "updated")
    )


def ends_change(text: str) -> bool:
    """Whether a text ends in a word of change: what follows is no day of publication."""
    folded = fold(text).rstrip(" :-|,(")
    return any(
        folded.endswith(word) and not folded[: -len(word)][-1:].isalpha()
        for word in phrases("dateline", "updated")
    )


def _ownership(node: LexborNode) -> _Owner:
    """Whose moment it is, by the elements around it."""
    mast, beside = None, False
    for _ in range(MAX_DEPTH):
        parent = node.parent
        if parent is None or parent.tag in ("body", "html"):
            break
        node = parent
        if is_comment(node) or node.tag == "nav":
            return _Owner.OTHERS
        if node.tag in ("article", "main"):
            return _Owner.ENDING if beside else _Owner.ARTICLE
        if node.tag == "header":
            mast = node
        beside = beside or node.tag in ("aside", "footer")
    if beside or (mast is not None and mast.css_first("h1") is None):
        return _Owner.OTHERS
    return _Owner.ARTICLE


def _in_prose(node: LexborNode) -> bool:
    """Whether it is a word of a sentence."""
    around = node.parent
    while around is not None and around.tag in _INLINE:
        around = around.parent
    if around is None or around.tag not in _TEXTS:
        return False
    said = text_of(around)
    return len(said) >= PROSE or (said.endswith(_ENDS) and not said.endswith(text_of(node)))
