"""Copyright lines, terms and privacy links, imprint, at the end of a page.

Finds:
    Copyright notices and "all rights reserved" after the article; rows and runs of legal links
    (terms, privacy, imprint, about, contact); "powered by" and "designed by"; the short lines that
    stand around a copyright notice at the very end.

Keeps:
    Articles about copyright; picture credits ("© Reuters"), which stand in the article; a lone
    "Contact" or "Privacy" that is a subhead.

Signals:
    The phrase or the copyright sign, and with it the position (after the article), the shape (a row
    of such links) or the neighbours (another such line beside it).

Rules:
    rights: A copyright sign with a year, or words that reserve rights or name who made the site.
    link: A link to terms, privacy, imprint, contact.
    end: A short line after the copyright line (the evidence) at the very end of the page.
"""

import re
from collections.abc import Iterator
from typing import Final

from schemas.labels import Label
from service import runs
from service.detector import Hits
from service.document import Block, Finding, Page, Signal

MAX_WORDS: Final = 60
REACH: Final = 3
# From a copyright line on, a page's last blocks are its footer; more than this is something else
LAST_BLOCKS: Final = 15
TAIL_SHARE: Final = 0.85
COVERED: Final = 0.6
_SIGN: Final = re.compile(
    r"(?:©|ⓒ|&copy;|\(c\)|copyright)[\W_]{0,12}(?:copyright\W{0,4})?(?:19|20|14)\d\d|(?:19|20|14)\d\d\W{0,3}[©ⓒ]",
    re.IGNORECASE,
)


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Copyright lines, then links near each other, then what stands at the very end."""
    outline = runs.outline(page)
    signed: list[Block] = []
    linked: list[Block] = []
    for block in page.blocks:
        units = outline.units[block.index]
        if units > MAX_WORDS or not _is_late(outline, block):
            continue
        here = block.index in hits.by_block
        if _is_signed(block) or (here and _is_strong(block, hits)):
            signed.append(block)
        elif here and _is_link(block, hits):
            linked.append(block)
    near = runs.near([*signed, *linked], REACH)
    for block in signed:
        signals = {Signal.PHRASE, Signal.POSITION} | ({Signal.NEIGHBOURS} if near[block.index] else set())
        confidence = 0.9 if block.index > outline.last else 0.8
        yield runs.found(block, Label.LEGAL_FOOTER, "rights", confidence, block.text, signals)
    for block in linked:
        row = len(hits.of(block, "link")) >= 2
        signals = {Signal.PHRASE, Signal.POSITION}
        if near[block.index]:
            signals.add(Signal.NEIGHBOURS)
        if row:
            signals.add(Signal.SHAPE)
        confidence = 0.85 if row or near[block.index] else 0.55
        yield runs.found(block, Label.LEGAL_FOOTER, "link", confidence, block.text, signals)
    if signed and signed[-1].index > outline.last and len(page.blocks) - signed[-1].index <= LAST_BLOCKS:
        yield from _end(page, outline, signed[-1], {b.index for b in [*signed, *linked]})


def _is_late(outline: runs.Outline, block: Block) -> bool:
    if not outline.total:
        return False
    own = outline.units[block.index] if outline.running[block.index] else 0
    return outline.before[block.index] >= TAIL_SHARE * (outline.total - own)


def _is_signed(block: Block) -> bool:
    """A copyright sign beside a year, or one that opens a short block."""
    if "©" in block.text or "ⓒ" in block.text or "copyright" in block.folded or "(c)" in block.folded:
        opens = block.text[0] in "©ⓒ" and block.words <= 12
        return opens or bool(_SIGN.search(block.text))
    return False


def _is_strong(block: Block, hits: Hits) -> bool:
    strong = hits.of(block, "rights")
    if not strong:
        return False
    return any(h.initial or h.final for h in strong) or runs.covered(strong, block) >= 0.35


def _is_link(block: Block, hits: Hits) -> bool:
    links = hits.of(block, "link")
    if runs.colon(block):
        return False
    if any(h.whole for h in links):
        return True
    return len({h.start for h in links}) >= 2 and runs.covered(links, block) >= COVERED


def _end(page: Page, outline: runs.Outline, sign: Block, said: set[int]) -> Iterator[Finding]:
    signals = {Signal.POSITION, Signal.NEIGHBOURS}
    for block in page.blocks[sign.index + 1 :]:
        if block.index in said or outline.units[block.index] > runs.MAX_HEADLINE_WORDS:
            continue
        yield runs.found(block, Label.LEGAL_FOOTER, "end", 0.65, sign.text, signals)
