"""Menus, breadcrumbs, pagination, "skip to content" and "back to top".

Finds:
    Runs of short items without punctuation before the article, after it, or twice on the page; rows
    of such items on one line; breadcrumbs ("Home > News > Politics"); page numbers in a row; links
    for moving about the page.

Keeps:
    Titles and subheads, which stand at the end of such a run and alone; lists inside the article;
    the items of listing pages; poems, recipes and dialogues of short lines.

Signals:
    Shape (a run of short items) with position (before or after all running text), repetition (the
    same items elsewhere on the page) or phrases (words that name a site's sections and its controls).

Rules:
    run: Short items follow each other like a menu's. The evidence counts, of the items: those with
        letters, those that are words for a site's sections or controls (known), those that stand
        elsewhere on the page, too (repeated), and those that follow another on a line (in rows).
    control: Moves about the page: "skip to content", "back to top".
    pages: A row of page numbers.
    crumbs: A path of links that begins with the site's first page.
    home: A link to the site's first page, alone.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from schemas.labels import Label
from service import runs, tree
from service.detector import Hits
from service.document import Block, Cut, Finding, Page, Signal, Structure

# Shorter runs are title, date and author as often as a menu
MIN_RUN: Final = 3
LONG_RUN: Final = 8
LARGEST_RUN: Final = 40
LONG_ITEM: Final = 9
# One known word in so many short items: by chance program text and lists hold one, too
KNOWN_SHARE: Final = 10
MIN_KNOWN_AFTER: Final = 2
# Below this there is no article that a menu could stand before
MIN_TEXT: Final = 40
# The title and the section's name stand between the menu and the article
SPARED: Final = 2
# ... so of the last of a run, and of one that only stands where a menu would, no more is said than that: not
# enough for the model's lean to settle it
GUESS: Final = 0.4
# Elements that stand around the text
_AROUND: Final = int(Structure.NAV | Structure.HEADER | Structure.FOOTER | Structure.ASIDE)
# Below the last item that is known or repeated a list of the text's own may have begun: the model must agree
UNPROVED: Final = 0.55
_CRUMB: Final = re.compile(r"\s[>›»/→❯|]\s?|\s?[›»→❯]\s")
_PAGES: Final = re.compile(r"[\[(‹«<]*\d{1,3}(?:[\s|…]+\d{1,4}){2,}[\s.…›»>\])]*\D{0,16}")


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Runs of items first, then what is known by its own words or form."""
    outline = runs.outline(page)
    known = [
        bool(hits.whole(b, "item", "control")) if b.index in hits.by_block else False for b in page.blocks
    ]
    short = [
        runs.is_item(b, n) or k or b.letters == 0
        for b, n, k in zip(page.blocks, outline.units, known, strict=True)
    ]
    breaks = _breaks(page)
    for start, stop in runs.stretches(_joined(page, outline, short)):
        for begin, end in pairwise((start, *(i for i in breaks if start < i < stop), stop)):
            if end - begin >= MIN_RUN:
                yield from _run(outline, known, page.blocks[begin:end])
    for block in page.blocks:
        if block.index in hits.by_block or block.digits >= 3:
            yield from _alone(outline, block, hits)


def _breaks(page: Page) -> tuple[int, ...]:
    """Blocks of an HTML page that a run never goes on with: a menu ends where its element does."""
    flags = tree.line_flags(page)
    around = (flags & _AROUND) != 0
    begins = np.flatnonzero((around[1:] != around[:-1]) | ((flags[1:] & int(Structure.H1)) != 0)) + 1
    return tuple(page.lines[i].first for i in begins.tolist())


def _joined(page: Page, outline: runs.Outline, short: Sequence[bool]) -> list[bool]:
    """A single longer item between short ones does not end a menu."""
    joined = list(short)
    for i in range(1, len(short) - 1):
        if not short[i] and short[i - 1] and short[i + 1] and outline.units[i] <= LONG_ITEM:
            joined[i] = not page.blocks[i].ends_sentence
    return joined


def _run(outline: runs.Outline, known: Sequence[bool], items: Sequence[Block]) -> Iterator[Finding]:
    first, last = items[0].index, items[-1].index
    names = sum(known[first : last + 1])
    twice = sum(outline.copies[b.index] > 1 for b in items if b.letters)
    lettered = sum(b.letters > 0 for b in items)
    rows = sum(b.cut in (Cut.GAP, Cut.MARK) for b in items)
    signals = {Signal.SHAPE}
    if names >= 2:
        signals.add(Signal.PHRASE)
    if twice * 2 >= lettered > 1:
        signals.add(Signal.REPETITION)
    around = outline.total >= MIN_TEXT and (last < outline.first or first > outline.last)
    if around:
        signals.add(Signal.POSITION)
    bulleted = sum(runs.marked(b) and not b.digits for b in items) * 5 >= 4 * len(items)
    if first > outline.last and names < MIN_KNOWN_AFTER:
        # lists that close an article are as short and as bare
        signals.discard(Signal.POSITION)
    confidence = _confidence(signals, lettered, names, bulleted=bulleted and last < outline.first)
    if confidence <= 0:
        return
    spared = {b.index for b in items[-SPARED:]} if around and last < outline.first else set()
    shown = [b.index for b in items if known[b.index] or outline.copies[b.index] > 1]
    proved = shown[-1] if shown and around and last < outline.first else last
    evidence = f"{lettered} short items in a run, {names} known, {twice} repeated, {rows} in rows"

    def sure(block: Block) -> float:
        most = confidence
        if block.index in spared and not (
            known[block.index]
            or runs.marked(block)
            or block.cut in (Cut.GAP, Cut.MARK)
            or outline.copies[block.index] > 1
        ):
            most = min(most, GUESS)
        if block.index > proved:
            most = min(most, UNPROVED)
        if not block.letters:
            return min(most, 0.7)
        long = outline.units[block.index] > runs.ITEM_WORDS and not runs.marked(block)
        return min(most, 0.5) if long else most

    yield from runs.each(((b, sure(b)) for b in items), Label.NAVIGATION, "run", evidence, signals)


def _confidence(signals: set[Signal], size: int, names: int, *, bulleted: bool) -> float:
    """How sure a run is a menu; 0 for not at all."""
    around, twice = Signal.POSITION in signals, Signal.REPETITION in signals
    many = names * 3 >= size
    if around:
        # without one known word a run may be a list of names or ingredients as well as a menu
        some = names * KNOWN_SHARE >= size
        if not (names or twice or bulleted):
            return GUESS
        base = (
            0.5
            + 0.1 * some
            + 0.1 * (names >= 2 and (some or size <= LARGEST_RUN))
            + 0.1 * (some and names >= 2)
        )
        base = max(base, 0.6) if bulleted and size >= LONG_RUN else base
        return base + 0.05 * many + 0.1 * (size >= LONG_RUN and some) + 0.05 * (twice and names > 0)
    if names >= 3 and names * 2 >= size:
        return 0.65 + 0.1 * twice + 0.05 * (size >= LONG_RUN)
    # lists, tables and program text repeat their short lines too
    return 0.0


def _alone(outline: runs.Outline, block: Block, hits: Hits) -> Iterator[Finding]:
    units = outline.units[block.index]
    control = hits.whole(block, "control") if block.index in hits.by_block else None
    if control:
        yield runs.found(
            block, Label.NAVIGATION, "control", 0.85, control.phrase, {Signal.PHRASE, Signal.SHAPE}
        )
        return
    if units > 20 or runs.full_stop(block) or not outline.outside(block.index):
        return
    if block.digits >= 3 and _PAGES.fullmatch(block.text):
        yield runs.found(block, Label.NAVIGATION, "pages", 0.7, block.text, {Signal.SHAPE, Signal.POSITION})
    elif block.index in hits.by_block and (home := hits.initial(block, "home")):
        steps = _CRUMB.split(block.text)
        if len(steps) >= 2 and len(block.text) <= 30 * len(steps):
            signals = {Signal.PHRASE, Signal.SHAPE, Signal.POSITION}
            yield runs.found(block, Label.NAVIGATION, "crumbs", 0.85, home.phrase, signals)
        elif home.whole and outline.total >= MIN_TEXT:
            yield runs.found(
                block, Label.NAVIGATION, "home", 0.75, home.phrase, {Signal.PHRASE, Signal.POSITION}
            )
