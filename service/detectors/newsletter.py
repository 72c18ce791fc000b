"""An invitation to subscribe to mails or alerts, with its form.

Finds:
    "Sign up for our newsletter" and the like where the block says little else, stands outside the
    article or beside the form's button or address field; the button and field themselves.

Keeps:
    Articles about newsletters and subscriptions; a sentence that mentions one inside running text.

Signals:
    The phrase, and with it the position (outside the article), the shape (a short block without a
    full stop that opens with it) or the neighbours (button or field beside the invitation).

Rules:
    invitation: Invites to subscribe.
    form: A button or field within three blocks of an invitation.
"""

from collections.abc import Iterator
from typing import Final

from schemas.labels import Label
from service import runs
from service.detector import Hits
from service.document import Block, Finding, Page, Signal

MAX_WORDS: Final = 45
SHORT_WORDS: Final = 12
REACH: Final = 3


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Invitations, then the parts of the form beside them."""
    if not hits.by_block:
        return
    outline = runs.outline(page)
    invitations: list[Block] = []
    parts: list[Block] = []
    for block in page.blocks:
        if block.index not in hits.by_block:
            continue
        if hits.of(block, "invite") and outline.units[block.index] <= MAX_WORDS:
            invitations.append(block)
        elif hits.whole(block, "part", "field"):
            parts.append(block)
    near_part = {b.index + d for b in parts for d in range(-REACH, REACH + 1)}
    next_to_part = {b.index + d for b in parts for d in (-1, 1)}
    near_invitation = {b.index + d for b in invitations for d in range(-REACH, REACH + 1)}
    for block in invitations:
        # a site's head may hold a button a few lines above an article that opens with such words
        brief = outline.units[block.index] <= SHORT_WORDS
        yield _invitation(outline, block, hits, beside=block.index in (near_part if brief else next_to_part))
    for block in parts:
        if block.index in near_invitation:
            signals = {Signal.PHRASE, Signal.SHAPE, Signal.NEIGHBOURS}
            yield runs.found(block, Label.NEWSLETTER, "form", 0.8, block.text, signals)


def _invitation(outline: runs.Outline, block: Block, hits: Hits, *, beside: bool) -> Finding:
    units = outline.units[block.index]
    hit = hits.first(block, "invite")
    opens = hits.initial(block, "invite") is not None
    signals = {Signal.PHRASE}
    if outline.total and outline.outside(block.index):
        signals.add(Signal.POSITION)
    if opens and (units <= SHORT_WORDS and not runs.full_stop(block)):
        signals.add(Signal.SHAPE)
    if beside:
        signals.add(Signal.NEIGHBOURS)
    confidence = 0.5 + 0.15 * (len(signals) - 1) + 0.05 * opens
    return runs.found(block, Label.NEWSLETTER, "invitation", confidence, hit.phrase if hit else "", signals)
