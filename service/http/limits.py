"""Request body -> bytes, within the limits of size, time and memory.

Counted on the wire here; what it decompresses to is counted by the worker that has the page.
"""

from collections.abc import AsyncIterable

from service.errors import BadRequest, TooLarge
from service.http.gate import Buffered, Gate


async def read_body(stream: AsyncIterable[bytes], gate: Gate, buffered: Buffered) -> bytes:
    """The body of a request as sent. Raises TooLarge, RequestTimeout, and Overloaded if memory is short."""
    limit = gate.settings.max_body_bytes
    pieces: list[bytes] = []
    length = 0
    async with gate.reading():
        async for piece in stream:
            length += len(piece)
            if length > limit:
                raise TooLarge(f"The body has more than {limit} bytes, the limit (max_body_bytes).")
            buffered.grow(len(piece))
            pieces.append(piece)
    return b"".join(pieces)


def check_announced(content_length: str | None, limit: int) -> None:
    """Refuse a body by its Content-Length, before any of it is read."""
    if content_length is None:
        return
    if not (content_length.isascii() and content_length.isdigit()):
        raise BadRequest("Content-Length must be a number of bytes.")
    if len(content_length) > 18 or int(content_length) > limit:
        announced = content_length if len(content_length) <= 18 else "far too many"
        raise TooLarge(
            f"The body is announced with {announced} bytes; the limit is {limit} bytes (max_body_bytes)."
        )
