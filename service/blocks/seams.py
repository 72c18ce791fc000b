"""a row of words -> where elements of the page were run together in it.

Who dumps a page with one space between its elements leaves menus, title and text on one line. What stood at
a line's end is then told by the words: a small convolutional network reads their shapes, how often they
recur, and those of them that it knows, and gives each gap the probability that a line ended there. Learned
from dumps that kept their lines (`service.training.seams`), run here with numpy alone.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.artefacts import newest
from service.blocks import measures
from service.folding import fold
from service.layers import Floats, convolve, gelu, normalise, one_thread, sigmoid
from service.words import Lexicon, Rolling, codes_of, lines_of, short

STRETCH: Final = 4_096  # words read in one go: memory is bounded

_COUNTED: Final = (
    "chars", "letters", "digits", "upper", "punctuation", "symbols", "terminals", "commas", "colons",
    "quotes", "separators", "spaceless", "rtl",
)  # fmt: skip
_FLAGS: Final = ("ends_sentence", "ends_colon", "starts_upper", "starts_digit", "starts_mark")
_HERE: Final = ("starts_lower", "ends_comma", "ends_closed")
_RECURRING: Final = ("alone", "with_next", "with_two_next", "with_last")
NAMES: Final = (*_COUNTED, *_FLAGS, *measures.SPECIAL, *_HERE, *_RECURRING)
CASE: Final = ("upper", "starts_upper", "starts_lower")
"""What scripts without letter case don't have."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of a row: a row of numbers (`NAMES`) each, and their hashes."""

    values: Floats
    hashes: NDArray[np.uint32]


Finder = Callable[[Words], Floats]
"""Tells the probability that a line ended after each word."""


@dataclass(frozen=True, slots=True, eq=False)
class Seams:
    """The weights, and the forward pass."""

    config: dict[str, Any]
    weights: dict[str, NDArray[Any]]
    known: Lexicon

    def __call__(self, words: Words) -> Floats:
        """The probability that a line ended after each word."""
        size = words.hashes.size
        found = np.zeros(size, dtype=np.float32)
        margin = sum(self.config["dilations"]) + 1  # so far the network hears to either side
        with one_thread():
            for low in range(0, size, STRETCH):
                first, last = max(0, low - margin), min(size, low + STRETCH + margin)
                chances = self._read(words.values[first:last], words.hashes[first:last])
                found[low : low + STRETCH] = chances[low - first : low - first + STRETCH]
        return found

    def _read(self, values: Floats, hashes: NDArray[np.uint32]) -> Floats:
        w = self.weights
        own = (values - w["mean"]) * w["scale"]
        np.clip(own, -self.config["clip"], self.config["clip"], out=own)
        hidden = own @ w["input.values"] + w["embedding"][self.known.find(hashes) + 1] @ w["input.words"]
        hidden = gelu(hidden + w["input.bias"])
        for i, dilation in enumerate(self.config["dilations"]):
            normal = normalise(hidden, w[f"norm{i}.weight"], w[f"norm{i}.bias"])
            hidden += gelu(convolve(normal, w[f"conv{i}.taps"], w[f"conv{i}.bias"], dilation))
        both = hidden @ w["output.weight"]  # what a word says of the gap after it, and of the one before
        logits = both[:, 0] + w["output.bias"]
        logits[:-1] += both[1:, 1]
        return sigmoid(logits)


def read_words(words: Sequence[str]) -> Words:
    """What the network hears of words in a row, at least one; none holds white space."""
    text = " ".join(words)
    codes = codes_of(text)
    rows = measures.rows_of(codes)
    classes = measures.classes_of(rows)
    ends = np.cumsum([len(word) + 1 for word in words]) - 1
    starts = np.append(0, ends[:-1] + 1)
    found = measures.measure(rows, classes, measures.closers(classes), starts, ends)
    first, last = classes[starts], classes[ends - 1]
    lower = measures.are_small(codes[starts], first)
    hashes = _hashes(words)
    columns = [np.log1p(getattr(found, name)) for name in _COUNTED]
    columns += [getattr(found, name) for name in _FLAGS]
    columns += list(np.minimum(found.special, 1))
    columns += [lower, (last & measures.COMMA) != 0, (last & measures.CLOSER) != 0]
    columns += _recurring(hashes)
    return Words(np.stack(columns, axis=1).astype(np.float32), hashes)


def _hashes(words: Sequence[str]) -> NDArray[np.uint32]:
    """Hashes of folded words without the marks around them."""
    codes = codes_of(fold("\n".join(words)))
    starts, ends = lines_of(codes)
    classes = measures.classes_of(measures.rows_of(codes))
    places = np.flatnonzero(classes & (measures.LETTER | measures.DIGIT | measures.COMBINING))
    if places.size:
        low, high = np.searchsorted(places, starts), np.searchsorted(places, ends)
        bare = low < high
        starts = np.where(bare, places[np.minimum(low, places.size - 1)], starts)
        ends = np.where(bare, places[high - 1] + 1, ends)
    return short(Rolling(codes).between(starts, ends))


def _recurring(hashes: NDArray[np.uint32]) -> list[Floats]:
    """How often each word stands in the row: alone, with the next, with two more, with the one before."""
    pairs = hashes[:-1].astype(np.uint64) << np.uint64(32) | hashes[1:]
    threes = pairs[:-1] * np.uint64(0x9E3779B97F4A7C15) + hashes[2:]
    alone, two, three = (_counts(grams, hashes.size) for grams in (hashes, pairs, threes))
    return [alone, two, three, np.concatenate((np.zeros(1, dtype=np.float32), two[:-1]))]


def _counts(grams: NDArray[Any], size: int) -> Floats:
    """The logarithm of how often each occurs; as if once beyond the last."""
    _, places, counts = np.unique(grams, return_inverse=True, return_counts=True)
    found = np.zeros(size, dtype=np.float32)
    found[: grams.size] = np.log2(counts)[places]
    return found


@cache
def load() -> Seams | None:
    """The newest artefact; None when there is none."""
    folder = newest()
    return read(folder / "seams") if folder and (folder / "seams").is_dir() else None


def read(folder: Path) -> Seams:
    """Read an artefact. ValueError if it was trained on other numbers than are computed here."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if tuple(config["features"]) != NAMES:
        raise ValueError(f"{folder} was trained on other numbers than this version computes")
    with np.load(folder / "weights.npz", allow_pickle=False) as stored:
        weights = {name: stored[name] for name in stored.files}
    weights["embedding"] = weights["embedding"].astype(np.float32)
    return Seams(config, weights, Lexicon.of(weights.pop("vocabulary")))
