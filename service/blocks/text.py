"""decoded plain text -> a page of lines and blocks.

A line is cut where its writer, or the program that dropped the tags, left a visible seam: runs of two
or more spaces, tabs, NO-BREAK spaces, a separator that recurs on the line; and at sentence ends where
the line is so long that it must hold several paragraphs. Nothing is lost: white space alone lies
between blocks. A page of more blocks than any page of a real site has ends in one long block.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.blocks import measures
from service.blocks.measures import Classes, Codes
from service.document import Block, Columns, Counts, Cut, Dom, Line, Measures, Page
from service.folding import fold
from service.words import codes_of

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
# Enumerations have a comma every few words
WORDS_A_COMMA: Final = 5
# Pages broken at a width: the widths there are, how much shorter a full line may be, how many full lines
# there must be, and how many of them to one full stop amid a line
WRAP_WIDTHS: Final = (55, 120)
WRAP_MARGIN: Final = 16
MIN_WRAPPED: Final = 4
WRAPPED_LINES_A_STOP: Final = 8

# No development dump has more than 5,000 blocks. Where a page would be cut into more than this
# many, all that follows is the last block, one stretch of text whatever its lines: work is bounded.
MAX_BLOCKS: Final = 20_000

_CUTS: Final = tuple(Cut)
_LINE, _GAP, _MARK, _SENTENCE = 1, 2, 3, 4


def read(text: str, *, url: str | None = None, language: str | None = None, dom: Dom | None = None) -> Page:
    """Cut a text into a page. Linear in the length of the text.

    `dom` comes with the rendering of an HTML page. Its lines are what its author made them, so they are
    not cut into sentences.
    """
    codes = codes_of(text)
    rows = measures.rows_of(codes)
    classes = measures.classes_of(rows)
    latest = measures.closers(classes)
    cuts = _cut(codes, classes, latest, sentences=dom is None)
    found = measures.measure(rows, classes, latest, cuts.starts, cuts.ends)
    columns = _columns(rows, classes, latest, cuts, found, wraps=dom is None)
    prose = np.flatnonzero(columns.line_prose).tolist()
    return Page(
        text,
        _blocks(text, cuts, columns, found),
        _lines(cuts, columns),
        tuple(columns.line_of.tolist()),
        measures=found,
        columns=columns,
        url=url,
        dom=dom,
        language=language,
        first_prose=prose[0] if prose else -1,
        last_prose=prose[-1] if prose else -1,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Cuts:
    """Where the blocks are: arrays of equal length."""

    starts: Counts
    ends: Counts
    kinds: Counts
    """Index into `_CUTS`."""
    breaks: Counts
    """Line breaks just before."""


def _cut(codes: Codes, classes: Classes, latest: Counts, *, sentences: bool) -> _Cuts:
    solid = np.zeros(classes.size + 2, dtype=np.int8)
    solid[1:-1] = (classes & measures.SPACE) == 0
    edges = np.flatnonzero(solid[1:] != solid[:-1]).astype(np.int32)
    starts, ends = edges[0::2], edges[1::2]
    if not starts.size:
        none = np.zeros(0, dtype=np.int32)
        return _Cuts(none, none, none, none)
    gap_starts = np.concatenate((np.zeros(1, dtype=np.int32), ends[:-1]))
    breaks = _breaks_between(codes, classes, starts)
    wide = _wide(codes, classes, gap_starts, starts, breaks)
    kinds = np.where(breaks > 0, _LINE, _GAP * wide)
    kinds[0] = 0
    _cut_at_marks(codes, classes, starts, ends, kinds)
    if sentences:
        _part_rows(codes, classes, latest, starts, ends, kinds)
        _cut_sentences(codes, classes, latest, starts, ends, kinds)
    first = kinds > 0
    first[0] = True
    opening = np.flatnonzero(first)[:MAX_BLOCKS]
    closing = np.append(opening[1:], starts.size) - 1
    return _Cuts(starts[opening], ends[closing], kinds[opening], breaks[opening])


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


def _cut_at_marks(codes: Codes, classes: Classes, starts: Counts, ends: Counts, kinds: Counts) -> None:
    """Cut before a lone separator that recurs on its line (in place). It opens the block after it."""
    at = np.flatnonzero((ends - starts == 1) & ((classes[starts] & measures.SEPARATOR) != 0))
    at = at[np.isin(codes[starts[at]], _MARK_CODES)] if at.size else at
    if not at.size:
        return
    line = np.cumsum(kinds == _LINE, dtype=np.int64)
    keys = line[at] * 0x110000 + codes[starts[at]]
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    recurring = at[counts[inverse] >= MIN_MARKS]
    kinds[recurring] = np.where(kinds[recurring] == 0, _MARK, kinds[recurring])
    kinds[0] = 0


def _part_rows(
    codes: Codes, classes: Classes, latest: Counts, starts: Counts, ends: Counts, kinds: Counts
) -> None:
    """Make lines of the pieces of a row that holds running text beside other things (in place).

    Whoever dropped the tags put spaces where elements met: the row is a page, or a good part of one. Tabs
    part the cells of a table, and two spaces may stand in a sentence.
    """
    opening = np.flatnonzero(np.concatenate(([True], kinds[1:] > 0)))
    closing = np.concatenate((opening[1:], [starts.size])) - 1
    a, b = starts[opening], ends[closing]
    gaps = np.zeros(opening.size, dtype=bool)
    gaps[1:] = (kinds[opening[1:]] == _GAP) & (a[1:] - b[:-1] >= WIDE_GAP)
    line = np.cumsum(kinds[opening] == _LINE)
    many = np.bincount(line, weights=gaps) >= MIN_GAPS
    if not many.any():
        return
    tabs = np.searchsorted(starts, np.flatnonzero(codes == _TAB))
    tabbed = np.isin(opening, tabs)
    spaceless = np.flatnonzero(classes & measures.SPACELESS)
    size = np.searchsorted(spaceless, b) - np.searchsorted(spaceless, a)
    ended = (classes[np.maximum(latest[b - 1], a)] & measures.TERMINAL) != 0
    prose = ended & ((closing - opening + 1 >= PROSE_PIECE) | (size >= 2 * PROSE_PIECE))
    parted = many & (np.bincount(line, weights=prose) > 0)
    kinds[opening[gaps & ~tabbed & parted[line]]] = _LINE


def _cut_sentences(
    codes: Codes, classes: Classes, latest: Counts, starts: Counts, ends: Counts, kinds: Counts
) -> None:
    """Cut pieces that are still over-long at sentence ends, between words (in place)."""
    opening = np.flatnonzero(np.concatenate(([True], kinds[1:] > 0)))
    closing = np.concatenate((opening[1:], [starts.size])) - 1
    a, b = starts[opening], ends[closing]
    spaceless = np.flatnonzero(classes & measures.SPACELESS)
    size = (b - a) + (SPACELESS_FACTOR - 1) * (np.searchsorted(spaceless, b) - np.searchsorted(spaceless, a))
    long = np.flatnonzero((size > LONG_LINE) & (closing > opening))
    if not long.size:
        return
    last = np.maximum(latest[ends - 1], starts)
    stops = (classes[last] & measures.TERMINAL) != 0
    # a full stop after a single letter or a number is an abbreviation or an ordinal
    dot = codes[last] == ord(".")
    short = (last - starts <= 1) | ((classes[np.maximum(last - 1, 0)] & measures.DIGIT) != 0)
    candidate = np.zeros(starts.size, dtype=bool)
    candidate[1:] = (stops & ~(dot & short))[:-1]
    # what follows must be able to open a sentence: no lower-case letter of a script that has case
    head = classes[starts]
    lower = ((head & measures.LETTER) != 0) & ((head & measures.UPPER) == 0) & (codes[starts] < 0x0530)
    candidates = np.flatnonzero(candidate & ~lower)
    first_of = np.searchsorted(candidates, opening[long], side="right").tolist()
    last_of = np.searchsorted(candidates, closing[long], side="right").tolist()
    places = starts[candidates].tolist()
    for at, end, low, high in zip(a[long].tolist(), b[long].tolist(), first_of, last_of, strict=True):
        previous = at
        for i in range(low, high):
            here = places[i]
            if here - previous >= SHORT_PIECE and end - here >= SHORT_PIECE:
                kinds[candidates[i]] = _SENTENCE
                previous = here


def _columns(
    rows: NDArray[np.uint8], classes: Classes, latest: Counts, cuts: _Cuts, found: Measures, *, wraps: bool
) -> Columns:
    size = cuts.starts.size
    blanks = cuts.breaks - 1
    blanks[:1] += 1  # before the first block no line ends
    opens = cuts.kinds == _LINE
    opens[:1] = True
    opening = np.flatnonzero(opens)
    closing = np.append(opening[1:], size)[: opening.size] - 1

    def summed(counts: NDArray[np.generic]) -> Counts:
        return np.add.reduceat(counts, opening, dtype=np.int64) if size else np.zeros(0, dtype=np.int64)

    words, spaceless, digits = summed(found.words), summed(found.spaceless), summed(found.digits)
    stops, letters = summed(found.terminals), summed(found.letters)
    starts, ends = cuts.starts[opening], cuts.ends[closing]
    chars = ends - starts
    last = measures.closing(latest, starts, ends)
    ended = ((classes[last] & measures.TERMINAL) != 0) | measures.unstopped(rows, last, chars)
    units = words - np.minimum(words, spaceless) / 2
    sentences = np.where(spaceless > chars / 2, stops + summed(found.commas) > 0, stops > 0)
    gaps = summed((cuts.kinds == _GAP) | (cuts.kinds == _MARK))
    commas = summed(found.commas)
    # Running text: ten words that end a sentence, twenty with a comma here and there, twenty-five that hold
    # a full stop, forty of any kind; but no row of items (short ones, or such as end no sentence), and no row
    # of figures.
    phrased = (commas > 0) & (commas * WORDS_A_COMMA <= units)
    prose = (units >= 10) & (ended | (units >= 20) & phrased | (units >= 25) & sentences | (units >= 40))
    if wraps:
        prose |= _wrapped(chars, blanks[opening], stops, ended, units)
    prose &= (units / (1 + gaps) >= 10) & ((gaps < MIN_MARKS) | (2 * summed(found.ends_sentence) >= gaps))
    prose &= digits < letters / 2
    return Columns(
        starts=cuts.starts,
        ends=cuts.ends,
        cuts=cuts.kinds,
        blanks=np.maximum(blanks, 0),
        line_of=np.repeat(np.arange(opening.size), closing - opening + 1),
        line_starts=starts,
        line_first=opening,
        line_last=closing,
        line_words=words,
        line_prose=prose,
    )


def _wrapped(
    chars: Counts, blanks: Counts, stops: Counts, ended: NDArray[np.bool_], units: NDArray[np.floating]
) -> NDArray[np.bool_]:
    """Lines of paragraphs that were broken at a width: lynx, html2text and mail do so.

    Such pages have no longer line; most of the text stands in lines nearly as long; and many of these hold
    the end of one sentence and the beginning of the next, which lists of headlines don't.
    """
    none = np.zeros(chars.size, dtype=bool)
    width = int(chars.max(initial=0))
    full = chars > width - WRAP_MARGIN
    inner = (stops - ended)[full].sum()
    if not WRAP_WIDTHS[0] <= width <= WRAP_WIDTHS[1] or full.sum() < MIN_WRAPPED:
        return none
    if 2 * chars[full].sum() < chars.sum() or WRAPPED_LINES_A_STOP * inner < full.sum():
        return none
    goes_on = full[:-1] & (blanks[1:] == 0)
    paragraph = np.concatenate(([0], np.cumsum(~goes_on)))
    lines, words, said = (np.bincount(paragraph, weights=w) for w in (none + 1, units, stops))
    return np.asarray(((lines > 1) & (words >= 20) & (said > 0))[paragraph])


def _blocks(text: str, cuts: _Cuts, columns: Columns, found: Measures) -> tuple[Block, ...]:
    if not cuts.starts.size:
        return ()
    begin, stop = cuts.starts.tolist(), cuts.ends.tolist()
    texts = [text[a:b] for a, b in zip(begin, stop, strict=True)]
    folded = fold("\n".join(texts)).split("\n")
    folded[len(texts) - 1 :] = [" ".join(folded[len(texts) - 1 :])]  # the last block may hold lines
    rows = zip(
        range(len(texts)),
        begin,
        stop,
        texts,
        folded,
        np.cumsum(cuts.breaks).tolist(),
        [_CUTS[k] for k in cuts.kinds.tolist()],
        columns.blanks.tolist(),
        found.words.tolist(),
        found.letters.tolist(),
        found.digits.tolist(),
        found.ends_sentence.tolist(),
        strict=True,
    )
    return tuple(map(Block._make, rows))


def _lines(cuts: _Cuts, columns: Columns) -> tuple[Line, ...]:
    first = columns.line_first
    rows = zip(
        np.cumsum(cuts.breaks)[first].tolist(),
        columns.line_starts.tolist(),
        columns.ends[columns.line_last].tolist(),
        first.tolist(),
        columns.line_last.tolist(),
        columns.blanks[first].tolist(),
        columns.line_words.tolist(),
        columns.line_prose.tolist(),
        strict=True,
    )
    return tuple(map(Line._make, rows))
