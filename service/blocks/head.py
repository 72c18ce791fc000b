"""HTML tree -> what the page says of itself: title, meta, Open Graph, JSON-LD, canonical address."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from service.blocks import bylines, moments
from service.document import Head

# Longer scripts hold a program's state, not a description of the page.
MAX_SCRIPT: Final = 500_000
MAX_SCRIPTS: Final = 30
MAX_ITEMS: Final = 200
MAX_DEPTH: Final = 12
MAX_HOME: Final = 5
_AUTHOR_METAS: Final = ("author", "article:author", "parsely-author", "dc.creator", "byl")
_CONTROL: Final = re.compile(r"[\x00-\x1f]+")


def read(tree: LexborHTMLParser) -> Head:
    """Read once what can be read; nothing here is taken on trust.

    The headings are not among it: they are read as they are laid out, by `service.blocks.html`.
    """
    title = tree.css_first("title")
    metas: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content and content.strip():
            metas.setdefault(name.strip().lower()[:100], " ".join(content.split())[:5_000])
    link = tree.css_first("link[rel=canonical]")
    root = tree.root
    items, times = tuple(_items(tree)), moments.times(tree)
    shown, changed = moments.dates(tree)
    signed = any(_has_name(item.get("author")) for item in items) or any(
        "/" not in metas.get(name, "/") for name in _AUTHOR_METAS
    )
    dated = any(item.get("datePublished") for item in items) or any("publish" in name for name in metas)
    return Head(
        title=" ".join((title.text() if title else "").split())[:1_000],
        metas=metas,
        canonical=_address((link.attributes.get("href") if link else None) or metas.get("og:url")),
        language=((root.attributes.get("lang") or root.attributes.get("xml:lang")) if root else None) or None,
        items=items,
        home=tuple(_home(tree)),
        times=times,
        bylines=() if signed else tuple(bylines.authors(tree)),
        dated=() if dated else shown,
        changed=changed,
    )


def _home(tree: LexborHTMLParser) -> Iterator[str]:
    """Texts of first-level headings that are nothing but a link to the site's start."""
    for node in tree.css("h1")[:MAX_HOME]:
        link = node.css_first("a[href]")
        if link is None or not _is_start((link.attributes.get("href") or "").strip()):
            continue
        text = " ".join(node.text().split())
        if text and text == " ".join(link.text().split()):
            yield text[:200]


def _is_start(address: str) -> bool:
    """Whether an address is that of a site's first page."""
    if address in ("/", "./index.html", "/index.html", "/index.php"):
        return True
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.netloc) and parts.path in ("", "/") and not parts.query and not parts.fragment


def _has_name(author: object) -> bool:
    """Whether a JSON-LD author is named on the spot."""
    first = author[0] if isinstance(author, list) and author else author
    return bool(first.get("name") if isinstance(first, dict) else isinstance(first, str) and "/" not in first)


def types(item: Mapping[str, Any]) -> set[str]:
    """The schema.org types a JSON-LD object says it has, without their addresses."""
    kind = item.get("@type")
    names = kind if isinstance(kind, list) else [kind]
    return {name.rpartition("/")[2] for name in names if isinstance(name, str)}


def _address(value: str | None) -> str | None:
    """An absolute http(s) address, or None."""
    if not value:
        return None
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return None
    return value.strip() if parts.scheme in ("http", "https") and parts.netloc else None


def _items(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """JSON-LD objects that say their type, those nested in graphs and lists too."""
    left = MAX_ITEMS
    for node in tree.css('script[type="application/ld+json"]')[:MAX_SCRIPTS]:
        source = node.text()
        if not source or len(source) > MAX_SCRIPT:
            continue
        for item in _typed(_load(source), 0):
            if left == 0:
                return
            left -= 1
            yield item


def _load(source: str) -> object:
    """JSON as found in the wild: raw line breaks inside strings, comment marks and semicolons around it."""
    trimmed = source.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    try:
        return json.loads(_CONTROL.sub(" ", trimmed))
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
