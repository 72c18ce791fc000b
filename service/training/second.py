"""labelled pages, cross-validated labellers -> the second look of each, and that of the labeller in use.

    python -m service.training.second --data FOLDER --folds FOLDS --out ARTEFACT

`FOLDS` is what `service.training.train --keep-folds` wrote. What is learned from is what each fold's labeller
says of the sites it never saw, as the labeller in use will say of pages it never saw; a fold's own second
look learns from the other folds' sites alone. The artefacts in both folders are written anew. For text alone:
that of HTML tells apart as much without. Takes minutes; deterministic for a given version of PyTorch.
"""

import argparse
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from service.document import MediaKind
from service.model import second, tagger
from service.model.features import Features
from service.training import corpus, reference, subjects
from service.training.corpus import Example
from service.training.folds import fold_of

EPOCHS: Final = 4
HIDDEN: Final = 64
DROPOUT: Final = 0.1
NOISE: Final = 0.1
LEARNING_RATE: Final = 2e-3
PAGES_PER_BATCH: Final = 48
BLOCKS_PER_PAGE: Final = 150  # of a longer page so many are drawn
# Of the exported logits. Dumps made up for training hold more text than real ones. Swept out of fold together
# with the thresholds of `service.decide`: see decision 17
BIAS: Final = -0.6


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A dump as the second look sees it, and what it is to say."""

    site: str
    rows: NDArray[np.float32]
    target: NDArray[np.float32]
    weight: NDArray[np.float32]
    """Sums up to the page's weight."""


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A network and what it takes to feed it."""

    network: nn.Sequential
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]


def table(said: tagger.Tagger, features: Features) -> dict[str, NDArray[np.generic] | float]:
    """The columns of a page: what the labeller says of it at first, and the features heard a second time."""
    return second.columns(*said.first(features), features.values)


def see(examples: Sequence[Example], folds: Sequence[tagger.Tagger]) -> Iterator[Seen]:
    """Every dump as the labeller sees it that knows no page of its site; no synthetic ones.

    Some are made to be about what boilerplate says, as for the labeller itself.
    """
    topics = subjects.learn(examples)
    draw = np.random.default_rng(0)
    for example in examples:
        total = example.weight.sum()
        if example.dataset == "synthetic" or not total:
            continue
        features = subjects.about(example, topics, draw).features
        columns = table(folds[fold_of(example.site, len(folds))], features)
        weight = example.weight / total * example.page_weight
        yield Seen(example.site, second.rows(columns, weight.size), example.target, weight)


def train(pages: Sequence[Seen]) -> Trained:
    """Cross-entropy of the blocks, weighted by words, each page alike."""
    torch.manual_seed(0)
    rng = random.Random(0)
    draw = np.random.default_rng(0)
    sample = np.concatenate([page.rows[::7] for page in pages])
    trained = Trained(_network(sample.shape[1]), sample.mean(axis=0), 1 / (sample.std(axis=0) + 1e-3))
    optimizer = torch.optim.AdamW(trained.network.parameters(), weight_decay=0.05)
    steps = EPOCHS * (len(pages) // PAGES_PER_BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps + 1)
    trained.network.train()
    for _ in range(EPOCHS):
        order = rng.sample(pages, len(pages))
        for begin in range(0, len(order) - PAGES_PER_BATCH + 1, PAGES_PER_BATCH):
            values, target, weight = _batch(trained, order[begin : begin + PAGES_PER_BATCH], draw)
            logits = trained.network(values + torch.randn_like(values) * NOISE)[:, 0]
            loss = functional.binary_cross_entropy_with_logits(logits, target, weight, reduction="sum")
            optimizer.zero_grad()
            (loss / weight.sum()).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    trained.network.eval()
    return trained


def _network(columns: int) -> nn.Sequential:
    def gelu() -> nn.GELU:
        return nn.GELU(approximate="tanh")

    return nn.Sequential(
        nn.Linear(columns, HIDDEN), gelu(), nn.Dropout(DROPOUT),
        nn.Linear(HIDDEN, HIDDEN), gelu(), nn.Dropout(DROPOUT),
        nn.Linear(HIDDEN, 1),
    )  # fmt: skip


def _batch(
    trained: Trained, pages: Sequence[Seen], draw: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Values, targets and weights of some blocks of each page."""
    drawn = [draw.permutation(page.target.size)[:BLOCKS_PER_PAGE] for page in pages]
    values, target, weight = (
        np.concatenate([getattr(page, name)[chosen] for page, chosen in zip(pages, drawn, strict=True)])
        for name in ("rows", "target", "weight")
    )
    values = np.clip((values - trained.mean) * trained.scale, -second.CLIP, second.CLIP)
    return tuple(torch.from_numpy(x.astype(np.float32)) for x in (values, target, weight))  # type: ignore[return-value]


def export(trained: Trained, bias: float) -> dict[str, NDArray[Any]]:
    """The weights under the names that `service.model.second` reads. `bias` is added to the logits."""
    found = {"second.mean": trained.mean, "second.scale": trained.scale}
    linear = [layer for layer in trained.network if isinstance(layer, nn.Linear)]
    for name, layer in zip(("first", "hidden", "output"), linear, strict=True):
        found[f"second.{name}.weight"] = layer.weight.detach().numpy().T
        found[f"second.{name}.bias"] = layer.bias.detach().numpy()
    found["second.output.bias"] = found["second.output.bias"] + bias
    return {name: np.ascontiguousarray(value, dtype=np.float32) for name, value in found.items()}


def add(folder: Path, weights: Mapping[str, NDArray[Any]], columns: Sequence[str]) -> None:
    """Write the second look into a labeller's artefact, in the place of any before."""
    with np.load(folder / "weights.npz", allow_pickle=False) as stored:
        kept = {name: stored[name] for name in stored.files if not name.startswith("second.")}
    np.savez_compressed(folder / "weights.npz", **(kept | dict(weights)))
    config = json.loads((folder / "config.json").read_text(encoding="utf-8")) | {"second": list(columns)}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    reference.write(folder)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m service.training.second", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled dumps")
    parser.add_argument(
        "--folds", type=Path, required=True, help="artefacts of the cross-validated labellers"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the labeller's artefact")
    options = parser.parse_args()
    torch.set_num_threads(1)
    folders = [folder / MediaKind.TEXT for folder in sorted(options.folds.glob("fold*"))]
    folds = [tagger.read(folder) for folder in folders]
    examples = list(corpus.load(options.data, kind=MediaKind.TEXT))
    columns = list(table(folds[0], examples[0].features))
    pages = list(see(examples, folds))
    for fold, folder in enumerate(folders):
        others = [page for page in pages if fold_of(page.site, len(folds)) != fold]
        add(folder, export(train(others), BIAS), columns)
    add(options.out / MediaKind.TEXT, export(train(pages), BIAS), columns)


if __name__ == "__main__":
    main()
