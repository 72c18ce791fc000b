"""`ghirbal batch`: each page is there exactly once, as the service answers it, whatever happens meanwhile."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from schemas.article import Article
from schemas.request import CleanOptions
from service.batch.flow import make_parts
from service.batch.found import Found, Page, Place
from service.batch.parts import Begin, End, Event, Start
from service.batch.plan import Plan
from service.batch.row import clean_found
from service.batch.sources import Kind, Source
from service.batch.store import Store
from service.docs import ROOT
from service.errors import Internal
from service.settings import Settings
from tests.batch.archives import (
    SEEDS,
    http,
    members,
    page,
    record,
    write_lines,
    write_table,
    write_warc,
    zstd,
)
from tests.http.door import Door

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
PATIENCE = 600
"""Seconds after which a test gives up; nothing is measured."""
COMMAND = [sys.executable, "-c", "from service.cli import app; app()", "batch"]


def start(*given: object, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*COMMAND, *map(str, given)],
        cwd=ROOT, env={**os.environ, **environment}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def batch(*given: object, code: int = 0, **environment: str) -> str:
    """What the command says."""
    with start(*given, **environment) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, err
    return out + err


def rows(out: Path, table: str = "pages") -> list[dict[str, Any]]:
    """All rows of a table, in the order of files and records."""
    if not (out / table).exists():
        return []
    found = ds.dataset(out / table, format="parquet").to_table().to_pylist()
    return sorted(found, key=lambda row: (row["file"], row["record"]))


def tree(out: Path) -> dict[str, bytes]:
    """All that is in an output and not a matter of the clock."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.parts[len(out.parts)] in {"pages", "problems", "manifest", "run.json"}
    }


def test_rows_are_what_the_service_answers(tmp_path: Path) -> None:
    html = f"<title>A</title><article><h1>Bread</h1><p>{page(1).decode()}</p></article>".encode()
    given = [
        *[(body, "text/plain; charset=utf-8", 200) for body in SEEDS],
        (html, "text/html", 404),
        ("أسعار الخبز".encode("windows-1256") * 20, "text/plain; charset=windows-1256", 200),
        (b"", "text/html", 200),
    ]
    archive = tmp_path / "a.warc.gz"
    archive.write_bytes(
        members(record(n, http(body, kind, status)) for n, (body, kind, status) in enumerate(given))
    )
    batch(archive, "--out", tmp_path / "out", "--segments", "all", "--rendered")
    found = rows(tmp_path / "out")
    assert len(found) == len(given)
    door = Door()
    for number, (body, kind, status) in enumerate(given):
        headers = {
            "Content-Type": kind,
            "Content-Location": f"http://site{number % 3}.example/page/{number}",
            "X-Source-Status": str(status),
        }
        answer = door.clean(body, headers, "?segments=all&rendered=true").json()
        assert as_answered(found[number]) == answer
        assert found[number]["id"] == f"<urn:uuid:{number}>"


def as_answered(row: dict[str, Any]) -> dict[str, Any]:
    """The answer that a row holds. Arrow has maps as pairs."""
    article = {name: row[name] for name in Article.model_fields}
    article["metadataSources"] = dict(article["metadataSources"])
    quality = {**row["quality"], "signals": dict(row["quality"]["signals"])}
    assert (row["decision"], row["pageType"]) == (row["verdict"]["decision"], row["verdict"]["pageType"])
    assert (row["score"], row["grade"]) == (quality["score"], quality["grade"])
    names = ("verdict", "validation", "encoding", "segments", "accounting", "engine", "renderedText")
    told = {name: row[name] for name in names}
    return {"id": None, "schemaVersion": "1", "article": article, "quality": quality, **told}


def test_other_tools_read_the_article_fields(tmp_path: Path) -> None:
    items = pytest.importorskip("zyte_common_items", reason="zyte-common-items is not installed")
    batch(write_warc(tmp_path / "a.warc.gz", 2), "--out", tmp_path / "out")
    for row in rows(tmp_path / "out"):
        article = items.Article.from_dict({name: row[name] for name in Article.model_fields})
        assert article.articleBody == row["articleBody"]
        assert article.url == row["url"]


def test_every_kind_of_trouble_is_a_problem_and_the_rest_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    whole = [record(n, http(page(n))) for n in range(4)]
    lie = record(9, http(page(9)), length=10**6)
    huge = record(8, http(b"a" * 50_000_000))
    (folder / "cut.warc.gz").write_bytes(members(whole)[:-20])
    (folder / "lie.warc.gz").write_bytes(members([whole[0], lie, huge, whole[1]]))
    write_lines(
        folder / "rows.jsonl", [{"text": "One."}, "{no json", {"other": 1}, [1], {"text": "Two.", "id": "b"}]
    )
    table = write_table(folder / "t.parquet", [{"html": f"<p>{n} bread"} for n in range(20)], group=10)
    data = table.read_bytes()
    at = data.index(b"<p>12 bread")
    table.write_bytes(data[:at] + b"?" + data[at + 1 :])
    told = batch(folder, "--out", tmp_path / "out")
    assert "problems" in told
    problems = [
        (Path(row["file"]).name, row["record"], row["type"], row["status"])
        for row in rows(tmp_path / "out", "problems")
    ]
    assert problems == [
        ("cut.warc.gz", 3, "/problems/truncated-archive", None),
        ("lie.warc.gz", 1, "/problems/wrong-length", None),
        ("lie.warc.gz", 2, "/problems/too-large", 413),
        ("rows.jsonl", 1, "/problems/malformed-json", 400),
        ("rows.jsonl", 2, "/problems/schema-mismatch", 422),
        ("rows.jsonl", 3, "/problems/schema-mismatch", 422),
        ("t.parquet", 10, "/problems/corrupt-archive", None),
    ]
    kept = [(Path(row["file"]).name, row["record"]) for row in rows(tmp_path / "out")]
    assert kept == [
        *[("cut.warc.gz", n) for n in range(3)],
        ("lie.warc.gz", 0), ("lie.warc.gz", 3), ("rows.jsonl", 0), ("rows.jsonl", 4),
        *[("t.parquet", n) for n in range(10)],
    ]  # fmt: skip


def test_a_refused_line_says_who_it_is_and_what_failed(tmp_path: Path) -> None:
    source = write_lines(
        tmp_path / "a.jsonl",
        [
            {"n": 3, "foo": 1},
            {"n": "b", "text": 1, "url": "http://b/"},
            {"n": [1], "text": "a"},
            {"n": "good", "text": page(1).decode(), "language": "English"},
        ],
    )
    batch(source, "--out", tmp_path / "out", "--column", "id=n", "--require", "authors")
    problems = rows(tmp_path / "out", "problems")
    assert [(row["id"], row["url"]) for row in problems] == [("3", None), ("b", "http://b/"), (None, None)]
    for row, field in zip(problems, ("contentBase64", "text: ", "id: "), strict=True):
        assert field in row["detail"]
    (kept,) = rows(tmp_path / "out")
    assert (kept["id"], kept["inLanguage"], kept["decision"]) == ("good", "en", "review")


def test_it_fails_where_every_page_did(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", [{"foo": 1}, "{no json"])
    for _ in range(2):  # a run that is gone on with says so again
        assert "every page was refused" in batch(source, "--out", tmp_path / "out", code=1)
    batch(write_lines(tmp_path / "none.jsonl", []), "--out", tmp_path / "none")


def test_columns_of_tables_are_named_as_those_of_lines(tmp_path: Path) -> None:
    source = write_table(
        tmp_path / "a.parquet",
        [{"body": page(n).decode(), "n": n, "language": "eng_Latn"} for n in range(3)],
        2,
    )
    batch(source, "--out", tmp_path / "out", "--column", "text=body", "--column", "id=n")
    found = rows(tmp_path / "out")
    assert [row["id"] for row in found] == ["0", "1", "2"]
    assert all(row["articleBody"] for row in found)


class Faulty:
    """A pool in which cleaning is a fault of ours, and all else is done."""

    async def run(self, function: Callable[[*Ts], T], *args: *Ts, size: int = 0, patient: bool = False) -> T:
        del size, patient
        if function is clean_found:  # type: ignore[comparison-overlap,unused-ignore]
            raise Internal(place="builtins.ValueError at place.py:7 here")
        return function(*args)

    def check_room(self, size: int) -> None:
        del size


def test_a_fault_is_logged_under_the_name_its_row_gives(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = Source("a.jsonl", Kind.LINES, 1)
    line = Found(Place(0), 0, Page(envelope=b'{"id": "7", "text": "a"}'))
    events: Iterator[Event] = iter([Begin(source, Start(0)), line, End(None)])
    plan = Plan(str(tmp_path), CleanOptions(), Settings())
    told: list[Any] = []

    async def make() -> None:
        parts = make_parts(
            events, plan, Store(plan.folder), Faulty(), 1, lambda _, answer: told.append(answer)
        )
        async for _ in parts:
            pass

    asyncio.run(make())
    (trouble,) = told
    assert (trouble.type, trouble.id) == ("/problems/internal", "7")
    assert "ValueError" in trouble.detail
    assert "file=a.jsonl record=0" in trouble.detail
    assert "place.py:7 here file=a.jsonl record=0" in caplog.text


def test_columns_and_the_second_format(tmp_path: Path) -> None:
    source = write_lines(
        tmp_path / "a.jsonl", [{"body": page(n).decode(), "n": n, "link": "http://a/"} for n in range(3)]
    )
    columns = ("--column", "text=body", "--column", "id=n", "--column", "url=link")
    batch(source, "--out", tmp_path / "out", "--format", "jsonl.zst", *columns)
    (path,) = (tmp_path / "out" / "pages").rglob("*.jsonl.zst")
    found = [json.loads(line) for line in zstd.decompress(path.read_bytes()).splitlines()]
    assert [(row["id"], row["url"]) for row in found] == [(str(n), "http://a/") for n in range(3)]
    assert all(row["articleBody"] for row in found)


def test_killed_at_any_moment_it_goes_on_and_each_page_is_there_once(tmp_path: Path) -> None:
    count = 60
    archive = write_warc(tmp_path / "a.warc.gz", count)
    batch(archive, "--out", tmp_path / "whole", "--part-pages", "10")
    out = tmp_path / "out"
    wanted = 1
    for _ in range(3):
        process = start(archive, "--out", out, "--part-pages", "10")
        while process.poll() is None and len(list(out.glob("manifest/*/*.json"))) < wanted:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        done = len(list(out.glob("manifest/*/*.json")))
        if done >= count // 10:
            break
        wanted = done + 1
    assert wanted > 1  # it was killed before it was done
    batch(archive, "--out", out, "--part-pages", "10")
    found = Counter(row["record"] for row in rows(out))
    assert found == Counter(range(1, count + 1))
    assert tree(out) == tree(tmp_path / "whole")


def test_parts_that_are_missing_or_torn_are_made_again(tmp_path: Path) -> None:
    archive = write_warc(tmp_path / "a.warc.gz", 20)
    out = tmp_path / "out"
    batch(archive, "--out", out, "--part-pages", "5")
    before = tree(out)
    (out / next(name for name in before if name.endswith("00002.parquet"))).write_bytes(b"torn")
    (
        out / next(name for name in before if name.startswith("manifest") and name.endswith("00001.json"))
    ).unlink()
    assert "10 now" in batch(archive, "--out", out, "--part-pages", "5")
    assert tree(out) == before
    assert "0 now" in batch(archive, "--out", out, "--part-pages", "5")


def test_other_options_and_other_files_are_refused(tmp_path: Path) -> None:
    archive = write_warc(tmp_path / "a.warc.gz", 3)
    batch(archive, "--out", tmp_path / "out")
    assert "options" in batch(archive, "--out", tmp_path / "out", "--profile", "strict", code=1)
    write_warc(archive, 4)
    assert "another file" in batch(archive, "--out", tmp_path / "out", code=1)
    assert "no such file" in batch(tmp_path / "none.warc", "--out", tmp_path / "new", code=1)
    assert "no run" in batch(archive, "--out", tmp_path, code=1)


def test_a_page_that_takes_its_worker_down_costs_one_row(tmp_path: Path) -> None:
    deep = b"<p>" + SEEDS[0] * 1_400
    given = [page(1), deep, page(3)]
    archive = tmp_path / "a.warc.gz"
    archive.write_bytes(members(record(n, http(body, "text/html")) for n, body in enumerate(given)))
    batch(archive, "--out", tmp_path / "out", GHIRBAL_WORKER_MEMORY_MB="192", GHIRBAL_DEADLINE_SECONDS="60")
    assert [row["record"] for row in rows(tmp_path / "out")] == [0, 2]
    (problem,) = rows(tmp_path / "out", "problems")
    assert (problem["record"], problem["type"]) == (1, "/problems/too-complex")


def test_the_report_is_one_file_without_scripts_and_says_what_there_is(tmp_path: Path) -> None:
    archive = write_warc(tmp_path / "a.warc.gz", 30)
    batch(archive, "--out", tmp_path / "out")
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<script" not in report
    assert "http://site0.example" in report  # a slow page's address, as text
    assert "src=" not in report
    assert "href=" not in report
    assert "<dd>30</dd>" in report
    (path,) = (tmp_path / "out" / "pages").rglob("*.parquet")
    assert pq.read_metadata(path).num_rows == 30
