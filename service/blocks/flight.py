"""Scripts of a page that React's server components stream to -> HTML of the elements in the stream.

The stream comes as `self.__next_f.push([1, "…"])`, cut anywhere. Put together it is rows: an id, a colon, and
JSON up to the end of the line, or `T`, a length in bytes as a hexadecimal number, a comma and so much text.
Elements are `["$", tag, key, {"children": …}]`; `"$7"` stands for the row 7. Nothing is run.
"""

import contextlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

MAX_STREAM: Final = 3_000_000
MAX_VALUES: Final = 100_000
_PUSH: Final = re.compile(r"__next_f\.push\(\s*(?=\[)")
_SIZED: Final = re.compile(rb"T([0-9a-f]{1,7}),")
_TAG: Final = re.compile(r"[a-z][a-z0-9]*")
_UNSEEN: Final = frozenset(
    ("script", "style", "svg", "head", "title", "meta", "link", "template", "noscript")
)
_VOID: Final = frozenset(("br", "hr", "img", "input", "wbr", "source"))
_WHOLE: Final = frozenset(("html", "body"))


@dataclass(frozen=True, slots=True)
class Flight:
    """What was streamed."""

    rows: tuple[object, ...]
    """Values of the rows that hold JSON."""
    texts: Mapping[str, str]
    """Rows that hold text, by their id."""

    def markup(self) -> str:
        """Its elements as HTML. A row may be named over and over: no more comes out than may come in."""
        found: list[str] = []
        size = 0
        for piece in _markup(self):
            size += len(piece)
            if size > MAX_STREAM:
                break
            found.append(piece)
        return "".join(found)


def read(scripts: Iterable[str]) -> Flight:
    """Put the stream together. Linear."""
    stream = "".join(_pieces(scripts))[:MAX_STREAM]
    # a piece may end between the halves of one character
    whole = stream.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
    rows: list[object] = []
    texts: dict[str, str] = {}
    for name, value in _rows(whole):
        if isinstance(value, str):
            texts[name] = value
        else:
            rows.append(value)
    return Flight(tuple(rows), texts)


def _pieces(scripts: Iterable[str]) -> Iterator[str]:
    decoder = json.JSONDecoder()
    for source in scripts:
        at = 0
        while (push := _PUSH.search(source, at)) is not None:
            try:
                value, at = decoder.raw_decode(source, push.end())
            except (ValueError, RecursionError):
                break  # not searched again from within: what can't be read is read once
            if isinstance(value, list) and len(value) == 2 and isinstance(value[1], str) and value[0] == 1:
                yield value[1]


def _rows(stream: bytes) -> Iterator[tuple[str, object]]:
    at = 0
    while 0 <= at < len(stream):
        colon = stream.find(b":", at, at + 20)
        end = stream.find(b"\n", at)
        end = len(stream) if end < 0 else end
        if colon < 0 or colon > end:
            at = end + 1
            continue
        name = stream[at:colon].decode("ascii", "replace")
        sized = _SIZED.match(stream, colon + 1)
        if sized is not None:
            at = sized.end() + int(sized[1], 16)
            yield name, stream[sized.end() : at].decode("utf-8", "replace")
            continue
        if stream[colon + 1 : colon + 2] in (b"[", b"{"):
            with contextlib.suppress(ValueError, RecursionError):
                yield name, json.loads(stream[colon + 1 : end])
        at = end + 1


@dataclass(frozen=True, slots=True)
class _Written:
    """Markup that is done."""

    text: str


def _markup(flight: Flight) -> Iterator[str]:
    """Without recursion; bounded. Strings outside elements are addresses and names, not text."""
    waiting: list[tuple[bool, object]] = [(False, row) for row in reversed(flight.rows)]
    for _ in range(MAX_VALUES):
        if not waiting:
            return
        inside, each = waiting.pop()
        if isinstance(each, _Written):
            yield each.text
        elif isinstance(each, str):
            if inside:
                yield html.escape(_resolved(each, flight))
        elif isinstance(each, dict):
            waiting += [] if inside else [(False, value) for value in reversed(each.values())]
        elif isinstance(each, list):
            element = _element(each)
            if element is None:
                waiting += [(inside, inner) for inner in reversed(each)]
            elif element[0] not in _UNSEEN:
                waiting += [(True, part) for part in reversed(_opened(*element, flight))]


def _element(value: list[object]) -> tuple[str, dict[str, object]] | None:
    if len(value) < 4 or value[0] != "$" or not isinstance(value[1], str) or not isinstance(value[3], dict):
        return None
    return value[1], value[3]


def _opened(tag: str, props: dict[str, object], flight: Flight) -> list[object]:
    """An element's opening tag, what is in it, and its closing tag. Components are but containers."""
    name = tag if _TAG.fullmatch(tag) and tag not in _WHOLE else "div"
    told = {"class": props.get("className"), "href": props.get("href")}
    attributes = "".join(f' {k}="{html.escape(v)}"' for k, v in told.items() if isinstance(v, str))
    opening, closing = _Written(f"<{name}{attributes}>"), _Written(f"</{name}>")
    if name in _VOID:
        return [opening]
    raw = props.get("dangerouslySetInnerHTML")
    inner = raw.get("__html") if isinstance(raw, dict) else None
    if isinstance(inner, str):
        return [opening, _Written(_resolved(inner, flight)), closing]
    return [opening, props.get("children"), closing]


def _resolved(text: str, flight: Flight) -> str:
    """A string, or the row it stands for; nothing for what stands for something else."""
    if not text.startswith("$"):
        return text
    return text[1:] if text.startswith("$$") else flight.texts.get(text[1:], "")
