"""page, spans, article, quality -> page type and decision, each with its reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas.article import Article
from schemas.labels import Label
from schemas.quality import Quality
from schemas.request import Profile
from schemas.result import ValidationMessage
from schemas.verdict import Decision, PageType, Verdict, VerdictReason
from service import kinds
from service.document import Decoded, MediaKind, Page, Span
from service.failures import Failure
from service.failures.reasons import reason
from service.threads import MIN_THREAD_EVIDENCE, thread_evidence
from service.validation import blocking

# Score from which a profile accepts; below half of it the page is rejected.
ACCEPT_AT: Final = {
    Profile.GENERIC: 0.5,
    Profile.NEWS: 0.6,
    Profile.STRICT: 0.8,
    Profile.RECALL: 0.35,
}
# A listing of which the model is so sure is somebody's to look at, however well it was cleaned. Of labelled
# articles next to none comes near; `recall` takes what it can get.
LISTING_AT: Final = 0.7


@dataclass(frozen=True, slots=True)
class Terms:
    """What the caller asked for, and what is known of the page beside its text."""

    profile: Profile = Profile.GENERIC
    likely: Mapping[PageType, float] = field(default_factory=dict)
    """What a model says of the page type, empty where there is none; never of a failed fetch."""
    failure: Failure | None = None
    """What was fetched instead of a page."""


@dataclass(frozen=True, slots=True)
class _Kind:
    page_type: PageType
    confidence: float
    reasons: tuple[VerdictReason, ...]


def judge(
    decoded: Decoded,
    page: Page,
    spans: Sequence[Span],
    article: Article,
    quality: Quality,
    validation: Sequence[ValidationMessage],
    terms: Terms,
) -> Verdict:
    """Page type and what the crawler should do."""
    failure = terms.failure
    if failure is not None:
        return Verdict(
            decision=failure.decision,
            pageType=failure.page_type,
            confidence=failure.confidence,
            reasons=failure.reasons,
        )
    kind = _page_type(decoded, page, spans, article, terms.likely)
    decision, reasons = _decide(kind, quality, validation, terms.profile)
    return Verdict(
        decision=decision,
        pageType=kind.page_type,
        confidence=kind.confidence,
        reasons=(*kind.reasons, *reasons),
    )


def _page_type(
    decoded: Decoded,
    page: Page,
    spans: Sequence[Span],
    article: Article,
    likely: Mapping[PageType, float],
) -> _Kind:
    if decoded.kind is MediaKind.BINARY:
        return _Kind(PageType.BINARY, 0.99, (reason("binary", "The bytes are no text."),))
    if not page.blocks:
        return _Kind(PageType.EMPTY, 0.99, (reason("no_text", "The page holds no text."),))
    if not article.articleBody:
        walls = [s for s in spans if s.label is Label.ACCESS_NOTICE]
        where = (walls[0].start, walls[0].end) if walls else (None, None)
        return _Kind(
            PageType.EMPTY, 0.8, (reason("no_article", "Nothing on the page is article text.", *where),)
        )
    evidence = thread_evidence(page, spans)
    if len(evidence) >= MIN_THREAD_EVIDENCE:
        reasons = tuple(reason(e.code, e.message, e.start, e.end) for e in evidence)
        return _Kind(PageType.FORUM_THREAD, min(0.5 + 0.15 * len(evidence), 0.95), reasons)
    if len(article.parts) > 1:
        second = article.parts[1]
        message = f"{len(article.parts)} articles follow each other, each with headline and date or author."
        return _Kind(
            PageType.MULTI_ARTICLE,
            0.6,
            (reason("several_articles", message, second.start, second.end),),
        )
    # a thread has marks of its own; where none stands on the page, the model's word for it is not enough
    likely = {kind: p for kind, p in likely.items() if evidence or kind is not PageType.FORUM_THREAD}
    kind = kinds.tell(page, spans, article, likely)
    said = () if kind.page_type is PageType.ARTICLE else (reason(kind.code, kind.message),)
    return _Kind(kind.page_type, kind.confidence, said)


def _decide(
    kind: _Kind, quality: Quality, validation: Sequence[ValidationMessage], profile: Profile
) -> tuple[Decision, tuple[VerdictReason, ...]]:
    if kind.page_type in (PageType.BINARY, PageType.EMPTY):
        return Decision.REJECT, ()
    held = tuple(reason(f"{m.field}.{m.code}", m.message) for m in validation if blocking(m, profile))
    bar = ACCEPT_AT[profile]
    if held and quality.score >= bar / 2:  # what holds a page back makes none better
        return Decision.REVIEW, held
    listing = kind.page_type is PageType.LISTING and kind.confidence >= LISTING_AT
    if listing and quality.score >= bar and profile is not Profile.RECALL:
        return Decision.REVIEW, (reason("listing", "A listing of other pages is no article."),)
    if quality.score >= bar:
        return Decision.ACCEPT, (
            reason("score", f"score {quality.score:.2f}, {profile} accepts from {bar:.2f}"),
        )
    if quality.score >= bar / 2:
        return Decision.REVIEW, (
            reason("score", f"score {quality.score:.2f}, {profile} accepts from {bar:.2f}"),
        )
    return Decision.REJECT, (
        *held,
        reason("score", f"score {quality.score:.2f}, {profile} rejects below {bar / 2:.2f}"),
    )
