"""What a caller may send."""

import re
from enum import StrEnum
from typing import Annotated, Final, Self

from annotated_types import Ge, Le, MaxLen
from pydantic import AfterValidator, BeforeValidator, Field, FiniteFloat, model_validator

from schemas.base import Input


class Profile(StrEnum):
    """How boldly to remove."""

    GENERIC = "generic"
    NEWS = "news"
    STRICT = "strict"
    RECALL = "recall"


class OffsetUnit(StrEnum):
    """What offsets count."""

    CODEPOINT = "codepoint"
    UTF16 = "utf16"
    BYTE = "byte"


class SegmentChoice(StrEnum):
    """Which segments to return."""

    ALL = "all"
    REMOVED = "removed"
    NONE = "none"


STATUSES: Final = range(100, 600)
"""HTTP statuses a crawler can have got."""
MAX_LANGUAGE: Final = 35
"""Characters of a language tag."""
LANGUAGE: Final = "^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$"
"""The shape of a BCP 47 tag. Whether there is such a language is nobody's business here."""
LANGUAGE_NEEDED: Final = "a BCP 47 language tag is needed, as en or pt-BR"


def is_language(tag: str) -> bool:
    """Whether a hint has the shape of a language tag."""
    return len(tag) <= MAX_LANGUAGE and re.fullmatch(LANGUAGE, tag) is not None


def _language(tag: str) -> str:
    if not is_language(tag):
        raise ValueError(LANGUAGE_NEEDED)
    return tag


class CleanRequest(Input):
    """A page in a JSON envelope: exactly one of `text`, `html` and `contentBase64`."""

    text: str | None = None
    """A page whose tags are already gone."""
    html: str | None = None
    """A page with its markup."""
    contentBase64: str | None = None
    """The raw bytes, in base64."""
    contentType: Annotated[str, MaxLen(256)] | None = None
    """The media type of `contentBase64`; sniffed when absent. One that contradicts `text` or `html` is
    refused."""
    charset: Annotated[str, MaxLen(64)] | None = None
    """A hint; the bytes win where they say otherwise."""
    url: Annotated[str, MaxLen(4096)] | None = None
    """The address of the page."""
    language: (
        Annotated[
            str,
            AfterValidator(_language),
            Field(json_schema_extra={"pattern": LANGUAGE, "maxLength": MAX_LANGUAGE}),
        ]
        | None
    ) = None
    """BCP 47 tag of the page, if known."""
    siteKey: Annotated[str, MaxLen(256)] | None = None
    """What pages of one site have in common. Taken and not used yet."""
    id: Annotated[str, MaxLen(256)] | None = None
    """Returned unchanged."""
    status: Annotated[int, Ge(STATUSES[0]), Le(STATUSES[-1])] | None = Field(default=None)
    """The HTTP status the crawler got."""

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        given = [n for n in ("text", "html", "contentBase64") if getattr(self, n) is not None]
        if len(given) != 1:
            found = ", ".join(given) if given else "none"
            raise ValueError(f"exactly one of text, html and contentBase64 is needed, found {found}")
        return self


REQUIRABLE: Final = ("headline", "articleBody", "authors", "datePublished", "sourceCredit", "inLanguage")
_FIELD: Final = f"(?:{'|'.join(REQUIRABLE)})"
REQUIRE: Final = f"^{_FIELD}(?:,{_FIELD})*$"


def _fields(names: str) -> str:
    if not set(names.split(",")) <= set(REQUIRABLE):
        raise ValueError(f"fields are {', '.join(REQUIRABLE)}, with commas between")
    return names


def _plain_number(value: object) -> object:
    """0_1 is a number in Python, and nowhere else."""
    if isinstance(value, str) and "_" in value:
        raise ValueError("a number is needed")
    return value


class CleanOptions(Input):
    """The query of `POST /v1/clean`, and the options of `ghirbal clean`."""

    profile: Profile = Profile.GENERIC
    """How boldly to remove, and from which scores on to accept."""
    offsets: OffsetUnit = OffsetUnit.CODEPOINT
    """What offsets count; bytes are those of the page's text in UTF-8."""
    segments: SegmentChoice = SegmentChoice.REMOVED
    """Which segments to return; `removed` is all that were not kept as they stood."""
    minScore: Annotated[FiniteFloat, Ge(0), Le(1), BeforeValidator(_plain_number)] | None = None
    """From 0 to 1: a page that would be accepted with a score below this is sent to review."""
    require: Annotated[str, AfterValidator(_fields), Field(json_schema_extra={"pattern": REQUIRE})] | None = (
        None
    )
    """Fields that must have been found, with commas between, of `headline`, `articleBody`, `authors`,
    `datePublished`, `sourceCredit` and `inLanguage`: a page that lacks one is sent to review."""
    rendered: bool = False
    """Whether to return `renderedText`, the text that offsets count in: of an HTML page, or of text
    that came in another charset than UTF-8 or was repaired."""
