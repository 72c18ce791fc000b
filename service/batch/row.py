"""A page -> its row: provenance, and the answer that the service gives for the same page.

Pure, and the only place where rows are made, so that they are the same bytes whichever engine made them.
Light on purpose: workers import it.
"""

import json
from collections import Counter
from dataclasses import dataclass, replace
from hashlib import sha256
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit

from schemas.labels import Action
from schemas.request import CleanOptions, CleanRequest, SegmentChoice, is_language
from schemas.result import Result
from service.batch.found import Found
from service.errors import SchemaMismatch
from service.http.answer import MAX_ID, Examined, Sent, examine_envelope, examine_page
from service.http.envelope import JsonLimits, read_content, read_envelope, read_json
from service.http.render import to_json

FIELDS: Final = tuple(CleanRequest.model_fields)
"""What an envelope may hold."""
MAX_URL: Final = 4096
"""Characters of an address, as in the envelope's schema."""
MAX_SITE: Final = 253
"""Characters of a host name, as DNS has it."""


@dataclass(frozen=True, slots=True)
class How:
    """How pages become rows."""

    options: CleanOptions
    limits: JsonLimits
    columns: tuple[tuple[str, str], ...]
    """For a field of the envelope, the name it has in a JSON line."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is counted of a page. None of it is in the row that is not there anyway, save the time."""

    decision: str
    page_type: str
    language: str | None
    score: float
    site: str
    url: str | None
    cut: dict[str, int]
    """Characters removed, by label."""
    length: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A row as a line of JSON without its line break, and what is counted of it."""

    line: bytes
    facts: Facts


def clean_found(found: Found, file: str, how: How) -> Cleaned:
    """The row of a page. Raises what the service refuses the page with."""
    began = perf_counter()
    page = found.page
    if page is None:
        raise SchemaMismatch("There is no page.")
    known_as = page.id
    if page.sent is not None:
        content = page.sent.content
        examined = examine_page(replace(page.sent, body=content, codings=()), how.options)
    else:
        envelope = _envelope(page.envelope or b"", how)
        request = read_envelope(envelope, how.limits)
        content = _content(request)
        known_as = request.id
        examined = examine_envelope(Sent(envelope), how.options, how.limits)
    provenance = {
        "file": file,
        "offset": found.place.offset,
        "record": found.record,
        "id": known_as,
        "dateDownloaded": page.date,
        "digest": f"sha256:{sha256(content).hexdigest()}",
    }
    line = _line(provenance, examined, how.options)
    return Cleaned(line, _facts(examined.complete, perf_counter() - began))


def read_known(line: bytes, how: How) -> tuple[str | None, str | None]:
    """`id` and `url` of a line that was refused, where they can be read all the same."""
    fields = _fields(line, how)
    return _short(fields.get("id"), MAX_ID), _short(fields.get("url"), MAX_URL)


def _short(found: object, limit: int) -> str | None:
    return found if isinstance(found, str) and len(found) <= limit else None


def _line(provenance: dict[str, Any], examined: Examined, options: CleanOptions) -> bytes:
    answer: dict[str, Any] = json.loads(to_json(examined.asked))
    verdict, quality = answer["verdict"], answer["quality"]
    row = {
        **provenance,
        **answer["article"],
        "decision": verdict["decision"],
        "pageType": verdict["pageType"],
        "score": quality["score"],
        "expectedF1": quality["expectedF1"],
        "grade": quality["grade"],
        **{
            name: answer[name]
            for name in ("verdict", "quality", "validation", "encoding", "accounting", "engine")
        },
    }
    if options.segments is not SegmentChoice.NONE:
        row["segments"] = answer["segments"]
    if options.rendered:
        row["renderedText"] = answer["renderedText"]
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()


def _facts(result: Result, seconds: float) -> Facts:
    cut: Counter[str] = Counter()
    for segment in result.segments:
        if segment.action is Action.REMOVED:
            cut[segment.label] += segment.end - segment.start
    url = result.article.url
    return Facts(
        decision=result.verdict.decision,
        page_type=result.verdict.pageType,
        language=result.article.inLanguage,
        score=result.quality.score,
        site=_site(url),
        url=url,
        cut={str(label): chars for label, chars in sorted(cut.items())},
        length=result.accounting.length,
        seconds=seconds,
    )


def _site(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "")[:MAX_SITE]
    except ValueError:
        return ""


def _content(request: CleanRequest) -> bytes:
    content = read_content(request)
    if content is None:
        content = (request.html if request.html is not None else request.text or "").encode(
            "utf-8", "replace"
        )
    return content


def _envelope(line: bytes, how: How) -> bytes:
    return json.dumps(_fields(line, how), ensure_ascii=False).encode()


def _fields(line: bytes, how: How) -> dict[str, object]:
    """The fields of an envelope that a line holds, under the names they have there; the rest is left.

    So is a language that is no tag: archives have columns of that name that mean something else by it, and
    a hint is not worth a page.
    """
    value = read_json(line, how.limits)
    if not isinstance(value, dict):
        raise SchemaMismatch("The line must be a JSON object.")
    named = dict(how.columns)
    chosen = {field: value.get(named.get(field, field)) for field in FIELDS}
    kept = {field: found for field, found in chosen.items() if found is not None}
    if isinstance(kept.get("id"), int):
        kept["id"] = str(kept["id"])
    language = kept.get("language")
    if not (isinstance(language, str) and is_language(language)):
        kept.pop("language", None)
    return kept
