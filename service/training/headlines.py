"""labelled pages -> `service/headlines.npz`: what the signs of a title are worth.

    python -m service.training.headlines --data DIR [--out service] [--every 1]

Boosted trees over the signs of `service.headlines`, a row for each place of each dump that may hold the
title. Cross-fitted by site: the table it prints, and the curve from the trees' sum to a probability, are of
pages of sites the trees had not seen; what is written is then fitted on all. Deterministic.
"""

import argparse
import dataclasses
import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression

from service import blocks, headlines, titles
from service.decode import from_text
from service.detector import NO_HITS, scan
from service.detectors.headline import LEAST
from service.folding import fold
from service.training import ensembles
from service.training.corpus import read_jsonl
from service.training.folds import fold_of

Floats = NDArray[np.float64]

DUMPS: Final = ("text_dev.dumps.jsonl.zst", "news_forum_dev.dumps.jsonl.zst")
HAND: Final = "multilingual_dev.jsonl.zst"
SYNTHETIC: Final = "arabic_synthetic_dev.jsonl.zst"
STYLES: Final = ("hand", "wet", "inscriptis", "soup", "flat", "light")

FOLDS: Final = 3
TREES: Final = 200
DEPTH: Final = 4
RATE: Final = 0.07
# Hand-labelled pages are few, and most of what there is in languages without Latin letters; synthetic ones
# repeat their layouts; what is no article has its name in less certain places.
WEIGHTS: Final = {"hand": 8.0, "synthetic": 0.3}
OTHER_WEIGHT: Final = 0.5
# A cropped page begins less than so many lines above its title; the rest begins right below
CROP: Final = 6
KEPT: Final = 0.7
# Of a page with nothing between title and text so many lines above are kept, and so often no blank line
BARE: Final = 24
UNSPACED: Final = 0.5
CROP_WEIGHT: Final = 0.35
# A line is the title, too, that has a little more beside it: a kicker, the name of the site
MIN_PART: Final = 10
LONGER: Final = 1.6


@dataclass(frozen=True, slots=True)
class Titled:
    """A page whose title is known."""

    id: str
    site: str
    style: str
    """How the dump was made; `hand` or `synthetic` for pages of these sets."""
    page_type: str
    text: str
    title: str
    content: tuple[bool, ...] = ()
    """Of each line, whether it is of the text; empty where that is not known."""
    cropped: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """The candidates of one page."""

    page: Titled
    stands: bool
    """Whether the title is in the text at all."""
    signs: Floats
    right: NDArray[np.bool_]
    best: NDArray[np.bool_]
    """The one to be learned of the right ones: the title to the letter, and nearest to the text."""

    @property
    def weight(self) -> float:
        """How much each candidate counts in training."""
        weight = WEIGHTS.get(self.page.style, 1.0) * (CROP_WEIGHT if self.page.cropped else 1.0)
        return weight * (1.0 if self.page.page_type == "article" else OTHER_WEIGHT)

    @property
    def real(self) -> bool:
        """Whether it counts in figures: it is a page as somebody saved it."""
        return not self.page.cropped and self.page.style != "synthetic"


def read(folder: Path) -> Iterator[Titled]:
    """All pages of a folder whose title is known. Every file is optional."""
    for name in DUMPS:
        for r in _records(folder / name):
            if r["title"] and r["answerable"]:
                content = tuple(label in "CM" for label in r["labels"])
                yield Titled(
                    r["id"], r["domain"], r["variant"], r["page_type"], r["text"], r["title"], content
                )
    for r in _records(folder / HAND):
        if r["title"]:
            content = tuple(label == "body" for label in r["labels"])
            yield Titled(r["id"], r["site"] or r["id"], "hand", r["kind"], r["text"], r["title"], content)
    for r in _records(folder / SYNTHETIC):
        named = zip(r["spans"], r["kinds"], strict=True)
        title = next((r["text"][start:end] for (start, end, _), kind in named if kind == "headline"), None)
        if title:
            yield Titled(r["id"], r["site"], "synthetic", r["page_type"], r["text"], title)


def cropped(page: Titled) -> Iterator[Titled]:
    """The page again with less above its title, with nothing between it and the text, or without it.

    Dumps differ in how much they keep. Where to cut is drawn from the page's name.
    """
    lines = page.text.split("\n")
    title = titles.letters_of(fold(page.title))
    named = [i for i, line in enumerate(lines) if is_title(titles.letters_of(fold(line)), title)]
    if not named or page.style == "synthetic":
        return
    draw = random.Random(f"{page.id} {page.style}")
    for i in (min(named), max(named)):
        start = i - draw.randrange(CROP) if draw.random() < KEPT else i + 1
        if start > 0:
            yield dataclasses.replace(page, cropped=True, text="\n".join(lines[start:]), content=())
    below = next((i for i, own in enumerate(page.content) if own and i > min(named)), None)
    if below is not None:
        last = max(i for i in named if i < below)
        heading = [lines[last]] if draw.random() < KEPT else []
        start = max(0, last - draw.randrange(BARE))
        bare = [line for i, line in enumerate(lines[start:last], start) if i not in named]
        bare += heading + lines[below:]
        if draw.random() < UNSPACED:
            bare = [line for line in bare if line.strip()]
        yield dataclasses.replace(page, cropped=True, text="\n".join(bare), content=())


def _records(path: Path) -> Iterator[dict[str, Any]]:
    return read_jsonl(path) if path.exists() else iter(())


def row_of(page: Titled) -> Row:
    """The page's candidates, and which of them are its title."""
    read_page = blocks.read(from_text(page.text, html=False))
    title = titles.letters_of(fold(page.title))
    stands = title in titles.letters_of(fold(page.text))
    main = titles.main_text(read_page)
    signs, keys = np.zeros((0, len(headlines.SIGNS))), []
    if main:
        found = headlines.candidates(read_page, scan(read_page).get("headline", NO_HITS), main)
        signs, keys = found.signs, [titles.letters_of(fold(page.text[p.start : p.end])) for p in found.places]
    right = np.array([is_title(key, title) for key in keys], dtype=np.bool_)
    rank = [is_so * (1 + (key == title)) for is_so, key in zip(right.tolist(), keys, strict=True)]
    best = np.zeros(len(keys), dtype=np.bool_)
    if right.any():
        best[max(range(len(keys)), key=lambda i: (rank[i], i))] = True
    return Row(page, stands, signs, right, best)


def is_title(key: str, title: str) -> bool:
    """Whether the letters of a line are those of a title, or a good part, or these and little more."""
    if not key or len(key) >= LONGER * len(title) + MIN_PART:
        return False
    return key == title or (len(key) > MIN_PART and (key in title or title in key))


def fit(rows: Sequence[Row]) -> GradientBoostingClassifier:
    """The trees."""
    held = [r for r in rows if r.right.size]
    weights = np.concatenate([np.full(r.right.size, r.weight) for r in held])
    model = GradientBoostingClassifier(
        n_estimators=TREES, max_depth=DEPTH, learning_rate=RATE, subsample=0.7, max_features=0.4,
        min_samples_leaf=30, random_state=0,
    )  # fmt: skip
    return model.fit(
        np.concatenate([r.signs for r in held]),
        np.concatenate([r.best for r in held]),
        sample_weight=weights,
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
    """From the trees' sum to the share that is right: the middles of the steps of isotonic regression."""
    real = [t for t in told if t.row.real]
    raw, right = np.array([t.raw for t in real]), np.array([t.right for t in real], dtype=np.float64)
    weights = np.array([t.row.weight for t in real])
    level = IsotonicRegression(out_of_bounds="clip").fit_transform(raw, right, sample_weight=weights)
    return np.array([(raw[level == v].mean(), v) for v in np.unique(level)]).T


def table(rows: Sequence[Row], told: Sequence[Told], curve: Floats) -> str:
    """Of the titles that stand in the text: how many are found, and how much of what is found is one."""
    groups: dict[str, Callable[[Row], bool]] = {
        "articles": lambda r: r.real and r.page.page_type == "article",
        "other pages": lambda r: r.real and r.page.page_type != "article",
        "cropped articles": lambda r: r.page.cropped and r.page.page_type == "article",
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
    while batch := list(islice(pages, 100)):
        yield batch


def _rows_of(pages: list[Titled]) -> list[Row]:
    return [row_of(one) for page in pages for one in (page, *cropped(page))]


if __name__ == "__main__":
    main()
