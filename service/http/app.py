"""The service, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException

from service import errors
from service.http import about, clean, playground, problems
from service.http.context import RequestContext
from service.http.workers import Workers
from service.settings import Settings
from service.version import VERSION

_TITLE = "Ghirbal"
_SUMMARY = "A raw page dump in; a validated clean article, every removed span labelled, and a score out."


def create_app(settings: Settings | None = None) -> FastAPI:
    """The ASGI application. Settings come from the environment unless given."""
    settings = settings or Settings()
    workers = Workers(settings.workers)
    ready = False

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        nonlocal ready
        await workers.run(about.read_version)  # cleans a page: phrases and model are loaded now
        ready = True
        yield
        ready = False

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
    app.add_middleware(RequestContext)
    app.add_exception_handler(errors.ServiceError, problems.on_service_error)
    app.add_exception_handler(HTTPException, problems.on_http_exception)
    app.add_exception_handler(RequestValidationError, problems.on_validation_error)
    app.include_router(clean.router(settings, workers))
    app.include_router(about.router(lambda: ready))
    app.include_router(playground.router())
    app.openapi = lambda: _describe(app)  # type: ignore[method-assign]
    return app


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
        app.openapi_schema = told
    return app.openapi_schema
