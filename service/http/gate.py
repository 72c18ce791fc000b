"""Who is let in: keys, room in the line, memory for bodies, time to send them. Told from heads alone."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from hashlib import sha256
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import Overloaded, RequestTimeout, ServiceError, Unauthorized
from service.http.problems import ProblemResponse, request_id
from service.http.workers import Runner
from service.settings import Settings

FREE_BYTES: Final = 64 * 1024
"""Bytes of a body that are always let in, so that large bodies on their way never keep out small ones."""
DRAIN_BODY_SECONDS: Final = 3.0
"""How long after SIGTERM bodies are still read."""
_STOPPING: Final = "The service is stopping, and this had not arrived."
_MIB: Final = 1024 * 1024
KEYED: Final = "/v1/"
"""What stands below it asks for a key, where there are keys."""
_BATCH: Final = "/v1/clean/batch"
_WORK: Final = frozenset(("/v1/clean", _BATCH))


class Buffered:
    """The bytes of one body that are held."""

    def __init__(self, gate: "Gate") -> None:
        self._gate = gate
        self._length = 0

    def grow(self, length: int) -> None:
        """More of it is held. Overloaded where all bodies together would be too much."""
        self._length += length
        self._gate.held += length
        limit = self._gate.settings.max_buffered_mb
        if self._length > FREE_BYTES and self._gate.held > limit * _MIB:
            raise Overloaded(f"Bodies of {limit} MiB are being read, the limit (max_buffered_mb).")

    def release(self) -> None:
        """None of it is held any more."""
        self._gate.held -= self._length
        self._length = 0


class Gate:
    """What is open to whom. One an application."""

    def __init__(self, settings: Settings, runner: Runner) -> None:
        self.settings = settings
        self.held = 0
        """Bytes of bodies in memory."""
        self.draining = False
        """Whether the service is about to stop."""
        self._runner = runner
        self._digests = [
            _digest(key.strip()) for key in settings.api_keys.get_secret_value().split(",") if key.strip()
        ]
        self._batches = 0
        self._closed = False
        self._readers: set[asyncio.Timeout] = set()

    @property
    def keyed(self) -> bool:
        """Whether there are keys."""
        return bool(self._digests)

    def check(self, scope: Scope) -> None:
        """Unauthorized without a good key; Overloaded where a page would wait too long."""
        if not scope["path"].startswith(KEYED):
            return
        headers = Headers(scope=scope)
        if self._digests and not self._knows(headers):
            raise Unauthorized(headers={"WWW-Authenticate": 'Bearer realm="ghirbal"'})
        if scope["method"] == "POST" and scope["path"] in _WORK:
            limit = self.settings.max_batches
            if scope["path"] == _BATCH:
                if self._batches >= limit:
                    raise Overloaded(f"{limit} batches are under way, the limit (max_batches).")
                return
            announced = headers.get("content-length", "")
            self._runner.check_room(int(announced) if announced.isdecimal() and len(announced) < 19 else 0)

    @contextmanager
    def buffered(self) -> Iterator[Buffered]:
        """Room for one body, from its first byte to its answer."""
        buffered = Buffered(self)
        try:
            yield buffered
        finally:
            buffered.release()

    @asynccontextmanager
    async def reading(self, until: float | None = None) -> AsyncIterator[None]:
        """The time a client is given to send: from now on, unless `until` says how long on the loop's clock.

        RequestTimeout after it; Overloaded where the service stops.
        """
        seconds = self.settings.body_seconds
        if self._closed:
            raise Overloaded(_STOPPING)
        if until is None:
            until = asyncio.get_running_loop().time() + seconds
        try:
            async with asyncio.timeout_at(until) as timeout:
                self._readers.add(timeout)
                try:
                    yield
                finally:
                    self._readers.discard(timeout)
        except TimeoutError:
            if self.draining:
                raise Overloaded(_STOPPING) from None
            limit = f"{seconds:g} seconds, the limit (body_seconds)"
            raise RequestTimeout(f"The body was not complete within {limit}.") from None

    @contextmanager
    def batch(self) -> Iterator[None]:
        """One batch more, from its head to its last answer."""
        self._batches += 1
        try:
            yield
        finally:
            self._batches -= 1

    def drain(self) -> None:
        """From now on the service is not ready, and soon no body is read any further."""
        self.draining = True
        asyncio.get_running_loop().call_later(DRAIN_BODY_SECONDS, self._stop_reading)

    def _stop_reading(self) -> None:
        self._closed = True
        for timeout in tuple(self._readers):
            timeout.reschedule(asyncio.get_running_loop().time())

    def _knows(self, headers: Headers) -> bool:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        given = token.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")
        digest = _digest(given)
        found = False
        for known in self._digests:  # all of them, so that the time taken tells nothing
            found |= hmac.compare_digest(known, digest)
        return found


def _digest(key: str) -> bytes:
    return sha256(key.encode(errors="replace")).digest()


class GateKeeper:
    """The layer that asks the gate, before anything else looks at a request."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or answer why not."""
        if scope["type"] == "http":
            try:
                self._gate.check(scope)
            except ServiceError as error:
                await ProblemResponse(error, request_id(scope))(scope, receive, send)
                return
        await self._app(scope, receive, send)
