"""decoded plain text -> where it is cut into blocks.

A line is cut where its writer, or the program that dropped the tags, left a visible seam: runs of two
or more spaces, tabs, NO-BREAK spaces, a separator that recurs on the line; where words tell that elements
of the page were run together (`service.blocks.seams`); and at sentence ends where the line is so long that
it must hold several paragraphs. Nothing is lost: white space alone lies between blocks. A page of more
blocks than any page of a real site has ends in one long block.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.blocks import measures
from service.blocks.measures import Classes, Codes
from service.blocks.seams import Finder, read_words
from service.document import LINE_BEGINS, Counts, Cut

# A line is cut into sentences from this many characters on, and no sentence piece is shorter than the
# second number; in scripts without spaces a character says as much as three. Swept on development
# dumps of five styles: finer cuts cost speed and gained less than 0.002 word F1.
LONG_LINE: Final = 240
SHORT_PIECE: Final = 40
SPACELESS_FACTOR: Final = 3
# A separator has to stand this often on a line before the line is cut at it: one pipe may stand
# between a source and a credit, two dashes may hold an aside.
MIN_MARKS: Final = 3
_MARKS: Final = "|•·¦‣▪■●►▶»›→｜︱★☆◆◇※"
_MARK_CODES: Final = np.array([ord(c) for c in _MARKS], dtype=np.uint32)
_IDEOGRAPHIC: Final = 0x3000
_TAB: Final = 0x0009

# A row of so many wide gaps, with a piece of so many words that ends a sentence, is a page on one line
MIN_GAPS: Final = 3
WIDE_GAP: Final = 3
PROSE_PIECE: Final = 10
# From so many characters on, counted as for `LONG_LINE`, a row is asked for seams; it is cut where a line
# ended with this probability. Swept on development dumps, see `docs/decisions/0019-learned-seams.md`
SEAM_ROW: Final = 400
SEAM_CHANCE: Final = 0.6
# ... up to so many words into a page: further than `MAX_BLOCKS` reaches on any real one
SEAM_REACH: Final = 100_000
# ... but for a row of no more, all of it sentences of no more words than this: a paragraph
PARAGRAPH: Final = 1_500
OVERLONG: Final = 40
# A page with so many, and so many a word, is one whose elements were run together: it is asked for them in
# all rows but the shortest
RUN_TOGETHER: Final = 5
SEAMS_A_WORD: Final = 0.03
SHORT_ROW: Final = 60
# A row with fewer seams may be a paragraph; it is cut only where the words are surer
SEAMS: Final = 2
SURE_SEAM: Final = 0.8

# No development dump has more than 5,000 blocks. Where a page would be cut into more than this
# many, all that follows is the last block, one stretch of text whatever its lines: work is bounded.
MAX_BLOCKS: Final = 20_000

KINDS: Final = tuple(Cut)
LINE, GAP, MARK, SENTENCE, SEAM, FAINT = 1, 2, 3, 4, 5, 6
LINES: Final = [kind for kind, cut in enumerate(KINDS) if cut in LINE_BEGINS]
"""The kinds at which a line begins."""


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """Where the blocks are: arrays of equal length."""

    starts: Counts
    ends: Counts
    kinds: Counts
    """Index into `KINDS`."""
    breaks: Counts
    """Line breaks just before."""


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """A text's characters (an entry each), and its words, which are what white space parts."""

    text: str
    codes: Codes
    classes: Classes
    latest: Counts
    """See `measures.closers`."""
    starts: Counts
    ends: Counts

    def pieces(self, kinds: Counts) -> tuple[Counts, Counts, Counts]:
        """First and last word of each piece, and its size: characters, those of spaceless scripts as more."""
        opening = np.flatnonzero(np.concatenate(([True], kinds[1:] > 0)))
        closing = np.concatenate((opening[1:], [self.starts.size])) - 1
        a, b = self.starts[opening], self.ends[closing]
        spaceless = np.flatnonzero(self.classes & measures.SPACELESS)
        inside = np.searchsorted(spaceless, b) - np.searchsorted(spaceless, a)
        return opening, closing, (b - a) + (SPACELESS_FACTOR - 1) * inside


def find_cuts(
    text: str, codes: Codes, classes: Classes, latest: Counts, finder: Finder | None, *, rendered: bool
) -> Cuts:
    """Where blocks begin and end. `rendered`: the text was made of HTML, and is cut at what shows alone.

    Arrays hold an entry per code point: see `measures.classes_of`, `.closers`.
    """
    starts, ends = measures.tokens(classes)
    if not starts.size:
        none = np.zeros(0, dtype=np.int32)
        return Cuts(none, none, none, none)
    gap_starts = np.concatenate((np.zeros(1, dtype=np.int32), ends[:-1]))
    breaks = _breaks_between(codes, classes, starts)
    wide = _wide(codes, classes, gap_starts, starts, breaks)
    kinds = np.where(breaks > 0, LINE, GAP * wide)
    kinds[0] = 0
    words = _Words(text, codes, classes, latest, starts, ends)
    _cut_at_marks(words, kinds)
    if not rendered:
        _part_rows(words, kinds)
        if finder is not None:
            _cut_at_seams(words, kinds, finder)
        _cut_sentences(words, kinds)
    first = kinds > 0
    first[0] = True
    opening = np.flatnonzero(first)[:MAX_BLOCKS]
    closing = np.append(opening[1:], starts.size) - 1
    return Cuts(starts[opening], ends[closing], kinds[opening], breaks[opening])


def _in_gaps(places: NDArray[np.bool_], starts: Counts) -> Counts:
    """How many of the places, all in white space, lie in the gap before each word that starts."""
    gaps = np.searchsorted(starts, np.flatnonzero(places))
    return np.bincount(gaps, minlength=starts.size)[: starts.size]


def _breaks_between(codes: Codes, classes: Classes, starts: Counts) -> Counts:
    """Line breaks in each gap; a carriage return with a line feed is one."""
    breaks = (classes & measures.NEWLINE) != 0
    if codes.size > 1:
        breaks[:-1] &= ~((codes[:-1] == 0x0D) & (codes[1:] == 0x0A))
    return _in_gaps(breaks, starts)


def _wide(codes: Codes, classes: Classes, a: Counts, b: Counts, breaks: Counts) -> NDArray[np.bool_]:
    """Gaps that separate: two or more spaces, a tab, an ideographic space that recurs on its line.

    Two plain spaces after a full stop are how some people type, and no seam; nor is the ideographic space
    that stands in many a Japanese title.
    """
    wide = b - a >= 2
    two = np.flatnonzero(b - a == 2)
    two = two[(codes[a[two]] == 0x20) & (codes[a[two] + 1] == 0x20) & (two > 0)]
    wide[two] = (classes[a[two] - 1] & (measures.TERMINAL | measures.CLOSER)) == 0
    if not (spaced := codes == _IDEOGRAPHIC).any():
        return wide | (_in_gaps(codes == _TAB, b) > 0)
    line = np.cumsum(breaks > 0)
    single = _in_gaps(spaced, b) > 0
    recurring = np.bincount(line, weights=single)[line] >= MIN_MARKS
    return wide | (_in_gaps(codes == _TAB, b) > 0) | (single & recurring)


def _cut_at_marks(words: _Words, kinds: Counts) -> None:
    """Cut before a lone separator that recurs on its line (in place). It opens the block after it."""
    codes, classes, starts = words.codes, words.classes, words.starts
    at = np.flatnonzero((words.ends - starts == 1) & ((classes[starts] & measures.SEPARATOR) != 0))
    at = at[np.isin(codes[starts[at]], _MARK_CODES)] if at.size else at
    if not at.size:
        return
    line = np.cumsum(kinds == LINE, dtype=np.int64)
    keys = line[at] * 0x110000 + codes[starts[at]]
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    recurring = at[counts[inverse] >= MIN_MARKS]
    kinds[recurring] = np.where(kinds[recurring] == 0, MARK, kinds[recurring])
    kinds[0] = 0


def _part_rows(words: _Words, kinds: Counts) -> None:
    """Make lines of the pieces of a row that holds running text beside other things (in place).

    Whoever dropped the tags put spaces where elements met: the row is a page, or a good part of one. Tabs
    part the cells of a table, and two spaces may stand in a sentence.
    """
    opening, closing, size = words.pieces(kinds)
    a, b = words.starts[opening], words.ends[closing]
    gaps = np.zeros(opening.size, dtype=bool)
    gaps[1:] = (kinds[opening[1:]] == GAP) & (a[1:] - b[:-1] >= WIDE_GAP)
    line = np.cumsum(kinds[opening] == LINE)
    many = np.bincount(line, weights=gaps) >= MIN_GAPS
    if not many.any():
        return
    tabs = np.searchsorted(words.starts, np.flatnonzero(words.codes == _TAB))
    tabbed = np.isin(opening, tabs)
    spaceless = (size - (b - a)) // (SPACELESS_FACTOR - 1)
    ended = (words.classes[measures.closing(words.latest, a, b)] & measures.TERMINAL) != 0
    prose = ended & ((closing - opening + 1 >= PROSE_PIECE) | (spaceless >= 2 * PROSE_PIECE))
    parted = many & (np.bincount(line, weights=prose) > 0)
    kinds[opening[gaps & ~tabbed & parted[line]]] = LINE


def _cut_at_seams(words: _Words, kinds: Counts, finder: Finder) -> None:
    """Make lines of the pieces of rows where words tell that a line ended (in place)."""
    opening, closing, size = words.pieces(kinds)
    if size.max() <= SEAM_ROW:
        return
    phrased = np.flatnonzero(_phrased(words.codes))
    inside = np.diff(np.searchsorted(phrased, (words.starts[opening], words.ends[closing])), axis=0)[0]
    row_of = np.repeat(np.arange(opening.size), closing - opening + 1)
    told = (SPACELESS_FACTOR * inside <= size / 2)[row_of]
    long = (size > SEAM_ROW) & ~((size <= PARAGRAPH) & _reads_on(words, opening, closing))
    asked = np.flatnonzero(told & long[row_of])
    found = _seams(words, row_of, asked, finder)
    if np.count_nonzero(found) >= max(RUN_TOGETHER, SEAMS_A_WORD * asked.size):
        found = _seams(words, row_of, np.flatnonzero(told & (size > SHORT_ROW)[row_of]), finder)
    kinds[found > 0] = found[found > 0]


def _reads_on(words: _Words, opening: Counts, closing: Counts) -> NDArray[np.bool_]:
    """Whether each row is sentences from its first word to its last, none of them overlong."""
    last = measures.closing(words.latest, words.starts, words.ends)
    stops = (words.classes[last] & measures.TERMINAL) != 0
    ends = stops.copy()
    ends[closing] = True
    places = np.flatnonzero(ends)
    longest = np.maximum.reduceat(np.diff(places, prepend=-1), np.searchsorted(places, opening))
    return np.asarray(stops[closing] & (longest <= OVERLONG))


def _seams(words: _Words, row_of: Counts, asked: Counts, finder: Finder) -> Counts:
    """`SEAM` or `FAINT` for each word that begins a line, as the words tell; 0 for others."""
    kinds = np.zeros(row_of.size, dtype=np.int64)
    asked = asked[:SEAM_REACH]
    if not asked.size:
        return kinds
    places = zip(words.starts[asked].tolist(), words.ends[asked].tolist(), strict=True)
    chances = finder(read_words([words.text[a:b] for a, b in places]))
    chances[np.append(row_of[asked][1:] != row_of[asked][:-1], [True])] = 0  # there the row ends as it is
    found, sure = chances >= SEAM_CHANCE, chances >= SURE_SEAM
    several = np.bincount(row_of[asked], weights=found)[row_of[asked]] >= SEAMS
    cut = found & (sure | several)
    kinds[asked[cut] + 1] = np.where(sure[cut], SEAM, FAINT)
    return kinds


def _phrased(codes: Codes) -> NDArray[np.bool_]:
    """Letters of scripts that part phrases with spaces, not words: Thai, Lao, Tibetan, Burmese; Khmer.

    A space there is no seam, and too few dumps in them are at hand for telling which are.
    """
    return ((codes >= 0x0E00) & (codes < 0x10A0)) | ((codes >= 0x1780) & (codes < 0x1800))


def _cut_sentences(words: _Words, kinds: Counts) -> None:
    """Cut pieces that are still over-long at sentence ends, between words (in place)."""
    codes, classes, starts, ends = words.codes, words.classes, words.starts, words.ends
    opening, closing, size = words.pieces(kinds)
    a, b = starts[opening], ends[closing]
    long = np.flatnonzero((size > LONG_LINE) & (closing > opening))
    if not long.size:
        return
    last = measures.closing(words.latest, starts, ends)
    stops = (classes[last] & measures.TERMINAL) != 0
    # a full stop after a single letter or a number is an abbreviation or an ordinal
    dot = codes[last] == ord(".")
    short = (last - starts <= 1) | ((classes[np.maximum(last - 1, 0)] & measures.DIGIT) != 0)
    candidate = np.zeros(starts.size, dtype=bool)
    candidate[1:] = (stops & ~(dot & short))[:-1]
    # what follows must be able to open a sentence: no lower-case letter of a script that has case
    candidates = np.flatnonzero(candidate & ~measures.are_small(codes[starts], classes[starts]))
    first_of = np.searchsorted(candidates, opening[long], side="right").tolist()
    last_of = np.searchsorted(candidates, closing[long], side="right").tolist()
    places = starts[candidates].tolist()
    for at, end, low, high in zip(a[long].tolist(), b[long].tolist(), first_of, last_of, strict=True):
        previous = at
        for i in range(low, high):
            here = places[i]
            if here - previous >= SHORT_PIECE and end - here >= SHORT_PIECE:
                kinds[candidates[i]] = SENTENCE
                previous = here
