"""What the OpenAPI description shows of `POST /v1/clean`: bodies, headers, one worked example."""

from typing import Any, Final

from schemas.request import CleanRequest
from schemas.result import Result
from service.http.accept import BATCH_MEDIA, Coding, Form, Media

_PAGE: Final = (
    "Accept all cookies\n"
    "Bread prices rise for the third time\n"
    "By Jane Doe\n"
    "Bread prices rose on Monday for the third time this year, the ministry said.\n"
    "Share on Facebook\n"
)
_HTML: Final = "<!doctype html><title>Bread</title><p>Bread prices rose on Monday, the ministry said.</p>"
_TEXT: Final = {"type": "string"}
_BYTES: Final = {"type": "string", "format": "binary"}


def _header(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_REQUEST_ID: Final = _header("X-Request-Id", "Returned with the answer, and written to the log.", _TEXT)
_TRACE: Final = _header("traceparent", "W3C trace context; returned with the answer, and logged.", _TEXT)
_CODINGS: Final = _header(
    "Content-Encoding",
    "Codings of the body, in the order they were applied.",
    {"type": "string", "examples": list(Coding)},
)
REQUEST: Final[dict[str, Any]] = {
    "parameters": [
        _header("Content-Location", "Address of the page.", {"type": "string", "maxLength": 4096}),
        _header(
            "Content-Language",
            "BCP 47 tag of the page, as a hint; several say nothing.",
            {"type": "string", "examples": ["en", "pt-BR"]},
        ),
        _header(
            "X-Source-Status",
            "HTTP status the crawler got for the page.",
            {"type": "integer", "minimum": 100, "maximum": 599},
        ),
        _REQUEST_ID,
        _TRACE,
        _CODINGS,
    ],
    "requestBody": {
        "description": "The page.",
        "required": False,
        "content": {
            Media.TEXT.value: {"schema": _TEXT, "example": _PAGE},
            Media.HTML.value: {"schema": _TEXT, "example": _HTML},
            Media.XHTML.value: {"schema": _TEXT, "example": _HTML},
            Media.BYTES.value: {"schema": _BYTES},
            Media.JSON.value: {
                "schema": _ref(CleanRequest.__name__),
                "examples": {
                    "text": {
                        "summary": "A page without tags",
                        "value": {"text": _PAGE, "url": "https://example.org/bread", "id": "page-1"},
                    },
                    "html": {"summary": "A page with markup", "value": {"html": _HTML}},
                    "bytes": {
                        "summary": "Raw bytes",
                        "value": {"contentBase64": "SGVsbG8=", "contentType": "text/plain"},
                    },
                },
            },
        },
    },
}

ANSWER: Final[dict[str, Any]] = {
    "description": "The page was analysed; the verdict says what it is.",
    "headers": {
        "X-Request-Id": {"description": "The request's id.", "schema": _TEXT},
        "X-Quality-Score": {"description": "`quality.score`.", "schema": {"type": "number"}},
        "X-Page-Type": {"description": "`verdict.pageType`.", "schema": _ref("PageType")},
        "X-Decision": {"description": "`verdict.decision`.", "schema": _ref("Decision")},
    },
    "content": {
        Form.JSON.value: {"schema": _ref(Result.__name__)},
        Form.TEXT.value: {"schema": _TEXT},
        Form.MARKDOWN.value: {"schema": _TEXT},
        Form.JSON_LD.value: {"schema": {"type": "object"}},
    },
}

_LINES: Final = (
    '{"id": "page-1", "text": "Bread prices rose on Monday, the ministry said."}\n'
    '{"id": "page-2", "html": "<p>Bread prices rose on Monday, the ministry said.</p>"}\n'
)
BATCH_REQUEST: Final[dict[str, Any]] = {
    "parameters": [_REQUEST_ID, _TRACE, _CODINGS],
    "requestBody": {
        "description": "Envelopes as `POST /v1/clean` takes them, a line each.",
        "required": True,
        "content": {BATCH_MEDIA: {"schema": _TEXT, "example": _LINES}},
    },
}
BATCH_ANSWER: Final[dict[str, Any]] = {
    "description": "A line for each: `BatchResult`, or `BatchProblem`.",
    "headers": {"X-Request-Id": {"description": "The request's id.", "schema": _TEXT}},
    "content": {BATCH_MEDIA: {"schema": {"anyOf": [_ref("BatchResult"), _ref("BatchProblem")]}}},
}
