"""HTML source -> the text that a page keeps for its program: framework state and JSON-LD.

Some pages show nothing until their program has run, and carry their article as JSON for it. It is read
only where the visible page is a shell. Of all strings under one path of keys (`props.post.body`, or
`blocks.*.text`) those are taken that hold the most text, the short ones among them too; the pieces of a
paragraph, whose words are of several styles, are put together. Nothing is run, and nothing is fetched.
"""

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from service.blocks import flight
from service.scripts import SPACELESS
from service.stops import TERMINALS

SHELL_CHARS: Final = 1_200
"""A page that shows more is read as it is shown."""
MIN_TEXT: Final = 500
"""Characters under one path from which they may be an article."""
MIN_STRING: Final = 40
"""Characters from which a string shows by itself whether it is text."""
MIN_SPACES: Final = 0.08
"""Share of spaces in a text of a spaced script; program text and addresses have fewer."""
MAX_SCRIPT: Final = 3_000_000
MAX_VALUES: Final = 100_000
MAX_PATH: Final = 100
MAX_PIECES: Final = 5
"""How deep the pieces of a paragraph lie in each other, at most: a link in a mark in a paragraph."""
MAX_ASSIGNED: Final = 20
"""Places in one script where an object may be assigned, or handed to a function."""
_ASSIGNED: Final = re.compile(r"[=(]\s*(?=[{\"])")
_TEXT_KEYS: Final = re.compile(
    r"articlebody|^(?:body|content|contents|text|html|paragraphs?|story|value|markup|description|raw|cooked)$"
    r"|(?:body|content|text|html)$",
    re.IGNORECASE,
)
# Lists of what a node of rich text consists of; the strings in its leaves, and what such leaves are called
_NESTED: Final = frozenset(("children", "content", "nodes", "leaves", "spans"))
_LEAF_KEYS: Final = ("text", "value")
_LEAF_TYPES: Final = frozenset(("text", "span", "leaf", "#text"))
_TYPE_KEYS: Final = ("type", "_type", "nodeType", "object")
_ADDRESS: Final = re.compile(r"\s*(?:\w+:)?/\S*\s*")
_PROPERTY: Final = re.compile(r"([A-Za-z_$][\w$]{0,60})\s{0,3}:\s{0,3}(?=\")")
_MARKUP: Final = re.compile(r"<(?:p|br|div|h[1-6]|ul|li|blockquote)\b", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]*>")
_SPACELESS: Final = re.compile(f"[{SPACELESS}]")
_ENDS: Final = tuple(TERMINALS)
_Path = tuple[str, ...]


def text(html: str) -> list[str]:
    """The texts of the path that holds the most, in order; markup where the page has markup there.

    `html` is a page that a parser gets through: see `service.blocks.tame`.
    """
    scripts = [
        (node.attributes.get("type") or "", node.text() or "")
        for node in LexborHTMLParser(html).css("script")
    ]
    streamed = flight.read(source for _, source in scripts)
    found: dict[_Path, dict[str, None]] = defaultdict(dict)
    for value in (*_values(scripts), *streamed.rows, {"text": list(streamed.texts.values())}):
        for path, string in _strings(value):
            found[path][string] = None
    best = max(found.values(), key=_size, default={})
    drawn = streamed.markup()
    if len(" ".join(_TAG.sub(" ", drawn).split())) >= max(MIN_TEXT, _size(best)):
        return [drawn]
    return [string for string in best if _may_be_text(string)] if _size(best) >= MIN_TEXT else []


def _size(strings: Iterable[str]) -> int:
    """Characters of the strings that are text without doubt."""
    return sum(len(string) for string in strings if _is_text(string))


def is_markup(string: str) -> bool:
    """Whether a string is to be read as HTML."""
    return _MARKUP.search(string) is not None


def _values(scripts: Iterable[tuple[str, str]]) -> Iterator[object]:
    """What scripts hold as JSON: all they hold, or what they assign or hand to a function."""
    decoder = json.JSONDecoder()
    for kind, source in scripts:
        if not MIN_TEXT <= len(source) <= MAX_SCRIPT:
            continue
        if "json" in kind:
            places = [len(source) - len(source.lstrip())]
        else:
            places = [m.end() for m, _ in zip(_ASSIGNED.finditer(source), range(MAX_ASSIGNED), strict=False)]
            if "__NUXT__" in source:
                yield _properties(source)
        for place in places:
            try:
                value, _ = decoder.raw_decode(source, place)
                if isinstance(value, str) and value[:1] in ("{", "["):
                    value = json.loads(value)
            except (ValueError, RecursionError):
                continue
            yield _joined(value) if isinstance(value, list) else value


def _properties(source: str) -> object:
    """The strings that a program's object literals name, by their names: `{title: a, body: "…"}`."""
    found: list[object] = []
    at = unread = 0
    while len(found) < MAX_VALUES and unread < MAX_ASSIGNED:  # where JSON breaks is told by counting lines
        named = _PROPERTY.search(source, at)
        if named is None:
            break
        try:
            string, at = json.JSONDecoder().raw_decode(source, named.end())
        except json.JSONDecodeError as problem:
            if "Unterminated" in problem.msg:
                break  # there is no string after one without an end
            at, unread = max(problem.pos, named.end() + 1), unread + 1
            continue
        found.append({named[1]: string})
    return found


def _joined(value: list[object]) -> object:
    """A flat list whose objects hold places in it instead of values, as a tree; any other list as it is.

    Values may be shared and may hold each other: nothing is copied.
    """
    size = len(value)
    if not (size > 1 and isinstance(value[0], (dict, list)) and all(_places(each, size) for each in value)):
        return value
    whole: list[object] = [
        {} if isinstance(each, dict) else [] if isinstance(each, list) else each for each in value
    ]
    for each, made in zip(value, whole, strict=True):
        if isinstance(each, dict) and isinstance(made, dict):
            made.update((key, whole[at]) for key, at in each.items() if 0 <= at < size)
        elif isinstance(each, list) and isinstance(made, list):
            made += [whole[at] for at in each if isinstance(at, int) and 0 <= at < size]
    return whole[0]


def _places(each: object, size: int) -> bool:
    """Whether a value is no container, or holds places; a list may begin with the name of a wrapper."""
    if isinstance(each, dict):
        return all(type(at) is int and at < size for at in each.values())
    if isinstance(each, list) and not (each and isinstance(each[0], str)):
        return all(type(at) is int and at < size for at in each)
    return True


def _strings(value: object) -> Iterator[tuple[_Path, str]]:
    """Strings that may be text, with the keys that lead to them. No recursion; bounded."""
    waiting: list[tuple[_Path, object]] = [((), value)]
    seen: set[int] = set()
    for _ in range(MAX_VALUES):
        if not waiting:
            return
        path, each = waiting.pop()
        if isinstance(each, (dict, list)) or (isinstance(each, str) and len(each) >= MIN_STRING):
            if id(each) in seen:
                continue
            seen.add(id(each))
        if isinstance(each, dict):
            waiting += [(_below(path, str(key)), inner) for key, inner in reversed(each.items())]
        elif isinstance(each, list):
            pieces = _pieces(each, seen) if path and path[-1] in _NESTED else ()
            if pieces:
                yield (*path, _LEAF_KEYS[0]), "".join(pieces)
            else:
                waiting += [(path, inner) for inner in reversed(each)]
        elif isinstance(each, str) and path and _TEXT_KEYS.search(path[-1]):
            yield path, each


def _below(path: _Path, key: str) -> _Path:
    """The path one key on; items of lists within lists count as items of the outer one."""
    if len(path) >= MAX_PATH or (path and key in _NESTED and path[-1] in _NESTED):
        return path
    return (*path, _LEAF_KEYS[0] if key in _LEAF_KEYS and path and path[-1] in _NESTED else key)


def _pieces(nodes: list[object], seen: set[int]) -> Sequence[str]:
    """The strings of a paragraph of rich text, in order; empty for nodes that are no pieces of one.

    Seen nodes are not read again, and those read here are seen only if they make a paragraph.
    """
    if not any(_leaf(node).strip() for node in nodes):
        return ()
    found: list[str] = []
    read: set[int] = set()
    waiting: list[tuple[int, object]] = [(0, node) for node in reversed(nodes)]
    while waiting:
        depth, each = waiting.pop()
        if not isinstance(each, dict) or id(each) in seen or id(each) in read:
            continue
        if depth > MAX_PIECES:
            return ()
        read.add(id(each))
        if _leaf(each):
            found.append(_leaf(each))
        for key, inner in each.items():
            if key in _NESTED and isinstance(inner, list):
                waiting += [(depth + 1, node) for node in reversed(inner)]
    seams = list(itertools.pairwise(found))
    if 2 * sum(_apart(before, after) for before, after in seams) > len(seams):
        return ()
    seen |= read
    return found


def _leaf(node: object) -> str:
    """The string of a leaf; empty for any other node."""
    if not isinstance(node, dict):
        return ""
    kinds = [node[key] for key in _TYPE_KEYS if isinstance(node.get(key), str)]
    if any(kind not in _LEAF_TYPES for kind in kinds):
        return ""
    return next((node[key] for key in _LEAF_KEYS if isinstance(node.get(key), str)), "")


def _apart(before: str, after: str) -> bool:
    """Whether two strings are no neighbours in one sentence, but lines or paragraphs."""
    if before[-1:].isspace() or after[:1].isspace():
        return False
    if before.endswith(_ENDS):
        return after[:1].isalnum()
    return before[-1:].isalnum() and after[:1].isalnum() and not _SPACELESS.match(after)


def _may_be_text(string: str) -> bool:
    """Whether a string beside texts may be one of them, short as it is."""
    if len(string) >= MIN_STRING:
        return _is_text(string)
    return any(map(str.isalpha, string)) and _ADDRESS.fullmatch(string) is None


def _is_text(string: str) -> bool:
    if len(string) < MIN_STRING:
        return False
    plain = _TAG.sub(" ", string[:4_000])
    spaces = plain.count(" ") + 0.2 * len(_SPACELESS.findall(plain))
    return spaces >= MIN_SPACES * len(plain)
