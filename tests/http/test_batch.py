"""A line for a line, in order, whatever the lines are."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import httpx
import pytest
from backports import zstd

from schemas.problem import BatchProblem
from schemas.request import CleanOptions
from schemas.result import BatchResult
from service.errors import Internal
from service.http.batch import HELD_BYTES, Batch, Line, split
from service.http.envelope import JsonLimits
from service.http.metrics import Metrics
from tests.http.door import JSON, Door, Here, problem_of

NDJSON = {"Content-Type": "application/x-ndjson"}


def lines_of(pages: Iterable[Any]) -> bytes:
    return b"".join(json.dumps(page).encode() + b"\n" for page in pages)


def answers_of(response: httpx.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text[:500]
    assert response.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in response.content.splitlines()]


def batch(door: Door, content: Any, headers: dict[str, str] | None = None, query: str = "") -> httpx.Response:
    return door.ask("POST", f"/v1/clean/batch{query}", content=content, headers={**NDJSON, **(headers or {})})


PAGES = [
    {"id": f"page-{n}", "text": f"Bread prices rose on Monday, {n} said.\n" * (1 + n % 5)} for n in range(30)
]


def test_a_line_is_answered_with_what_the_page_alone_is(door: Door) -> None:
    answer = batch(door, lines_of(PAGES), query="?segments=all&offsets=utf16")
    for page, line in zip(PAGES, answer.content.splitlines(), strict=True):
        alone = door.clean(json.dumps(page).encode(), JSON, "?segments=all&offsets=utf16").content
        assert line == b'{"status":200,' + alone[1:]
        BatchResult.model_validate_json(line)


def test_a_bad_line_spoils_nothing(door: Door) -> None:
    bad = [
        (b"{", 400, None),
        (b'{"id": "b", "text": 1}', 422, "b"),
        (b'{"id": "c"}', 422, "c"),
        (b"[]", 422, None),
        (b"\xff", 400, None),
        (b'{"id": "d", "text": "a", "id": "d"}', 400, None),
        (b'{"text": "' + b"\\", 400, None),
    ]
    good = b'{"id": "good", "text": "a"}'
    answers = answers_of(batch(door, b"".join(line + b"\n" + good + b"\n" for line, _, _ in bad)))
    assert [one["status"] for one in answers[1::2]] == [200] * len(bad)
    assert [one["id"] for one in answers[1::2]] == ["good"] * len(bad)
    for number, (answer, (_, status, known_as)) in enumerate(zip(answers[::2], bad, strict=True)):
        problem = BatchProblem.model_validate(answer)
        assert (problem.status, problem.id, problem.line) == (status, known_as, 2 * number + 1)


def test_empty_lines_are_passed_over_and_the_last_needs_no_end(door: Door) -> None:
    answers = answers_of(batch(door, b'\n\r\n  \n{"text": "a"}\r\n\n\n{"text": 1}'))
    assert [one["status"] for one in answers] == [200, 422]
    assert answers[1]["line"] == 7
    assert answers_of(batch(door, b"")) == []


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_compressed_batch_is_read(door: Door, coding: str) -> None:
    pack: Callable[[bytes], bytes] = gzip.compress if coding == "gzip" else zstd.compress
    plain = batch(door, lines_of(PAGES)).content
    assert batch(door, pack(lines_of(PAGES)), {"Content-Encoding": coding}).content == plain


def test_corrupt_compression_is_told_before_the_first_line_or_as_the_last(door: Door) -> None:
    packed = {"Content-Encoding": "gzip"}
    problem_of(batch(door, b"nonsense", packed), 400, "bad-content-coding")
    answers = answers_of(batch(door, gzip.compress(lines_of(PAGES))[:-4], packed))
    assert [one["status"] for one in answers] == [200] * 30 + [400]


def test_a_line_over_the_limit_is_refused_alone() -> None:
    door = Door(max_body_bytes=1000)
    long = json.dumps({"text": "a" * 1000}).encode()
    answers = answers_of(batch(door, long + b'\n{"text": "a"}\n' + long))
    assert [one["status"] for one in answers] == [413, 200, 413]
    assert "1000 bytes" in answers[0]["detail"]
    endless = answers_of(batch(door, b'{"text": "a"}\n' + b"a" * 5000 + b'\n{"text": "b"}\n'))
    assert [one["status"] for one in endless] in ([200, 413, 200], [200, 413])


def test_a_bomb_ends_at_the_limit() -> None:
    door = Door(max_body_bytes=100_000)
    answers = answers_of(batch(door, gzip.compress(b"a" * 50_000_000), {"Content-Encoding": "gzip"}))
    assert [one["status"] for one in answers] == [413]
    breaks = answers_of(batch(door, gzip.compress(b"\n" * 5_000_000), {"Content-Encoding": "gzip"}))
    assert "100000 lines" in breaks[0]["detail"]


def test_too_many_lines_are_refused_after_the_last_that_is_not() -> None:
    answers = answers_of(batch(Door(max_batch_lines=3), b'{"text": "a"}\n' * 3))
    assert [one["status"] for one in answers] == [200] * 3
    answers = answers_of(batch(Door(max_batch_lines=3), b'{"text": "a"}\n' * 9))
    assert [one["status"] for one in answers] == [200] * 3 + [413]
    assert "3 lines, the limit (max_batch_lines)" in answers[3]["detail"]


def test_other_types_are_415_and_other_forms_406(door: Door) -> None:
    for media in ("application/json", "text/plain", "", "application/x-ndjson-not"):
        answer = door.ask("POST", "/v1/clean/batch", content=b"", headers={"Content-Type": media})
        problem_of(answer, 415, "unsupported-media-type")
    problem_of(batch(door, b"", {"Accept": "text/html"}), 406, "not-acceptable")
    assert batch(door, b"", {"Accept": "application/x-ndjson"}).status_code == 200


def test_a_wrong_option_is_400(door: Door) -> None:
    problem_of(batch(door, b"", query="?profile=bold"), 400, "bad-option")


async def collect(pieces: Iterable[bytes], max_bytes: int = 100, max_lines: int = 1000) -> list[Line]:
    async def stream() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return [line async for line in split(stream(), max_bytes, max_lines)]


def test_lines_are_the_same_however_the_stream_is_cut() -> None:
    text = b"one\n\ntwo\r\n   \nthree" + b"x" * 90 + b"\n" + b"y" * 101 + b"\nfour"
    whole = asyncio.run(collect([text]))
    assert [line.number for line in whole] == [1, 3, 5, 6, 7]
    assert [bool(line.error) for line in whole] == [False, False, False, True, False]
    for size in (1, 2, 7, 64):
        cut = asyncio.run(collect([text[at : at + size] for at in range(0, len(text), size)]))
        assert [(line.number, line.content) for line in cut] == [
            (line.number, line.content) for line in whole
        ]


def test_no_line_is_read_while_answers_are_not_taken() -> None:
    read = 0

    async def lines() -> AsyncIterator[Line]:
        nonlocal read
        for read in range(1, 100_000):
            yield Line(read, b'{"text": "' + b"a" * 1_000_000 + b'"}')

    async def scenario() -> None:
        answers = Batch(Here(), CleanOptions(), JsonLimits(depth=32, values=1000), 2, Metrics(), None).answer(
            lines()
        )
        await anext(answers)
        before = -1
        while before < read:
            before = read
            await asyncio.sleep(0.5)
        await answers.aclose()

    asyncio.run(scenario())
    assert read <= HELD_BYTES // 1_000_000 + 5


class Faulty:
    """A runner whose every task is a fault of ours."""

    async def run(self, *_: object, **__: object) -> Any:
        raise Internal(place="builtins.ValueError at place.py:7 here")

    def check_room(self, size: int) -> None:
        del size


@pytest.mark.parametrize("known_as", ["batch-1", None])
def test_a_fault_is_logged_under_the_name_its_line_gives(
    known_as: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    async def lines() -> AsyncIterator[Line]:
        yield Line(3, b"{}")

    async def scenario() -> dict[str, Any]:
        batch = Batch(Faulty(), CleanOptions(), JsonLimits(depth=32, values=1000), 2, Metrics(), known_as)
        answers: list[dict[str, Any]] = [json.loads(one) async for one in batch.answer(lines())]
        return answers[0]

    told = asyncio.run(scenario())
    assert (told["status"], told["line"]) == (500, 3)
    name = "line=3" + (f" id={known_as}" if known_as else "")
    assert f"(builtins.ValueError); where it arose was logged under {name}." in told["detail"]
    assert f"place.py:7 here {name}" in caplog.text
