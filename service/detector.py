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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Protocol

import ahocorasick

from service.document import Block, Finding, Page
from service.folding import fold

PHRASES_FOLDER: Final = Path(__file__).with_name("detectors")


def clip(text: str, limit: int = 80) -> str:
    """Evidence for a reason: one line, at most `limit` code points, nothing invisible in it."""
    line = "".join(c if c.isprintable() else " " for c in text[: 2 * limit])
    line = " ".join(line.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


@dataclass(frozen=True, slots=True)
class Hit:
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


@dataclass(frozen=True, slots=True)
class _Entry:
    detector: str
    language: str
    listed: str
    phrase: str


@cache
def _automaton() -> ahocorasick.Automaton:
    """All phrases of all detectors, so that a page is read once whatever the number of detectors."""
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
    automaton = ahocorasick.Automaton()
    for folded, found in entries.items():
        automaton.add_word(folded, (len(folded), tuple(found)))
    automaton.make_automaton()
    return automaton


def scan(page: Page) -> dict[str, Hits]:
    """Look all phrases up in all blocks, whole words only, in one pass; hits by detector name."""
    joined = "\n".join(block.folded for block in page.blocks)
    begins = [0]
    for block in page.blocks:
        begins.append(begins[-1] + len(block.folded) + 1)
    found: dict[str, dict[int, list[Hit]]] = {}
    for last, (length, entries) in _automaton().iter(joined):
        start, end = last + 1 - length, last + 1
        if not (_boundary(joined, start) and _boundary(joined, end)):
            continue
        index = bisect_right(begins, start) - 1
        block = page.blocks[index]
        offset = start - begins[index]
        initial = not _has_word(block.folded[max(0, offset - 40) : offset]) and offset <= 40
        rest = block.folded[offset + length :]
        final = len(rest) <= 40 and not _has_word(rest)
        for entry in entries:
            hit = Hit(
                index, entry.phrase, entry.language, entry.listed, offset, offset + length,
                initial, final,
            )  # fmt: skip
            found.setdefault(entry.detector, {}).setdefault(index, []).append(hit)
    return {
        name: Hits({index: tuple(hits) for index, hits in by_block.items()})
        for name, by_block in found.items()
    }


NO_HITS: Final = Hits({})


def _boundary(text: str, at: int) -> bool:
    """Whether a word may begin or end here. Scripts without spaces have a boundary everywhere."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if not (before.isalnum() and after.isalnum()):
        return True
    return _spaceless(before) or _spaceless(after)


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


def _has_word(text: str) -> bool:
    return any(c.isalpha() for c in text)


def join_evidence(parts: Iterable[str]) -> str:
    """Evidence made of several shreds."""
    return clip("; ".join(part for part in parts if part))
