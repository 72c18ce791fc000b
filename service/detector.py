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
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import ahocorasick
import numpy as np
from numpy.typing import NDArray

from service.document import Block, Finding, Page
from service.folding import fold

PHRASES_FOLDER: Final = Path(__file__).with_name("detectors")
# A phrase opens or closes its block when so many characters at most, none a letter, stand beside it.
MARGIN: Final = 40
# What a block says of one kind more often than this is not listed further.
MAX_HITS: Final = 200


def clip(text: str, limit: int = 80) -> str:
    """Evidence for a reason: one line, at most `limit` code points, nothing invisible in it."""
    line = "".join(c if c.isprintable() else " " for c in text[: 2 * limit])
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
        return tuple(h for h in found if h.listed in lists) if lists else found

    def first(self, block: Block, *lists: str) -> Hit | None:
        """The longest hit in a block, or None."""
        return max(self.of(block, *lists), key=lambda h: h.end - h.start, default=None)

    def whole(self, block: Block, *lists: str) -> Hit | None:
        """A hit that is all the block says, or None."""
        return next((h for h in self.of(block, *lists) if h.whole), None)

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
class _Seams:
    """Where words and letters stand in a text. Arrays go by place, the text's end included."""

    inside: bytes
    """1 inside a word, where no phrase may begin or end; scripts without spaces have no such place."""
    starts: list[int]
    ends: list[int]
    """Of every word."""
    before: NDArray[np.int32]
    """Index of the last letter before a place; -1 without one."""
    after: NDArray[np.int32]
    """Index of the first letter from a place on; the text's length without one."""


@cache
def _phrases() -> tuple[dict[str, tuple[_Entry, ...]], ahocorasick.Automaton]:
    """All phrases of all detectors, so that a page is read once whatever the number of detectors.

    Phrases of one word are looked up word by word: searched for letter by letter, a short one would be
    met inside hundreds of words of a page.
    """
    listed = [
        _Entry(path.stem, language, name, phrase)
        for path in sorted(PHRASES_FOLDER.glob("*.toml"))
        for language, lists in tomllib.loads(path.read_text(encoding="utf-8")).items()
        for name, phrases in lists.items()
        for phrase in phrases
    ]
    entries: dict[str, list[_Entry]] = {}
    for entry, folded in zip(listed, fold("\n".join(e.phrase for e in listed)).split("\n"), strict=True):
        if not folded.strip():
            raise ValueError(f"{entry.detector}: {entry.language}.{entry.listed} holds an empty phrase")
        entries.setdefault(folded.strip(), []).append(entry)
    words: dict[str, tuple[_Entry, ...]] = {}
    automaton = ahocorasick.Automaton()
    for folded, found in entries.items():
        if all(map(_joins, folded)):
            words[folded] = tuple(found)
        else:
            automaton.add_word(folded, (len(folded), tuple(found)))
    automaton.make_automaton()
    return words, automaton


def scan(page: Page) -> dict[str, Hits]:
    """Look all phrases up in all blocks, whole words only, in one pass; hits by detector name."""
    folded = [block.folded for block in page.blocks]
    joined = "\n".join(folded)
    begins = list(accumulate((len(text) + 1 for text in folded), initial=0))
    seams = _seams(joined)
    found: dict[str, dict[int, list[Hit]]] = {}
    for end, start, entries in sorted(_met(joined, seams)):
        index = bisect_right(begins, start) - 1
        begin, stop = begins[index], begins[index + 1] - 1
        initial = bool(start - begin <= MARGIN and seams.before[start] < begin)
        final = bool(stop - end <= MARGIN and seams.after[end] >= stop)
        for detector, language, listed, phrase in entries:
            hits = found.setdefault(detector, {}).setdefault(index, [])
            if len(hits) < MAX_HITS:
                hits.append(Hit(index, phrase, language, listed, start - begin, end - begin, initial, final))
    return {
        name: Hits({index: tuple(hits) for index, hits in by_block.items()})
        for name, by_block in found.items()
    }


def _met(text: str, seams: _Seams) -> Iterator[tuple[int, int, tuple[_Entry, ...]]]:
    """End, start and entries of every phrase met, single words first."""
    words, automaton = _phrases()
    for start, end in zip(seams.starts, seams.ends, strict=True):
        entries = words.get(text[start:end])
        if entries is not None:
            yield end, start, entries
    inside = seams.inside
    for last, (length, entries) in automaton.iter(text):
        start = last + 1 - length
        if not (inside[start] or inside[last + 1]):
            yield last + 1, start, entries


def _seams(text: str) -> _Seams:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = _kinds()[np.minimum(codes, _TABLE_SIZE - 1)]
    joins = np.zeros(codes.size + 2, dtype=bool)
    joins[1:-1] = (kinds & _JOINS) != 0
    edges = np.flatnonzero(joins[1:] != joins[:-1])
    places = np.arange(codes.size, dtype=np.int32)
    letters = (kinds & _LETTER) != 0
    before = np.full(codes.size + 1, -1, dtype=np.int32)
    np.maximum.accumulate(np.where(letters, places, np.int32(-1)), out=before[1:])
    after = np.full(codes.size + 1, codes.size, dtype=np.int32)
    after[:-1] = np.minimum.accumulate(np.where(letters, places, after[:-1])[::-1])[::-1]
    inside = (joins[1:] & joins[:-1]).tobytes()
    return _Seams(inside, edges[0::2].tolist(), edges[1::2].tolist(), before, after)


_LETTER, _JOINS = 1, 2
# The planes with letters of spaced scripts; what lies above is Han, which makes no words with its like.
_TABLE_SIZE: Final = 0x20000


@cache
def _kinds() -> NDArray[np.uint8]:
    """Of each character, whether it is a letter, and whether it makes one word with its like beside it."""
    chars = map(chr, range(_TABLE_SIZE))
    kinds = [_LETTER * c.isalpha() + _JOINS * _joins(c) for c in chars]
    kinds[-1] = _LETTER
    return np.array(kinds, dtype=np.uint8)


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
