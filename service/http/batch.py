"""NDJSON in, NDJSON out: a line for a line, in order, at the pace of whoever reads; in constant memory.

Each line is an envelope as `POST /v1/clean` takes it. Its answer is the result with `status` 200 before it,
or a problem with `id` and `line`. Lines are worked on a few at a time; while answers are not taken, no
further line is read.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from dataclasses import dataclass
from typing import Final

from schemas.problem import BatchProblem
from schemas.request import CleanOptions
from service.errors import Internal, ServiceError, TooLarge, problem
from service.http.answer import Answer, answer_line, read_id
from service.http.envelope import JsonLimits
from service.http.metrics import Metrics
from service.http.render import to_json
from service.http.workers import Runner

_ERRORS: Final = logging.getLogger("ghirbal.error")
HELD_BYTES: Final = 8 * 1024 * 1024
"""Answers that wait to be taken, beyond which no line is read: room for a client that sends all before it
reads, as long as it does not send much."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the input, or what is wrong with it."""

    number: int
    content: bytes
    error: ServiceError | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """How lines are answered."""

    runner: Runner
    options: CleanOptions
    limits: JsonLimits
    width: int
    """Lines that are worked on at the same time."""
    metrics: Metrics
    request_id: str | None = None

    async def answer(self, lines: AsyncIterable[Line]) -> AsyncGenerator[bytes]:
        """An answer a line, in order. Closing the iterator ends all work."""
        flow = _Flow(self.width)
        reading = asyncio.create_task(self._read(lines, flow))
        try:
            while (answering := await flow.next()) is not None:
                answer = await answering
                flow.give(len(answer))
                yield answer
            await reading
        finally:
            reading.cancel()
            for task in flow.tasks:
                task.cancel()
            await asyncio.gather(reading, *flow.tasks, return_exceptions=True)

    async def _read(self, lines: AsyncIterable[Line], flow: "_Flow") -> None:
        try:
            async for line in lines:
                await flow.room()
                flow.add(asyncio.create_task(self._answer(line)), len(line.content))
        finally:
            flow.end()

    async def _answer(self, line: Line) -> bytes:
        error = line.error
        if error is None:
            try:
                found: Answer = await self.runner.run(
                    answer_line, line.content, self.options, self.limits, size=len(line.content), patient=True
                )
            except ServiceError as refused:
                error = refused
            else:
                self.metrics.count_page(found.decision, found.language)
                return found.body
        known_as = None
        if line.content and not isinstance(error, Internal):
            known_as = await self._read_id(line.content)
        if isinstance(error, Internal):
            name = f"line={line.number}" + (f" id={self.request_id}" if self.request_id else "")
            error = error.known_as(name)
            _ERRORS.error("%s %s", error.place, name)
        told = problem(error, self.request_id).model_dump()
        return to_json(BatchProblem(**told, id=known_as, line=line.number)) + b"\n"

    async def _read_id(self, content: bytes) -> str | None:
        try:
            return await self.runner.run(read_id, content, self.limits, size=len(content), patient=True)
        except ServiceError:
            return None


class _Flow:
    """Answers under way, in order: at most `width` in work, and few that wait to be taken."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._held = 0
        self._working = 0
        self._ended = False
        self._changed = asyncio.Event()
        self.tasks: deque[asyncio.Task[bytes]] = deque()

    async def room(self) -> None:
        """Wait until another line may be taken."""
        while self._working >= self._width or self._held > HELD_BYTES:
            await self._change()

    def add(self, task: asyncio.Task[bytes], length: int) -> None:
        """One more line, of this length."""
        self._working += 1
        self._held += length
        task.add_done_callback(lambda done: self._finish(done, length))
        self.tasks.append(task)
        self._tell()

    async def next(self) -> "asyncio.Task[bytes] | None":
        """The next answer; None after the last."""
        while not self.tasks and not self._ended:
            await self._change()
        return self.tasks.popleft() if self.tasks else None

    def give(self, length: int) -> None:
        """An answer of this length is taken."""
        self._held -= length
        self._tell()

    def end(self) -> None:
        """No more lines come."""
        self._ended = True
        self._tell()

    def _finish(self, done: "asyncio.Task[bytes]", length: int) -> None:
        self._working -= 1
        self._held -= length
        if not done.cancelled() and not done.exception():
            self._held += len(done.result())
        self._tell()

    def _tell(self) -> None:
        self._changed.set()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()


async def split(pieces: AsyncIterable[bytes], max_bytes: int, max_lines: int) -> AsyncIterator[Line]:
    """The lines of a stream. Empty ones are passed over; one that is too long is told as such and skipped.

    After `max_lines` lines, empty ones among them, or where a line goes on and on, one last line says so.
    """
    number = 1
    kept: list[bytes] = []
    length = 0
    async for piece in pieces:
        *ended, rest = piece.split(b"\n")
        for part in ended:
            if number > max_lines:
                yield _over_lines(number, max_lines)
                return
            if length + len(part) > max_bytes:
                yield _over_bytes(number, max_bytes)
            else:
                content = b"".join((*kept, part))
                if content.strip():
                    yield Line(number, content)
            kept, length = [], 0
            number += 1
        length += len(rest)
        if length <= max_bytes:
            kept.append(rest)
        else:
            kept = []
        if length > 2 * max_bytes:
            yield _over_bytes(number, max_bytes, last=True)
            return
    if length > max_bytes:
        yield _over_bytes(number, max_bytes)
    elif (content := b"".join(kept)).strip():
        yield Line(number, content) if number <= max_lines else _over_lines(number, max_lines)


def _over_bytes(number: int, limit: int, *, last: bool = False) -> Line:
    more = " Nothing after it is read." if last else ""
    return Line(
        number, b"", TooLarge(f"The line has more than {limit} bytes, the limit (max_body_bytes).{more}")
    )


def _over_lines(number: int, limit: int) -> Line:
    detail = f"The batch has more than {limit} lines, the limit (max_batch_lines). The rest is not read."
    return Line(number, b"", TooLarge(detail))
