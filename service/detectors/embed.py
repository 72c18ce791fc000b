"""Placeholders of embedded content: what stands where a post, a film or a chart of another site would be.

Finds:
    Boxes that ask for consent before something is loaded ("This article contains content provided by X. We
    ask for your permission …", "Externer Inhalt"), say that it cannot be shown, or tell who reads by ear
    where it begins and ends ("End of X post", "View this post on Instagram"); notes that an advertisement
    has not loaded; a template's heading that recurs between paragraphs.

Keeps:
    The embedded post's own text, a sentence that is stuck to a box, articles about embedding, consent or
    Instagram, a sentence that quotes such a notice.

Signals:
    The phrases, and with them the shape (they are all or most of what a block says, or a handle in brackets
    ends it), the neighbours (another line of the box within three blocks) or repetition.

Rules:
    consent: Asks for consent to load content of another site. It is labelled as a consent banner is.
    failure: Says that the content cannot be shown, or warns of it.
    post: Nothing but words for readers by ear around the name of a service; the evidence is the line.
    shared: Says whose post it is, with a handle in brackets.
    button: A button or heading of such a box, beside a line that speaks.
    part: What else such a box says: beside a line that speaks, or between its question and its button.
    advert: Says that an advertisement has not loaded, or that the text goes on below.
    template: A heading that a template repeats between paragraphs.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from schemas.labels import Label
from service import runs, stops
from service.detector import Hit, Hits, clip
from service.document import Block, Finding, Page, Signal

# A box speaks in a few sentences, often on one line; longer stretches are policies or articles
MAX_WORDS: Final = 130
# Characters of a block whose edges are looked at
MAX_STUCK: Final = 2_000
# Characters of a line that is words around the name of a service
MAX_LINE: Final = 100
# A line of the same box stands within so many blocks; whose post it is, below the post's text
REACH: Final = 3
SHARED_REACH: Final = 6
# Words of a name, and of a date
MAX_NAME: Final = 6
MAX_DATE: Final = 9
# A single phrase beside the name of a service is sure if it is so long: "End of Twitter" is a subhead, too
LONG_LETTERS: Final = 12
LONG_WORDS: Final = 3
# A heading stands between paragraphs at least so often
RECURS: Final = 3
# Share of a block's letters that phrases account for: all it says; most of what a line says; most of what a
# piece of a line says, where no break tells the box from the text; and what may stand behind the last phrase
WHOLE: Final = 0.92
MOST: Final = 0.6
MOST_OF_PIECE: Final = 0.8
TAIL: Final = 0.15

_LABELS: Final = {
    "consent": Label.COOKIE_BANNER,
    "part": Label.COOKIE_BANNER,
    "button": Label.COOKIE_BANNER,
    "advert": Label.ADVERTISEMENT,
    "template": Label.ARTIFACT,
}
# Lists of words of every day, which say something only on a short line
_AROUND: Final = ("post", "allow", "platform")
# Rules whose lines belong to no box
_APART: Final = ("advert", "template")
_HANDLE: Final = re.compile(r"\( ?@[\w.]{1,40} ?\)")
# What closes the words of a box: quotes and a full stop, or the number of a post
_CLOSES: Final = re.compile(rf"[\"')]*[{re.escape(stops.TERMINALS)}]*[\"')]*(?: ?, ?\d{{1,2}}\b)? *")
# What the sentence before a stuck notice closes with; and what its own sentence goes on after
_CLOSED: Final = (*stops.TERMINALS, '"', "'", ")", "»", "”", "’")
_GOES_ON: Final = ",;:-"
_QUOTES: Final = "\"'«»“”„‚‘’「『"
_SHAPE: Final = frozenset({Signal.PHRASE, Signal.SHAPE})
_BESIDE: Final = frozenset({Signal.PHRASE, Signal.NEIGHBOURS})


class _Line(NamedTuple):
    """What a block says of embedded content."""

    block: Block
    rule: str
    label: Label
    evidence: str
    sure: bool
    """By its shape; else it needs another line of the box beside it."""


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Lines that are sure by themselves, and those that stand beside another line of a box."""
    spoken = [i for i in sorted(hits.by_block) if any(h.listed != "platform" for h in hits.by_block[i])]
    if not spoken:
        return
    outline = runs.outline(page)
    lines = [line for i in spoken if (line := _line(page, outline, page.blocks[i], hits)) is not None]
    boxes = [line.block.index for line in lines if line.sure and line.rule not in _APART]
    met: list[_Line] = []
    for line in lines:
        near = _near(line.block.index, boxes, SHARED_REACH if line.rule == "shared" else REACH)
        if line.sure:
            recurs: set[Signal] = {Signal.REPETITION} if line.rule == "template" else set()
            yield _finding(line, 0.95 if near else 0.9, _SHAPE | recurs)
        elif near:
            yield _finding(line, 0.92, _BESIDE)
        if line.sure or near:
            met.append(line)
    enclosed = list(_enclosed(page, outline, met))
    for block in enclosed:
        yield _finding(_named(block, "part", block.text, sure=False), 0.92, _BESIDE)
    told = {line.block.index for line in lines} | {block.index for block in enclosed}
    for index in spoken:
        if index not in told and _near(index, boxes, REACH):
            yield from _edges(page.blocks[index], hits)


def _enclosed(page: Page, outline: runs.Outline, lines: Sequence[_Line]) -> Iterator[Block]:
    """What stands between a box's question and its button or end, whatever it says: no post is there yet."""
    told = {line.block.index for line in lines}
    for asks, ends in pairwise(lines):
        opens = asks.rule == "post" and asks.label is Label.COOKIE_BANNER
        first, last = asks.block.index + 1, ends.block.index
        if opens and ends.rule in ("button", "post") and last - first < REACH:
            between = page.blocks[first:last]
            if sum(outline.units[first:last]) <= MAX_WORDS:
                yield from (block for block in between if block.index not in told)


def _line(page: Page, outline: runs.Outline, block: Block, hits: Hits) -> _Line | None:
    """What the block says, or None: it only mentions something."""
    found = hits.of(block)
    around = all(h.listed in _AROUND for h in found)
    if outline.units[block.index] > MAX_WORDS or (around and len(block.text) > MAX_LINE):
        return None
    if hit := hits.whole(block, *_APART):
        often = hit.listed == "advert" or outline.copies[block.index] >= RECURS
        return _named(block, hit.listed, hit.phrase, sure=True) if often else None
    share = _share(block, found)
    line = page.line(block)
    bar = MOST if line.first == line.last else MOST_OF_PIECE
    most = share >= WHOLE or (share >= bar and _bounded(block, found))
    return (
        (_around(block, found, whole=share >= WHOLE) if len(block.text) <= MAX_LINE else None)
        or _shared(block, found)
        or _sentence(block, found, whole=share >= WHOLE, most=most)
        or _weak(block, hits, most=most)
    )


def _bounded(block: Block, found: Sequence[Hit]) -> bool:
    """Whether the block begins with a phrase and all but ends with one, so that no text is stuck to it."""
    rest = block.folded[max((h.end for h in found), default=0) :]
    return any(h.initial for h in found) and _letters(rest) <= TAIL * _letters(block.folded)


def _around(block: Block, found: Sequence[Hit], *, whole: bool) -> _Line | None:
    """Words for readers by ear, and the name of a service among them: "Skip YouTube post, 1"."""
    words = _apart(h for h in found if h.listed in ("post", "allow"))
    if not words:
        return None
    long = any(_is_long(h.phrase) for h in words)
    named = any(h.listed == "platform" for h in found)
    alone = long and any(h.initial and h.final for h in words)
    if not (whole and (named or alone)) and not (named and _by(block, words)):
        return None
    label = Label.COOKIE_BANNER if any(h.listed == "allow" for h in words) else Label.MEDIA_REFERENCE
    return _Line(block, "post", label, block.text, sure=long or len(words) > 1)


def _by(block: Block, words: Sequence[Hit]) -> bool:
    """Whether a name is all that is left over: "End of twitter post by River Works"."""
    rest = block.folded[words[-1].end :].split()
    by = words[0].initial and len(words) > 1 and words[-1].phrase.endswith(" by")
    return by and len(rest) <= MAX_NAME and not runs.full_stop(block)


def _is_long(phrase: str) -> bool:
    """Whether a phrase says by itself that it stands beside embedded content. Han and kana are dense."""
    size = len(phrase) * (1 if phrase[0] < "\u0e00" else 2)
    return size >= LONG_LETTERS or len(phrase.split()) >= LONG_WORDS


def _shared(block: Block, found: Sequence[Hit]) -> _Line | None:
    """Whose post it is: "A post shared by River Works (@riverworks)", with a date at most behind it."""
    hit = next((h for h in found if h.listed == "shared"), None)
    if hit is None or runs.full_stop(block):
        return None
    handle = _HANDLE.search(block.folded)
    if handle is None:
        few = hit.initial and len(block.folded[hit.end :].split()) <= MAX_NAME
        return _named(block, "shared", hit.phrase, sure=False) if few else None
    before, after = block.folded[: handle.start()], block.folded[handle.end() :]
    if hit.start < handle.start():
        date = len(after.split()) <= MAX_DATE and any(map(str.isdigit, after))
        fits = any(h.initial for h in found) and len(before[hit.end :].split()) <= MAX_NAME
        fits = fits and (date or not _letters(after))
    else:
        fits = hit.final and len(before.split()) <= MAX_NAME
    return _named(block, "shared", hit.phrase, sure=True) if fits else None


def _sentence(block: Block, found: Sequence[Hit], *, whole: bool, most: bool) -> _Line | None:
    """Sentences that ask for consent or say that something cannot be shown, where they are what it says."""
    said = _apart(h for h in found if h.listed in ("consent", "failure"))
    # who quotes such a sentence writes about it
    if not said or not most or (block.text[0] in _QUOTES and not whole):
        return None
    first = max(said, key=lambda h: h.end - h.start)
    return _named(block, first.listed, first.phrase, sure=whole or len(said) > 1)


def _weak(block: Block, hits: Hits, *, most: bool) -> _Line | None:
    """A button, or what else a box says."""
    if button := hits.whole(block, "button"):
        return _named(block, "button", button.phrase, sure=False)
    part = hits.first(block, "part")
    return _named(block, "part", part.phrase, sure=False) if part and most else None


def _edges(block: Block, hits: Hits) -> Iterator[Finding]:
    """What a block that text is stuck to begins or ends with, beside a box; it alone is cut."""
    if len(block.text) > MAX_STUCK:
        return
    found = _apart(hits.of(block))
    first, last = _run(block, found), _run(block, found[::-1])
    if first:
        ends = _CLOSES.match(block.folded, first[-1].end)
        rest = block.folded[ends.end() :] if ends else ""
        at = runs.unfold(block, len(block.folded) - len(rest))
        # what goes on in small letters, or after a comma, is the same sentence
        if at < block.end and not (block.text[at - block.start].islower() or rest[:1] in _GOES_ON):
            yield _stuck(block, block.start, at, first)
    if last:
        at = runs.unfold(block, last[-1].start)
        if at < block.end and block.text[: at - block.start].rstrip().endswith(_CLOSED):
            yield _stuck(block, at, block.end, last)


def _run(block: Block, found: Sequence[Hit]) -> list[Hit]:
    """Phrases one after the other from an edge of the block on, if they say what a line of a box says."""
    run: list[Hit] = []
    for hit in found:
        low, high = sorted((run[-1], hit), key=lambda h: h.start) if run else (hit, hit)
        if _letters(block.folded[low.end : high.start]) or not (run or hit.initial or hit.final):
            break
        run.append(hit)
    listed = {h.listed for h in run}
    around = [h.phrase for h in run if h.listed in ("post", "allow")]
    named = "platform" in listed and (len(around) > 1 or any(map(_is_long, around)))
    return run if named or listed & {"consent", "failure"} else []


def _stuck(block: Block, start: int, end: int, run: Sequence[Hit]) -> Finding:
    name = next((h.listed for h in run if h.listed in ("consent", "failure")), "post")
    label = _LABELS.get(name, Label.MEDIA_REFERENCE)
    text = block.text[start - block.start : end - block.start]
    return Finding(start, end, label, 0.92, f"embed.{name}", clip(text), _BESIDE)


def _near(index: int, others: Sequence[int], reach: int) -> bool:
    """Whether another of the blocks, whose indexes are sorted, stands within reach."""
    low, high = bisect_left(others, index - reach), bisect_right(others, index + reach)
    return high - low > (index in others[low:high])


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """The longest hits that share no letter, in order."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _share(block: Block, hits: Iterable[Hit]) -> float:
    """Share of the block's letters that phrases account for; numbers of posts count for nothing."""
    at = size = 0
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        begin = max(at, hit.start)
        if hit.end > begin:
            size += _letters(block.folded[begin : hit.end])
            at = hit.end
    return size / max(1, _letters(block.folded))


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _named(block: Block, rule: str, evidence: str, *, sure: bool) -> _Line:
    return _Line(block, rule, _LABELS.get(rule, Label.MEDIA_REFERENCE), evidence, sure)


def _finding(line: _Line, confidence: float, signals: frozenset[Signal]) -> Finding:
    block = line.block
    return Finding(
        block.start, block.end, line.label, confidence, f"embed.{line.rule}", clip(line.evidence), signals
    )
