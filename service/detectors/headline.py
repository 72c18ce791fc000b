"""The article's own title, lifted out of the body.

Finds:
    The line, or the piece of a line, that stands as a title before the first prose: short, not punctuated
    like a sentence, its words taken up by the text below it; in HTML, the first-level heading, or the
    line of it, that the page's own title names, or the only one right above the text, unless it is the
    site's name; and the line above the text that is the page's own title. A page title on the first
    lines ("Title | Site"), a copy in the breadcrumb, a date or byline just below, and the lengths of its
    neighbours speak for it.

Keeps:
    Subheads inside the article, titles of pasted articles further down a thread, menu items, consent
    lines. Of several candidates one is lifted; in doubt none, and what may be the title stays.

Signals:
    Position (before the first prose), shape (length, no full stop, one piece), neighbours (a date line
    below, the words of the text), repetition (the page title, the breadcrumb). What they are worth
    together is learned: the confidence is the share of such candidates that were the title.

Rules:
    h1: The first-level heading, or the line above the text, that is the page's own title (HTML).
    above_text: Above the text, and like enough to a title to be lifted.
    maybe: Perhaps the title, too unsure to be lifted: it stays where a menu, a ticker or the model alone
        would have taken it out.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from schemas.labels import Label
from service import headlines, sites, titles
from service.detector import Hits, clip, phrases
from service.document import Cut, Finding, Line, Page, Signal, Structure
from service.folding import fold
from service.headlines import Candidates
from service.metadata import headline
from service.places import Place
from service.titles import Main

# Letters of a heading that the page's title begins with; shorter ones name a site or a section
MIN_HEADING: Final = 12
# Lines of one heading; what runs over more holds the page
MAX_LINES: Final = 6
# Below this most candidates are none; those above are right five times in six
LEAST: Final = 0.4
# From here to `LEAST` one candidate in four is the title: too few to lift it, too many to lose it
MAYBE: Final = 0.12
# What begins the text, or stands below its first paragraph, is a question or a subhead as often
SURE_BELOW: Final = 0.7
MOST: Final = 0.99
# Words of an ingredient, or of what a menu offers
ITEM_UNITS: Final = 3
# So many names of a site's sections, and half of the words, are a menu; or both of two words
SECTIONS: Final = 3
# Share of its words that the text has, from which they speak for a candidate
SHARED: Final = 0.34

# A title that stands in a list or a breadcrumb is the title without the mark before it
BULLETS: Final = "•▪■●►·»›"


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """At most one title; in HTML it may stand on several lines."""
    main = titles.main_text(page)
    said = _said(page)
    if heading := _shown(page, main) or _heading(page, said) or _titled(page, said, main):
        yield from heading
        return
    if not main:
        return
    found = headlines.candidates(page, hits, main)
    if not found.places:
        return
    ranked = headlines.chooser().ranked(found.signs)
    best, confidence = next((one for one in ranked if not _refused(page, found, one[0])), (0, 0.0))
    if confidence < MAYBE or _item(found, best):
        return
    place = found.places[best]
    text = page.text[place.start : place.end]
    # what a page's metadata don't know as its title fills no field: lifted, it would be nowhere
    least = LEAST if found.sign(best, "above") > 0 else SURE_BELOW
    unsure = confidence < least or _open_ended(page, place)
    if unsure or (said and not _agrees(page, place, said)):
        signals = _signals(found, best)
        yield Finding(
            place.start, place.end, Label.HEADLINE, confidence, "headline.maybe", clip(text), signals
        )
        return
    bare = titles.bare_heading(text.lstrip(BULLETS).lstrip())
    yield Finding(
        place.start,
        place.end,
        Label.HEADLINE,
        min(confidence, MOST),
        "headline.above_text",
        clip(text),
        _signals(found, best),
        field="headline",
        value=bare or text,
    )


def _refused(page: Page, found: Candidates, candidate: int) -> bool:
    """Whether a place says what no title says, whatever else speaks for it: a menu, a picture's credit."""
    place = found.places[candidate]
    folded = " ".join(block.folded for block in page.blocks[place.first : place.last + 1])
    words = folded.split()
    sections = sum(word in _sections() for word in words)
    if sections >= min(SECTIONS, len(words)) > 1 and 2 * sections >= len(words):
        return True
    # a title may begin with such a word, but then the text below takes its other words up
    if found.sign(candidate, "share") < SHARED and folded.startswith(_homes()):
        return True
    return ":" in folded and any(f" {credit}:" in folded for credit in phrases("media_reference", "credit"))


def _open_ended(page: Page, place: Place) -> bool:
    """Whether no visible seam parts a place from what stands beside it.

    On pages of one line a menu runs into the title: of what is closed by the end of a sentence alone half is
    more than the title; of what is parted by faint seams two of five are, or are less. Where the words are
    surer, as many titles are whole as on pages that kept their lines.
    """
    beside = page.blocks[place.last + 1 : place.last + 2]
    return page.blocks[place.first].cut is Cut.FAINT or any(b.cut in _OPEN for b in beside)


_OPEN: Final = (Cut.SENTENCE, Cut.FAINT)


@cache
def _homes() -> tuple[str, ...]:
    return tuple(f"{phrase} " for phrase in phrases("navigation", "home"))


@cache
def _sections() -> frozenset[str]:
    return frozenset(phrases("navigation", "item", "home"))


def _item(found: Candidates, place: int) -> bool:
    """Whether a place is like the items of the list it ends: as short, with no blank line between."""
    before = found.sign(place, "previous")
    tied = found.sign(place, "blanks") == 0 and 0 < before <= ITEM_UNITS
    return found.sign(place, "units") <= ITEM_UNITS and tied and not _heads(found, place)


def _heads(found: Candidates, place: int) -> bool:
    """Whether a date or a byline stands below a place."""
    return min(found.sign(place, "dated"), found.sign(place, "signed")) < headlines.NONE


def _signals(found: Candidates, place: int) -> frozenset[Signal]:
    signals = {Signal.POSITION, Signal.SHAPE}
    if found.sign(place, "within") or found.sign(place, "copies") > 1:
        signals.add(Signal.REPETITION)
    if _heads(found, place) or found.sign(place, "share") >= SHARED:
        signals.add(Signal.NEIGHBOURS)
    return frozenset(signals)


def _said(page: Page) -> list[str]:
    """The letters of the titles that an HTML page gives itself, but for its site's name."""
    if page.dom is None:
        return []
    head = page.dom.head
    site = sites.names(head)
    letters = (titles.letters_of(fold(t)) for t in (head.metas.get("og:title", ""), head.title) if t)
    return [title for title in letters if title and title not in site]


def _agrees(page: Page, place: Place, said: Sequence[str]) -> bool:
    """Whether a place says what one of the page's titles says, or a good part of it."""
    letters = titles.letters_of(" ".join(b.folded for b in page.blocks[place.first : place.last + 1]))
    return any(letters in title or title in letters for title in said)


def _shown(page: Page, main: Main) -> list[Finding]:
    """The heading that is the page's headline; else the line nearest to the text that says the same."""
    if heading := headline.shown(page):
        return list(_lines_of(page, page.lines[heading.first : heading.last]))
    stated = headline.best(page)
    if stated is None or not main:
        return []
    wanted = sites.key(stated.value)
    for line in reversed(page.lines[: main.first + 1]):
        fits = line.end - line.start <= headlines.MAX_CHARS
        if fits and wanted and titles.letters_of(titles.line_folded(page, line)) == wanted:
            return list(_lines_of(page, [line]))
    return []


def _titled(page: Page, said: Sequence[str], main: Main) -> list[Finding]:
    """The line nearest to the beginning of the text, above it or its first, that is the page's own title."""
    if not said or not main:
        return []
    for line in reversed(page.lines[: main.first + 1]):
        if line.end - line.start > headlines.MAX_CHARS:
            continue
        letters = titles.letters_of(titles.line_folded(page, line))
        if len(letters) >= MIN_HEADING and any(
            title.startswith(letters) and len(title) < 2 * len(letters) for title in said
        ):
            return list(_lines_of(page, [line]))
    return []


def _heading(page: Page, said: Sequence[str]) -> list[Finding]:
    """The first-level heading, whole or a line of it, that an HTML page's own title begins with."""
    if page.dom is None:
        return []
    site = sites.names(page.dom.head)
    for row in (page.dom.flags & int(Structure.H1)).nonzero()[0].tolist():
        first, last = int(page.dom.first_line[row]), int(page.dom.last_line[row])
        lines = page.lines[first : min(last, first + MAX_LINES)]
        whole = [lines] if 1 < last - first <= MAX_LINES else []
        for part in (*whole, *((line,) for line in lines)):
            letters = "".join(titles.letters_of(titles.line_folded(page, line)) for line in part)
            if (
                len(letters) >= MIN_HEADING
                and letters not in site
                and any(title.startswith(letters) for title in said)
            ):
                return list(_lines_of(page, part))
    return []


def _lines_of(page: Page, heading: Sequence[Line]) -> Iterator[Finding]:
    """A finding a line; the first has the title."""
    value: str | None = titles.joined([titles.line_text(page, line) for line in heading])
    for line in heading:
        yield Finding(
            line.start, line.end, Label.HEADLINE, 0.95, "headline.h1", clip(titles.line_text(page, line)),
            frozenset({Signal.SHAPE, Signal.REPETITION}), field="headline", value=value,
        )  # fmt: skip
        value = None
