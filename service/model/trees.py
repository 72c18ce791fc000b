"""Oblivious decision trees, every question of every tree asked at once, with numpy alone.

All nodes of one level of such a tree ask the same question (Kohavi 1994, "Bottom-up induction of oblivious
read-once decision graphs"; CatBoost grows them: Prokhorenkova et al. 2018). So the answers, read as bits, are
the number of the leaf, and nothing has to be walked. Made by `service.training.second`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.layers import Floats

MAX_DEPTH: Final = 8  # the answers of a tree are the bits of one byte
ROWS: Final = 256  # so many at once: a page may have thousands, and the memory is rows x trees


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """What they ask, and what they answer."""

    feature: NDArray[np.intp]
    """Depth x trees: which number is asked about."""
    border: Floats
    """... and what it must exceed to be answered by 1; depth x trees x 1."""
    first: NDArray[np.intp]
    """The number of each tree's first leaf; a column."""
    leaves: Floats
    """What each leaf adds, those of all trees end to end."""
    base: float

    def __call__(self, x: Floats) -> NDArray[np.float64]:
        """The sum of all trees for each column of `x`, features x rows."""
        out = np.empty(x.shape[1])
        for begin in range(0, x.shape[1], ROWS):
            out[begin : begin + ROWS] = self._sum(x[:, begin : begin + ROWS])
        return out + self.base

    def _sum(self, x: Floats) -> NDArray[np.float64]:
        leaf = np.zeros((self.first.size, x.shape[1]), dtype=np.uint8)
        # by levels, not by trees: `packbits` along the middle of three axes takes as long as four times this
        for level, (feature, border) in enumerate(zip(self.feature, self.border, strict=True)):
            answers = (np.take(x, feature, axis=0) > border).view(np.uint8)
            answers <<= level
            leaf |= answers
        return np.asarray(np.take(self.leaves, self.first + leaf).sum(axis=0, dtype=np.float64))


def read(arrays: Mapping[str, NDArray[Any]]) -> Trees:
    """Trees as they are stored: `feature` and `border` are trees x depth, `leaves` trees x 2 ** depth.

    The first question's answer is the lowest bit of a leaf's number. ValueError for trees too deep.
    """
    trees, depth = arrays["feature"].shape
    if depth > MAX_DEPTH:
        raise ValueError(f"trees of {depth} levels: no more than {MAX_DEPTH} can be read")
    return Trees(
        feature=np.ascontiguousarray(arrays["feature"].T, dtype=np.intp),
        border=np.ascontiguousarray(arrays["border"].T, dtype=np.float32)[:, :, None],
        first=(np.arange(trees) << depth)[:, None],
        leaves=arrays["leaves"].astype(np.float32).ravel(),
        base=float(arrays["base"]),
    )
