"""what a page says of itself -> how its site is called, so that its name is no title and no author."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from service.document import Head
from service.folding import fold
from service.titles import letters_of

_METAS: Final = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:app:name:iphone")


def key(name: str) -> str:
    """A name as it is compared: without case, spaces and marks."""
    return letters_of(fold(name))


def names(head: Head) -> frozenset[str]:
    """The site's names, as keys: those that the head states, and what links to its start as a heading.

    The site's own start has none: there its name is the title.
    """
    if head.canonical and urlsplit(head.canonical).path in ("", "/"):
        return frozenset()
    return frozenset(filter(None, map(key, _names(head))))


def _names(head: Head) -> Iterator[str]:
    for name in _METAS:
        yield head.metas.get(name, "")
    yield from head.home
    for item in head.items:
        for owner in (item.get("publisher"), item if "WebSite" in str(item.get("@type")) else None):
            said = owner.get("name") if isinstance(owner, dict) else owner
            if isinstance(said, str):
                yield said
    if head.canonical:
        host = urlsplit(head.canonical).hostname or ""
        yield host.removeprefix("www.").partition(".")[0]
