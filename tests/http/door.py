"""A client for the application, in the same process."""

from collections.abc import AsyncIterable, Callable, Iterable, Mapping
from typing import Any, TypeVar, TypeVarTuple

import anyio
import anyio.to_thread
import httpx

from service.http.app import create_app
from service.settings import Settings

TEXT = {"Content-Type": "text/plain; charset=utf-8"}
T = TypeVar("T")
Ts = TypeVarTuple("Ts")
HTML = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}


class Here:
    """Runs functions in this process, in place of workers; a thread each, so that the loop goes on."""

    async def run(self, function: Callable[[*Ts], T], *args: *Ts, size: int = 0, patient: bool = False) -> T:
        del size, patient
        return await anyio.to_thread.run_sync(function, *args)

    def check_room(self, size: int) -> None:
        del size


class Door:
    """Asks one application, an event loop a question."""

    def __init__(self, **settings: Any) -> None:
        self.app = create_app(Settings(**settings), Here())

    def ask(
        self,
        method: str,
        path: str,
        *,
        content: bytes | AsyncIterable[bytes] = b"",
        headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
    ) -> httpx.Response:
        """One request and its answer. httpx adds an `Accept: */*` of its own."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://ghirbal.test") as client:
                sent = list(headers.items()) if isinstance(headers, Mapping) else list(headers or [])
                return await client.request(method, path, content=content, headers=sent)

        return anyio.run(send)

    def clean(
        self,
        content: bytes | AsyncIterable[bytes] = b"",
        headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = TEXT,
        query: str = "",
    ) -> httpx.Response:
        """POST a page."""
        return self.ask("POST", f"/v1/clean{query}", content=content, headers=headers)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """GET an address."""
        return self.ask("GET", path, headers=headers)


def problem_of(response: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The problem an answer holds, after checking what holds for every problem."""
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-request-id"]
    assert len(response.content) <= 8192
    assert "Traceback" not in response.text
    told: dict[str, Any] = response.json()
    assert set(told) == {"type", "title", "status", "detail", "errors", "requestId"}
    assert told["type"] == f"/problems/{kind}"
    assert told["status"] == status
    assert told["requestId"] == response.headers["x-request-id"]
    assert told["detail"]
    return told
