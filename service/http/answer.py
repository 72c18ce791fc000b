"""What was sent -> the answer, bytes to bytes: all the work of a request that needs no network.

Pure and picklable: workers run it, whom a bomb or a deep JSON body can only hold up for their own page.
The command line calls it too, so that both doors answer with the same bytes.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from schemas.about import Calibration, Version
from schemas.request import CleanOptions, CleanRequest, Profile
from schemas.result import Result
from service import calibration, offsets
from service.article import Paragraph
from service.decode import decode, from_text
from service.document import Decoded
from service.errors import ServiceError
from service.http.accept import Coding, Form
from service.http.coding import undo
from service.http.envelope import JsonLimits, read_content, read_envelope, read_hint, read_json
from service.http.render import render
from service.pipeline import analyse, clean

MAX_ID: Final = 256
"""Code points of an id, as in the envelope's schema."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A page and what was said of it."""

    body: bytes
    content_type: str | None = None
    """`text/plain`, `text/html`, `application/xhtml+xml`, or None: the bytes decide."""
    charset: str | None = None
    url: str | None = None
    status: int | None = None
    """The HTTP status the crawler got."""
    codings: Sequence[Coding] = ()
    """Content codings of `body`, in the order they were applied."""
    limit: int = sys.maxsize
    """Bytes the body may have after each coding is undone."""
    language: str | None = None
    """BCP 47 tag."""

    @property
    def content(self) -> bytes:
        """The body without its codings. Raises TooLarge and BadCoding."""
        return undo(self.body, self.codings, self.limit)


@dataclass(frozen=True, slots=True)
class Examined:
    """A page and its result, whole and as asked for."""

    page_text: str
    """What the offsets of `complete` count in, in code points."""
    complete: Result
    asked: Result
    body: tuple[Paragraph, ...]
    """What the article's body is joined from."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer, its own headers, and what is counted of it."""

    body: bytes
    headers: dict[str, str]
    decision: str
    language: str | None


def answer_page(sent: Sent, options: CleanOptions, form: Form) -> Answer:
    """The answer for a page sent as it is. Any bytes have one."""
    return answer(examine_page(sent, options), form)


def answer_envelope(sent: Sent, options: CleanOptions, form: Form, limits: JsonLimits) -> Answer:
    """The answer for a page in a JSON envelope. Raises MalformedJson and SchemaMismatch."""
    return answer(examine_envelope(sent, options, limits), form)


def examine_page(sent: Sent, options: CleanOptions) -> Examined:
    """The result for a page sent as it is. Any bytes have one."""
    decoded = decode(sent.content, content_type=sent.content_type, charset=sent.charset)
    return _examine(decoded, options, url=sent.url, language=sent.language, status=sent.status)


def examine_envelope(sent: Sent, options: CleanOptions, limits: JsonLimits) -> Examined:
    """The result for a page in a JSON envelope. Raises MalformedJson and SchemaMismatch.

    Where the envelope is silent, `sent` speaks for `url`, `language` and `status`.
    """
    request = read_envelope(sent.content, limits)
    return _examine(
        decode_request(request),
        options,
        url=request.url if request.url is not None else sent.url,
        language=request.language if request.language is not None else sent.language,
        status=request.status if request.status is not None else sent.status,
        id=request.id,
    )


def decode_request(request: CleanRequest) -> Decoded:
    """The page of an envelope as text. Raises SchemaMismatch."""
    hint = read_hint(request)
    content = read_content(request)
    if content is not None:
        return decode(content, content_type=hint, charset=request.charset)
    html = request.html is not None
    return from_text(request.html if request.html is not None else request.text or "", html=html)


def answer(examined: Examined, form: Form) -> Answer:
    """The answer in one form."""
    body = render(form, examined.asked, examined.complete, examined.body)
    complete = examined.complete
    return Answer(body, _headers(complete, form), complete.verdict.decision, complete.article.inLanguage)


def answer_line(line: bytes, options: CleanOptions, limits: JsonLimits) -> Answer:
    """The answer for a line of a batch, an envelope: the result with `status` before it, and a line break.

    Raises MalformedJson and SchemaMismatch.
    """
    found = answer_envelope(Sent(line), options, Form.JSON, limits)
    return replace(found, body=b'{"status":200,' + found.body[1:] + b"\n")


def read_id(line: bytes, limits: JsonLimits) -> str | None:
    """The `id` of a line that was refused, where it can be read all the same."""
    try:
        value = read_json(line, limits)
    except ServiceError:
        return None
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str) and len(found) <= MAX_ID else None


@cache
def read_version() -> Version:
    """What answers here, as the engine itself says it."""
    engine = clean(b"").engine
    measured = calibration.report() if calibration.load() is not None else None
    return Version(
        version=engine.version,
        model=engine.model,
        schemaVersion="1",
        profiles=tuple(Profile),
        calibration=Calibration.model_validate(measured) if measured else None,
    )


def _examine(
    decoded: Decoded,
    options: CleanOptions,
    *,
    url: str | None,
    status: int | None,
    language: str | None = None,
    id: str | None = None,
) -> Examined:
    result, page_text, body = analyse(
        decoded, url=url, language=language, status=status, profile=options.profile
    )
    complete = offsets.hold_without(offsets.hold_below(result, options.minScore), options.require)
    asked = offsets.present(
        complete,
        page_text,
        offsets=options.offsets,
        segments=options.segments,
        rendered=options.rendered,
        id=id,
    )
    return Examined(page_text, complete, asked, body)


def _headers(result: Result, form: Form) -> dict[str, str]:
    charset = "" if form in (Form.JSON, Form.JSON_LD) else "; charset=utf-8"
    return {
        "Content-Type": f"{form}{charset}",
        "Vary": "Accept",
        "X-Quality-Score": f"{result.quality.score:.4f}",
        "X-Page-Type": result.verdict.pageType,
        "X-Decision": result.verdict.decision,
    }
