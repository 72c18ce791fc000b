"""code points -> per-block numbers, computed once and for all blocks together.

Everything is counted with prefix sums over one array of character classes, so the cost is linear in
the page and a handful of numpy calls whatever the number of blocks.
"""

import unicodedata
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.document import Counts, Measures

Codes = NDArray[np.uint32]

SPACE: Final = 1 << 0
NEWLINE: Final = 1 << 1
LETTER: Final = 1 << 2
DIGIT: Final = 1 << 3
UPPER: Final = 1 << 4
PUNCTUATION: Final = 1 << 5
TERMINAL: Final = 1 << 6  # closes a sentence, in any script
CLOSER: Final = 1 << 7  # may follow a terminal: quotes, brackets
SPACELESS: Final = 1 << 8  # of a script written without spaces: each character counts as a word
COMBINING: Final = 1 << 9
SEPARATOR: Final = 1 << 10  # stands between items of a menu or a list on one line
COMMA: Final = 1 << 11
COLON: Final = 1 << 12
QUOTE: Final = 1 << 13
RTL: Final = 1 << 14
SYMBOL: Final = 1 << 15

NEWLINES: Final = "\n\r\v\f\x85\u2028\u2029"
# Full stops, question and exclamation marks: Latin, CJK, Arabic, Urdu, Devanagari, Armenian, Ethiopic,
# Khmer, Myanmar, Tibetan; the ellipsis too.
TERMINALS: Final = ".!?…。．！？｡؟۔।॥։՜՞።፧៕។၊။།‼⁇⁈⁉"
CLOSERS: Final = "\"'”’»›)]}）」』】》〉＂＇＞*_"
SEPARATORS: Final = "|•·¦‣▪■●►▶»«›‹→←|｜︱/\\~※★☆◆◇○–—-*+,،、;؛"
COMMAS: Final = ",،、，;؛；"
COLONS: Final = ":：﹕"
QUOTES: Final = "\"'“”‘’«»„‟‹›「」『』《》"

_TABLE_SIZE: Final = 0x10000


def is_spaceless(code: int) -> bool:
    """Han, kana, Thai, Lao, Khmer, Myanmar: the scripts the scorers count character by character."""
    return (
        0x0E00 <= code <= 0x0EFF
        or 0x1000 <= code <= 0x109F
        or 0x1780 <= code <= 0x17FF
        or 0x3040 <= code <= 0x30FF
        or 0x31F0 <= code <= 0x31FF
        or 0x3400 <= code <= 0x4DBF
        or 0x4E00 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0xFF66 <= code <= 0xFF9F
        or 0x20000 <= code <= 0x3FFFF
    )


_BY_CATEGORY: Final = {
    "L": LETTER,
    "N": DIGIT,
    "P": PUNCTUATION,
    "S": SYMBOL,
    "M": COMBINING,
    "Lu": UPPER,
    "Lt": UPPER,
    "Pe": CLOSER,
    "Pf": CLOSER,
    "Pi": CLOSER,
}
_BY_MEMBER: Final = (
    (NEWLINES, NEWLINE),
    (TERMINALS, TERMINAL),
    (CLOSERS, CLOSER),
    (SEPARATORS, SEPARATOR),
    (COMMAS, COMMA),
    (COLONS, COLON),
    (QUOTES, QUOTE),
)


def _class_of(char: str) -> int:
    category = unicodedata.category(char)
    flags = _BY_CATEGORY.get(category[0], 0) | _BY_CATEGORY.get(category, 0)
    for members, flag in _BY_MEMBER:
        flags |= flag if char in members else 0
    if char.isspace():
        flags |= SPACE
    if flags & (LETTER | COMBINING | DIGIT) and is_spaceless(ord(char)):
        flags |= SPACELESS
    if unicodedata.bidirectional(char) in ("R", "AL"):
        flags |= RTL
    return flags


@cache
def _table() -> NDArray[np.uint16]:
    """Classes of the Basic Multilingual Plane, and one row each for what lies above it."""
    table = np.zeros(_TABLE_SIZE + 2, dtype=np.uint16)
    for code in range(_TABLE_SIZE):
        if not 0xD800 <= code <= 0xDFFF:
            table[code] = _class_of(chr(code))
    table[_TABLE_SIZE] = LETTER | SPACELESS  # the ideographic planes
    table[_TABLE_SIZE + 1] = SYMBOL  # emoji and the rest
    return table


def codes_of(text: str) -> Codes:
    """The text's code points, as an array of uint32."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def classes_of(codes: Codes) -> NDArray[np.uint16]:
    """Class flags of each code point."""
    if not codes.size or int(codes.max()) < _TABLE_SIZE:
        return _table()[codes]
    ideographs = (codes >= 0x20000) & (codes <= 0x3FFFF)
    rows = np.where(codes < _TABLE_SIZE, codes, np.where(ideographs, _TABLE_SIZE, _TABLE_SIZE + 1))
    return _table()[rows]


def prefix(mask: NDArray[np.bool_]) -> Counts:
    """Prefix sums: `p[b] - p[a]` members lie in `[a, b)`."""
    sums = np.zeros(mask.size + 1, dtype=np.int32)
    np.cumsum(mask, out=sums[1:], dtype=np.int32)
    return sums


class Ruler:
    """Counts members of a class in any number of stretches; each class is summed once."""

    __slots__ = ("_latest", "_sums", "classes")

    def __init__(self, classes: NDArray[np.uint16]) -> None:
        self.classes = classes
        self._sums: dict[int, Counts] = {}
        self._latest: Counts | None = None

    def count(self, flag: int, starts: Counts, ends: Counts) -> Counts:
        """How many characters of the class lie in each `[starts[i], ends[i])`."""
        sums = self._sums.get(flag)
        if sums is None:
            sums = self._sums[flag] = prefix((self.classes & flag) != 0)
        return np.asarray(sums[ends] - sums[starts])

    def words(self, starts: Counts, ends: Counts) -> Counts:
        """Words: runs of letters, digits and combining marks; each letter of a spaceless script."""
        sums = self._sums.get(-1)
        if sums is None:
            sums = self._sums[-1] = prefix(word_starts(self.classes))
        return np.asarray(sums[ends] - sums[starts])

    def last(self, starts: Counts, ends: Counts) -> Counts:
        """Index of each stretch's last character that is no closing quote, bracket or space."""
        if self._latest is None:
            skipped = (self.classes & (CLOSER | SPACE)) != 0
            positions = np.arange(self.classes.size, dtype=np.int32)
            positions[skipped] = -1
            self._latest = np.maximum.accumulate(positions)
        return np.maximum(self._latest[ends - 1], starts)


def word_starts(classes: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Where a word begins."""
    wordy = (classes & (LETTER | DIGIT | COMBINING)) != 0
    spaceless = (classes & SPACELESS) != 0
    run = wordy & ~spaceless
    starts = run.copy()
    starts[1:] &= ~run[:-1]
    starts |= spaceless & ((classes & COMBINING) == 0)
    return np.asarray(starts)


def measure(ruler: Ruler, starts: Counts, ends: Counts) -> Measures:
    """Measure stretches `[starts[i], ends[i])`, none empty, none with white space at its ends."""
    first = ruler.classes[starts]
    last = ruler.classes[ruler.last(starts, ends)] if starts.size else first
    return Measures(
        chars=ends - starts,
        words=ruler.words(starts, ends),
        letters=ruler.count(LETTER, starts, ends),
        digits=ruler.count(DIGIT, starts, ends),
        upper=ruler.count(UPPER, starts, ends),
        punctuation=ruler.count(PUNCTUATION, starts, ends),
        symbols=ruler.count(SYMBOL, starts, ends),
        terminals=ruler.count(TERMINAL, starts, ends),
        commas=ruler.count(COMMA, starts, ends),
        colons=ruler.count(COLON, starts, ends),
        quotes=ruler.count(QUOTE, starts, ends),
        separators=ruler.count(SEPARATOR, starts, ends),
        spaceless=ruler.count(SPACELESS, starts, ends),
        rtl=ruler.count(RTL, starts, ends),
        ends_sentence=(last & TERMINAL) != 0,
        ends_colon=(last & COLON) != 0,
        starts_upper=(first & UPPER) != 0,
        starts_digit=(first & DIGIT) != 0,
        starts_mark=(first & (SEPARATOR | SYMBOL)) != 0,
    )
