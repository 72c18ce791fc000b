"""What surrounds each request: its id, a line in the log, and an answer whatever happens."""

import logging
import re
import time
import traceback
import uuid
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import Internal, printable
from service.http.problems import ProblemResponse

_SANE_ID: Final = re.compile(r"[A-Za-z0-9._:~+/=@-]{1,128}")
_ACCESS: Final = logging.getLogger("ghirbal.access")
_ERRORS: Final = logging.getLogger("ghirbal.error")


class RequestContext:
    """The outermost layer. Logs address, status and time; never a header, a query or a body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        known_as = request_id_for(Headers(scope=scope).get("x-request-id"))
        scope.setdefault("state", {})["request_id"] = known_as
        began = time.perf_counter()
        status = 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(raw=message["headers"])
                headers["X-Request-Id"] = known_as
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        try:
            await self._app(scope, receive, send_marked)
        except Exception as error:  # noqa: BLE001 - the last resort: whatever it was, a 500 problem and no page text
            _ERRORS.error("%s id=%s", cause(error), known_as)
            if not status:
                await ProblemResponse(Internal(), known_as)(scope, receive, send_marked)
        finally:
            took = (time.perf_counter() - began) * 1000
            path = printable(scope["path"], 200)
            _ACCESS.info("%s %s %d %.1fms id=%s", scope["method"], path, status, took, known_as)


def request_id_for(given: str | None) -> str:
    """The client's own id where it is short and plain, else a new one."""
    return given if given and _SANE_ID.fullmatch(given) else uuid.uuid4().hex


def cause(error: BaseException) -> str:
    """Kind and place of an error. Its message is left out: it may quote the page."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__module__}.{type(error).__qualname__} at {places}"
