"""The clean article. Fields follow zyte-common-items and schema.org."""

from collections.abc import Mapping
from typing import Literal

from schemas.base import Output


class Author(Output):
    """An author as the page names them."""

    nameRaw: str


class Breadcrumb(Output):
    """One step of the path to the page."""

    name: str
    """What the page calls it."""
    url: str | None


class Image(Output):
    """An image of the article."""

    url: str


class Part(Output):
    """One post of a thread, or one article of a page that holds several. Offsets as in segments."""

    headline: str | None
    articleBody: str
    authors: tuple[Author, ...]
    datePublishedRaw: str | None
    start: int
    end: int


class Article(Output):
    """What is left when everything else is taken away."""

    headline: str | None
    articleBody: str
    """Paragraphs joined by a blank line; never repeats headline, dateline, byline or source credit."""
    authors: tuple[Author, ...]
    datePublished: str | None
    """ISO 8601 with zone, only where the page states the zone."""
    datePublishedRaw: str | None
    """The date as it stands on the page."""
    datePublishedLocal: str | None
    """ISO 8601 without zone, only where the raw date can be read in one way."""
    sourceCredit: str | None
    keywordsRaw: str | None
    inLanguage: str | None
    """BCP 47 language tag; null where the text is too short or too mixed to tell."""
    textDirection: Literal["ltr", "rtl"]
    url: str | None
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
