"""JSON bytes -> CleanRequest; what does not fit is refused before it is built."""

import binascii
import json
import re
from base64 import b64decode
from dataclasses import dataclass
from typing import Final, NoReturn

from pydantic import ValidationError

from schemas.request import CleanRequest
from service.errors import MalformedJson, SchemaMismatch, UnsupportedMediaType, field_errors, named, told
from service.http.accept import Media, read_content_type

# Possessive quantifiers: a long string is passed over once, without a way back.
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_MARKS: Final = re.compile(rb"[\[\]{},]")
_OPENING: Final = frozenset((b"[", b"{"))
_CLOSING: Final = frozenset((b"]", b"}"))
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_CONTRARY: Final = {"text": (Media.HTML, Media.XHTML), "html": (Media.TEXT,)}
"""Media types that say otherwise than the field does in which the page stands."""


@dataclass(frozen=True, slots=True)
class JsonLimits:
    """How large the structure of a body may be."""

    depth: int
    values: int


def read_envelope(body: bytes, limits: JsonLimits) -> CleanRequest:
    """The request in an envelope. MalformedJson (400) or SchemaMismatch (422) otherwise."""
    value = read_json(body, limits)
    if not isinstance(value, dict):
        raise _mismatch(_failure("(whole body)", "must be a JSON object"))
    try:
        return CleanRequest.model_validate(value)
    except ValidationError as error:
        raise mismatch(error) from None


def read_content(request: CleanRequest) -> bytes | None:
    """The bytes of `contentBase64`, or None where the request holds characters."""
    if request.contentBase64 is None:
        return None
    try:
        return b64decode(request.contentBase64, validate=True)
    except (binascii.Error, ValueError):
        failure = _failure(
            "contentBase64", "must be base64 of RFC 4648 section 4, padded, without white space"
        )
        raise _mismatch(failure) from None


def read_hint(request: CleanRequest) -> str | None:
    """The media type of the content, where it tells text from markup.

    SchemaMismatch if it is none of a page, or not that of the field the page stands in.
    """
    try:
        content_type = read_content_type(request.contentType)
    except UnsupportedMediaType as error:
        raise _mismatch(_failure("contentType", error.detail)) from None
    for field, contrary in _CONTRARY.items():
        if getattr(request, field) is not None and content_type.media in contrary:
            other = next(name for name in _CONTRARY if name != field)
            raise _mismatch(
                _failure(field, f"contradicts contentType {content_type.media}"),
                _failure("contentType", f"{content_type.media} goes with {other} or contentBase64"),
            )
    return content_type.hint


def read_json(body: bytes, limits: JsonLimits) -> object:
    """Strict JSON: UTF-8, no NaN, no name twice in an object; half characters become U+FFFD."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedJson(f"The body is not UTF-8 at byte {error.start}.") from None
    _check_structure(body, limits)
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_number)
    except json.JSONDecodeError as error:
        raise MalformedJson(f"{error.msg} at line {error.lineno}, column {error.colno}.") from None
    except ValueError:  # an integer of thousands of digits
        raise MalformedJson("A number has too many digits.") from None


def whole_characters(text: str) -> str:
    """The text with lone surrogates, which are half a character, replaced by U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    return text


def mismatch(error: ValidationError) -> SchemaMismatch:
    """All failed fields; none of the values."""
    failures = error.errors(include_url=False, include_context=False, include_input=False)
    return _mismatch(*field_errors([dict(failure) for failure in failures], CleanRequest.model_fields))


def _check_structure(body: bytes, limits: JsonLimits) -> None:
    """Count levels and values with the strings left out, so that nothing large is ever built."""
    depth = 0
    for values, mark in enumerate(_MARKS.finditer(_STRING.sub(b"", body)), start=1):
        if values > limits.values:
            raise MalformedJson(f"More than {limits.values} values, the limit (max_json_values).")
        if mark.group() in _OPENING:
            depth += 1
            if depth > limits.depth:
                raise MalformedJson(f"Nested deeper than {limits.depth} levels, the limit (max_json_depth).")
        elif mark.group() in _CLOSING:
            depth -= 1


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise MalformedJson(f"The name {named(name)} stands twice in one object.")
        found[whole_characters(name)] = whole_characters(value) if isinstance(value, str) else value
    return found


def _no_constant(name: str) -> NoReturn:
    raise MalformedJson(f"{name} is not JSON.")


def _number(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise MalformedJson("A number is too large.")
    return value


def _mismatch(*failures: dict[str, str]) -> SchemaMismatch:
    return SchemaMismatch(told(failures), failures)


def _failure(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}
