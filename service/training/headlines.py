"""labelled pages -> `service/headlines.npz`: what the signs of a title are worth.

    python -m service.training.headlines --data DIR [--out service] [--every 1]

Boosted trees over the signs of `service.headlines`, a row for each place of each dump that may hold the
title. Cross-fitted by site: the table it prints, and the curve from the trees' sum to a probability, are of
pages of sites the trees had not seen; what is written is then fitted on all. Deterministic.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier

from service import headlines
from service.detectors.headline import LEAST
from service.training import ensembles
from service.training.folds import fold_of
from service.training.titled import Made, Row, Titled, amid, cropped, read, row_of

Floats = NDArray[np.float64]

STYLES: Final = ("hand", "wet", "inscriptis", "soup", "flat", "light")

FOLDS: Final = 3
BATCH: Final = 100
# How far away in a batch the pages stand whose surroundings a page is put between
AWAY: Final = (31, 67)
TREES: Final = 300
DEPTH: Final = 4
RATE: Final = 0.07
# Share of a page's weight that goes to its copy without capitals
CASELESS: Final = 0.3
_UPPER: Final = headlines.SIGNS.index("upper")


def fit(rows: Sequence[Row]) -> GradientBoostingClassifier:
    """The trees. They see each page a second time as if its script had no capitals, which most have."""
    held = [r for r in rows if r.right.size]
    signs = np.concatenate([r.signs for r in held])
    best = np.concatenate([r.best for r in held])
    weights = np.concatenate([np.full(r.right.size, r.weight) for r in held])
    cased = np.concatenate([np.full(r.right.size, bool(r.signs[:, _UPPER].any())) for r in held])
    caseless = signs[cased].copy()
    caseless[:, _UPPER] = 0
    model = GradientBoostingClassifier(
        n_estimators=TREES, max_depth=DEPTH, learning_rate=RATE, subsample=0.7, max_features=0.4,
        min_samples_leaf=30, random_state=0,
    )  # fmt: skip
    return model.fit(
        np.concatenate((signs, caseless)),
        np.concatenate((best, best[cased])),
        sample_weight=np.concatenate(
            (np.where(cased, (1 - CASELESS) * weights, weights), CASELESS * weights[cased])
        ),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What trees that never saw its site say of a page: of its likeliest candidate."""

    row: Row
    raw: float
    right: bool


def out_of_fold(rows: Sequence[Row], workers: int) -> list[Told]:
    """For every page that has a candidate."""
    with ProcessPoolExecutor(workers) as pool:
        models = list(pool.map(fit, ([r for r in rows if _fold(r) != held] for held in range(FOLDS))))
    raws = ((row, models[_fold(row)].decision_function(row.signs)) for row in rows if row.right.size)
    return [Told(row, float(raw.max()), bool(row.right[raw.argmax()])) for row, raw in raws]


def _fold(row: Row) -> int:
    return fold_of(row.page.site, FOLDS)


def knots(told: Sequence[Told]) -> Floats:
    """From the trees' sum to the share that is right."""
    real = [t for t in told if t.row.real]
    raw, right = np.array([t.raw for t in real]), np.array([t.right for t in real], dtype=np.float64)
    return ensembles.knots(raw, right, np.array([t.row.weight for t in real]))


def table(rows: Sequence[Row], told: Sequence[Told], curve: Floats) -> str:
    """Of the titles that stand in the text: how many are found, and how much of what is found is one."""
    groups: dict[str, Callable[[Row], bool]] = {
        "articles": lambda r: r.real and r.page.page_type == "article",
        "other pages": lambda r: r.real and r.page.page_type != "article",
        "cropped articles": lambda r: r.page.made is Made.CROPPED and r.page.page_type == "article",
        "articles amid others' surroundings": lambda r: (
            r.page.made is Made.AMID and r.page.page_type == "article"
        ),
        "synthetic": lambda r: r.page.style == "synthetic",
        **{f"articles, {style}": partial(_article_of, style) for style in STYLES},
    }
    out = ["| pages | titles | lifted | right | precision | recall |", "|---|---|---|---|---|---|"]
    for name, chosen in groups.items():
        stand = sum(r.stands for r in rows if chosen(r))
        lifted = [t for t in told if chosen(t.row) and np.interp(t.raw, *curve) >= LEAST]
        right = sum(t.right for t in lifted)
        if stand and lifted:
            shares = f"{right / len(lifted):.3f} | {right / stand:.3f}"
            out.append(f"| {name} | {stand} | {len(lifted)} | {right} | {shares} |")
    return "\n".join(out)


def _article_of(style: str, row: Row) -> bool:
    return row.real and row.page.style == style and row.page.page_type == "article"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m service.training.headlines", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled pages")
    parser.add_argument("--out", type=Path, default=headlines.ARTEFACT.parent, help="where the artefact goes")
    parser.add_argument("--every", type=int, default=1, help="use each n-th page")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    pages = islice(read(options.data), 0, None, options.every)
    with ProcessPoolExecutor(options.workers) as pool:
        rows = list(chain.from_iterable(pool.map(_rows_of, _batches(pages))))
    told = out_of_fold(rows, options.workers)
    curve = knots(told)
    print(table(rows, told, curve))
    arrays = ensembles.export("title", fit(rows), len(headlines.SIGNS))
    arrays |= {"signs": np.array(headlines.SIGNS), "knots": curve}
    np.savez_compressed(options.out / headlines.ARTEFACT.name, **arrays)  # type: ignore[arg-type]


def _batches(pages: Iterator[Titled]) -> Iterator[list[Titled]]:
    while batch := list(islice(pages, BATCH)):
        yield batch


def _rows_of(pages: list[Titled]) -> list[Row]:
    return [row_of(one) for page, others in _with_others(pages) for one in _all_of(page, others)]


def _with_others(pages: list[Titled]) -> Iterator[tuple[Titled, list[Titled]]]:
    for i, page in enumerate(pages):
        others = [pages[(i + away) % len(pages)] for away in AWAY]
        yield page, [other for other in others if other.site != page.site]


def _all_of(page: Titled, others: list[Titled]) -> Iterator[Titled]:
    """The page, and what is made of it."""
    yield page
    yield from cropped(page)
    for other in others:
        yield from amid(page, other)


if __name__ == "__main__":
    main()
