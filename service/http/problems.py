"""Errors -> `application/problem+json`, in answers and in the OpenAPI description."""

import logging
from collections.abc import Mapping
from typing import Any, Final

import anyio
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from schemas.problem import Problem
from schemas.request import CleanOptions
from service.errors import (
    BadOption,
    BadRequest,
    Internal,
    MethodNotAllowed,
    NotFound,
    ServiceError,
    field_errors,
    named,
    problem,
    told,
)
from service.http.render import to_json

_ERRORS: Final = logging.getLogger("ghirbal.error")
MEDIA_TYPE: Final = "application/problem+json"
LITTLE: Final = 64 * 1024
"""Bytes of an unread body that the server reads on after the answer, and keeps the connection."""
LINGER_BYTES: Final = 64 * 1024 * 1024
"""How much of it at most."""
LINGER_SECONDS: Final = 2
"""How long the rest of a refused body is read and thrown away, so that the client can read why."""


class ProblemResponse(Response):
    """An error as the answer.

    Where much of the body is still to come, the answer is sent at once and the connection closed after
    it; what the client is still sending is thrown away for a moment first, since a connection closed
    over unread data would take the answer with it.
    """

    media_type = MEDIA_TYPE

    def __init__(self, error: ServiceError, request_id: str | None) -> None:
        super().__init__(to_json(problem(error, request_id)), error.status.value, error.headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer."""
        if scope["method"] == "HEAD" or scope.get("state", {}).get("unread", 0) <= LITTLE:
            await super().__call__(scope, receive, send)
            return
        self.headers["Connection"] = "close"
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        if not any(name == b"expect" for name, _ in scope["headers"]):
            await _discard(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _discard(receive: Receive) -> None:
    left = LINGER_BYTES
    with anyio.move_on_after(LINGER_SECONDS):
        while left > 0:
            message = await receive()
            if message["type"] == "http.disconnect" or not message.get("more_body", False):
                return
            left -= len(message.get("body", b""))


async def on_service_error(request: Request, error: Exception) -> Response:
    """One of our own errors."""
    if not isinstance(error, ServiceError):  # pragma: no cover  (registered for ServiceError alone)
        raise error
    if error.place:
        _ERRORS.error("%s id=%s", error.place, request_id(request.scope))
    return ProblemResponse(error, request_id(request.scope))


async def on_http_exception(request: Request, error: Exception) -> Response:
    """An error of the framework: an unknown address or method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    found: ServiceError
    if status == 404:
        found = NotFound()
    elif status == 405:
        headers["Allow"] = allowed(headers.get("Allow", ""))
        found = MethodNotAllowed(f"Methods taken here: {headers['Allow'] or 'none'}.", headers=headers)
    elif status < 500:
        found = BadRequest("The request cannot be understood.")
    else:
        found = Internal()
    return ProblemResponse(found, request_id(request.scope))


async def on_validation_error(request: Request, error: Exception) -> Response:
    """A query that fails its model; the only thing the framework validates here."""
    if not isinstance(error, RequestValidationError):  # pragma: no cover
        raise error
    return ProblemResponse(bad_option(error.errors()), request_id(request.scope))


def bad_option(failures: Any) -> BadOption:
    """Which options failed, and what they may be."""
    stripped = [{**failure, "loc": failure["loc"][-1:]} for failure in failures]
    errors = field_errors(stripped, CleanOptions.model_fields)
    return BadOption(told(errors), errors)


def check_once(query: list[tuple[str, str]]) -> None:
    """Refuse a query that names an option twice."""
    seen: set[str] = set()
    for name, _ in query:
        if name in seen:
            raise BadOption(f"{named(name)}: given more than once.")
        seen.add(name)


def request_id(scope: Scope) -> str | None:
    """The id this request is known by."""
    state: Mapping[str, object] = scope.get("state", {})
    found = state.get("request_id")
    return found if isinstance(found, str) else None


def allowed(given: str) -> str:
    """The methods of an address, as `Allow` names them: whatever is read by GET answers HEAD too."""
    methods = {one.strip() for one in given.split(",") if one.strip()}
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))


def responses(*kinds: type[ServiceError]) -> dict[int | str, dict[str, Any]]:
    """How the OpenAPI description tells of these errors, several to a status if need be."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        entry = found.setdefault(
            kind.status.value,
            {
                "description": kind.title,
                "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}},
            },
        )
        if kind.title not in entry["description"]:
            entry["description"] += f"; or: {kind.title}"
        examples = entry["content"][MEDIA_TYPE].setdefault("examples", {})
        example = problem(kind(), "3f2c9a0e6b1d4c55")
        examples[kind.__name__] = {"summary": kind.title, "value": example.model_dump(mode="json")}
    return found
