"""A page's objects, meta elements, `time` elements, marked texts and address -> the dates it is given."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from service import dates
from service.blocks import moments
from service.document import Head
from service.metadata.found import Found
from service.metadata.iso import local, moment_of
from service.metadata.wording import readable
from service.metadata.works import Work

# Characters of a field that is a date
MAX_RAW: Final = 80
# Dates in one text: of publication, of change
MAX_DATES: Final = 3
_ADDRESS_DAY: Final = re.compile(r"/((?:19|20)\d\d)/(\d\d)/(\d\d)/")
# Meta elements, the best first
_PUBLISHED: Final = (
    "article:published_time", "datepublished", "og:article:published_time", "article:published",
    "publication_date", "date_published", "pubdate", "publishdate", "publish-date", "publish_date",
    "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date",
    "dc.date.created", "cxenseparse:recs:publishtime", "shareaholic:article_published_time", "og:pubdate",
    "article.published", "displaydate", "citation_publication_date", "citation_date", "published-date",
    "published_date", "w-published-date", "published", "date",
)  # fmt: skip
_MODIFIED: Final = (
    "article:modified_time", "datemodified", "og:updated_time", "og:article:modified_time", "lastmod",
    "dcterms.modified", "last-modified", "date_modified",
)  # fmt: skip


def published(head: Head, works: Sequence[Work], written: str | None) -> Iterator[Found]:
    """Days of publication, the best source first. `written`: the language of what is written."""
    stated = (item.get("datePublished") or item.get("uploadDate") for item in works)
    yield from _stated(head, stated, _PUBLISHED, head.times.published, written)
    yield from _shown(head.dated, written, changed=False)
    yield from _timed(head.times.late)


def modified(head: Head, works: Sequence[Work], written: str | None) -> Iterator[Found]:
    """Days of the last change, the best source first."""
    stated = (item.get("dateModified") for item in works)
    yield from _stated(head, stated, _MODIFIED, head.times.changed, written)
    yield from _shown(head.changed, written, changed=None)
    yield from _shown(head.dated, written, changed=True)


def mentioned(head: Head, written: str | None) -> Iterator[Found]:
    """Days of a change, and such as the text tells of: what the page's date is for want of a better one."""
    yield from _timed(head.times.changed)
    yield from _shown((*head.changed, *head.dated), written, changed=None)
    yield from _timed(head.times.told)


def _stated(
    head: Head, linked: Iterable[object], metas: Sequence[str], times: Sequence[str], written: str | None
) -> Iterator[Found]:
    """Dates of fields that are there for dates: of objects, meta elements, and `time` elements."""
    named = ((head.metas.get(key), f"meta:{key}") for key in metas)
    for value, source in chain(((v, "json-ld") for v in linked), named, ((t, "time") for t in times)):
        text = readable(value)
        if text and len(text) <= MAX_RAW and local(text, written):
            yield Found(text, source)


def _timed(times: Sequence[str]) -> Iterator[Found]:
    """Dates of `time` elements; what those hold is for programs, and of no language."""
    return (Found(time, "time") for time in times if local(time))


def _shown(texts: Sequence[str], written: str | None, *, changed: bool | None) -> Iterator[Found]:
    """Dates in texts marked as such: those that follow a word of change, those that don't, or (None) all."""
    for text in texts:
        if moment_of(text):
            if not changed:
                yield Found(text, "marked")
            continue
        rest = text
        for _ in range(MAX_DATES):
            span = dates.find_date(rest)
            if span is None:
                break
            day = rest[slice(*span)]
            if changed in (None, moments.ends_change(rest[: span[0]])) and local(day, written):
                yield Found(day, "marked")
            rest = rest[span[1] :]


def of_address(address: str | None) -> Found | None:
    """The day that an address names as /year/month/day/."""
    found = _ADDRESS_DAY.search(address) if address else None
    day = "-".join(found.groups()) if found else None
    return Found(day, "url") if day and local(day) else None
