"""Readers' comments under an article.

Finds:
    A heading that counts them ("3 comments") after the article, and from it on the comments
    themselves when reply or report buttons recur among them. In HTML, what stands in an element that the
    page's author calls comments, after an article.

Keeps:
    The posts of forum threads and of question-and-answer pages, whose posts are the content: where
    buttons of that kind stand before the heading too, or no article stands before it, nothing is cut;
    nor where the tree or the page's own data speak of a forum, or text goes on after the comments.

Signals:
    The heading's phrase and its position (after most of the running text or after an article), with
    repetition (reply buttons, or names with dates, that recur after it). Of an element its name, as
    shape, and its position.

Rules:
    heading: The heading of the comments.
    comment: Stands between that heading and the last reply button; the evidence counts the buttons.
    element: Stands below the article in an element that is called comments.
"""

from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from schemas.labels import Label
from service import runs, tree
from service.blocks.linked import FORUMS, types
from service.detector import Hit, Hits
from service.document import Block, Finding, Page, Signal

# An article stands before the comments; a question or a first post is usually shorter
MIN_ARTICLE: Final = 150
MIN_BUTTONS: Final = 2
# After the last reply button its comment has ended; what follows is something else
REACH: Final = 2
# Words of sentences that are no links. On the development pages where nothing names a forum, a thread's first
# post has up to 250
MIN_ABOVE: Final = 300
# Of these, behind the comments: teasers, an imprint. Where more follow, the element only has that name
MAX_BELOW: Final = 0.5


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """What the page's author calls comments; the heading after the article, and what buttons show."""
    yield from _in_elements(page)
    if hits.by_block:
        yield from _below_heading(page, hits)


def _in_elements(page: Page) -> Iterator[Finding]:
    commented = tree.commented(page)
    if page.dom is None or True not in commented or any(types(item) & FORUMS for item in page.dom.head.items):
        return
    linked = page.dom.linked.tolist()
    above = list(accumulate(
        line.words if line.prose and not away and 2 * links < line.end - line.start else 0
        for line, links, away in zip(page.lines, linked, commented, strict=False)
    ))  # fmt: skip
    inside = [
        (block, 0.8)
        for block in page.blocks
        if commented[line := page.line_of[block.index]] and above[line] >= MIN_ABOVE
    ]
    if not inside:
        return
    article = above[page.line_of[inside[0][0].index]]
    if above[-1] - article > MAX_BELOW * article:
        return
    signals = {Signal.SHAPE, Signal.POSITION}
    evidence = f"in an element called comments, below {article} words"
    yield from runs.each(inside, Label.COMMENTS, "element", evidence, signals)


def _below_heading(page: Page, hits: Hits) -> Iterator[Finding]:
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
