"""Names of files, folders and globs, local or remote -> the files to read, in a fixed order."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

import fsspec

from service.batch.found import Fault, Found, Place, fault


class Kind(StrEnum):
    """How a file is read."""

    WARC = "warc"
    LINES = "lines"
    TABLE = "table"


_SUFFIXES: Final = (
    (re.compile(r"\.(warc|wet)(\.(gz|zst|zstd))?$", re.IGNORECASE), Kind.WARC),
    (re.compile(r"\.(jsonl|ndjson|jsonlines)(\.(gz|zst|zstd))?$", re.IGNORECASE), Kind.LINES),
    (re.compile(r"\.(parquet|pq)$", re.IGNORECASE), Kind.TABLE),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file."""

    path: str
    """As a row names it: relative, absolute, or an address such as s3://bucket/key."""
    kind: Kind
    size: int

    @property
    def key(self) -> str:
        """A short name for it that is safe in a path and no other file has."""
        stem = re.sub(r"[^A-Za-z0-9._-]+", "-", PurePosixPath(self.path).name)[:60]
        return f"{stem}-{blake2b(self.path.encode(), digest_size=6).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read."""

    limit: int
    """Bytes a page may have."""
    columns: tuple[tuple[str, str], ...]
    """For a field of the envelope, or `content`, the column it is in."""
    base: str
    """The folder that relative paths count from, wherever the reader runs."""


def kind_of(path: str) -> Kind | None:
    """How a file of this name is read; None for what is no archive."""
    return next((kind for pattern, kind in _SUFFIXES if pattern.search(path)), None)


def find(names: Iterable[str]) -> list[Source]:
    """All files that the names stand for, sorted, each once. FileNotFoundError where a name stands for none.

    A file that is named itself must be of a kind that is read; in folders and globs others are passed over.
    """
    found: dict[str, Source] = {}
    for name in names:
        sources = list(_each(name))
        if not sources:
            raise FileNotFoundError(2, "no WARC, JSONL or Parquet file is there", name)
        found.update((source.path, source) for source in sources)
    return sorted(found.values(), key=lambda source: source.path)


def _each(name: str) -> Iterator[Source]:
    fs, path = fsspec.core.url_to_fs(name)
    if any(mark in path for mark in "*?["):
        infos: Mapping[str, dict[str, object]] = fs.glob(path, detail=True)
    elif fs.isdir(path):
        infos = fs.find(path, detail=True)
    elif fs.exists(path):
        infos = {path: fs.info(path)}
    else:
        raise FileNotFoundError(2, "no such file or folder", name)
    for at, info in infos.items():
        kind = kind_of(at)
        if kind is None or info["type"] != "file" or PurePosixPath(at).name.startswith((".", "_")):
            continue
        shown = fs.unstrip_protocol(at) if "://" in name else _local(at)
        yield Source(shown, kind, int(str(info["size"] or 0)))


def _local(path: str) -> str:
    """Relative where it lies below the working folder, so that rows don't say where that is."""
    return path.removeprefix(f"{Path.cwd().as_posix()}/")


@contextmanager
def opened(source: Source, base: str) -> Iterator[BinaryIO]:
    """The file, as it is stored."""
    path = source.path if "://" in source.path else str(Path(base) / source.path)
    with fsspec.open(path, "rb", compression=None) as file:
        yield file


def read(source: Source, reading: Reading, place: Place, record: int) -> Iterator[Found]:
    """What is in a file, from a place on. A file that cannot be opened is a trouble, as is one that fails."""
    at = Place(place.offset, place.into)
    try:
        with opened(source, reading.base) as file:
            for found in _reader(source.kind, file, reading, place, record):
                at, record = found.place, found.record + 1
                yield found
    except OSError as error:
        why = error.strerror or type(error).__name__
        yield Found(at, record, trouble=fault(Fault.UNREADABLE_FILE, f"It cannot be read on: {why}."))


def _reader(kind: Kind, file: BinaryIO, reading: Reading, place: Place, record: int) -> Iterator[Found]:
    if kind is Kind.WARC:
        from service.batch import warc  # noqa: PLC0415 - FastWARC only where it is used

        return warc.read(file, reading.limit, place, record)
    if kind is Kind.LINES:
        from service.batch import lines  # noqa: PLC0415

        return lines.read(file, reading.limit, place, record)
    from service.batch import tables  # noqa: PLC0415

    return tables.read(file, reading.limit, dict(reading.columns), place, record)
