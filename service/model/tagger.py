"""features -> probability that each block belongs to the article.

A small convolutional sequence labeller: a linear layer over a block's features and the mean of its
words' embeddings, then residual layers of dilated convolutions over the blocks of the page, one of
them told of the whole page; then boosted trees look a second time at what is in doubt
(`service.model.second`). Trained with PyTorch and CatBoost (`service.training`), run here with numpy alone.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.artefacts import newest
from service.layers import Floats, convolve, gelu, normalise, one_thread, sigmoid
from service.model import second, trees
from service.model.features import HTML_NAMES, NAMES, Bag, Features
from service.model.trees import Trees
from service.words import Lexicon

_TREES: Final = ("feature", "border", "leaves", "base")


@dataclass(frozen=True, slots=True, eq=False)
class Tagger:
    """The weights, and the forward pass."""

    version: str
    config: dict[str, Any]
    weights: dict[str, NDArray[Any]]
    vocabularies: dict[str, Lexicon]
    second: Trees | None = None
    """What looks a second time at the blocks in doubt; without it the first look stands."""

    def label(self, features: Features) -> tuple[Floats, dict[str, float]]:
        """P(content) of every block, and the probability of each kind of page."""
        with one_thread():
            chances, kinds = self.first(features)
            if self.second is not None:
                chances = second.look(self.second, chances, kinds, features.values)
            return chances, kinds

    def first(self, features: Features) -> tuple[Floats, dict[str, float]]:
        """What `label` says before the second look."""
        w = self.weights
        kinds = np.zeros(0)
        values = (features.values - w["mean"]) * w["scale"]
        np.clip(values, -self.config["clip"], self.config["clip"], out=values)
        hidden = values @ w["input.values"]
        for name, bag in features.bags.items():
            hidden += self._sum(name, bag, hidden.shape[0]) @ w[f"input.{name}"]
        hidden += w["input.bias"]
        hidden = gelu(hidden)
        for i, dilation in enumerate(self.config["dilations"]):
            normal = normalise(hidden, w[f"norm{i}.weight"], w[f"norm{i}.bias"])
            hidden += gelu(convolve(normal, w[f"conv{i}.taps"], w[f"conv{i}.bias"], dilation))
            if i == self.config["context_after"]:
                pooled = np.concatenate((hidden.mean(axis=0), hidden.max(axis=0)))
                kinds = pooled @ w["kind.weight"] + w["kind.bias"]
                hidden += gelu(pooled @ w["context.weight"] + w["context.bias"])
        hidden = gelu(hidden @ w["hidden.weight"] + w["hidden.bias"])
        logits = (hidden @ w["output.weight"] + w["output.bias"])[:, 0]
        odds = np.exp(kinds - kinds.max())
        shares = (odds / odds.sum()).tolist()
        return sigmoid(logits), dict(zip(self.config["kinds"], shares, strict=True))

    def _sum(self, name: str, bag: Bag, n: int) -> Floats:
        """Sum of the embeddings in each of `n` blocks over the square root of their number.

        What training didn't meet on enough sites adds nothing.
        """
        table = self.weights[f"embedding.{name}"]
        sums = np.zeros((n, table.shape[1]), dtype=np.float32)
        counts = np.bincount(bag.block, minlength=n)
        at = self.vocabularies[name].find(bag.hashes)
        known = at >= 0
        # a bag comes in block order, so what is in one block is one run
        block, met = bag.block[known], at[known]
        if met.size:
            starts = np.flatnonzero(np.concatenate(([True], block[1:] != block[:-1])))
            filled = block[starts]
            sums[filled] = np.add.reduceat(table[met + 1], starts, axis=0) / np.sqrt(counts[filled])[:, None]
        return sums


def load(*, html: bool) -> Tagger | None:
    """The newest artefact for text, or for HTML; None when there is none."""
    folder = newest()
    return _load(folder / ("html" if html else "text")) if folder else None


@cache
def _load(folder: Path) -> Tagger | None:
    return read(folder) if folder.is_dir() else None


def read(folder: Path, *, again: bool = True) -> Tagger:
    """Read an artefact. ValueError if it was trained on other features than are computed here.

    `again`: with its second look.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if tuple(config["features"]) not in (NAMES, HTML_NAMES):
        raise ValueError(f"{folder} was trained on other features than this version computes")
    with np.load(folder / "weights.npz", allow_pickle=False) as stored:
        weights = {name: stored[name] for name in stored.files}
    for i in range(len(config["dilations"])):
        weights[f"conv{i}.taps"] = np.concatenate(weights.pop(f"conv{i}.weight"), axis=1)
    for name in config["bags"]:
        weights[f"embedding.{name}"] = weights[f"embedding.{name}"].astype(np.float32)
    vocabularies = {name: Lexicon.of(weights.pop(f"vocabulary.{name}")) for name in config["bags"]}
    looked = {name: weights.pop(f"second.{name}") for name in _TREES if f"second.{name}" in weights}
    if not (looked and again):
        return Tagger(folder.parent.name, config, weights, vocabularies)
    if tuple(config["second"]) != second.names(config["kinds"], config["features"]):
        raise ValueError(f"{folder} was taught its second look by other numbers than this version computes")
    return Tagger(folder.parent.name, config, weights, vocabularies, trees.read(looked))
