"""The server: uvicorn, watching for connections that are slow, stuck or broken; its end loses nothing."""

import asyncio
import logging
import resource
import signal
import sys
from typing import Any, Final

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from service.errors import BadRequest, HeadTooLarge, RequestTimeout, ServiceError, problem
from service.http import logs
from service.http.app import create_app
from service.http.context import request_id_for
from service.http.framing import BadFraming, Connection
from service.http.gate import Gate
from service.http.metrics import Metrics
from service.http.problems import LINGER_SECONDS, MEDIA_TYPE
from service.http.render import to_json
from service.http.workers import Workers
from service.settings import Settings

KEEP_ALIVE_SECONDS: Final = 60
"""How long an idle connection is kept; longer than clients' pools do, so that they end it and not we."""
GRACE_SECONDS: Final = 0.5
"""After SIGTERM, how long what is on its way already is still taken."""
LAST_SECONDS: Final = 1
"""After `shutdown_seconds`, how long the refusals of what is left may take."""
_MIB: Final = 1024 * 1024
_ACCESS: Final = logging.getLogger("ghirbal.access")


class GuardedProtocol(H11Protocol):
    """One connection. `watch` is called several times a second and ends what is overdue."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._gate: Gate = self.app_state["gate"]
        self._metrics: Metrics = self.app_state["metrics"]
        self._settings = self._gate.settings
        self.conn = Connection(self._settings)
        self._since = self.loop.time()
        """Since when a head, or the rest of a refused body, is waited for."""
        self.stalled_since: float | None = None
        """Since when the client leaves an answer unread."""

    @property
    def idle(self) -> bool:
        """Whether no request is under way."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def unsent(self) -> int:
        """Bytes of answers the client has not read."""
        return self.transport.get_write_buffer_size()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection; the one idle longest makes room for it."""
        super().connection_made(transport)
        if len(self.connections) > self._settings.max_connections:
            others = [one for one in self.connections if isinstance(one, GuardedProtocol) and one is not self]
            idle = min((one for one in others if one.idle), key=lambda one: one._since, default=self)
            idle.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        if self.idle and not self.conn.trailing_data[0] and self.conn.their_state is h11.IDLE:
            self._since = self.loop.time()
        super().data_received(data)

    def eof_received(self) -> bool:  # type: ignore[override]
        """The client sends no more: what it asked for in full is answered all the same."""
        if self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body:
            self.cycle.keep_alive = False
            return True
        if not self.idle or self.conn.trailing_data[0]:  # cut off in the middle
            self.conn.receive_data(b"")
            self.handle_events()
        return False

    def on_response_complete(self) -> None:
        """Go on to the next request."""
        self._since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The client reads slower than is written."""
        self.stalled_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        """The client has read."""
        self.stalled_since = None
        super().resume_writing()

    def watch(self, now: float) -> None:
        """End the connection where its client is too slow."""
        if self.transport.is_closing() or self.stalled_since is not None:
            if self.stalled_since is None:
                self.stalled_since = now
            if now - self.stalled_since > self._settings.send_seconds:
                self.transport.abort()
        elif not self.idle:
            self._since = now
        elif self.conn.their_state is h11.SEND_BODY:  # the rest of a body that was refused
            if now - self._since > LINGER_SECONDS:
                self.transport.abort()
        elif now - self._since > self._settings.head_seconds:
            if self.conn.trailing_data[0]:
                limit = f"{self._settings.head_seconds:g} seconds, the limit (head_seconds)"
                self._refuse(RequestTimeout(f"The head was not complete within {limit}."))
            elif self.cycle is None:
                self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Answer a request that cannot be read, and end the connection."""
        del msg
        found = sys.exception()
        error: ServiceError = BadRequest("The request is not well-formed HTTP/1.1.")
        if isinstance(found, BadFraming):
            error = found.error
        elif isinstance(found, h11.RemoteProtocolError) and found.error_status_hint == 431:
            limit = self._settings.max_head_bytes
            error = HeadTooLarge(f"The head has more than {limit} bytes, the limit (max_head_bytes).")
        self._refuse(error)

    def _refuse(self, error: ServiceError) -> None:
        self._metrics.refused.labels(error.status.value).inc()
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):  # an answer is under way already
            self.transport.close()
            return
        known_as = request_id_for(None)
        _ACCESS.info("refused %d id=%s", error.status, known_as)
        body = to_json(problem(error, known_as))
        headers = [
            *self.server_state.default_headers,
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
            (b"x-content-type-options", b"nosniff"),
            (b"x-request-id", known_as.encode()),
        ]
        status = error.status.value
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # a body that broke off: nobody else answers
            self.cycle.message_event.set()
        for event in (
            h11.Response(status_code=status, headers=headers, reason=STATUS_PHRASES[status]),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event))
        self.transport.close()


class Server(uvicorn.Server):
    """uvicorn's server, watching its connections."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._gate: Gate = app.state.gate
        self._workers: Workers = app.state.workers

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: look after the connections."""
        if counter % 5 == 0:
            self._watch()
        return await super().on_tick(counter)

    def _watch(self) -> None:
        now = asyncio.get_running_loop().time()
        found = [one for one in self.server_state.connections if isinstance(one, GuardedProtocol)]
        for one in found:
            one.watch(now)
        left = sum(one.unsent for one in found)
        if left > self._gate.settings.max_buffered_mb * _MIB:  # answers that nobody reads: oldest first
            for one in sorted(found, key=lambda one: one.stalled_since or now):
                left -= one.unsent
                one.transport.abort()
                if left <= self._gate.settings.max_buffered_mb * _MIB // 2:
                    break

    async def shutdown(self, sockets: Any = None) -> None:
        """Take what is on its way, then no more; answer all that was taken; leave."""
        self._gate.drain()
        self._workers.drain()
        await asyncio.sleep(GRACE_SECONDS)
        watch = asyncio.create_task(self._keep_watch())
        last = asyncio.get_running_loop().call_later(self._gate.settings.shutdown_seconds, self._refuse_rest)
        try:
            await super().shutdown(sockets)
        finally:
            watch.cancel()
            last.cancel()

    async def _keep_watch(self) -> None:
        while True:
            self._watch()
            await asyncio.sleep(0.5)

    def _refuse_rest(self) -> None:
        self._stopping = asyncio.ensure_future(self._workers.refuse_all())


def serve(settings: Settings) -> None:
    """Answer HTTP until told to stop."""
    logs.configure(settings)
    _allow_connections(settings.max_connections)
    # uvicorn repeats the signal it stopped for; by then all is done
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: sys.exit(0))
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=GuardedProtocol,
        ws="none",
        access_log=False,  # ours leaves the query out
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.shutdown_seconds + LAST_SECONDS,
    )
    Server(config, app).run()


def _allow_connections(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 200
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard < 0 else min(wanted, hard), hard))
