"""The line that says when the article was published.

Finds:
    Lines that are a date, alone or with a weekday, a time, a label ("Published", "نشر في … يوم"), a
    source or a byline, near the first prose of the article: shortly above it, among its first lines, or
    just below the last one. With it a full name, parted by a mark or on a line beside it, that nothing
    introduces: the author, if the title stands above and neither it nor the text names that person. The
    earliest published date fills `datePublished`; a second one beside it, or one that says it is an
    update, is lifted as `dateModified`. "3 hours ago" is lifted raw.

Keeps:
    Sentences with a date in them, dates as subheads of a chronicle, the masthead's visit date, dates of
    a ticker's or a comment's items.

Signals:
    Shape (a date and little else) and position (near the first prose); phrases of publishing.

Rules:
    date: A date, and little else but labels and names, near the text.
    relative: How long ago it was published, without a day.
    author: A name alone on the line above or below the date.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, takewhile
from typing import Final

from schemas.labels import Label
from service import names, runs, titles
from service.dates import find_date, local_iso
from service.detector import Hit, Hits, clip, phrases
from service.document import Block, Finding, Page, Signal
from service.folding import fold
from service.titles import Main

MAX_WORDS: Final = 20
MAX_WORDS_SPACELESS: Final = 40
# Longer than this, what closes like a sentence is one.
MAX_SENTENCE: Final = 10
# ... unless it has too few letters for one: scripts without spaces
MIN_LETTERS: Final = 20
# Words beside the date that a date line may hold: a name, a source, a section.
MAX_REST: Final = 6
# Lines between the date and the first prose: captions, share buttons, the standfirst stand there.
BEFORE: Final = 12
AFTER: Final = 4
BELOW: Final = 3
# A date stands so many lines above or below the title
ABOVE_HEADING: Final = 1
BELOW_HEADING: Final = 4
# Of a date that stands far from the text, but is the only one of which the page says that it is one's
ALONE: Final = 0.62
# A menu's items have at most so many words; so many of them stand below the date of a masthead
MENU_WORDS: Final = 3
MENU_ITEMS: Final = 2
# A title, or what leads into the text, has at least so many
TITLE_WORDS: Final = 4
# Of a name that only its place beside the date makes the author's
SIGNED: Final = 0.85
# One word that a line shares with the text proves nothing
MIN_MET: Final = 2
# So many bare dates inside the article make it a chronicle, whose dates are subheads.
CHRONICLE: Final = 2


@dataclass(frozen=True, slots=True)
class _Dated:
    block: Block
    line: int
    start: int
    end: int
    rest: int
    """Words beside the date and its label."""
    labelled: bool
    published_on: bool
    """Whether the label is of several words: none that opens other lines, like "date" or "on"."""
    updated: bool
    relative: bool
    extra: tuple[tuple[str, str], ...]


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """The date of publication, and the dates that stand beside it."""
    main = titles.main_text(page)
    if not main:
        return
    headed = _by_heading(page, main)
    dated = [d for d in (_read(page, hits, b) for b in _blocks(page, main, headed)) if d is not None]
    inside = sum(main.first < d.line <= main.last and not d.rest and not d.labelled for d in dated)
    if inside >= CHRONICLE:
        dated = [d for d in dated if d.labelled or d.line < main.first - 1]
    scored = [(d, _confidence(main, d, headed)) for d in dated if d.line in headed or _placed(main, d)]
    scored = scored or list(_only_labelled(page, hits))
    while scored and _is_visit(page, main, visit := _published(main, scored)[0]):
        scored = [(d, sure) for d, sure in scored if d.line > visit.line or d.labelled]
    if not scored:
        return
    best, confidence = _published(main, scored)
    named = () if any(name == "authors" for name, _ in best.extra) else _unnamed(page, main, best)
    signed = replace(best, extra=(*best.extra, *named))
    yield _finding(page, signed, confidence, "dateModified" if best.updated else "datePublished")
    yield from _signature(page, main, signed, confidence)
    for other, weaker in scored:
        if other is not best and _beside(other, best) and other.rest <= 2:
            yield _finding(page, other, min(weaker, confidence), "dateModified")


def _published(main: Main, scored: Sequence[tuple[_Dated, float]]) -> tuple[_Dated, float]:
    """The likeliest date. One that says it is an update gives way to one beside it that doesn't."""

    def likely(one: tuple[_Dated, float]) -> tuple[float, int]:
        return one[1], -abs(main.first - one[0].line)

    best = max(scored, key=likely)
    if not best[0].updated:
        return best
    return max((s for s in scored if not s[0].updated and _beside(s[0], best[0])), key=likely, default=best)


def _beside(one: _Dated, other: _Dated) -> bool:
    return abs(one.line - other.line) <= 2


def _is_visit(page: Page, main: Main, d: _Dated) -> bool:
    """Whether a date is a masthead's, of the day of the visit: a menu and the title stand below it."""
    if d.labelled or d.relative or d.extra or d.line >= main.first:
        return False
    below = page.blocks[d.block.index + 1 : page.lines[main.first].first]
    items = list(takewhile(lambda b: b.words <= MENU_WORDS and not b.digits, below))
    if len(items) < MENU_ITEMS:
        return False
    if _most_met(page, main, page.blocks[max(0, d.block.index - BEFORE) : d.block.index]) >= MIN_MET:
        return False
    return _most_met(page, main, [b for b in below[len(items) :] if not b.ends_sentence]) >= MIN_MET


def _most_met(page: Page, main: Main, blocks: Sequence[Block]) -> int:
    """How many words of the text the one of the longer blocks has that has most of them."""
    sample = f" {titles.sample_of(page, main)}"
    return max((titles.met(b.folded, sample)[0] for b in blocks if b.words >= TITLE_WORDS), default=0)


def _signature(page: Page, main: Main, best: _Dated, confidence: float) -> Iterator[Finding]:
    """The name that stands on a line of its own between the title and the text, above the date or below it.

    Only where no line says who wrote the text, and nothing else on the page names that person: who is
    named in the text is whom it tells of, and a section is named in the menu.
    """
    if best.line >= main.first or any(name == "authors" for name, _ in best.extra):
        return
    lines = page.lines[max(0, best.line - BEFORE) : main.first]
    if any(_says_author(titles.line_folded(page, line)) for line in lines):
        return
    for i in (best.line - 1, best.line + 1, best.line - 2):
        above = min(i, best.line) - 1
        if not 0 <= above < i < main.first or page.lines[above].words < TITLE_WORDS:
            continue
        if i == best.line - 2 and page.lines[i + 1].words > TITLE_WORDS:
            continue
        block = page.blocks[page.lines[i].first]
        if page.lines[i].last == block.index and _is_author(page, main, block.text, i):
            yield Finding(
                block.start, block.end, Label.BYLINE, min(confidence, SIGNED), "dateline.author",
                clip(block.text), frozenset({Signal.SHAPE, Signal.POSITION, Signal.NEIGHBOURS}),
                field="authors", value=block.text,
            )  # fmt: skip
            return


def _unnamed(page: Page, main: Main, best: _Dated) -> Iterator[tuple[str, str]]:
    """The name that a mark parts from the date on its line, or that is all that stands before the date.

    Where nothing says whose it is.
    """
    before, after = page.text[best.block.start : best.start], page.text[best.end : best.block.end]
    marked = before.rstrip()[-1:] in _MARKS  # so is what is empty
    if best.line >= main.first or not (marked or _is_author(page, main, before.strip(), best.line)):
        return
    parts = (part.strip(_EDGES) for side in (before, after) for part in _SEAMS.split(side))
    found = next((part for part in parts if any(c.isalpha() for c in part)), "")
    if _is_author(page, main, found, best.line):
        yield "authors", found


_MARKS: Final = "|·•,،-–—"
_SEAMS: Final = re.compile(r"[|·•,،]|\s[-–—]\s|\s{2,}")


def _is_author(page: Page, main: Main, name: str, line: int) -> bool:
    """Whether a text on a line looks like a name that neither the text nor a line above mentions.

    The last line of the text may: it often tells of its author.
    """
    if not names.is_person(name):
        return False
    folded = fold(name)
    words = folded.split()
    known = words if folded == folded.upper() else words[-1:]  # scripts without capitals: words like others
    sample = titles.sample_of(page, Main(main.first, max(main.first, main.last - 1)))
    if any(word in sample for word in known):
        return False
    return not any(words[-1] in titles.line_folded(page, above) for above in page.lines[:line])


def _says_author(folded: str) -> bool:
    """Whether a line begins with a phrase that a name follows."""
    return any(
        folded.startswith(phrase) and not folded[len(phrase) : len(phrase) + 1].isalnum()
        for phrase in phrases("byline", "sure", "word")
    )


def _by_heading(page: Page, main: Main) -> range:
    """The lines right above and below the title; of a text, none of the article that it stands above."""
    title = titles.heading(page)
    if not title:
        return range(0)
    last = main.first if not page.html and title.start < main.first else len(page.lines)
    return range(max(0, title.start - ABOVE_HEADING), min(title.stop + BELOW_HEADING, last))


def _only_labelled(page: Page, hits: Hits) -> Iterator[tuple[_Dated, float]]:
    """The lines that say when something was published, far from the text, if all name the same day."""
    lines = (d for d in (_read(page, hits, b) for b in filter(_may_be_date, page.blocks)) if d is not None)
    labelled = [d for d in lines if d.published_on and not d.rest]
    if len({local_iso(page.text[d.start : d.end]) for d in labelled}) == 1:
        yield labelled[0], ALONE


def _blocks(page: Page, main: Main, headed: range) -> Iterator[Block]:
    """Blocks that may hold a date, near the main text or in it, or below the heading."""
    first = page.lines[max(0, main.first - BEFORE)].first
    last = page.lines[min(len(page.lines) - 1, main.last + BELOW)].last
    above = (block for i in headed for block in page.blocks_of(page.lines[i]) if block.index < first)
    return filter(_may_be_date, chain(above, page.blocks[first : last + 1]))


def _may_be_date(block: Block) -> bool:
    if not block.digits or block.words > MAX_WORDS_SPACELESS or "://" in block.text:
        return False
    if block.ends_sentence and block.words > MAX_SENTENCE and block.letters >= MIN_LETTERS:
        return False
    return block.words <= MAX_WORDS or block.letters < 30


def _read(page: Page, hits: Hits, block: Block) -> _Dated | None:
    if hits.initial(block, "never") or "@" in block.text:
        return None
    span = find_date(block.text)
    relative = False
    label = hits.initial(block, "published", "updated")
    if span is None:
        hit = hits.first(block, "relative")
        if hit is None or block.words > 7 or not any(c.isdigit() for c in block.text):
            return None
        span, relative = _ago(block, hit, _after_label(block, label)), True
        if span is None:
            return None
    if _unknown_label(block.text[: span[0]]) and not hits.of(block, "published", "updated", "by", "source"):
        return None
    updated = label is not None and label.listed == "updated"
    before, after = block.text[: span[0]], block.text[span[1] :]
    if not label and (_SINCE.search(before) or (_UNTIL.match(after) and find_date(after))):
        return None  # from one day to another: a life, an event
    extra = _extra(block, hits, before, after)
    rest = _words_beside(block, hits, before, after)
    # a day without its year, beside words, is part of what they say
    most = MAX_REST if relative or _YEAR.search(block.text, *span) else 2
    if rest > most or (block.ends_sentence and rest > 2 and not label):
        return None
    start, end = block.start + span[0], block.start + span[1]
    published_on = label is not None and not updated and " " in label.phrase
    return _Dated(
        block, page.line_of[block.index], start, end, rest,
        label is not None, published_on, updated, relative, extra,
    )  # fmt: skip


def _unknown_label(before: str) -> bool:
    return before.rstrip()[-1:] in (":", "：")


def _after_label(block: Block, label: Hit | None) -> int:
    if label is None:
        return 0
    at = runs.unfold(block, label.end) - block.start
    while at < len(block.text) and not block.text[at].isalnum():
        at += 1
    return at if at < len(block.text) else 0


def _ago(block: Block, hit: Hit, label: int) -> tuple[int, int] | None:
    """Where the time ago stands in the block: up to the phrase, or from the label on if it follows that."""
    begin, end = (runs.unfold(block, at) - block.start for at in (hit.start, hit.end))
    digit = next(i for i, c in enumerate(block.text) if c.isdigit())
    if begin > digit:
        return max(label, digit), end
    # a number that counts nothing is another's: "since 5"
    return (label, len(block.text)) if any(c.isalpha() for c in block.text[digit:]) else None


def _words_beside(block: Block, hits: Hits, before: str, after: str) -> int:
    known = sum(len(h.phrase.split()) for h in hits.of(block, "published", "updated", "beside")[:4])
    words = [w for w in (before + " " + after).split() if any(c.isalpha() for c in w)]
    spaceless = sum(len(w) for w in words if "\u3040" <= w[0] <= "\u9fff") // 3
    return max(0, len(words) + spaceless - known)


def _extra(block: Block, hits: Hits, before: str, after: str) -> tuple[tuple[str, str], ...]:
    """What else the line says: a source between "نشر في" and "يوم", an author, a named source."""
    found = []
    if hits.initial(block, "posted_in"):
        words = before.split()
        opening = hits.initial(block, "posted_in")
        skip = len(opening.phrase.split()) if opening else 0
        middle = words[skip:]
        if middle and middle[-1].strip(":") in _DAY_WORDS:
            middle = middle[:-1]
            name = " ".join(middle)
            if middle and titles.name_like(name, 5):
                found.append(("sourceCredit", name))
    author = _named(before, hits, block, "by") or _named(after, hits, block, "by")
    if author:
        found.append(("authors", author))
    source = _named(after, hits, block, "source")
    if source:
        found.append(("sourceCredit", source))
    return tuple(found)


_SINCE: Final = re.compile(r"(?<!\d)\d{4}\W{0,3}[-–—]\W{0,3}$")
_UNTIL: Final = re.compile(r"\W{0,3}[-–—]")
_YEAR: Final = re.compile(r"\d{4}|\d{1,2}:\d{2}")
_DAY_WORDS: Final = ("يوم", "بتاريخ", "le", "on", "am", "el", "il", "em")
_EDGES: Final = " \t\u00a0:：|•·,،-–—/()"


def _named(text: str, hits: Hits, block: Block, listed: str) -> str | None:
    """The name that follows a phrase in the text beside the date."""
    lower = text.casefold()
    for hit in hits.of(block, listed):
        at = lower.find(hit.phrase.casefold())
        if at < 0 or (at and lower[at - 1].isalnum()):
            continue
        name = text[at + len(hit.phrase) :].strip(_EDGES)
        for mark in names.MARKS:
            name = name.split(mark)[0].strip(_EDGES)
        name = names.behind_phrase(name).strip(_EDGES)
        if titles.name_like(name, 5):
            return name
    return None


def _placed(main: Main, d: _Dated) -> bool:
    if d.line > main.last:
        return d.line - main.last <= BELOW
    return titles.near_start(main, d.line, before=BEFORE, after=AFTER)


def _confidence(main: Main, d: _Dated, headed: range) -> float:
    shape = 0.5 if not d.rest else 0.45 if d.rest <= 2 else 0.36
    shape += 0.08 if d.labelled else 0.0
    shape -= 0.06 if d.updated else 0.0
    shape -= 0.1 if d.relative else 0.0
    distance = main.first - d.line
    if d.line in headed:
        place = 0.34
    elif d.line > main.last:
        place = 0.2 if d.labelled else 0.05
    elif distance < 0:
        place = 0.26
    else:
        place = 0.34 if distance <= 3 else 0.28 if distance <= 6 else 0.16
    return min(0.97, shape + place)


def _finding(page: Page, d: _Dated, confidence: float, field: str) -> Finding:
    signals = {Signal.SHAPE, Signal.POSITION} | ({Signal.PHRASE} if d.labelled or d.relative else set())
    value = page.text[d.start : d.end]
    return Finding(
        d.block.start,
        d.block.end,
        Label.DATELINE,
        confidence,
        "dateline.relative" if d.relative else "dateline.date",
        clip(d.block.text),
        frozenset(signals),
        field=field,
        value=value,
        extra=d.extra,
    )
