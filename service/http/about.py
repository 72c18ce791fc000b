"""GET routes: labels, version, health, documentation."""

from collections.abc import Callable
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, Final

from fastapi import APIRouter
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from schemas.about import Health, Version
from schemas.labels import LABELS, LabelInfo
from schemas.problem import BatchProblem, Problem
from schemas.request import CleanRequest
from schemas.result import BatchResult, Result
from service import errors
from service.http import problems
from service.http.answer import read_version
from service.http.metrics import MEDIA_TYPE, Metrics
from service.http.render import to_json
from service.http.workers import Runner

_ASSETS: Final = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_DOCS: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ghirbal: HTTP interface</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger"></div>
<noscript>The description of this interface is at <a href="openapi.json">openapi.json</a>.</noscript>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_PROBLEM: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ghirbal: {title}</title>
<link rel="icon" href="data:,">
</head>
<body>
<h1>{title}</h1>
<p><code>{type}</code></p>
<dl>{rows}<dt>Such as</dt><dd>{example}</dd></dl>
<p><a href="../docs">The interface</a></p>
</body>
</html>
"""
_START: Final = (
    'SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger", deepLinking: true, validatorUrl: null});\n'
)


def router(is_ready: Callable[[], bool], runner: Runner, metrics: Metrics) -> APIRouter:
    """Everything that is only read."""
    routes = APIRouter()
    _add_service(routes, runner)
    _add_health(routes, is_ready, metrics)
    _add_pages(routes)
    _add_problems(routes)
    return routes


def _add_service(routes: APIRouter, runner: Runner) -> None:
    @routes.get(
        "/v1/labels", summary="The labels a segment can carry", operation_id="labels", tags=["about"],
        response_model=list[LabelInfo], responses=problems.responses(errors.Unauthorized),
    )  # fmt: skip
    async def labels() -> Response:
        return JSONResponse([info.model_dump(mode="json") for info in LABELS])

    @routes.get(
        "/v1/version", summary="What answers here", operation_id="version", tags=["about"],
        response_model=Version, responses=problems.responses(errors.Unauthorized, errors.Overloaded),
    )  # fmt: skip
    async def version() -> Response:
        return Response(to_json(await runner.run(read_version)), media_type="application/json")


def _add_health(routes: APIRouter, is_ready: Callable[[], bool], metrics: Metrics) -> None:
    @routes.get(
        "/livez", summary="Whether the process lives", operation_id="livez", tags=["health"],
        response_model=Health,
    )  # fmt: skip
    async def livez() -> Response:
        return JSONResponse({"status": "ok"})

    @routes.get(
        "/readyz", summary="Whether pages are taken", operation_id="readyz", tags=["health"],
        response_model=Health, responses=problems.responses(errors.Overloaded),
    )  # fmt: skip
    async def readyz() -> Response:
        if not is_ready():
            raise errors.Overloaded("Starting or stopping.")
        return JSONResponse({"status": "ok"})

    @routes.get(
        "/metrics", summary="Counters for Prometheus", operation_id="metrics", tags=["health"],
        response_class=PlainTextResponse,
    )  # fmt: skip
    async def told() -> Response:
        return Response(metrics.text(), media_type=MEDIA_TYPE)


def _add_pages(routes: APIRouter) -> None:
    @routes.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return _page(_DOCS)

    @routes.get("/docs/start.js", include_in_schema=False)
    async def start() -> Response:
        return Response(_START, media_type="text/javascript")

    @routes.get("/docs/{name}", include_in_schema=False)
    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _ASSETS:
            raise errors.NotFound
        return Response(
            _asset(name), media_type=_ASSETS[name], headers={"Cache-Control": "public, max-age=86400"}
        )


def _add_problems(routes: APIRouter) -> None:
    @routes.get("/problems/{name}", include_in_schema=False)
    async def about(request: Request) -> Response:
        path = f"/problems/{request.path_params['name']}"
        for kind in errors.kinds():
            if kind.type == path:
                return _page(_describe(kind))
        raise errors.NotFound


def _describe(kind: type[errors.ServiceError]) -> str:
    """What a problem type means, as a page: its address is what problems are known by."""
    again = "yes, after a while" if kind.status in errors.AGAIN else "no: the answer would be the same"
    facts = {"Status": kind.status.value, "When": errors.meaning(kind), "Worth trying again": again}
    rows = "".join(f"<dt>{name}</dt><dd>{escape(str(told))}</dd>" for name, told in facts.items())
    return _PROBLEM.format(type=kind.type, title=escape(kind.title), rows=rows, example=escape(kind.example))


def extra_schemas() -> dict[str, Any]:
    """Schemas that routes mention by name only, for the OpenAPI description."""
    _, found = models_json_schema(
        [
            (Result, "serialization"),
            (Problem, "serialization"),
            (CleanRequest, "validation"),
            (BatchResult, "serialization"),
            (BatchProblem, "serialization"),
        ],
        ref_template="#/components/schemas/{model}",
    )
    schemas: dict[str, Any] = found["$defs"]
    return schemas


def _page(html: str) -> Response:
    return HTMLResponse(html, headers={"Content-Security-Policy": _CSP, "Referrer-Policy": "no-referrer"})


@cache
def _asset(name: str) -> bytes:
    """A file of Swagger UI, from the package that carries it for use without a network."""
    return files("fastapi_offline").joinpath("static", name).read_bytes()
