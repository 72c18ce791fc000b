"""examples -> the same, with what labellers of other sites say of them mixed into what is to be learned.

The gold text says of a block that it is content or not, where another careful reader could have decided
either way; a network that learns this by heart is too sure elsewhere. So labellers are trained first that
have not seen a page's site, and the page's blocks are learned as a mean of its gold and their opinions:
targets mixed with a model's own (Reed et al. 2015, "Training deep neural networks on noisy labels with
bootstrapping"), from networks of the same kind (Furlanello et al. 2018, "Born-again neural networks"),
cross-fitted, so that no opinion is the gold repeated. It costs nothing where pages are cleaned.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.training.corpus import Example
from service.training.folds import fold_of

FOLDS: Final = 3
TEACHERS: Final = 2  # of each fold, from different seeds: the mean of two is nearer the truth than one
GOLD_SHARE: Final = 0.55  # 0.7 is as good with two teachers; 0.4 with one was worse than no opinion

Chances = Mapping[tuple[str, str], NDArray[np.float32]]
"""P(content) of every block, by (id, variant)."""
Teach = Callable[[Sequence[Example], Sequence[Example], int], Chances]
"""What a labeller trained on the first examples, from a seed, says of the others."""


def taught(examples: Sequence[Example], teach: Teach) -> list[Example]:
    """The examples, each with what it is to teach: a mean of its gold and of others' opinions."""
    said: dict[tuple[str, str], list[NDArray[np.float32]]] = defaultdict(list)
    for fold in range(FOLDS):
        own = [e for e in examples if _fold(e) == fold]
        others = [e for e in examples if _fold(e) != fold]
        for seed in range(1, TEACHERS + 1):
            for key, chances in teach(others, own, seed).items():
                said[key].append(chances)
    return [dataclasses.replace(e, aim=_mixed(e, said[e.id, e.variant])) for e in examples]


def _fold(example: Example) -> int:
    """Another division than that of cross-validation, which has taken one of its folds away before."""
    return fold_of(f"taught {example.site}", FOLDS)


def _mixed(example: Example, opinions: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    mean = np.mean(opinions, axis=0)
    return np.asarray(GOLD_SHARE * example.target + (1 - GOLD_SHARE) * mean, dtype=np.float32)
