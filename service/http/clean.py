"""POST /v1/clean: headers and options are checked before a byte of the body is read."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from schemas.request import CleanOptions
from service import errors
from service.http import examples, problems
from service.http.accept import (
    ContentType,
    Form,
    Media,
    choose_form,
    read_codings,
    read_content_type,
    read_location,
    read_source_status,
)
from service.http.answer import Answer, Sent, answer_envelope, answer_page
from service.http.envelope import JsonLimits
from service.http.limits import check_announced, read_body
from service.http.workers import Workers
from service.settings import Settings

ERRORS: Final = problems.responses(
    errors.BadRequest,
    errors.MalformedJson,
    errors.BadOption,
    errors.BadCoding,
    errors.NotAcceptable,
    errors.TooLarge,
    errors.UnsupportedMediaType,
    errors.UnsupportedCoding,
    errors.SchemaMismatch,
    errors.Internal,
)


def router(settings: Settings, workers: Workers) -> APIRouter:
    """The route, with its limits and its workers."""
    routes = APIRouter()
    limits = JsonLimits(depth=settings.max_json_depth, values=settings.max_json_values)

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
        status = read_source_status(headers.get("x-source-status"))
        check_announced(headers.get("content-length"), settings.max_body_bytes)
        try:
            body = await read_body(request.stream(), codings, settings.max_body_bytes)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        sent = Sent(body, content_type.hint, content_type.charset, url, status)
        answer = await workers.run(_work(sent, content_type, options, form, limits))
        return Response(answer.body, headers=answer.headers)

    return routes


def _work(
    sent: Sent, content_type: ContentType, options: CleanOptions, form: Form, limits: JsonLimits
) -> Callable[[], Answer]:
    if content_type.media is Media.JSON:
        return partial(answer_envelope, sent, options, form, limits)
    return partial(answer_page, sent, options, form)


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
