"""signals -> the score: calibrated where there is a calibrator, else a plain estimate that says so."""

import math
from typing import Final

from schemas.quality import Grade, Quality
from service import calibration

# Half-width of the interval of expectedF1 while it is not calibrated: honest ignorance
PLAIN_INTERVAL: Final = 0.25
# What was fetched instead of an article is worth nothing, whatever its words look like
FAILED_SCORE: Final = 0.01
FAILED_HIGH: Final = 0.2


def assess(signals: dict[str, float], *, html: bool, failed: bool) -> Quality:
    """The score of a page: probability that its cleaned body is usable.

    `html` is its input kind; `failed` whether something else was fetched instead of a page.
    """
    calibrator = calibration.load()
    known = calibrator is not None and calibration.honest()
    if not signals["wordCount"]:
        return _quality(0.0, 0.0, (0.0, FAILED_HIGH), signals, calibrated=known)
    if calibrator is None:
        score = min(_plain(signals), FAILED_SCORE if failed else 1.0)
        low, high = max(0.0, score - PLAIN_INTERVAL), min(1.0, score + PLAIN_INTERVAL)
        return _quality(score, score, (low, high), signals, calibrated=False)
    said = calibrator.estimate(signals, html=html)
    if failed:
        score, f1 = min(said.score, FAILED_SCORE), min(said.f1, FAILED_SCORE)
        return _quality(score, f1, (0.0, FAILED_HIGH), signals, calibrated=known)
    return _quality(said.score, said.f1, (said.low, said.high), signals, calibrated=known)


def _plain(signals: dict[str, float]) -> float:
    """A logistic estimate: long, prosy, undoubted text scores high. Weights set by hand."""
    z = -2.0
    z += 1.2 * min(math.log1p(signals["wordCount"]) / math.log(400), 1.2)
    z += 2.5 * signals["proseRatio"]
    z -= 3.0 * signals["flaggedRatio"]
    z -= 30.0 * min(signals["replacementRatio"], 0.1)
    z += 0.3 * signals["headline"] + 0.2 * signals["date"]
    if signals["hopedPrecision"]:
        z += 4.0 * (signals["hopedPrecision"] - 0.75)
    return 1 / (1 + math.exp(-z))


def _quality(
    score: float, f1: float, interval: tuple[float, float], signals: dict[str, float], *, calibrated: bool
) -> Quality:
    score = round(score, 4)
    return Quality(
        score=score,
        expectedF1=round(f1, 4),
        expectedF1Interval=(round(interval[0], 4), round(interval[1], 4)),
        calibrated=calibrated,
        grade=Grade.of(score),
        signals=signals,
    )
