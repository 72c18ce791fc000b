"""Readers' comments under an article.

Finds:
    A heading that counts them ("3 comments") after the article, and from it on the comments
    themselves when reply or report buttons recur among them.

Keeps:
    The posts of forum threads and of question-and-answer pages, whose posts are the content: where
    buttons of that kind stand before the heading too, or no article stands before it, nothing is cut.

Signals:
    The heading's phrase and its position (after most of the running text or after an article), with
    repetition (reply buttons, or names with dates, that recur after it).

Rules:
    heading: The heading of the comments.
    comment: Stands between that heading and the last reply button; the evidence counts the buttons.
"""

from collections.abc import Iterator
from typing import Final

from schemas.labels import Label
from service import runs
from service.detector import Hit, Hits
from service.document import Block, Finding, Page, Signal

# An article stands before the comments; a question or a first post is usually shorter
MIN_ARTICLE: Final = 150
MIN_BUTTONS: Final = 2
# After the last reply button its comment has ended; what follows is something else
REACH: Final = 2


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """The heading after the article, then what recurring buttons show to be comments."""
    if not hits.by_block:
        return
    outline = runs.outline(page)
    heading: Block | None = None
    buttons: list[int] = []
    counted = False
    for block in page.blocks:
        if block.index not in hits.by_block:
            continue
        if hits.whole(block, "button"):
            if heading is None:
                return
            buttons.append(block.index)
            continue
        hit = hits.whole(block, "heading") or _counted(block, hits)
        if hit and heading is None and outline.before[block.index] >= MIN_ARTICLE:
            heading = block
            counted = block.digits > 0 or hit.listed == "count"
    if heading is None:
        return
    tail = outline.before[heading.index] >= 0.5 * outline.total
    if tail:
        signals = {Signal.PHRASE, Signal.POSITION}
        yield runs.found(heading, Label.COMMENTS, "heading", 0.75 if counted else 0.65, heading.text, signals)
    if len(buttons) >= MIN_BUTTONS:
        yield from _below(page, outline, heading, buttons, counted=counted)


def _counted(block: Block, hits: Hits) -> Hit | None:
    """A number and the word, and little else: "3 comments", "Comments (3)", "3 thoughts on …"."""
    if not block.digits or len(block.text) > 160:
        return None
    hit = hits.initial(block, "count")
    if hit and (hit.whole or hit.start > 0 or block.folded[hit.end :].strip().startswith("on")):
        return hit
    return None


def _below(
    page: Page, outline: runs.Outline, heading: Block, buttons: list[int], *, counted: bool
) -> Iterator[Finding]:
    signals = {Signal.PHRASE, Signal.POSITION, Signal.REPETITION}
    evidence = f"{len(buttons)} reply buttons after {heading.text!r}"
    tail = outline.before[heading.index] >= 0.5 * outline.total
    confidence = 0.7 if counted and tail else 0.55
    below = ((b, confidence) for b in page.blocks[heading.index + 1 : buttons[-1] + 1])
    yield from runs.each(below, Label.COMMENTS, "comment", evidence, signals)
