"""labelled dumps that kept their lines -> the same on one line, and where the lines ended."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.blocks import measures
from service.blocks.seams import Words, read_words
from service.training import corpus
from service.words import codes_of

STYLES: Final = ("wet", "inscriptis")
"""Of the styles of dumps these two keep the lines that the page showed."""
MIN_WORDS: Final = 20
MIN_LINES: Final = 8  # of synthetic pages, some of which have none
WIDE_GAP: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A dump on one line. Arrays hold an entry per word."""

    id: str
    site: str
    words: Words
    ended: NDArray[np.bool_]
    """Whether a line ended after it."""
    content: NDArray[np.bool_]
    """Whether it begins in the gold text."""


def load(folder: Path) -> Iterator[Row]:
    """The dumps of a data folder that kept their lines (`docs/training.md`), in a fixed order."""
    for name in ("text_dev.dumps.jsonl.zst", "news_forum_dev.dumps.jsonl.zst"):
        for record in corpus.records(folder / name):
            if record["variant"] in STYLES:
                yield from _rows(record, record["domain"], _covered(record))
    for record in corpus.records(folder / "multilingual_dev.jsonl.zst"):
        yield from _rows(record, record["site"], _labelled(record, record["labels"], "body"))
    for record in corpus.records(folder / "arabic_synthetic_dev.jsonl.zst"):
        if record["text"].count("\n") >= MIN_LINES:
            spans = [place for a, b, label in record["spans"] if label == "body" for place in (a, b)]
            yield from _rows(record, f"synthetic-{record['fold']}", corpus.cover(len(record["text"]), spans))


def _covered(record: Mapping[str, Any]) -> NDArray[np.float32]:
    if record["spans"] is None:
        return _labelled(record, record["labels"], "C")
    return corpus.cover(len(record["text"]), record["spans"])


def _labelled(record: Mapping[str, Any], labels: Sequence[str], wanted: str) -> NDArray[np.float32]:
    covered = np.zeros(len(record["text"]), dtype=np.float32)
    at = 0
    for line, label in zip(record["text"].split("\n"), labels, strict=True):
        covered[at : at + len(line)] = label == wanted
        at += len(line) + 1
    return covered


def _rows(record: Mapping[str, Any], site: str | None, covered: NDArray[np.float32]) -> Iterator[Row]:
    """The dump, if there is enough to learn from."""
    text = record["text"]
    classes = measures.classes_of(measures.rows_of(codes_of(text)))
    starts, ends = measures.tokens(classes)
    if starts.size < MIN_WORDS:
        return
    breaks = ((classes & measures.NEWLINE) != 0) | np.isin(codes_of(text), (0x09, 0xA0))
    before = np.concatenate(([0], np.cumsum(breaks)))
    ended = np.ones(starts.size, dtype=bool)
    wide = starts[1:] - ends[:-1] >= WIDE_GAP
    ended[:-1] = wide | (before[starts[1:]] > before[ends[:-1]])
    words = read_words([text[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)])
    yield Row(record["id"], site or record["id"], words, ended, covered[starts] > 0)
