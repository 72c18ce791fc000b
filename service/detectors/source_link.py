"""A link to the article at its source.

Finds:
    "Click here to read it at its source", "Read the original article", as a line of its own after the
    text.

Keeps:
    Sentences that speak of an original or a source, and such a phrase between paragraphs.

Signals:
    The phrase, the shape (a short line) and the position (after the prose).

Rules:
    line: A short line that leads to the source.
"""

from collections.abc import Iterator
from typing import Final

from schemas.labels import Label
from service import titles
from service.detector import Hits, clip
from service.document import Finding, Page, Signal

MAX_WORDS: Final = 16
# Characters of Chinese or Japanese that sixteen words may take.
MAX_WORDS_SPACELESS: Final = 36


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Lines that lead to the source."""
    if not hits.by_block:
        return
    main = titles.main_text(page)
    for index in sorted(hits.by_block):
        block = page.blocks[index]
        hit = hits.initial(block, "link") or next(
            (h for h in hits.of(block, "link") if h.final and not block.digits), None
        )
        if hit is None:
            continue
        most = MAX_WORDS_SPACELESS if hit.language in ("zh", "ja", "th") else MAX_WORDS
        line = page.line_of[index]
        if block.words > most or page.lines[line].prose:
            continue
        after = bool(main) and line > main.last
        signals = {Signal.PHRASE, Signal.SHAPE} | ({Signal.POSITION} if after else set())
        yield Finding(
            block.start,
            block.end,
            Label.SOURCE_LINK,
            0.93 if after else 0.64 if hit.whole and not main else 0.55,
            "source_link.line",
            clip(hit.phrase),
            frozenset(signals),
        )
