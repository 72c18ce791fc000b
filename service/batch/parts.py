"""A file -> parts, the unit of work: pages that follow one another, begun, finished and redone as one.

Where parts begin follows from the file and the size asked for alone, so that whoever reads it cuts it alike.
"""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from service.batch.found import START, Found, Place
from service.batch.sources import Reading, Source, read


@dataclass(frozen=True, slots=True)
class Start:
    """Where a part begins."""

    number: int
    place: Place = START
    record: int = 0

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Start":
        """From JSON."""
        return cls(told["number"], Place(**told["place"]), told["record"])


@dataclass(frozen=True, slots=True)
class Size:
    """When a part is full."""

    pages: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Begin:
    """A part begins."""

    source: Source
    start: Start


@dataclass(frozen=True, slots=True)
class End:
    """A part has no more pages; where the next begins, None after the last."""

    following: Start | None


Event = Begin | Found | End


def cut(source: Source, reading: Reading, size: Size, done: Mapping[int, Start | None]) -> Iterator[Event]:
    """What is in a file, part by part. `done` are parts to leave out, with what follows each."""
    start: Start | None = Start(0)
    while start is not None:
        start = (
            done[start.number]
            if start.number in done
            else (yield from _run(source, reading, size, done, start))
        )


def one(source: Source, reading: Reading, size: Size, start: Start) -> Iterator[Event]:
    """One part of a file."""
    yield from _run(source, reading, size, {start.number + 1: None}, start)


def _run(
    source: Source, reading: Reading, size: Size, done: Mapping[int, Start | None], start: Start
) -> Generator[Event, None, Start | None]:
    """Parts that follow one another, up to one that is done; where that begins."""
    count = weight = 0
    yield Begin(source, start)
    for found in read(source, reading, start.place, start.record):
        if count >= size.pages or weight >= size.bytes:
            start = Start(start.number + 1, found.place, found.record)
            yield End(start)
            if start.number in done:
                return start
            count = weight = 0
            yield Begin(source, start)
        yield found
        count += found.page is not None or found.trouble is not None
        weight += found.page.size if found.page else 0
    yield End(None)
    return None
