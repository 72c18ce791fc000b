"""The service, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from service import errors
from service.http import about, clean, playground, problems, stream
from service.http.answer import read_version
from service.http.context import HeadAsGet, RequestContext
from service.http.gate import KEYED, Gate, GateKeeper
from service.http.metrics import Metrics
from service.http.workers import Runner, Workers
from service.settings import Settings
from service.version import VERSION

_TITLE = "Ghirbal"
_SUMMARY = "A raw page dump in; a validated clean article, every removed span labelled, and a score out."


def create_app(settings: Settings | None = None, runner: Runner | None = None) -> FastAPI:
    """The ASGI application. Settings come from the environment unless given.

    Pages are cleaned in processes that run from the application's startup to its shutdown, unless
    `runner` is given, who then runs them.
    """
    settings = settings or Settings()
    metrics = Metrics()
    workers = Workers(settings, metrics)
    gate = Gate(settings, runner or workers)
    ready = False

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
        nonlocal ready
        await workers.start()
        try:
            await workers.run(read_version)
            ready = True
            yield {"gate": gate, "metrics": metrics}
        finally:
            ready = False
            await workers.stop()

    app = FastAPI(
        title=_TITLE,
        summary=_SUMMARY,
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        responses=problems.responses(errors.NotFound, errors.MethodNotAllowed, errors.Internal),
    )
    app.state.gate, app.state.workers = gate, workers
    app.add_middleware(GateKeeper, gate=gate)
    app.add_middleware(HeadAsGet)
    app.add_middleware(RequestContext, metrics=metrics)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)
    app.add_exception_handler(errors.ServiceError, problems.on_service_error)
    app.add_exception_handler(HTTPException, problems.on_http_exception)
    app.add_exception_handler(RequestValidationError, problems.on_validation_error)
    app.include_router(clean.router(gate, runner or workers, metrics))
    app.include_router(stream.router(gate, runner or workers, metrics))
    app.include_router(about.router(lambda: ready and not gate.draining, runner or workers, metrics))
    app.include_router(playground.router())
    app.openapi = lambda: _describe(app)  # type: ignore[method-assign]
    return app


async def _on_disconnect(_: Request, __: Exception) -> Response:
    return Response(status_code=400)  # nobody is there to read it


def _ask_for_keys(told: dict[str, Any]) -> None:
    """Say how a key is sent, so that whoever reads /docs can send one."""
    told["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
    }
    for path, operations in told["paths"].items():
        if path.startswith(KEYED):
            for operation in operations.values():
                operation["security"] = [{"bearer": []}, {"key": []}]


def _describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with the schemas that only bodies and problems mention."""
    if app.openapi_schema is None:
        told = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            routes=app.routes,
            license_info=app.license_info,
        )
        schemas = told.setdefault("components", {}).setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        schemas.update(about.extra_schemas())
        if app.state.gate.keyed:
            _ask_for_keys(told)
        app.openapi_schema = told
    return app.openapi_schema
