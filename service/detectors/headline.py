"""The article's own title, lifted out of the body.

Finds:
    The line that stands as a title before the first prose: short, not punctuated like a sentence, its
    words taken up by the text below it; in HTML, the first-level heading that the page's own title begins
    with. A page title on the first lines ("Title | Site"), a copy in the
    breadcrumb, a date or byline just below, and the first place on the page speak for it.

Keeps:
    Subheads inside the article, titles of pasted articles further down a thread, menu items, consent
    lines, single words. Of several candidates one is lifted; in doubt none.

Signals:
    Position (before the first prose), shape (length, no full stop, one piece), neighbours (a date line
    below, the words of the text), repetition (the page title, the breadcrumb).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schemas.labels import Label
from service import titles
from service.dates import find_date
from service.detector import Hits, clip, phrases
from service.document import Cut, Finding, Line, Page, Signal, Structure
from service.folding import fold
from service.titles import Main

# How many lines above the first prose a title may stand. Behind 15 lines of captions, share buttons and
# credits lie 97 % of the titles of the hand-labelled pages.
REACH: Final = 15
MIN_WORDS: Final = 3
# Letters of a heading that the page's title begins with; shorter ones name a site or a section
MIN_HEADING: Final = 12
# Characters from which a line is rather a standfirst or a caption.
LONG_TITLE: Final = 130
MAX_WORDS: Final = 40
# Han and kana: characters count as words, and four make the shortest title.
MIN_SPACELESS: Final = 4
MAX_SPACELESS: Final = 70
# Only the likeliest candidates are compared with the text, which costs most.
COMPARED: Final = 4
PAGE_TITLE_LINES: Final = 4
SIGNED_WORDS: Final = 8

# Of candidates this close to each other the first is the title: captions and standfirsts come after it.
CLOSE: Final = 0.08

# Of 29 candidates on labelled pages that score less than this one was the title; of those above, three in
# four.
LEAST: Final = 0.3

# What each sign adds; set by hand on the development pages so that a title with the text's words and
# one more sign passes 0.6, and a first line without them does not.
BASE: Final = 0.24


@dataclass(frozen=True, slots=True)
class _Candidate:
    line: int
    score: float
    signals: frozenset[Signal]


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """At most one line."""
    heading = _heading(page)
    if heading is not None:
        yield heading
        return
    main = titles.main_text(page)
    if not main:
        return
    candidates = sorted(_candidates(page, hits, main), key=lambda c: -c.score)[:COMPARED]
    if not candidates:
        return
    sample = titles.sample_of(page, main, 3_000)
    scored = [_compared(page, c, sample) for c in candidates]
    top = max(c.score for c in scored)
    best = min((c for c in scored if c.score >= top - CLOSE), key=lambda c: c.line)
    if best.score < LEAST:
        return
    line = page.lines[best.line]
    text = titles.line_text(page, line)
    yield Finding(
        line.start,
        line.end,
        Label.HEADLINE,
        min(best.score, 0.99),
        "headline.above_text",
        clip(text),
        best.signals,
        field="headline",
        value=text,
    )


def _heading(page: Page) -> Finding | None:
    """The first-level heading that an HTML page's own title begins with."""
    if page.dom is None:
        return None
    head = page.dom.head
    said = [titles.letters_of(fold(t)) for t in (head.metas.get("og:title", ""), head.title) if t]
    first_level = (page.dom.flags[page.dom.element] & int(Structure.H1)) != 0
    for i in first_level.nonzero()[0].tolist():
        line = page.lines[i]
        letters = titles.letters_of(titles.line_folded(page, line))
        if len(letters) >= MIN_HEADING and any(title.startswith(letters) for title in said):
            text = titles.line_text(page, line)
            signals = frozenset({Signal.SHAPE, Signal.REPETITION})
            return Finding(
                line.start, line.end, Label.HEADLINE, 0.95, "headline.h1", clip(text), signals,
                field="headline", value=text,
            )  # fmt: skip
    return None


def _candidates(page: Page, hits: Hits, main: Main) -> Iterator[_Candidate]:
    page_titles = [titles.letters_of(titles.line_folded(page, x)) for x in page.lines[:PAGE_TITLE_LINES]]
    copies: dict[str, int] = {}
    window = range(max(0, main.first - REACH), min(len(page.lines), main.first + 2))
    far = _named_above(page, window.start)
    lines = [(i, page.lines[i]) for i in (*far, *window) if _shaped(page, page.lines[i])]
    keys = {i: titles.letters_of(titles.line_folded(page, line)) for i, line in lines}
    for k in keys.values():
        copies[k] = copies.get(k, 0) + 1
    dated = _dated(page, window)
    for i, line in lines:
        if _never(page, hits, line):
            continue
        score, signals = BASE, {Signal.POSITION, Signal.SHAPE}
        named = any(
            j != i and len(keys[i]) >= 8 and t.startswith(keys[i]) and t != keys[i]
            for j, t in enumerate(page_titles)
        )
        below = next((d for d in range(1, 5) if i + d in dated), 0)
        signed = any(_signed(page, i + d) for d in (1, 2))
        if i >= main.first and not named and not (below == 1 and i == main.first and not _closed(page, line)):
            continue
        if named:
            score += 0.35
            signals.add(Signal.REPETITION)
        elif copies[keys[i]] > 1:
            score += 0.12
            signals.add(Signal.REPETITION)
        score += 0.2 * (below > 0)
        score += 0.15 * signed
        if below or signed:
            signals.add(Signal.NEIGHBOURS)
        distance = main.first - i
        score += 0.1 if distance == 1 else 0.08 if distance <= 3 else 0.0
        # a copy further down is nearer to the text, and more likely the title itself
        last = copies[keys[i]] == 1 or not any(keys[j] == keys[i] for j in keys if j > i)
        score += 0.15 if i == 0 and last else 0.0 if last else -0.1
        score += _shape_score(page, i, line)
        yield _Candidate(i, score, frozenset(signals))


def _closed(page: Page, line: Line) -> bool:
    """Whether a line closes like a sentence."""
    return page.blocks[line.last].ends_sentence


def _named_above(page: Page, before: int) -> Iterator[int]:
    """Lines far above the text that a page title on the first lines begins with."""
    named = [page.blocks[line.first].folded for line in page.lines[:PAGE_TITLE_LINES]]
    for i in range(1, before):
        folded = page.blocks[page.lines[i].first].folded
        if len(folded) >= 12 and any(t.startswith(folded) and t != folded for t in named):
            yield i


def _dated(page: Page, window: range) -> set[int]:
    """Lines around the window that hold a date and little else."""
    found = set()
    for i in range(window.start, min(len(page.lines), window.stop + 4)):
        line = page.lines[i]
        if line.words > 14 or line.prose or sum(b.digits for b in page.blocks_of(line)) < 3:
            continue
        text = titles.line_text(page, line)
        span = find_date(text)
        if (
            span is not None
            and (line.words <= 6 or 5 * (span[1] - span[0]) >= 2 * len(text))
            and "@" not in text
        ):
            found.add(i)
    return found


def _signed(page: Page, i: int) -> bool:
    """Whether a line says who wrote the text."""
    if i >= len(page.lines) or page.lines[i].words > SIGNED_WORDS:
        return False
    folded = titles.line_folded(page, page.lines[i])
    openings = phrases("byline", "sure", "word")
    if not folded.startswith(openings):
        return False
    sizes = (len(phrase) for phrase in openings if folded.startswith(phrase))
    return any(not folded[size : size + 1].isalnum() for size in sizes)


def _shaped(page: Page, line: Line) -> bool:
    blocks = page.blocks_of(line)
    if len(blocks) > 2 or any(b.cut is Cut.MARK for b in blocks):
        return False
    letters, digits = sum(b.letters for b in blocks), sum(b.digits for b in blocks)
    least, most = (MIN_SPACELESS, MAX_SPACELESS) if _spaceless(blocks[0].text) else (MIN_WORDS, MAX_WORDS)
    return least <= line.words <= most and letters > 1.5 * digits and "://" not in blocks[0].text


def _spaceless(text: str) -> bool:
    return any("\u3040" <= c <= "\u9fff" for c in text[:12])


def _never(page: Page, hits: Hits, line: Line) -> bool:
    for block in page.blocks_of(line):
        if hits.of(block, "within") or hits.initial(block, "opens") or hits.whole(block, "whole"):
            return True
    return False


def _shape_score(page: Page, i: int, line: Line) -> float:
    blocks = page.blocks_of(line)
    text = blocks[-1].text
    score = 0.05 if line.words >= 5 else -0.05
    score -= 0.08 if line.end - line.start > LONG_TITLE else 0.0
    score += 0.05 if line.blanks or (i + 1 < len(page.lines) and page.lines[i + 1].blanks) else 0.0
    if text[-1] in ".。।。" and not text.endswith(("..", "net.")):
        score -= 0.2
    if text[-1] in ":：,،;؛":
        score -= 0.25
    if text[-1] in "?؟？":
        score -= 0.06
    if blocks[0].text[0] in "•▪■●►*·":
        score -= 0.2
    if len(blocks) > 1:
        score -= 0.1
    return score


def _compared(page: Page, c: _Candidate, sample: str) -> _Candidate:
    """The candidate with what the text below says of it."""
    folded = titles.line_folded(page, page.lines[c.line])
    if sample.startswith(folded.rstrip(".… ")[:60]) and len(folded) > 40:
        return _Candidate(c.line, 0.1, c.signals)  # the text itself, cut short
    share = titles.overlap(folded, " " + sample)
    bonus = 0.22 if share >= 0.6 else 0.14 if share >= 0.34 else 0.0 if share > 0.15 else -0.15
    signals = c.signals | {Signal.NEIGHBOURS} if bonus > 0 else c.signals
    return _Candidate(c.line, c.score + bonus, signals)
