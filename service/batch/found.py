"""What a reader finds in a file: a page, a problem where a page should be, or a record that is no page.

Light on purpose: workers import it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from service.errors import ServiceError
from service.http.answer import Sent


class Fault(StrEnum):
    """What can be wrong with a file, beside what the service refuses; named as its problem types are."""

    UNREADABLE_FILE = "/problems/unreadable-file"
    TRUNCATED = "/problems/truncated-archive"
    CORRUPT = "/problems/corrupt-archive"
    WRONG_LENGTH = "/problems/wrong-length"
    NOT_A_RECORD = "/problems/not-a-record"


TITLES: Mapping[Fault, str] = {
    Fault.UNREADABLE_FILE: "The file cannot be read",
    Fault.TRUNCATED: "The file ends in the middle of a record",
    Fault.CORRUPT: "A part of the file does not decompress or does not decode",
    Fault.WRONG_LENGTH: "The record's length is not the one it states",
    Fault.NOT_A_RECORD: "There is no record where one should begin",
}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a record begins, so that reading can begin there."""

    offset: int
    """Bytes into the file as it is stored: where the record, or the compressed frame it lies in, begins.
    In Parquet, rows."""
    into: int = 0
    """Bytes into what the frame decompresses to."""


START: Final = Place(0)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something yields no row."""

    type: str
    title: str
    detail: str
    status: int | None = None
    """The status with which the service refuses the same."""
    id: str | None = None
    """The page's, where it stands in the page's own line."""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page and what was said of it: as bytes with hints, or in an envelope as the service takes it."""

    sent: Sent | None = None
    envelope: bytes | None = None
    id: str | None = None
    url: str | None = None
    date: str | None = None
    """When it was fetched, as the archive says."""

    @property
    def size(self) -> int:
        """Bytes of it."""
        return len(self.sent.body if self.sent else self.envelope or b"")


@dataclass(frozen=True, slots=True)
class Found:
    """One record of a file. With neither page nor trouble it is none of those that hold pages."""

    place: Place
    record: int
    """Its number in the file, from 0."""
    page: Page | None = None
    trouble: Trouble | None = None


class Broken(Exception):
    """Bytes that cannot be read."""

    def __init__(self, fault: Fault, detail: str) -> None:
        self.fault = fault
        self.detail = detail
        super().__init__(detail)


def fault(kind: Fault, detail: str) -> Trouble:
    """A file's own trouble."""
    return Trouble(kind, TITLES[kind], detail)


def refusal(error: ServiceError, id: str | None = None, url: str | None = None) -> Trouble:
    """A page's trouble, as the service puts it."""
    return Trouble(error.type, error.title, error.detail, error.status.value, id, url)
