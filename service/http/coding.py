"""Content codings -> bytes, within the limit; nothing over it is ever held.

A body is decompressed in pieces of bounded size, and each layer is counted, so that a bomb is stopped at
the limit: it costs the memory of the limit and the time of one body.
"""

import sys
import zlib
from asyncio import Lock, sleep
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Final, Protocol

import brotli

from service.errors import BadCoding, TooLarge
from service.http.accept import Coding

if sys.version_info >= (3, 14):  # pragma: no cover
    from compression import zstd
else:
    from backports import zstd

PIECE: Final = 64 * 1024
"""Bytes that are decompressed at a time."""
FEW: Final = 256 * 1024
"""Bytes up to which a compressed body does not wait for larger ones to be weighed."""
_SIP: Final = 4 * 1024
"""Bytes that are decompressed at a time where only the size is wanted."""
_GZIP_WINDOW: Final = 31
_ZLIB_WINDOW: Final = 15
_RAW_WINDOW: Final = -15
_ZSTD_WINDOW: Final = 23
"""2**23 bytes: the largest window RFC 9659 allows in HTTP."""


class Layer(Protocol):
    """One content coding, undone as data comes in."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What `data` decompresses to, in pieces of about `PIECE` bytes. BadCoding if corrupt."""
        ...  # pragma: no cover

    def end(self) -> None:
        """Say that no more data comes. BadCoding where the end mark is missing."""
        ...  # pragma: no cover


class _Zlib:
    """gzip, also of several members, or deflate, which comes with and without zlib's header."""

    def __init__(self, coding: Coding) -> None:
        self._coding = coding
        self._head = b""
        self._inflate = zlib.decompressobj(_GZIP_WINDOW) if coding is Coding.GZIP else None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inflate is None:
            self._head += data
            if len(self._head) < 2:
                return
            data, self._head = self._head, b""
            self._inflate = zlib.decompressobj(_ZLIB_WINDOW if _has_zlib_header(data) else _RAW_WINDOW)
        full = False  # whether zlib may hold back output that fitted no piece
        while data or full:
            if self._inflate.eof:
                data, full = self._next_member(data), False
                continue
            try:
                piece = self._inflate.decompress(data, PIECE)
            except zlib.error as error:
                raise _corrupt(self._coding) from error
            full = len(piece) == PIECE
            data = self._inflate.unconsumed_tail or self._inflate.unused_data
            if piece:
                yield piece

    def end(self) -> None:
        if self._inflate is None or not self._inflate.eof:
            raise _cut_short(self._coding)

    def _next_member(self, data: bytes) -> bytes:
        """What follows the end mark: another gzip member, or the zeros that some tools pad with."""
        rest = data.lstrip(b"\0")
        if rest:
            if self._coding is not Coding.GZIP:
                raise _corrupt(self._coding)
            self._inflate = zlib.decompressobj(_GZIP_WINDOW)
        return rest


class _Brotli:
    """br."""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            piece = self._decoder.process(data, output_buffer_limit=PIECE)
            while piece:
                yield piece
                if self._decoder.is_finished():
                    return
                piece = self._decoder.process(b"", output_buffer_limit=PIECE)
        except brotli.error as error:
            raise _corrupt(Coding.BROTLI) from error

    def end(self) -> None:
        if not self._decoder.is_finished():
            raise _cut_short(Coding.BROTLI)


class _Zstd:
    """zstd, also of several frames."""

    def __init__(self) -> None:
        self._decoder = self._fresh()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data or not (self._decoder.needs_input or self._decoder.eof):
            if self._decoder.eof:
                self._decoder = self._fresh()
            try:
                piece = self._decoder.decompress(data, PIECE)
            except zstd.ZstdError as error:
                raise _corrupt(Coding.ZSTD) from error
            self._begun = True
            data = self._decoder.unused_data if self._decoder.eof else b""
            if piece:
                yield piece

    def end(self) -> None:
        if not (self._begun and self._decoder.eof):
            raise _cut_short(Coding.ZSTD)

    @staticmethod
    def _fresh() -> zstd.ZstdDecompressor:
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW})


_LAYERS: Final[Mapping[Coding, Callable[[], Layer]]] = {
    Coding.GZIP: lambda: _Zlib(Coding.GZIP),
    Coding.DEFLATE: lambda: _Zlib(Coding.DEFLATE),
    Coding.BROTLI: _Brotli,
    Coding.ZSTD: _Zstd,
}


class Body:
    """Collects a body: counts it on the wire and after each layer, and undoes the codings.

    `codings` are in the order they were applied; the last is undone first.
    """

    def __init__(self, codings: Sequence[Coding], limit: int) -> None:
        self._limit = limit
        self._layers = [_LAYERS[coding]() for coding in reversed(codings)]
        self._counts = [0] * (len(self._layers) + 1)
        self._pieces: list[bytes] = []

    def feed(self, data: bytes, depth: int = 0) -> None:
        """Take the next data of the wire. TooLarge past the limit, BadCoding if corrupt."""
        self._counts[depth] += len(data)
        if self._counts[depth] > self._limit:
            raise _too_large(depth, self._limit)
        if depth == len(self._layers):
            self._pieces.append(data)
            return
        for piece in self._layers[depth].feed(data):
            self.feed(piece, depth + 1)

    def end(self) -> bytes:
        """The whole body. BadCoding where a layer was cut short."""
        if self._counts[0]:
            for layer in self._layers:
                layer.end()
        return b"".join(self._pieces)


def undo(data: bytes, codings: Sequence[Coding], limit: int) -> bytes:
    """The data without its codings, at most `limit` bytes. Raises TooLarge and BadCoding."""
    if not codings:
        return data
    body = Body(codings, limit)
    for start in range(0, len(data), PIECE):
        body.feed(data[start : start + PIECE])
    return body.end()


async def undo_stream(stream: AsyncIterable[bytes], codings: Sequence[Coding]) -> AsyncIterator[bytes]:
    """The stream without its codings, in pieces of about `PIECE` bytes; others have their turn in between.

    Raises BadCoding. Nothing is counted: whoever reads it does.
    """
    if not codings:
        async for data in stream:
            yield data
        return
    layers = [_LAYERS[coding]() for coding in reversed(codings)]
    begun = False
    async for data in stream:
        begun = begun or bool(data)
        for start in range(0, len(data), PIECE):
            for piece in _through(layers, data[start : start + PIECE]):
                yield piece
                await sleep(0)
    if begun:
        for layer in layers:
            layer.end()


async def size_undone(data: bytes, codings: Sequence[Coding], limit: int, enough: int | None = None) -> int:
    """How much the data decompresses to, or its largest layer, counted up to `enough`; nothing is held.

    TooLarge where a layer gives more than `limit` bytes. Others have their turn after each piece. What is
    corrupt is counted up to there: whoever undoes it says so.
    """
    layers = [_LAYERS[coding]() for coding in reversed(codings)]
    counts = [0] * len(layers)
    try:
        for start in range(0, len(data), _SIP):
            for depth, length in _lengths(layers, data[start : start + _SIP]):
                counts[depth] += length
                if counts[depth] > limit:
                    raise _too_large(depth + 1, limit)
                if enough is not None and counts[depth] >= enough:
                    return enough
                await sleep(0)
            await sleep(0)
    except BadCoding:
        pass
    return max(len(data), *counts)


class Scales:
    """Tells how large compressed bodies are, so that a large one is known by more than its packed size.

    One at a time, since a decompressor may hold megabytes; and small ones do not wait for large ones.
    """

    def __init__(self) -> None:
        self._small = Lock()
        self._large = Lock()

    async def weigh(self, data: bytes, codings: Sequence[Coding], limit: int) -> int:
        """Bytes the body has without its codings, as far as they can be undone. TooLarge past the limit."""
        if not codings:
            return len(data)
        async with self._small:
            size = await size_undone(data, codings, limit, FEW)
        if size < FEW:
            return size
        async with self._large:
            return await size_undone(data, codings, limit)


def _lengths(layers: Sequence[Layer], data: bytes, depth: int = 0) -> Iterator[tuple[int, int]]:
    """The length of each piece that comes out of each layer."""
    if depth < len(layers):
        for piece in layers[depth].feed(data):
            yield depth, len(piece)
            yield from _lengths(layers, piece, depth + 1)


def _through(layers: Sequence[Layer], data: bytes) -> Iterator[bytes]:
    if not layers:
        yield data
        return
    for piece in layers[0].feed(data):
        yield from _through(layers[1:], piece)


def _has_zlib_header(head: bytes) -> bool:
    """Whether RFC 1950's header begins here.

    Raw deflate cannot look like it: its first byte would be a stored block with padding bits set,
    which no compressor writes.
    """
    return head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0


def _too_large(depth: int, limit: int) -> TooLarge:
    where = "decompresses to" if depth else "has"
    return TooLarge(f"The body {where} more than {limit} bytes, the limit (max_body_bytes).")


def _corrupt(coding: Coding) -> BadCoding:
    return BadCoding(f"The {coding} body is corrupt.")


def _cut_short(coding: Coding) -> BadCoding:
    return BadCoding(f"The {coding} body ends before its end mark.")
