"""What can go wrong with a request, one class a kind; each knows its status, type and title.

    ServiceError
    ├── BadRequest            400   a header that cannot be used
    ├── MalformedJson         400   not JSON, or JSON that no envelope looks like
    ├── BadOption             400   an unknown query option, or a value it does not take
    ├── BadCoding             400   a compressed body that is cut short or corrupt
    ├── Unauthorized          401   no key, or one that is not known
    ├── NotFound              404
    ├── MethodNotAllowed      405   with `Allow`
    ├── NotAcceptable         406
    ├── RequestTimeout        408   the client was too slow
    ├── TooLarge              413   on the wire or decompressed
    ├── UnsupportedMediaType  415   with `Accept-Post`
    ├── UnsupportedCoding     415   with `Accept-Encoding`
    ├── SchemaMismatch        422   JSON of the wrong shape
    ├── TooComplex            422   a page that could not be finished in time
    ├── HeadTooLarge          431
    ├── Internal              500   our fault
    └── Overloaded            503   full, starting or stopping; with `Retry-After`

Errors can be pickled, so that they can cross from a worker to the door. `detail` says what was wrong
with the request, and never holds a part of the page.
"""

import inspect
import traceback
from collections.abc import Collection, Iterable, Mapping
from http import HTTPStatus
from typing import ClassVar, Final

from schemas.problem import Problem, ProblemType

MAX_DETAIL = 1000
"""Code points of a detail, and of a field's message."""
MAX_FIELDS = 20
"""Failed fields that are named one by one."""
MAX_NAME = 64
"""Code points of a name that the client chose and that is named back."""


class ServiceError(Exception):
    """An error with a problem type of its own."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    type: ClassVar[ProblemType] = ProblemType.INTERNAL
    title: ClassVar[str] = "Something went wrong on our side"
    example: ClassVar[str] = "The error was logged under the request id."
    always: ClassVar[Mapping[str, str]] = {}
    """Headers that go with it, unless told otherwise."""

    def __init__(
        self,
        detail: str = "",
        errors: Iterable[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        place: str = "",
    ) -> None:
        self.place = place
        """Where in the code it went wrong, for the log alone."""
        self.detail = printable(detail or self.example, MAX_DETAIL)
        self.errors = tuple(dict(error) for error in errors)[:MAX_FIELDS]
        self.headers = {**self.always, **(headers or {})}
        super().__init__(self.detail, self.errors, self.headers, self.place)


class BadRequest(ServiceError):
    """A header that cannot be used."""

    status = HTTPStatus.BAD_REQUEST
    type = ProblemType.BAD_REQUEST
    title = "The request cannot be understood"
    example = "X-Source-Status must be a number from 100 to 599."


class MalformedJson(ServiceError):
    """Not JSON, or JSON that no envelope looks like."""

    status = HTTPStatus.BAD_REQUEST
    type = ProblemType.MALFORMED_JSON
    title = "The body is not well-formed JSON"
    example = "Expecting ',' delimiter at line 1, column 17."


class BadOption(ServiceError):
    """An unknown query option, or a value it does not take."""

    status = HTTPStatus.BAD_REQUEST
    type = ProblemType.BAD_OPTION
    title = "A query option is unknown or has a value it cannot take"
    example = "offsets: must be one of codepoint, utf16, byte."


class BadCoding(ServiceError):
    """A compressed body that is cut short or corrupt."""

    status = HTTPStatus.BAD_REQUEST
    type = ProblemType.BAD_CODING
    title = "The body does not decompress"
    example = "The gzip body ends before its end mark."


class NotFound(ServiceError):
    """No such address."""

    status = HTTPStatus.NOT_FOUND
    type = ProblemType.NOT_FOUND
    title = "There is nothing at this address"
    example = "See /docs for what there is."


class MethodNotAllowed(ServiceError):
    """The address exists, the method does not."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    type = ProblemType.METHOD_NOT_ALLOWED
    title = "This address does not take this method"
    example = "Methods taken here: POST."


class NotAcceptable(ServiceError):
    """Nothing the client accepts can be made."""

    status = HTTPStatus.NOT_ACCEPTABLE
    type = ProblemType.NOT_ACCEPTABLE
    title = "No form of the answer fits the Accept header"
    example = "Forms: application/json, text/plain, text/markdown, application/ld+json."


class TooLarge(ServiceError):
    """Over the limit, on the wire or decompressed."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    type = ProblemType.TOO_LARGE
    title = "The body is over the limit"
    example = "The body is announced with 11534336 bytes; the limit is 10485760 bytes (max_body_bytes)."


class UnsupportedMediaType(ServiceError):
    """A media type that is not a page."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    type = ProblemType.UNSUPPORTED_MEDIA_TYPE
    title = "This media type is not taken"
    example = "Types taken: text/plain, text/html, application/xhtml+xml, application/json."


class UnsupportedCoding(ServiceError):
    """A content coding that is not known."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    type = ProblemType.UNSUPPORTED_CODING
    title = "This content coding is not taken"
    example = "Codings taken: gzip, deflate, br, zstd."


class SchemaMismatch(ServiceError):
    """JSON of the wrong shape; `errors` names each failed field."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    type = ProblemType.SCHEMA_MISMATCH
    title = "The JSON does not have the shape of a request"
    example = "url: Input should be a valid string"


class Internal(ServiceError):
    """Our fault. The cause is in the log, under the request id."""

    def known_as(self, name: str) -> "Internal":
        """The same for one page of many: which kind of fault it was, and the name it is logged under."""
        kind = self.place.partition(" at ")[0] or "of unknown kind"
        return Internal(
            f"A fault of ours ({kind}); where it arose was logged under {name}.", place=self.place
        )


class Unauthorized(ServiceError):
    """No key, or one that is not known."""

    status = HTTPStatus.UNAUTHORIZED
    type = ProblemType.UNAUTHORIZED
    title = "A key is needed"
    example = "Send a key as `Authorization: Bearer KEY` or `X-Api-Key: KEY`."


class RequestTimeout(ServiceError):
    """A client too slow with its request."""

    status = HTTPStatus.REQUEST_TIMEOUT
    type = ProblemType.TIMEOUT
    title = "The request took too long to arrive"
    example = "The body was not complete within 20 seconds, the limit (body_seconds)."
    always: ClassVar[Mapping[str, str]] = {"Connection": "close"}


class HeadTooLarge(ServiceError):
    """A request head over a limit."""

    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    type = ProblemType.HEAD_TOO_LARGE
    title = "The head of the request is over the limit"
    example = "The head has more than 32768 bytes, the limit (max_head_bytes)."


class TooComplex(ServiceError):
    """A page that could not be finished; sending it again is pointless."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    type = ProblemType.TOO_COMPLEX
    title = "The page is too complex"
    example = "It was not done within 10 seconds, the limit (deadline_seconds)."


class Overloaded(ServiceError):
    """No work is taken at the moment: full, starting or stopping. Says when to come again."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    type = ProblemType.OVERLOADED
    title = "The service does not take work at the moment"
    example = "64 pages are waiting; the limit is 64 (max_queue)."
    always: ClassVar[Mapping[str, str]] = {"Retry-After": "1"}


def problem(error: ServiceError, request_id: str | None) -> Problem:
    """The error as RFC 9457 puts it."""
    return Problem(
        type=error.type,
        title=error.title,
        status=error.status.value,
        detail=error.detail,
        errors=error.errors,
        requestId=request_id,
    )


AGAIN: Final = frozenset((HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.SERVICE_UNAVAILABLE))
"""Statuses after which the same request may well be answered."""


def kinds() -> tuple[type[ServiceError], ...]:
    """Every kind of error, by status; those of a status as they stand here."""
    return tuple(sorted(ServiceError.__subclasses__(), key=lambda kind: kind.status))


def meaning(kind: type[ServiceError]) -> str:
    """What a kind of error says, in a line."""
    return inspect.cleandoc(kind.__doc__ or "").partition("\n")[0]


def as_markdown() -> str:
    """The problem types as a Markdown table: type, status, meaning, whether to try again."""
    rows = ["| type | status | when | worth trying again |", "| --- | --- | --- | --- |"]
    rows += [
        f"| `{kind.type}` | {kind.status.value} | {meaning(kind)} | {again} |"
        for kind in kinds()
        for again in ("yes" if kind.status in AGAIN else "no",)
    ]
    return "\n".join(rows) + "\n"


def printable(text: str, limit: int) -> str:
    """One line of at most `limit` code points, safe to write into an answer or a log."""
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: limit + 1])
    return line if len(line) <= limit else line[: limit - 1] + "…"


def named(name: object) -> str:
    """A name that the client chose, short enough to be named back."""
    return printable(str(name), MAX_NAME)


def field_errors(
    failures: Iterable[Mapping[str, object]], known: Collection[str]
) -> tuple[dict[str, str], ...]:
    """Pydantic's failures as field and message; the values that failed are left out.

    At most `MAX_FIELDS` are named. Takes what `ValidationError.errors()` returns; `known` are the names that
    an unknown one is answered with.
    """
    named_failures = []
    for failure in failures:
        location = failure["loc"]
        parts = location if isinstance(location, tuple) else (location,)
        field = "/".join(named(part) for part in parts) or "(whole body)"
        message = str(failure["msg"]).removeprefix("Value error, ")
        if failure["type"] == "extra_forbidden":
            message = f"unknown; known are {', '.join(known)}"
        message = printable(message, MAX_DETAIL // 4)
        named_failures.append({"field": printable(field, 2 * MAX_NAME), "message": message})
        if len(named_failures) == MAX_FIELDS:
            break
    return tuple(named_failures)


def told(failures: Iterable[Mapping[str, str]]) -> str:
    """Failed fields as one sentence, for whoever reads the detail alone."""
    return "; ".join(f"{one['field']}: {one['message']}" for one in failures)


def cause(error: BaseException) -> str:
    """Kind and place of an error. Its message is left out: it may quote the page."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__module__}.{type(error).__qualname__} at {places}"
