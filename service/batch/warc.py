"""WARC and WET files -> pages. FastWARC reads what a record says; here is where records begin and end.

A record is believed when its length is the one it states: after it comes another, or the end. Where that is
not so it is a trouble, and reading goes on at the next place that begins like a record.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, Final

from fastwarc.stream_io import ChunkedReader
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from service.batch.found import START, Broken, Fault, Found, Page, Place, fault, refusal
from service.batch.frames import Tape
from service.errors import ServiceError, TooLarge, UnsupportedMediaType
from service.http.accept import Coding, Media, read_codings, read_content_type
from service.http.answer import Sent

MARK: Final = b"WARC/"
MAX_HEAD: Final = 1024 * 1024
"""Bytes of a record's own header; a URL alone may take some kilobytes."""
_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_RESYNC: Final = re.compile(rb"\nWARC/[01]\.\d")
_PAGES: Final = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
_MAGIC: Final = {Coding.GZIP: b"\x1f\x8b", Coding.ZSTD: b"\x28\xb5\x2f\xfd"}


def read(file: BinaryIO, limit: int, place: Place = START, record: int = 0) -> Iterator[Found]:
    """The records of a file from a place on, the first numbered `record`; pages of at most `limit` bytes."""
    try:
        tape = Tape(file, MARK)
        tape.seek(place)
    except Broken as broken:
        yield Found(place, record, trouble=fault(broken.fault, broken.detail))
        return
    while True:
        begins: Place | None = None
        try:
            if not _at_record(tape):
                return
            begins = tape.place
            found = _one(tape, begins, record, limit)
        except Broken as broken:
            at = tape.place if begins is None else begins
            found = Found(at, record, trouble=fault(broken.fault, broken.detail))
            yield found
            if not tape.recover():
                return
        else:
            yield found
        record += 1


def _at_record(tape: Tape) -> bool:
    """Go past line ends to where something begins. False at the end of the file."""
    while True:
        while tape.buffer.startswith((b"\r", b"\n")):
            tape.drop(1)
        if tape.buffer:
            return True
        if not tape.more() and not tape.advance():
            return False


def _one(tape: Tape, begins: Place, record: int, limit: int) -> Found:
    """The record that begins here; the tape is left where the next may begin."""
    head = _head(tape)
    length = _LENGTH.search(head) if head else None
    if head is None or length is None:
        why = "It has no header." if head is None else "Its header states no length."
        _resync(tape, begins, 1)
        return Found(begins, record, trouble=fault(Fault.NOT_A_RECORD, why))
    stated = int(length[1])
    content, had = _content(tape, stated, limit)
    if had < stated or not _ends_well(tape):
        what = f"only {had} follow" if had < stated else "what follows is no record"
        cut = not _resync(tape, begins, len(head)) and had < stated and tape.plain
        kind = Fault.TRUNCATED if cut else Fault.WRONG_LENGTH
        return Found(begins, record, trouble=fault(kind, f"It states {stated} bytes; {what}."))
    if content is None:
        if not _holds_page(head):
            return Found(begins, record)
        over = f"The record has {stated} bytes; the limit is {limit} bytes (max_body_bytes)."
        return Found(begins, record, _known(head), refusal(TooLarge(over)))
    return _interpret(begins, record, head, content)


def _head(tape: Tape) -> bytes | None:
    """The record's header with the empty line after it; None where there is none."""
    searched = 0
    while (end := tape.buffer.find(_HEAD_END, searched)) < 0:
        searched = max(0, len(tape.buffer) - len(_HEAD_END))
        if not tape.buffer.startswith(MARK[: len(tape.buffer)]) or len(tape.buffer) > MAX_HEAD:
            return None
        if not tape.more():
            return None
    if not tape.buffer.startswith(MARK):
        return None
    head = bytes(tape.buffer[: end + len(_HEAD_END)])
    tape.drop(len(head))
    return head


def _content(tape: Tape, stated: int, limit: int) -> tuple[bytes | None, int]:
    """So many bytes, or None where they are over the limit; and how many there were."""
    kept = bytearray()
    had = 0
    while had < stated:
        if not tape.buffer and not tape.more():
            break
        take = min(len(tape.buffer), stated - had)
        if stated <= limit:
            kept += tape.buffer[:take]
        had += tape.drop(take)
    return (bytes(kept) if stated <= limit else None), had


def _ends_well(tape: Tape) -> bool:
    """Whether a record, or nothing, comes next. Reads on to the frame's end mark, so that it is checked."""
    while True:
        rest = bytes(tape.buffer[: len(MARK) + 64]).lstrip(b"\r\n")
        if len(rest) >= len(MARK):
            return rest.startswith(MARK)
        if not tape.more():
            return MARK.startswith(rest) if rest else True


def _resync(tape: Tape, begins: Place, past: int) -> bool:
    """Go to what looks like a record, so many bytes after a place or later; False at the stretch's end."""
    tape.seek(begins)
    while past:
        if not tape.buffer and not tape.more():
            return False
        past -= tape.drop(past)
    while True:
        if hit := _RESYNC.search(tape.buffer):
            tape.drop(hit.start() + 1)
            return True
        tape.drop(max(0, len(tape.buffer) - len(MARK) - 4))
        if not tape.more():
            tape.drop(len(tape.buffer))
            return False


def _holds_page(head: bytes) -> bool:
    return bool(re.search(rb"^warc-type:[ \t]*(response|resource|conversion)\b", head, re.I | re.M))


def _known(head: bytes) -> Page:
    """What is known of a page whose content is not kept."""
    record = _parse(re.sub(_LENGTH, b"Content-Length: 0\r", head))
    return (
        Page(id=record.record_id, url=_url(record), date=record.headers.get("WARC-Date"))
        if record
        else Page()
    )


def _parse(data: bytes) -> WarcRecord | None:
    try:
        return next(ArchiveIterator(BytesIO(data), record_types=WarcRecordType.any_type), None)
    except (OSError, ValueError):
        return None


def _interpret(begins: Place, number: int, head: bytes, content: bytes) -> Found:
    record = _parse(head + content)
    if record is None:
        return Found(begins, number, trouble=fault(Fault.NOT_A_RECORD, "Its header cannot be read."))
    if not record.record_type & _PAGES:
        return Found(begins, number)
    page = Page(id=record.record_id, url=_url(record), date=record.headers.get("WARC-Date"))
    try:
        sent = _sent(record, page.url)
    except ServiceError as error:
        return Found(begins, number, page, refusal(error))
    return Found(begins, number, Page(sent, None, page.id, page.url, page.date))


def _url(record: WarcRecord) -> str | None:
    url = (record.headers.get("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")
    return url or None


def _sent(record: WarcRecord, url: str | None) -> Sent:
    """The page of a record, as it would be sent to the service. ServiceError where it is none."""
    http = record.http_headers if record.is_http and record.http_headers is not None else None
    body = record.reader.read()
    if not record.is_http:
        return Sent(body, *_media(record.headers.get("Content-Type")), url=url)
    if http is None:
        return Sent(body, url=url)
    fields = [(name.lower(), value) for name, value in http.astuples()]
    said = dict(fields)
    if "chunked" in said.get("transfer-encoding", "").lower():
        body = _dechunked(body)
    codings = read_codings([value for name, value in fields if name == "content-encoding"], 3)
    if codings and not body.startswith(_MAGIC.get(codings[-1], b"")):
        codings = ()  # undone by the crawler, as many do, and the header left as it was
    status = http.status_code if http.status_code and 100 <= http.status_code <= 599 else None
    return Sent(body, *_media(said.get("content-type")), url=url, status=status, codings=codings)


def _media(header: str | None) -> tuple[str | None, str | None]:
    """Media type and charset as hints, none where garbled. UnsupportedMediaType for what is no page."""
    if header is None or not re.match(r"\s*[\w.+-]+/[\w.+-]+\s*(;|$)", header):
        return None, None
    said = read_content_type(header)
    if said.media is Media.JSON:
        raise UnsupportedMediaType("application/json in an archive is no page.")
    return said.hint, said.charset


def _dechunked(body: bytes) -> bytes:
    """The body without its chunks; as it is where the crawler undid them and left the header as it was."""
    try:
        return ChunkedReader(BytesIO(body)).read(len(body))
    except OSError:
        return body
