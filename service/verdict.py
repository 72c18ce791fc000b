"""page, spans, article, quality -> page type and decision, each with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schemas.article import Article
from schemas.labels import Action, Label
from schemas.quality import Quality
from schemas.request import Profile
from schemas.result import Severity, ValidationMessage
from schemas.verdict import Decision, PageType, Verdict, VerdictReason
from service.document import Decoded, MediaKind, Page, Span
from service.threads import count_articles, thread_evidence

# Score from which a profile accepts; below half of it the page is rejected.
ACCEPT_AT: Final = {
    Profile.GENERIC: 0.5,
    Profile.NEWS: 0.6,
    Profile.STRICT: 0.8,
    Profile.RECALL: 0.35,
}
MIN_THREAD_EVIDENCE: Final = 2


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
    profile: Profile,
) -> Verdict:
    """Page type and what the crawler should do."""
    kind = _page_type(decoded, page, spans, article)
    decision, reasons = _decide(kind.page_type, quality, validation, profile)
    return Verdict(
        decision=decision,
        pageType=kind.page_type,
        confidence=kind.confidence,
        reasons=(*kind.reasons, *reasons),
    )


def _reason(code: str, message: str, start: int | None = None, end: int | None = None) -> VerdictReason:
    return VerdictReason(code=code, message=message, start=start, end=end)


def _page_type(decoded: Decoded, page: Page, spans: Sequence[Span], article: Article) -> _Kind:
    if decoded.kind is MediaKind.BINARY:
        return _Kind(PageType.BINARY, 0.99, (_reason("binary", "The bytes are no text."),))
    if not page.blocks:
        return _Kind(PageType.EMPTY, 0.99, (_reason("no_text", "The page holds no text."),))
    if not article.articleBody:
        walls = [s for s in spans if s.label is Label.ACCESS_NOTICE]
        where = (walls[0].start, walls[0].end) if walls else (None, None)
        return _Kind(
            PageType.EMPTY, 0.8, (_reason("no_article", "Nothing on the page is article text.", *where),)
        )
    evidence = thread_evidence(page, spans)
    if len(evidence) >= MIN_THREAD_EVIDENCE:
        reasons = tuple(_reason(e.code, e.message, e.start, e.end) for e in evidence)
        return _Kind(PageType.FORUM_THREAD, min(0.5 + 0.15 * len(evidence), 0.95), reasons)
    if count_articles(page, spans) > 1:
        return _Kind(
            PageType.MULTI_ARTICLE,
            0.6,
            (_reason("several_headlines", "Several articles follow each other."),),
        )
    prose = sum(1 for s in spans if s.action is Action.KEPT and page.lines[s.line].prose)
    if prose:
        return _Kind(PageType.ARTICLE, 0.6 + min(prose, 10) * 0.03, ())
    return _Kind(PageType.OTHER, 0.5, (_reason("no_prose", "No running text was found."),))


def _decide(
    page_type: PageType, quality: Quality, validation: Sequence[ValidationMessage], profile: Profile
) -> tuple[Decision, tuple[VerdictReason, ...]]:
    if page_type is PageType.BINARY:
        return Decision.REJECT, ()
    if page_type is PageType.EMPTY:
        return Decision.REJECT, ()
    errors = tuple(
        _reason(f"{m.field}.{m.code}", m.message) for m in validation if m.severity is Severity.ERROR
    )
    if errors:
        return Decision.REVIEW, errors
    bar = ACCEPT_AT[profile]
    if quality.score >= bar:
        return Decision.ACCEPT, (
            _reason("score", f"score {quality.score:.2f}, {profile} accepts from {bar:.2f}"),
        )
    if quality.score >= bar / 2:
        return Decision.REVIEW, (
            _reason("score", f"score {quality.score:.2f}, {profile} accepts from {bar:.2f}"),
        )
    return Decision.REJECT, (
        _reason("score", f"score {quality.score:.2f}, {profile} rejects below {bar / 2:.2f}"),
    )
