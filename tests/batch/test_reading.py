"""What is wrong with an archive costs the record it is wrong with, and is told with its place."""

import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from service.batch import lines, tables, warc
from service.batch.found import START, Fault, Found, Place
from service.http.accept import Coding
from tests.batch.archives import http, members, page, record, records, write_table, zstd

LIMIT = 1024 * 1024
GOOD = records(5)
LIE_LONG = record(2, http(page(2)), length=50_000)
LIE_OVER = record(2, http(page(2)), length=50 * LIMIT)
LIE_SHORT = record(2, http(page(2)), length=60)
LIE_INTO_NEXT = record(2, http(page(2)), length=len(http(page(2))) + 100)
HUGE = record(2, http(b"a" * (LIMIT + 1)))


def read(data: bytes, place: Place = START, number: int = 0) -> list[Found]:
    return list(warc.read(io.BytesIO(data), LIMIT, place, number))


def pages(found: Sequence[Found]) -> list[str | None]:
    return [one.page.id for one in found if one.page and one.trouble is None]


def ids(*numbers: int) -> list[str]:
    return [f"<urn:uuid:{number}>" for number in numbers]


def spoilt(data: bytes) -> bytes:
    """A gzip member with bytes turned over in its middle."""
    middle = len(data) // 2
    return data[:middle] + bytes(255 - byte for byte in data[middle : middle + 8]) + data[middle + 8 :]


def compressed(whole: list[bytes]) -> dict[str, bytes]:
    """The same records in every form."""
    plain = b"".join(whole)
    cut = [plain[at : at + 300] for at in range(0, len(plain), 300)]
    return {
        "plain": plain,
        "a member a record": members(whole),
        "one member": gzip.compress(plain),
        "members that end anywhere": members(cut),
        "a zstd frame a record": b"".join(map(zstd.compress, whole)),
    }


FORMS = list(compressed(GOOD))


@pytest.mark.parametrize("form", FORMS)
def test_good_records_are_read_whatever_the_compression(form: str) -> None:
    found = read(compressed(GOOD)[form])
    assert pages(found) == ids(0, 1, 2, 3, 4)
    assert [one.page.sent.body for one in found if one.page and one.page.sent] == [page(n) for n in range(5)]
    assert [one.record for one in found] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("form", FORMS)
def test_reading_goes_on_from_the_place_of_any_record(form: str) -> None:
    data = compressed(GOOD)[form]
    whole = read(data)
    for number, one in enumerate(whole):
        assert read(data, one.place, one.record) == whole[number:]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (LIE_LONG, Fault.WRONG_LENGTH),
        (LIE_OVER, Fault.WRONG_LENGTH),
        (LIE_SHORT, Fault.WRONG_LENGTH),
        (LIE_INTO_NEXT, Fault.WRONG_LENGTH),
        (record(2, b"", length=-5), Fault.NOT_A_RECORD),
        (HUGE, "/problems/too-large"),
    ],
)
def test_a_bad_record_costs_itself_alone(form: str, bad: bytes, kind: str) -> None:
    found = read(compressed([*GOOD[:2], bad, *GOOD[3:]])[form])
    assert pages(found) == ids(0, 1, 3, 4)
    assert [(one.record, one.trouble.type) for one in found if one.trouble] == [(2, kind)]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_cut_short_is_told_and_the_rest_is_there(form: str) -> None:
    found = read(compressed(GOOD)[form][:-30])
    left = pages(found)
    # thirty bytes of one great member are more than a record
    assert left == (ids(0, 1, 2) if form == "one member" else ids(0, 1, 2, 3))
    assert [one.trouble.type for one in found if one.trouble] == [Fault.TRUNCATED]


@pytest.mark.parametrize(
    "bad", [spoilt(members(GOOD[2:3])), members(GOOD[2:3])[:-8] + bytes(8), b"garbage" * 9]
)
def test_a_member_that_does_not_decompress_costs_itself_alone(bad: bytes) -> None:
    data = members(GOOD[:2]) + bad + members(GOOD[3:])
    found = read(data)
    assert pages(found) == ids(0, 1, 3, 4)
    (told,) = [one for one in found if one.trouble]
    assert told.trouble
    assert told.trouble.type == Fault.CORRUPT
    assert told.place.offset == len(members(GOOD[:2]))


def test_a_compressed_archive_inside_a_record_is_no_record() -> None:
    inner = members(records(3))
    whole = [GOOD[0], record(9, http(inner, "application/gzip")), GOOD[1]]
    assert pages(read(members(whole))) == ids(0, 1)


def test_what_is_no_archive_at_all_is_told() -> None:
    assert [one.trouble.type for one in read(b"hello, world") if one.trouble] == [Fault.NOT_A_RECORD]
    assert read(b"") == []


def test_records_without_pages_are_passed_over() -> None:
    found = read(members([record(7, b"software: x\r\n", "warcinfo"), record(8, b"GET /", "request"), *GOOD]))
    assert [one.page is None and one.trouble is None for one in found] == [True, True] + 5 * [False]


def test_conversion_and_resource_records_are_pages() -> None:
    found = read(members([record(1, page(1), "conversion"), record(2, page(2), "resource")]))
    assert pages(found) == ids(1, 2)
    assert all(one.page and one.page.sent and one.page.sent.content_type == "text/plain" for one in found)


def sent(content: bytes) -> Found:
    (found,) = read(record(1, content))
    return found


def test_headers_of_a_response_are_hints() -> None:
    found = sent(http(b"<p>a", "text/html; charset=windows-1256", 404)).page
    assert found
    assert found.sent
    assert (found.sent.content_type, found.sent.charset, found.sent.status) == (
        "text/html",
        "windows-1256",
        404,
    )
    assert found.url == found.sent.url == "http://site1.example/page/1"
    assert found.date == "2026-11-01T00:00:00Z"


@pytest.mark.parametrize("kind", [None, "html", "text/html;;", ";", "application/octet-stream"])
def test_without_a_type_that_says_something_the_bytes_decide(kind: str | None) -> None:
    found = sent(http(b"<p>a", kind)).page
    assert found
    assert found.sent
    assert found.sent.content_type in (None, "text/html")


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "application/json"])
def test_what_is_no_page_is_refused_as_over_http(kind: str) -> None:
    found = sent(http(b"x", kind))
    assert found.trouble
    assert (found.trouble.type, found.trouble.status) == ("/problems/unsupported-media-type", 415)
    assert found.page
    assert found.page.url


def test_codings_are_undone_where_they_are_there() -> None:
    packed = gzip.compress(page(1))
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    found = sent(http(chunked, Content_Encoding="gzip", Transfer_Encoding="chunked")).page
    assert found
    assert found.sent
    assert found.sent.codings == (Coding.GZIP,)
    assert found.sent.content == page(1)
    undone = sent(http(page(1), Content_Encoding="gzip", Transfer_Encoding="chunked")).page
    assert undone
    assert undone.sent
    assert undone.sent.content == page(1)


def test_lines_that_are_too_long_cost_themselves_and_a_cut_stream_its_end() -> None:
    data = b'{"text":"a"}\n\n' + b"x" * 200 + b'\n{"text":"b"}'
    found = list(lines.read(io.BytesIO(data), 100))
    assert [one.page.envelope if one.page else one.trouble and one.trouble.status for one in found] == [
        b'{"text":"a"}', 413, b'{"text":"b"}',
    ]  # fmt: skip
    assert [(one.record, one.place.offset) for one in found] == [(0, 0), (1, 14), (2, 215)]
    many = b"".join(b'{"text":"%d"}\n' % number for number in range(50_000))
    cut = list(lines.read(io.BytesIO(gzip.compress(many)[:-100]), 100))
    assert cut[-1].trouble
    assert cut[-1].trouble.type == Fault.TRUNCATED
    assert len(cut) > 1000
    again = list(lines.read(io.BytesIO(gzip.compress(many)), 100, cut[900].place, 900))
    assert again[0] == cut[900]
    assert len(again) == 49_100


def test_a_corrupt_row_group_costs_itself_alone(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"text": f"{page(n).decode()} row {n}", "url": f"http://a/{n}", "other": n} for n in range(30)
    ]
    path = write_table(tmp_path / "rows.parquet", rows, group=10)
    data = path.read_bytes()
    at = data.index(b" row 12")
    columns = {"text": "text", "url": "url"}
    good = list(tables.read(io.BytesIO(data), LIMIT, columns))
    assert [json.loads(one.page.envelope or b"")["url"] for one in good if one.page] == [
        f"http://a/{n}" for n in range(30)
    ]
    bad = data[: at + 1] + b"ROW!" + data[at + 5 :]
    found = list(tables.read(io.BytesIO(bad), LIMIT, columns))
    assert [one.record for one in found if one.page] == [*range(10), *range(20, 30)]
    assert [(one.place.offset, one.trouble.type) for one in found if one.trouble] == [(10, Fault.CORRUPT)]
    assert [one.record for one in tables.read(io.BytesIO(data), LIMIT, columns, Place(25))] == [
        25,
        26,
        27,
        28,
        29,
    ]


@pytest.mark.parametrize("data", [b"", b"PAR1", b"no table" * 100])
def test_what_is_no_table_is_told(data: bytes) -> None:
    (found,) = tables.read(io.BytesIO(data), LIMIT, {"text": "text"})
    assert found.trouble
    assert found.trouble.type == Fault.UNREADABLE_FILE
