"""Headers -> what came and what is wanted: media types, content codings, forms of the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import mimeparse

from schemas.request import LANGUAGE_NEEDED, is_language
from service.errors import BadRequest, NotAcceptable, UnsupportedCoding, UnsupportedMediaType, named

MAX_RANGES: Final = 100
"""Media ranges of an Accept header that are read; browsers send fewer than ten."""


class Form(StrEnum):
    """A form of the answer, by its media type; the first is the default."""

    JSON = "application/json"
    TEXT = "text/plain"
    MARKDOWN = "text/markdown"
    JSON_LD = "application/ld+json"


class Media(StrEnum):
    """A media type that a body may have."""

    TEXT = "text/plain"
    HTML = "text/html"
    XHTML = "application/xhtml+xml"
    BYTES = "application/octet-stream"
    JSON = "application/json"


class Coding(StrEnum):
    """A content coding that is undone."""

    GZIP = "gzip"
    DEFLATE = "deflate"
    BROTLI = "br"
    ZSTD = "zstd"


BATCH_MEDIA: Final = "application/x-ndjson"
_BATCH_TYPES: Final = (BATCH_MEDIA, "application/ndjson", "application/jsonl", "application/jsonlines")
_ALIASES: Final = {"x-gzip": Coding.GZIP}
_ACCEPT_POST: Final = {"Accept-Post": ", ".join(Media)}
_ACCEPT_ENCODING: Final = {"Accept-Encoding": ", ".join(Coding)}


@dataclass(frozen=True, slots=True)
class ContentType:
    """What a Content-Type header says."""

    media: Media | None
    """None where the header is missing: the bytes decide."""
    charset: str | None

    @property
    def hint(self) -> str | None:
        """The media type where it tells text from markup, else None: the bytes decide."""
        return None if self.media is Media.BYTES else self.media


def choose_form(accept: str | None) -> Form:
    """The form the client likes best; of equally liked ones the first. NotAcceptable if none."""
    ranges = [part for part in (accept or "").lower().split(",") if part.strip()][:MAX_RANGES]
    if not ranges:
        return Form.JSON
    parsed = []
    for one in ranges:
        try:
            parsed.append(mimeparse.parse_media_range(one))
        except mimeparse.MimeTypeParseException:
            continue
    liking = {form: mimeparse.quality_parsed(form.value, parsed) for form in Form}
    best = max(Form, key=lambda form: liking[form])
    if liking[best] <= 0:
        raise NotAcceptable(f"Forms: {', '.join(Form)}.")
    return best


def read_content_type(header: str | None) -> ContentType:
    """Media type and charset. UnsupportedMediaType for anything that is not a page."""
    if header is None or not header.strip():
        return ContentType(None, None)
    try:
        major, minor, parameters = mimeparse.parse_mime_type(header)
        media = Media(f"{major}/{minor}".lower())
    except (mimeparse.MimeTypeParseException, ValueError) as error:
        detail = f"{named(header)} is not taken. Types taken: {', '.join(Media)}, or none."
        raise UnsupportedMediaType(detail, headers=_ACCEPT_POST) from error
    return ContentType(media, parameters.get("charset") or None)


def check_batch_type(content_type: str | None, accept: str) -> None:
    """UnsupportedMediaType unless the body is NDJSON; NotAcceptable where the client wants something else."""
    media = (content_type or "").partition(";")[0].strip().lower()
    if media not in _BATCH_TYPES:
        detail = (
            f"{named(media) or 'A body without a type'} is not taken. Types taken: {', '.join(_BATCH_TYPES)}."
        )
        raise UnsupportedMediaType(detail, headers={"Accept-Post": ", ".join(_BATCH_TYPES)})
    ranges = [part.partition(";")[0].strip().lower() for part in accept.split(",") if part.strip()]
    if ranges and not {"*/*", "application/*", "application/json", *_BATCH_TYPES} & set(ranges):
        raise NotAcceptable(f"Forms: {BATCH_MEDIA}.")


def read_codings(headers: Sequence[str], limit: int) -> tuple[Coding, ...]:
    """Content codings in the order they were applied. UnsupportedCoding for unknown ones.

    `limit` is how many may be applied one over the other.
    """
    codings = []
    for token in ",".join(headers).lower().split(","):
        name = token.strip()
        if name in ("", "identity"):
            continue
        try:
            codings.append(_ALIASES.get(name) or Coding(name))
        except ValueError as error:
            detail = f"{named(name)} is not taken. Codings taken: {', '.join(Coding)}."
            raise UnsupportedCoding(detail, headers=_ACCEPT_ENCODING) from error
        if len(codings) > limit:
            detail = f"More than {limit} content codings one over the other (max_codings)."
            raise UnsupportedCoding(detail, headers=_ACCEPT_ENCODING)
    return tuple(codings)


def read_source_status(header: str | None) -> int | None:
    """The HTTP status the crawler got. BadRequest unless it is a number from 100 to 599."""
    if header is None:
        return None
    text = header.strip()
    if len(text) == 3 and text.isascii() and text.isdigit() and 100 <= int(text) <= 599:
        return int(text)
    raise BadRequest("X-Source-Status must be a number from 100 to 599.")


def read_language(header: str | None) -> str | None:
    """The page's language; None where several are named. BadRequest for what is no language tag."""
    tags = [tag.strip() for tag in (header or "").split(",") if tag.strip()]
    if not all(map(is_language, tags)):
        raise BadRequest(f"Content-Language: {LANGUAGE_NEEDED}.")
    return tags[0] if len(tags) == 1 else None


def read_location(header: str | None, limit: int = 4096) -> str | None:
    """The page's address. BadRequest where it is longer than `limit` characters."""
    if header is None or not header.strip():
        return None
    if len(header) > limit:
        raise BadRequest(f"Content-Location has {len(header)} characters; the limit is {limit}.")
    try:
        return header.strip().encode("latin-1").decode()
    except UnicodeDecodeError:
        return header.strip()
