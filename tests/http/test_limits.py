"""Compressed bodies and large ones."""

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, MutableMapping
from functools import partial
from typing import Any

import anyio
import brotli
import pytest
from backports import zstd

from service.errors import BadCoding, TooLarge
from service.http.accept import Coding
from service.http.coding import Body, Scales
from tests.http.door import TEXT, Door, problem_of

MIB = 1024 * 1024
PAGE = ("Bread prices rose on Monday for the third time this year, the ministry said.\n" * 40).encode()


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=4),
    "zstd": zstd.compress,
}
KINDS = [*PACK.items(), ("deflate", raw_deflate)]


def encoded(codings: str) -> dict[str, str]:
    return {**TEXT, "Content-Encoding": codings}


@pytest.mark.parametrize(("coding", "pack"), KINDS)
class TestCodings:
    """Each coding."""

    def test_is_undone(self, door: Door, coding: str, pack: Callable[[bytes], bytes]) -> None:
        plain = door.clean(PAGE).content
        assert door.clean(pack(PAGE), encoded(coding)).content == plain
        assert door.clean(pack(PAGE), encoded(coding.upper())).content == plain

    def test_is_undone_however_it_is_cut(self, coding: str, pack: Callable[[bytes], bytes]) -> None:
        data = bytes(range(256)) * 3000 + b"a" * 300_000
        for size in (1, 7, 65536):
            body = Body([Coding(coding.removeprefix("x-"))], 10 * MIB)
            packed = pack(data)
            for start in range(0, len(packed), size):
                body.feed(packed[start : start + size])
            assert body.end() == data

    def test_cut_short_is_400(self, door: Door, coding: str, pack: Callable[[bytes], bytes]) -> None:
        packed = pack(PAGE)
        for length in (1, 2, len(packed) // 2, len(packed) - 1):
            response = door.clean(packed[:length], encoded(coding))
            problem_of(response, 400, "bad-content-coding")

    def test_a_plain_body_is_400(self, door: Door, coding: str, pack: Callable[[bytes], bytes]) -> None:
        del pack
        problem_of(door.clean(b"\xff" + PAGE, encoded(coding)), 400, "bad-content-coding")

    def test_something_after_the_end_is_400(
        self, door: Door, coding: str, pack: Callable[[bytes], bytes]
    ) -> None:
        problem_of(door.clean(pack(PAGE) + b"rest", encoded(coding)), 400, "bad-content-coding")

    def test_a_bomb_stops_at_the_limit_and_costs_no_memory(
        self, coding: str, pack: Callable[[bytes], bytes]
    ) -> None:
        bomb = pack(b"\0" * (16 * MIB))
        tracemalloc.start()
        body = Body([Coding(coding.removeprefix("x-"))], MIB)
        with pytest.raises(TooLarge) as caught:
            body.feed(bomb)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert str(MIB) in caught.value.detail
        assert peak < 4 * MIB

    def test_exactly_the_limit_is_taken(self, coding: str, pack: Callable[[bytes], bytes]) -> None:
        kind = Coding(coding.removeprefix("x-"))
        for length in (0, 1, 65535, 65536, 65537, 131072):
            body = Body([kind], max(length, 100))
            body.feed(pack(b"a" * length))
            assert body.end() == b"a" * length


def test_codings_are_undone_in_turn(door: Door) -> None:
    plain = door.clean(PAGE).content
    assert door.clean(brotli.compress(gzip.compress(PAGE)), encoded("gzip, br")).content == plain
    twice = [*TEXT.items(), ("Content-Encoding", "zstd"), ("Content-Encoding", "identity, deflate")]
    assert door.clean(zlib.compress(zstd.compress(PAGE)), twice).content == plain


def test_a_bomb_within_a_bomb_stops_at_the_limit(small_door: Door) -> None:
    inner = gzip.compress(b"\0" * (8 * MIB))
    response = small_door.clean(gzip.compress(inner), encoded("gzip, gzip"))
    assert "1000 bytes" in problem_of(response, 413, "too-large")["detail"]


def test_a_layer_in_between_is_counted_too() -> None:
    """An inner stream of empty blocks would keep a processor busy without giving a byte."""
    empty_blocks = zstd.compress(b"\0\0\0\xff\xff" * 500_000)
    body = Body([Coding.DEFLATE, Coding.ZSTD], MIB)
    with pytest.raises(TooLarge):
        body.feed(empty_blocks)


@pytest.mark.parametrize(("coding", "pack"), KINDS)
@pytest.mark.parametrize("length", [0, 1, 5000, 3 * MIB])
def test_a_compressed_body_is_weighed_by_what_it_holds(
    coding: str, pack: Callable[[bytes], bytes], length: int
) -> None:
    weigh = partial(Scales().weigh, pack(b"a" * length), [Coding(coding.removeprefix("x-"))])
    found = asyncio.run(weigh(3 * MIB))
    assert found == max(length, len(pack(b"a" * length)))
    if length > 1:
        with pytest.raises(TooLarge):
            asyncio.run(weigh(length - 1))


def test_layers_in_between_are_weighed_and_what_is_corrupt_is_not_refused_yet() -> None:
    empty_blocks = zstd.compress(b"\0\0\0\xff\xff" * 500_000)
    with pytest.raises(TooLarge):
        asyncio.run(Scales().weigh(empty_blocks, [Coding.DEFLATE, Coding.ZSTD], MIB))
    assert asyncio.run(Scales().weigh(b"nonsense", [Coding.GZIP], MIB)) == 8


@pytest.mark.parametrize("coding", ["compress", "snappy", "gzip;q=1", "gzip br", "gzip, lzma"])
def test_an_unknown_coding_is_415_and_the_answer_says_which_are_known(door: Door, coding: str) -> None:
    response = door.clean(PAGE, encoded(coding))
    problem_of(response, 415, "unsupported-content-coding")
    assert response.headers["accept-encoding"] == "gzip, deflate, br, zstd"


def test_more_layers_than_allowed_are_415(door: Door) -> None:
    problem_of(door.clean(PAGE, encoded("gzip, gzip, gzip, gzip")), 415, "unsupported-content-coding")


def test_two_members_of_gzip_and_two_frames_of_zstd_are_one_body(door: Door) -> None:
    plain = door.clean(PAGE + PAGE).content
    assert door.clean(gzip.compress(PAGE) * 2, encoded("gzip")).content == plain
    assert door.clean(zstd.compress(PAGE) * 2, encoded("zstd")).content == plain
    assert door.clean(gzip.compress(PAGE) * 2 + b"\0" * 100, encoded("gzip")).content == plain


def test_a_zstd_window_larger_than_http_allows_is_400(door: Door) -> None:
    options = {int(zstd.CompressionParameter.window_log): 27}
    packer = zstd.ZstdCompressor(options=options)
    packed = packer.compress(PAGE) + packer.flush()
    problem_of(door.clean(packed, encoded("zstd")), 400, "bad-content-coding")


class TestSize:
    """The limit on the wire."""

    def test_the_limit_itself_is_taken_and_one_byte_more_is_not(self, small_door: Door) -> None:
        assert small_door.clean(b"a" * 1000).status_code == 200
        detail = problem_of(small_door.clean(b"a" * 1001), 413, "too-large")["detail"]
        assert "1001" in detail
        assert "1000" in detail

    def test_a_stream_without_a_length_is_stopped_at_the_limit(self, small_door: Door) -> None:
        sent = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal sent
            for _ in range(100):
                sent += 100
                yield b"a" * 100

        problem_of(small_door.clean(endless()), 413, "too-large")

    def test_a_compressed_body_over_the_limit_on_the_wire(self, small_door: Door) -> None:
        problem_of(small_door.clean(b"\x1f\x8b" + b"a" * 1000, encoded("gzip")), 413, "too-large")

    @pytest.mark.parametrize("announced", ["10000000000", "1001", "9" * 40])
    def test_an_announced_length_over_the_limit_is_answered_before_the_body_is_read(
        self, small_door: Door, announced: str
    ) -> None:
        events: list[str] = []

        async def receive() -> MutableMapping[str, Any]:
            events.append("read")
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            events.append(f"{message['type']} {message.get('status', '')}".strip())

        scope = {
            "type": "http", "method": "POST", "path": "/v1/clean", "raw_path": b"/v1/clean",
            "query_string": b"", "root_path": "", "scheme": "http", "http_version": "1.1",
            "headers": [(b"content-length", announced.encode())], "asgi": {"version": "3.0"},
        }  # fmt: skip
        anyio.run(small_door.app, scope, receive, send)
        assert events[:2] == ["http.response.start 413", "http.response.body"]

    @pytest.mark.parametrize("announced", ["ten", "-1", "1e3", "١"])
    def test_a_length_that_is_no_number_is_400(self, door: Door, announced: str) -> None:
        headers = [(b"content-length", announced.encode())]
        response = door.ask("POST", "/v1/clean", headers=headers, content=b"")  # type: ignore[arg-type]
        problem_of(response, 400, "bad-request")

    def test_the_connection_is_closed_after_a_refusal(self, small_door: Door) -> None:
        response = small_door.clean(b"a" * 70_000)
        assert response.headers["connection"] == "close"

    def test_the_connection_is_kept_where_little_was_left_to_read(self, small_door: Door) -> None:
        assert "connection" not in small_door.clean(b"a" * 1001).headers


def test_corrupt_data_in_a_later_piece_is_found() -> None:
    packed = bytearray(gzip.compress(bytes(range(256)) * 1000))
    packed[-8] ^= 1  # the checksum
    body = Body([Coding.GZIP], MIB)
    with pytest.raises(BadCoding):
        body.feed(bytes(packed))
