"""Paywall, login, bot check or error text shown instead of an article, or at its end.

Finds:
    "Subscribe to continue reading", "Checking your browser", "404 Not Found", "JavaScript must be
    enabled" where little else stands on the page, where the notice is all a block says and stands
    outside the article, or where two of them stand together.

Keeps:
    Articles about paywalls, captchas and errors; a notice's words inside running text.

Signals:
    The phrase, and with it the neighbours (little other text on the page, or another notice beside
    it), the position (before or after the article) or the shape (a short block that opens with it).

Rules:
    wall: Asks to subscribe, pay or log in before reading on.
    check: Asks to prove a person, to switch on scripts or cookies, or to wait for a check.
    error: Says that the page is missing, refused or broken.
"""

from collections.abc import Iterator
from typing import Final

from schemas.labels import Label
from service import runs
from service.detector import Hits
from service.document import Block, Finding, Page, Signal

# Less running text than this is no article: the notice is what the page says
LITTLE_TEXT: Final = 60
MAX_WORDS: Final = 60
SHORT_WORDS: Final = 25
REACH: Final = 3
COVERED: Final = 0.35


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Notices with what stands around them."""
    if not hits.by_block:
        return
    outline = runs.outline(page)
    notices = [
        b for b in page.blocks
        if b.index in hits.by_block and outline.units[b.index] <= MAX_WORDS and _speaks(outline, b, hits)
    ]  # fmt: skip
    own = sum(outline.units[b.index] for b in notices if outline.running[b.index])
    little = outline.total - own < LITTLE_TEXT
    near = {b.index + d for b in notices for d in range(-REACH, REACH + 1) if d}
    for block in notices:
        yield _notice(outline, block, hits, little=little, beside=block.index in near)


def _speaks(outline: runs.Outline, block: Block, hits: Hits) -> bool:
    """Whether the notice is what the block says, and not something it mentions."""
    found = hits.of(block, "wall", "check", "error")
    if not outline.running[block.index] and any(h.initial for h in found):
        return True
    return bool(found) and runs.covered(found, block) >= COVERED


def _notice(outline: runs.Outline, block: Block, hits: Hits, *, little: bool, beside: bool) -> Finding:
    hit = hits.first(block)
    signals = {Signal.PHRASE}
    if little or beside:
        signals.add(Signal.NEIGHBOURS)
    if outline.total and outline.outside(block.index):
        signals.add(Signal.POSITION)
    if outline.units[block.index] <= SHORT_WORDS and hits.initial(block):
        signals.add(Signal.SHAPE)
    confidence = 0.45 + 0.1 * (len(signals) - 1) + 0.2 * little
    # between paragraphs of an article the words are its subject
    if not (little or Signal.POSITION in signals or (beside and Signal.SHAPE in signals)):
        confidence = min(confidence, 0.5)
    kind = hit.listed if hit else "notice"
    return runs.found(block, Label.ACCESS_NOTICE, kind, confidence, hit.phrase if hit else "", signals)
