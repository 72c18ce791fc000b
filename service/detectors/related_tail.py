"""Other headlines after the article: related, most read, more from this section.

Finds:
    Headings such as "Related" or "Most read" after the article and the headlines under them; runs
    of headlines without a heading that stand after the last running text.

Keeps:
    Lists that close an article (a colon announces them), last lines and notes of the article,
    poems, references, listings whose items are the content.

Signals:
    Position (after the running text) with shape (a run of headlines without full stops); a
    heading's phrase; repetition; an end mark (source, tags) just before.

Rules:
    heading: The heading of a list of other articles.
    headed: A short line below such a heading (the evidence), after most of the text.
    teaser: Running text below such a heading (the evidence).
    box: A heading amid the text, or one of three or more headlines right below it; the evidence is
        the heading.
    run: One of several headlines after the text, without a heading; the evidence counts them.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from schemas.labels import Label
from service import runs
from service.detector import Hits
from service.document import Block, Finding, Page, Signal

MIN_RUN: Final = 3
# There must be an article before them
MIN_TEXT: Final = 40
# What stands under a heading is cut while it is short; this many lines at most
MAX_HEADED: Final = 60
MAX_BOX: Final = 20
# A heading counts as after the article when this share of the running text stands before it: the
# teasers under it may be running text themselves
TAIL_SHARE: Final = 0.75


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Headed lists first, then runs without a heading after the last running text."""
    outline = runs.outline(page)
    if outline.total < MIN_TEXT:
        return
    heading: Block | None = None
    under = 0
    marks: list[int] = []
    for block in page.blocks:
        index = block.index
        if not outline.tail(index, TAIL_SHARE):
            if outline.running[index] and heading and outline.tail(max(0, index - 1), TAIL_SHARE):
                if under <= 12:
                    yield runs.found(
                        block, Label.RELATED_TAIL, "teaser", 0.5, heading.text,
                        {Signal.NEIGHBOURS, Signal.POSITION},
                    )  # fmt: skip
                under += 6
            continue
        here = index in hits.by_block
        if here and hits.initial(block, "end"):
            marks.append(index)
        if here and _is_heading(block, hits, outline.units[index]):
            heading, under = block, 0
            yield runs.found(
                block, Label.RELATED_TAIL, "heading", 0.85 if index > outline.last else 0.75, block.text,
                {Signal.PHRASE, Signal.POSITION},
            )  # fmt: skip
            continue
        if heading and under < MAX_HEADED:
            under += 1
            yield from _headed(outline, block, heading)
    yield from _boxes(page, outline, hits)
    yield from _tail(page, outline, marks)


def _boxes(page: Page, outline: runs.Outline, hits: Hits) -> Iterator[Finding]:
    """A heading with several headlines right below it, wherever running text stands before it."""
    for index in hits.by_block:
        heading = page.blocks[index]
        late = outline.before[index] < TAIL_SHARE * outline.total
        if not (late and outline.before[index] >= MIN_TEXT and hits.whole(heading, "heading")):
            continue
        below: list[Block] = []
        for item in page.blocks[index + 1 : index + 1 + MAX_BOX]:
            if not runs.is_headline(item, outline.units[item.index]):
                break
            below.append(item)
        if len(below) >= MIN_RUN:
            signals = {Signal.PHRASE, Signal.NEIGHBOURS, Signal.SHAPE}
            for item in (heading, *below):
                yield runs.found(item, Label.RELATED_TAIL, "box", 0.65, heading.text, signals)


def _is_heading(block: Block, hits: Hits, units: int) -> bool:
    if hits.whole(block, "heading"):
        return True
    hit = hits.initial(block, "heading")
    if hit is None or units > 8:
        return False
    return runs.covered((hit,), block) >= (0.5 if runs.colon(block) else 0.75)


def _headed(outline: runs.Outline, block: Block, heading: Block) -> Iterator[Finding]:
    units = outline.units[block.index]
    if runs.full_stop(block) and units > 3:
        return
    after = block.index > outline.last
    signals = {Signal.NEIGHBOURS, Signal.POSITION, Signal.SHAPE}
    yield runs.found(block, Label.RELATED_TAIL, "headed", 0.8 if after else 0.65, heading.text, signals)


def _tail(page: Page, outline: runs.Outline, marks: Sequence[int]) -> Iterator[Finding]:
    start = outline.last + 1
    tail = page.blocks[start:]
    if not tail:
        return
    shaped = [runs.is_headline(b, outline.units[b.index]) for b in tail]
    for a, b in runs.stretches(shaped):
        items = tail[a:b]
        opener = page.blocks[items[0].index - 1]
        announced = runs.colon(opener) and outline.units[opener.index] >= 4
        marked = any(0 < items[0].index - m <= 3 for m in marks)
        # headlines are longer than the labels that close a page, and have fewer numbers than its tables
        long = (
            len(items) >= MIN_RUN
            and sum(outline.units[i.index] for i in items) >= 6 * len(items)
            and sum(i.digits > 0 for i in items) * 2 <= len(items)
        )
        bulleted = sum(runs.marked(i) for i in items)
        if announced or len(items) < (2 if marked else MIN_RUN):
            confidence = 0.4
        elif marked:
            confidence = 0.85
        elif bulleted * 2 >= len(items):
            confidence = 0.5 + 0.1 * (len(items) >= 6 and long)
        else:
            confidence = 0.6 + 0.03 * min(5, len(items) - MIN_RUN) if long else 0.5
        signals = {Signal.SHAPE, Signal.POSITION} | ({Signal.NEIGHBOURS} if marked else set())
        evidence = f"{len(items)} headlines in a run after the article"
        yield from runs.each(((b, confidence) for b in items), Label.RELATED_TAIL, "run", evidence, signals)
