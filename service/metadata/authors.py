"""A page's objects, meta elements and bylines -> the names of its authors."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from service import names, sites, titles
from service.detector import phrases
from service.detectors.byline import bare_name
from service.document import Head
from service.folding import fold
from service.metadata.found import Found
from service.metadata.wording import readable
from service.metadata.works import Work, is_article

# Characters, and words of a name that stands where others have buttons
MAX_NAME: Final = 80
MAX_NAME_WORDS: Final = 6
MAX_AUTHORS: Final = 20
_ADDRESS: Final = re.compile(r"https?://|www\.|@|/")
# Detectors whose phrases are what menus, buttons and forums say where others have a name
_BUTTONS: Final = ("navigation", "forum_chrome", "share_widget", "access_notice", "newsletter", "byline")
# Meta elements, the best first
_AUTHOR: Final = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "byl", "cxenseparse:author", "citation_author", "article:author_name",
)  # fmt: skip
# Of these each names one author, by the last name first
_LIBRARIES: Final = frozenset(("citation_author", "dc.creator", "dcterms.creator"))


def named(head: Head, works: Sequence[Work]) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """The authors by the best source that names people, and by the best that names the site or a role."""
    site = sites.names(head)
    house: tuple[Found, ...] = ()
    for signed, source in _signed(head, works):
        found = tuple(Found(name, source) for name in dict.fromkeys(signed[:MAX_AUTHORS]))
        people = tuple(each for each in found if not names.is_house(each.value, site))
        if people:
            return people, house
        house = house or found
    return (), house


def _signed(head: Head, works: Sequence[Work]) -> Iterator[tuple[list[str], str]]:
    """Names that each source gives, the best source first."""
    people = {item["@id"]: item for item in head.items if isinstance(item.get("@id"), str)}
    for item in works:
        if is_article(item):
            yield list(_names(item.get("author") or item.get("creator"), people)), "json-ld"
    for key in _AUTHOR:
        stated = map(readable, head.writers.get(key) or (head.metas.get(key),))
        if key in _LIBRARIES:
            stated = map(names.turned, stated)
        listed = (bare_name(name) for text in stated for name in names.split(text))
        yield [name for name in listed if _is_name(name)], f"meta:{key}"
    lines = (bare_name(text) for text in head.bylines if not names.is_credit(text))
    shown = (name for line in lines for name in names.split(line))
    yield [name for name in shown if _is_name(name) and _is_short(name)], "byline"


def _names(value: object, people: Mapping[str, Work]) -> Iterator[str]:
    """The names of those who are listed, or referred to by their `@id`."""
    for each in value if isinstance(value, list) else [value]:
        stated = bare_name(readable(_name(each, people) if isinstance(each, dict) else each))
        yield from filter(_is_name, names.split(stated))


def _name(person: Work, people: Mapping[str, Work]) -> object:
    """The name an object has, else that of the object which it refers to."""
    key = person.get("@id")
    return person.get("name") or (people[key].get("name") if isinstance(key, str) and key in people else None)


def _is_short(text: str) -> bool:
    """Whether a text has no more words than names do, the look of one, and is no button's."""
    if len(text.split()) > 1 and not titles.name_like(text, MAX_NAME_WORDS):
        return False
    plain = fold(text).strip(" !:.")
    return not any(plain in phrases(detector) for detector in _BUTTONS)


def _is_name(text: str) -> bool:
    return 1 < len(text) <= MAX_NAME and not _ADDRESS.search(text) and any(c.isalpha() for c in text)
