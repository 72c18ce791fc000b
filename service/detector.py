"""What a detector is, and what detectors share: folding, phrases, findings.

A detector is a module in `service/detectors/` with a function

    def find(page: Page, hits: Hits) -> Iterator[Finding]

and, beside it, an optional `<name>.toml` of phrases by language. It is found by being there; nothing
is registered. Its docstring has five sections, which `docs/detectors.md` is generated from: the first
line (what it finds), "Finds:", "Keeps:", "Signals:" and "Rules:", a line for each rule of a finding.

A phrase file holds named lists by BCP 47 language (`und` for wording of no language):

    [de]
    button = ["Alle akzeptieren", "Nur notwendige"]
    sentence = ["verwendet Cookies"]
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from service.document import Block, Counts, Finding, Page
from service.folding import fold
from service.words import Folded, Lexicon, Rolling, codes_of, folded, lines_of, short

PHRASES_FOLDER: Final = Path(__file__).with_name("detectors")
# A phrase opens or closes its block when so many characters at most, none a letter, stand beside it.
MARGIN: Final = 40
# How the rules begin that find what stands in the place of embedded content: it belongs to neither the text
# nor the site, and tells nothing of either
PLACEHOLDERS: Final = "embed."
# What a block says of one kind more often than this is not listed further.
MAX_HITS: Final = 200


def clip(text: str, limit: int = 80) -> str:
    """Evidence for a reason: one line, at most `limit` code points, nothing invisible in it."""
    line = text[: 2 * limit]
    if not line.isprintable():
        line = "".join(c if c.isprintable() else " " for c in line)
    line = " ".join(line.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def counted(number: int, noun: str) -> str:
    """A number and what it counts, for a message: 1 word, 2 words. `noun` takes an s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class Hit(NamedTuple):
    """A phrase met in a block. `start` and `end` are offsets into `Block.folded`."""

    block: int
    phrase: str
    language: str
    listed: str
    """Name of the list the phrase stands in."""
    start: int
    end: int
    initial: bool
    """Nothing but marks, digits and white space stands before it in the block."""
    final: bool
    """Nothing but marks, digits and white space stands after it in the block."""

    @property
    def whole(self) -> bool:
        """The block says nothing else."""
        return self.initial and self.final


@dataclass(frozen=True, slots=True)
class Hits:
    """The phrases of one detector met on one page, by block."""

    by_block: Mapping[int, tuple[Hit, ...]]

    def of(self, block: Block, *lists: str) -> tuple[Hit, ...]:
        """The hits in a block, of the named lists or of all, by where they end."""
        found = self.by_block.get(block.index, ())
        return tuple([h for h in found if h.listed in lists]) if lists and found else found

    def first(self, block: Block, *lists: str) -> Hit | None:
        """The longest hit in a block, or None."""
        return max(self.of(block, *lists), key=lambda h: h.end - h.start, default=None)

    def whole(self, block: Block, *lists: str) -> Hit | None:
        """A hit that is all the block says, or None."""
        return next((h for h in self.of(block, *lists) if h.initial and h.final), None)

    def initial(self, block: Block, *lists: str) -> Hit | None:
        """The longest hit that the block begins with, or None."""
        found = (h for h in self.of(block, *lists) if h.initial)
        return max(found, key=lambda h: h.end - h.start, default=None)


class Detector(Protocol):
    """A module of `service/detectors/`."""

    __name__: str

    def find(self, page: Page, hits: Hits) -> Iterator[Finding]:
        """Everything this detector has to say of the page, in any order."""
        ...  # pragma: no cover


class _Entry(NamedTuple):
    detector: str
    language: str
    listed: str
    phrase: str


@dataclass(frozen=True, slots=True, eq=False)
class _Phrases:
    """All phrases of all detectors, each with the stretch it is looked up by.

    That is its longest word, so that a page is read word by word whatever the number of phrases; of a
    phrase without words (of marks, or of a script without spaces), its first two characters.
    """

    texts: list[str]
    """Folded; those looked up by the same stretch follow each other."""
    entries: list[tuple[_Entry, ...]]
    before: Counts
    """How far into the phrase the stretch begins."""
    sizes: Counts
    hashes: NDArray[np.uint64]
    stretches: Lexicon
    edges: Counts
    """For each stretch of the lexicon, where its phrases begin; and where they end."""
    kinds: NDArray[np.uint8]
    """Of each character: `_LETTER`, `_JOINS`, `_OPENS`."""


_LETTER, _JOINS, _OPENS = 1, 2, 4
"""A letter; makes one word with its like beside it; begins a phrase without words."""
# The planes with letters of spaced scripts; what lies above is Han, which makes no words with its like.
_TABLE_SIZE: Final = 0x20000
# Stretches looked at in one go: memory stays small on pages that repeat a word of many phrases.
_BATCH: Final = 4_096


@cache
def _listed() -> tuple[_Entry, ...]:
    return tuple(
        _Entry(path.stem, language, name, phrase)
        for path in sorted(PHRASES_FOLDER.glob("*.toml"))
        for language, lists in tomllib.loads(path.read_text(encoding="utf-8")).items()
        for name, phrases in lists.items()
        for phrase in phrases
    )


@cache
def phrases(detector: str, *lists: str) -> tuple[str, ...]:
    """The folded phrases of a detector, of some lists or of all, longest first: for text on no page."""
    mine = (e for e in _listed() if e.detector == detector and (not lists or e.listed in lists))
    found = {fold(e.phrase).strip() for e in mine}
    return tuple(sorted(found, key=lambda phrase: (-len(phrase), phrase)))


@cache
def _phrases() -> _Phrases:
    listed = _listed()
    entries: dict[str, list[_Entry]] = {}
    for entry, text in zip(listed, fold("\n".join(e.phrase for e in listed)).split("\n"), strict=True):
        if not text.strip():
            raise ValueError(f"{entry.detector}: {entry.language}.{entry.listed} holds an empty phrase")
        entries.setdefault(text.strip(), []).append(entry)
    kinds = np.array([_LETTER * c.isalpha() + _JOINS * _joins(c) for c in map(chr, range(_TABLE_SIZE))])
    kinds[-1] = _LETTER
    looked_up: list[str] = []
    for text in entries:
        words = ["".join(run) for joins, run in groupby(text, key=_joins) if joins]
        looked_up.append(max(words, key=len, default=text[:2]))
        if not words:
            kinds[min(ord(text[0]), _TABLE_SIZE - 1)] |= _OPENS
    keys = short(_hashes(looked_up))
    order = np.argsort(keys, kind="stable")
    stretches, first = np.unique(keys[order], return_index=True)
    texts = list(entries)
    before = [_place(stretch, text) for stretch, text in zip(looked_up, texts, strict=True)]
    return _Phrases(
        texts=[texts[i] for i in order],
        entries=[tuple(entries[texts[i]]) for i in order],
        before=np.array(before)[order],
        sizes=np.array([len(text) for text in texts])[order],
        hashes=_hashes(texts)[order],
        stretches=Lexicon.of(stretches),
        edges=np.append(first, len(texts)),
        kinds=kinds.astype(np.uint8),
    )


def _hashes(texts: list[str]) -> NDArray[np.uint64]:
    codes = codes_of("\n".join(texts))
    return Rolling(codes).between(*lines_of(codes))


def _place(word: str, text: str) -> int:
    """Where the word stands in a text as a whole word."""
    at = text.index(word)
    while (at and _joins(text[at - 1])) or _joins(text[at + len(word) : at + len(word) + 1] or " "):
        at = text.index(word, at + 1)
    return at


def scan(page: Page) -> dict[str, Hits]:
    """Look all phrases up in all blocks, whole words only, in one pass; hits by detector name."""
    read = folded(page)
    phrases = _phrases()
    kinds = phrases.kinds[np.minimum(read.codes, _TABLE_SIZE - 1)]
    met = sorted(_met(read, phrases, kinds))
    found: dict[str, dict[int, list[Hit]]] = {}
    if not met:
        return {}
    ends, starts = np.array([m[0] for m in met]), np.array([m[1] for m in met])
    begins = np.array(read.begins)
    blocks = np.searchsorted(begins, starts, side="right") - 1
    begin, stop = begins[blocks], begins[blocks + 1] - 1
    letters = np.zeros(kinds.size + 1, dtype=np.int32)
    np.cumsum(kinds & _LETTER, out=letters[1:])
    initial = (starts - begin <= MARGIN) & (letters[starts] == letters[begin])
    final = (stop - ends <= MARGIN) & (letters[ends] == letters[stop])
    places = zip(
        blocks.tolist(), (starts - begin).tolist(), (ends - begin).tolist(), initial.tolist(), final.tolist(),
        strict=True,
    )  # fmt: skip
    for (_, _, entries), (index, start, end, opens, closes) in zip(met, places, strict=True):
        for detector, language, listed, phrase in entries:
            hits = found.setdefault(detector, {}).setdefault(index, [])
            if len(hits) < MAX_HITS:
                hits.append(Hit(index, phrase, language, listed, start, end, opens, closes))
    return {
        name: Hits({index: tuple(hits) for index, hits in by_block.items()})
        for name, by_block in found.items()
    }


def _met(
    read: Folded, phrases: _Phrases, kinds: NDArray[np.uint8]
) -> Iterator[tuple[int, int, tuple[_Entry, ...]]]:
    """End, start and entries of every phrase met; none begins or ends inside a word."""
    joins = np.zeros(kinds.size + 2, dtype=bool)
    joins[1:-1] = (kinds & _JOINS) != 0
    edges = np.flatnonzero(joins[1:] != joins[:-1])
    opens = np.flatnonzero(kinds & _OPENS)
    pairs = opens[opens < kinds.size - 1]
    starts = np.concatenate((edges[0::2], opens, pairs))
    ends = np.concatenate((edges[1::2], opens + 1, pairs + 2))
    found = phrases.stretches.find(short(read.rolling.between(starts, ends)))
    known = np.flatnonzero(found >= 0)
    inside = joins[1:] & joins[:-1]
    for low in range(0, known.size, _BATCH):
        batch = known[low : low + _BATCH]
        yield from _compared(read, phrases, inside, starts[batch], found[batch])


def _compared(
    read: Folded, phrases: _Phrases, inside: NDArray[np.bool_], places: Counts, found: Counts
) -> Iterator[tuple[int, int, tuple[_Entry, ...]]]:
    """The phrases met at places where a known stretch begins: by hash first, then by letter."""
    counts = phrases.edges[found + 1] - phrases.edges[found]
    ahead = np.cumsum(counts) - counts
    phrase = np.repeat(phrases.edges[found] - ahead, counts) + np.arange(counts.sum())
    start = np.repeat(places, counts) - phrases.before[phrase]
    stop = start + phrases.sizes[phrase]
    fits = np.flatnonzero((start >= 0) & (stop < inside.size))
    phrase, start, stop = phrase[fits], start[fits], stop[fits]
    same = phrases.hashes[phrase] == read.rolling.between(start, stop)
    same &= ~(inside[start] | inside[stop])
    for i, a, b in zip(phrase[same].tolist(), start[same].tolist(), stop[same].tolist(), strict=True):
        if read.text.startswith(phrases.texts[i], a):
            yield b, a, phrases.entries[i]


NO_HITS: Final = Hits({})


def _joins(char: str) -> bool:
    """Whether a character makes one word with its like beside it."""
    return char.isalnum() and not _spaceless(char)


def _spaceless(char: str) -> bool:
    """Han, kana, Thai, Lao, Khmer, Myanmar: written without spaces between words."""
    c = ord(char)
    return (
        0x0E00 <= c <= 0x0EFF
        or 0x1000 <= c <= 0x109F
        or 0x1780 <= c <= 0x17FF
        or 0x3040 <= c <= 0x30FF
        or 0x3400 <= c <= 0x9FFF
        or 0xF900 <= c <= 0xFAFF
        or 0xFF66 <= c <= 0xFF9F
        or 0x20000 <= c <= 0x3FFFF
    )
