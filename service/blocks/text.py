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
from service.blocks.measures import Codes, Ruler
from service.document import Block, Counts, Cut, Dom, Line, Measures, Page
from service.folding import fold

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

# No development dump has more than 5,000 blocks. Where a page would be cut into more than this
# many, all that follows is the last block, one stretch of text whatever its lines: work is bounded.
MAX_BLOCKS: Final = 50_000

_CUTS: Final = (Cut.PAGE, Cut.LINE, Cut.GAP, Cut.MARK, Cut.SENTENCE)
_LINE, _GAP, _MARK, _SENTENCE = 1, 2, 3, 4


def read(text: str, *, url: str | None = None, language: str | None = None, dom: Dom | None = None) -> Page:
    """Cut a text into a page. Linear in the length of the text.

    `dom` comes with the rendering of an HTML page. Its lines are what its author made them, so they are
    not cut into sentences.
    """
    codes = measures.codes_of(text)
    ruler = Ruler(measures.classes_of(codes))
    cuts = _cut(codes, ruler, sentences=dom is None)
    found = measures.measure(ruler, cuts.starts, cuts.ends)
    blocks = _blocks(text, cuts, found)
    lines, line_of = _lines(ruler, cuts, found)
    prose = [i for i, line in enumerate(lines) if line.prose]
    return Page(
        text,
        blocks,
        lines,
        line_of,
        measures=found,
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


def _cut(codes: Codes, ruler: Ruler, *, sentences: bool) -> _Cuts:
    classes = ruler.classes
    solid = np.zeros(classes.size + 2, dtype=np.int8)
    solid[1:-1] = (classes & measures.SPACE) == 0
    edges = np.flatnonzero(np.diff(solid)).astype(np.int32)
    starts, ends = edges[0::2], edges[1::2]
    if not starts.size:
        none = np.zeros(0, dtype=np.int32)
        return _Cuts(none, none, none, none)
    gap_starts = np.concatenate((np.zeros(1, dtype=np.int32), ends[:-1]))
    breaks = _breaks_between(codes, classes, gap_starts, starts)
    wide = _wide(codes, classes, gap_starts, starts)
    kinds = np.where(breaks > 0, _LINE, np.where(wide, _GAP, 0))
    kinds[0] = 0
    _cut_at_marks(codes, classes, starts, ends, kinds)
    if sentences:
        _cut_sentences(codes, ruler, starts, ends, kinds)
    first = kinds > 0
    first[0] = True
    opening = np.flatnonzero(first)[:MAX_BLOCKS]
    closing = np.concatenate((opening[1:], [starts.size])) - 1
    return _Cuts(starts[opening], ends[closing], kinds[opening], breaks[opening])


def _breaks_between(codes: Codes, classes: NDArray[np.uint16], a: Counts, b: Counts) -> Counts:
    """Line breaks in each gap; a carriage return with a line feed is one."""
    breaks = (classes & measures.NEWLINE) != 0
    if codes.size > 1:
        breaks[:-1] &= ~((codes[:-1] == 0x0D) & (codes[1:] == 0x0A))
    sums = measures.prefix(breaks)
    return np.asarray(sums[b] - sums[a])


def _wide(codes: Codes, classes: NDArray[np.uint16], a: Counts, b: Counts) -> NDArray[np.bool_]:
    """Gaps that separate: two or more spaces, a tab, an ideographic space.

    Two plain spaces after a full stop are how some people type, and no seam.
    """
    tabs = measures.prefix((codes == _TAB) | (codes == _IDEOGRAPHIC))
    plain = measures.prefix(codes == 0x20)
    width = b - a
    after_terminal = np.zeros(a.size, dtype=bool)
    after_terminal[1:] = (classes[a[1:] - 1] & (measures.TERMINAL | measures.CLOSER)) != 0
    typed = after_terminal & (width == 2) & (plain[b] - plain[a] == 2)
    return np.asarray(((width >= 2) & ~typed) | (tabs[b] - tabs[a] > 0))


def _cut_at_marks(
    codes: Codes, classes: NDArray[np.uint16], starts: Counts, ends: Counts, kinds: Counts
) -> None:
    """Cut before a lone separator that recurs on its line (in place). It opens the block after it."""
    lone = (ends - starts == 1) & ((classes[starts] & measures.SEPARATOR) != 0)
    if not lone.any():
        return
    lone &= np.isin(codes[starts], _MARK_CODES)
    line = np.cumsum(kinds == _LINE, dtype=np.int64)
    at = np.flatnonzero(lone)
    if not at.size:
        return
    keys = line[at] * 0x110000 + codes[starts[at]]
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    recurring = at[counts[inverse] >= MIN_MARKS]
    kinds[recurring] = np.where(kinds[recurring] == 0, _MARK, kinds[recurring])
    kinds[0] = 0


def _cut_sentences(codes: Codes, ruler: Ruler, starts: Counts, ends: Counts, kinds: Counts) -> None:
    """Cut pieces that are still over-long at sentence ends, between words (in place)."""
    classes = ruler.classes
    opening = np.flatnonzero(np.concatenate(([True], kinds[1:] > 0)))
    closing = np.concatenate((opening[1:], [starts.size])) - 1
    a, b = starts[opening], ends[closing]
    size = (b - a) + (SPACELESS_FACTOR - 1) * ruler.count(measures.SPACELESS, a, b)
    long = np.flatnonzero((size > LONG_LINE) & (closing > opening))
    if not long.size:
        return
    last = ruler.last(starts, ends)
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


def _blocks(text: str, cuts: _Cuts, found: Measures) -> tuple[Block, ...]:
    if not cuts.starts.size:
        return ()
    begin, stop = cuts.starts.tolist(), cuts.ends.tolist()
    texts = [text[a:b] for a, b in zip(begin, stop, strict=True)]
    folded = fold("\n".join(texts)).split("\n")
    folded[len(texts) - 1 :] = [" ".join(folded[len(texts) - 1 :])]  # the last block may hold lines
    blanks = cuts.breaks - 1
    blanks[:1] = cuts.breaks[:1]
    return tuple(
        map(
            Block,
            range(len(texts)),
            begin,
            stop,
            texts,
            folded,
            np.cumsum(cuts.breaks).tolist(),
            [_CUTS[k] for k in cuts.kinds.tolist()],
            np.maximum(blanks, 0).tolist(),
            found.words.tolist(),
            found.letters.tolist(),
            found.digits.tolist(),
            found.ends_sentence.tolist(),
        )
    )


def _lines(ruler: Ruler, cuts: _Cuts, found: Measures) -> tuple[tuple[Line, ...], tuple[int, ...]]:
    size = cuts.starts.size
    if not size:
        return (), ()
    opens = cuts.kinds == _LINE
    opens[0] = True
    opening = np.flatnonzero(opens)
    closing = np.concatenate((opening[1:], [size])) - 1
    starts, ends = cuts.starts[opening], cuts.ends[closing]
    m = measures.measure(ruler, starts, ends)
    units = m.units
    sentences = np.where(m.spaceless > m.chars / 2, m.terminals + m.commas > 0, m.terminals > 0)
    gaps = np.add.reduceat(((cuts.kinds == _GAP) | (cuts.kinds == _MARK)).astype(np.int32), opening)
    ended = np.add.reduceat(found.ends_sentence.astype(np.int32), opening)
    # Running text: ten words that end a sentence, twenty-five that hold one, forty of any kind; but
    # no row of items (short ones, or such as end no sentence), and no row of figures.
    prose = (units >= 10) & (m.ends_sentence | (units >= 25) & sentences | (units >= 40))
    prose &= (units / (1 + gaps) >= 10) & ((gaps < MIN_MARKS) | (2 * ended >= gaps))
    prose &= m.digits < m.letters / 2
    blanks = cuts.breaks[opening] - 1
    blanks[0] += 1
    lines = tuple(
        map(
            Line,
            np.cumsum(cuts.breaks)[opening].tolist(),
            starts.tolist(),
            ends.tolist(),
            opening.tolist(),
            closing.tolist(),
            blanks.tolist(),
            m.words.tolist(),
            prose.tolist(),
        )
    )
    return lines, tuple(np.repeat(np.arange(opening.size), closing - opening + 1).tolist())
