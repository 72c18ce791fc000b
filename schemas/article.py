"""The clean article. Fields follow zyte-common-items and schema.org."""

from collections.abc import Mapping
from typing import Literal

from schemas.base import Output


class Author(Output):
    """An author as the page names them."""

    nameRaw: str
    """One name, as the page writes it."""


class Breadcrumb(Output):
    """One step of the path to the page."""

    name: str
    """What the page calls it."""
    url: str | None
    """Its address; null where the page gives none."""


class Image(Output):
    """An image of the article."""

    url: str
    """Its address, as the page gives it."""


class Part(Output):
    """One post of a thread, or one article of a page that holds several. Offsets as in segments."""

    headline: str | None
    """Its own title; null where it has none, as most posts."""
    articleBody: str
    """Its text, joined as that of the whole."""
    authors: tuple[Author, ...]
    """Who wrote it."""
    datePublishedRaw: str | None
    """Its date, as it stands on the page."""
    start: int
    """Where its text begins."""
    end: int
    """Where its text ends."""


class Article(Output):
    """What is left when everything else is taken away."""

    headline: str | None
    """The title; null where none was found."""
    articleBody: str
    """What was kept, and what was flagged. Paragraphs are joined by a blank line; lines of code, rows and
    list items of an HTML page follow each other. Never repeats headline, dateline, byline or source
    credit."""
    authors: tuple[Author, ...]
    """Who wrote it, from the metadata, else the byline."""
    datePublished: str | None
    """`datePublishedRaw` in ISO 8601 with its zone, only where it states one."""
    datePublishedRaw: str | None
    """The date as it was found: the metadata's string, else the words on the page, else the day in the
    page's address; `metadataSources` says which."""
    datePublishedLocal: str | None
    """`datePublishedRaw` in ISO 8601 without zone, only where it can be read in one way. Its time is the
    clock time as stated, in UTC where UTC is stated: nothing is converted."""
    sourceCredit: str | None
    """The agency or paper the text was taken from."""
    keywordsRaw: str | None
    """The page's tags as they stand, without their heading."""
    inLanguage: str | None
    """BCP 47 language tag; null where the text is too short or too mixed to tell."""
    textDirection: Literal["ltr", "rtl"]
    """The direction most letters have."""
    url: str | None
    """The page's address, as the caller gave it."""
    canonicalUrl: str | None
    """The address the page gives as its own."""
    dateModified: str | None
    """ISO 8601; with zone where the page states it."""
    description: str | None
    """The page's own summary, from its meta elements."""
    mainImage: Image | None
    """The image the page gives for previews."""
    breadcrumbs: tuple[Breadcrumb, ...]
    """The path to the page, from its JSON-LD or microdata, outermost first."""
    metadataSources: Mapping[str, str]
    """Where each field was read: `text`, `h1`, `json-ld`, `meta:og:title`, `byline`, `url` and so on."""
    wordCount: int
    """Words of `articleBody`; in scripts without spaces each character counts as one."""
    parts: tuple[Part, ...]
    """The posts of a thread, or the articles of a page that holds several; empty for one text."""
