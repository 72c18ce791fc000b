"""labelled pages, cross-validated labellers -> the second look of each, and that of the labeller in use.

    python -m service.training.second --data FOLDER --folds FOLDS --out ARTEFACT [--kind html]

`FOLDS` is what `service.training.train --keep-folds` wrote. What is learned from is what each fold's labeller
says of the sites it never saw, as the labeller in use will say of pages it never saw; a fold's own second
look learns from the other folds' sites alone. The artefacts in both folders are written anew. Takes minutes;
deterministic for a given version of CatBoost and number of threads.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from catboost import CatBoost, Pool
from numpy.typing import NDArray

from service.document import MediaKind
from service.model import second, tagger
from service.model.features import Features
from service.training import corpus, reference, subjects
from service.training.corpus import Example
from service.training.folds import fold_of

BLOCKS_PER_PAGE: Final = {MediaKind.TEXT: 100, MediaKind.HTML: 300}
"""Of a page with more blocks in doubt so many are drawn."""
# Added to what the trees say. Dumps made up for training hold more text than real ones. Swept out of fold
# together with the thresholds of `service.decide`: see decision 18
BIAS: Final = {MediaKind.TEXT: -0.5, MediaKind.HTML: 0.0}
THREADS: Final = 2
_GROWN: Final = {
    "loss_function": "CrossEntropy", "iterations": 600, "depth": 8, "learning_rate": 0.1, "l2_leaf_reg": 5,
    "border_count": 64, "rsm": 0.3, "bootstrap_type": "Bernoulli", "subsample": 0.7, "boosting_type": "Plain",
    "random_seed": 0, "thread_count": THREADS, "allow_writing_files": False, "verbose": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A page as the second look sees it, and what it is to say. Of blocks in doubt alone."""

    site: str
    rows: NDArray[np.float32]
    """Blocks x numbers."""
    target: NDArray[np.float32]
    weight: NDArray[np.float32]
    """Sums up to the page's weight, if all its blocks are in doubt."""


def see(examples: Sequence[Example], folds: Sequence[tagger.Tagger], kind: MediaKind) -> Iterator[Seen]:
    """Every page as the labeller sees it that knows no page of its site; no synthetic ones.

    Some dumps are made to be about what boilerplate says, as for the labeller itself.
    """
    topics = subjects.learn(examples) if kind is MediaKind.TEXT else None
    draw = np.random.default_rng(0)
    for example in examples:
        total = example.weight.sum()
        if example.dataset == "synthetic" or not total:
            continue
        features = example.features if topics is None else subjects.about(example, topics, draw).features
        told, blocks = _told(folds[fold_of(example.site, len(folds))], features)
        chosen = draw.permutation(blocks.size)[: BLOCKS_PER_PAGE[kind]]
        blocks = blocks[chosen]
        weight = example.weight[blocks] / total * example.page_weight
        yield Seen(example.site, told.T[chosen], example.target[blocks], weight)


def _told(said: tagger.Tagger, features: Features) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Numbers x blocks, and which blocks these are."""
    chances, kinds = said.first(features)
    blocks = second.in_doubt(chances)
    return second.rows(second.columns(chances, kinds, features.values), features.values, blocks), blocks


def train(pages: Sequence[Seen]) -> CatBoost:
    """Cross-entropy of the blocks, weighted by words, each page alike."""
    weight = np.concatenate([page.weight for page in pages])
    told = weight > 0
    rows, target = (np.concatenate([getattr(page, name) for page in pages]) for name in ("rows", "target"))
    grown = CatBoost(_GROWN)
    grown.fit(Pool(rows[told], target[told], weight=weight[told] / weight[told].mean()))
    return grown


def export(grown: CatBoost, bias: float) -> dict[str, NDArray[Any]]:
    """The trees as `service.model.trees` reads them, begun by `second.`; `bias` is added to what they say."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "trees.json"
        grown.save_model(str(path), format="json")
        stored = json.loads(path.read_text(encoding="utf-8"))
    trees = stored["oblivious_trees"]
    asked = [tree["splits"] or () for tree in trees]
    scale, (base,) = stored["scale_and_bias"]
    depth = max(map(len, asked))
    feature = np.zeros((len(trees), depth), dtype=np.int16)
    # what is asked in vain is never exceeded: a tree of fewer levels keeps to its first leaves
    border = np.full((len(trees), depth), np.inf, dtype=np.float32)
    leaves = np.zeros((len(trees), 1 << depth), dtype=np.float32)
    for i, tree in enumerate(trees):
        for level, split in enumerate(asked[i]):
            feature[i, level], border[i, level] = split["float_feature_index"], split["border"]
        leaves[i, : len(tree["leaf_values"])] = np.array(tree["leaf_values"]) * scale
    return {
        "second.feature": feature,
        "second.border": border,
        "second.leaves": leaves,
        "second.base": np.array(base + bias),
    }


def add(folder: Path, trees: Mapping[str, NDArray[Any]]) -> None:
    """Write the second look into a labeller's artefact, in the place of any before."""
    with np.load(folder / "weights.npz", allow_pickle=False) as stored:
        kept = {name: stored[name] for name in stored.files if not name.startswith("second.")}
    np.savez_compressed(folder / "weights.npz", **(kept | dict(trees)))
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["second"] = second.names(config["kinds"], config["features"])
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
    parser.add_argument("--kind", type=MediaKind, default=MediaKind.TEXT)
    options = parser.parse_args()
    kind = options.kind
    folders = [folder / kind for folder in sorted(options.folds.glob("fold*"))]
    folds = [tagger.read(folder, again=False) for folder in folders]
    pages = list(see(list(corpus.load(options.data, kind=kind, folds=options.folds)), folds, kind))
    for fold, folder in enumerate(folders):
        others = [page for page in pages if fold_of(page.site, len(folds)) != fold]
        add(folder, export(train(others), BIAS[kind]))
    add(options.out / kind, export(train(pages), BIAS[kind]))


if __name__ == "__main__":
    main()
