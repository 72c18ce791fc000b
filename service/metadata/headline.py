"""A page's headings, objects and titles -> its headline."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from service import sites, titles
from service.document import Head
from service.metadata.found import Found
from service.metadata.wording import AGREEMENT, agreement, readable, words_of
from service.metadata.works import Work, is_article

# What stands between a page's title and its site's name
_SITE_SEAM: Final = re.compile(r"\s+[|\-–—•·:»/]+\s+|\s*\|\s*|\s+::\s+")
MAX_HEADLINE: Final = 500
# A line of a heading is the headline only if it has more than this of the title.
MOST_OF_TITLE: Final = 0.6


def best(head: Head, works: Sequence[Work]) -> Found | None:
    """The heading that agrees best with the title; else how the page names itself, less its site's name."""
    shared, site = readable(head.metas.get("og:title")), sites.names(head)
    if sites.key(shared) in site:
        shared = ""
    if heading := _best_heading(head, shared, site):
        return Found(heading, "h1")
    for item in works:
        said = readable(item.get("headline"))
        if said and is_article(item) and len(said) <= MAX_HEADLINE:
            return Found(said, "json-ld")
    if stated := readable(head.metas.get("headline"))[:MAX_HEADLINE]:
        return Found(stated, "meta:headline")
    for title, source in ((shared, "meta:og:title"), (head.title, "title")):
        if title:
            return Found(_without_site(title, site)[:MAX_HEADLINE], source)
    return Found(titles.joined(head.headings[0])[:MAX_HEADLINE], "h1") if head.headings else None


def _best_heading(head: Head, shared: str, site: frozenset[str]) -> str:
    """The first-level heading that agrees best with the page's titles; empty if none does."""
    wanted = [words for words in (words_of(shared), words_of(head.title)) if words]
    # what the title has besides is the site or the section, and so is a heading that agrees with that alone
    core: set[str] = wanted[0] if len(wanted) == 2 and wanted[0] < wanted[1] else set()
    chosen, most = "", 0.0
    for heading, least in _headings(head):
        words = words_of(heading)
        if not words or len(heading) > MAX_HEADLINE or sites.key(heading) in site:
            continue
        if core and 2 * len(words & core) < len(words):
            continue
        score = max((agreement(words, w) for w in wanted if len(words & w) >= least * len(w)), default=0.0)
        if score > most:
            chosen, most = heading, score
    return chosen if most >= AGREEMENT else ""


def _headings(head: Head) -> Iterator[tuple[str, float]]:
    """The first-level headings, then the lines of each: a kicker or a subtitle may stand in it.

    With each, the share of a title that it must have.
    """
    for lines in head.headings:
        yield titles.joined(lines), 0.0
    for lines in head.headings:
        if len(lines) > 1:
            yield from ((titles.bare_heading(line), MOST_OF_TITLE) for line in lines)


def _without_site(title: str, site: frozenset[str]) -> str:
    """The title without the name of the site before or behind it."""
    before, colon, after = title.partition(": ")
    if colon and after and sites.key(before) in site:
        return after.lstrip()
    seams = list(_SITE_SEAM.finditer(title))
    if not seams:
        return title
    first, last = title[: seams[0].start()], title[seams[-1].end() :]
    if sites.key(first) in site:
        return title[seams[0].end() :]
    if sites.key(last) in site or len(last) < len(title) / 2:
        return title[: seams[-1].start()]
    return title
