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
    """What settled it."""
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
    """What was checked."""
    code: str
    """Stable name of the check."""
    message: str
    """What was found, for a person."""
    severity: Severity
    """How much it weighs."""


class Accounting(Output):
    """Where every character of the page went. The five counts add up to `length`."""

    offsetUnit: OffsetUnit
    """What is counted."""
    length: int
    """Of the page's text."""
    kept: int
    """In the body as it stood."""
    lifted: int
    """Taken out of the body into a field."""
    removed: int
    """Taken out."""
    flagged: int
    """In doubt, and in the body."""
    whitespace: int
    """Between segments."""


class Engine(Output):
    """What made this answer."""

    version: str
    """The engine's version: the same bytes, options and version give the same answer."""
    model: str | None
    """The labeller's version; null where rules work alone."""
    profile: Profile
    """The profile that was used."""


class Result(Output):
    """The answer to `POST /v1/clean`."""

    id: str | None
    """The envelope's; null without one."""
    schemaVersion: Literal["1"]
    """Of this answer's form."""
    article: Article
    """The clean article."""
    verdict: Verdict
    """What was fetched, and what to do with it."""
    quality: Quality
    """How far to trust it."""
    validation: tuple[ValidationMessage, ...]
    """Every check that failed."""
    encoding: Encoding
    """Which charset, by which evidence, and what was mended."""
    segments: tuple[Segment, ...]
    """The page in order; which ones is asked for with `segments`."""
    accounting: Accounting
    """Where every character went."""
    engine: Engine
    """What made the answer."""
    renderedText: str | None
    """On request, the text that offsets count in, where it is not simply the UTF-8 that came: the
    plain-text rendering of HTML, and text that came in another charset or was repaired."""


class BatchResult(Result):
    """What a line of a batch is answered with: the result, and `status` before it."""

    status: Literal[200]
    """As in HTTP."""
