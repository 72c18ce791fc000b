"""Other headlines before the article: a news ticker, a list of the latest news.

Finds:
    Many headlines on one line before the article, separated by wide gaps, tabs or marks; runs of
    headline-shaped lines before it, the surer with a heading ("Latest news") or a time before each;
    one over-long line without a full stop at the page's head, when the separators are lost.

Keeps:
    The article's own title, standfirst and subheads; press reviews and listings, whose headlines are
    the content; lists and tables inside the article.

Signals:
    Shape (a run of headlines) and position (before all running text); a heading's phrase; repetition
    (the same headlines elsewhere on the page).

Rules:
    row: One of many headlines on a line; the evidence counts them.
    run: One of several headlines on lines of their own; the evidence counts them.
    heading: The heading of such a list.
    labelled: A headline with a ticker's word ("Breaking") before it, one of at least two.
    timed: A line of news with three or more times of day.
    unbroken: A long line without a full stop at the page's head: headlines that lost what parted
        them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from schemas.labels import Label
from service import runs, stops
from service.detector import Hits
from service.document import LINE_BEGINS, Block, Cut, Finding, Line, Page, Signal

# A title, a standfirst, a date and a caption are four; more headlines in a row are a list
MIN_LINES: Final = 6
MANY_LINES: Final = 12
# On one line two or three pieces may be a title and its date or source
MIN_PIECES: Final = 4
LONG_ROW: Final = 8
# There must be an article after them
MIN_TEXT: Final = 40
UNBROKEN_WORDS: Final = 60
MEAN_WORDS: Final = 6
MIN_LABELLED: Final = 2
_TIME: Final = re.compile(r"\W{0,4}(?:[01]?\d|2[0-3])[:h][0-5]\d\b")


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Rows, runs and headed lists of headlines before the first running text."""
    outline = runs.outline(page)
    if outline.total < MIN_TEXT or not page.blocks:
        return
    lead = page.blocks[: outline.first]
    heading = next((b for b in lead if b.index in hits.by_block and hits.whole(b, "heading")), None)
    rowed: set[int] = set()
    for line in _rows(page, outline):
        rowed.update(range(line.first, line.last + 1))
        yield from _row(page.blocks_of(line))
    shaped = [
        b.index not in rowed
        and (
            runs.is_headline(b, n) or bool(n >= runs.HEADLINE_WORDS and _TIME.match(b.text)) or b.letters < 3
        )
        for b, n in zip(lead, outline.units, strict=False)
    ]
    for start, stop in runs.stretches(shaped):
        yield from _run(outline, lead[start:stop], heading)
    yield from _listed(outline, lead, hits)
    if heading:
        yield runs.found(
            heading, Label.HEADLINE_TICKER, "heading", 0.7, heading.text, {Signal.PHRASE, Signal.POSITION}
        )
    yield from _unbroken(page, outline)


def _rows(page: Page, outline: runs.Outline) -> Iterator[Line]:
    """Lines of many pieces, most of them headlines: the odd short or long piece goes with them."""
    for line in page.lines:
        if line.last >= outline.first:
            return
        size = line.last - line.first + 1
        if size < LONG_ROW:
            continue
        heads = [b for b in page.blocks_of(line) if runs.is_headline(b, outline.units[b.index])]
        if len(heads) * 3 >= 2 * size and _long(outline, heads):
            yield line


def _row(blocks: Sequence[Block]) -> Iterator[Finding]:
    evidence = f"{len(blocks)} headlines on one line before the article"
    signals = {Signal.SHAPE, Signal.POSITION}
    yield from runs.each(((b, 0.9) for b in blocks), Label.HEADLINE_TICKER, "row", evidence, signals)


def _listed(outline: runs.Outline, lead: Sequence[Block], hits: Hits) -> Iterator[Finding]:
    """Items that each say what they are: a line of news with their times, "Breaking …" before each."""
    labelled = [b for b in lead if b.index in hits.by_block and hits.initial(b, "heading")]
    labelled = [b for b in labelled if runs.is_headline(b, outline.units[b.index])]
    if len(labelled) >= MIN_LABELLED:
        signals = {Signal.PHRASE, Signal.POSITION, Signal.REPETITION}
        for block in labelled:
            yield runs.found(block, Label.HEADLINE_TICKER, "labelled", 0.75, block.text, signals)
    for block in lead:
        if block.digits >= 4 * runs.MIN_TIMES and runs.timed(block) >= runs.MIN_TIMES:
            signals = {Signal.SHAPE, Signal.POSITION, Signal.REPETITION}
            yield runs.found(block, Label.HEADLINE_TICKER, "timed", 0.75, block.text, signals)


def _unbroken(page: Page, outline: runs.Outline) -> Iterator[Finding]:
    """A ticker whose separators are lost: an over-long line without a full stop, near the page's head."""
    first = page.blocks[outline.first]
    long = outline.first <= 2 and outline.units[first.index] >= UNBROKEN_WORDS
    if long and not first.ends_sentence and not any(stop in first.text for stop in stops.INSIDE):
        evidence = "a long line without a full stop"
        signals = {Signal.SHAPE, Signal.POSITION}
        yield runs.found(first, Label.HEADLINE_TICKER, "unbroken", 0.5, evidence, signals)


def _run(outline: runs.Outline, items: Sequence[Block], heading: Block | None) -> Iterator[Finding]:
    heads = [b for b in items if b.letters >= 3]
    headed = heading is not None and 0 <= items[0].index - heading.index <= 2
    pieces = sum(b.cut in (Cut.GAP, Cut.MARK) for b in heads)
    timed = sum(bool(_TIME.match(b.text)) for b in heads)
    twice = sum(outline.copies[b.index] > 1 for b in heads)
    signals = {Signal.SHAPE, Signal.POSITION}
    if headed:
        signals.add(Signal.PHRASE)
    if twice >= 3:
        signals.add(Signal.REPETITION)
    confidence = _confidence(len(heads), pieces, timed, headed=headed, long=_long(outline, heads))
    if not confidence:
        return
    evidence = f"{len(heads)} headlines in a run before the article"
    rule = "row" if pieces >= MIN_PIECES - 1 else "run"
    last = heads[-1].index

    def sure(block: Block) -> float:
        # the last headline before the article is its own title, unless it looks like the others' items
        alone = block.cut in LINE_BEGINS and not runs.marked(block) and not _TIME.match(block.text)
        return min(confidence, 0.45) if block.index >= last - 1 and alone else confidence

    yield from runs.each(((b, sure(b)) for b in items), Label.HEADLINE_TICKER, rule, evidence, signals)


def _long(outline: runs.Outline, heads: Sequence[Block]) -> bool:
    """Whether they are as long as headlines on average; products, services and sections are shorter."""
    return sum(outline.units[b.index] for b in heads) >= MEAN_WORDS * len(heads)


def _confidence(heads: int, pieces: int, timed: int, *, headed: bool, long: bool) -> float:
    """How sure a run of headlines is a ticker; 0 for not at all."""
    if heads < 2:
        return 0.0
    bonus = 0.15 * headed + 0.1 * (timed >= 3)
    if pieces >= MIN_PIECES - 1:
        return (0.7 if pieces < 7 else 0.9) + bonus
    if heads >= MIN_LINES and (long or headed or timed):
        # features of a product and entries of a table of contents run on like this, too
        return (0.65 if bonus or heads >= MANY_LINES else 0.55) + bonus
    if timed >= 3 or headed:
        return 0.65 + bonus
    return 0.4 if heads >= 3 else 0.0
