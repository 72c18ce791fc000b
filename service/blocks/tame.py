"""HTML -> HTML that a parser gets through in linear time.

The standard's tree construction looks through all open elements at many a tag, and lexbor compares each
attribute of a tag with all before it: both are quadratic in what a hostile page has too much of. Pages
of real sites pass untouched. What still takes too long is stopped by the caller's deadline.
"""

import re
from collections import defaultdict
from itertools import islice
from typing import Final

# The largest development page has 48,000 tags, nested 60 deep; the longest tag has 90 attributes.
MANY_TAGS: Final = 10_000
MAX_DEPTH: Final = 500
MAX_FORMATTING: Final = 60
MAX_ATTRIBUTES: Final = 1_000
MAX_OPTIONS: Final = 3_000
# Characters of all `<html>` and `<body>`: a second one adds its attributes to those of the first.
MAX_ROOTS: Final = 20_000

# As the standard reads tags: `/` parts attributes, a quoted value ends one, and values may hold `<` and `>`.
_ATTRIBUTE: Final = r"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])[^\s>]*+))?+"
_END: Final = rf"(?:{_ATTRIBUTE})*+[\s/]*+>"
# Behind the last `>` no tag ends; before it each `<` with a letter begins one, and no scan ends in vain.
_SOUND: Final = re.compile(
    rf"(?:[^<]++|</?[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+[\s/]*+>|<(?!/?[a-zA-Z]))*+"
)
# Comments, and what is read as one; then what holds no tags either, unless in a drawing or a menu; then tags.
_COMMENT: Final = (
    r"<!--(?:-?>|(?:[^-]++|-(?!-!?>))*+(?:--!?>)?)"
    r"|<!(?!--|\[CDATA\[)[^>]*+>|<\?[^>]*+>|</(?![a-zA-Z])[^>]*+>"
)
_RAW: Final = r"(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[\s/>])"
_WITHIN: Final = r"(?:[^<]++|<!--(?:[^-]++|-(?!->))*+|<(?!/(?P=raw)[\s/>]))*+"
_APART: Final = rf"<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+|<{_RAW}{_END}{_WITHIN}"
_TOKEN: Final = re.compile(
    rf"{_COMMENT}|(?P<apart>{_APART})|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+){_END}", re.IGNORECASE
)
_PLAIN_TAG: Final = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)")
_EACH_ATTRIBUTE: Final = re.compile(_ATTRIBUTE)
_OPTION: Final = re.compile(r"<option\b[^>]*>[^<]*(?:</option>)?", re.IGNORECASE)
_OPENS_OPTION: Final = re.compile(r"<option\b", re.IGNORECASE)
_ROOT: Final = re.compile(rf"<(?:html|body)(?=[\s/>]){_END}", re.IGNORECASE)

_VOID: Final = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "html", "head", "body",
))  # fmt: skip
# These end where the next of their like begins, or a block around them ends: they nest only with others
_FLAT: Final = frozenset((
    "p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option",
))  # fmt: skip
# An end tag of theirs ends whatever is open inside, up to a wall
_BLOCKS: Final = frozenset((
    "address", "article", "aside", "blockquote", "button", "center", "details", "dialog", "dir", "div", "dl",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "listing", "main", "menu", "nav", "ol", "pre", "search", "section", "summary", "ul",
))  # fmt: skip
_WALLS: Final = frozenset(("table", "template", "applet", "caption", "marquee", "object", "select"))
# End tags of other elements end nothing across one of these
_SPECIAL: Final = _BLOCKS | _WALLS | _FLAT - {"option"}
_DRAWINGS: Final = frozenset(("svg", "g", "defs", "symbol", "mask", "pattern", "filter", "marker", "switch",
    "clippath", "lineargradient", "radialgradient", "text", "tspan"))  # fmt: skip
_FORMATTING: Final = frozenset((
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
))  # fmt: skip


def tame(html: str) -> str:
    """The page, less tags nested beyond `MAX_DEPTH`, attributes of tags with too many, endless choices."""
    tags = html.count("<")
    end = html.rfind(">") + 1  # behind it no tag is closed, and each would be looked for to the end
    closed, rest = html[:end], html[end:]
    sound = _SOUND.match(closed)
    if sound is None or sound.end() < end:
        closed = _TOKEN.sub(_few_attributes, closed)
    roots = _ROOT.finditer(closed)
    if sum(len(root[0]) for root in roots) > MAX_ROOTS:
        closed = _ROOT.sub("", closed)
    if tags > MAX_OPTIONS and next(islice(_OPENS_OPTION.finditer(closed), MAX_OPTIONS, None), None):
        closed = _OPTION.sub("", closed)
    return (_Shallow().page(closed) if tags > MANY_TAGS else closed) + rest


def _few_attributes(tag: re.Match[str]) -> str:
    """A tag, without its attributes where they are too many."""
    name = tag["name"]
    if name is None or len(tag[0]) <= 2 * MAX_ATTRIBUTES:
        return tag[0]
    inside = tag[0][tag.end("name") - tag.start() :]
    many = next(islice(_EACH_ATTRIBUTE.finditer(inside), MAX_ATTRIBUTES, None), None) is not None
    return f"<{tag['close']}{name}>" if many else tag[0]


class _Shallow:
    """The open elements of a page, never fewer than a parser has: what is in doubt stays open."""

    def __init__(self) -> None:
        self.open: list[tuple[str, bool]] = []
        """Name, and whether it stands in a drawing."""
        self.places: dict[str, list[int]] = defaultdict(list)
        """Of each name, where among the open ones; of those that bar an end tag likewise."""
        self.special: list[int] = []
        self.walls: list[int] = []
        self.depth = self.unsure = 0
        self.formatting: dict[str, int] = defaultdict(int)
        self.formats = 0

    def page(self, html: str) -> str:
        """The page less the tags that are too deep."""
        return _TOKEN.sub(self._token, html)

    def _token(self, token: re.Match[str]) -> str:
        if token["name"] is None:
            return token[0] if token["apart"] is None or self._holds_few(token["apart"]) else " "
        name = token["name"].lower()
        if name in _VOID:
            return token[0]
        if token["close"]:
            self._close(name)
            return token[0]
        if token[0].endswith("/>") and self.open and self.open[-1][1]:
            return token[0]
        if name in _FLAT and self.open and self.open[-1][0] == name:
            self._cut(len(self.open) - 1)
        if self.depth >= MAX_DEPTH or (name in _FORMATTING and self.formats >= MAX_FORMATTING):
            return " "
        self._open(name)
        return token[0]

    def _holds_few(self, apart: str) -> bool:
        """Whether little stays open if this should be tags after all."""
        steps = (0 if tag[2].lower() in _VOID else -1 if tag[1] else 1 for tag in _PLAIN_TAG.finditer(apart))
        more = max(0, sum(steps) - 1)  # the tag it begins with is ended behind it
        self.unsure += more
        return more == 0 or self.unsure <= MAX_DEPTH

    def _open(self, name: str) -> None:
        place = len(self.open)
        drawn = name == "svg" or (bool(self.open) and self.open[-1][1] and name in _DRAWINGS)
        self.open.append((name, drawn))
        self.places[name].append(place)
        if name in _SPECIAL:
            self.special.append(place)
        if name in _WALLS:
            self.walls.append(place)
        if name in _FORMATTING:
            self.formatting[name] += 1
            self.formats += 1
        self.depth += name not in _FLAT

    def _close(self, name: str) -> None:
        places = self.places.get(name)
        if name in _FORMATTING and self.formatting[name]:
            self.formatting[name] -= 1
            self.formats -= 1
        if not places:
            return
        bars = self.walls if name in _BLOCKS or name in _WALLS else self.special
        if not bars or bars[-1] <= places[-1]:
            self._cut(places[-1])

    def _cut(self, place: int) -> None:
        """End what is open from a place on."""
        while len(self.open) > place:
            name, _ = self.open.pop()
            self.places[name].pop()
            for bars in (self.special, self.walls):
                if bars and bars[-1] == len(self.open):
                    bars.pop()
            self.depth -= name not in _FLAT
