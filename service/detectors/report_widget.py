"""Report-abuse and report-an-error controls, and the answers they give.

Finds:
    Controls that report a picture, a comment or a mistake ("Report abuse", "Сообщить об ошибке"),
    and the notices shown when one is used ("شكرا على الإبلاغ!"), where they are all a block says.

Keeps:
    Sentences about reporting abuse or errors inside an article.

Signals:
    The phrase, and with it the shape (the block says nothing else, or opens with it and is short),
    the neighbours (another such notice) or the position (outside the article).

Rules:
    control: Reports something to the site.
    notice: The answer to a report, or an invitation to make one.
"""

from collections.abc import Iterator
from typing import Final

from schemas.labels import Label
from service import runs
from service.detector import Hits
from service.document import Finding, Page, Signal

MAX_WORDS: Final = 35
REACH: Final = 3


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Controls that stand alone, and notices that open their block."""
    if not hits.by_block:
        return
    outline = runs.outline(page)
    candidates = [
        b for b in page.blocks
        if b.index in hits.by_block and hits.initial(b) and outline.units[b.index] <= MAX_WORDS
    ]  # fmt: skip
    near = {b.index + d for b in candidates for d in range(-REACH, REACH + 1) if d}
    for block in candidates:
        signals = {Signal.PHRASE}
        whole = hits.whole(block)
        notice = hits.initial(block, "notice")
        if whole or (notice and runs.covered((notice,), block) > 0.5):
            signals.add(Signal.SHAPE)
        if block.index in near:
            signals.add(Signal.NEIGHBOURS)
        if page.outside_prose(block) and outline.total:
            signals.add(Signal.POSITION)
        confidence = 0.55 + 0.12 * (len(signals) - 1) + 0.1 * (Signal.SHAPE in signals)
        if not (whole or notice):
            confidence = min(confidence, 0.55)
        hit = hits.initial(block)
        yield runs.found(
            block, Label.REPORT_WIDGET, "notice" if notice else "control", confidence,
            hit.phrase if hit else "", signals,
        )  # fmt: skip
