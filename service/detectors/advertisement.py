"""Advertising markers, sponsored lists and "story continues below".

Finds:
    Markers that are all a line says ("Advertisement", "إعلان", "Anzeige"), also doubled by their
    container ("SponsoredSponsored"); headings of sponsored lists and, at low confidence, the short
    lines under them; notes that the story goes on below an advertisement.

Keeps:
    Articles about advertising, job advertisements and announcements; the words inside sentences.

Signals:
    The phrase with the shape (a block that says nothing else), repetition (the marker recurs) or
    the position (after the article).

Rules:
    marker: A word for advertising is all the block says.
    heading: The heading of a list of sponsored links.
    continues: Says that the story goes on below.
    doubled: The marker stands twice without a space between.
    under_heading: Stands right below such a heading; the evidence is the heading. Too little to
        remove it alone.
"""

from collections.abc import Iterator
from typing import Final

from schemas.labels import Label
from service import runs
from service.detector import Hits
from service.document import Block, Finding, Page, Signal

# Under a heading of sponsored links this many short lines may belong to it
UNDER: Final = 12


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Markers and headings, then what stands under a heading."""
    if not hits.by_block:
        return
    outline = runs.outline(page)
    heading: Block | None = None
    for block in page.blocks:
        here = block.index in hits.by_block
        if here and (marker := hits.whole(block, "marker")):
            signals = {Signal.PHRASE, Signal.SHAPE}
            if outline.copies[block.index] > 1:
                signals.add(Signal.REPETITION)
            confidence = 0.9 if Signal.REPETITION in signals else 0.75
            yield runs.found(block, Label.ADVERTISEMENT, "marker", confidence, marker.phrase, signals)
        elif here and (hit := hits.whole(block, "heading")):
            heading = block
            outside = outline.outside(block.index) or outline.tail(block.index, 0.5)
            signals = {Signal.PHRASE, Signal.POSITION} if outside else {Signal.PHRASE}
            yield runs.found(block, Label.ADVERTISEMENT, "heading", 0.8, hit.phrase, signals)
        elif here and (note := hits.initial(block, "continues")) and outline.units[block.index] <= 12:
            signals = {Signal.PHRASE, Signal.SHAPE}
            yield runs.found(block, Label.ADVERTISEMENT, "continues", 0.85, note.phrase, signals)
        elif _is_doubled(block):
            signals = {Signal.PHRASE, Signal.SHAPE, Signal.REPETITION}
            yield runs.found(block, Label.ADVERTISEMENT, "doubled", 0.9, block.text, signals)
        elif heading and block.index - heading.index <= UNDER and not outline.running[block.index]:
            signals = {Signal.NEIGHBOURS, Signal.POSITION}
            yield runs.found(block, Label.ADVERTISEMENT, "under_heading", 0.45, heading.text, signals)


def _is_doubled(block: Block) -> bool:
    """The marker written twice without a space: a link's text and its title."""
    half = len(block.folded) // 2
    word = block.folded[:half]
    return 4 <= half <= 20 and block.folded == word * 2 and word in _DOUBLED


_DOUBLED: Final = frozenset(
    {"sponsored", "advertisement", "sponsored links", "promoted links", "promoted", "anzeige", "werbung"}
    | {"publicité", "publicidad", "реклама", "إعلان", "اعلان", "by project agora"}
)
