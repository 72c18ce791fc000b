"""HTML source -> the text that a page keeps for its program: framework state and JSON-LD.

Some pages show nothing until their program has run, and carry their article as JSON for it. It is read
only where the visible page is a shell. Of all strings under one path of keys (`props.post.body`, or
`blocks.*.text`) those are taken that hold the most text; nothing is run, and nothing is fetched.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser

SHELL_CHARS: Final = 1_200
"""A page that shows more is read as it is shown."""
MIN_TEXT: Final = 500
"""Characters under one path from which they may be an article."""
MIN_STRING: Final = 40
MIN_SPACES: Final = 0.08
"""Share of spaces in a text of a spaced script; program text and addresses have fewer."""
MAX_SCRIPT: Final = 3_000_000
MAX_VALUES: Final = 100_000
MAX_ASSIGNED: Final = 20
"""Places in one script where an object may be assigned, or handed to a function."""
_ASSIGNED: Final = re.compile(r"[=(]\s*(?=[{\"])")
_TEXT_KEYS: Final = re.compile(
    r"articlebody|^(?:body|content|contents|text|html|paragraphs?|story|value|markup|description|raw|cooked)$"
    r"|(?:body|content|text|html)$",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(r"<(?:p|br|div|h[1-6]|ul|li|blockquote)\b", re.IGNORECASE)
_SPACELESS: Final = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_Path = tuple[str, ...]


def text(html: str) -> list[str]:
    """The texts of the path that holds the most, in order; markup where the page has markup there.

    `html` is a page that a parser gets through: see `service.blocks.tame`.
    """
    found: dict[_Path, dict[str, None]] = defaultdict(dict)
    for value in _values(LexborHTMLParser(html)):
        for path, string in _strings(value):
            found[path][string] = None
    best = max(found.values(), key=lambda strings: sum(map(len, strings)), default={})
    return list(best) if sum(map(len, best)) >= MIN_TEXT else []


def is_markup(string: str) -> bool:
    """Whether a string is to be read as HTML."""
    return _MARKUP.search(string) is not None


def _values(tree: LexborHTMLParser) -> Iterator[object]:
    """What scripts hold as JSON: all they hold, or what they assign or hand to a function."""
    decoder = json.JSONDecoder()
    for node in tree.css("script"):
        source = node.text() or ""
        if not MIN_TEXT <= len(source) <= MAX_SCRIPT:
            continue
        if "json" in (node.attributes.get("type") or ""):
            places = [len(source) - len(source.lstrip())]
        else:
            places = [m.end() for m, _ in zip(_ASSIGNED.finditer(source), range(MAX_ASSIGNED), strict=False)]
        for place in places:
            try:
                value, _ = decoder.raw_decode(source, place)
                if isinstance(value, str) and value[:1] in ("{", "["):
                    value = json.loads(value)
            except (ValueError, RecursionError):
                continue
            yield value


def _strings(value: object) -> Iterator[tuple[_Path, str]]:
    """Strings that may be text, with the keys that lead to them. No recursion; bounded."""
    waiting: list[tuple[_Path, object]] = [((), value)]
    for _ in range(MAX_VALUES):
        if not waiting:
            return
        path, each = waiting.pop()
        if isinstance(each, dict):
            waiting += [((*path, str(key)), inner) for key, inner in reversed(each.items())]
        elif isinstance(each, list):
            waiting += [(path, inner) for inner in reversed(each)]
        elif isinstance(each, str) and path and _TEXT_KEYS.search(path[-1]) and _is_text(each):
            yield path, each


def _is_text(string: str) -> bool:
    if len(string) < MIN_STRING:
        return False
    plain = re.sub(r"<[^<>]*>", " ", string[:4_000])
    spaces = plain.count(" ") + 0.2 * len(_SPACELESS.findall(plain))
    return spaces >= MIN_SPACES * len(plain)
