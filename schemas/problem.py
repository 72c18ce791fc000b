"""Errors as RFC 9457 problem details."""

from enum import StrEnum

from schemas.base import Output


class ProblemType(StrEnum):
    """Stable problem types: relative references, resolved against the service's address."""

    BAD_REQUEST = "/problems/bad-request"
    MALFORMED_JSON = "/problems/malformed-json"
    BAD_OPTION = "/problems/bad-option"
    BAD_CODING = "/problems/bad-content-coding"
    UNAUTHORIZED = "/problems/unauthorized"
    NOT_FOUND = "/problems/not-found"
    METHOD_NOT_ALLOWED = "/problems/method-not-allowed"
    NOT_ACCEPTABLE = "/problems/not-acceptable"
    TIMEOUT = "/problems/request-timeout"
    HEAD_TOO_LARGE = "/problems/head-too-large"
    TOO_LARGE = "/problems/too-large"
    UNSUPPORTED_MEDIA_TYPE = "/problems/unsupported-media-type"
    UNSUPPORTED_CODING = "/problems/unsupported-content-coding"
    SCHEMA_MISMATCH = "/problems/schema-mismatch"
    TOO_COMPLEX = "/problems/too-complex"
    OVERLOADED = "/problems/overloaded"
    INTERNAL = "/problems/internal"


class Problem(Output):
    """`application/problem+json`."""

    type: ProblemType
    """Stable; a reference relative to the service's address."""
    title: str
    """What the type means."""
    status: int
    """The HTTP status."""
    detail: str
    """What was wrong with this request; never a part of the page."""
    errors: tuple[dict[str, str], ...]
    """For schema mismatches, each failed field; empty otherwise."""
    requestId: str | None
    """What the log knows the request by."""


class BatchProblem(Problem):
    """What a line of a batch is answered with where it could not be cleaned."""

    id: str | None
    """The envelope's, where it could be read."""
    line: int
    """The number of the line, from 1, empty ones counted."""
