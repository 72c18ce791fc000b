"""what an HTML page says of itself -> fields of the article, each with where it came from.

Nothing here is taken on trust: a heading is preferred that agrees with the page's title, an author must
look like a name, a date like a date. Sources are tried in the order of their accuracy on the development
pages (`docs/evaluation.md`): JSON-LD before Open Graph before other meta elements before the tree.
"""

import html
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final

from schemas.article import Breadcrumb
from service import addresses, dates, names, sites, titles
from service.blocks import moments
from service.blocks.linked import types
from service.detector import phrases
from service.detectors.byline import bare_name
from service.document import Head
from service.folding import fold

_SITE_SEAM: Final = re.compile(r"\s+[|\-–—•·:»/]+\s+|\s*\|\s*|\s+::\s+")
_WORD: Final = re.compile(r"\w+")
_ADDRESS: Final = re.compile(r"https?://|www\.|@|/")
_ADDRESS_DAY: Final = re.compile(r"/((?:19|20)\d\d)/(\d\d)/(\d\d)/")
MAX_NAME: Final = 80
# Detectors whose phrases are what menus, buttons and forums say where others have a name
_BUTTONS: Final = ("navigation", "forum_chrome", "share_widget", "access_notice", "newsletter", "byline")
MAX_NAME_WORDS: Final = 6
MAX_AUTHORS: Final = 20
MAX_HEADLINE: Final = 500
# Dates in one text: of publication, of change
MAX_DATES: Final = 3
# A heading is the page's headline when so much of it stands in the title as well, or the reverse.
AGREEMENT: Final = 0.7
# An article that agrees less with the titles is another, where one agrees.
ANOTHER: Final = 0.3
# A line of a heading is the headline only if it has more than this of the title.
MOST_OF_TITLE: Final = 0.6
_WORKS: Final = frozenset((
    "Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "TechArticle", "Report",
    "AnalysisNewsArticle", "OpinionNewsArticle", "LiveBlogPosting", "ScholarlyArticle",
    "SocialMediaPosting", "DiscussionForumPosting", "Recipe", "Review", "MedicalWebPage", "CreativeWork",
    "Question", "QAPage",
))  # fmt: skip
_PAGES: Final = frozenset((
    "WebPage", "ItemPage", "CollectionPage", "AboutPage", "FAQPage", "Product", "VideoObject",
))  # fmt: skip
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
_AUTHOR: Final = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "byl", "cxenseparse:author", "citation_author", "article:author_name",
)  # fmt: skip
# Of these each names one author, by the last name first
_LIBRARIES: Final = frozenset(("citation_author", "dc.creator", "dcterms.creator"))


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the place it was read from, e.g. `json-ld` or `meta:article:published_time`."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """All that was found; empty where a page says nothing."""

    headline: Found | None = None
    authors: tuple[Found, ...] = ()
    house: tuple[Found, ...] = ()
    """The site's name or a role's, where one stands for the author: better than none."""
    published: Found | None = None
    modified: Found | None = None
    mentioned: Found | None = None
    """The day of the last change, or one that the text tells of: the page's date for want of a better one."""
    language: Found | None = None
    canonical: Found | None = None
    image: Found | None = None
    description: Found | None = None
    breadcrumbs: tuple[Breadcrumb, ...] = ()


def read(head: Head, told: str | None = None) -> Metadata:
    """The fields, from the best source each. `told`: the language of the text, by its words."""
    works = _works(head)
    authors, house = _authors(head, works)
    language = _language(head)
    written = regional(told, language)
    return Metadata(
        headline=_headline(head, works),
        authors=authors,
        house=house,
        published=_first(_dates(head, works, "datePublished", _PUBLISHED, written)),
        modified=_first(_dates(head, works, "dateModified", _MODIFIED, written)),
        mentioned=_first(_mentioned(head, written)),
        language=language,
        canonical=Found(head.canonical, "link:canonical") if head.canonical else None,
        image=_first(_images(head, works)),
        description=_first(_descriptions(head, works)),
        breadcrumbs=tuple(_breadcrumbs(head)),
    )


def _first(found: Iterator[Found]) -> Found | None:
    return next(found, None)


def _rank(item: Mapping[str, Any]) -> int:
    said = types(item)
    return 0 if said & _WORKS else 1 if said & _PAGES else 2


def _works(head: Head) -> list[Mapping[str, Any]]:
    """The objects that may describe the page, the likeliest first; without articles that are others."""
    ranked: list[Mapping[str, Any]] = sorted(head.items, key=_rank)
    articles = [item for item in ranked if _rank(item) == 0]
    if len(articles) < 2:
        return ranked
    named = [_words(" ".join(lines)) for lines in head.headings]
    named += [_words(head.metas.get("og:title", "")), _words(head.title)]
    likeness = [_likeness(item, head.canonical, [words for words in named if words]) for item in articles]
    if max(likeness) < AGREEMENT:
        return ranked
    order = sorted(zip(likeness, articles, strict=True), key=lambda pair: -pair[0])
    own = [item for like, item in order if like >= ANOTHER or not _text(item.get("headline"))]
    return own + ranked[len(articles) :]


def _likeness(item: Mapping[str, Any], canonical: str | None, named: Sequence[set[str]]) -> float:
    """How much an object agrees with the page's titles; one more if it has the page's address."""
    page = item.get("mainEntityOfPage")
    stated = (item.get("url"), item.get("@id"), page.get("@id") if isinstance(page, dict) else page)
    here = canonical is not None and any(isinstance(a, str) and addresses.same(a, canonical) for a in stated)
    words = _words(_text(item.get("headline") or item.get("name")))
    return here + max((_agreement(words, title) for title in named if words), default=0.0)


def _text(value: object) -> str:
    """A string as it reads: entities, which JSON-LD often holds doubly escaped, resolved."""
    return " ".join(html.unescape(value).split()) if isinstance(value, str) else ""


def _headline(head: Head, works: Sequence[Mapping[str, Any]]) -> Found | None:
    """The heading that agrees best with the title; else how the page names itself, less its site's name."""
    shared, site = _text(head.metas.get("og:title")), sites.names(head)
    if sites.key(shared) in site:
        shared = ""
    best = _best_heading(head, shared, site)
    if best:
        return Found(best, "h1")
    for item in works:
        said = _text(item.get("headline"))
        if said and _rank(item) == 0 and len(said) <= MAX_HEADLINE:
            return Found(said, "json-ld")
    if stated := _text(head.metas.get("headline"))[:MAX_HEADLINE]:
        return Found(stated, "meta:headline")
    for title, source in ((shared, "meta:og:title"), (head.title, "title")):
        if title:
            return Found(_without_site(title, site)[:MAX_HEADLINE], source)
    return Found(titles.joined(head.headings[0])[:MAX_HEADLINE], "h1") if head.headings else None


def _best_heading(head: Head, shared: str, site: frozenset[str]) -> str:
    """The first-level heading that agrees best with the page's titles; empty if none does."""
    wanted = [words for words in (_words(shared), _words(head.title)) if words]
    # what the title has besides is the site or the section, and so is a heading that agrees with that alone
    core: set[str] = wanted[0] if len(wanted) == 2 and wanted[0] < wanted[1] else set()
    best, agreement = "", 0.0
    for heading, least in _headings(head):
        words = _words(heading)
        if not words or len(heading) > MAX_HEADLINE or sites.key(heading) in site:
            continue
        if core and 2 * len(words & core) < len(words):
            continue
        score = max((_agreement(words, w) for w in wanted if len(words & w) >= least * len(w)), default=0.0)
        if score > agreement:
            best, agreement = heading, score
    return best if agreement >= AGREEMENT else ""


def _agreement(heading: set[str], title: set[str]) -> float:
    """How much of the heading stands in the title, and a little of the reverse."""
    shared = len(heading & title)
    return float(shared / len(heading) * (shared / len(title)) ** 0.25)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(fold(text)))


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


def _authors(head: Head, works: Sequence[Mapping[str, Any]]) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """The authors by the best source that names people, and by the best that names the site or a role."""
    site = sites.names(head)
    house: tuple[Found, ...] = ()
    for named, source in _signed(head, works):
        found = tuple(Found(name, source) for name in dict.fromkeys(named[:MAX_AUTHORS]))
        people = tuple(each for each in found if not names.is_house(each.value, site))
        if people:
            return people, house
        house = house or found
    return (), house


def _signed(head: Head, works: Sequence[Mapping[str, Any]]) -> Iterator[tuple[list[str], str]]:
    """Names that each source gives, the best source first."""
    people = {item["@id"]: item for item in head.items if isinstance(item.get("@id"), str)}
    for item in works:
        if _rank(item) == 0:
            yield list(_names(item.get("author") or item.get("creator"), people)), "json-ld"
    for key in _AUTHOR:
        stated = map(_text, head.writers.get(key) or (head.metas.get(key),))
        if key in _LIBRARIES:
            stated = map(names.turned, stated)
        listed = (bare_name(name) for text in stated for name in names.split(text))
        yield [name for name in listed if _is_name(name)], f"meta:{key}"
    lines = (bare_name(text) for text in head.bylines if not names.is_credit(text))
    shown = (name for line in lines for name in names.split(line))
    yield [name for name in shown if _is_name(name) and _is_short(name)], "byline"


def _names(value: object, people: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The names of those who are listed, or referred to by their `@id`."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict) and not each.get("name") and isinstance(each.get("@id"), str):
            each = people.get(each["@id"], each)  # noqa: PLW2901
        stated = bare_name(_text(each.get("name") if isinstance(each, dict) else each))
        yield from filter(_is_name, names.split(stated))


def _is_short(text: str) -> bool:
    """Whether a text has no more words than names do, the look of one, and is no button's."""
    if len(text.split()) > 1 and not titles.name_like(text, MAX_NAME_WORDS):
        return False
    plain = fold(text).strip(" !:.")
    return not any(plain in phrases(detector) for detector in _BUTTONS)


def _is_name(text: str) -> bool:
    return 1 < len(text) <= MAX_NAME and not _ADDRESS.search(text) and any(c.isalpha() for c in text)


def _dates(
    head: Head, works: Sequence[Mapping[str, Any]], name: str, metas: Sequence[str], written: str | None
) -> Iterator[Found]:
    stated = (
        (item.get(name) or (item.get("uploadDate") if name == "datePublished" else None), "json-ld")
        for item in works
    )
    meta = ((head.metas.get(key), f"meta:{key}") for key in metas)
    times = head.times.published if name == "datePublished" else head.times.changed
    for value, source in chain(stated, meta, ((time, "time") for time in times)):
        text = _text(value)
        if text and len(text) <= MAX_NAME and local(text, written):
            yield Found(text, source)
    if name == "datePublished":
        yield from _shown(head.dated, written, changed=False)
        yield from (Found(time, "time") for time in head.times.late if local(time))
    else:
        yield from _shown(head.changed, written, changed=None)
        yield from _shown(head.dated, written, changed=True)


def _mentioned(head: Head, written: str | None) -> Iterator[Found]:
    for time in head.times.changed:
        if local(time):
            yield Found(time, "time")
    yield from _shown((*head.changed, *head.dated), written, changed=None)
    for time in head.times.told:
        if local(time):
            yield Found(time, "time")


def _shown(texts: Sequence[str], written: str | None, *, changed: bool | None) -> Iterator[Found]:
    """Dates in texts marked as such: those that follow a word of change, or those that don't.

    `written`: the language they are written in.
    """
    for text in texts:
        if _moment(text):
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


def _moment(raw: str) -> datetime | None:
    """What an ISO 8601 date says; None for any other, of another calendar, or of no year there was."""
    try:
        moment = datetime.fromisoformat(raw.strip())
    except ValueError:
        return None
    return moment if dates.FIRST_YEAR <= moment.year <= dates.LAST_YEAR else None


def zoned(raw: str) -> str | None:
    """The date in ISO 8601 with its zone; None where none is stated."""
    moment = _moment(raw)
    return moment.isoformat() if moment and moment.tzinfo else None


def is_utc(raw: str) -> bool:
    """Whether a date is a time of day by the clock of Greenwich, as programs write it."""
    moment = _moment(raw)
    return moment is not None and moment.utcoffset() == timedelta(0)


def local(raw: str, language: str | None = None) -> str | None:
    """The date in ISO 8601 without zone; None where it can't be read in one way (`dates.local_iso`)."""
    moment = _moment(raw)
    if moment is None:
        return dates.local_iso(raw, language)
    if len(raw.strip()) <= len("2024-01-31"):
        return moment.date().isoformat()
    return moment.replace(tzinfo=None, microsecond=0).isoformat()


def of_text(told: str | None, hint: str | None) -> Found | None:
    """The language by the words of a text; by the caller's hint where that says more, or they say nothing."""
    hinted = hint.replace("_", "-") if hint and _LANGUAGE.fullmatch(hint.strip()) else None
    if told is None:
        return Found(hinted, "hint") if hinted else None
    same = hinted is not None and dates.base_of(hinted) == dates.base_of(told)
    return Found(hinted if hinted and same else told, "text")


def regional(told: str | None, stated: Found | None) -> str | None:
    """The language of the text, of the region that the page names with it."""
    if stated and (told is None or dates.base_of(told) == dates.base_of(stated.value)):
        return stated.value
    return told


_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def _language(head: Head) -> Found | None:
    for value, source in (
        (head.language, "html:lang"),
        (head.metas.get("og:locale"), "meta:og:locale"),
        (head.metas.get("language"), "meta:language"),
    ):
        if value and _LANGUAGE.fullmatch(value.strip()):
            return Found(value.strip().replace("_", "-"), source)
    return None


def _images(head: Head, works: Sequence[Mapping[str, Any]]) -> Iterator[Found]:
    for key in ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"):
        if value := addresses.absolute(head.metas.get(key), head.base):
            yield Found(value, f"meta:{key}")
    for item in works:
        image = item.get("image")
        for each in image if isinstance(image, list) else [image]:
            address = each.get("url") if isinstance(each, dict) else each
            if isinstance(address, str) and (value := addresses.absolute(address, head.base)):
                yield Found(value, "json-ld")
    if value := addresses.absolute(head.metas.get("image"), head.base):
        yield Found(value, "meta:image")


def _descriptions(head: Head, works: Sequence[Mapping[str, Any]]) -> Iterator[Found]:
    for key in ("og:description", "description", "twitter:description"):
        if value := _text(head.metas.get(key)):
            yield Found(value, f"meta:{key}")
    for item in works:
        if _rank(item) == 0 and (value := _text(item.get("description"))):
            yield Found(value, "json-ld")


def _breadcrumbs(head: Head) -> Iterator[Breadcrumb]:
    for item in head.items:
        if "BreadcrumbList" not in types(item) or not isinstance(item.get("itemListElement"), list):
            continue
        for element in sorted(filter(_is_object, item["itemListElement"]), key=_position):
            thing = element.get("item")
            name = _text(element.get("name") or (thing.get("name") if isinstance(thing, dict) else None))
            url = thing.get("@id") or thing.get("url") if isinstance(thing, dict) else thing
            if name:
                written = url if isinstance(url, str) else None
                yield Breadcrumb(name=name, url=addresses.absolute(written, head.base) or written)
        return


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _position(element: Mapping[str, Any]) -> float:
    """Where a step stands in the path; those that don't say follow in the order they are written."""
    try:
        place = float(element.get("position") or "")
    except (TypeError, ValueError):
        return math.inf
    return math.inf if math.isnan(place) else place
