"""P(content) of every block of a page -> the same, after a second look at what is in doubt.

The labeller hears of some thirty blocks around a block, and of the page as a mean; it cannot hear how sure
it is of the others. That tells much: an unsure stretch below thirty blocks of sure boilerplate is a list of
teasers, the same stretch between two sure paragraphs is a part of the article. So boosted trees are told
what the labeller said of the blocks around, how far the last and the next sure text are and how much
boilerplate lies between, of which run of text a block is part, what the page is, and all the labeller was
told of the block itself. Both looks count alike: the second alone is right as often, but bolder. It learns
from what labellers said of pages of sites they had never seen (Cohen and Carvalho 2005, "Stacked sequential
learning"), and of the blocks in doubt alone.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.layers import Floats, sigmoid
from service.model.features import CASE, NAMES
from service.model.trees import Trees

SURE: Final = 0.9  # text beyond doubt
JUNK: Final = 0.1  # boilerplate beyond doubt
RUN: Final = 0.5  # a run of text holds what is given at least this
POSSIBLE: Final = 0.3  # ... and what is given more than this may be text
REACHES: Final = (3, 8, 20, 50)  # blocks to each side that a mean is taken over
BESIDE: Final = (-2, -1, 1, 2)
NOTHING_SURE: Final = 1_000  # stands for a distance to what isn't there
_LOG_UNITS: Final = NAMES.index("log_units")

DOUBT: Final = 0.02  # what is given less is boilerplate, what lacks less is text: it is not looked at again

BESIDE_HEARD: Final = (
    "log_units", "ends_sentence", "topic_share", "short_share", "copies", "starts_mark", "blanks_before",
    "commas", "digit_share", "phrase_related_tail", "phrase_headline_ticker", "phrase_media_reference",
    "phrase_byline",
)  # fmt: skip
"""Features of the blocks beside that are heard, too; beyond the page, those of its first or last block."""
_BESIDE_HEARD: Final = [NAMES.index(name) for name in BESIDE_HEARD]

_Columns = dict[str, NDArray[np.generic] | float]


def look(trees: Trees, chances: Floats, kinds: Mapping[str, float], values: Floats) -> Floats:
    """P(content) of every block; in doubt, the mean of both looks' logits. `values`: blocks x features."""
    doubted = in_doubt(chances)
    if not doubted.size:
        return chances
    table = columns(chances, kinds, values)
    again = trees(rows(table, values, doubted))
    out = chances.copy()
    out[doubted] = sigmoid((again + np.asarray(table["logit"])[doubted]) / 2)
    return out


def in_doubt(chances: NDArray[np.floating]) -> NDArray[np.intp]:
    """The blocks that are looked at again."""
    return np.flatnonzero((chances > DOUBT) & (chances < 1 - DOUBT))


def columns(chances: NDArray[np.floating], kinds: Mapping[str, float], values: Floats) -> _Columns:
    """By name, a number for each block or one for all: what the labeller's word tells of the page."""
    p = chances.astype(np.float64)
    words = np.expm1(values[:, _LOG_UNITS].astype(np.float64)) + 1
    return {
        **_beside(p),
        **_around(p, words),
        **_since_sure(p),
        **_run(p, words),
        **_whole(p, words),
        **{f"kind_{name}": chance for name, chance in kinds.items()},
    }


def rows(table: _Columns, values: Floats, blocks: NDArray[np.intp]) -> Floats:
    """What the trees are told of some blocks, numbers x blocks; `names` says which numbers these are."""
    heard = _heard(values.shape[1])
    size, width, step = len(table), heard.size, len(_BESIDE_HEARD)
    out = np.empty((size + width + step * len(BESIDE), blocks.size), dtype=np.float32)
    for row, column in zip(out, table.values(), strict=False):
        row[:] = column[blocks] if isinstance(column, np.ndarray) else column
    out[size : size + width] = values[blocks[:, None], heard].T
    for at, beside in enumerate(BESIDE):
        others = np.clip(blocks + beside, 0, len(values) - 1)
        begin = size + width + at * step
        out[begin : begin + step] = values[others[:, None], _BESIDE_HEARD].T
    return out


def names(kinds: Sequence[str], features: Sequence[str]) -> tuple[str, ...]:
    """What the rows of `rows` are: for pages of these kinds, and blocks of these features."""
    one = np.ones(1, dtype=np.float32)
    table = columns(one, dict.fromkeys(kinds, 0.0), np.ones((1, len(features)), dtype=np.float32))
    beside = (f"{name}{step:+}" for step in BESIDE for name in BESIDE_HEARD)
    return (*table, *(features[i] for i in _heard(len(features))), *beside)


@cache
def _heard(width: int) -> NDArray[np.intp]:
    """The features of a block that are heard again: all but those of letter case, which most scripts lack."""
    case = [NAMES.index(name) for name in CASE]
    return np.setdiff1d(np.arange(width), case)


def _beside(p: NDArray[np.float64]) -> _Columns:
    """Logits of the block and of those beside it; beyond the page all is boilerplate."""
    held = np.clip(p, 1e-3, 1 - 1e-3)
    wide = np.full(p.size + 4, -7.0)
    wide[2:-2] = np.log(held / (1 - held))
    at = {f"logit{step:+}": wide[2 + step : 2 + step + p.size] for step in BESIDE}
    return {"logit": wide[2:-2], **at}


def _around(p: NDArray[np.float64], words: NDArray[np.float64]) -> _Columns:
    """Share of the words around that belong to the article."""
    index = np.arange(p.size)
    hoped, all_words = _sums(p * words), _sums(words)
    found: _Columns = {}
    for reach in REACHES:
        low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, p.size)
        found[f"share_{reach}"] = (hoped[high] - hoped[low]) / (all_words[high] - all_words[low])
    return found


def _since_sure(p: NDArray[np.float64]) -> _Columns:
    """How far sure text is, before and after, and how many blocks of sure boilerplate lie between."""
    n = p.size
    index = np.arange(n)
    sure, junk = p >= SURE, _sums(p < JUNK)
    last = np.maximum.accumulate(np.where(sure, index, -1))
    following = np.minimum.accumulate(np.where(sure, index, n)[::-1])[::-1]
    none_before, none_after = last < 0, following == n
    return {
        "since": np.log1p(np.where(none_before, NOTHING_SURE, index - last)),
        "until": np.log1p(np.where(none_after, NOTHING_SURE, following - index)),
        "junk_since": np.log1p(np.where(none_before, NOTHING_SURE, junk[index] - junk[last])),
        "junk_until": np.log1p(np.where(none_after, NOTHING_SURE, junk[following] - junk[index])),
        "none_before": none_before,
        "none_after": none_after,
    }


def _run(p: NDArray[np.float64], words: NDArray[np.float64]) -> _Columns:
    """Of the run of text a block is part of: its surest, its words, and the gaps around it."""
    n = p.size
    inside = np.concatenate(([False], p >= RUN, [False]))
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[0::2], edges[1::2]
    names = ("run_most", "run_words", "run_share", "run_of_page", "gap_before", "gap_after")
    found = {name: np.zeros(n) for name in names}
    if not starts.size:
        return dict(found)
    hoped, all_words = _sums(p * words), _sums(words)
    at = np.flatnonzero(inside[1:-1])
    sizes = ends - starts
    own = hoped[ends] - hoped[starts]
    by_run = (
        np.maximum.reduceat(p[at], np.cumsum(sizes) - sizes),
        np.log1p(own),
        own / (all_words[ends] - all_words[starts]),
        own / own.sum(),
        np.log1p(starts - np.concatenate(([0], ends[:-1]))),
        np.log1p(np.concatenate((starts[1:], [n])) - ends),
    )
    run = np.repeat(np.arange(sizes.size), sizes)
    for name, values in zip(names, by_run, strict=True):
        found[name][at] = values[run]
    return dict(found)


def _whole(p: NDArray[np.float64], words: NDArray[np.float64]) -> _Columns:
    """Of the page; and where on it, by words of the article, a block stands."""
    hoped = p * words
    total = float(hoped.sum()) + 1e-6
    possible = float(words[p > POSSIBLE].sum())
    return {
        "done": (np.cumsum(hoped) - hoped / 2) / total,
        "page_words": float(np.log1p(total)),
        "page_sure": float(words[p > SURE].sum()) / max(possible, 1.0),
        "page_share": total / float(words.sum()),
        "page_most": float(p.max()),
        "page_size": float(np.log1p(p.size)),
    }


def _sums(x: NDArray[Any]) -> NDArray[Any]:
    """Running sums, from 0 on."""
    return np.concatenate(([0], np.cumsum(x)))
