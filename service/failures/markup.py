"""HTML as it came -> what its markup tells beyond its text.

Asked only for pages that show little or no text: a wall's words are often drawn by a script.
"""

import html
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import ahocorasick

# Code points of markup that are looked at; walls are small, shells keep their head at the start
MOST: Final = 1_000_000
# A page that moves on after longer than this, in seconds, is meant to be read first
SOON: Final = 31

_ANY_TAG: Final = re.compile(r"<[^<>]*>")
_TAG: Final = re.compile(r"<(meta|link|input|iframe|frameset|embed|object|a)\b[^<>]*>")
_REFRESH: Final = re.compile(r"http-equiv\s*=\s*[\"']?refresh")
_TARGET: Final = re.compile(
    r"content\s*=\s*[\"']?\s*(\d{1,6})[\d.]*\s*[;,]?\s*(?:url\s*=\s*['\"]?([^\"'>\s]+))?"
)
_PASSWORD: Final = re.compile(r"type\s*=\s*[\"']?password")
_FURNITURE: Final = re.compile(r"stylesheet|icon|canonical|manifest|preload|og:|description")
_SOURCE: Final = re.compile(r"\bsrc\s*=", re.IGNORECASE)
# Of programs in lower case: a search that ignores case takes twenty times as long
_MOVES: Final = re.compile(
    r"location\s*(?:(?:\.\s*(?:href|pathname)\s*)?=(?!=)|\.\s*(?:replace|assign)\s*\()"
)
_RELOADS: Final = re.compile(r"location\s*\.\s*reload|\.submit\s*\(")
_COOKIE: Final = re.compile(r"document\s*\.\s*cookie\s*=")
_HIDDEN_CODE: Final = re.compile(
    r"_0x[0-9a-f]{3,}|\\x[0-9a-f]{2}\\x|\beval\s*\(|fromcharcode|\batob\s*\(|charcodeat|function\s+a0_|!!\[\]|\[\]\+\[\]"
)
_NOT_FREE: Final = re.compile(r"isaccessibleforfree[\"']?\s*:\s*[\"']?false")


@dataclass(frozen=True, slots=True)
class Markup:
    """What the markup tells."""

    size: int
    title: str
    without_script: str
    """What `<noscript>` says."""
    scripts: int
    sources: int
    """Scripts that come from elsewhere."""
    code: int
    """Code points of programs in the page."""
    hidden_code: bool
    """Whether a program is written so that nobody reads it."""
    furniture: int
    """Style sheets, icons, descriptions: what a site gives its pages and a challenge doesn't."""
    links: int
    password: bool
    frames: int
    refresh: str | None
    """Where the page sends its reader by itself; empty for back to itself."""
    moves: bool
    """Whether a program goes to another address."""
    sets_cookie: bool
    """Whether a program sets a cookie and loads the page again."""
    bot: str | None
    """The product whose challenge this is."""
    consent: str | None
    parked: str | None
    not_free: bool
    """Whether the page's metadata say that the article is not free."""


class _Product(NamedTuple):
    """Something whose marks are known, and what it is used for."""

    rank: int
    """Its place in the list: of several the first is named."""
    kind: str
    name: str


@cache
def _products() -> ahocorasick.Automaton:
    """The marks of all products, and whose each is."""
    listed = tomllib.loads(Path(__file__).with_name("challenges.toml").read_text(encoding="utf-8"))
    owners: dict[str, list[_Product]] = {}
    for kind, products in listed.items():
        for rank, (name, marks) in enumerate(products.items()):
            for mark in marks:
                owners.setdefault(mark, []).append(_Product(rank, kind, name))
    automaton = ahocorasick.Automaton()
    for mark, products in owners.items():
        automaton.add_word(mark, tuple(products))
    automaton.make_automaton()
    return automaton


def read(source: str) -> Markup:
    """What a page's markup tells. Linear in its first `MOST` characters."""
    whole = _lower(source[:MOST])
    page = whole
    for opening, closing in (("<!--", "-->"), ("<style", "</style")):
        page, _ = _without(page, opening, closing)
    page, scripts = _without(page, "<script", "</script")
    page, unscripted = _without(page, "<noscript", "</noscript")
    _, titles = _without(page, "<title", "</title")
    code = "\n".join(_inner(script) for script in scripts).lower()
    tags = [(m[1], m[0]) for m in _TAG.finditer(page)]
    refresh = next((t for name, t in tags if name == "meta" and _REFRESH.search(t)), None)
    target = _TARGET.search(refresh) if refresh else None
    met = _met(whole)
    return Markup(
        size=len(source),
        title=_text(_inner(titles[0]))[:500] if titles else "",
        without_script="\n".join(filter(None, (_text(_inner(u)) for u in unscripted)))[:20_000],
        scripts=len(scripts),
        sources=sum(bool(_SOURCE.search(s[: s.find(">") + 1])) for s in scripts),
        code=len(code),
        hidden_code=len(_HIDDEN_CODE.findall(code[:200_000])) >= 3,
        furniture=sum(name in ("link", "meta") and bool(_FURNITURE.search(t)) for name, t in tags),
        links=sum(name == "a" for name, _ in tags),
        password=any(name == "input" and _PASSWORD.search(t) for name, t in tags),
        frames=sum(name in ("iframe", "frameset", "embed", "object") for name, _ in tags),
        refresh=(target[2] or "") if target and int(target[1]) < SOON else None,
        moves=_MOVES.search(code) is not None or _REFRESH.search(code) is not None,
        sets_cookie=_COOKIE.search(code) is not None and _RELOADS.search(code) is not None,
        bot=met.get("bot"),
        consent=met.get("consent"),
        parked=met.get("parked"),
        not_free=_NOT_FREE.search(code) is not None,
    )


def _lower(source: str) -> str:
    lower = source.lower()
    return lower if len(lower) == len(source) else source


def _without(page: str, opening: str, closing: str) -> tuple[str, list[str]]:
    """The page less an element, and each of them from its opening tag on."""
    rest, found = [], []
    at = 0
    while (start := page.find(opening, at)) >= 0:
        rest.append(page[at:start])
        end = page.find(closing, start + len(opening))
        stop = len(page) if end < 0 else end
        found.append(page[start:stop])
        at = stop + len(closing) if end >= 0 else len(page)
    rest.append(page[at:])
    return " ".join(rest), found


def _inner(element: str) -> str:
    return element[element.find(">") + 1 :]


def _text(inner: str) -> str:
    return " ".join(html.unescape(_ANY_TAG.sub(" ", inner)).split())


def _met(lower: str) -> dict[str, str]:
    """By kind the first product one of whose marks stands in a page, in one pass for all of them."""
    found = {product for _, products in _products().iter(lower) for product in products}
    return {product.kind: product.name for product in sorted(found, reverse=True)}
