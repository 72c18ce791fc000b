"""What forum software writes around posts.

Finds:
    Post numbers and headers, a member's figures ("Joined", "المشاركات"), ranks, buttons ("Reply",
    "اقتباس"), "last edited by", thread tools, "back" and "top" at a thread's end: on pages where such
    pieces recur or stand together.

Keeps:
    The posts, signatures that say something, and the same words in articles.

Signals:
    The phrase and its shape, and repetition of the kind over the page or neighbours of the kind.

Rules:
    field: A member's figure with its label, as forums alone have it.
    detail: A member's figure with a label that other pages have, too.
    figure: The figure below such a label.
    status: Whether a member is online.
    edited: Who changed the post, and when.
    tools: A thread's tools or ways to show it.
    notice: What the reader may do here.
    button: A post's button.
    rank: A member's rank.
    number: A post's number.
    thread_end: "Back" and "Top" below a thread.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from schemas.labels import Label
from service.detector import Hit, Hits, clip
from service.document import Block, Finding, Page, Signal

# Different pieces of chrome that make a page a forum's, and how often one kind has to recur.
DIFFERENT: Final = 2
RECURRING: Final = 3
# A header may hold a label and a figure or a date; longer blocks are posts.
MAX_WORDS: Final = 12
MAX_NOTICE: Final = 40
NEAR: Final = 4
_NUMBER: Final = re.compile(r"#\s?\d{1,5}|\(?\s*#?\s*\d{1,5}\s*\)?\s*#")
_FIGURE: Final = re.compile(r"[\d.,٬٫٠-٩\s/+-]{1,16}")
_STRONG: Final = ("field", "status", "edited", "tools", "notice")


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Chrome, once the page has shown itself to be a forum's; the ends of a thread anywhere."""
    numbered = [b for b in page.blocks if b.digits and b.text[0] in "#(" and _numbered(b)]
    if not hits.by_block and len(numbered) < RECURRING:
        return
    met = {i: hit for i in sorted(hits.by_block) if (hit := _chrome(hits, page.blocks[i])) is not None}
    for block in _ends(page, hits):
        yield _finding(block, "thread_end", 0.86, {Signal.PHRASE, Signal.SHAPE, Signal.NEIGHBOURS})
    if not _forum(met, len(numbered)):
        return
    near = {i + d for i in met for d in range(-NEAR, NEAR + 1) if d}
    counts = Counter(hit.phrase for hit in met.values())
    for index, hit in met.items():
        yield from _piece(page.blocks[index], hit, recurs=counts[hit.phrase] >= 2, beside=index in near)
        yield from _figure_below(page, page.blocks[index], hit, met)
    for block in numbered:
        if block.index in near or len(numbered) >= RECURRING:
            yield _finding(block, "number", 0.8, {Signal.SHAPE, Signal.REPETITION})


def _forum(met: Mapping[int, Hit], numbered: int) -> bool:
    """Whether the pieces make the page a forum's."""
    strong = {hit.phrase for hit in met.values() if hit.listed in _STRONG}
    details = {hit.phrase for hit in met.values() if hit.listed == "detail"}
    buttons = sum(hit.listed in ("button", "rank") for hit in met.values())
    if strong and len(strong) + len(details) >= DIFFERENT:
        return True
    return buttons >= 2 and (bool(strong) or (numbered >= RECURRING and buttons >= RECURRING))


def _piece(block: Block, hit: Hit, *, recurs: bool, beside: bool) -> Iterator[Finding]:
    signals = {Signal.PHRASE, Signal.SHAPE}
    signals |= {Signal.REPETITION} if recurs else set()
    signals |= {Signal.NEIGHBOURS} if beside else set()
    weak = hit.listed in ("button", "rank")
    if weak and len(signals) == 2:
        return
    confidence = 0.66 + 0.08 * (len(signals) - 2) + (0.0 if weak else 0.08)
    yield _finding(block, hit.listed, confidence, signals)


def _numbered(block: Block) -> bool:
    return len(block.text) <= 12 and _NUMBER.fullmatch(block.text) is not None


def _chrome(hits: Hits, block: Block) -> Hit | None:
    """The piece of chrome a block is, or None."""
    if block.words > MAX_NOTICE:
        return None
    notice = hits.initial(block, "notice")
    if notice is not None:
        return notice
    if block.words > MAX_WORDS:
        return hits.initial(block, "edited")
    edited = hits.initial(block, "edited", "tools")
    if edited is not None and not block.ends_sentence:
        return edited
    status = next((h for h in hits.of(block, "status") if h.final or h.initial), None)
    if status is not None:
        return status
    field = hits.initial(block, "field", "detail")
    if field is not None and _figures(block, field):
        return field
    return hits.whole(block, "button", "rank", "tools")


def _figures(block: Block, hit: Hit) -> bool:
    """Whether a label is followed by a mark, or by a figure."""
    rest = block.folded[hit.end :].strip()
    if not rest:
        return block.text.rstrip()[-1:] in ":："
    return (rest[0] in ":：" and block.words <= 8) or rest[0].isdigit()


def _figure_below(page: Page, block: Block, hit: Hit, met: Mapping[int, Hit]) -> Iterator[Finding]:
    """The number on the line after a bare label."""
    following = block.index + 1
    if (
        hit.listed not in ("field", "detail")
        or not hit.whole
        or following >= len(page.blocks)
        or following in met
    ):
        return
    figure = page.blocks[following]
    if figure.digits and _FIGURE.fullmatch(figure.text):
        yield _finding(figure, "figure", 0.74, {Signal.SHAPE, Signal.NEIGHBOURS})


def _ends(page: Page, hits: Hits) -> list[Block]:
    """The words "Back" and "Top", each all a line says, beside each other, after the last prose."""
    found: list[Block] = []
    for before, after in itertools.pairwise(page.blocks):
        if before.index not in hits.by_block or after.index not in hits.by_block:
            continue
        a, b = hits.whole(before, "end"), hits.whole(after, "end")
        if a and b and before.folded != after.folded and page.after_prose(before):
            found += [x for x in (before, after) if x not in found[-2:]]
    return found


def _finding(block: Block, rule: str, confidence: float, signals: set[Signal]) -> Finding:
    return Finding(
        block.start,
        block.end,
        Label.FORUM_CHROME,
        min(confidence, 0.95),
        f"forum_chrome.{rule}",
        clip(block.text),
        frozenset(signals),
    )
