"""The whole story on one screen: bytes -> text -> blocks -> findings, opinions -> spans -> result.

Every door calls this. Pure and deterministic: no clock, no network, no state.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from pydantic import TypeAdapter

from schemas.labels import Action
from schemas.request import LANGUAGE_NEEDED, STATUSES, OffsetUnit, Profile, is_language
from schemas.result import Accounting, Engine, Result
from schemas.segment import Reason, Segment
from service import (
    article,
    blocks,
    decide,
    detectors,
    failures,
    model,
    parts,
    quality,
    signals,
    validation,
    verdict,
)
from service.decode import as_bytes, decode
from service.detector import scan
from service.document import Decoded, Page, Span
from service.version import VERSION

_SEGMENTS: Final = TypeAdapter(tuple[Segment, ...])  # all at once: half the time of one by one


class Analysis(NamedTuple):
    """A page's result, and what the forms of the answer need beside it."""

    result: Result
    page_text: str
    """What the result's offsets count in."""
    body: tuple[article.Paragraph, ...]
    """What `articleBody` is joined from."""


def clean(
    body: bytes | bytearray | memoryview,
    *,
    content_type: str | None = None,
    charset: str | None = None,
    url: str | None = None,
    language: str | None = None,
    status: int | None = None,
    profile: Profile | str = Profile.GENERIC,
) -> Result:
    """Clean one raw page dump.

    `content_type`, `charset`, `url`, `language` (BCP 47) and `status` (the HTTP status the crawler
    got) are hints, never proof. Offsets in the result are code points of `renderedText`, or of the
    text that came where that is null. Any bytes give a result; TypeError for what is no bytes, ValueError
    for an unknown profile, a status that no server sends, or a language that is no tag.
    """
    if status is not None and status not in STATUSES:
        raise ValueError(f"status must be from {STATUSES[0]} to {STATUSES[-1]}, not {status!r}")
    if language is not None and not is_language(language):
        raise ValueError(f"language: {LANGUAGE_NEEDED}, not {language!r}")
    return analyse(
        decode(as_bytes(body), content_type=content_type, charset=charset),
        url=url,
        language=language,
        status=status,
        profile=profile,
    ).result


def analyse(
    decoded: Decoded,
    *,
    url: str | None = None,
    language: str | None = None,
    status: int | None = None,
    profile: Profile | str = Profile.GENERIC,
) -> Analysis:
    """The result, and what it was made from."""
    profile = Profile(profile)
    page = blocks.read(decoded, url=url, language=language)
    hits = scan(page)
    findings = detectors.find_all(page, hits)
    labelling = model.label(page, hits, findings)
    findings = detectors.find_again(page, hits, findings, labelling.opinions)
    spans = decide.decide(page, findings, labelling.opinions, profile)
    body = article.paragraphs(page, spans)
    whole = article.assemble(page, spans, body)
    cleaned = whole.model_copy(update={"parts": parts.cut(page, spans, body, whole)})
    measured = signals.measure(page, spans, cleaned, decoded.encoding, labelling.kinds)
    failure = failures.find(decoded, page, spans, cleaned, status)
    score = quality.assess(measured, html=page.html, failed=failure is not None)
    checks = validation.check(page, cleaned, measured, decoded.encoding)
    terms = verdict.Terms(profile=profile, failure=failure, likely=model.page_types(labelling.kinds))
    result = Result(
        id=None,
        schemaVersion="1",
        article=cleaned,
        verdict=verdict.judge(decoded, page, spans, cleaned, score, checks, terms),
        quality=score,
        validation=checks,
        encoding=decoded.encoding,
        segments=_segments(spans),
        accounting=_account(page, spans),
        engine=Engine(version=VERSION, model=model.name(), profile=profile),
        renderedText=page.text if page.html or _is_altered(decoded) else None,
    )
    return Analysis(result, page.text, body)


def _is_altered(decoded: Decoded) -> bool:
    """Whether the text is more than the UTF-8 that came: a caller could not cut it by the offsets."""
    return decoded.encoding.charset != "utf-8" or bool(decoded.encoding.repairs)


def _segments(spans: Sequence[Span]) -> tuple[Segment, ...]:
    index_at = {span.start: index for index, span in enumerate(spans)}
    reasons = {  # the spans of a run share theirs
        shared: tuple(Reason(rule=rule, evidence=evidence) for rule, evidence in shared)
        for shared in {span.reasons for span in spans}
    }
    return _SEGMENTS.validate_python(
        tuple(
            {
                "start": span.start,
                "end": span.end,
                "label": span.label,
                "action": span.action,
                "confidence": round(span.confidence, 4),
                "contentProbability": None if span.opinion is None else round(span.opinion, 4),
                "field": span.field if span.action is Action.LIFTED else None,
                "duplicateOf": index_at.get(span.copy_of[0]) if span.copy_of else None,
                "reasons": reasons[span.reasons],
            }
            for span in spans
        )
    )


def _account(page: Page, spans: Sequence[Span]) -> Accounting:
    chars: Counter[Action] = Counter()
    for span in spans:
        chars[span.action] += span.end - span.start
    return Accounting(
        offsetUnit=OffsetUnit.CODEPOINT,
        length=len(page.text),
        kept=chars[Action.KEPT],
        lifted=chars[Action.LIFTED],
        removed=chars[Action.REMOVED],
        flagged=chars[Action.FLAGGED],
        whitespace=len(page.text) - chars.total(),
    )
