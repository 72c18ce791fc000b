"""An invitation to comment, and the form to do it.

Finds:
    "Leave a comment", "Your email address will not be published", the labels of the form's fields
    and its buttons, requests to log in before commenting, and notices that comments are closed or
    moderated.

Keeps:
    Sentences about comments inside an article; a lone "Name" or "Email" that no form stands around.

Signals:
    The phrase, and with it the shape (the block says nothing else, or opens with it), the position
    (after the article) or the neighbours (other parts of the form).

Rules:
    prompt: Asks for a comment, or says who may write one.
    button: The button of a comment form.
    field: The name of a field, beside a prompt or a button.
"""

from collections.abc import Iterator
from typing import Final

from schemas.labels import Label
from service import runs
from service.detector import Hits
from service.document import Block, Finding, Page, Signal

MAX_WORDS: Final = 60
REACH: Final = 4
# Comment forms stand after the article; teasers and comments after them may be running text
TAIL_SHARE: Final = 0.5


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Prompts and buttons, then fields that stand beside them."""
    if not hits.by_block:
        return
    outline = runs.outline(page)
    fields: list[Block] = []
    anchors: list[int] = []
    for block in page.blocks:
        if block.index not in hits.by_block or outline.units[block.index] > MAX_WORDS:
            continue
        if hits.whole(block, "button") or hits.initial(block, "prompt"):
            anchors.append(block.index)
            yield _prompt(outline, block, hits)
        elif hits.whole(block, "field"):
            fields.append(block)
    near = {a + d for a in anchors for d in range(-REACH, REACH + 1)}
    for block in fields:
        if block.index in near:
            signals = {Signal.PHRASE, Signal.SHAPE, Signal.NEIGHBOURS}
            yield runs.found(block, Label.COMMENT_PROMPT, "field", 0.8, block.text, signals)


def _prompt(outline: runs.Outline, block: Block, hits: Hits) -> Finding:
    hit = hits.initial(block, "prompt", "button")
    prompt = hits.initial(block, "prompt") is not None
    signals = {Signal.PHRASE}
    if hits.whole(block, "button", "prompt") or (hit and runs.covered((hit,), block) >= 0.5):
        signals.add(Signal.SHAPE)
    share = outline.before[block.index] >= TAIL_SHARE * outline.total > 0
    if share:
        signals.add(Signal.POSITION)
    confidence = 0.55 + 0.15 * (len(signals) - 1) + 0.05 * prompt
    # inside the article a prompt is as likely its subject as its form
    if not share:
        confidence = min(confidence, 0.6 if prompt and Signal.SHAPE in signals else 0.5)
    return runs.found(
        block, Label.COMMENT_PROMPT, "prompt" if prompt else "button", confidence,
        hit.phrase if hit else "", signals,
    )  # fmt: skip
