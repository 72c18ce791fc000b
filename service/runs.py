"""blocks -> the outline of a page: which blocks are running text, and how much stands before each.

Detectors that go by shape and position share these numbers. They are computed once a page, in one pass
over its blocks.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

import numpy as np

from schemas.labels import Label
from service.detector import Hit, clip
from service.document import Block, Cut, Finding, Page, Signal, once_a_page
from service.folding import fold
from service.stops import FULL_STOPS, TERMINALS

# A block of running text has at least this many words and closes like a sentence, or the second
# number of words whatever it closes with. Below, headlines and captions begin. The same numbers as for
# lines (see `service.blocks.text`), since a line may hold several blocks.
RUNNING_WORDS: Final = 10
LONG_WORDS: Final = 30
# Menu items are rarely longer than this; headlines rarely shorter, nor longer than the last number.
# Over the development pages 97 % of menu items have at most five words, 95 % of related headlines
# between four and twenty-five.
ITEM_WORDS: Final = 5
HEADLINE_WORDS: Final = 4
MAX_HEADLINE_WORDS: Final = 25

# A line with this many times of day and no full stop lists news, broadcasts or departures
MIN_TIMES: Final = 3
_TIMES: Final = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d(?!\d)")

_CLOSERS: Final = "\"')]}»”’」』】》 "
_OPEN_ENDS: Final = ",،、，;؛:：({[=-–—“‘„"
_CODE_MARKS: Final = ("@", "{", "}", "()", ");", "->", "=>", "==", ">>>", "</", "::")
_MARKS: Final = "•·‣▪■●►▶◄◀»›→←|｜-–—*+○◦◆◇★☆※✓✔#>"


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Per block of a page: what kind of stretch it is and where it stands in the running text."""

    units: tuple[int, ...]
    """Words, as if all scripts were spaced: two Han, kana or Thai characters make one."""
    running: tuple[bool, ...]
    """Whether the block is running text."""
    before: tuple[int, ...]
    """Words of running text that stand before the block."""
    total: int
    """Words of running text on the page."""
    first: int
    """Index of the first block of running text; the number of blocks if there is none."""
    last: int
    """Index of the last one; -1 if there is none."""
    copies: tuple[int, ...]
    """How often the block's words stand on the page as a short block, by its key."""

    def lead(self, index: int, share: float = 0.0) -> bool:
        """Whether at most this share of the running text, which there must be, stands before a block."""
        return self.total > 0 and self.before[index] <= share * self.total

    def tail(self, index: int, share: float = 1.0) -> bool:
        """Whether at least this share of the running text, which there must be, stands before a block."""
        return self.total > 0 and not self.running[index] and self.before[index] >= share * self.total

    def outside(self, index: int) -> bool:
        """Whether the block stands before or after all running text."""
        return index < self.first or index > self.last


@once_a_page
def outline(page: Page) -> Outline:
    """The outline of a page."""
    m = page.measures
    # in a script without spaces nearly every letter is counted as a word
    spaceless = (m.words > 3) & (m.words * 5 >= (m.letters + m.digits) * 4)
    units = np.where(spaceless, m.words // 2, m.words).tolist()
    running = [n >= RUNNING_WORDS and _running(page, b, n) for b, n in zip(page.blocks, units, strict=True)]
    sums = tuple(accumulate((n if r else 0 for n, r in zip(units, running, strict=True)), initial=0))
    at = [i for i, r in enumerate(running) if r]
    keys = [key(b) for b in page.blocks]
    times = Counter([k for k, n in zip(keys, units, strict=True) if n <= MAX_HEADLINE_WORDS])
    return Outline(
        tuple(units), tuple(running), sums[:-1], sums[-1], at[0] if at else len(units), at[-1] if at else -1,
        tuple([times.get(k, 0) for k in keys]),
    )  # fmt: skip


def _running(page: Page, block: Block, units: int) -> bool:
    if block.digits * 2 > block.letters:
        return False
    if block.digits >= 4 * MIN_TIMES and timed(block) >= MIN_TIMES and not full_stop(block):
        return False  # a list of news with their times
    if units >= LONG_WORDS or full_stop(block):
        return True
    line = page.line(block)
    return line.prose and (line.first == line.last or block.cut is Cut.SENTENCE)


def timed(block: Block) -> int:
    """How many times of day the block holds."""
    return len(_TIMES.findall(block.folded))


def key(block: Block) -> str:
    """The block's words without the marks around them: what makes it a copy of another."""
    return block.folded.strip(_MARKS + " .:,;!?")


def full_stop(block: Block) -> bool:
    """Whether the block closes with a full stop, or as a sentence does in a script that has none.

    Headlines may ask, exclaim or trail off instead.
    """
    if not block.ends_sentence:
        return False
    end = block.text.rstrip(_CLOSERS)
    if end[-1:] not in TERMINALS:
        return True
    return end[-1] in FULL_STOPS and not end.endswith("..")


def colon(block: Block) -> bool:
    """Whether the block announces what follows."""
    return block.text[-1:] in (":", "：")


def marked(block: Block) -> bool:
    """Whether the block opens with a bullet or another mark."""
    return block.text[0] in _MARKS


def is_item(block: Block, units: int) -> bool:
    """Short, without a full stop, holding a letter: what menus are made of."""
    return 0 < units <= ITEM_WORDS and block.letters > 0 and not block.ends_sentence


def is_headline(block: Block, units: int) -> bool:
    """As long as headlines are, without a full stop, mostly letters, and no piece of a sentence or code.

    A small letter at the start, or a comma at the end, shows a line that was broken in two; brackets
    and the like show program text, an at sign an address.
    """
    return (
        HEADLINE_WORDS <= units <= MAX_HEADLINE_WORDS
        and block.digits * 3 <= block.letters
        and not full_stop(block)
        and block.text[-1] not in _OPEN_ENDS
        and not block.text[0].islower()
        and not any(map(block.text.__contains__, _CODE_MARKS))
    )


def stretches(wanted: Iterable[bool]) -> Iterator[tuple[int, int]]:
    """Maximal runs of wanted blocks, as index ranges `[start, stop)`."""
    start = -1
    index = -1
    for index, want in enumerate(wanted):
        if want and start < 0:
            start = index
        elif not want and start >= 0:
            yield start, index
            start = -1
    if start >= 0:
        yield start, index + 1


def near(blocks: Iterable[Block], reach: int) -> dict[int, bool]:
    """For each block's index, whether another of the blocks stands within reach of it."""
    indexes = sorted(b.index for b in blocks)
    found = dict.fromkeys(indexes, False)
    for a, b in pairwise(indexes):
        if b - a <= reach:
            found[a] = found[b] = True
    return found


def covered(hits: Iterable[Hit], block: Block) -> float:
    """Share of the block's letters and digits that phrases account for."""
    at = size = 0
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        begin = max(at, hit.start)
        if hit.end > begin:
            size += sum(c.isalnum() for c in block.folded[begin : hit.end])
            at = hit.end
    return size / max(1, sum(c.isalnum() for c in block.folded))


def found(
    block: Block, label: Label, rule: str, confidence: float, evidence: str, signals: Iterable[Signal]
) -> Finding:
    """A finding about a whole block, its rule named after the label."""
    return next(each(((block, confidence),), label, rule, evidence, signals))


def each(
    blocks: Iterable[tuple[Block, float]], label: Label, rule: str, evidence: str, signals: Iterable[Signal]
) -> Iterator[Finding]:
    """A finding about each of the blocks of a run, which share their evidence, with its confidence."""
    rule, evidence, shared = f"{label.value}.{rule}", clip(evidence), frozenset(signals)
    for block, confidence in blocks:
        yield Finding(block.start, block.end, label, min(confidence, 0.99), rule, evidence, shared)


def unfold(block: Block, start: int) -> int:
    """The page offset where the block's folded text from `start` on begins; its end if it is not found.

    Folding changes lengths, so the place is looked for around where it must roughly be.
    """
    size = len(block.folded) - start
    wanted = block.folded[start : start + _COMPARED].strip()
    guess = max(0, len(block.text) - size)
    for off in range(_SEARCH):
        for at in {guess - off, guess + off}:
            if not 0 <= at < len(block.text):
                continue
            seen = fold(block.text[at : at + 2 * _COMPARED]).strip()
            if seen == wanted or (size > _COMPARED and seen.startswith(wanted)):
                return block.end - len(block.text[at:].lstrip())
    return block.end


# What stands there is compared over this length, so that a long block is not folded again and again
_COMPARED: Final = 400
# How far folding may have shifted a place: some two diacritics a word over a headline's length
_SEARCH: Final = 40
