"""decoded plain text -> a page of lines and blocks.

Where a line is cut into blocks says `service.blocks.cuts`; white space alone lies between blocks.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.blocks import measures, seams
from service.blocks.cuts import GAP, KINDS, LINES, MARK, MIN_MARKS, Cuts, find_cuts
from service.blocks.measures import Classes
from service.blocks.seams import Finder
from service.document import Block, Columns, Counts, Dom, Line, Measures, Page
from service.folding import fold
from service.words import codes_of

# Enumerations have a comma every few words
WORDS_A_COMMA: Final = 5
# Pages broken at a width: the widths there are, how much shorter a full line may be, how many full lines
# there must be, and how many of them to one full stop amid a line
WRAP_WIDTHS: Final = (55, 120)
WRAP_MARGIN: Final = 16
MIN_WRAPPED: Final = 4
WRAPPED_LINES_A_STOP: Final = 8


def read(
    text: str,
    *,
    url: str | None = None,
    language: str | None = None,
    dom: Dom | None = None,
    finder: Finder | None = None,
) -> Page:
    """Cut a text into a page. Linear in the length of the text.

    `dom` comes with the rendering of an HTML page. Its lines are what its author made them, so they are
    not cut into sentences, nor at seams. `finder`: another finder of seams than the one in use.
    """
    codes = codes_of(text)
    rows = measures.rows_of(codes)
    classes = measures.classes_of(rows)
    latest = measures.closers(classes)
    cuts = find_cuts(text, codes, classes, latest, finder or seams.load(), rendered=dom is not None)
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


def _columns(
    rows: NDArray[np.uint8], classes: Classes, latest: Counts, cuts: Cuts, found: Measures, *, wraps: bool
) -> Columns:
    size = cuts.starts.size
    blanks = cuts.breaks - 1
    blanks[:1] += 1  # before the first block no line ends
    opening = np.flatnonzero(np.isin(cuts.kinds, LINES))
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
    gaps = summed((cuts.kinds == GAP) | (cuts.kinds == MARK))
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


def _blocks(text: str, cuts: Cuts, columns: Columns, found: Measures) -> tuple[Block, ...]:
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
        [KINDS[k] for k in cuts.kinds.tolist()],
        columns.blanks.tolist(),
        found.words.tolist(),
        found.letters.tolist(),
        found.digits.tolist(),
        found.ends_sentence.tolist(),
        strict=True,
    )
    return tuple(map(Block._make, rows))


def _lines(cuts: Cuts, columns: Columns) -> tuple[Line, ...]:
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
