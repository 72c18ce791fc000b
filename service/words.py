"""page -> its folded text as one, with hashes of any stretch of it.

Phrases are looked up by the hashes of their words, and the model hears of words by their hashes alone.
Both read the page here, so it is hashed once.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.document import Counts, Page, once_a_page

_MULTIPLIER: Final = 0x9E3779B97F4A7C15  # odd, so invertible modulo 2^64 (Fibonacci hashing)
_INVERSE: Final = pow(_MULTIPLIER, -1, 1 << 64)


def _powers(base: int, size: int) -> NDArray[np.uint64]:
    return np.cumprod(np.full(size, base, dtype=np.uint64), dtype=np.uint64)


# Powers are kept for a stretch of this many characters; most pages are shorter. A longer page is read in
# such stretches: the powers of the next are those of the one before times a constant, modulo 2^64.
_STRETCH_BITS: Final = 16
_STRETCH: Final = 1 << _STRETCH_BITS
_UP: Final = _powers(_MULTIPLIER, _STRETCH)
_DOWN: Final = _powers(_INVERSE, _STRETCH)
_FIRST: Final = np.ones(1, dtype=np.uint64)


class Rolling:
    """A polynomial hash modulo 2^64 of any stretch, from one pass over the characters."""

    __slots__ = ("_down", "_sums")

    def __init__(self, codes: NDArray[np.uint32]) -> None:
        # eight bytes a character are memory enough: of the powers, only those at stretches' begins are held
        stretches = codes.size // _STRETCH + 1
        up, self._down = (
            (_FIRST, _FIRST) if stretches == 1 else (_steps(_UP, stretches), _steps(_DOWN, stretches))
        )
        self._sums = np.zeros(codes.size + 1, dtype=np.uint64)
        for number, start in enumerate(range(0, codes.size, _STRETCH)):
            part = codes[start : start + _STRETCH]
            sums = self._sums[start + 1 : start + 1 + part.size]
            np.cumsum(_UP[: part.size] * part, out=sums)
            if number:
                sums *= up[number]
                sums += self._sums[start]

    def between(self, starts: Counts, ends: Counts) -> NDArray[np.uint64]:
        """Hashes of the stretches, well mixed: equal text has equal hashes wherever it stands."""
        value = self._sums[ends]
        value -= self._sums[starts]
        if self._down.size > 1:
            value *= self._down[starts >> _STRETCH_BITS]
            starts = starts & (_STRETCH - 1)
        value *= _DOWN[starts]
        value ^= value >> np.uint64(32)
        value *= np.uint64(0xD6E8FEB86659FD93)
        value ^= value >> np.uint64(32)
        return value


def _steps(powers: NDArray[np.uint64], count: int) -> NDArray[np.uint64]:
    """What the powers are to be multiplied with in the first stretch, the second, and so on."""
    steps = np.full(count, powers[-1], dtype=np.uint64)
    steps[0] = 1
    return np.cumprod(steps, dtype=np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """The folded text of all blocks of a page, a line feed between them."""

    text: str
    codes: NDArray[np.uint32]
    begins: list[int]
    """Where each block begins; and where one after the last would."""
    rolling: Rolling

    def holding(self, part: str) -> Iterator[int]:
        """The blocks that hold a part, which has no line feed. Found in one search of the whole page."""
        at = self.text.find(part)
        while at >= 0:
            index = bisect_right(self.begins, at) - 1
            yield index
            at = self.text.find(part, self.begins[index + 1])


@once_a_page
def folded(page: Page) -> Folded:
    """The page's folded text and its hashes."""
    parts = [block.folded for block in page.blocks]
    text = "\n".join(parts)
    codes = codes_of(text)
    begins = list(accumulate((len(part) + 1 for part in parts), initial=0))
    return Folded(text, codes, begins, Rolling(codes))


def codes_of(text: str) -> NDArray[np.uint32]:
    """The text's code points."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def lines_of(codes: NDArray[np.uint32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each line of a text begins and ends; line feeds alone part them."""
    feeds = np.flatnonzero(codes == ord("\n"))
    return np.append(0, feeds + 1), np.append(feeds, codes.size)


def short(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The better-mixed half of each hash."""
    return (hashes >> np.uint64(32)).astype(np.uint32)


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Short hashes of known words, found by their highest bits and then by a few steps."""

    words: NDArray[np.uint32]
    first: NDArray[np.int32]
    """For each value of a hash's highest 16 bits, the place of the first word that has them."""
    steps: int
    """The most words that share them."""

    @classmethod
    def of(cls, words: NDArray[np.uint32]) -> "Lexicon":
        """`words` ascend, none twice."""
        edges = np.searchsorted(words, np.arange((1 << 16) + 1, dtype=np.uint64) << 16)
        steps = int(np.diff(edges).max())
        # the search may run past the last word; no word that does so is 0
        return cls(np.append(words, np.zeros(steps + 1, dtype=np.uint32)), edges[:-1].astype(np.int32), steps)

    def find(self, words: NDArray[np.uint32]) -> NDArray[np.int32]:
        """The place of each word; -1 where it is not known. A third of a binary search's time."""
        at = np.asarray(self.first[words >> np.uint32(16)])
        for _ in range(self.steps):
            at += self.words[at] < words
        at[self.words[at] != words] = -1
        return at
