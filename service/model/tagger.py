"""features -> probability that each block belongs to the article.

A small convolutional sequence labeller: a linear layer over a block's features and the mean of its
words' embeddings, then residual layers of dilated convolutions over the blocks of the page, one of
them told of the whole page. Trained with PyTorch (`service.training`), run here with numpy alone.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.model.features import NAMES, Features, Floats

ARTEFACTS: Final = Path(__file__).with_name("artefacts")
_EPSILON: Final = 1e-5  # of layer normalisation, as PyTorch has it


@dataclass(frozen=True, slots=True, eq=False)
class Tagger:
    """The weights, and the forward pass."""

    version: str
    config: dict[str, Any]
    weights: dict[str, NDArray[Any]]

    def probabilities(self, features: Features) -> Floats:
        """P(content) of every block."""
        w = self.weights
        clip = self.config["clip"]
        values = np.clip((features.values - w["mean"]) * w["scale"], -clip, clip)
        hidden = values @ w["input.values"] + self._bag(features) @ w["input.words"] + w["input.bias"]
        hidden = _gelu(hidden)
        for i, dilation in enumerate(self.config["dilations"]):
            normal = _normalise(hidden, w[f"norm{i}.weight"], w[f"norm{i}.bias"])
            hidden = hidden + _gelu(_convolve(normal, w[f"conv{i}.weight"], w[f"conv{i}.bias"], dilation))
            if i == self.config["context_after"]:
                pooled = np.concatenate((hidden.mean(axis=0), hidden.max(axis=0)))
                hidden = hidden + _gelu(pooled @ w["context.weight"] + w["context.bias"])
        hidden = _gelu(hidden @ w["hidden.weight"] + w["hidden.bias"])
        logits = (hidden @ w["output.weight"] + w["output.bias"])[:, 0]
        return np.asarray(_sigmoid(logits), dtype=np.float32)

    def _bag(self, features: Features) -> Floats:
        """Sum of each block's word embeddings over the square root of its number of words.

        A word that training didn't meet on enough sites adds nothing.
        """
        table, known = self.weights["embedding"], self.weights["vocabulary"]
        n = features.values.shape[0]
        bag = np.zeros((n, table.shape[1]), dtype=np.float32)
        if not features.words.size:
            return bag
        # words come in block order, so each block's words are one run
        counts = np.bincount(features.word_block, minlength=n)
        filled = np.flatnonzero(counts)
        starts = (np.cumsum(counts) - counts)[filled]
        at = np.minimum(np.searchsorted(known, features.words), known.size - 1)
        rows = np.where(known[at] == features.words, at + 1, 0)
        sums = np.add.reduceat(table[rows], starts, axis=0)
        bag[filled] = sums / np.sqrt(counts[filled])[:, None]
        return bag


def _gelu(x: Floats) -> Floats:
    """GELU by its tanh approximation."""
    inner = np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x)
    return np.asarray(np.float32(0.5) * x * (1 + np.tanh(inner)))


def _sigmoid(x: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))))


def _normalise(x: Floats, weight: Floats, bias: Floats) -> Floats:
    centred = x - x.mean(axis=1, keepdims=True)
    variance = (centred * centred).mean(axis=1, keepdims=True)
    return np.asarray(centred / np.sqrt(variance + np.float32(_EPSILON)) * weight + bias)


def _convolve(x: Floats, weight: Floats, bias: Floats, dilation: int) -> Floats:
    """Three taps, `dilation` blocks apart; zeros beyond the page. `weight`: tap x in x out."""
    out = x @ weight[1] + bias
    if x.shape[0] > dilation:
        out[dilation:] += x[:-dilation] @ weight[0]
        out[:-dilation] += x[dilation:] @ weight[2]
    return np.asarray(out)


@cache
def load() -> Tagger | None:
    """The newest artefact; None when there is none."""
    versions = sorted(p for p in ARTEFACTS.iterdir() if p.is_dir()) if ARTEFACTS.is_dir() else []
    return read(versions[-1]) if versions else None


def read(folder: Path) -> Tagger:
    """Read an artefact. ValueError if it was trained on other features than are computed here."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if tuple(config["features"]) != NAMES:
        raise ValueError(f"{folder.name} was trained on other features than this version computes")
    with np.load(folder / "weights.npz", allow_pickle=False) as stored:
        weights = {name: stored[name] for name in stored.files}
    weights["embedding"] = weights["embedding"].astype(np.float32)
    return Tagger(folder.name, config, weights)
