"""profile, page, opinions -> how boldly is removed: under a profile, on a page, where sentences stand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from schemas.request import Profile
from service.document import Page

# From so many words on a stretch may be a sentence; with a full stop, half as many do
SPOKEN_WORDS: Final = 8
# ... and one that a detector suspects goes by this much more than one that it doesn't
SUSPECTED: Final = 0.05

# So few blocks say too little of what the page is: a poem or a dialogue looks like a menu. There the
# model takes out only what it is surest of.
FEW_BLOCKS: Final = 9

# A finding from this confidence on is doubtful rather than a guess: where the model expects a word F1 of
# `UNDERSTOOD` of its best cut, it need not be surer of the block than `agreement` to settle the doubt.
DOUBTFUL: Final = 0.5
UNDERSTOOD: Final = 0.55

# A page is clear where the model is sure of a text: what it gives `SURE` holds so many words in sentences,
# and so much of all that it expects. What it doubts there stands beside the article, and all alike: a list of
# teasers, the rules for comments.
SURE: Final = 0.9
CLEAR_WORDS: Final = 60
CLEAR_SHARE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How boldly a profile removes. All are probabilities."""

    finding: float
    """A finding below this confidence needs the model's agreement."""
    veto: float
    """Above this the model overrules a finding of middling confidence: flagged instead of removed."""
    certain: float
    """A finding from this confidence on is never overruled."""
    floor: float
    """The model removes what it gives less than this, on every page."""
    ceiling: float
    """... and nothing that it gives more than this; between the two the page decides: `on_page`."""
    spoken: float
    """What reads like a sentence the model alone removes only below this."""
    agreement: float
    """What a detector only suspects goes where the model gives it less than this; see `UNDERSTOOD`."""
    tolerance: float
    """Share of what the best cut is expected to miss of a word F1 of 1 that is given up to remove less."""
    recall: float
    """Share of the article's expected words that is kept at least, though a higher cut had a better F1."""
    trust: float
    """Expected F1 from which on `floor` holds; below it falls, for the model says little of the page."""
    clear_spoken: float
    """What holds on a clear page instead of `spoken`,"""
    clear_recall: float
    """... and of `recall`."""


# Swept on out-of-fold predictions for development dumps (sites split in three): `finding` over 0.5-0.9,
# `veto` over 0.5-0.99, `spoken` over 0.08-0.5, `agreement` over 0.4-0.85, `tolerance` over 0-0.25, `recall`
# over 0-0.93, `trust` over 0.5-0.8. Generic takes the best word F1 and, where that is level within 0.002, the
# better recall.
THRESHOLDS: Final = {
    Profile.GENERIC: Thresholds(
        finding=0.6, veto=0.93, certain=0.9,
        floor=0.1, ceiling=0.5, spoken=0.25, agreement=0.5, tolerance=0.04, recall=0.85, trust=0.6,
        clear_spoken=0.5, clear_recall=0.5,
    ),
    Profile.NEWS: Thresholds(
        finding=0.6, veto=0.96, certain=0.85,
        floor=0.3, ceiling=0.5, spoken=0.25, agreement=0.5, tolerance=0.04, recall=0.85, trust=0.6,
        clear_spoken=0.5, clear_recall=0.5,
    ),
    Profile.STRICT: Thresholds(
        finding=0.5, veto=0.995, certain=0.8,
        floor=0.5, ceiling=0.7, spoken=0.6, agreement=0, tolerance=0, recall=0, trust=0,
        clear_spoken=0.6, clear_recall=0,
    ),
    Profile.RECALL: Thresholds(
        finding=0.8, veto=0.8, certain=0.95,
        floor=0.05, ceiling=0.1, spoken=0.05, agreement=0, tolerance=0.3, recall=0.97, trust=0.6,
        clear_spoken=0.05, clear_recall=0.97,
    ),
}  # fmt: skip


def expected_f1(
    chances: NDArray[np.floating], weights: NDArray[np.floating]
) -> tuple[NDArray[np.intp], NDArray[np.floating]]:
    """Places from the surest on, and the F1 to expect of keeping all up to each."""
    order = np.argsort(-chances, kind="stable")
    hoped = np.cumsum((chances * weights)[order])
    return order, np.asarray(2 * hoped / (np.cumsum(weights[order]) + hoped[-1]))


def on_page(page: Page, said: Sequence[float], thresholds: Thresholds) -> Thresholds:
    """The thresholds of one page; `floor` and `ceiling` are what the model alone removes below.

    Blocks are taken from the surest on; each cut has an expected word F1 (Lipton, Elkan and
    Naryanaswamy 2014, "Optimal thresholding of classifiers to maximize F1"). The lowest cut within
    `tolerance` of the best is chosen, or a lower one that keeps the `recall` asked for: where the model is
    sure of little, the best cut may lose half of what there is. What the best cut is expected to reach tells
    how far the model understands the page: the less, the less is removed, and where it finds hardly any
    text, next to nothing.
    """
    chances = np.asarray(said)
    words = np.asarray(page.measures.units) + 1
    thresholds = _if_clear(page, chances * words, chances >= SURE, thresholds)
    order, f1 = expected_f1(chances, words)
    best = float(f1.max())
    floor = thresholds.floor
    if best < thresholds.trust:
        floor *= (best / thresholds.trust) ** 2
    hoped = np.cumsum((chances * words)[order])
    enough = int(np.searchsorted(hoped, thresholds.recall * hoped[-1]))
    last = max(enough, int(np.flatnonzero(f1 >= best - thresholds.tolerance * (1 - best))[-1]))
    bar = float(min(max(chances[order[last]], floor), thresholds.ceiling))
    agreement = max(bar, thresholds.agreement) if best >= UNDERSTOOD else bar
    if len(page.blocks) <= FEW_BLOCKS:
        bar = agreement = min(bar, thresholds.floor / 2)
    return replace(thresholds, floor=bar, ceiling=bar, agreement=agreement)


def _if_clear(
    page: Page, hoped: NDArray[np.floating], sure: NDArray[np.bool_], thresholds: Thresholds
) -> Thresholds:
    """The thresholds, with those of clear pages where the page is one. `hoped`: words to expect, by block."""
    sentences = page.measures.units[sure & page.measures.ends_sentence].sum()
    if sentences < CLEAR_WORDS or hoped[sure].sum() < CLEAR_SHARE * hoped.sum():
        return thresholds
    return replace(thresholds, spoken=thresholds.clear_spoken, recall=thresholds.clear_recall)


def careful(thresholds: Thresholds, spoken: float) -> Thresholds:
    """The thresholds where sentences stand: what there is against one must be stronger.

    `spoken`: that of the profile, for what a detector suspects; a clear page has its own for the model alone.
    """
    settled = min(thresholds.ceiling, spoken + SUSPECTED)
    return replace(thresholds, floor=min(thresholds.floor, thresholds.spoken), agreement=settled)


def spoken(page: Page) -> list[bool]:
    """Whether each block reads like a sentence, or a good part of one."""
    words, ends = page.measures.words, page.measures.ends_sentence
    sentences: list[bool] = ((words >= SPOKEN_WORDS) | (ends & (words >= SPOKEN_WORDS // 2))).tolist()
    return sentences
