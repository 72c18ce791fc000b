"""HTML tree -> objects of schema.org: those in JSON-LD, the path to the page, and types in microdata."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

# Longer scripts hold a program's state, not a description of the page.
MAX_SCRIPT: Final = 500_000
MAX_SCRIPTS: Final = 30
MAX_ITEMS: Final = 200
MAX_MARKED: Final = 5_000
MAX_ADDRESSES: Final = 500
MAX_DEPTH: Final = 12
MAX_STEPS: Final = 20
FORUMS: Final = frozenset(("DiscussionForumPosting", "QAPage", "Question"))
"""Types of pages whose posts are the content."""
_CONTROL: Final = re.compile(r"[\x00-\x1f]+")
# Each alternative takes all it can, to the end where nothing closes it: one pass, whatever is written
_COMMENT: Final = re.compile(r'("(?:[^"\\]|\\.)*+"?)|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|//[^\n]*', re.DOTALL)
_LAST_COMMA: Final = re.compile(r'("(?:[^"\\]|\\.)*+"?)|,(?=\s*[}\]])', re.DOTALL)


def items(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """Objects that say their type, those nested in graphs and lists too."""
    yield from islice(_of_scripts(tree), MAX_ITEMS)
    yield from _of_microdata(tree)


def types(item: Mapping[str, Any]) -> set[str]:
    """The schema.org types an object says it has, without their addresses."""
    kind = item.get("@type")
    names = kind if isinstance(kind, list) else [kind]
    return {name.rpartition("/")[2] for name in names if isinstance(name, str)}


def marked(tree: LexborHTMLParser) -> Counter[str]:
    """How many elements are marked as each of schema.org's types."""
    found: Counter[str] = Counter()
    for node in tree.css("[itemtype]")[:MAX_MARKED]:
        for name in (node.attributes.get("itemtype") or "")[:MAX_ADDRESSES].split():
            found[name.rstrip("/").rpartition("/")[2]] += 1
    return found


def _of_scripts(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    scripts = (
        node for node in tree.css("script[type]") if _is_linked_data(node.attributes.get("type") or "")
    )
    for node in islice(scripts, MAX_SCRIPTS):
        source = node.text()
        if source and len(source) <= MAX_SCRIPT:
            yield from _typed(_load(source), 0)


def _is_linked_data(media_type: str) -> bool:
    return media_type[:100].partition(";")[0].strip().lower() == "application/ld+json"


def _load(source: str) -> object:
    """JSON as found in the wild: raw line breaks inside strings, comment marks and semicolons around it.

    What fails is read again without comments, and without commas before a closing bracket.
    """
    trimmed = source.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    try:
        return json.loads(_CONTROL.sub(" ", trimmed))
    except RecursionError:
        return None
    except ValueError:
        pass
    bare = _LAST_COMMA.sub(r"\1", _COMMENT.sub(r"\1", trimmed))
    try:
        return json.loads(_CONTROL.sub(" ", bare))
    except (ValueError, RecursionError):
        return None


def _typed(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for each in value[:MAX_ITEMS]:
            yield from _typed(each, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(value.get(name), (dict, list)):
                yield from _typed(value[name], depth + 1)


def _of_microdata(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """The first path to the page that its elements are marked as."""
    path = tree.css_first('[itemtype*="schema.org/BreadcrumbList"]')
    if path is None:
        return
    steps = [_step(node) for node in path.css('[itemprop~="itemListElement"]')[:MAX_STEPS]]
    yield {"@type": "BreadcrumbList", "itemListElement": steps}


def _step(node: LexborNode) -> dict[str, Any]:
    name = node.css_first('[itemprop~="name"]') or node.css_first('[itemprop~="item"]') or node
    link = node.css_first('[itemprop~="item"][href]') or node.css_first("a[href]")
    position = node.css_first('[itemprop~="position"]')
    return {
        "name": name.attributes.get("content") or name.text(),
        "item": link.attributes.get("href") if link is not None else None,
        "position": position.attributes.get("content") if position is not None else None,
    }
