"""page, spans, article -> a first score from plain signals, and the list of failed checks.

Not calibrated yet, and says so: `calibrated` is false until the numbers are learned from labelled pages.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from schemas.article import Article
from schemas.labels import Action, Label
from schemas.quality import Grade, Quality
from schemas.result import Encoding, EncodingSource, Severity, ValidationMessage
from service.document import Page, Span

# Below these an article is thin or hardly there, in words of `Article.wordCount`
THIN_WORDS: Final = 50
# Share of the page that may be in doubt before the body is said to hold boilerplate
DOUBTFUL_SHARE: Final = 0.05
REPLACEMENT: Final = "\ufffd"
# Half-width of the interval of expectedF1 while it is not calibrated: honest ignorance
PLAIN_INTERVAL: Final = 0.25


def measure(page: Page, spans: Sequence[Span], article: Article) -> dict[str, float]:
    """The page's measures: shares are of the characters that are no white space between spans."""
    covered = sum(s.end - s.start for s in spans) or 1
    by_action = dict.fromkeys(Action, 0)
    for span in spans:
        by_action[span.action] += span.end - span.start
    kept = [s for s in spans if s.action in (Action.KEPT, Action.FLAGGED)]
    kept_chars = sum(s.end - s.start for s in kept) or 1
    prose = sum(s.end - s.start for s in kept if page.lines[s.line].prose)
    duplicates = sum(s.end - s.start for s in spans if s.label is Label.DUPLICATE_BLOCK)
    opinions = [(s.opinion, s.end - s.start) for s in kept if s.opinion is not None]
    weight = sum(w for _, w in opinions)
    signals = {
        "wordCount": float(article.wordCount),
        "removedRatio": by_action[Action.REMOVED] / covered,
        "flaggedRatio": by_action[Action.FLAGGED] / covered,
        "duplicateRatio": duplicates / covered,
        "proseRatio": prose / kept_chars if kept else 0.0,
        "replacementRatio": article.articleBody.count(REPLACEMENT) / max(1, len(article.articleBody)),
        "headline": float(article.headline is not None),
        "date": float(article.datePublishedRaw is not None),
    }
    if weight:
        signals["meanContentProbability"] = sum(p * w for p, w in opinions) / weight
    return {name: round(value, 6) for name, value in signals.items()}


def assess(signals: dict[str, float]) -> Quality:
    """A plain logistic estimate: long, prosy, undoubted text scores high. Weights set by hand."""
    words = signals["wordCount"]
    if not words:
        return _quality(0.0, signals)
    z = -2.0
    z += 1.2 * min(math.log1p(words) / math.log(400), 1.2)
    z += 2.5 * signals["proseRatio"]
    z -= 3.0 * signals["flaggedRatio"]
    z -= 30.0 * min(signals["replacementRatio"], 0.1)
    z += 0.3 * signals["headline"] + 0.2 * signals["date"]
    if "meanContentProbability" in signals:
        z += 4.0 * (signals["meanContentProbability"] - 0.75)
    return _quality(1 / (1 + math.exp(-z)), signals)


def _quality(score: float, signals: dict[str, float]) -> Quality:
    score = round(score, 4)
    low, high = max(0.0, score - PLAIN_INTERVAL), min(1.0, score + PLAIN_INTERVAL)
    return Quality(
        score=score,
        expectedF1=score,
        expectedF1Interval=(round(low, 4), round(high, 4)),
        calibrated=False,
        grade=Grade.of(score),
        signals=signals,
    )


def validate(
    article: Article, encoding: Encoding, signals: dict[str, float]
) -> tuple[ValidationMessage, ...]:
    """Every check that failed, not the first."""
    return tuple(chain(_check_fields(article), _check_body(article, signals), _check_encoding(encoding)))


def _failed(field: str, code: str, message: str, severity: Severity) -> ValidationMessage:
    return ValidationMessage(field=field, code=code, message=message, severity=severity)


def _check_fields(article: Article) -> Iterator[ValidationMessage]:
    if article.headline is None:
        yield _failed("headline", "missing", "No headline was found.", Severity.WARNING)
    if article.datePublishedRaw is None:
        yield _failed("datePublishedRaw", "missing", "No publication date was found.", Severity.INFO)
    elif article.datePublishedLocal is None:
        message = "The date can't be read in one way only."
        yield _failed("datePublishedLocal", "ambiguous", message, Severity.INFO)
    if article.articleBody and article.inLanguage is None:
        yield _failed("inLanguage", "unknown", "The language could not be told.", Severity.INFO)


def _check_body(article: Article, signals: dict[str, float]) -> Iterator[ValidationMessage]:
    if not article.articleBody:
        yield _failed("articleBody", "empty", "Nothing of the page is article text.", Severity.ERROR)
    elif article.wordCount < THIN_WORDS:
        yield _failed("articleBody", "short", f"Only {article.wordCount} words.", Severity.WARNING)
    if signals["replacementRatio"] > 0:
        message = f"{article.articleBody.count(REPLACEMENT)} unreadable characters."
        yield _failed("articleBody", "replacement_characters", message, Severity.WARNING)
    if signals["flaggedRatio"] > DOUBTFUL_SHARE:
        message = f"{signals['flaggedRatio']:.0%} of the page is doubtful and kept."
        yield _failed("articleBody", "residual_boilerplate", message, Severity.WARNING)


def _check_encoding(encoding: Encoding) -> Iterator[ValidationMessage]:
    if encoding.source is EncodingSource.FALLBACK:
        message = f"The charset could not be told; {encoding.charset} was assumed."
        yield _failed("encoding", "guessed", message, Severity.WARNING)
