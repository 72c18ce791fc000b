"""labelled dumps that kept their lines -> the finder of seams: weights, config, metrics.

    python -m service.training.seams --data FOLDER --out ARTEFACT [--folds 3 --keep-folds FOLDS]

Every dump is put on one line, and what is learned is where its lines ended (`service.blocks.seams`); where
article and boilerplate meet, a missed end costs more. Splits by site. Deterministic for a given number of
threads.
"""

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from service.blocks.seams import CASE, NAMES, Seams, read
from service.training import vocabulary
from service.training.folds import fold_of
from service.training.joined import Row, load
from service.training.network import gelu
from service.training.schedule import rate

CHANNELS: Final = 48
WORD_SIZE: Final = 16
DILATIONS: Final = (1, 2, 4, 8)
EPOCHS: Final = 10
WINDOW: Final = 1_500  # words of a dump seen in an epoch
WORDS_PER_BATCH: Final = 12_000
MIN_SITES: Final = 12  # a word is known when it occurs on so many sites
LEARNING_RATE: Final = 3e-3
CLIP: Final = 6.0
DROPOUT: Final = 0.1
DROP_CASE: Final = 0.3
DROP_WORDS: Final = 0.3
DROP_WORD: Final = 0.15
NOISE: Final = 0.1
SYNTHETIC_SHARE: Final = 0.5
EDGE: Final = 3.0
"""How much more the end of a line weighs at which article and boilerplate meet."""
TEST: Final = 0.6


class Network(nn.Module):
    """The finder in PyTorch, as it is trained; `service.blocks.seams` runs the same in numpy."""

    def __init__(self, known: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(known + 1, WORD_SIZE, padding_idx=0)
        nn.init.normal_(self.embedding.weight, std=0.1)
        with torch.no_grad():
            self.embedding.weight[0] = 0
        self.input = nn.Linear(len(NAMES) + WORD_SIZE, CHANNELS)
        self.norms = nn.ModuleList(nn.LayerNorm(CHANNELS) for _ in DILATIONS)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(CHANNELS, CHANNELS, 3, padding=d, dilation=d) for d in DILATIONS
        )
        self.output = nn.Conv1d(CHANNELS, 1, 2)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, values: Tensor, known: Tensor, mask: Tensor) -> Tensor:
        """Logits, rows x words. `values`: rows x words x numbers; `known`: rows of the embedding."""
        hidden = gelu(self.input(torch.cat((values, self.embedding(known)), dim=-1))) * mask
        for norm, convolution in zip(self.norms, self.convolutions, strict=True):
            update = convolution((norm(hidden) * mask).transpose(1, 2)).transpose(1, 2)
            hidden = (hidden + self.dropout(gelu(update))) * mask
        logits: Tensor = self.output(functional.pad(hidden.transpose(1, 2), (0, 1)))
        return logits[:, 0]


@dataclass(frozen=True, slots=True, eq=False)
class Learning:
    """What is the same for all batches of one training."""

    known: NDArray[np.uint32]
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    draw: np.random.Generator


def train(rows: Sequence[Row], *, seed: int = 0) -> dict[str, NDArray[Any]]:
    """Train one network; its weights as `service.blocks.seams` reads them."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    sample = np.concatenate([row.words.values[:200] for row in rows[::5]])
    scale = (1 / (sample.std(axis=0) + 1e-2)).astype(np.float32)
    learning = Learning(known_words(rows), sample.mean(axis=0), scale, np.random.default_rng(seed))
    network = Network(learning.known.size)
    inner = [p for name, p in network.named_parameters() if not name.startswith("embedding")]
    optimizer = torch.optim.AdamW(
        [
            {"params": network.embedding.parameters(), "weight_decay": 0.05},
            {"params": inner, "weight_decay": 0.02},
        ],
        lr=LEARNING_RATE,
    )
    step, steps = 0, 0
    for epoch in range(EPOCHS):
        epoch_batches = _batches(rows, rng)
        steps = steps or len(epoch_batches) * EPOCHS
        losses = []
        for batch in epoch_batches:
            for group in optimizer.param_groups:
                group["lr"] = LEARNING_RATE * rate(step / steps)
            loss = _loss(network, batch, learning)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step += 1
            losses.append(loss.item())
        print(f"  epoch {epoch}: loss {fmean(losses):.4f}", flush=True)
    return _export(network, learning)


def known_words(rows: Sequence[Row]) -> NDArray[np.uint32]:
    """Sorted hashes of the words that occur on enough sites. Synthetic pages don't vote."""
    real = (row for row in rows if not row.site.startswith("synthetic-"))
    return vocabulary.learn(((row.site, row.words.hashes) for row in real), MIN_SITES)


Window = tuple[Row, int]
"""A row, and the word from which on it is seen."""


def _batches(rows: Sequence[Row], rng: random.Random) -> list[list[Window]]:
    """A window of each dump, and of some synthetic ones; such of like length together."""
    drawn = [
        (row, rng.randrange(max(1, row.ended.size - WINDOW + 1)))
        for row in rows
        if not row.site.startswith("synthetic-") or rng.random() < SYNTHETIC_SHARE
    ]
    lengths = [min(WINDOW, row.ended.size) + rng.random() * 50 for row, _ in drawn]
    found: list[list[Window]] = [[]]
    for i in sorted(range(len(drawn)), key=lengths.__getitem__):
        if (len(found[-1]) + 1) * min(WINDOW, drawn[i][0].ended.size) > WORDS_PER_BATCH:
            found.append([])
        found[-1].append(drawn[i])
    rng.shuffle(found)
    return [batch for batch in found if batch]


def _loss(network: Network, batch: Sequence[Window], learning: Learning) -> Tensor:
    """Cross-entropy of the gaps; drops at random what another language would not have."""
    draw = learning.draw
    shape = (len(batch), max(min(WINDOW, row.ended.size) for row, _ in batch))
    values = np.zeros((*shape, len(NAMES)), dtype=np.float32)
    known = np.zeros(shape, dtype=np.int64)
    mask, target, weight = (np.zeros(shape, dtype=np.float32) for _ in range(3))
    case = [NAMES.index(name) for name in CASE]
    absent = -learning.mean * learning.scale
    for i, (row, start) in enumerate(batch):
        seen = slice(start, start + WINDOW)
        own = (row.words.values[seen] - learning.mean) * learning.scale
        n = own.shape[0]
        if draw.random() < DROP_CASE:
            own[:, case] = absent[case]
        values[i, :n] = np.clip(own, -CLIP, CLIP) + draw.normal(0, NOISE, own.shape)
        if draw.random() >= DROP_WORDS:
            kept = draw.random(n) >= DROP_WORD
            known[i, :n] = np.where(kept, vocabulary.rows(row.words.hashes[seen], learning.known), 0)
        ended, content = row.ended[seen], row.content[seen]
        mask[i, :n], target[i, :n] = 1, ended
        meet = np.append(content[1:] != content[:-1], [False])
        weight[i, : n - 1] = (1 + EDGE * (meet & ended))[:-1]
    logits = network(*map(torch.from_numpy, (values, known, mask[..., None])))
    weights = torch.from_numpy(weight)
    loss = functional.binary_cross_entropy_with_logits(
        logits, torch.from_numpy(target), weight=weights, reduction="sum"
    )
    return loss / weights.sum()


def _export(network: Network, learning: Learning) -> dict[str, NDArray[Any]]:
    state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    split = len(NAMES)
    weights = {
        "mean": learning.mean,
        "scale": learning.scale,
        "input.values": state["input.weight"][:, :split].T,
        "input.words": state["input.weight"][:, split:].T,
        "input.bias": state["input.bias"],
        "output.weight": state["output.weight"][0],
        "output.bias": state["output.bias"],
    }
    for i in range(len(DILATIONS)):
        weights[f"norm{i}.weight"] = state[f"norms.{i}.weight"]
        weights[f"norm{i}.bias"] = state[f"norms.{i}.bias"]
        taps = state[f"convolutions.{i}.weight"].transpose(2, 1, 0)
        weights[f"conv{i}.taps"] = np.concatenate(taps, axis=1)
        weights[f"conv{i}.bias"] = state[f"convolutions.{i}.bias"]
    exported: dict[str, NDArray[Any]] = {
        name: np.ascontiguousarray(value, dtype=np.float32) for name, value in weights.items()
    }
    exported["embedding"] = state["embedding.weight"].astype(np.float16)
    exported["vocabulary"] = learning.known
    return exported


def save(weights: Mapping[str, NDArray[Any]], folder: Path, metrics: Mapping[str, float]) -> None:
    """Write the artefact: weights, config, metrics."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "weights.npz", **weights)  # type: ignore[arg-type]
    config = {"features": list(NAMES), "dilations": list(DILATIONS), "clip": CLIP, "epochs": EPOCHS}
    config["words"] = int(weights["vocabulary"].size)
    for name, found in (("config", config), ("metrics", metrics)):
        (folder / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def measure(finder: Seams, rows: Sequence[Row]) -> dict[str, float]:
    """How many of the ends found are ends; how many are found, of all and where article meets boilerplate."""
    right = found = ends = edges = met = 0
    for row in rows:
        said = finder(row.words)[:-1] >= TEST
        ended = row.ended[:-1]
        meet = ended & (row.content[1:] != row.content[:-1])
        right += int((said & ended).sum())
        found, ends = found + int(said.sum()), ends + int(ended.sum())
        edges, met = edges + int(meet.sum()), met + int((said & meet).sum())
    return {
        "rows": len(rows),
        "precision": round(right / max(1, found), 4),
        "recall": round(right / max(1, ends), 4),
        "recall where article and boilerplate meet": round(met / max(1, edges), 4),
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m service.training.seams", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled dumps")
    parser.add_argument("--out", type=Path, required=True, help="folder of the labeller's artefact")
    parser.add_argument("--folds", type=int, default=0, help="cross-validate first, in so many folds")
    parser.add_argument("--keep-folds", type=Path, help="write each fold's finder here")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    rows = list(load(options.data))
    metrics: dict[str, float] = {}
    for fold in range(options.folds):
        print(f"fold {fold}", flush=True)
        held_out = [row for row in rows if fold_of(row.site, options.folds) == fold]
        folder = (options.keep_folds or options.out) / f"fold{fold}" / "seams"
        save(train([row for row in rows if fold_of(row.site, options.folds) != fold]), folder, {})
        measured = measure(read(folder), held_out)
        metrics |= {f"fold {fold} {name}": value for name, value in measured.items()}
        print(json.dumps(measured), flush=True)
    save(train(rows), options.out / "seams", metrics)


if __name__ == "__main__":
    main()
