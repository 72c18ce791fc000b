"""The clean article. Fields follow zyte-common-items and schema.org."""

from typing import Literal

from schemas.base import Output


class Author(Output):
    """An author as the page names them."""

    nameRaw: str


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
    wordCount: int
    """Words of `articleBody`; in scripts without spaces each character counts as one."""
    parts: tuple[Part, ...]
