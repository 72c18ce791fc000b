"""Word precision, recall and F1 of a cleaned text against a gold text, with bootstrap intervals.

The metric is WCXB's: multisets of lower-cased words. In scripts written without spaces each character
is a word, or a whole Chinese sentence would be one.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from service.training.scoring import words

RESAMPLES: Final = 1000


@dataclass(frozen=True, slots=True)
class Score:
    """One page."""

    precision: float
    recall: float
    f1: float


def score(cleaned: str, gold: str) -> Score:
    """Compare two texts as multisets of words. An empty gold text is met by an empty answer only."""
    got, want = words(cleaned), words(gold)
    if not want or not got:
        same = float(not want and not got)
        return Score(same, same, same)
    both = (Counter(got) & Counter(want)).total()
    precision, recall = both / len(got), both / len(want)
    return Score(precision, recall, 2 * both / (len(got) + len(want)))


def interval(values: Sequence[float], *, seed: int = 0) -> tuple[float, float]:
    """95 % bootstrap interval of the mean over pages."""
    rng = random.Random(seed)
    means = sorted(fmean(rng.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES)]
