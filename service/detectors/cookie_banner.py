"""A request to accept cookies or tracking.

Finds:
    Consent sentences ("This site uses cookies …") before the article or after it, and the buttons
    that stand beside them ("Accept all", "Settings").

Keeps:
    Articles about cookies, recipes, and a consent phrase inside running text between paragraphs of
    the article.

Signals:
    The phrase, and with it either the position (outside the run of prose), the shape (a short line
    that says nothing else) or the neighbours (a button beside the sentence).

Rules:
    sentence: Says that the site uses cookies or asks for consent.
    button: A button within four blocks of such a sentence.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from schemas.labels import Label
from service import runs
from service.detector import Hits, clip
from service.document import Block, Finding, Page, Signal

# A banner speaks in a sentence or two; longer stretches are articles or policies.
MAX_WORDS: Final = 90
REACH: Final = 4


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Consent sentences and their buttons."""
    if not hits.by_block:
        return
    met = [page.blocks[i] for i in sorted(hits.by_block)]
    sentences = [b for b in met if hits.of(b, "sentence") and b.words <= MAX_WORDS]
    buttons = [b for b in met if hits.whole(b, "button")]
    near_button = Counter(b.index + d for b in buttons for d in (-2, -1, 1, 2))
    near_sentence = {b.index + d for b in sentences for d in range(-4, 5)}
    edge = _edge(page, {b.index for b in sentences})
    together = runs.near([b for b in sentences if hits.initial(b, "opening")], REACH)
    for block in sentences:
        signals = {Signal.PHRASE}
        opens = hits.initial(block, "opening") is not None
        if page.outside_prose(block) or (block.index in edge and opens):
            signals.add(Signal.POSITION)
        if near_button[block.index] or together.get(block.index):
            signals.add(Signal.NEIGHBOURS)
        # what neither begins as banners do nor has their buttons may be an article's title or last sentence
        sure = opens or near_button[block.index] > 1
        confidence = 0.6 + 0.15 * len(signals) if sure else 0.35 + 0.1 * len(signals)
        yield _finding(block, "sentence", confidence, signals, hits)
    for block in buttons:
        if block.index in near_sentence:
            yield _finding(block, "button", 0.85, {Signal.PHRASE, Signal.NEIGHBOURS, Signal.SHAPE}, hits)


def _edge(page: Page, sentences: set[int]) -> set[int]:
    """Consent sentences before all other running text, or after it: they may be running text themselves."""
    outline = runs.outline(page)
    text = [i for i, running in enumerate(outline.running) if running and i not in sentences]
    return {i for i in sentences if not text or i < text[0] or i > text[-1]}


def _finding(block: Block, rule: str, confidence: float, signals: set[Signal], hits: Hits) -> Finding:
    hit = hits.first(block)
    return Finding(
        block.start,
        block.end,
        Label.COOKIE_BANNER,
        min(confidence, 0.99),
        f"cookie_banner.{rule}",
        clip(hit.phrase if hit else block.text),
        frozenset(signals),
    )
