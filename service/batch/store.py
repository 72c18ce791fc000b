"""Where rows go: data first, then the part's entry in the manifest. Whoever reads trusts only the manifest.

    OUT/run.json                            version, profile, options: what every part is made with
    OUT/pages/FILE/00000.parquet            rows, a file a part
    OUT/problems/FILE/00000.parquet         what could not be read or was refused, and why
    OUT/manifest/FILE/00000.json            says that part 0 of that file is whole, and holds its digests
    OUT/stats/FILE/00000.json               times, which are nobody's data
    OUT/report.html

A part that was begun and not finished has no entry and is done again, under the same names and with the same
bytes; so a part that two machines made is there once.
"""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from io import BytesIO
from typing import Any, Final, cast

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.implementations.local import LocalFileSystem

from schemas.request import CleanOptions
from service.batch import columns
from service.batch.found import Found, Trouble
from service.batch.parts import Begin, Start
from service.batch.row import Cleaned
from service.batch.sources import Source
from service.batch.tally import Tally

if sys.version_info >= (3, 14):  # pragma: no cover
    from compression import zstd
else:
    from backports import zstd

_AT_ONCE: Final = 32
"""Rows that are made into columns at a time."""


class Format(StrEnum):
    """How tables are written."""

    PARQUET = "parquet"
    JSONL = "jsonl.zst"


class Refused(Exception):
    """An output folder that this run must not go on with."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A finished part."""

    source: str
    size: int
    """Bytes of the file it comes from."""
    start: Start
    following: Start | None
    files: tuple[dict[str, Any], ...]
    """Path, bytes and sha256 of each file that holds its rows."""
    tally: Tally

    def told(self) -> dict[str, Any]:
        """As the manifest has it."""
        return {
            "source": self.source,
            "size": self.size,
            "start": self.start.told(),
            "next": self.following.told() if self.following else None,
            "pages": self.tally.pages,
            "problems": self.tally.problems.total(),
            "files": list(self.files),
            "tally": self.tally.told(),
        }

    @classmethod
    def of(cls, told: Mapping[str, Any], timed: Mapping[str, Any] | None = None) -> "Entry":
        """From JSON."""
        return cls(
            told["source"],
            told["size"],
            Start.of(told["start"]),
            Start.of(told["next"]) if told["next"] else None,
            tuple(told["files"]),
            Tally.of(told["tally"], timed),
        )


class Store:
    """An output folder, local or on any filesystem that fsspec opens."""

    def __init__(self, out: str) -> None:
        self._fs, root = fsspec.core.url_to_fs(out)
        self._root = root.rstrip("/")
        self._local = isinstance(self._fs, LocalFileSystem)

    def begin(self, run: Mapping[str, Any]) -> None:
        """Begin a run, or go on with one. Refused where the folder holds rows made otherwise."""
        before = self._get("run.json")
        if before is None:
            if self._fs.exists(self._root) and self._fs.ls(self._root):
                raise Refused("It is not empty, and holds no run to go on with.")
            self.put("run.json", _json(run))
        elif before != json.loads(_json(run)):
            names = sorted(
                name for name in {*before, *run} if before.get(name) != json.loads(_json(run)).get(name)
            )
            told = "; ".join(
                f"{name}: {json.dumps(before.get(name))} then, {json.dumps(run.get(name))} now"
                for name in names
            )
            raise Refused(f"It was begun otherwise ({told}). Take another folder, or the same options.")
        if self._local:
            self._sweep()

    def entries(self, source: Source) -> dict[int, Entry]:
        """The parts of a file that are finished. Refused where the file is another than then."""
        folder = f"{self._root}/manifest/{source.key}"
        found = {}
        with suppress(FileNotFoundError):
            for path in sorted(self._fs.ls(folder, detail=False)):
                if path.endswith(".json") and (entry := self._entry(source.key, path.rpartition("/")[2])):
                    if entry.size != source.size:
                        told = f"{source.path} had {entry.size} bytes then, {source.size} now"
                        raise Refused(f"It was begun with another file: {told}. Take another folder.")
                    found[entry.start.number] = entry
        return found

    def entry(self, source: Source, number: int) -> Entry | None:
        """One part's entry, if it is finished."""
        return self._entry(source.key, f"{number:05d}.json")

    def _entry(self, key: str, name: str) -> Entry | None:
        told = self._get(f"manifest/{key}/{name}")
        if told is None or any(self._size(one["path"]) != one["bytes"] for one in told["files"]):
            return None
        return Entry.of(told, self._get(f"stats/{key}/{name}"))

    def put(self, path: str, data: bytes) -> None:
        """Write a file: whole or not at all."""
        whole = f"{self._root}/{path}"
        if not self._local:  # object stores show a file once it is whole
            self._fs.makedirs(whole.rpartition("/")[0], exist_ok=True)
            self._fs.pipe_file(whole, data)
            return
        folder, _, name = whole.rpartition("/")
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        passing = f"{folder}/.{name}.{os.getpid()}.tmp"
        with open(passing, "wb") as file:  # noqa: PTH123
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(passing, whole)  # noqa: PTH105

    def _get(self, path: str) -> dict[str, Any] | None:
        try:
            return cast("dict[str, Any]", json.loads(self._fs.cat_file(f"{self._root}/{path}")))
        except (FileNotFoundError, ValueError):
            return None

    def _size(self, path: str) -> int:
        try:
            return int(self._fs.info(f"{self._root}/{path}")["size"])
        except FileNotFoundError:
            return -1

    def _sweep(self) -> None:
        """Take away what a killed run left half written."""
        for path in self._fs.glob(f"{self._root}/*/*/.*.tmp"):
            with suppress(OSError):
                self._fs.rm_file(path)


class Writer:
    """Rows of one part, gathered and then written as one."""

    def __init__(self, store: Store, begin: Begin, form: Format, options: CleanOptions) -> None:
        self._store = store
        self._begin = begin
        self._form = form
        self._pages = _Table(columns.pages(options), form)
        self._problems = _Table(columns.PROBLEMS, form)
        self.tally = Tally()

    def row(self, found: Found, cleaned: Cleaned) -> None:
        """A page's row."""
        self._pages.add(cleaned.line)
        self.tally.count(cleaned.facts, self._begin.source.path, found.place.offset)

    def problem(self, found: Found, trouble: Trouble) -> None:
        """What stands for a page that has no row."""
        page = found.page
        told = {
            "file": self._begin.source.path,
            "offset": found.place.offset,
            "record": found.record,
            "id": trouble.id if page is None or page.id is None else page.id,
            "url": trouble.url if page is None or page.url is None else page.url,
            "type": str(trouble.type),
            "title": trouble.title,
            "status": trouble.status,
            "detail": trouble.detail,
        }
        self._problems.add(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())
        self.tally.problems[str(trouble.type)] += 1

    def finish(self, following: Start | None) -> Entry:
        """Write it all, the manifest's entry last."""
        key, name = self._begin.source.key, f"{self._begin.start.number:05d}"
        files = []
        for folder, table in (("pages", self._pages), ("problems", self._problems)):
            if data := table.data():
                path = f"{folder}/{key}/{name}.{self._form}"
                self._store.put(path, data)
                files.append({"path": path, "bytes": len(data), "sha256": sha256(data).hexdigest()})
        source = self._begin.source
        entry = Entry(source.path, source.size, self._begin.start, following, tuple(files), self.tally)
        self._store.put(f"stats/{key}/{name}.json", _json(self.tally.timed()))
        self._store.put(f"manifest/{key}/{name}.json", _json(entry.told()))
        return entry


class _Table:
    """Rows that become one file."""

    def __init__(self, schema: pa.Schema, form: Format) -> None:
        self._schema = schema
        self._form = form
        self._lines: list[bytes] = []
        self._batches: list[pa.Table] = []

    def add(self, line: bytes) -> None:
        self._lines.append(line)
        if self._form is Format.PARQUET and len(self._lines) >= _AT_ONCE:
            self._gather()

    def data(self) -> bytes:
        """The file; empty where there are no rows."""
        if self._form is Format.JSONL:
            return zstd.compress(b"".join(line + b"\n" for line in self._lines)) if self._lines else b""
        self._gather()
        if not self._batches:
            return b""
        sink = BytesIO()
        pq.write_table(pa.concat_tables(self._batches), sink, compression="zstd", write_page_checksum=True)
        return sink.getvalue()

    def _gather(self) -> None:
        if self._lines:
            self._batches.append(
                pa.Table.from_pylist([json.loads(line) for line in self._lines], self._schema)
            )
            self._lines.clear()


def _json(value: Any) -> bytes:
    return (
        json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()
        + b"\n"
    )
