"""POST /v1/clean/batch: a stream of envelopes in, a stream of answers out, as long as the client likes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from schemas.request import CleanOptions
from service.errors import ServiceError
from service.http import examples, problems
from service.http.accept import BATCH_MEDIA, Coding, check_batch_type, read_codings
from service.http.batch import Batch, Line, split
from service.http.clean import ERRORS
from service.http.coding import undo_stream
from service.http.envelope import JsonLimits
from service.http.gate import Gate
from service.http.metrics import Metrics
from service.http.problems import ProblemResponse, request_id
from service.http.workers import Runner

_HEADERS: Final = [
    (b"content-type", BATCH_MEDIA.encode()),
    (b"x-accel-buffering", b"no"),  # a proxy in between passes lines on as they come
]


def router(gate: Gate, runner: Runner, metrics: Metrics) -> APIRouter:
    """The route."""
    routes = APIRouter()
    settings = gate.settings
    limits = JsonLimits(depth=settings.max_json_depth, values=settings.max_json_values)

    @routes.post(
        "/v1/clean/batch",
        summary="Clean pages, a line each",
        description=_DESCRIPTION,
        operation_id="cleanBatch",
        tags=["clean"],
        response_class=Response,
        responses={200: examples.BATCH_ANSWER, **ERRORS},
        openapi_extra=examples.BATCH_REQUEST,
    )
    async def batch(request: Request, options: Annotated[CleanOptions, Query()]) -> Response:
        problems.check_once(request.query_params.multi_items())
        headers = request.headers
        check_batch_type(headers.get("content-type"), ",".join(headers.getlist("accept")))
        codings = read_codings(headers.getlist("content-encoding"), settings.max_codings)
        work = Batch(runner, options, limits, settings.workers, metrics, request_id(request.scope))
        return _Stream(request, work, gate, codings)

    return routes


class _Stream(Response):
    """The answer, made while the body is read."""

    def __init__(self, request: Request, batch: Batch, gate: Gate, codings: Sequence[Coding]) -> None:
        super().__init__()
        self._request = request
        self._batch = batch
        self._gate = gate
        self._codings = codings
        self._number = 0
        """Of the last line that was read."""
        self._ended = asyncio.Event()
        """Set once the body is read."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. All work ends where the client leaves."""
        with self._gate.batch():
            writing = asyncio.ensure_future(self._write(scope, receive, send))
            leaving = asyncio.ensure_future(self._left(receive))
            try:
                await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
                if writing.done():
                    writing.result()
            finally:
                for task in (writing, leaving):
                    task.cancel()
                await asyncio.gather(writing, leaving, return_exceptions=True)

    async def _write(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False
        try:
            async with aclosing(self._batch.answer(self._lines())) as answers:
                async for answer in answers:
                    if not begun:
                        await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
                        begun = True
                    await send({"type": "http.response.body", "body": answer, "more_body": True})
        except ClientDisconnect:
            return
        except ServiceError as error:  # before the first line
            await ProblemResponse(error, request_id(scope))(scope, receive, send)
            return
        if not begun:
            await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _lines(self) -> AsyncIterator[Line]:
        settings = self._gate.settings
        pieces = undo_stream(self._pieces(), self._codings)
        try:
            async for line in split(pieces, settings.max_body_bytes, settings.max_batch_lines):
                self._number = line.number
                yield line
                self._restart()
        except ServiceError as error:
            if not self._number:
                raise
            yield Line(self._number + 1, b"", error)
        finally:
            self._ended.set()

    def _restart(self) -> None:
        self._until = asyncio.get_running_loop().time() + self._gate.settings.body_seconds

    async def _pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes. The time for a line runs only while the client is waited for."""
        stream = self._request.stream()
        self._restart()
        while True:
            async with self._gate.reading(self._until):
                try:
                    piece = await anext(stream)
                except StopAsyncIteration:
                    return
            yield piece

    async def _left(self, receive: Receive) -> None:
        await self._ended.wait()
        while (await receive())["type"] != "http.disconnect":
            pass


_DESCRIPTION: Final[Any] = """\
Takes JSON envelopes, a line each, and answers with a line for each, in order: the result with `status` 200,
or a problem with its own `status`, the `id` of the envelope where it could be read, and the number of the
`line`. A bad line spoils nothing. Empty lines are passed over.

Lines are answered while others are still being sent, so read while you write: where answers are left unread,
no further lines are taken. The body may be compressed. Each line must follow the one before within
`body_seconds`. Leaving ends the work.
"""
