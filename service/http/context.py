"""What surrounds each request: its id, a line in the log, and an answer whatever happens."""

import logging
import re
import time
import uuid
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import Internal, cause, printable
from service.http.metrics import Metrics
from service.http.problems import ProblemResponse

_SANE_ID: Final = re.compile(r"[A-Za-z0-9._:~+/=@-]{1,128}")
_TRACE: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
UNKNOWN: Final = 2**63
"""For a body whose length was not announced."""
_ACCESS: Final = logging.getLogger("ghirbal.access")
_ERRORS: Final = logging.getLogger("ghirbal.error")


class RequestContext:
    """The outermost layer. Logs address, status and time; never a header, a query or a body."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope)
        known_as = request_id_for(given.get("x-request-id"))
        trace = trace_for(given.get("traceparent"))
        state = scope.setdefault("state", {})
        state["request_id"] = known_as
        state["unread"] = _announced(given)
        began = time.perf_counter()
        status = 0

        async def receive_counted() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                more = message.get("more_body", False)
                state["unread"] = max(0, state["unread"] - len(message.get("body", b""))) if more else 0
            return message

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(raw=message["headers"])
                headers["X-Request-Id"] = known_as
                headers["X-Content-Type-Options"] = "nosniff"
                if trace:
                    headers["traceparent"] = trace
            await send(message)

        try:
            await self._app(scope, receive_counted, send_marked)
        except Exception as error:  # noqa: BLE001 - the last resort: whatever it was, a 500 problem and no page text
            _ERRORS.error("%s id=%s", cause(error), known_as)
            if not status:
                await ProblemResponse(Internal(), known_as)(scope, receive_counted, send_marked)
        finally:
            took = time.perf_counter() - began
            self._metrics.count_request(scope["path"], scope["method"], status, took)
            if _ACCESS.isEnabledFor(logging.INFO):
                told = {
                    "requestId": known_as,
                    "method": scope["method"],
                    "path": printable(scope["path"], 200),
                    "status": status,
                    "milliseconds": round(took * 1000, 1),
                    **({"traceId": trace[3:35]} if trace else {}),
                }
                _ACCESS.info("%(method)s %(path)s %(status)d", told, extra={"told": told})


class HeadAsGet:
    """HEAD is answered as GET is, without the body (RFC 9110, section 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, send_head)


def _announced(headers: Headers) -> int:
    """Bytes of the body that are still to come; without a length, more than any limit."""
    if "transfer-encoding" in headers:
        return UNKNOWN
    length = headers.get("content-length", "0")
    return int(length) if length.isdecimal() and len(length) < 19 else UNKNOWN


def trace_for(traceparent: str | None) -> str | None:
    """W3C trace context as it came, where it is well-formed: it is passed on with the answer."""
    return traceparent if traceparent and _TRACE.fullmatch(traceparent) else None


def request_id_for(given: str | None) -> str:
    """The client's own id where it is short and plain, else a new one."""
    return given if given and _SANE_ID.fullmatch(given) else uuid.uuid4().hex
