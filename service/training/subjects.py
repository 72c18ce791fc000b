"""examples -> examples whose articles are about what boilerplate speaks of.

On nearly every page the words of a cookie banner stand in a cookie banner. A labeller learns that such words
are boilerplate, and then takes the paragraphs of an article about cookies for one. So some pages are made
such articles while training: their running text meets a detector's phrases, and holds words that the
detector's boilerplate is known by. What is left to tell the two apart is form, place and neighbours.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.model.features import HTML_NAMES, Bag, Features
from service.training.corpus import Example
from service.words import Lexicon

# Held out, word F1 is level within 0.002 from a chance of 0 to 0.4 and a share of 0.4 to 0.6, and 0.009 lower
# at 0.5 and 0.8. With 0.3 and 0.6 the labeller doubts one in ten of the blocks of eight new articles about
# cookies and subscriptions, without them 29 %.
CHANCE: Final = 0.3
"""Of a page being made to speak of a subject."""
SHARE: Final = 0.6
"""Of its running text that does."""
PHRASED: Final = 0.7
"""Of which so much meets a phrase, too."""
MOST_WORDS: Final = 5
SUBJECTS: Final = (
    "access_notice", "advertisement", "comment_prompt", "cookie_banner", "forum_chrome", "legal_footer",
    "navigation", "newsletter", "related_tail", "share_widget",
)  # fmt: skip
"""Detectors whose phrases articles may be about."""
TELLING_WORDS: Final = 300
MIN_COUNT: Final = 30
MIN_ODDS: Final = 1.0
"""How much more often a telling word stands in boilerplate, as a natural logarithm."""
RUNNING_UNITS: Final = 8
LONGEST_UNITS: Final = 90
_UNITS: Final = HTML_NAMES.index("log_units")
_PHRASE: Final = {name: HTML_NAMES.index(f"phrase_{name}") for name in SUBJECTS}


class Subject(NamedTuple):
    """Words that a detector's boilerplate is known by, as hashes, and how often to draw each."""

    column: int
    """Of the feature that says whether a phrase was met."""
    words: NDArray[np.uint32]
    chances: NDArray[np.float64]


def learn(examples: Sequence[Example]) -> list[Subject]:
    """The subjects that the boilerplate of these pages has words for. Synthetic pages don't vote."""
    real = [e for e in examples if e.dataset != "synthetic"]
    content = _count(real, lambda e: e.target > 0.9)
    found = []
    for name in SUBJECTS:
        words, counts = _count(real, lambda e, at=_PHRASE[name]: _is_boilerplate(e, at))  # type: ignore[misc]
        odds = np.log((counts + 1) / counts.sum()) - np.log(_of(words, content) / content[1].sum())
        odds[counts < MIN_COUNT] = -np.inf
        chosen = np.argsort(-odds, kind="stable")[:TELLING_WORDS]
        chosen = chosen[odds[chosen] > MIN_ODDS]
        if chosen.size:
            found.append(Subject(_PHRASE[name], words[chosen], counts[chosen] / counts[chosen].sum()))
    return found


def _is_boilerplate(example: Example, column: int) -> NDArray[np.bool_]:
    """Blocks that meet a phrase and are no content, nor longer than boilerplate is."""
    values = example.features.values
    brief = values[:, _UNITS] < np.log1p(LONGEST_UNITS)
    return np.asarray((example.target < 0.1) & (values[:, column] >= 1) & brief)


def _count(
    examples: Sequence[Example], select: Callable[[Example], NDArray[np.bool_]]
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The words of the selected blocks, ascending, and how often each occurs."""
    found = [np.zeros(0, dtype=np.uint32)]
    for example in examples:
        bag = example.features.bags["words"]
        found.append(bag.hashes[select(example)[bag.block]])
    return np.unique(np.concatenate(found), return_counts=True)


def _of(
    words: NDArray[np.uint32], counted: tuple[NDArray[np.uint32], NDArray[np.int64]]
) -> NDArray[np.int64]:
    """How often other text has each word; as if each had been seen five times more."""
    known, counts = counted
    at = Lexicon.of(known).find(words)
    return np.asarray(np.where(at >= 0, counts[at], 0) + 5)


def about(example: Example, subjects: Sequence[Subject], draw: np.random.Generator) -> Example:
    """The example, or the same made to speak of a subject."""
    if not subjects or draw.random() >= CHANCE:
        return example
    subject = subjects[int(draw.integers(len(subjects)))]
    values = example.features.values
    running = np.flatnonzero((example.target > 0.9) & (values[:, _UNITS] >= np.log1p(RUNNING_UNITS)))
    chosen = running[draw.random(running.size) < SHARE]
    if not chosen.size:
        return example
    values = values.copy()
    values[chosen, subject.column] = np.maximum(
        values[chosen, subject.column], draw.random(chosen.size) < PHRASED
    )
    bags: Mapping[str, Bag] = example.features.bags
    with_words = {**bags, "words": _inserted(bags["words"], chosen, subject, draw)}
    return dataclasses.replace(example, features=Features(values, with_words))


def _inserted(bag: Bag, chosen: NDArray[np.intp], subject: Subject, draw: np.random.Generator) -> Bag:
    """The bag with one to `MOST_WORDS` of the subject's words in each of the chosen blocks."""
    counts = draw.integers(1, MOST_WORDS + 1, chosen.size)
    words = draw.choice(subject.words, int(counts.sum()), p=subject.chances)
    block = np.repeat(chosen.astype(np.int32), counts)
    at = np.searchsorted(bag.block, block, side="right")
    return Bag(np.insert(bag.hashes, at, words), np.insert(bag.block, at, block))
