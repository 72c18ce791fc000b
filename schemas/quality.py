"""How far the article can be trusted."""

from enum import StrEnum

from schemas.base import Output
from schemas.segment import Probability


class Grade(StrEnum):
    """Words for the score: poor < .5 <= fair < .8 <= good < .95 <= excellent."""

    POOR = "poor"
    FAIR = "fair"
    GOOD = "good"
    EXCELLENT = "excellent"

    @classmethod
    def of(cls, score: float) -> "Grade":
        """The grade of a score in [0, 1]."""
        bounds = ((0.5, cls.POOR), (0.8, cls.FAIR), (0.95, cls.GOOD))
        return next((grade for bound, grade in bounds if score < bound), cls.EXCELLENT)


class Quality(Output):
    """The score and what it rests on."""

    score: Probability
    """Probability that the article is usable: word F1 of 0.90 or more against an ideal extraction."""
    expectedF1: Probability
    """Estimate of that F1."""
    expectedF1Interval: tuple[Probability, Probability]
    """Where that F1 lies with 90 % probability."""
    calibrated: bool
    """Whether the numbers were calibrated on labelled pages; false means a plain estimate."""
    grade: Grade
    """A word for the score."""
    signals: dict[str, float]
    """The page's measures that went into the score."""
