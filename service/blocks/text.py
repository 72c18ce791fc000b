"""decoded plain text -> a page of lines and blocks.

A line is cut where its writer, or the program that dropped the tags, left a visible seam: runs of two
or more spaces, tabs, NO-BREAK spaces, a separator that recurs on the line; and at sentence ends where
the line is so long that it must hold several paragraphs. Nothing is lost: white space alone lies
between blocks.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.blocks import measures
from service.blocks.measures import Codes, Counts
from service.detector import fold
from service.document import Block, Cut, Line, Page

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
_NO_BREAK: Final = 0x00A0
_IDEOGRAPHIC: Final = 0x3000
_TAB: Final = 0x0009

_CUTS: Final = (Cut.PAGE, Cut.LINE, Cut.GAP, Cut.MARK, Cut.SENTENCE)
_LINE, _GAP, _MARK, _SENTENCE = 1, 2, 3, 4


def read(
    text: str, *, url: str | None = None, language: str | None = None, html: bool = False
) -> Page:
    """Cut a text into a page. Linear in the length of the text."""
    codes = measures.codes_of(text)
    classes = measures.classes_of(codes)
    starts, ends, kinds, newlines = _cut(codes, classes)
    return _assemble(text, classes, starts, ends, kinds, newlines, url=url, language=language, html=html)


def _cut(codes: Codes, classes: NDArray[np.uint16]) -> tuple[Counts, Counts, Counts, Counts]:
    """Starts, ends, kind of cut before, and line breaks before, of every block."""
    solid = (classes & measures.SPACE) == 0
    edges = np.flatnonzero(np.diff(np.concatenate(([False], solid, [False])).astype(np.int8)))
    starts, ends = edges[0::2].astype(np.int64), edges[1::2].astype(np.int64)
    if not starts.size:
        none = np.zeros(0, dtype=np.int64)
        return none, none, none, none
    gap_starts = np.concatenate(([0], ends[:-1]))
    breaks = _breaks_between(codes, classes, gap_starts, starts)
    wide = _wide(codes, classes, gap_starts, starts)
    kinds = np.where(breaks > 0, _LINE, np.where(wide, _GAP, 0))
    kinds[0] = 0
    _cut_at_marks(codes, classes, starts, ends, kinds)
    _cut_sentences(codes, classes, starts, ends, kinds)
    first = kinds > 0
    first[0] = True
    opening = np.flatnonzero(first)
    closing = np.concatenate((opening[1:], [starts.size])) - 1
    return starts[opening], ends[closing], kinds[opening], breaks[opening]


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
    """Cut before a lone separator that recurs on its line. The separator opens the block after it."""
    lone = (ends - starts == 1) & ((classes[starts] & measures.SEPARATOR) != 0)
    lone &= np.isin(codes[starts], np.array([ord(c) for c in _MARKS], dtype=np.uint32))
    if not lone.any():
        return
    line = np.cumsum(kinds == _LINE)
    at = np.flatnonzero(lone)
    keys = line[at] * 0x110000 + codes[starts[at]]
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    recurring = at[counts[inverse] >= MIN_MARKS]
    kinds[recurring] = np.where(kinds[recurring] == 0, _MARK, kinds[recurring])
    kinds[0] = 0


def _cut_sentences(
    codes: Codes, classes: NDArray[np.uint16], starts: Counts, ends: Counts, kinds: Counts
) -> None:
    """Cut pieces that are still over-long at sentence ends, between words (in place)."""
    opening = np.flatnonzero(np.concatenate(([True], kinds[1:] > 0)))
    closing = np.concatenate((opening[1:], [starts.size])) - 1
    spaceless = measures.prefix((classes & measures.SPACELESS) != 0)
    a, b = starts[opening], ends[closing]
    size = (b - a) + (SPACELESS_FACTOR - 1) * (spaceless[b] - spaceless[a])
    if not (size > LONG_LINE).any():
        return
    last = measures.last_but_closers(classes, starts, ends)
    stops = (classes[last] & measures.TERMINAL) != 0
    # a full stop after a single letter or a number is an abbreviation or an ordinal
    dot = codes[last] == ord(".")
    before = np.maximum(last - 1, 0)
    short = (last - starts <= 1) | ((classes[before] & measures.DIGIT) != 0)
    candidate = np.zeros(starts.size, dtype=bool)
    candidate[1:] = (stops & ~(dot & short))[:-1]
    # what follows must be able to open a sentence: no lower-case letter
    head = classes[starts]
    lower = ((head & measures.LETTER) != 0) & ((head & measures.UPPER) == 0) & (codes[starts] < 0x0530)
    candidate &= ~lower
    for first, final, long in zip(opening.tolist(), closing.tolist(), (size > LONG_LINE).tolist(), strict=True):
        if not long or final == first:
            continue
        at = int(starts[first])
        end = int(ends[final])
        for i in (np.flatnonzero(candidate[first + 1 : final + 1]) + first + 1).tolist():
            here = int(starts[i])
            if here - at >= SHORT_PIECE and end - here >= SHORT_PIECE:
                kinds[i] = _SENTENCE
                at = here


def _assemble(
    text: str,
    classes: NDArray[np.uint16],
    starts: Counts,
    ends: Counts,
    kinds: Counts,
    breaks: Counts,
    *,
    url: str | None,
    language: str | None,
    html: bool,
) -> Page:
    found = measures.measure(classes, starts, ends)
    begin, stop = starts.tolist(), ends.tolist()
    texts = [text[a:b] for a, b in zip(begin, stop, strict=True)]
    folded = fold("\n".join(texts)).split("\n") if texts else []
    numbers = np.cumsum(breaks).tolist()
    blanks = np.maximum(breaks - (np.arange(breaks.size) > 0), 0).tolist()
    blocks = tuple(
        map(
            Block,
            range(len(texts)),
            begin,
            stop,
            texts,
            folded,
            numbers,
            [_CUTS[k] for k in kinds.tolist()],
            blanks,
            found.words.tolist(),
            found.letters.tolist(),
            found.digits.tolist(),
            found.ends_sentence.tolist(),
        )
    )
    lines, line_of = _lines(classes, blocks)
    prose = [i for i, line in enumerate(lines) if line.prose]
    return Page(
        text,
        blocks,
        lines,
        line_of,
        url=url,
        html=html,
        language=language,
        first_prose=prose[0] if prose else -1,
        last_prose=prose[-1] if prose else -1,
    )


def _lines(classes: NDArray[np.uint16], blocks: tuple[Block, ...]) -> tuple[tuple[Line, ...], tuple[int, ...]]:
    if not blocks:
        return (), ()
    number = np.array([b.line for b in blocks])
    opening = np.flatnonzero(np.concatenate(([True], number[1:] != number[:-1])))
    closing = np.concatenate((opening[1:], [len(blocks)])) - 1
    starts = np.array([b.start for b in blocks])[opening]
    ends = np.array([b.end for b in blocks])[closing]
    m = measures.measure(classes, starts, ends)
    # Words in the sense of spaced scripts: some two characters make a word in Han, kana, Thai
    units = m.words - m.spaceless / 2
    sentences = np.where(m.spaceless > m.chars / 2, m.terminals + m.commas > 0, m.terminals > 0)
    gaps = np.add.reduceat(np.array([b.cut is Cut.GAP or b.cut is Cut.MARK for b in blocks]).astype(int), opening)
    prose = (units >= 10) & (m.ends_sentence | (units >= 25) & sentences | (units >= 40))
    prose &= units / (1 + gaps) >= 10
    prose &= m.digits < m.letters / 2
    lines = tuple(
        map(
            Line,
            number[opening].tolist(),
            starts.tolist(),
            ends.tolist(),
            opening.tolist(),
            closing.tolist(),
            [blocks[i].blanks for i in opening.tolist()],
            m.words.tolist(),
            prose.tolist(),
        )
    )
    line_of = np.repeat(np.arange(opening.size), closing - opening + 1)
    return lines, tuple(line_of.tolist())
