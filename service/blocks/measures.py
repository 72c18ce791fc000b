"""code points -> per-block numbers, computed once and for all blocks together.

Characters with the same classes make one row of a small table, some sixty in all. How often each row
occurs in each block is counted in one pass; one product with the table then tells every class. So the
cost is linear in the page, and a handful of numpy calls for every hundred blocks.
"""

import unicodedata
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.document import Counts, Measures
from service.scripts import is_spaceless
from service.stops import TERMINALS

Codes = NDArray[np.uint32]
Classes = NDArray[np.uint16]

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
CLOSERS: Final = "\"'”’»›)]}）」』】》〉＂＇＞*_"
SEPARATORS: Final = "|•·¦‣▪■●►▶»«›‹→←|｜︱/\\~※★☆◆◇○–—-*+,،、;؛"
COMMAS: Final = ",،、，;؛；"
COLONS: Final = ":：﹕"
QUOTES: Final = "\"'“”‘’«»„‟‹›「」『』《》"

# Characters that tell widgets, addresses, prices and code
SPECIAL: Final = {
    "at": "@", "hash": "#", "copyright": "©®™", "money": "$€£¥₹₽₪﷼₺", "percent": "%", "slash": "/\\",
    "brace": "{}[]<>=_;", "arrow": "→←»«›‹▶►▸▾▼↑↓", "bullet": "•·▪■●*‣◦○", "pipe": "|｜︱", "dots": "…",
    "paren": "()（）", "dash": "-–—", "plus": "+", "question": "?？؟", "exclaim": "!！", "apostrophe": "'’",
}  # fmt: skip

# Thai and Lao close their sentences with nothing. There a stretch of so many characters is taken for one or
# more: titles have some forty, paragraphs hundreds
STOPLESS_CHARS: Final = 55

_TABLE_SIZE: Final = 0x10000
_CASED: Final = 0x0530
_STOPLESS: Final = len(SPECIAL) + 1
# Blocks counted at a time: the product of so many is too small for the algebra under numpy to start
# threads, and what a page of tiny blocks takes in memory is bounded
_BATCH: Final = 128
_COUNTED: Final = {
    "letters": LETTER, "digits": DIGIT, "upper": UPPER, "punctuation": PUNCTUATION, "symbols": SYMBOL,
    "terminals": TERMINAL, "commas": COMMA, "colons": COLON, "quotes": QUOTE, "separators": SEPARATOR,
    "spaceless": SPACELESS, "rtl": RTL,
}  # fmt: skip


_TERMINALS: Final = list(_COUNTED).index("terminals")


def is_stopless(code: int) -> bool:
    """Thai, Lao: written without full stops."""
    return 0x0E00 <= code <= 0x0EFF


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
    if flags & (LETTER | COMBINING | DIGIT) and is_spaceless(char):
        flags |= SPACELESS
    if unicodedata.bidirectional(char) in ("R", "AL"):
        flags |= RTL
    return flags


@cache
def _rows() -> tuple[NDArray[np.uint8], NDArray[np.uint16], NDArray[np.float64], NDArray[np.bool_]]:
    """Of each character of the Basic Multilingual Plane its row, and of what lies above it two more.

    Then each row's classes; for each row what it counts for: `_COUNTED`, then `SPECIAL`; and whether it is a
    letter of a script without full stops.
    """
    classes = np.zeros(_TABLE_SIZE + 2, dtype=np.uint16)
    for code in range(_TABLE_SIZE):
        if not 0xD800 <= code <= 0xDFFF:
            classes[code] = _class_of(chr(code))
    classes[_TABLE_SIZE] = LETTER | SPACELESS  # the ideographic planes
    classes[_TABLE_SIZE + 1] = SYMBOL  # emoji and the rest
    special = np.zeros(_TABLE_SIZE + 2, dtype=np.uint32)
    for kind, members in enumerate(SPECIAL.values(), start=1):
        special[[ord(c) for c in members]] = kind << 16
    letters = np.flatnonzero((classes & (LETTER | COMBINING)) != 0)
    special[letters[[is_stopless(code) for code in letters.tolist()]]] = _STOPLESS << 16
    both, row_of = np.unique(classes | special, return_inverse=True)
    by_row = (both & 0xFFFF).astype(np.uint16)
    kinds = np.arange(1, len(SPECIAL) + 1)
    counted = (by_row[:, None] & np.array(list(_COUNTED.values()), dtype=np.uint16)) != 0
    weights = np.concatenate((counted, (both >> 16)[:, None] == kinds), axis=1)
    return row_of.astype(np.uint8), by_row, weights.astype(np.float64), (both >> 16) == _STOPLESS


def rows_of(codes: Codes) -> NDArray[np.uint8]:
    """The row of each code point in the table of classes."""
    table = _rows()[0]
    if not codes.size or int(codes.max()) < _TABLE_SIZE:
        return table[codes]
    ideographs = (codes >= 0x20000) & (codes <= 0x3FFFF)
    return table[np.where(codes < _TABLE_SIZE, codes, np.where(ideographs, _TABLE_SIZE, _TABLE_SIZE + 1))]


def classes_of(rows: NDArray[np.uint8]) -> Classes:
    """Class flags of characters, by their rows."""
    return _rows()[1][rows]


def closers(classes: Classes) -> Counts:
    """For each place, the last one up to it that holds no closing quote, bracket or space; -1 before any."""
    positions = np.arange(classes.size, dtype=np.int32)
    positions[(classes & (CLOSER | SPACE)) != 0] = -1
    return np.asarray(np.maximum.accumulate(positions))


def are_small(codes: Codes, classes: Classes) -> NDArray[np.bool_]:
    """Which are small letters of a script that has case: Latin, Greek, Cyrillic; others are rare."""
    return np.asarray(((classes & (LETTER | UPPER)) == LETTER) & (codes < _CASED))


def tokens(classes: Classes) -> tuple[Counts, Counts]:
    """Where what white space parts begins and ends."""
    solid = np.zeros(classes.size + 2, dtype=np.int8)
    solid[1:-1] = (classes & SPACE) == 0
    edges = np.flatnonzero(solid[1:] != solid[:-1]).astype(np.int32)
    return edges[0::2], edges[1::2]


def word_starts(classes: Classes) -> NDArray[np.bool_]:
    """Where a word begins."""
    wordy = (classes & (LETTER | DIGIT | COMBINING)) != 0
    spaceless = (classes & SPACELESS) != 0
    run = wordy & ~spaceless
    starts = run.copy()
    starts[1:] &= ~run[:-1]
    starts |= spaceless & ((classes & COMBINING) == 0)
    return np.asarray(starts)


def closing(latest: Counts, starts: Counts, ends: Counts) -> Counts:
    """Of each stretch, the place of its last character that is no closing quote or bracket."""
    return np.maximum(latest[ends - 1], starts)


def unstopped(rows: NDArray[np.uint8], last: Counts, sizes: Counts) -> NDArray[np.bool_]:
    """Which stretches, by the place of their last character, end a sentence without a full stop."""
    return np.asarray(_rows()[3][rows[last]] & (sizes >= STOPLESS_CHARS))


def measure(
    rows: NDArray[np.uint8], classes: Classes, latest: Counts, starts: Counts, ends: Counts
) -> Measures:
    """Measure stretches `[starts[i], ends[i])` in page order, with white space alone between them.

    None is empty, none has white space at its ends. `latest`: see `closers`.
    """
    words = np.flatnonzero(word_starts(classes))
    first = classes[starts]
    last = closing(latest, starts, ends)
    open_ended = unstopped(rows, last, ends - starts)
    counts = _count(rows, starts, ends)
    counts[_TERMINALS] += open_ended
    closed = classes[last]
    return Measures(
        chars=ends - starts,
        words=np.searchsorted(words, ends) - np.searchsorted(words, starts),
        **{name: counts[i] for i, name in enumerate(_COUNTED)},
        ends_sentence=((closed & TERMINAL) != 0) | open_ended,
        ends_colon=(closed & COLON) != 0,
        starts_upper=(first & UPPER) != 0,
        starts_digit=(first & DIGIT) != 0,
        starts_mark=(first & (SEPARATOR | SYMBOL)) != 0,
        special=counts[len(_COUNTED) :],
    )


def _count(rows: NDArray[np.uint8], starts: Counts, ends: Counts) -> Counts:
    """What each stretch holds of every class of `_COUNTED`, and of `SPECIAL`: one row for each."""
    weights = _rows()[2]
    kinds, n = weights.shape[0], starts.size
    counts = np.zeros((n, weights.shape[1]), dtype=np.int32)
    # white space between stretches counts for nothing: it may go with the stretch before it
    bounds = np.append(starts, ends[-1:])
    for low in range(0, n, _BATCH):
        edges = bounds[low : low + _BATCH + 1]
        size = edges.size - 1
        keys = np.repeat(np.arange(0, size * kinds, kinds), np.diff(edges))
        keys += rows[edges[0] : edges[-1]]
        counts[low : low + size] = np.bincount(keys, minlength=size * kinds).reshape(size, kinds) @ weights
    return np.ascontiguousarray(counts.T)
