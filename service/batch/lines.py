"""JSON lines, plain or compressed -> pages: each line is an envelope, or has columns that make one."""

from collections.abc import Iterator
from typing import BinaryIO

from service.batch.found import START, Broken, Fault, Found, Page, Place, fault, refusal
from service.batch.frames import Tape
from service.errors import TooLarge


def read(file: BinaryIO, limit: int, place: Place = START, record: int = 0) -> Iterator[Found]:
    """The lines of a file from a place on, empty ones passed over; of at most `limit` bytes each."""
    broken: Broken | None = None
    try:
        tape = Tape(file)
        tape.seek(place)
    except Broken as found:
        yield Found(place, record, trouble=fault(found.fault, found.detail))
        return
    while True:
        begins = tape.place
        try:
            line, ended = _line(tape, limit)
        except Broken as found:
            broken, line, ended = found, None, False
        if broken:
            kind = Fault.TRUNCATED if broken.fault is Fault.TRUNCATED else Fault.CORRUPT
            yield Found(begins, record, trouble=fault(kind, f"{broken.detail} The rest cannot be read."))
            return
        if line is None:
            over = f"The line has more than {limit} bytes, the limit (max_body_bytes)."
            yield Found(begins, record, trouble=refusal(TooLarge(over)))
        elif line.strip():
            yield Found(begins, record, Page(envelope=line))
        elif not ended:
            return
        else:
            continue
        record += 1


def _line(tape: Tape, limit: int) -> tuple[bytes | None, bool]:
    """The next line, None where it is too long; and whether a line break ended it."""
    line = bytearray()
    length = 0
    while True:
        end = tape.buffer.find(b"\n")
        part = tape.buffer[: end if end >= 0 else len(tape.buffer)]
        length += len(part)
        if length <= limit:
            line += part
        tape.drop(len(part) + (end >= 0))
        if end >= 0 or not (tape.more() or tape.advance()):
            return (bytes(line) if length <= limit else None), end >= 0
