"""What a crawl would cost: pages a core-hour, and the share of each step, beside peers in the same run.

`python -m tests.evaluation.capacity DATA [--every 20]` with development data (see docs/evaluation.md). Times
are CPU time of this process, so that other work on the machine counts for little; every so many-th page is
taken.
"""

import argparse
import gzip
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from io import BytesIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from schemas.request import CleanOptions, SegmentChoice
from service import clean
from service.batch import warc
from service.batch.found import Found
from service.batch.parts import Begin, Start
from service.batch.plan import Plan
from service.batch.row import clean_found
from service.batch.sources import Kind, Source
from service.batch.store import Store, Writer
from service.settings import Settings
from tests.batch.archives import http, record
from tests.evaluation import corpus, html

MONTH = 2.75e9
"""Pages of a month of Common Crawl, which holds 2.5 to 3 billion."""
LIMIT = 10 * 1024 * 1024
PEERS = ("trafilatura", "resiliparse")


def timed(work: Callable[[], object]) -> float:
    """Seconds of CPU time."""
    began = process_time()
    work()
    return process_time() - began


def archive(pages: Iterable[bytes], kind: str) -> bytes:
    """The pages as a crawler stores them."""
    return b"".join(
        gzip.compress(record(number, http(body, kind)), mtime=0) for number, body in enumerate(pages)
    )


def steps(data: bytes, folder: Path) -> dict[str, float]:
    """Seconds of each step, and of reading alone, for all pages of an archive."""
    plan = Plan(str(folder), CleanOptions(segments=SegmentChoice.NONE), Settings())
    found: list[Found] = []
    spent = {"reading, decompressing": timed(lambda: found.extend(warc.read(BytesIO(data), LIMIT)))}
    pages = [one for one in found if one.page and not one.trouble]
    began = process_time()
    rows = [(one, clean_found(one, "a", plan.how)) for one in pages]
    whole = process_time() - began
    sent = [one.page.sent for one in pages if one.page and one.page.sent]
    spent["cleaning"] = timed(lambda: [clean(one.body, content_type=one.content_type) for one in sent])
    spent["the row, its digest"] = max(0.0, whole - spent["cleaning"])
    writer = Writer(
        Store(str(folder)), Begin(Source("a", Kind.WARC, len(data)), Start(0)), plan.form, plan.options
    )

    def write() -> None:
        for one, row in rows:
            writer.row(one, row)
        writer.finish(None)

    spent["columns, compressing, writing"] = timed(write)
    return spent


def report(name: str, pages: Sequence[bytes], kind: str, peers: Sequence[str]) -> Iterator[str]:
    """Rows of Markdown for one kind of pages."""
    with TemporaryDirectory() as folder:
        spent = steps(archive(pages, kind), Path(folder))
    whole = sum(spent.values())
    hourly = 3600 * len(pages) / whole
    size = sum(map(len, pages)) / len(pages) / 1000
    yield f"{name}: {len(pages)} pages of {size:.1f} kB, {1000 * whole / len(pages):.2f} ms of CPU a page"
    yield f"  {hourly:,.0f} pages a core-hour; a month: {MONTH / hourly:,.0f} core-hours"
    for step, seconds in spent.items():
        yield f"  | {step} | {1000 * seconds / len(pages):.2f} ms | {seconds / whole:.1%} |"
    for peer in peers:
        tool = html.TOOLS[peer]
        seconds = timed(lambda tool=tool: [tool(body) for body in pages])  # type: ignore[misc]
        hourly = 3600 * len(pages) / seconds
        yield f"  | {peer} | {1000 * seconds / len(pages):.2f} ms | {hourly:,.0f} an hour |"


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation.capacity", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--every", type=int, default=20)
    options = parser.parse_args()
    texts = islice(corpus.read(options.data / "text_dev.dumps.jsonl.zst"), 0, None, options.every * 5)
    marked = islice(html.pages(options.data), 0, None, options.every)
    peers = [peer for peer in PEERS if find_spec(peer)]
    list(report("", [b"Bread", b"<p>Bread"], "text/html", peers))  # models, tables, libraries are loaded once
    for line in report("text", [page.text.encode() for page in texts], "text/plain; charset=utf-8", []):
        print(line, flush=True)
    for line in report("HTML", [page["body"] for page in marked], "text/html", peers):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
