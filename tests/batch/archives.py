"""Archives made for tests: WARC by hand, so that they can be wrong in any way."""

import gzip
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from service.docs import ROOT

if sys.version_info >= (3, 14):  # pragma: no cover
    from compression import zstd
else:
    from backports import zstd

__all__ = [
    "SEEDS",
    "http",
    "members",
    "page",
    "record",
    "records",
    "write_lines",
    "write_table",
    "write_warc",
    "zstd",
]
SEEDS = [path.read_bytes() for path in sorted((ROOT / "seeds").glob("*.txt"))]
SENTENCE = "Bread prices rose on Monday for the third time this year, the minister said in the capital."
ARABIC = "قال المتحدث باسم الوزارة إن أسعار الخبز ارتفعت يوم الاثنين للمرة الثالثة هذا العام"


def page(number: int) -> bytes:
    """A short text, no two alike."""
    words = f"{SENTENCE} {number} loaves were sold.\n\n" * 3 if number % 2 else f"{ARABIC} {number}.\n\n" * 3
    return words.encode()


def http(
    body: bytes, kind: str | None = "text/plain; charset=utf-8", status: int = 200, **fields: str
) -> bytes:
    """An HTTP response."""
    given = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in fields.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value is not None)
    return f"HTTP/1.1 {status} Told\r\n{head}\r\n".encode() + body


def record(number: int, content: bytes, kind: str = "response", length: int | None = None) -> bytes:
    """One WARC record, of a stated length that may be a lie."""
    media = "application/http; msgtype=response" if kind == "response" else "text/plain"
    head = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{number}>",
        "WARC-Target-URI": f"http://site{number % 3}.example/page/{number}",
        "WARC-Date": "2026-11-01T00:00:00Z",
        "Content-Type": media,
        "Content-Length": str(len(content) if length is None else length),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"WARC/1.0\r\n{lines}\r\n".encode() + content + b"\r\n\r\n"


def records(count: int) -> list[bytes]:
    """So many good ones."""
    return [record(number, http(page(number))) for number in range(count)]


def members(found: Iterable[bytes]) -> bytes:
    """A gzip member each."""
    return b"".join(gzip.compress(one, mtime=0) for one in found)


def write_warc(path: Path, count: int) -> Path:
    """A .warc.gz of good records, after a warcinfo."""
    path.write_bytes(members([record(10**6, b"", "warcinfo"), *records(count)]))
    return path


def write_lines(path: Path, rows: Iterable[Mapping[str, object] | list[int] | str]) -> Path:
    """JSON lines, and lines that are none."""
    told = (one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in rows)
    path.write_text("".join(f"{line}\n" for line in told), encoding="utf-8")
    return path


def write_table(path: Path, rows: list[dict[str, object]], group: int) -> Path:
    """A Parquet file of row groups of this size."""
    pq.write_table(
        pa.Table.from_pylist(rows), path, row_group_size=group, compression="none", use_dictionary=False,
        write_page_checksum=True,
    )  # fmt: skip
    return path
