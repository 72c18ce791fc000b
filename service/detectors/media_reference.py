"""What pictures and players leave behind in a text.

Finds:
    File names and addresses of pictures and films alone on a line, with a forum's size and view counts;
    credits ("Photo: AFP", "© REUTERS / NAME") and the captions that end in one; the words and clocks of a
    player; a gallery's counters.

Keeps:
    Captions without a credit, agencies named in a sentence, tweets that end in a pic.twitter.com link, file
    names in sentences and among commands, footers with a copyright year.

Signals:
    Shape (a file's ending, a clock, a sign), phrases of credits and players, neighbours.

Rules:
    file: The name or address of a picture or film.
    credit: A phrase for pictures, then an agency or a name.
    caption: What a picture shows, closed by its credit.
    player: A player's words.
    clock: A player's clock, "0:00 / 2:31".
    counter: A gallery's counter, "3 / 12".
    sign: A copyright sign or camera, then an agency or a name, and no year.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from schemas.labels import Label
from service import titles
from service.detector import Hit, Hits, clip
from service.document import Block, Finding, Page, Signal

_ENDINGS: Final = "jpe?g|jpe|png|gif|webp|avif|heic|bmp|tiff?|svg|mp4|webm|mov|avi|mkv|mp3|m4a|wav|ogg"
_ENDING: Final = re.compile(rf"\.(?:{_ENDINGS})(?![\w./])", re.IGNORECASE)
_SIZES: Final = (
    r"(?:\s*[\[(]?\s*\d[\d.,]*\s?(?:kb|mb|gb|kib|mib|bytes|كيلوبايت|ميجابايت|كب|кб|мб)\b.{0,60}"
    r"|\s*[\[(]?\s*\d{2,5}\s?[x×]\s?\d{2,5}.{0,20})?"
)
# One name without spaces, or a few words of the kind cameras, phones and screenshots write.
_FILE: Final = re.compile(rf"[^\s/\\<>|\"?:*]{{1,180}}\.(?:{_ENDINGS}){_SIZES}", re.IGNORECASE)
_CAMERA: Final = re.compile(
    rf"(?:img|dsc|image|photo|picture|screen ?shot|screenshot|whatsapp image|bildschirmfoto|capture|"
    rf"captura|снимок|صورة|لقطة)[^/\\<>|]{{0,80}}\.(?:{_ENDINGS}){_SIZES}",
    re.IGNORECASE,
)
_URL: Final = re.compile(rf"https?://\S+\.(?:{_ENDINGS})(?:[?#&:!;]\S*)?", re.IGNORECASE)
_CLOCK: Final = re.compile(r"-?\d{1,2}:\d{2}(?::\d{2})?(?:\s*[/|]\s*-?\d{1,2}:\d{2}(?::\d{2})?)")
_COUNTER: Final = re.compile(
    r"[(\[]?\s*(\d{1,3})\s*(?:/|of|von|sur|de|из|من|di|van)\s*(\d{1,3})\s*[)\]]?", re.IGNORECASE
)
_SIGN: Final = re.compile(r"(?:©|\(c\)|📷|📸)\s*\S", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")

# A credit names an agency and a person or two; longer lines say what is in the picture.
MAX_CREDIT: Final = 10
MAX_PLAYER: Final = 16
MAX_NAMES: Final = 8
# The model is as sure of some captions as of the text; in development dumps it was wrong each time, of 40
CREDITED: Final = 0.9
CAPTION: Final = 0.7
# With a caption before it; longer ones are paragraphs, which may close with their agency, too.
MIN_CAPTION: Final = 10  # code points
MAX_CAPTION: Final = 60
# What parts a caption from the credit at its end, and what a credit's phrase from the name after it
_BEFORE_CREDIT: Final = frozenset("(|/—–-©.。．!?؟…\"'”’»)]")
_NAMES_NEXT: Final = frozenset(":：／|©")
_BY: Final = (" by", " von", " di", " من", " credit", " credits")
# A paragraph may close with the source of what it says, or name a film
_OF_TEXT_TOO: Final = frozenset(("quelle", "video", "grafik", "graphic"))
_TAKEN: Final = (" 摄", " 攝")
_CLOSERS: Final = " )…\"'”’»]"
_AROUND_NAME: Final = ":：／|©()[]., "
# File names among so many lines that look like code belong to the instructions.
CODE_LINES: Final = 3
_CODE: Final = re.compile(
    r"[;{}]\s*$|^\s*[$#>]\s+\w|</?\w+[^>]*>|=\s*[\"']|\(\)|^\s*(?:import|from|def|cd|mkdir|git|npm|pip)\s"
)


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """File names, credits, player text and counters."""
    yield from _files(page)
    for index in sorted(hits.by_block):
        block = page.blocks[index]
        finding = _credit(hits, block) or _caption(hits, block) or _player(page, hits, block)
        if finding is not None:
            yield finding
    yield from _marks(page, hits)


def _files(page: Page) -> Iterator[Finding]:
    found = _ENDING.search(page.text)
    if not found:
        return
    code = sum(bool(_CODE.search(b.text)) for b in page.blocks[:400] if b.letters and len(b.text) < 200)
    starts = [b.start for b in page.blocks]
    seen: set[int] = set()
    for m in _ENDING.finditer(page.text):
        block = page.blocks[bisect_right(starts, m.start()) - 1]
        if block.index in seen or len(block.text) > 600:
            continue
        seen.add(block.index)
        text = block.text.strip("\u200e\u200f[]()<>•*- \t")
        address = _URL.fullmatch(text)
        if address or _FILE.fullmatch(text) or _CAMERA.fullmatch(text):
            alone = page.line(block).first == page.line(block).last
            confidence = (0.95 if alone else 0.85) - (0.45 if code >= CODE_LINES and not address else 0.0)
            yield _finding(block, "file", confidence, {Signal.SHAPE, Signal.POSITION})


def _credit(hits: Hits, block: Block) -> Finding | None:
    hit = hits.initial(block, "credit")
    if hit is None or block.words > MAX_CREDIT or block.ends_sentence:
        return None
    rest = block.folded[hit.end :].lstrip()
    agency = bool(hits.of(block, "agency"))
    marked = rest[:1] in (":", "：", "/", "|", "-", "©", ",", "=", "／")
    if not rest or not (marked or agency) or len(rest) < 3:
        return None
    name = rest.strip(" :/|-©,=／")
    named = marked and block.words <= 6 and titles.name_like(name, 5) and not block.digits
    confidence = 0.86 if marked and agency else 0.66 if named or (agency and block.words <= 6) else 0.5
    return _finding(block, "credit", confidence, {Signal.PHRASE, Signal.SHAPE})


def _caption(hits: Hits, block: Block) -> Finding | None:
    """A credit that closes its block: an agency set apart by a mark, or a phrase for pictures and a name.

    A wire's own name after the last sentence of its report looks like an agency's; there the model is sure of
    the sentence, and overrules.
    """
    if block.words > MAX_CAPTION:
        return None
    agencies = hits.of(block, "agency")
    for hit in hits.of(block, "credit"):
        if hit.phrase not in _OF_TEXT_TOO and _closing_credit(block, hit, agencies):
            return _finding(block, "caption", CREDITED, {Signal.PHRASE, Signal.SHAPE})
    if any(_closing_agency(block, hit) for hit in agencies):
        return _finding(block, "caption", CAPTION, {Signal.PHRASE, Signal.SHAPE})
    return None


def _closing_credit(block: Block, hit: Hit, agencies: Sequence[Hit]) -> bool:
    """Whether a phrase for pictures opens what closes the block: a mark or an agency tells it from a word."""
    after = block.folded[hit.end :]
    names = after.strip(_AROUND_NAME).split()
    marked = after.lstrip()[:1] in _NAMES_NEXT
    if not (marked or hit.phrase.endswith(_BY)) or not 0 < len(names) <= MAX_NAMES or "://" in after:
        return False
    agency = marked and any(a.final and a.start > hit.end for a in agencies)
    return _set_apart(block, hit, agency=agency)


def _closing_agency(block: Block, hit: Hit) -> bool:
    """Whether an agency's name closes the block: last, before who took the picture, or behind its sign."""
    after = block.folded[hit.end :]
    signed = block.folded[: hit.start].rstrip().endswith("©") and len(after.split()) <= MAX_NAMES
    closes = after.endswith(_TAKEN) or (hit.final and not after.strip(_CLOSERS))
    return (closes or (signed and not _YEAR.search(after))) and _set_apart(block, hit)


def _set_apart(block: Block, hit: Hit, *, agency: bool = False) -> bool:
    """Whether a caption comes before the hit, and a mark between; with an agency behind it none need be."""
    before = block.folded[: hit.start]
    if len(before) < MIN_CAPTION or before[-1] not in " (。©":
        return False
    return agency or before.rstrip()[-1] in _BEFORE_CREDIT


def _player(page: Page, hits: Hits, block: Block) -> Finding | None:
    hit = hits.whole(block, "player", "button") or hits.initial(block, "player")
    if hit is None or block.words > MAX_PLAYER:
        return None
    if hit.listed == "player":
        if not hit.whole and block.words > len(hit.phrase.split()) + 5:
            return None
        return _finding(block, "player", 0.9 if hit.whole else 0.74, {Signal.PHRASE, Signal.SHAPE})
    near = page.blocks[max(0, block.index - 3) : block.index + 4]
    others = sum(
        bool(
            b is not block
            and (hits.whole(b, "player", "button") or hits.initial(b, "player") or _CLOCK.fullmatch(b.text))
        )
        for b in near
    )
    if not others:
        return None
    return _finding(block, "player", 0.62 + 0.1 * min(others, 3), {Signal.PHRASE, Signal.NEIGHBOURS})


def _marks(page: Page, hits: Hits) -> Iterator[Finding]:
    """Stretches without phrases: clocks, counters, "© AGENCY / NAME"."""
    for block in page.blocks:
        size = len(block.text)
        if size > 90:
            continue
        first = block.text[0]
        if block.digits and size <= 24 and _CLOCK.fullmatch(block.text):
            yield _finding(block, "clock", 0.85, {Signal.SHAPE, Signal.POSITION})
        elif block.digits and size <= 14 and _counted(block):
            near = page.blocks[max(0, block.index - 2) : block.index + 3]
            beside = any(hits.of(b) for b in near)
            signals = {Signal.SHAPE} | ({Signal.NEIGHBOURS} if beside else set())
            yield _finding(block, "counter", 0.7 if beside else 0.45, signals)
        elif (
            first in "©(📷📸"
            and block.words <= MAX_CREDIT
            and _SIGN.match(block.text)
            and not _YEAR.search(block.text)
        ):
            sure = bool(hits.of(block, "agency")) or "/" in block.text or first in "📷📸"
            yield _finding(block, "sign", 0.85 if sure else 0.5, {Signal.SHAPE, Signal.POSITION})


def _counted(block: Block) -> bool:
    m = _COUNTER.fullmatch(block.text)
    return m is not None and 1 <= int(m[1]) <= int(m[2]) <= 200 and int(m[2]) > 1


def _finding(block: Block, rule: str, confidence: float, signals: set[Signal]) -> Finding:
    return Finding(
        block.start,
        block.end,
        Label.MEDIA_REFERENCE,
        min(confidence, 0.97),
        f"media_reference.{rule}",
        clip(block.text),
        frozenset(signals),
    )
