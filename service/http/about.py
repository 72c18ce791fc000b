"""GET routes: labels, version, health, documentation."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, Final

from fastapi import APIRouter
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from schemas.about import Calibration, Health, Version
from schemas.labels import LABELS, LabelInfo
from schemas.problem import Problem
from schemas.request import CleanRequest, Profile
from schemas.result import Result
from service import calibration, errors
from service.http import problems
from service.http.render import to_json
from service.pipeline import clean

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
_START: Final = (
    'SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger", deepLinking: true, validatorUrl: null});\n'
)
_HOME: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ghirbal</title>
<link rel="icon" href="data:,">
</head>
<body>
<h1>Ghirbal</h1>
<p>A raw page dump in; a validated clean article, every removed span labelled, and a quality score out.</p>
<p>POST a page to <code>v1/clean</code>. See <a href="docs">the documentation</a>.</p>
</body>
</html>
"""


def router(is_ready: Callable[[], bool]) -> APIRouter:
    """Everything that is only read."""
    routes = APIRouter()
    _add_service(routes, is_ready)
    _add_pages(routes)
    return routes


def _add_service(routes: APIRouter, is_ready: Callable[[], bool]) -> None:
    @routes.get(
        "/v1/labels", summary="The labels a segment can carry", operation_id="labels", tags=["about"],
        response_model=list[LabelInfo],
    )  # fmt: skip
    async def labels() -> Response:
        return JSONResponse([info.model_dump(mode="json") for info in LABELS])

    @routes.get(
        "/v1/version", summary="What answers here", operation_id="version", tags=["about"],
        response_model=Version,
    )  # fmt: skip
    async def version() -> Response:
        return Response(to_json(read_version()), media_type="application/json")

    @routes.get(
        "/livez", summary="Whether the process lives", operation_id="livez", tags=["health"],
        response_model=Health,
    )  # fmt: skip
    async def livez() -> Response:
        return JSONResponse({"status": "ok"})

    @routes.get(
        "/readyz", summary="Whether pages are taken", operation_id="readyz", tags=["health"],
        response_model=Health, responses=problems.responses(errors.NotReady),
    )  # fmt: skip
    async def readyz() -> Response:
        if not is_ready():
            raise errors.NotReady(headers={"Retry-After": "1"})
        return JSONResponse({"status": "ok"})


def _add_pages(routes: APIRouter) -> None:
    @routes.get("/", include_in_schema=False)
    async def home() -> Response:
        return _page(_HOME)

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


@cache
def read_version() -> Version:
    """What answers here, as the engine itself says it."""
    engine = clean(b"").engine
    measured = calibration.report() if calibration.load() is not None else None
    return Version(
        version=engine.version,
        model=engine.model,
        schemaVersion="1",
        profiles=tuple(Profile),
        calibration=Calibration.model_validate(measured) if measured else None,
    )


def extra_schemas() -> dict[str, Any]:
    """Schemas that routes mention by name only, for the OpenAPI description."""
    _, found = models_json_schema(
        [(Result, "serialization"), (Problem, "serialization"), (CleanRequest, "validation")],
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
