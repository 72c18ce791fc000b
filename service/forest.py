"""Boosted trees as arrays, walked with numpy alone.

Made by `service.training.ensembles` from scikit-learn's, which is needed only where they are learned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """The nodes of all trees, laid end to end.

    The trees of several ensembles may stand in one forest, each begun at one of `starts`: all are walked at
    once, which costs no more than one alone. A leaf leads to itself, whatever it asks.
    """

    bases: NDArray[np.float64]
    """What each ensemble begins with."""
    starts: tuple[int, ...]
    """The first tree of each ensemble."""
    roots: NDArray[np.intp]
    """The first node of each tree."""
    feature: NDArray[np.intp]
    threshold: NDArray[np.float64]
    children: NDArray[np.intp]
    """Two of each node: where a number up to the threshold leads, and where a greater one."""
    value: NDArray[np.float64]
    depth: int

    def raw(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sums of each ensemble's trees, rows x ensembles, for rows x features."""
        numbers = x.ravel()
        row = np.arange(0, x.size, x.shape[1])[:, None]
        at = np.broadcast_to(self.roots, (x.shape[0], self.roots.size))
        for _ in range(self.depth):
            greater = numbers[row + self.feature[at]] > self.threshold[at]
            at = self.children[2 * at + greater]
        return np.asarray(np.add.reduceat(self.value[at], self.starts, axis=1) + self.bases)


def load(path: Path) -> dict[str, NDArray[Any]]:
    """All arrays of an artefact."""
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def read(arrays: Mapping[str, NDArray[Any]], names: Sequence[str]) -> Forest:
    """The named ensembles of an artefact as one forest.

    Of each, `feature`, `threshold`, `left`, `right` and `value` are trees x nodes, a node being a leaf where
    `feature` is -1; `base` and `depth` are numbers.
    """

    def laid_out(part: str) -> NDArray[Any]:
        return np.concatenate([arrays[f"{name}.{part}"].ravel() for name in names])

    counts = [arrays[f"{name}.feature"].shape for name in names]
    sizes = np.concatenate([np.full(trees, nodes) for trees, nodes in counts])
    roots = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    feature, own = laid_out("feature"), np.arange(sizes.sum())
    root = np.repeat(roots, sizes)
    left, right = (np.where(feature < 0, own, root + laid_out(part)) for part in ("left", "right"))
    return Forest(
        bases=np.array([float(arrays[f"{name}.base"]) for name in names]),
        starts=tuple(accumulate((trees for trees, _ in counts[:-1]), initial=0)),
        roots=roots.astype(np.intp),
        feature=np.maximum(feature, 0).astype(np.intp),
        threshold=laid_out("threshold").astype(np.float64),
        children=np.stack([left, right], axis=1).ravel().astype(np.intp),
        value=laid_out("value").astype(np.float64),
        depth=max(int(arrays[f"{name}.depth"]) for name in names),
    )
