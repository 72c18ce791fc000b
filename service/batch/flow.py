"""Events of files -> finished parts: pages are cleaned a few at a time by workers, and written in order.

What is read ahead, what is in work and what waits to be written is bounded, and so is memory, however
long the files are.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Final

from service.batch.found import Found, Trouble, refusal
from service.batch.parts import Begin, End, Event
from service.batch.plan import Plan
from service.batch.row import Cleaned, How, clean_found, read_known
from service.batch.store import Entry, Store, Writer
from service.errors import Internal, Overloaded, ServiceError
from service.http.workers import Runner

_ERRORS: Final = logging.getLogger("ghirbal.error")
CHUNK: Final = 16
"""Events read at a time: the least that makes a hop to another thread worth it."""
WAITING: Final = 256
"""Events that are read and not yet written, pages that wait for a slow one before them among them."""
HELD_BYTES: Final = 64 * 1024 * 1024
"""Bytes of their pages."""
TRIES: Final = 12
"""Times a page is begun again that had no processor: that says nothing of the page."""
LONGEST: Final = 30
"""Seconds between two tries, at most."""

Answer = Cleaned | Trouble | None
Told = Callable[[Found, Answer], None]
_Item = tuple[Event, "asyncio.Task[Answer] | None"]


async def make_parts(
    events: Iterator[Event], plan: Plan, store: Store, pool: Runner, width: int, told: Told
) -> AsyncGenerator[Entry]:
    """Make the parts that events tell of; yield each when it is written. `width` pages are in work."""
    room = _Room(width)
    queue: asyncio.Queue[_Item | None] = asyncio.Queue()
    feeding = asyncio.create_task(_feed(events, plan, pool, room, queue))
    writer: Writer | None = None
    try:
        while (item := await queue.get()) is not None:
            event, answering = item
            match event:
                case Begin():
                    writer = Writer(store, event, plan.form, plan.options)
                case End() if writer is not None:
                    yield await asyncio.to_thread(writer.finish, event.following)
                case Found() if writer is not None:
                    answer = await answering if answering else event.trouble
                    room.give(event)
                    _write(writer, event, answer)
                    told(event, answer)
        await feeding
    finally:
        feeding.cancel()
        working = []
        while not queue.empty():
            if (item := queue.get_nowait()) is not None and item[1] is not None:
                item[1].cancel()
                working.append(item[1])
        await asyncio.gather(feeding, *working, return_exceptions=True)


def _write(writer: Writer, found: Found, answer: Answer) -> None:
    match answer:
        case Cleaned():
            writer.row(found, answer)
        case Trouble():
            writer.problem(found, answer)
        case None:
            writer.tally.passed += 1


async def _feed(
    events: Iterator[Event], plan: Plan, pool: Runner, room: "_Room", queue: "asyncio.Queue[_Item | None]"
) -> None:
    """Read, and hand pages to workers; a chunk is read ahead."""
    how, path = plan.how, ""
    reading = asyncio.create_task(asyncio.to_thread(_chunk, events))
    try:
        while chunk := await reading:
            reading = asyncio.create_task(asyncio.to_thread(_chunk, events))
            for event in chunk:
                answering = None
                if isinstance(event, Begin):
                    path = event.source.path
                elif isinstance(event, Found):
                    await room.take(event)
                    if event.page is not None and event.trouble is None:
                        answering = asyncio.create_task(_clean(event, path, how, pool))
                        answering.add_done_callback(room.leave)
                queue.put_nowait((event, answering))
    finally:
        with suppress(asyncio.CancelledError):
            await reading  # a thread cannot be cancelled, and the events are its own
        queue.put_nowait(None)


def _chunk(events: Iterator[Event]) -> list[Event]:
    return list(islice(events, CHUNK))


async def _clean(found: Found, path: str, how: How, pool: Runner) -> Answer:
    size = found.page.size if found.page else 0
    for attempt in range(TRIES):
        try:
            return await pool.run(clean_found, found, path, how, size=size, patient=True)
        except Overloaded as error:
            refused: ServiceError = error
            await asyncio.sleep(min(2**attempt, LONGEST))
        except ServiceError as error:
            refused = error
            break
    if isinstance(refused, Internal):
        name = f"file={path} record={found.record}"
        refused = refused.known_as(name)
        _ERRORS.error("%s %s", refused.place, name)
    return refusal(refused, *await _read_known(found, how, pool))


async def _read_known(found: Found, how: How, pool: Runner) -> tuple[str | None, str | None]:
    """What a refused line says it is."""
    if found.page is None or found.page.envelope is None:
        return None, None
    line = found.page.envelope
    try:
        return await pool.run(read_known, line, how, size=len(line), patient=True)
    except ServiceError:
        return None, None


class _Room:
    """How much may be under way."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._working = self._waiting = self._held = 0
        self._changed = asyncio.Event()

    async def take(self, found: Found) -> None:
        """Wait until one more may be under way."""
        works = found.page is not None and found.trouble is None
        while self._waiting >= WAITING or self._held > HELD_BYTES or (works and self._working >= self._width):
            self._changed.clear()
            await self._changed.wait()
        self._waiting += 1
        self._working += works
        self._held += found.page.size if found.page else 0

    def leave(self, _: object) -> None:
        """One is cleaned."""
        self._working -= 1
        self._changed.set()

    def give(self, found: Found) -> None:
        """One is written."""
        self._waiting -= 1
        self._held -= found.page.size if found.page else 0
        self._changed.set()
