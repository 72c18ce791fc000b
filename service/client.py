"""A client of the service, over httpx: `pip install ghirbal[client]`.

    with Client("http://127.0.0.1:8000") as ghirbal:
        result = ghirbal.clean(page, url="https://example.org/a")
        for answer in ghirbal.clean_batch({"id": str(n), "text": text} for n, text in enumerate(texts)):
            ...

`AsyncClient` is the same with `await` and `async for`. A refusal raises Refused, which holds the problem;
where the service is full, the request is sent again after the time it asks for.
"""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
from typing import Any, Final, Self

import httpx
from pydantic import ValidationError

from schemas.problem import BatchProblem, Problem
from schemas.request import CleanOptions
from schemas.result import BatchResult, Result

Page = str | bytes
Envelope = Mapping[str, object]
BATCH_LINES: Final = 64
"""Lines sent in one request: httpx sends all of it before it reads, so that it must not be much."""
BATCH_BYTES: Final = 1024 * 1024
"""Bytes sent in one request, unless a single line has more."""
_TIMEOUT: Final = 30.0
"""Seconds; the service answers within 15."""
_FULL: Final = 503


class Refused(Exception):
    """The service refused a request; `problem` says why, and is None where it was not the service."""

    def __init__(self, status: int, problem: Problem | None) -> None:
        self.status = status
        self.problem = problem
        super().__init__(f"{status} {problem.title}: {problem.detail}" if problem else str(status))


class _Exchange:
    """What both clients share: what an answer means for the next request. Sending and waiting is theirs."""

    def __init__(self, api_key: str | None, tries: int) -> None:
        if tries < 1:
            raise ValueError("tries must be 1 or more")
        self.headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._tries = tries

    def pause(self, response: httpx.Response, tried: int) -> float | None:
        """Seconds to wait before the request is sent again; None where it is answered. Raises Refused."""
        if response.status_code == httpx.codes.OK:
            return None
        if response.status_code != _FULL or tried >= self._tries:
            raise Refused(response.status_code, _problem(response))
        return _seconds(response)


class Client:
    """Cleans pages by a service at `base_url`. Close it, or use it in a `with` statement."""

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None = None,
        timeout: float = _TIMEOUT,
        tries: int = 5,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`timeout` is in seconds; `tries` is how often a page is sent while the service is full."""
        self._exchange = _Exchange(api_key, tries)
        self._http = httpx.Client(
            base_url=base_url, headers=self._exchange.headers, timeout=timeout, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def clean(
        self,
        page: Page,
        *,
        content_type: str | None = None,
        url: str | None = None,
        language: str | None = None,
        status: int | None = None,
        **options: Any,
    ) -> Result:
        """Clean one page. `options` are those of the query. Raises Refused and httpx.HTTPError."""
        return Result.model_validate_json(
            self._send(_page(page, options, content_type, url, language, status))
        )

    def clean_batch(self, pages: Iterable[Envelope], **options: Any) -> Iterator[BatchResult | BatchProblem]:
        """Clean envelopes, as many as come, a few at a time; an answer for each, in order."""
        for lines in _bundles(pages):
            yield from map(_answer, self._send(_batch(lines, options)).splitlines())

    def _send(self, request: dict[str, Any]) -> bytes:
        for tried in itertools.count(1):
            response = self._http.request("POST", **request)
            pause = self._exchange.pause(response, tried)
            if pause is None:
                break
            time.sleep(pause)
        return response.content


class AsyncClient:
    """The same for asyncio."""

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None = None,
        timeout: float = _TIMEOUT,
        tries: int = 5,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`timeout` is in seconds; `tries` is how often a page is sent while the service is full."""
        self._exchange = _Exchange(api_key, tries)
        self._http = httpx.AsyncClient(
            base_url=base_url, headers=self._exchange.headers, timeout=timeout, transport=transport
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def clean(
        self,
        page: Page,
        *,
        content_type: str | None = None,
        url: str | None = None,
        language: str | None = None,
        status: int | None = None,
        **options: Any,
    ) -> Result:
        """Clean one page. `options` are those of the query. Raises Refused and httpx.HTTPError."""
        return Result.model_validate_json(
            await self._send(_page(page, options, content_type, url, language, status))
        )

    async def clean_batch(
        self, pages: Iterable[Envelope] | AsyncIterable[Envelope], **options: Any
    ) -> AsyncIterator[BatchResult | BatchProblem]:
        """Clean envelopes, as many as come, a few at a time; an answer for each, in order."""
        if isinstance(pages, AsyncIterable):
            bundle: list[Envelope] = []
            async for page in pages:
                bundle.append(page)
                if len(bundle) == BATCH_LINES:
                    for answer in await self._bundle(bundle, options):
                        yield answer
                    bundle = []
            pages = bundle
        chunks = iter(pages)
        while part := list(itertools.islice(chunks, BATCH_LINES)):
            for answer in await self._bundle(part, options):
                yield answer

    async def _bundle(
        self, pages: list[Envelope], options: Mapping[str, Any]
    ) -> list[BatchResult | BatchProblem]:
        answers: list[BatchResult | BatchProblem] = []
        for lines in _bundles(pages):
            answers += map(_answer, (await self._send(_batch(lines, options))).splitlines())
        return answers

    async def _send(self, request: dict[str, Any]) -> bytes:
        for tried in itertools.count(1):
            response = await self._http.request("POST", **request)
            pause = self._exchange.pause(response, tried)
            if pause is None:
                break
            await asyncio.sleep(pause)
        return response.content


def _page(
    page: Page,
    options: Mapping[str, Any],
    content_type: str | None,
    url: str | None,
    language: str | None,
    status: int | None,
) -> dict[str, Any]:
    if content_type is None and isinstance(page, str):
        content_type = "text/plain; charset=utf-8"
    headers = {
        "Content-Type": content_type,
        "Content-Location": url,
        "Content-Language": language,
        "X-Source-Status": status,
    }
    return {
        "url": "/v1/clean",
        "content": page.encode(errors="replace") if isinstance(page, str) else page,
        "headers": {name: str(value).encode() for name, value in headers.items() if value is not None},
        "params": _query(options),
    }


def _batch(lines: Iterable[bytes], options: Mapping[str, Any]) -> dict[str, Any]:
    headers = {"Content-Type": "application/x-ndjson"}
    return {
        "url": "/v1/clean/batch",
        "content": b"".join(lines),
        "headers": headers,
        "params": _query(options),
    }


def _query(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options that are as the service wants them. ValidationError before anything is sent."""
    return CleanOptions(**options).model_dump(mode="json", exclude_unset=True)


def _bundles(pages: Iterable[Envelope]) -> Iterator[list[bytes]]:
    bundle: list[bytes] = []
    size = 0
    for page in pages:
        line = json.dumps(page).encode() + b"\n"
        if bundle and (len(bundle) == BATCH_LINES or size + len(line) > BATCH_BYTES):
            yield bundle
            bundle, size = [], 0
        bundle.append(line)
        size += len(line)
    if bundle:
        yield bundle


def _answer(line: bytes) -> BatchResult | BatchProblem:
    kind = BatchResult if line.startswith(b'{"status":200,') else BatchProblem
    return kind.model_validate_json(line)


def _problem(response: httpx.Response) -> Problem | None:
    try:
        return Problem.model_validate_json(response.content)
    except ValidationError:
        return None


def _seconds(response: httpx.Response) -> float:
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isdecimal() else 1.0
