"""Share, follow, print and copy-link buttons, their bars and counters.

Finds:
    Buttons standing alone ("Share on Facebook"), rows of network names, bars glued without a space
    ("Share on FacebookShare on Twitter") also at the end of a sentence, where only the bar is cut,
    invitations to follow ("تابعنا عبر"), and the lone numbers beside them.

Keeps:
    Articles about social networks, where the names stand in sentences; a network's name as a lone
    subhead; numbers that belong to the text.

Signals:
    The phrase, and with it the shape (the block consists of buttons), the neighbours (other buttons
    beside it) or the position (outside the article).

Rules:
    button: A button, or a bar of them.
    network: A network's name, or a button's word, alone.
    invitation: Invites to follow.
    counter: A number beside a button.
    glued: Buttons glued to each other or to a sentence; they alone are cut.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from schemas.labels import Label
from service import runs
from service.detector import Hits, clip
from service.document import Block, Finding, Page, Signal
from service.stops import TERMINALS
from service.words import folded

# How far apart the buttons of one bar may stand, in blocks: counters and icons stand between
REACH: Final = 3
# Most of the block's letters belong to buttons: "Share on Facebook (opens in new window)"
COVERED: Final = 0.75
MAX_INVITATION: Final = 20
_NETWORK: Final = (
    "facebook|twitter|whatsapp|telegram|pinterest|linkedin|instagram|reddit|tumblr|google ?\\+|email|"
    "e-mail|print|messenger|viber|youtube|stumbleupon|digg|skype|vkontakte|вконтакте|одноклассники|"
    "facebook messenger|copy link|flipboard|line|rss|tweet|share|pocket|mastodon|bluesky|threads|x|"
    "فيسبوك|فيس بوك|تويتر|واتساب|واتس اب|تلغرام|تيليجرام|تليجرام|مشاركة|طباعة"
)
_BUTTON: Final = re.compile(
    rf"(?:(?:share|tweet|pin|send|post|follow(?: us)?|teilen|partager|compartir|condividi)"
    rf"(?: this)?(?: (?:on|to|via|with|by|auf|per|sur|en|su))? ?)?(?:{_NETWORK})",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(r"\(?\d[\d.,]{0,6}\s?[kKmM]?\)?")
_HINTS: Final = (
    "facebook",
    "twitter",
    "whatsapp",
    "telegram",
    "linkedin",
    "فيسبوك",
    "вконтакте",
    "pinterest",
)
_STOPS: Final = frozenset(f'{TERMINALS}"”»)')
_ABOVE: Final = frozenset({Signal.PHRASE, Signal.SHAPE})


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Buttons and bars first, then what stands beside them, then bars glued to text."""
    outline = runs.outline(page)
    bars, names, words = _sort(page, outline, hits)
    near = runs.near([*bars, *names], REACH)
    beside = {i + d for i in near for d in range(-REACH, REACH + 1) if d}
    near.update({b.index: b.index in beside for b in words})
    for block in bars:
        yield _bar(block, hits, near)
    for block in (*names, *words):
        yield from _name(outline, block, hits, near)
    for index in hits.by_block:
        block = page.blocks[index]
        if index not in near and outline.units[index] <= MAX_INVITATION:
            yield from _invitation(outline, block, hits)
    yield from _counters(page, bars, near)
    for index in sorted({i for hint in _HINTS for i in folded(page).holding(hint)}):
        if index not in near:
            yield from _glued(page.blocks[index])


def _sort(page: Page, outline: runs.Outline, hits: Hits) -> tuple[list[Block], list[Block], list[Block]]:
    """Blocks that are bars, networks' names, and bare words of a button."""
    bars: list[Block] = []
    names: list[Block] = []
    words: list[Block] = []
    for index in hits.by_block:
        block = page.blocks[index]
        if _is_bar(block, hits, outline.units[index]):
            bars.append(block)
        elif hits.whole(block, "network"):
            names.append(block)
        elif hits.whole(block, "word"):
            words.append(block)
    return bars, names, words


def _counters(page: Page, bars: list[Block], near: dict[int, bool]) -> Iterator[Finding]:
    """Lone numbers right beside a bar or a button that has company."""
    anchors = [b.index for b in bars] + [i for i, others in near.items() if others]
    signals = {Signal.NEIGHBOURS, Signal.SHAPE}
    for index in sorted({i + d for i in anchors for d in (-1, 1)}):
        if 0 <= index < len(page.blocks) and _is_counter(page.blocks[index]):
            block = page.blocks[index]
            yield runs.found(block, Label.SHARE_WIDGET, "counter", 0.7, block.text, signals)


def _is_bar(block: Block, hits: Hits, units: int) -> bool:
    if units > 40:
        return False
    buttons = hits.of(block, "button", "network", "word")
    strong = [h for h in buttons if h.listed == "button"]
    if len({(h.start, h.end) for h in buttons}) >= 2 and runs.covered(buttons, block) >= COVERED:
        return bool(strong) or sum(h.listed == "network" for h in buttons) >= 2
    return any(h.whole for h in strong)


def _bar(block: Block, hits: Hits, near: dict[int, bool]) -> Finding:
    signals = set(_ABOVE) | ({Signal.NEIGHBOURS} if near.get(block.index) else set())
    hit = hits.first(block, "button", "network")
    confidence = 0.9 if Signal.NEIGHBOURS in signals else 0.8
    return runs.found(block, Label.SHARE_WIDGET, "button", confidence, hit.phrase if hit else "", signals)


def _name(outline: runs.Outline, block: Block, hits: Hits, near: dict[int, bool]) -> Iterator[Finding]:
    hit = hits.whole(block, "network", "word")
    evidence = hit.phrase if hit else block.text
    signals = {Signal.PHRASE}
    if near.get(block.index):
        signals |= {Signal.NEIGHBOURS, Signal.SHAPE}
    # a bare word ("Email") beside no network may belong to any form
    if outline.total and outline.outside(block.index) and hits.whole(block, "network"):
        signals.add(Signal.POSITION)
    confidence = 0.85 if Signal.NEIGHBOURS in signals else 0.65 if Signal.POSITION in signals else 0.5
    yield runs.found(block, Label.SHARE_WIDGET, "network", confidence, evidence, signals)


def _invitation(outline: runs.Outline, block: Block, hits: Hits) -> Iterator[Finding]:
    hit = hits.initial(block, "invite")
    if hit is None:
        return
    signals = {Signal.PHRASE}
    if hit.whole or runs.colon(block) or hits.of(block, "network"):
        signals.add(Signal.SHAPE)
    if outline.outside(block.index):
        signals.add(Signal.POSITION)
    confidence = 0.5 + 0.15 * (len(signals) - 1)
    yield runs.found(block, Label.SHARE_WIDGET, "invitation", confidence, hit.phrase, signals)


def _is_counter(block: Block) -> bool:
    return 0 < block.digits <= 6 and not block.ends_sentence and bool(_COUNT.fullmatch(block.text))


def _glued(block: Block) -> Iterator[Finding]:
    """A bar of two or more buttons at the end or the start of a block, cut alone."""
    chain: list[re.Match[str]] = []
    chains: list[list[re.Match[str]]] = []
    for match in _BUTTON.finditer(block.text):
        between = block.text[chain[-1].end() : match.start()] if chain else ""
        if chain and len(between) <= 3 and not any(c.isalnum() for c in between):
            chain.append(match)
        else:
            chain = [match]
            chains.append(chain)
    for links in chains:
        start, end = links[0].start(), links[-1].end()
        if not _is_glued(block.text, links, start, end):
            continue
        yield Finding(
            block.start + start,
            block.start + end,
            Label.SHARE_WIDGET,
            0.85,
            "share_widget.glued",
            clip(block.text[start:end]),
            frozenset({Signal.PHRASE, Signal.SHAPE, Signal.NEIGHBOURS}),
        )


def _is_glued(text: str, links: list[re.Match[str]], start: int, end: int) -> bool:
    """At least two buttons written as one word, or three at the block's end after a full stop."""
    named = sum(any(hint in link.group().casefold() for hint in _HINTS) for link in links)
    if len(links) < 2 or not named:
        return False
    # no comma or "and" stands between the names of a sentence that lists networks
    if any(c in ",،;/&" for c in text[start:end]):
        return False
    opens = start == 0 or not text[start - 1].isalnum() or text[start].isupper()
    closes = end == len(text) or not text[end].islower()
    if not (opens and closes):
        return False
    if start == 0 and end == len(text):
        return True
    glued = any(a.end() == b.start() for a, b in pairwise(links))
    after_stop = text[max(0, start - 40) : start].rstrip()[-1:] in _STOPS
    return (glued and (start == 0 or end == len(text))) or (
        after_stop and end == len(text) and len(links) >= 3
    )
