"""Request heads, looked at closely before they are believed: none may be read in two ways.

h11 parses; this adds what it lets pass: a length given twice or beside chunks, folded fields, bare line
feeds, heads and fields without number, bodies in crumbs.
"""

import re
from typing import Any, Final

import h11

from service.errors import BadRequest, HeadTooLarge, ServiceError
from service.settings import Settings

CRUMBS: Final = 1024
"""Chunks of a body after which their mean size counts."""
CRUMB: Final = 64
"""Bytes of a chunk, on average, below which a body is refused: parsing it would cost more than cleaning."""
OVERHEAD: Final = 1024 * 1024
"""Bytes of a body's framing, beyond as many as it has itself, above which it is refused."""
_ONCE: Final = (b"content-length", b"transfer-encoding", b"content-type", b"host", b"authorization")
_BARE: Final = re.compile(rb"(?<!\r)\n|\r(?!\n)|\r\n[ \t]|\0")
_BARE_FEED: Final = re.compile(rb"(?<!\r)\n")
_ORIGIN: Final = re.compile(rb"https?://[^/?]*", re.IGNORECASE)
_VERSIONS: Final = (b"1.0", b"1.1")


class BadFraming(h11.RemoteProtocolError):
    """Why a connection is ended."""

    def __init__(self, error: ServiceError) -> None:
        super().__init__(error.detail, error.status.value)
        self.error = error


class Connection(h11.Connection):
    """h11's connection of a server, stricter."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._chunked = False
        self._chunks = 0
        self._length = 0
        self._wire = 0
        super().__init__(h11.SERVER, settings.max_head_bytes)
        self._reset()

    def start_next_cycle(self) -> None:
        """Go on to the next request."""
        super().start_next_cycle()
        self._reset()

    def next_event(self) -> Any:
        """Like h11's. Raises BadFraming."""
        if self.their_state is h11.IDLE:
            check_head(bytes(self.trailing_data[0]), self._settings)
        before = self.trailing_data[0] if self._chunked else b""
        event = super().next_event()
        if isinstance(event, h11.Request):
            _check_request(event)
            self._chunked = b"transfer-encoding" in dict(event.headers)
            event = _without_authority(event)
        elif event is h11.NEED_DATA:
            _check_lines(self.trailing_data[0] if self._chunked else b"")  # h11 would wait for CR LF
        elif isinstance(event, h11.Data):
            self._chunks += bool(event.chunk_start)
            self._length += len(event.data)
            if self._wire - self._length > OVERHEAD + self._length:
                raise BadFraming(BadRequest("Most of the body is chunk extensions."))
            if self._chunks > CRUMBS and self._length < self._chunks * CRUMB:
                raise BadFraming(BadRequest(f"Chunks have less than {CRUMB} bytes on average."))
        elif isinstance(event, h11.EndOfMessage):
            limit = self._settings.max_head_fields
            if len(event.headers) > limit:
                raise BadFraming(HeadTooLarge(f"More than {limit} trailers, the limit (max_head_fields)."))
            _check_lines(before[: len(before) - len(self.trailing_data[0])])
        return event

    def receive_data(self, data: bytes) -> None:
        """Take what came."""
        self._wire += len(data)
        super().receive_data(data)

    def _reset(self) -> None:
        self._chunked = False
        self._chunks = self._length = 0
        self._wire = len(self.trailing_data[0])


def check_head(data: bytes, settings: Settings) -> None:
    """Refuse the head that begins the data, as soon as it can be told. BadFraming."""
    head, end, _ = data.partition(b"\r\n\r\n")
    limit = settings.max_head_bytes
    if len(head) + len(end) > limit:
        raise BadFraming(HeadTooLarge(f"The head has more than {limit} bytes, the limit (max_head_bytes)."))
    if _BARE.search(head.lstrip(b"\r\n") if end else head.rstrip(b"\r").lstrip(b"\r\n")):
        raise BadFraming(BadRequest("The head has a line break that is not CR LF, a folded field, or a NUL."))
    if not end:
        return
    fields = head.lstrip(b"\r\n").split(b"\r\n")[1:]
    limit = settings.max_head_fields
    if len(fields) > limit:
        raise BadFraming(HeadTooLarge(f"The head has more than {limit} fields, the limit (max_head_fields)."))
    named = [(name.lower(), value) for name, _, value in (field.partition(b":") for field in fields)]
    names = [name for name, _ in named]
    for name in _ONCE:
        listed = name == b"content-length" and any(b"," in value for known, value in named if known == name)
        if names.count(name) > 1 or listed:
            raise BadFraming(BadRequest(f"{name.decode().title()} is given more than once."))


def _check_request(event: h11.Request) -> None:
    found = dict(event.headers)
    if event.http_version not in _VERSIONS:
        raise BadFraming(BadRequest("Only HTTP/1.1 and HTTP/1.0 are spoken here."))
    if b"transfer-encoding" in found:
        if b"content-length" in found:
            raise BadFraming(
                BadRequest("Content-Length and Transfer-Encoding are given, and exclude each other.")
            )
        if event.http_version == b"1.0":
            raise BadFraming(BadRequest("HTTP/1.0 has no Transfer-Encoding."))
    if event.method == b"CONNECT":
        raise BadFraming(BadRequest("This is no proxy."))


def _check_lines(framing: bytes) -> None:
    """Refuse chunk sizes and trailers whose lines end in any other way."""
    if _BARE_FEED.search(framing):
        raise BadFraming(BadRequest("The body's chunks or trailers have a line break that is not CR LF."))


def _without_authority(event: h11.Request) -> h11.Request:
    """The request with a target in origin form; RFC 9112 (3.2.2) has servers take the absolute form, too."""
    found = _ORIGIN.match(event.target)
    if not found:
        return event
    path = event.target[found.end() :]
    target = path if path.startswith(b"/") else b"/" + path
    return h11.Request(
        method=event.method, target=target, headers=list(event.headers), http_version=event.http_version
    )
