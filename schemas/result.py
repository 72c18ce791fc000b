"""The whole answer for one page."""

from enum import StrEnum
from typing import Literal

from schemas.article import Article
from schemas.base import Output
from schemas.quality import Quality
from schemas.request import OffsetUnit, Profile
from schemas.segment import Segment
from schemas.verdict import Verdict


class EncodingSource(StrEnum):
    """The evidence that settled the charset, strongest first."""

    TEXT = "text"  # the caller sent characters (JSON), there was nothing to decode
    BOM = "bom"
    VALID_UTF8 = "valid-utf8"
    DECLARED = "declared"
    NUL_PATTERN = "nul-pattern"
    DETECTED = "detected"
    FALLBACK = "fallback"


class Encoding(Output):
    """How bytes became text."""

    charset: str
    """The charset used, by its name in the WHATWG Encoding Standard where it has one."""
    source: EncodingSource
    declared: str | None
    """What the caller or the page declared, as it was written; null if nothing was."""
    repairs: tuple[str, ...]
    """What was mended, e.g. `mojibake:windows-1256`, `replaced-invalid-bytes`."""


class Severity(StrEnum):
    """How much a failed check weighs."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class ValidationMessage(Output):
    """A check that failed."""

    field: str
    code: str
    message: str
    severity: Severity


class Accounting(Output):
    """Where every character of the page went. The five counts add up to `length`."""

    offsetUnit: OffsetUnit
    length: int
    kept: int
    lifted: int
    removed: int
    flagged: int
    whitespace: int


class Engine(Output):
    """What made this answer."""

    version: str
    model: str | None
    profile: Profile


class Result(Output):
    """The answer to `POST /v1/clean`."""

    id: str | None
    schemaVersion: Literal["1"]
    article: Article
    verdict: Verdict
    quality: Quality
    validation: tuple[ValidationMessage, ...]
    encoding: Encoding
    segments: tuple[Segment, ...]
    accounting: Accounting
    engine: Engine
    renderedText: str | None
    """On request, the text that offsets count in, where it is not simply the UTF-8 that came: the
    plain-text rendering of HTML, and text that came in another charset or was repaired."""


class BatchResult(Result):
    """What a line of a batch is answered with: the result, and `status` before it."""

    status: Literal[200]
