"""labelled pages -> one row a page: its signals, and the word F1 the product reached on it.

Each page is cleaned with the labeller that never saw its site, where artefacts by fold are given.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from schemas.request import Profile
from service import article, blocks, decide, detectors, model, parts, signals
from service.decode import decode, from_text
from service.detector import scan
from service.model import tagger
from service.training import retyped
from service.training.corpus import cover, finders, read_jsonl, read_pages
from service.training.folds import fold_of
from service.training.scoring import words

# Of each so many dumps one is read again with its gold text taken out, a page of menus, usable for nothing;
# one with its gold text twice, as good as it was once the copies are out; one with a list between its
# paragraphs, which is text; of one a few paragraphs alone, clean already; one with each clause on a line of
# its own; of one the gold text alone, in verse; one on one line; and of one, in turn, a menu whose items read
# like text and a text of sentences as alike as those
MENU_EVERY: Final = 8
DOUBLED_AT: Final = 4
LISTED_AT: Final = 2
EXCERPT_AT: Final = 6
CLAUSES_AT: Final = 1
VERSE_AT: Final = 5
ONE_LINE_AT: Final = 3
ALIKE_AT: Final = 7
ITEMS: Final = (8, 60)
ITEM_WORDS: Final = 4
TAIL_WORDS: Final = (6, 12)
SENTENCE_WORDS: Final = (10, 30)
STANZA: Final = (3, 6)
REFRAIN: Final = (2, 4)
EXCERPT: Final = (3, 10)
MADE_UP: Final = ("menu", "doubled", "listed", "excerpt", "clauses", "verse", "one_line", "fluent", "litany")
"""Styles of such pages: they teach, and count in no figure."""
USELESS: Final = ("menu", "fluent")
"""Those that hold no text to be cleaned."""


@dataclass(frozen=True, slots=True)
class Source:
    """A labelled page, before it is cleaned."""

    id: str
    site: str
    kind: str
    """`text` or `html`."""
    style: str
    language: str
    page_type: str
    text: str
    gold: str


@dataclass(frozen=True, slots=True)
class Row:
    """A cleaned page."""

    id: str
    site: str
    kind: str
    style: str
    language: str
    page_type: str
    f1: float
    signals: dict[str, float]
    text: str
    """The body's first characters, for baselines."""


def sources(folder: Path, every: int) -> Iterator[Source]:
    """Each n-th labelled page of a data folder, dumps and HTML, and what is made of dumps."""
    for name in ("text_dev.dumps.jsonl.zst", "news_forum_dev.dumps.jsonl.zst"):
        if (folder / name).exists():
            for n, record in enumerate(islice(_answerable(folder / name), 0, None, every)):
                yield _dump(record)
                yield from _made_of(record, n)
    if (folder / "multilingual_dev.jsonl.zst").exists():
        yield from map(_hand, read_jsonl(folder / "multilingual_dev.jsonl.zst"))
    if (folder / "html_dev.tar.zst").exists():
        yield from islice(_html(folder / "html_dev.tar.zst"), 0, None, max(1, every // 4))


def _made_of(record: dict[str, Any], n: int) -> Iterator[Source]:
    """The pages made of the n-th dump."""
    if n % MENU_EVERY == EXCERPT_AT:
        yield _excerpt(record)
    if n % MENU_EVERY == VERSE_AT:
        yield _verse(record)
    if n % MENU_EVERY == ONE_LINE_AT:
        yield _made(record, "one_line", " ".join(record["text"].split()), record["gold"])
    if not record["spans"]:
        return
    if n % MENU_EVERY == 0:
        yield _menu(record)
    if n % MENU_EVERY == ALIKE_AT:
        yield from (_litany if n // MENU_EVERY % 2 else _fluent)(record)
    if n % MENU_EVERY == DOUBLED_AT:
        yield _doubled(record)
    if n % MENU_EVERY == LISTED_AT:
        yield from _listed(record)
    if n % MENU_EVERY == CLAUSES_AT:
        yield _clauses(record)


def _answerable(path: Path) -> Iterator[dict[str, Any]]:
    for record in read_jsonl(path):
        if record["answerable"] and (record["gold"] or "").strip():
            yield record


def _dump(record: dict[str, Any]) -> Source:
    return Source(
        record["id"], record["domain"] or record["id"], "text", record["variant"], record["lang"],
        record["page_type"], record["text"], record["gold"],
    )  # fmt: skip


def _made(record: dict[str, Any], style: str, text: str, gold: str) -> Source:
    return Source(
        f"{record['id']}-{style}", record["domain"] or record["id"], "text", style, record["lang"],
        record["page_type"], text, gold,
    )  # fmt: skip


def _menu(record: dict[str, Any]) -> Source:
    return _made(record | {"page_type": "menu"}, "menu", _around(record), "")


def _around(record: dict[str, Any]) -> str:
    """A dump without its gold text."""
    spans, text = record["spans"], record["text"]
    edges = [0, *spans, len(text)]
    return "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))


def _fluent(record: dict[str, Any]) -> Iterator[Source]:
    """The short lines around the gold text, each before the same few words of it: made for search engines."""
    least, most = ITEMS
    lines = (line.split() for line in _around(record).split("\n"))
    short = (" ".join(line) for line in lines if len(line) <= ITEM_WORDS)
    items = list(dict.fromkeys(item for item in short if len(item) > 1))[:most]
    said = record["gold"].split()
    if len(items) < least or len(said) < TAIL_WORDS[1]:
        return
    draw = random.Random(record["id"] + record["variant"])
    size = draw.randint(*TAIL_WORDS)
    start = draw.randrange(len(said) - size + 1)
    tail = draw.choice((" ", ": ", " - ")) + " ".join(said[start : start + size]).strip(".!?…。")
    text = "\n".join(item + tail for item in items)
    yield _made(record | {"page_type": "menu"}, "fluent", text, "")


def _litany(record: dict[str, Any]) -> Iterator[Source]:
    """One sentence of the gold text again and again, with another word in one place.

    So read laws, tables told in words, reports of matches. It is text, whole.
    """
    sentences = [s for s in re.findall(r"[^.!?\n]+[.!?]", record["gold"]) if _between(s, SENTENCE_WORDS)]
    if not sentences:
        return
    draw = random.Random(record["id"] + record["variant"])
    told = draw.choice(sentences).split()
    place = draw.randrange(1, len(told) - 1)
    others = draw.sample(said := record["gold"].split(), min(len(said), draw.randint(*ITEMS)))
    lines = (" ".join([*told[:place], other.strip(".,"), *told[place + 1 :]]) for other in others)
    text = draw.choice(("\n", "\n\n", " ")).join(lines)
    yield _made(record, "litany", text, text)


def _between(text: str, sizes: tuple[int, int]) -> bool:
    """Whether a text has so many words."""
    return sizes[0] <= len(text.split()) <= sizes[1]


def _doubled(record: dict[str, Any]) -> Source:
    spans, text = record["spans"], record["text"]
    body = "\n".join(text[a:b] for a, b in zip(spans[::2], spans[1::2], strict=True))
    twice = f"{text[: spans[-1]]}\n{body}\n{text[spans[-1] :]}"
    return _made(record, "doubled", twice, record["gold"])


def _listed(record: dict[str, Any]) -> Iterator[Source]:
    text = record["text"]
    covered = cover(len(text), record["spans"])
    made = retyped.listed(text, covered, random.Random(record["id"] + record["variant"]))
    if made is not None:
        longer, places = made
        size = len(longer) - len(text)
        at = int(np.flatnonzero(np.diff(places) == 0)[0]) + 1
        yield _made(record, "listed", longer, record["gold"] + longer[at : at + size])


def _clauses(record: dict[str, Any]) -> Source:
    text = record["text"]
    return _made(record, "clauses", retyped.clauses(text, cover(len(text), record["spans"])), record["gold"])


def _verse(record: dict[str, Any]) -> Source:
    """The gold text as a poem, or as a song with a refrain."""
    gold = record["gold"]
    low, high = retyped.VERSE
    draw = random.Random(record["id"] + record["variant"])
    text = retyped.verse(gold, np.ones(len(gold)), draw.randrange(low, high))[0]
    if draw.random() < 0.5:
        text = gold = _with_refrain([line for line in text.split("\n") if line.strip()], draw)
    return _made(record, "verse", text, gold)


def _with_refrain(lines: list[str], draw: random.Random) -> str:
    """Stanzas, the last lines of the first again after each of the others."""
    size = draw.randint(*STANZA)
    stanzas = [lines[i : i + size] for i in range(0, len(lines), size)]
    refrain = stanzas[0][-draw.randint(*REFRAIN) :]
    sung = [stanzas[0], *(part for stanza in stanzas[1:] for part in (stanza, refrain))]
    return "\n\n".join("\n".join(part) for part in sung)


def _excerpt(record: dict[str, Any]) -> Source:
    draw = random.Random(record["id"] + record["variant"])
    lines = [line for line in record["gold"].split("\n") if line.strip()]
    size = draw.randint(*EXCERPT)
    start = draw.randrange(max(1, len(lines) - size))
    chosen = lines[start : start + size]
    heading = (
        [record["title"]] if record["title"] and record["title"] not in chosen and draw.random() < 0.5 else []
    )
    return _made(record, "excerpt", draw.choice(("\n", "\n\n")).join(heading + chosen), "\n".join(chosen))


def _hand(record: dict[str, Any]) -> Source:
    lines = record["text"].split("\n")
    gold = "\n".join(t for t, label in zip(lines, record["labels"], strict=True) if label == "body")
    return Source(
        record["id"], record["site"] or record["id"], "text", "hand", record["lang"], record["kind"],
        record["text"], gold,
    )  # fmt: skip


def _html(path: Path) -> Iterator[Source]:
    """The pages that come as HTML with a gold text."""
    for record in read_pages(path):
        if (record["gold"] or "").strip():
            yield Source(
                record["id"], record["domain"], "html", "html", "en", record["page_type"],
                decode(record["body"], content_type="text/html").text, record["gold"],
            )  # fmt: skip


def word_f1(got: str, want: str) -> float:
    """F1 of multisets of lower-cased words, as WCXB scores."""
    a, b = words(got), words(want)
    if not a or not b:
        return float(not a and not b and not want.strip() and not got.strip())
    return 2 * (Counter(a) & Counter(b)).total() / (len(a) + len(b))


@cache
def _taggers(folder: Path | None, kind: str) -> tuple[tagger.Tagger, ...]:
    if folder is None:
        loaded = tagger.load(html=kind == "html")
        return (loaded,) if loaded else ()
    return tuple(tagger.read(path / kind) for path in sorted(folder.glob("fold*")))


@cache
def _held_out(folder: Path) -> dict[str, int]:
    """Site -> fold, where the folds' artefacts list their sites."""
    listed: dict[str, int] = {}
    for n, path in enumerate(sorted(folder.glob("fold*"))):
        if (path / "sites.json").exists():
            listed |= dict.fromkeys(json.loads((path / "sites.json").read_text("utf-8")), n)
    return listed


def row(source: Source, folds: Path | None) -> Row:
    """Clean one page as the service would, and measure."""
    taggers = _taggers(folds, source.kind)
    fold = 0
    if folds is not None:
        fold = _held_out(folds).get(source.site, fold_of(source.site, len(taggers)))
    decoded = from_text(source.text, html=source.kind == "html")
    found = finders(folds) if folds else ()
    page = blocks.read(decoded, finder=found[fold] if found else None)
    hits = scan(page)
    findings = detectors.find_all(page, hits)
    labelling = model.label(page, hits, findings, taggers[fold]) if taggers else model.SILENT
    findings = detectors.find_again(page, hits, findings, labelling.opinions)
    spans = decide.decide(page, findings, labelling.opinions, Profile.GENERIC)
    body = article.paragraphs(page, spans)
    whole = article.assemble(page, spans, body)
    cleaned = whole.model_copy(update={"parts": parts.cut(page, spans, body, whole)})
    return Row(
        source.id, source.site, source.kind, source.style, source.language, source.page_type,
        0.0 if source.style in USELESS else word_f1(cleaned.articleBody, source.gold),
        signals.measure(page, spans, cleaned, decoded.encoding, labelling.kinds),
        cleaned.articleBody[:4_000],
    )  # fmt: skip


def collect(folder: Path, folds: Path | None, *, every: int, workers: int) -> list[Row]:
    """Rows of a data folder. Pages are read in batches, so that few are held at a time."""
    found: list[Row] = []
    pages = sources(folder, every)
    with ProcessPoolExecutor(workers) as pool:
        while batch := list(islice(pages, 64)):
            found += pool.map(partial(row, folds=folds), batch, chunksize=4)
            print(f"  {len(found)} pages", flush=True)
    return found
