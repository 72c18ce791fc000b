"""labelled pages -> the labeller's artefacts for text and HTML: weights, config, metrics, reference outputs.

    python -m service.training.train --data FOLDER --out service/model/artefacts/VERSION --folds 3

Splits by site, so that no page of a held-out site is ever trained on. Deterministic for a given
number of threads. What is dropped at random (letter case, phrases, all words of a page) is what a
language never seen doesn't have.
"""

import argparse
import copy
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from service.document import MediaKind
from service.model.features import CASE, HTML_NAMES, LISTENED, NAMES
from service.model.structure import SAID
from service.training import corpus, distil, reference, subjects, vocabulary
from service.training.corpus import Example
from service.training.folds import fold_of
from service.training.network import CONTEXT_AFTER, DILATIONS, Network, export
from service.training.schedule import rate

# More is worse from here on: development F1 falls while the loss still does
EPOCHS: Final = {MediaKind.TEXT: 5, MediaKind.HTML: 6}
DUMPS_PER_PAGE: Final = 2  # a page comes in up to seven styles; each epoch draws two
MIN_SITES: Final = 10  # a word is known when it occurs on so many sites
LEARNING_RATE: Final = 2e-3
AVERAGING: Final = 0.995
BLOCKS_PER_BATCH: Final = 6_000
CLIP: Final = 6.0
DROP_CASE: Final = 0.4
DROP_PHRASES: Final = 0.25
DROP_SAID: Final = 0.3
DROP_WORDS: Final = {"words": 0.35, "near": 0.3, "far": 0.3}
DROP_WORD: Final = 0.2
NOISE: Final = 0.2
KINDS: Final = ("article", "forum", "product", "collection", "listing", "documentation", "service")
KIND_SHARE: Final = 0.15  # weight of the page-type loss

_KIND_OF: Final = {kind: i for i, kind in enumerate(KINDS)} | {"forum_thread": 1, "multi_article": 0}
_DROPPED: Final = (
    (DROP_CASE, [HTML_NAMES.index(name) for name in CASE]),
    (DROP_PHRASES, [HTML_NAMES.index(f"phrase_{name}") for name in LISTENED]),
    (DROP_SAID, [HTML_NAMES.index(name) for name in SAID]),
)


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A network and what it takes to feed it."""

    network: Network
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    vocabularies: dict[str, NDArray[np.uint32]]
    """Sorted hashes that are known, by bag."""


@dataclass(frozen=True, slots=True, eq=False)
class BatchBag:
    """Rows of the embedding table, where each slot's (page x longest + block) begin, how many it has."""

    rows: Tensor
    offsets: Tensor
    counts: Tensor
    keep: Tensor
    """1 for each page that may see its bag."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Some dumps of like length, padded to the longest."""

    values: Tensor
    bags: dict[str, BatchBag]
    mask: Tensor
    target: Tensor
    weight: Tensor
    kind: Tensor
    """Index into `KINDS`; -1 for a page of no such kind, or whose kind nobody said."""


def known_words(examples: Iterable[Example], bag: str) -> NDArray[np.uint32]:
    """Sorted hashes of the words that occur on enough sites. Synthetic pages don't vote."""
    real = (e for e in examples if e.dataset != "synthetic")
    return vocabulary.learn(((e.site, e.features.bags[bag].hashes) for e in real), MIN_SITES)


def batches(examples: Sequence[Example], rng: random.Random, *, shuffle: bool) -> list[list[Example]]:
    """Dumps of like length together."""
    jitter = {id(e): rng.random() * 40 if shuffle else 0.0 for e in examples}
    found: list[list[Example]] = [[]]
    for example in sorted(examples, key=lambda e: e.target.size + jitter[id(e)]):
        if found[-1] and (len(found[-1]) + 1) * example.target.size > BLOCKS_PER_BATCH:
            found.append([])
        found[-1].append(example)
    if shuffle:
        rng.shuffle(found)
    return found


def collate(examples: Sequence[Example], trained: Trained, rng: random.Random, *, augment: bool) -> Batch:
    """Pad and join; drop at random what another language, or site, would not have."""
    pages, longest = len(examples), max(e.target.size for e in examples)
    shape = (pages, longest)
    values = np.zeros((*shape, trained.mean.size), dtype=np.float32)
    target, weight, mask = (np.zeros(shape, dtype=np.float32) for _ in range(3))
    absent = -trained.mean * trained.scale
    for i, example in enumerate(examples):
        n = example.target.size
        own = np.clip((example.features.values - trained.mean) * trained.scale, -CLIP, CLIP)
        if augment:
            for chance, columns in _DROPPED:
                if rng.random() < chance and columns[-1] < absent.size:
                    own[:, columns] = absent[columns]
        values[i, :n] = own
        target[i, :n] = example.target if example.aim is None else example.aim
        weight[i, :n] = example.weight / example.weight.sum() * example.page_weight
        mask[i, :n] = 1
    tensor = torch.from_numpy(values)
    if augment:
        tensor = tensor + torch.randn_like(tensor) * NOISE
    return Batch(
        tensor,
        {
            name: _collate_bag(examples, name, known, longest, rng, augment)
            for name, known in trained.vocabularies.items()
        },
        torch.from_numpy(mask).unsqueeze(-1),
        torch.from_numpy(target),
        torch.from_numpy(weight),
        torch.tensor([_KIND_OF.get(e.page_type, -1) for e in examples]),
    )


def _collate_bag(
    examples: Sequence[Example],
    name: str,
    known: NDArray[np.uint32],
    longest: int,
    rng: random.Random,
    augment: bool,  # noqa: FBT001
) -> BatchBag:
    keep = np.ones((len(examples), 1, 1), dtype=np.float32)
    count = np.zeros((len(examples), longest), dtype=np.float32)
    found, slots = [], []
    for i, example in enumerate(examples):
        bag = example.features.bags[name]
        if augment and rng.random() < DROP_WORDS[name]:
            keep[i] = 0
        row = vocabulary.rows(bag.hashes, known)
        count[i] = np.bincount(bag.block, minlength=longest)
        met = row > 0
        found.append(row[met])
        slots.append(bag.block[met].astype(np.int64) + i * longest)
    joined, slot = torch.from_numpy(np.concatenate(found)), torch.from_numpy(np.concatenate(slots))
    if augment:
        chosen = torch.rand(joined.shape) >= DROP_WORD
        joined, slot = joined[chosen], slot[chosen]
    offsets = torch.searchsorted(slot, torch.arange(len(examples) * longest))
    return BatchBag(joined, offsets, torch.from_numpy(count), torch.from_numpy(keep))


def logits_of(network: Network, batch: Batch) -> tuple[Tensor, Tensor]:
    """Logits of content, pages x blocks, and of the page type, pages x `KINDS`."""
    pages, longest = batch.target.shape
    inputs = [batch.values]
    for name, bag in batch.bags.items():
        summed = functional.embedding_bag(
            bag.rows, network.table(name), bag.offsets, mode="sum", padding_idx=0
        )
        mean = summed.view(pages, longest, -1) / bag.counts.clamp(min=1).sqrt().unsqueeze(-1)
        inputs.append(mean * bag.keep)
    out: tuple[Tensor, Tensor] = network(torch.cat(inputs, dim=-1), batch.mask)
    return out


def train(examples: Sequence[Example], epochs: int, *, seed: int = 0) -> Trained:
    """Train one network; the average of its late weights is returned."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    sample = np.concatenate([e.features.values[:200] for e in examples[::7]])
    known = {bag: known_words(examples, bag) for bag in examples[0].features.bags}
    # markup tells a notice from an article about notices as it is
    topics = subjects.learn(examples) if sample.shape[1] == len(NAMES) else []
    draw = np.random.default_rng(seed)
    network = Network(sample.shape[1], {bag: words.size for bag, words in known.items()}, len(KINDS))
    average = copy.deepcopy(network)
    scale = (1 / (sample.std(axis=0) + 1e-3)).astype(np.float32)
    trained = Trained(average, sample.mean(axis=0), scale, known)
    by_page: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_page[example.id].append(example)
    inner = [p for name, p in network.named_parameters() if not name.startswith("embeddings")]
    groups = [
        {"params": network.embeddings.parameters(), "weight_decay": 0.2},
        {"params": inner, "weight_decay": 0.05},
    ]
    optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE)
    step, steps = 0, 0
    for epoch in range(epochs):
        drawn = [e for dumps in by_page.values() for e in rng.sample(dumps, min(DUMPS_PER_PAGE, len(dumps)))]
        epoch_batches = batches(drawn, rng, shuffle=True)
        steps = steps or len(epoch_batches) * epochs
        network.train()
        losses = []
        for pages in epoch_batches:
            for group in optimizer.param_groups:
                group["lr"] = LEARNING_RATE * rate(step / steps)
            chosen = [subjects.about(example, topics, draw) for example in pages]
            batch = collate(chosen, trained, rng, augment=True)
            loss = _loss(network, batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step += 1
            _blend(average, network, min(AVERAGING, (1 + step) / (10 + step)))
            losses.append(loss.item())
        print(f"  epoch {epoch}: loss {fmean(losses):.4f}", flush=True)
    average.eval()
    return trained


def _loss(network: Network, batch: Batch) -> Tensor:
    """Cross-entropy of the blocks, weighted by words, each page alike; plus that of the page types."""
    content, kind = logits_of(network, batch)
    blocks = functional.binary_cross_entropy_with_logits(
        content, batch.target, weight=batch.weight, reduction="sum"
    )
    loss = blocks / batch.weight.sum()
    if (batch.kind >= 0).any():
        loss = loss + KIND_SHARE * functional.cross_entropy(kind, batch.kind, ignore_index=-1)
    return loss


def _blend(average: Network, network: Network, share: float) -> None:
    with torch.no_grad():
        for mean, new in zip(average.parameters(), network.parameters(), strict=True):
            mean.mul_(share).add_(new, alpha=1 - share)


def predict(trained: Trained, examples: Sequence[Example]) -> dict[tuple[str, str], NDArray[np.float32]]:
    """P(content) of every block, by (id, variant)."""
    found = {}
    with torch.no_grad():
        for chosen in batches(examples, random.Random(0), shuffle=False):
            batch = collate(chosen, trained, random.Random(0), augment=False)
            chances = torch.sigmoid(logits_of(trained.network, batch)[0]).numpy()
            for i, example in enumerate(chosen):
                found[example.id, example.variant] = chances[i, : example.target.size]
    return found


def teach(examples: Sequence[Example], epochs: int, *, seed: int = 0) -> Trained:
    """Train one network on the gold and on what a network that never saw a page's site says of it."""

    def opinion(others: Sequence[Example], own: Sequence[Example]) -> distil.Chances:
        return predict(train(others, epochs, seed=seed + 1), own)

    return train(distil.taught(examples, opinion), epochs, seed=seed)


def block_f1(example: Example, chances: NDArray[np.float32]) -> float:
    """Word-weighted F1 of the blocks kept at the page's own threshold: close to word F1, and fast."""
    weight, wanted = example.weight, example.weight * example.target
    order = np.argsort(-chances, kind="stable")
    hoped = np.cumsum((chances * weight)[order])
    f1 = 2 * hoped / (np.cumsum(weight[order]) + hoped[-1] + 1e-9)
    kept = chances >= min(max(f1.max() / 2, 0.1), 0.5)
    both = float(wanted[kept].sum())
    return 2 * both / max(1e-9, float(weight[kept].sum() + wanted.sum()))


def summarise(scores: Iterable[tuple[Example, float]]) -> dict[str, float]:
    """Means by dataset, style, page type and language."""
    groups: dict[str, list[float]] = defaultdict(list)
    for example, score in scores:
        if example.dataset in ("trafilatura", "synthetic"):
            continue
        for name in ("", f" variant={example.variant}", f" page_type={example.page_type}"):
            groups[example.dataset + name].append(score)
        groups[f"{example.dataset} language={example.language}"].append(score)
    return {name: round(fmean(values), 4) for name, values in sorted(groups.items())}


def save(
    trained: Trained, folder: Path, metrics: dict[str, float], examples: Sequence[Example], kind: MediaKind
) -> None:
    """Write the artefact: weights, config, metrics, and its outputs on the seeds as a reference."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = export(trained.network)
    weights |= {"mean": trained.mean, "scale": trained.scale}
    weights |= {f"vocabulary.{name}": known for name, known in trained.vocabularies.items()}
    np.savez_compressed(folder / "weights.npz", **weights)  # type: ignore[arg-type]
    config = {
        "features": list(HTML_NAMES if trained.mean.size == len(HTML_NAMES) else NAMES),
        "bags": list(trained.vocabularies),
        "kinds": list(KINDS),
        "dilations": list(DILATIONS),
        "context_after": CONTEXT_AFTER,
        "clip": CLIP,
        "examples": len(examples),
        "pages": len({e.id for e in examples}),
        "sites": len({e.site for e in examples}),
        "blocks": int(sum(e.target.size for e in examples)),
        "words": {name: int(known.size) for name, known in trained.vocabularies.items()},
        "epochs": EPOCHS[kind],
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    reference.write(folder)


def cross_validate(
    examples: Sequence[Example], kind: MediaKind, folds: int, keep: Path | None
) -> dict[str, float]:
    """Train without each fold of sites in turn, and score on it."""
    scores: list[tuple[Example, float]] = []
    for fold in range(folds):
        print(f"fold {fold}", flush=True)
        trained = teach([e for e in examples if fold_of(e.site, folds) != fold], EPOCHS[kind])
        held_out = [e for e in examples if fold_of(e.site, folds) == fold]
        chances = predict(trained, held_out)
        scores += [(e, block_f1(e, chances[e.id, e.variant])) for e in held_out]
        if keep is not None:
            save(trained, keep / f"fold{fold}" / kind, summarise(scores), held_out, kind)
    return summarise(scores)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m service.training.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled dumps")
    parser.add_argument("--out", type=Path, required=True, help="folder of the new artefact")
    parser.add_argument("--folds", type=int, default=0, help="cross-validate first, in so many folds")
    parser.add_argument("--keep-folds", type=Path, help="write each fold's artefact here")
    parser.add_argument("--kind", type=MediaKind, choices=list(EPOCHS), help="train this labeller alone")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0, help="of the artefact; the folds' is always 0")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for kind in (options.kind,) if options.kind else EPOCHS:
        # from rows as they came: taught on their pieces, too, it lost more of strangers' pages (decision 31)
        examples = list(corpus.load(options.data, kind=kind, at_seams=False))
        if not examples:
            continue
        print(f"{kind}: {len(examples)} dumps of {len({e.id for e in examples})} pages", flush=True)
        metrics = cross_validate(examples, kind, options.folds, options.keep_folds) if options.folds else {}
        print(json.dumps(metrics, indent=1))
        trained = teach(examples, EPOCHS[kind], seed=options.seed)
        save(trained, options.out / kind, metrics, examples, kind)


if __name__ == "__main__":
    main()
