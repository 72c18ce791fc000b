"""complete result -> the result as asked for: other offset units, fewer segments, no rendering.

Offsets inside Ghirbal count code points. JavaScript and Java count UTF-16 units; tools that seek
in files count bytes, here those of the page's text in UTF-8.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from schemas.article import Part
from schemas.labels import Action
from schemas.request import REQUIRABLE, OffsetUnit, SegmentChoice
from schemas.result import Accounting, Result
from schemas.segment import Segment
from schemas.verdict import Decision, VerdictReason

_WIDTH: Mapping[OffsetUnit, Callable[[str], int]] = {
    OffsetUnit.CODEPOINT: len,
    OffsetUnit.UTF16: lambda text: len(text.encode("utf-16-le")) // 2,
    OffsetUnit.BYTE: lambda text: len(text.encode()),
}


def present(
    result: Result,
    page_text: str,
    *,
    offsets: OffsetUnit,
    segments: SegmentChoice,
    rendered: bool,
    id: str | None,
) -> Result:
    """The result as the caller asked for it.

    `result` is complete, with offsets in code points of `page_text`. `duplicateOf` stays an index
    into the complete list of segments, whichever segments are returned. Linear in the length of
    the page.
    """
    if offsets is not OffsetUnit.CODEPOINT:
        result = in_unit(result, page_text, offsets)
    return result.model_copy(
        update={
            "id": id,
            "segments": tuple(_chosen(result.segments, segments)),
            "renderedText": result.renderedText if rendered else None,
        }
    )


def hold_below(result: Result, min_score: float | None) -> Result:
    """Ask for a review of what would be accepted with a score below `min_score`, in [0, 1]."""
    verdict = result.verdict
    if min_score is None or result.quality.score >= min_score or verdict.decision is not Decision.ACCEPT:
        return result
    reason = VerdictReason(
        code="below_min_score",
        message=f"The score {result.quality.score:.3f} is below the asked minimum {min_score:.3f}.",
        start=None,
        end=None,
    )
    held = verdict.model_copy(update={"decision": Decision.REVIEW, "reasons": (*verdict.reasons, reason)})
    return result.model_copy(update={"verdict": held})


def hold_without(result: Result, require: str | None) -> Result:
    """Ask for a review of what would be accepted without a field the caller requires.

    `require` holds the fields' names, with commas between. A date counts in whichever form it was found.
    """
    verdict, article = result.verdict, result.article
    if require is None or verdict.decision is not Decision.ACCEPT:
        return result
    found = {name: getattr(article, name) for name in REQUIRABLE}
    found["datePublished"] = article.datePublishedLocal or article.datePublishedRaw or article.datePublished
    missing = [name for name in dict.fromkeys(require.split(",")) if not found[name]]
    if not missing:
        return result
    reasons = tuple(
        VerdictReason(code="required_missing", message=f"{name} is required.", start=None, end=None)
        for name in missing
    )
    held = verdict.model_copy(update={"decision": Decision.REVIEW, "reasons": (*verdict.reasons, *reasons)})
    return result.model_copy(update={"verdict": held})


def in_unit(result: Result, page_text: str, unit: OffsetUnit) -> Result:
    """A complete result with every offset and count converted from code points to `unit`."""
    at = translation(page_text, _offsets(result), unit)
    segments = tuple(_moved(segment, at) for segment in result.segments)
    reasons = tuple(_moved_reason(reason, at) for reason in result.verdict.reasons)
    parts = tuple(_moved_part(part, at) for part in result.article.parts)
    return result.model_copy(
        update={
            "segments": segments,
            "verdict": result.verdict.model_copy(update={"reasons": reasons}),
            "article": result.article.model_copy(update={"parts": parts}),
            "accounting": _accounting(segments, at[len(page_text)], unit),
        }
    )


def translation(text: str, offsets: Iterable[int], unit: OffsetUnit) -> dict[int, int]:
    """Each offset in code points, 0 and the length included, with its equal in `unit`.

    The text between neighbouring offsets is measured once, so the whole takes linear time.
    """
    width = _WIDTH[unit]
    found = {0: 0}
    last = total = 0
    for offset in sorted({*offsets, len(text)}):
        total += width(text[last:offset])
        found[offset] = total
        last = offset
    return found


def _chosen(segments: tuple[Segment, ...], choice: SegmentChoice) -> Iterator[Segment]:
    if choice is SegmentChoice.NONE:
        return
    for segment in segments:
        if choice is SegmentChoice.ALL or segment.action is not Action.KEPT:
            yield segment


def _offsets(result: Result) -> Iterator[int]:
    for segment in result.segments:
        yield from (segment.start, segment.end)
    for part in result.article.parts:
        yield from (part.start, part.end)
    for reason in result.verdict.reasons:
        yield from (offset for offset in (reason.start, reason.end) if offset is not None)


def _moved(segment: Segment, at: Mapping[int, int]) -> Segment:
    return segment.model_copy(update={"start": at[segment.start], "end": at[segment.end]})


def _moved_part(part: Part, at: Mapping[int, int]) -> Part:
    return part.model_copy(update={"start": at[part.start], "end": at[part.end]})


def _moved_reason(reason: VerdictReason, at: Mapping[int, int]) -> VerdictReason:
    start = None if reason.start is None else at[reason.start]
    end = None if reason.end is None else at[reason.end]
    return reason.model_copy(update={"start": start, "end": end})


def _accounting(segments: tuple[Segment, ...], length: int, unit: OffsetUnit) -> Accounting:
    counts = dict.fromkeys(Action, 0)
    for segment in segments:
        counts[segment.action] += segment.end - segment.start
    return Accounting(
        offsetUnit=unit,
        length=length,
        kept=counts[Action.KEPT],
        lifted=counts[Action.LIFTED],
        removed=counts[Action.REMOVED],
        flagged=counts[Action.FLAGGED],
        whitespace=length - sum(counts.values()),
    )
