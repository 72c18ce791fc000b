"""Parquet -> pages: a page a row, from named columns; a corrupt row group costs what is left of it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.request import is_language
from service.batch.found import START, Fault, Found, Page, Place, fault, refusal
from service.errors import ServiceError, TooLarge, UnsupportedMediaType
from service.http.accept import Media, read_content_type
from service.http.answer import Sent

_ROWS: Final = 32
"""Rows read at a time."""
_BUFFER: Final = 1024 * 1024
_CONTENT: Final = "content"
"""The column that holds bytes; all other columns are fields of the service's envelope."""


def read(
    file: BinaryIO, limit: int, columns: Mapping[str, str], place: Place = START, record: int = 0
) -> Iterator[Found]:
    """The rows of a file from one on. `columns`: for an envelope's field, or `content`, its column."""
    del record  # it is the number of the row
    try:
        table = pq.ParquetFile(file, pre_buffer=False, page_checksum_verification=True, buffer_size=_BUFFER)
        groups = [table.metadata.row_group(n).num_rows for n in range(table.metadata.num_row_groups)]
        names = set(table.schema_arrow.names)
    except (OSError, pa.ArrowException) as error:
        why = f"It is no Parquet file that can be read ({type(error).__name__})."
        yield Found(place, 0, trouble=fault(Fault.UNREADABLE_FILE, why))
        return
    known = {field: name for field, name in columns.items() if name in names}
    if not {"text", "html", "contentBase64", _CONTENT} & set(known):
        wanted = ", ".join(sorted(set(columns.values())))
        why = f"It has none of the columns that hold pages (looked for {wanted}; see --column)."
        yield Found(place, 0, trouble=fault(Fault.UNREADABLE_FILE, why))
        return
    first = 0
    for number, rows in enumerate(groups):
        if first + rows > place.offset:
            yield from _group(table, number, first, rows, known, limit, max(first, place.offset))
        first += rows


def _group(
    table: pq.ParquetFile,
    number: int,
    first: int,
    rows: int,
    known: Mapping[str, str],
    limit: int,
    start: int,
) -> Iterator[Found]:
    at = first
    try:
        for batch in table.iter_batches(_ROWS, row_groups=[number], columns=sorted(set(known.values()))):
            for row in batch.to_pylist():
                if at >= start:
                    yield _found(at, {field: row[name] for field, name in known.items()}, known, limit)
                at += 1
    except (OSError, pa.ArrowException, ValueError) as error:
        why = (
            f"Rows {at} to {first + rows - 1} of row group {number} cannot be read ({type(error).__name__})."
        )
        if first + rows > start:
            yield Found(Place(max(at, start)), max(at, start), trouble=fault(Fault.CORRUPT, why))


def _found(at: int, fields: dict[str, Any], names: Mapping[str, str], limit: int) -> Found:
    said = {field: value for field, value in fields.items() if value is not None}
    url, known_as = said.get("url"), said.get("id")
    known = Page(url=str(url) if url else None, id=None if known_as is None else str(known_as))
    try:
        return Found(Place(at), at, _page(said, known, names, limit))
    except ServiceError as error:
        return Found(Place(at), at, known, refusal(error))


def _page(said: dict[str, Any], known: Page, names: Mapping[str, str], limit: int) -> Page:
    content = said.pop(_CONTENT, None)
    if content is None:
        if known.id is not None:
            said["id"] = known.id
        line = {names[field]: value for field, value in said.items()}  # as a JSON line would have them
        envelope = json.dumps(line, ensure_ascii=False, default=str).encode("utf-8", "replace")
        return Page(None, _within(envelope, limit), known.id, known.url)
    hint = read_content_type(said.get("contentType"))
    if hint.media is Media.JSON:
        raise UnsupportedMediaType("application/json in a column is no page.")
    body = content.encode("utf-8", "replace") if isinstance(content, str) else bytes(content)
    status = said.get("status")
    charset = said.get("charset") or hint.charset
    language = said.get("language")
    if not (isinstance(language, str) and is_language(language)):
        language = None
    code = int(status) if status else None
    sent = Sent(_within(body, limit), hint.hint, charset, known.url, code, language=language)
    return Page(sent, None, known.id, known.url)


def _within(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise TooLarge(f"The row has {len(body)} bytes; the limit is {limit} bytes (max_body_bytes).")
    return body
