"""labelled page dumps -> examples: features, targets and weights per block.

Reads a folder of the shape described in `docs/training.md`: dumps with character spans or line labels.
Every file is optional. Nothing is downloaded.
"""

import base64
import dataclasses
import gzip
import hashlib
import json
import random
import sys
import tarfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from service import blocks, detector
from service.blocks import seams
from service.blocks import text as text_blocks
from service.blocks.seams import Finder, Seams, Words
from service.decode import decode
from service.document import MediaKind, Page
from service.layers import Floats
from service.model.features import Features, extract
from service.training import align, retyped
from service.training.folds import fold_of

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
STYLES: Final = 5
# Of a page with less of its gold text in the rendering nothing can be learned.
MIN_ALIGNED: Final = 0.5
TITLE_SHARE: Final = 0.7
MIN_SEGMENT: Final = 3


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
    aim: NDArray[np.float32] | None = None
    """What is learned instead of the target, if anything; see `service.training.distil`."""


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Records of a `.jsonl.zst` file."""
    with zstd.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Records of a `.jsonl.zst` file; none where there is no such file."""
    return read_jsonl(path) if path.exists() else iter(())


def load(
    folder: Path,
    *,
    kind: MediaKind = MediaKind.TEXT,
    workers: int = 2,
    folds: Path | None = None,
    at_seams: bool = True,
) -> Iterator[Example]:
    """All examples of one kind of a data folder, in a fixed order.

    `folds`: a folder of cross-validated artefacts. Dumps are then cut by the finder of seams that never saw
    their site, if there is one; else by the one in use. `at_seams`: whether they are cut at seams at all.
    """
    with ProcessPoolExecutor(workers) as pool:
        examples = partial(_examples, folds=folds, at_seams=at_seams)
        for found in pool.map(examples, _records(folder, kind), chunksize=16):
            yield from found


def _records(folder: Path, kind: MediaKind) -> Iterator[tuple[MediaKind, str, dict[str, Any]]]:
    for name in _READERS[kind]:
        if (folder / name).exists():
            for record in _OPENERS.get(name, read_jsonl)(folder / name):
                yield kind, name, record


def read_pages(path: Path) -> Iterator[dict[str, Any]]:
    """HTML pages of an archive of folders, each with `gold.json` beside `html/`."""
    golds: dict[str, dict[str, Any]] = {}
    pages: list[tuple[str, str, bytes]] = []
    wide: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 27}
    with (
        zstd.open(path, "rb", options=wide) as raw,
        tarfile.open(fileobj=raw, mode="r|") as archive,
    ):
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is None:
                continue
            dataset = Path(member.name).parts[0]
            if member.name.endswith("gold.json"):
                golds[dataset] = json.load(file)
            else:
                pages.append((dataset, Path(member.name).name, file.read()))
    by_file = {
        (dataset, gold.get("file") or f"{key}.html"): (key, gold)
        for dataset, of in golds.items()
        for key, gold in of.items()
    }
    for dataset, name, body in sorted(pages, key=lambda page: page[:2]):
        key, gold = by_file[dataset, name]
        yield {
            "id": f"{dataset}-{key}",
            "dataset": dataset,
            "body": body,
            "gold": gold.get("main_content"),
            "title": gold.get("title") or "",
            "author": gold.get("author"),
            "date": gold.get("publish_date") or gold.get("date"),
            "page_type": gold.get("page_type") or "article",
            "lang": gold.get("lang") or "und",
            "domain": site_of(gold.get("url") or key),
            "with": gold["with"],
            "without": gold["without"],
        }


def read_news(path: Path) -> Iterator[dict[str, Any]]:
    """HTML pages of a JSONL file with their gold in another beside it."""
    golds = {}
    with gzip.open(path.with_name(path.name.replace(".html.jsonl.zst", ".gold.jsonl.gz")), "rt") as lines:
        for gold in map(json.loads, lines):
            golds[gold["id"]] = gold
    for record in read_jsonl(path):
        yield golds[record["id"]] | {"body": base64.b64decode(record["html_b64"])}


def site_of(address: str) -> str:
    """The registered part of an address's host, nearly: its last labels, three where the second is short."""
    labels = (urlsplit(address).hostname or address).split(".")
    second_level = len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2
    return ".".join(labels[-3:] if second_level else labels[-2:])


def _examples(
    read: tuple[MediaKind, str, dict[str, Any]], *, folds: Path | None, at_seams: bool
) -> list[Example]:
    kind, name, record = read
    return list(_READERS[kind][name](record | {"folds": folds, "at_seams": at_seams}))


def _how(record: dict[str, Any]) -> dict[str, Any]:
    """How its rows are cut; see `load`."""
    return {name: record[name] for name in ("folds", "at_seams")}


def _nothing(words: Words) -> Floats:
    """No seam after any word."""
    return np.zeros(words.hashes.size, dtype=np.float32)


@cache
def finders(folds: Path) -> tuple[Seams, ...]:
    """The finders of seams among the artefacts of a folder of folds, in order; none if it has none."""
    return tuple(seams.read(folder) for folder in sorted(folds.glob("fold*/seams")))


def _finder(about: dict[str, Any]) -> Finder | None:
    """The finder that never saw a page's site; None for the one in use, one of nothing if not asked."""
    if not about["at_seams"]:
        return _nothing
    found = finders(about["folds"]) if about["folds"] else ()
    return found[fold_of(about["domain"] or about["id"], len(found))] if found else None


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
    # one dump in five of a page's styles as if it had no full stops, one as if its lines were broken, one
    # with a list between its paragraphs, one in short lines
    chance = _chance(record["id"] + record["variant"])
    if chance % STYLES == 0:
        bare, places = retyped.without_stops(text)
        name = f"{record['variant']}_unstopped"
        yield from _example(record, bare, name, covered[places], weights[places])
    elif chance % STYLES == 1:
        low, high = retyped.WIDTHS
        lines = retyped.broken(text, low + chance // STYLES % (high - low))
        yield from _example(record, lines, f"{record['variant']}_broken", covered, weights)
    elif chance % STYLES == 2:
        yield from _listed(record, text, record["variant"], covered, weights)
    elif chance % STYLES == 3:
        yield from _in_short_lines(record, text, record["variant"], covered, weights)


def _in_short_lines(
    about: dict[str, Any],
    text: str,
    variant: str,
    covered: NDArray[np.float32],
    weights: NDArray[np.float32],
    page_weight: float = 1.0,
) -> Iterator[Example]:
    """As a talk or as a poem."""
    chance = _chance(f"{about['id']} {variant} lines")
    if chance % 2:
        lines = retyped.clauses(text, covered)
        yield from _example(about, lines, f"{variant}_clauses", covered, weights, page_weight)
        return
    low, high = retyped.VERSE
    bare, places = retyped.verse(text, covered, low + chance // 2 % (high - low))
    yield from _example(about, bare, f"{variant}_verse", covered[places], weights[places], page_weight)


def _listed(
    about: dict[str, Any],
    text: str,
    variant: str,
    covered: NDArray[np.float32],
    weights: NDArray[np.float32],
    page_weight: float = 1.0,
) -> Iterator[Example]:
    draw = random.Random(f"{about['id']} {variant}")
    if (made := retyped.listed(text, covered, draw)) is not None:
        longer, places = made
        name = f"{variant}_listed"
        yield from _example(about, longer, name, covered[places], weights[places], page_weight)


def _chance(name: str) -> int:
    """A number that looks random and is the same each time."""
    return int(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(), 16)


def _clean_already(record: dict[str, Any]) -> Iterator[Example]:
    """The gold text alone, and a few lines of it: what is clean already must come out whole."""
    lines = [line for line in record["gold"].split("\n") if line.strip()]
    chance = _chance(record["id"])
    size = 1 + chance % EXCERPT_LINES
    start = chance // EXCERPT_LINES % max(1, len(lines) - size)
    for variant, chosen in (("clean", lines), ("excerpt", lines[start : start + size])):
        text = ("\n", "\n\n")[chance % 2].join(chosen)
        everything = np.ones(len(text), dtype=np.float32)
        yield from _example(record, text, variant, everything, everything)
        if chance // 2 % 2:
            yield from _in_short_lines(record, text, variant, everything, everything)


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
    about |= {"domain": record["site"] or record["id"]} | _how(record)
    yield from _example(about, text, "hand", covered, weights, HAND_WEIGHT)
    bare, kept = retyped.without_stops(text)
    yield from _example(about, bare, "hand_unstopped", covered[kept], weights[kept], HAND_WEIGHT)
    yield from _listed(about, text, "hand", covered, weights, HAND_WEIGHT)
    yield from _in_short_lines(about, text, "hand", covered, weights, HAND_WEIGHT)
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
    about |= {"domain": f"synthetic-{record['fold']}"} | _how(record)
    yield from _example(about, text, record["style"], covered, weights, SYNTHETIC_WEIGHT)


def _from_html(record: dict[str, Any]) -> Iterator[Example]:
    page = read_html(record["body"])
    title_weight = np.ones(len(page.text), dtype=np.float32)
    if record["gold"]:
        found, share = align.spans(page.text, record["gold"])
        if share < MIN_ALIGNED:
            return
        covered = cover(len(page.text), found)
        weights = np.where(
            (covered == 0) & _title_copies(page.text, record["title"]), TITLE_WEIGHT, title_weight
        )
    elif record["with"]:
        covered, weights = _segments(page.text, record["with"], record["without"])
    else:
        return
    yield from _page_example(
        record, page, "html", covered, weights.astype(np.float32), record.get("weight", 1.0)
    )


def read_html(body: bytes) -> Page:
    """The page as the service reads it."""
    decoded = decode(body, content_type="text/html")
    return blocks.read(dataclasses.replace(decoded, kind=MediaKind.HTML))


def _from_hand_html(record: dict[str, Any]) -> Iterator[Example]:
    if not record.get("html_base64"):
        return
    lines = zip(record["text"].split("\n"), record["labels"], strict=True)
    about = {
        "id": record["id"], "dataset": "hand", "page_type": record["kind"], "lang": record["lang"],
        "domain": record["site"] or record["id"], "weight": HAND_WEIGHT, "title": record["title"] or "",
        "body": base64.b64decode(record["html_base64"]), "with": [], "without": [],
        "gold": "\n\n".join(line for line, label in lines if label == "body"),
    }  # fmt: skip
    yield from _from_html(about)


def _title_copies(text: str, title: str) -> NDArray[np.bool_]:
    """Lines that say little but the title."""
    copies = np.zeros(len(text), dtype=bool)
    wanted = set(title.lower().split())
    for start, end in _lines(text):
        said = text[start:end].lower().split()
        if wanted and said and len(said) <= 2 * len(wanted) + 4:
            shared = len(wanted.intersection(said))
            copies[start:end] = shared >= TITLE_SHARE * len(wanted) and shared >= TITLE_SHARE * len(said)
    return copies


def _segments(
    text: str, wanted: list[str], unwanted: list[str]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lines that hold, or lie in, a must-have or a must-not-have segment; white space is not compared."""
    lines = [(start, end) for start, end in _lines(text) if start < end]
    squeezed = ["".join(text[a:b].split()) for a, b in lines]
    begins = np.cumsum([0, *map(len, squeezed)])[:-1]
    joined = "".join(squeezed)
    covered, weights = (np.zeros(len(text), dtype=np.float32) for _ in range(2))
    for value, segments in ((1.0, wanted), (0.0, unwanted)):
        for segment in ("".join(s.split()) for s in segments):
            at = joined.find(segment) if len(segment) >= MIN_SEGMENT else -1
            while at >= 0:
                first = int(np.searchsorted(begins, at, "right")) - 1
                last = int(np.searchsorted(begins, at + len(segment) - 1, "right")) - 1
                for start, end in lines[first : last + 1]:
                    covered[start:end] = value
                    weights[start:end] += 1
                at = joined.find(segment, at + 1)
    return covered, np.minimum(weights, 1)


def _example(
    about: dict[str, Any],
    text: str,
    variant: str,
    covered: NDArray[np.float32],
    weights: NDArray[np.float32],
    page_weight: float = 1.0,
) -> Iterator[Example]:
    page = text_blocks.read(text, finder=_finder(about))
    yield from _page_example(about, page, variant, covered, weights, page_weight)


def _page_example(
    about: dict[str, Any],
    page: Page,
    variant: str,
    covered: NDArray[np.float32],
    weights: NDArray[np.float32],
    page_weight: float,
) -> Iterator[Example]:
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


_READERS: Final[dict[MediaKind, dict[str, Callable[[dict[str, Any]], Iterator[Example]]]]] = {
    MediaKind.TEXT: {
        "text_dev.dumps.jsonl.zst": _from_dump,
        "news_forum_dev.dumps.jsonl.zst": _from_dump,
        "multilingual_dev.jsonl.zst": _from_hand_labelled,
        "arabic_synthetic_dev.jsonl.zst": _from_synthetic,
    },
    MediaKind.HTML: {
        "html_dev.tar.zst": _from_html,
        "news_forum_dev.html.jsonl.zst": _from_html,
        "multilingual_dev.jsonl.zst": _from_hand_html,
    },
}
_OPENERS: Final[dict[str, Callable[[Path], Iterator[dict[str, Any]]]]] = {
    "html_dev.tar.zst": read_pages,
    "news_forum_dev.html.jsonl.zst": read_news,
}
