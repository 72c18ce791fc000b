"""HTML -> HTML that a parser gets through in linear time.

The standard's tree construction looks through all open elements at many a tag, and lexbor compares each
attribute of a tag with all before it: both are quadratic in what a hostile page has too much of. Pages
of real sites pass untouched. What still takes too long is stopped by the caller's deadline.
"""

import re
from typing import Final

# The largest development page has 48,000 tags, nested 60 deep; the longest tag has 90 attributes.
MANY_TAGS: Final = 10_000
MAX_DEPTH: Final = 500
MAX_FORMATTING: Final = 60
LONG_TAG: Final = 20_000
MAX_ATTRIBUTES: Final = 1_000
MAX_OPTIONS: Final = 3_000

_TAG: Final = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)[^>]*+>")
_NAME: Final = re.compile(r"[a-zA-Z][^\s/]*")
_OPTION: Final = re.compile(r"<option\b[^>]*>[^<]*(?:</option>)?", re.IGNORECASE)
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
# elements that hold nothing, or end where the next of their like begins
_FLAT: Final = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "p", "li", "dt", "dd", "td", "th", "tr", "option", "thead", "tbody", "tfoot", "rt", "rp",
    "html", "head", "body",
))  # fmt: skip
# of drawings, where such a tag closes itself
_DRAWN: Final = frozenset((
    "path", "circle", "ellipse", "line", "polygon", "polyline", "rect", "use", "stop", "image", "g",
    "animate", "animatetransform", "fegaussianblur", "feblend", "feoffset", "fecolormatrix", "feflood",
))  # fmt: skip
_FORMATTING: Final = frozenset((
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
))  # fmt: skip


def tame(html: str) -> str:
    """The page, less tags nested beyond `MAX_DEPTH`, attributes of tags with too many, endless choices."""
    pieces = html.split("<")
    if max(map(len, pieces)) >= LONG_TAG:
        html = "<".join(map(_few_attributes, pieces))
    end = html.rfind(">") + 1  # behind it no tag is closed, and each would be looked for to the end
    closed, rest = html[:end], html[end:]
    if html.count("<option") > MAX_OPTIONS:
        closed = _OPTION.sub("", closed)
    return (_shallow(closed) if len(pieces) > MANY_TAGS + 1 else closed) + rest


def _few_attributes(opened: str) -> str:
    """What follows a `<`: the tag without its attributes where they are too many."""
    if len(opened) < LONG_TAG:
        return opened
    tag, closed, rest = opened.partition(">")
    name = _NAME.match(tag)
    if name is None or len(tag) < LONG_TAG or len(_QUOTED.sub("", tag).split()) <= MAX_ATTRIBUTES:
        return opened
    return f"{name[0]}{closed or '>'}{rest}"


def _shallow(html: str) -> str:
    depth = formatting = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth, formatting
        name = tag[2].lower()
        if name in _FLAT or (name in _DRAWN and tag[0].endswith("/>")):
            return tag[0]
        step = -1 if tag[1] else 1
        formats = name in _FORMATTING
        too_much = max(depth, depth + step) > MAX_DEPTH or (
            formats and max(formatting, formatting + step) > MAX_FORMATTING
        )
        depth = max(0, depth + step)
        formatting = max(0, formatting + step * formats)
        return " " if too_much else tag[0]

    return _TAG.sub(keep, html)
