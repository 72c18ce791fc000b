"""POST /v1/clean: headers and options are checked before a byte of the body is read."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Query, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive

from schemas.request import CleanOptions
from service import errors
from service.http import examples, problems
from service.http.accept import (
    Media,
    choose_form,
    read_codings,
    read_content_type,
    read_language,
    read_location,
    read_source_status,
)
from service.http.answer import Sent, answer_envelope, answer_page
from service.http.coding import Scales
from service.http.envelope import JsonLimits
from service.http.gate import Gate
from service.http.limits import check_announced, read_body
from service.http.metrics import Metrics
from service.http.workers import LARGE, Runner

T = TypeVar("T")

ERRORS: Final = problems.responses(
    errors.BadRequest,
    errors.MalformedJson,
    errors.BadOption,
    errors.BadCoding,
    errors.Unauthorized,
    errors.NotAcceptable,
    errors.RequestTimeout,
    errors.TooLarge,
    errors.UnsupportedMediaType,
    errors.UnsupportedCoding,
    errors.SchemaMismatch,
    errors.TooComplex,
    errors.HeadTooLarge,
    errors.Internal,
    errors.Overloaded,
)


def router(gate: Gate, runner: Runner, metrics: Metrics) -> APIRouter:
    """The route, with its limits and its workers."""
    routes = APIRouter()
    settings = gate.settings
    limits = JsonLimits(depth=settings.max_json_depth, values=settings.max_json_values)
    scales = Scales()

    @routes.post(
        "/v1/clean",
        summary="Clean one page",
        description=_DESCRIPTION,
        operation_id="clean",
        tags=["clean"],
        response_class=Response,
        responses={200: examples.ANSWER, **ERRORS},
        openapi_extra=examples.REQUEST,
    )
    async def clean(request: Request, options: Annotated[CleanOptions, Query()]) -> Response:
        problems.check_once(request.query_params.multi_items())
        headers = request.headers
        form = choose_form(",".join(headers.getlist("accept")))
        content_type = read_content_type(headers.get("content-type"))
        codings = read_codings(headers.getlist("content-encoding"), settings.max_codings)
        url = read_location(headers.get("content-location"))
        language = read_language(",".join(headers.getlist("content-language")))
        status = read_source_status(headers.get("x-source-status"))
        limit = settings.max_body_bytes
        check_announced(headers.get("content-length"), limit)
        with gate.buffered() as buffered:
            body = await read_body(request.stream(), gate, buffered)
            sent = Sent(
                body,
                content_type.hint,
                content_type.charset,
                url,
                status,
                codings if body else (),
                limit,
                language,
            )
            size = await scales.weigh(body, codings, limit)
            if size >= LARGE:
                runner.check_room(size)
            work = (
                runner.run(answer_envelope, sent, options, form, limits, size=size)
                if content_type.media is Media.JSON
                else runner.run(answer_page, sent, options, form, size=size)
            )
            del body, sent
            answer = await unless_gone(request.receive, work)
        metrics.count_page(answer.decision, answer.language)
        return Response(answer.body, headers=answer.headers)

    return routes


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """What the work returns. ClientDisconnect, and an end to the work, where the client leaves first."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


_DESCRIPTION: Final[Any] = """\
Takes a raw page dump and answers with the clean article, every stretch of the page labelled, and a score.

The body is the page itself (`text/plain`, `text/html`, `application/xhtml+xml`), bytes of unknown kind
(`application/octet-stream` or no type at all: the bytes decide), or a JSON envelope. It may be compressed
with `gzip`, `deflate`, `br` or `zstd`. Everything that could be analysed is a 200: a bot wall or an empty
page is a verdict, not an error.

`Accept` chooses the form of the answer: the whole result as JSON; `text/plain`, which is `articleBody` to
the letter; `text/markdown`, which is headline, byline, date and body; or `application/ld+json`, a schema.org
`NewsArticle`. Every form carries score, page type and decision in `X-Quality-Score`, `X-Page-Type` and
`X-Decision`.
"""
