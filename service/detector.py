"""What a detector is, and what detectors share: folding, phrases, findings.

A detector is a module in `service/detectors/` with a function

    def find(page: Page, hits: Hits) -> Iterator[Finding]

and, beside it, an optional `<name>.toml` of phrases by language. It is found by being there; nothing
is registered. Its docstring has four sections, which `docs/detectors.md` is generated from: the first
line (what it finds), "Finds:", "Keeps:" and "Signals:".

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

import ahocorasick
import numpy as np
from numpy.typing import NDArray

from service.document import Block, Finding, Page
from service.folding import fold
from service.words import Folded, Lexicon, Rolling, codes_of, folded, short

PHRASES_FOLDER: Final = Path(__file__).with_name("detectors")
# A phrase opens or closes its block when so many characters at most, none a letter, stand beside it.
MARGIN: Final = 40
# What a block says of one kind more often than this is not listed further.
MAX_HITS: Final = 200


def clip(text: str, limit: int = 80) -> str:
    """Evidence for a reason: one line, at most `limit` code points, nothing invisible in it."""
    line = text[: 2 * limit]
    if not line.isprintable():
        line = "".join(c if c.isprintable() else " " for c in line)
    line = " ".join(line.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


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
        """The hits in a block, of the named lists or of all; longest first where they overlap."""
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


class _Phrase(NamedTuple):
    """A folded phrase, how far into it the word stands by which it is looked up, and its length."""

    text: str
    at: int
    size: int
    entries: tuple[_Entry, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Phrases:
    """All phrases of all detectors."""

    by_word: Mapping[str, tuple[_Phrase, ...]]
    """Phrases by their longest word, so that a page is read word by word whatever their number."""
    known: Lexicon
    """Hashes of those words."""
    wordless: ahocorasick.Automaton
    """Phrases of scripts without spaces, and of marks alone."""
    kinds: NDArray[np.uint8]
    """Of each character: `_LETTER`, `_JOINS`, `_OPENS`."""


_LETTER, _JOINS, _OPENS = 1, 2, 4
"""A letter; makes one word with its like beside it; begins a wordless phrase."""
# The planes with letters of spaced scripts; what lies above is Han, which makes no words with its like.
_TABLE_SIZE: Final = 0x20000


@cache
def _phrases() -> _Phrases:
    listed = [
        _Entry(path.stem, language, name, phrase)
        for path in sorted(PHRASES_FOLDER.glob("*.toml"))
        for language, lists in tomllib.loads(path.read_text(encoding="utf-8")).items()
        for name, phrases in lists.items()
        for phrase in phrases
    ]
    entries: dict[str, list[_Entry]] = {}
    for entry, text in zip(listed, fold("\n".join(e.phrase for e in listed)).split("\n"), strict=True):
        if not text.strip():
            raise ValueError(f"{entry.detector}: {entry.language}.{entry.listed} holds an empty phrase")
        entries.setdefault(text.strip(), []).append(entry)
    kinds = np.array([_LETTER * c.isalpha() + _JOINS * _joins(c) for c in map(chr, range(_TABLE_SIZE))])
    kinds[-1] = _LETTER
    by_word: dict[str, list[_Phrase]] = {}
    automaton = ahocorasick.Automaton()
    for text, found in entries.items():
        words = ["".join(run) for joins, run in groupby(text, key=_joins) if joins]
        if words:
            word = max(words, key=len)
            by_word.setdefault(word, []).append(_Phrase(text, _place(word, text), len(text), tuple(found)))
        else:
            automaton.add_word(text, (len(text), tuple(found)))
            kinds[min(ord(text[0]), _TABLE_SIZE - 1)] |= _OPENS
    automaton.make_automaton()
    codes = codes_of("\n".join(by_word))
    seams = np.flatnonzero(codes == ord("\n"))
    hashes = Rolling(codes).between(np.append(0, seams + 1), np.append(seams, codes.size))
    return _Phrases(
        {word: tuple(phrases) for word, phrases in by_word.items()},
        Lexicon.of(np.unique(short(hashes))),
        automaton,
        kinds.astype(np.uint8),
    )


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
    text = read.text
    joins = np.zeros(kinds.size + 2, dtype=bool)
    joins[1:-1] = (kinds & _JOINS) != 0
    edges = np.flatnonzero(joins[1:] != joins[:-1])
    starts, ends = edges[0::2], edges[1::2]
    inside = (joins[1:] & joins[:-1]).tobytes()
    known = np.flatnonzero(phrases.known.find(short(read.rolling.between(starts, ends))) >= 0)
    for at, end in zip(starts[known].tolist(), ends[known].tolist(), strict=True):
        for phrase, before, size, entries in phrases.by_word.get(text[at:end], ()):
            start = at - before
            if text.startswith(phrase, start) and start >= 0 and not (inside[start] or inside[start + size]):
                yield start + size, start, entries
    if (kinds & _OPENS).any():
        for last, (length, entries) in phrases.wordless.iter(text):
            start = last + 1 - length
            if not (inside[start] or inside[last + 1]):
                yield last + 1, start, entries


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
