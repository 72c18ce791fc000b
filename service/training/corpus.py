"""labelled page dumps -> examples: features, targets and weights per block.

Reads a folder of the shape described in `docs/training.md`: dumps with character spans or line labels.
Every file is optional. Nothing is downloaded.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service import detector
from service.blocks import text as text_blocks
from service.document import Page
from service.model.features import Features, extract

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Titles are lifted by a detector of their own; gold texts disagree on whether they hold them.
TITLE_WEIGHT: Final = 0.3
# Synthetic pages repeat their phrases; they teach layouts, not words.
SYNTHETIC_WEIGHT: Final = 0.5
# Hand-labelled pages are few, and most of what there is in languages without Latin letters.
HAND_WEIGHT: Final = 3.0
MAX_BLOCKS: Final = 3_000
EXCERPT_LINES: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One dump. Arrays hold one entry per block."""

    id: str
    variant: str
    dataset: str
    page_type: str
    language: str
    site: str
    features: Features
    target: NDArray[np.float32]
    """Share of the block's characters that belong to the gold text."""
    weight: NDArray[np.float32]
    """Words, or 0 where the gold says nothing."""
    page_weight: float


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Records of a `.jsonl.zst` file."""
    with zstd.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def load(folder: Path, *, workers: int = 2) -> Iterator[Example]:
    """All examples of a data folder, in a fixed order."""
    with ProcessPoolExecutor(workers) as pool:
        for found in pool.map(_examples, _records(folder), chunksize=16):
            yield from found


def _records(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in _READERS:
        if (folder / name).exists():
            for record in read_jsonl(folder / name):
                yield name, record


def _examples(named: tuple[str, dict[str, Any]]) -> list[Example]:
    name, record = named
    return list(_READERS[name](record))


def _from_dump(record: dict[str, Any]) -> Iterator[Example]:
    if not record["answerable"]:
        return
    text = record["text"]
    if record["spans"] is None:
        yield from _from_line_labels(record, text)
        return
    covered = cover(len(text), record["spans"])
    weights = _title_lines(text, record["labels"])
    yield from _example(record, text, record["variant"], covered, weights)
    if record["variant"] == "wet":
        # a page on one single-spaced line: as many characters, no line left
        yield from _example(record, text.replace("\n", " "), "one_line", covered, weights)
        yield from _clean_already(record)


def _clean_already(record: dict[str, Any]) -> Iterator[Example]:
    """The gold text alone, and a few lines of it: what is clean already must come out whole."""
    lines = [line for line in record["gold"].split("\n") if line.strip()]
    chance = int(hashlib.md5(record["id"].encode(), usedforsecurity=False).hexdigest(), 16)
    size = 1 + chance % EXCERPT_LINES
    start = chance // EXCERPT_LINES % max(1, len(lines) - size)
    for variant, chosen in (("clean", lines), ("excerpt", lines[start : start + size])):
        text = ("\n", "\n\n")[chance % 2].join(chosen)
        everything = np.ones(len(text), dtype=np.float32)
        yield from _example(record, text, variant, everything, everything)


def _from_line_labels(record: dict[str, Any], text: str) -> Iterator[Example]:
    covered = np.zeros(len(text), dtype=np.float32)
    weights = np.zeros(len(text), dtype=np.float32)
    for (start, end), label in zip(_lines(text), record["labels"], strict=True):
        covered[start:end] = label == "C"
        weights[start:end] = label in "CB"
    yield from _example(record, text, record["variant"], covered, weights)


def _from_hand_labelled(record: dict[str, Any]) -> Iterator[Example]:
    text = record["text"]
    covered = np.zeros(len(text), dtype=np.float32)
    weights = np.ones(len(text), dtype=np.float32)
    for i, ((start, end), label) in enumerate(zip(_lines(text), record["labels"], strict=True)):
        covered[start:end] = label == "body"
        weights[start:end] = TITLE_WEIGHT if label == "title" else 1.0
        if i in record["ambiguous"]:
            weights[start:end] = 0.0
    about = {"id": record["id"], "dataset": "hand", "page_type": record["kind"], "lang": record["lang"]}
    about["domain"] = record["site"] or record["id"]
    yield from _example(about, text, "hand", covered, weights, HAND_WEIGHT)
    # the same page with no blank lines and no indents
    filled = [(a + len(line) - len(line.lstrip()), a + len(line.rstrip())) for a, line in _placed(text)]
    filled = [(a, b) for a, b in filled if a < b]
    tight = "\n".join(text[a:b] for a, b in filled)
    places = np.concatenate([np.arange(a, b + 1) for a, b in filled])[:-1]
    places = np.minimum(places, len(text) - 1)
    yield from _example(about, tight, "hand_tight", covered[places], weights[places], HAND_WEIGHT)


def _placed(text: str) -> Iterator[tuple[int, str]]:
    for start, end in _lines(text):
        yield start, text[start:end]


def _from_synthetic(record: dict[str, Any]) -> Iterator[Example]:
    text = record["text"]
    covered = np.zeros(len(text), dtype=np.float32)
    weights = np.zeros(len(text), dtype=np.float32)
    for start, end, label in record["spans"]:
        covered[start:end] = label == "body"
        weights[start:end] = TITLE_WEIGHT if label == "title" else 1.0
    about = {"id": record["id"], "dataset": "synthetic", "page_type": record["page_type"], "lang": "ar"}
    about["domain"] = f"synthetic-{record['fold']}"
    yield from _example(about, text, record["style"], covered, weights, SYNTHETIC_WEIGHT)


def _example(
    about: dict[str, Any],
    text: str,
    variant: str,
    covered: NDArray[np.float32],
    weights: NDArray[np.float32],
    page_weight: float = 1.0,
) -> Iterator[Example]:
    page = text_blocks.read(text)
    if not page.blocks or len(page.blocks) > MAX_BLOCKS:
        return
    target, weight = per_block(page, covered), per_block(page, weights)
    if not weight.any():
        return
    yield Example(
        id=about["id"],
        variant=variant,
        dataset=about["dataset"],
        page_type=about["page_type"],
        language=about["lang"],
        site=about["domain"] or about["id"],
        features=extract(page, detector.scan(page)),
        target=target,
        weight=weight * (np.asarray(page.measures.units, dtype=np.float32) + 1),
        page_weight=page_weight,
    )


def cover(length: int, spans: list[int]) -> NDArray[np.float32]:
    """1 where a span (start, end, start, end, ...) covers a character."""
    covered = np.zeros(length, dtype=np.float32)
    for start, end in zip(spans[::2], spans[1::2], strict=True):
        covered[start:end] = 1
    return covered


def per_block(page: Page, per_char: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean over each block's characters."""
    sums = np.concatenate(([0.0], np.cumsum(per_char, dtype=np.float64)))
    starts = np.array([b.start for b in page.blocks])
    ends = np.array([b.end for b in page.blocks])
    return np.asarray((sums[ends] - sums[starts]) / (ends - starts), dtype=np.float32)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _title_lines(text: str, labels: str) -> NDArray[np.float32]:
    weights = np.ones(len(text), dtype=np.float32)
    for (start, end), label in zip(_lines(text), labels, strict=True):
        if label == "T":
            weights[start:end] = TITLE_WEIGHT
    return weights


_READERS: Final[dict[str, Callable[[dict[str, Any]], Iterator[Example]]]] = {
    "text_dev.dumps.jsonl.zst": _from_dump,
    "news_forum_dev.dumps.jsonl.zst": _from_dump,
    "multilingual_dev.jsonl.zst": _from_hand_labelled,
    "arabic_synthetic_dev.jsonl.zst": _from_synthetic,
}
