"""Labelled pages, from the repository's seeds or from any labelled JSONL."""

import gzip
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


SEEDS: Final = Path(__file__).parents[2] / "seeds"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One page and what a perfect cleaning keeps of it. `labels`: one per line, where lines are labelled."""

    id: str
    site: str
    text: str
    gold: str
    variant: str
    language: str
    page_type: str
    labels: tuple[str, ...] | None


def read(path: Path) -> Iterator[Labelled]:
    """Pages of a JSONL file (plain, .gz, .zst): dumps with `gold`, or pages with a label a line.

    Dumps marked unanswerable, and pages without any gold text, are left out.
    """
    for record in _records(path):
        page = _labelled(record)
        if page is not None:
            yield page


def seeds() -> Iterator[Labelled]:
    """The five seed pages."""
    for record in _records(SEEDS / "seeds_gold.jsonl"):
        number = record["id"].removeprefix("seed_")
        (path,) = SEEDS.glob(f"{number}_*.txt")
        text = path.read_bytes().decode("utf-8")
        page = _labelled({**record, "text": text, "variant": "seed"})
        assert page is not None
        yield page


def _records(path: Path) -> Iterator[dict[str, Any]]:
    openers: dict[str, Callable[..., Any]] = {".zst": zstd.open, ".gz": gzip.open}
    opened = openers.get(path.suffix, open)
    with opened(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _labelled(record: dict[str, Any]) -> Labelled | None:
    gold = record.get("gold")
    labels = record.get("labels")
    by_line = tuple(labels) if isinstance(labels, list) else None
    if gold is None and by_line:
        lines = record["text"].split("\n")
        gold = "\n\n".join(t for t, label in zip(lines, by_line, strict=True) if label == "body")
    if not (gold and gold.strip()) or not record.get("answerable", True):
        return None
    return Labelled(
        id=record["id"],
        site=record.get("domain") or record.get("site") or record["id"],
        text=record["text"],
        gold=gold,
        variant=record.get("variant") or record.get("style") or _extent(record),
        language=record["lang"],
        page_type=record.get("page_type") or record.get("kind") or "?",
        labels=by_line,
    )


def _extent(record: dict[str, Any]) -> str:
    return "cut" if record.get("truncated") else "full"
