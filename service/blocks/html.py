"""HTML -> a plain-text rendering, one line per block element, and what the tree says of each line.

One walk over lexbor's tree, no recursion, linear in the number of nodes. Scripts, styles, form values
and drawings have no text; what is merely hidden (`hidden`, `aria-hidden`, `display:none`, `noscript`)
is rendered and marked, since pages hide their article as often as their menus.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
from selectolax.lexbor import LexborHTMLParser, LexborNode

from service.blocks import head, state
from service.blocks.tame import tame
from service.document import Counts, Dom, Head, Mark, Structure

# No page of the development data has half as many elements, or is half as deep.
MAX_ELEMENTS: Final = 100_000
MAX_DEPTH: Final = 400
# An attribute value longer than this is no list of names.
MAX_NAMES: Final = 300
NAMES_PER_ELEMENT: Final = 12
# A page has one heading of the first level; what runs over more lines holds the page
MAX_HEADINGS: Final = 20
MAX_HEADING_LINES: Final = 6
# Elements that name somebody or a moment; a name has no more characters, nor parts
MAX_NAMED: Final = 5_000
MAX_NAMED_CHARS: Final = 100
MAX_NAMED_PIECES: Final = 12
MAX_NAMED_LINES: Final = 4

_SKIPPED: Final = frozenset((
    "script", "style", "template", "svg", "canvas", "iframe", "object", "embed", "audio", "video", "map",
    "head", "select", "option", "datalist", "textarea", "input", "meta", "link", "base", "param",
    "source", "track", "area", "col", "colgroup", "frame", "frameset", "noembed", "noframes", "progress",
    "meter", "rt", "rp", "applet",
))  # fmt: skip
_BLOCK: Final = frozenset((
    "html", "body", "address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "legend", "li", "main", "menu", "nav", "noscript", "ol", "p", "pre",
    "search", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "caption", "listing",
    "xmp", "plaintext",
))  # fmt: skip
_WRAPPERS: Final = ("p", "div")
_BOLD: Final = ("b", "strong")
# Characters of a cell that may stand on one line with others though its author made a paragraph of it
MAX_CELL: Final = 100
_CELL_END: Final = "\0"


class _Kind(Enum):
    """What an element, or another node, is for the layout of text."""

    TEXT = auto()
    BREAK = auto()
    SKIPPED = auto()
    BLOCK = auto()
    CELL = auto()
    APART = auto()
    """An inline element that is a thing of its own: side by side they are not one word."""
    MATH = auto()
    INLINE = auto()


_KINDS: Final = {
    "-text": _Kind.TEXT, "-comment": _Kind.SKIPPED, "-document": _Kind.SKIPPED, "": _Kind.SKIPPED,
    "br": _Kind.BREAK, "td": _Kind.CELL, "th": _Kind.CELL, "math": _Kind.MATH,
    **dict.fromkeys(("a", "button", "label", "time", "del", "ins"), _Kind.APART),
    **dict.fromkeys(_BLOCK, _Kind.BLOCK), **dict.fromkeys(_SKIPPED, _Kind.SKIPPED),
}  # fmt: skip

_STRUCTURES: Final = {
    "nav": Structure.NAV, "header": Structure.HEADER, "footer": Structure.FOOTER,
    "aside": Structure.ASIDE, "article": Structure.ARTICLE, "main": Structure.MAIN,
    "form": Structure.FORM, "ul": Structure.LIST, "ol": Structure.LIST, "dl": Structure.LIST,
    "table": Structure.TABLE, "blockquote": Structure.QUOTE, "pre": Structure.CODE,
    "figure": Structure.FIGURE, "figcaption": Structure.CAPTION, "caption": Structure.CAPTION,
    "noscript": Structure.NOSCRIPT, "dialog": Structure.DIALOG, "button": Structure.BUTTON,
    "li": Structure.ITEM, "dt": Structure.ITEM, "dd": Structure.ITEM,
    "h1": Structure.H1, "h2": Structure.H2, "h3": Structure.H3, "h4": Structure.H4, "h5": Structure.H4,
    "h6": Structure.H4, "p": Structure.PARAGRAPH,
}  # fmt: skip
_FLAGS: Final = {tag: int(structure) for tag, structure in _STRUCTURES.items()}
_ROLES: Final = {
    "navigation": Structure.NAV, "banner": Structure.HEADER, "contentinfo": Structure.FOOTER,
    "complementary": Structure.ASIDE, "article": Structure.ARTICLE, "main": Structure.MAIN,
    "search": Structure.FORM, "dialog": Structure.DIALOG, "alertdialog": Structure.DIALOG,
    "menu": Structure.NAV, "menubar": Structure.NAV, "button": Structure.BUTTON,
}  # fmt: skip
# The tag of an element says nothing of what its descendants are
_INHERITED: Final = ~int(Structure.H1 | Structure.H2 | Structure.H3 | Structure.H4 | Structure.PARAGRAPH)
_STRIPPED: Final = sorted(_SKIPPED - {"head"} | {"annotation", "annotation-xml"})
_NAMING: Final = {
    "class": "", "id": "", "role": "role ", "itemprop": "prop ", "itemtype": "type ", "rel": "rel ",
    "data-testid": "", "aria-label": "label ",
}  # fmt: skip
"""Attributes that name an element, and what tells their words from others' in the hashes."""
_TOLD: Final = frozenset((*_NAMING, "hidden", "aria-hidden", "style"))
_WRITERS: Final = frozenset(
    crc32(word.encode())
    for word in (
        "author", "username", "bigusername", "postauthor", "poster", "creator", "nickname",
        "prop author", "prop creator", "rel author",
    )
)  # fmt: skip
"""What elements are called that name who wrote something: the words of `service.blocks.bylines`."""
_NAME_OF: Final = frozenset((crc32(b"prop name"),))
"""... and, inside of these, the name without what stands beside it."""
_HIDDEN: Final = int(Structure.HIDDEN)
_HIDDEN_STYLE: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_HEADING: Final = int(Structure.H1 | Structure.H2 | Structure.H3 | Structure.H4)
# Characters of the mark that links to a heading, which generators of manuals put behind it
MAX_MARK: Final = 2
_MARKS: Final = frozenset(("¶", "🔗", "\uf0c1"))
"""Those that are no text wherever they stand: a pilcrow, a link, and a link in the font that icons have."""
_SHADOW: Final = re.compile(r"<template(?=\s[^>]{0,200}shadowroot)", re.IGNORECASE)
"""The root of a shadow tree, which is shown, unlike other templates. As an element that HTML does not know it
ends with the one it stands in; its own end tag then says nothing."""
_BLOCK_STYLE: Final = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)\b", re.IGNORECASE)
_BREAK: Final = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_NAME: Final = re.compile(r"[^\W\d_]+")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_EDIT: Final = crc32(b"editsection")
"""What MediaWiki calls the links behind a heading to change what is below it."""


@dataclass(slots=True)
class _Records:
    """One row an element that can hold lines: block elements and table cells, in document order."""

    parent: list[int] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    names: list[tuple[int, ...]] = field(default_factory=list)
    first_line: list[int] = field(default_factory=list)
    last_line: list[int] = field(default_factory=list)

    def open(self, parent: int, flags: int, names: tuple[int, ...], line: int) -> int:
        """Record an element; its index."""
        if parent >= 0:
            flags |= self.flags[parent] & _INHERITED
        self.parent.append(parent)
        self.flags.append(flags)
        self.names.append(names)
        self.first_line.append(line)
        self.last_line.append(line)
        return len(self.parent) - 1


@dataclass(slots=True)
class _Writer:
    """Collects the text of inline elements until a block begins or ends; then it is a line."""

    text: list[str] = field(default_factory=list)
    """Lines and the line breaks between them."""
    element: list[int] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    linked: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    inline: list[tuple[int, ...]] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    bold_now: bool = True
    linked_now: int = 0
    links_now: int = 0
    names_now: list[int] = field(default_factory=list)
    seam: bool = False
    """Whether the last thing was the end of an element that is a thing of its own."""
    last: int = -1
    """Element of the last line written."""

    def add(self, text: str, *, linked: bool, bold: bool = False) -> None:
        """Text of the line."""
        self.pieces.append(text)
        self.bold_now = self.bold_now and (bold or text.isspace())
        self.seam = False
        if linked:
            self.linked_now += len(text)

    def space(self) -> None:
        """A space, where an element that is a thing of its own directly follows another."""
        if self.seam:
            self.pieces.append(" ")
            self.seam = False

    def flush(self, element: int, *, keep_spaces: bool = False) -> None:
        """End the line: it belongs to `element`. Preformatted text is as many lines as it has breaks."""
        self.seam = False
        if not self.pieces:
            self.links_now = 0
            self.bold_now = True
            self.names_now.clear()
            return
        joined = "".join(self.pieces)
        self.pieces.clear()
        if keep_spaces:
            lines = [line.rstrip() for line in _BREAK.split(joined)]
        elif _CELL_END in joined:  # a tab stands between the cells of a row, and nowhere else
            # an empty one before others keeps its place: the next is no answer to the heading before
            lines = ["\t".join(" ".join(cell.split()) for cell in joined.split(_CELL_END)).rstrip("\t")]
        else:
            lines = [" ".join(joined.split())]
        opening = True
        for line in lines:
            if line:
                self._write(line, element, apart=opening and element != self.last)
                opening = False
            elif not opening:
                self.text.append("\n")
        self.linked_now = self.links_now = 0
        self.bold_now = True
        self.names_now.clear()

    def _write(self, line: str, element: int, *, apart: bool) -> None:
        self.text.append("\n\n" if apart else "\n")
        self.text.append(line)
        self.element.append(element)
        self.bold.append(self.bold_now)
        self.linked.append(min(self.linked_now, len(line)))
        self.links.append(self.links_now)
        self.inline.append(tuple(self.names_now))
        self.last = element


class _Opened(NamedTuple):
    """A mark whose element has not ended: where the walk and the writer were when it began."""

    depth: int
    row: int
    line: int
    piece: int
    moment: str | None


_Open = tuple[LexborNode, int, _Kind, int, bool]
"""An element on the path from the root to where the walk is, and how things were outside it.

Its node; the row of its own record, -1 for an inline element; its kind; the row of the record that text
outside it belongs to; whether that is preformatted.
"""


def render(html: str, url: str | None = None) -> tuple[str, Dom]:
    """The page's text, laid out by block elements, and the tree's word on each line that isn't blank.

    `url`: where it was fetched, from which its relative addresses are seen.
    """
    tamed = _SHADOW.sub("<shadow-root", tame(html)) if "shadowroot" in html else tame(html)
    tree = LexborHTMLParser(tamed)
    about = head.read(tree, url)
    walk = _Walk()
    if tree.body is not None:
        tree.strip_tags(_STRIPPED)
        walk.through(tree.body)
        if sum(map(len, walk.writer.text)) < state.SHELL_CHARS:
            walk.add(state.text(tamed))
    about = replace(about, headings=_headings(walk))
    return "".join(walk.writer.text).strip("\n"), _dom(walk, about)


class _Walk:
    """Depth first, with a path of its own instead of recursion."""

    def __init__(self) -> None:
        self.writer, self.records = _Writer(), _Records()
        self.known: dict[tuple[object, ...], tuple[int, tuple[int, ...]]] = {}
        self.path: list[_Open] = []
        self.owner, self.links, self.bold, self.preformatted = -1, 0, 0, False
        self.marks: list[Mark] = []
        self.opened: list[_Opened] = []

    def through(self, body: LexborNode) -> None:
        """Walk an element and all below it."""
        node: LexborNode | None = body
        while node is not None or self.path:
            if node is None:
                node = self._leave()
                continue
            tag = node.tag or ""
            kind = _KINDS.get(tag) or (_Kind.APART if "-" in tag else _Kind.INLINE)
            if kind is _Kind.TEXT:
                self.writer.add(node.text_content or "", linked=self.links > 0, bold=self.bold > 0)
            elif kind is _Kind.BREAK:
                self._break()
            elif kind is _Kind.MATH:
                written = node.attributes.get("alttext") or node.text(deep=True, separator=" ")
                self.writer.add(written, linked=self.links > 0)
            elif kind is not _Kind.SKIPPED:
                node = self._enter(node, kind)
                continue
            node = node.next
        self.writer.flush(self.owner)

    def add(self, texts: Sequence[str]) -> None:
        """Texts that the page holds for its program, each as if it stood in the page's article."""
        for each in texts:
            row = self.records.open(
                0, int(Structure.ARTICLE), (_tag_name("article"),), len(self.writer.element)
            )
            inner = LexborHTMLParser(tame(each)) if state.is_markup(each) else None
            if inner is not None and inner.body is not None:
                inner.strip_tags(_STRIPPED)
                self.owner = row
                self.through(inner.body)
            else:
                for line in each.split("\n"):
                    self.writer.add(line, linked=False)
                    self.writer.flush(row)
            self.records.last_line[row] = self.records.last_line[0] = len(self.writer.element)
            self.owner = -1

    def _break(self) -> None:
        if self.preformatted:
            self.writer.add("\n", linked=False)
        else:
            self.writer.flush(self.owner)

    def _enter(self, node: LexborNode, kind: _Kind) -> LexborNode | None:
        """Its first child, None to leave it at once, or what follows it if it is no text of the page's."""
        writer, records = self.writer, self.records
        tag = node.tag or ""
        row = -1
        attributes = node.attributes
        own, names = self._told(tag, attributes)
        is_edit = kind is _Kind.INLINE and _EDIT in names
        if is_edit or (tag == "a" and self._is_permalink(node, attributes)):
            return node.next
        if kind is _Kind.INLINE and _BLOCK_STYLE.search(attributes.get("style") or ""):
            kind = _Kind.BLOCK
        if tag in _WRAPPERS and self.path and self.path[-1][2] is _Kind.CELL and _is_all_of_its_cell(node):
            kind = _Kind.INLINE
        if kind is _Kind.BLOCK or kind is _Kind.CELL:
            if kind is _Kind.BLOCK:
                writer.flush(self.owner, keep_spaces=self.preformatted)
            row = records.open(self.owner, own, (_tag_name(tag), *names), len(writer.element))
        else:
            writer.names_now += names
            if kind is _Kind.APART:
                writer.space()
                self.links += tag == "a"
                writer.links_now += tag == "a"
        self.bold += tag in _BOLD
        self.path.append((node, row, kind, self.owner, self.preformatted))
        if tag == "time" or (names and self._names_somebody(names)):
            self._open_mark(row, attributes.get("datetime") or "" if tag == "time" else None)
        if row >= 0:
            self.owner = row
            self.preformatted = self.preformatted or tag == "pre"
        if len(self.path) < MAX_DEPTH and len(records.parent) < MAX_ELEMENTS:
            return node.first_child
        # deeper or larger than any page: what lies below is one stretch of text
        writer.add(node.text(deep=True, separator=" "), linked=self.links > 0)
        return None

    def _is_permalink(self, node: LexborNode, attributes: Mapping[str, str | None]) -> bool:
        """Whether a link is the mark that a heading, or what a manual defines, is linked to by."""
        if not (attributes.get("href") or "").startswith("#"):
            return False
        text = node.text(deep=True).strip()
        in_heading = self.owner >= 0 and bool(self.records.flags[self.owner] & _HEADING)
        is_mark = 0 < len(text) <= MAX_MARK and not any(map(str.isalnum, text))
        return text in _MARKS or (in_heading and is_mark)

    def _leave(self) -> LexborNode | None:
        """What comes after the element that ends here, or None when its parent ends as well."""
        if self.opened and self.opened[-1].depth == len(self.path):
            self._mark(self.opened.pop())
        node, row, kind, owner, preformatted = self.path.pop()
        self.bold -= node.tag in _BOLD
        if row >= 0:
            if kind is _Kind.CELL:
                # what ended with a block of its own is followed by no other cell on its line
                if self.writer.pieces or self.records.first_line[row] == len(self.writer.element):
                    self.writer.pieces.append(_CELL_END)
            else:
                self.writer.flush(self.owner, keep_spaces=self.preformatted)
            self.records.last_line[row] = len(self.writer.element)
        elif kind is _Kind.APART:
            self.links -= node.tag == "a"
            self.writer.seam = True
        self.owner, self.preformatted = owner, preformatted
        return node.next if self.path else None

    def _names_somebody(self, names: tuple[int, ...]) -> bool:
        if not _WRITERS.isdisjoint(names):
            return True
        return bool(self.opened) and not _NAME_OF.isdisjoint(names)

    def _open_mark(self, row: int, moment: str | None) -> None:
        if moment is not None:
            moment = moment[:MAX_NAMED_CHARS]
        owner = self.owner if row < 0 else row
        line, piece = len(self.writer.element), len(self.writer.pieces)
        self.opened.append(_Opened(len(self.path), owner, line, piece, moment))

    def _mark(self, mark: _Opened) -> None:
        """What a mark shows, where that is little: on the line it began on, or the first of its own lines."""
        writer = self.writer
        text = ""
        written = len(writer.element) - mark.line
        if written == 0 and len(writer.pieces) - mark.piece <= MAX_NAMED_PIECES:
            pieces = writer.pieces[mark.piece :]
            text = "".join(pieces) if sum(map(len, pieces)) <= 2 * MAX_NAMED_CHARS else ""
        elif 0 < written <= MAX_NAMED_LINES:
            lines = [line for line in writer.text[-4 * MAX_NAMED_LINES :] if not line.isspace()]
            text = lines[-written] if written <= len(lines) else ""
        if 0 < len(text) <= 2 * MAX_NAMED_CHARS and len(self.marks) < MAX_NAMED:
            text = " ".join(text.replace(_CELL_END, " ").split())
            if 0 < len(text) <= MAX_NAMED_CHARS:
                self.marks.append(Mark(mark.row, mark.line, text, mark.moment))

    def _told(self, tag: str, attributes: Mapping[str, str | None]) -> tuple[int, tuple[int, ...]]:
        """Flags and hashed names of an element; pages repeat their elements, so they are kept."""
        said = [one for one in attributes.items() if one[0] in _TOLD] if attributes else []
        if not said:
            return _FLAGS.get(tag, 0), ()
        key = (tag, *said)
        if (found := self.known.get(key)) is None:
            given = dict(said)
            found = self.known[key] = _flags(tag, given), _names(given)
        return found


def _is_all_of_its_cell(node: LexborNode) -> bool:
    """Whether a table's cell holds nothing but this element, which is a few words and no layout."""
    for forward in (False, True):
        other = node.next if forward else node.prev
        while other is not None:
            if other.tag != "-text" or (other.text_content or "").strip():
                return False
            other = other.next if forward else other.prev
    child = node.first_child
    while child is not None:
        if _KINDS.get(child.tag or "", _Kind.INLINE) in (_Kind.BLOCK, _Kind.BREAK, _Kind.CELL):
            return False
        child = child.next
    return len(node.text(deep=True)) <= MAX_CELL


@lru_cache(maxsize=512)
def _tag_name(tag: str) -> int:
    return crc32(f"<{tag}".encode())


def _flags(tag: str, attributes: Mapping[str, str | None]) -> int:
    flags = _FLAGS.get(tag, 0)
    role = attributes.get("role")
    if role:
        flags |= int(_ROLES.get(role, 0))
    style = attributes.get("style")
    if (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or (style and _HIDDEN_STYLE.search(style))
    ):
        flags |= _HIDDEN
    return flags


def _names(attributes: Mapping[str, str | None]) -> tuple[int, ...]:
    """Hashes of the words in what authors call an element: classes, id, role, schema.org's terms."""
    words: list[int] = []
    for name, kind in _NAMING.items():
        if value := attributes.get(name):
            words += _hashes(kind, value[:MAX_NAMES])
    return tuple(dict.fromkeys(words))[:NAMES_PER_ELEMENT]


@lru_cache(maxsize=8192)
def _hashes(kind: str, value: str) -> tuple[int, ...]:
    """Of each word in the value of an attribute; pages of one site share most of them."""
    words = _NAME.findall(value if value.islower() else _HUMP.sub(" ", value))
    return tuple([crc32((kind + w.lower()).encode("utf-8", "replace")) for w in words if len(w) > 1])


def _headings(walk: _Walk) -> tuple[tuple[str, ...], ...]:
    """The lines of each first-level heading."""
    records = walk.records
    rows = [i for i, flags in enumerate(records.flags) if flags & int(Structure.H1)]
    if not rows:
        return ()
    lines = [text for text in walk.writer.text if text.strip("\n")]
    spans = ((records.first_line[row], records.last_line[row]) for row in rows)
    found = (tuple(lines[first:last][:MAX_HEADING_LINES]) for first, last in spans)
    return tuple(islice(filter(None, found), MAX_HEADINGS))


def _dom(walk: _Walk, about: Head) -> Dom:
    writer, records = walk.writer, walk.records

    def column(values: list[int]) -> Counts:
        return np.array(values, dtype=np.int32)

    return Dom(
        element=column(writer.element),
        bold=tuple(writer.bold),
        linked=column(writer.linked),
        links=column(writer.links),
        inline=tuple(writer.inline),
        parent=column(records.parent),
        flags=column(records.flags),
        names=tuple(records.names),
        first_line=column(records.first_line),
        last_line=column(records.last_line),
        head=about,
        marks=tuple(walk.marks),
    )
