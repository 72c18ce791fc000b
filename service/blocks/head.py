"""HTML tree -> what the page says of itself: title, meta, Open Graph, JSON-LD, canonical address."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from service.addresses import absolute
from service.blocks import bylines, linked, moments
from service.document import Head

MAX_HOME: Final = 5
MAX_LINKS: Final = 500
_WRITERS: Final = frozenset(("citation_author", "dc.creator", "dcterms.creator", "author", "parsely-author"))
MAX_WRITERS: Final = 50


def read(tree: LexborHTMLParser, url: str | None = None) -> Head:
    """Read once what can be read; nothing here is taken on trust. `url`: where the page was fetched.

    The headings are not among it: they are read as they are laid out, by `service.blocks.html`.
    """
    title = tree.css_first("title")
    metas: dict[str, str] = {}
    writers: dict[str, list[str]] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content and content.strip():
            key, value = name.strip().lower()[:100], " ".join(content.split())[:5_000]
            metas.setdefault(key, value)
            if key in _WRITERS and len(of_key := writers.setdefault(key, [])) < MAX_WRITERS:
                of_key.append(value)
    base = _base(tree, url)
    root = tree.root
    items, times = tuple(linked.items(tree)), moments.times(tree)
    shown, changed = moments.dates(tree)
    return Head(
        title=" ".join((title.text() if title else "").split())[:1_000],
        metas=metas,
        writers={key: tuple(values) for key, values in writers.items()},
        base=base,
        canonical=absolute(_canonical(tree), base) or absolute(metas.get("og:url"), base),
        language=((root.attributes.get("lang") or root.attributes.get("xml:lang")) if root else None) or None,
        items=items,
        marked=linked.marked(tree),
        home=tuple(_home(tree)),
        times=times,
        bylines=tuple(bylines.authors(tree)),
        dated=shown,
        changed=changed,
    )


def _base(tree: LexborHTMLParser, url: str | None) -> str | None:
    """What the page's relative addresses are seen from."""
    node = tree.css_first("base[href]")
    fetched = absolute(url)
    return (absolute(node.attributes.get("href"), fetched) if node is not None else None) or fetched


def _canonical(tree: LexborHTMLParser) -> str | None:
    for node in tree.css("link[rel][href]")[:MAX_LINKS]:
        if "canonical" in (node.attributes.get("rel") or "").lower().split():
            return node.attributes.get("href")
    return None


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
