"""Where the article's title may stand on a page, the signs each place shows, and what they are worth.

What the signs are worth is learned (`service.training.headlines`): set by hand they found 66 % of the titles
of articles and were right in 71 % of what they lifted; learned, 71 % and 83 % on sites not learned from.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service import forest, titles
from service.dates import find_date
from service.detector import Hits, phrases
from service.document import Cut, Page
from service.places import AFTER, PAGE_TITLE_LINES, SENTENCE_WORDS, Place, around
from service.titles import Main

ARTEFACT: Final = Path(__file__).with_name("headlines.npz")

# Letters of a text that is looked for in page titles and in other lines
MIN_NAMED: Final = 8
# What a title has at least and at most
MIN_UNITS: Final = 1.5
MAX_WORDS: Final = 60
MAX_CHARS: Final = 600
MIN_LETTERS: Final = 4
MAX_PLACE: Final = 30
SIGNED_WORDS: Final = 8
# A date and little else: so many words and digits; of more than so many words it must be two fifths
DATED_WORDS: Final = 14
ALL_DATE_WORDS: Final = 6
MIN_DATE_DIGITS: Final = 3
# One shared word proves nothing
MIN_MET: Final = 2
# Characters from which what the text begins with is the text itself, cut short
MIN_OPENING: Final = 40
# How many characters of the text below are compared with a title
SAMPLE: Final = 3_000
NONE: Final = 9
"""Stands for the distance to what is not there."""
FAR: Final = 40
"""Stands for the distance of what was looked for only because a page title names it."""

# How a last character closes what it ends; what is not here closes nothing. Not from `service.stops`: the
# trees were trained on titles read like this
_ENDS: Final = {
    **dict.fromkeys("?؟？!！", 1),
    "…": 2,
    **dict.fromkeys(".。।۔", 3),
    **dict.fromkeys(":：,،;؛", 4),
}

_OWN: Final = (
    "above",  # places from here to the first running text
    "place",  # lines of the page before this one, up to 30
    "units",
    "chars",
    "pieces",
    "digits",  # shares
    "upper",
    "quotes",
    "colon",
    "spaceless",
    "bullet",
    "end",  # by `_ENDS`
    "never",  # whether it says what a title never says
    "earlier",  # candidates before and after it that are no running text
    "later",
)
_COPIES: Final = (
    "named",  # whether a page title on the first lines begins with it
    "within",  # ... or holds it
    "copies",
    "last",  # whether no copy stands below
    "repeats",  # whether a candidate above begins with it
)
_NEAR: Final = (
    "dated",  # places from here down to a date, and up to one
    "dated_above",
    "signed",  # ... to a byline
    "signed_above",
    "blanks",  # before it and after
    "blanks_after",
    "previous",  # units of the neighbours
    "next",
    "next2",
    "next3",
    "to_previous",  # its own units beside theirs
    "to_next",
    "prose",
    "prose_next",
    "prose_next2",
    "prose_previous",
)
_BELOW: Final = (
    "share",  # of its longer words that the text has
    "stems",
    "outmatched",  # other candidates, no running text, with more words of the text, and with some
    "matched",
    "opening",  # whether the text begins with it
    "inside",  # whether the text holds its beginning
)
SIGNS: Final = (*_OWN, *_COPIES, *_NEAR, *_BELOW)
_INDEX: Final = {name: i for i, name in enumerate(SIGNS)}


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Places that may hold the title, in page order, and their signs: places x `SIGNS`."""

    places: tuple[Place, ...]
    signs: NDArray[np.float64]

    def sign(self, place: int, name: str) -> float:
        """One sign of one place."""
        return float(self.signs[place, _INDEX[name]])


@dataclass(frozen=True, slots=True, eq=False)
class Chooser:
    """What the signs are worth."""

    trees: forest.Forest
    knots: NDArray[np.float64]
    """From the trees' sum for the likeliest place of a page to the share of such that were the title."""

    def ranked(self, signs: NDArray[np.float64]) -> Iterator[tuple[int, float]]:
        """The places from the likeliest on, and the probability of each as if it were the likeliest."""
        sums = self.trees.raw(signs)[:, 0]
        for place in np.argsort(-sums, kind="stable").tolist():
            yield place, float(np.interp(sums[place], self.knots[0], self.knots[1]))


@cache
def chooser() -> Chooser:
    """The one in use; ValueError if it was made for other signs."""
    arrays = forest.load(ARTEFACT)
    if tuple(arrays["signs"].tolist()) != SIGNS:
        raise ValueError("headlines.npz was made for other signs: run service.training.headlines")
    return Chooser(forest.read(arrays, ("title",)), arrays["knots"])


def candidates(page: Page, hits: Hits, main: Main) -> Candidates:
    """The places around the beginning of the main text. `hits`: of the phrases that a title never holds."""
    far, near, origin = around(page, main)
    read = _read(page, (*far, *near), len(far))
    last = len(far) + origin + AFTER
    shaped = [i for i in range(min(last, len(read.places))) if _shaped(page, read, i)]
    keys = {i: titles.letters_of(read.folded[i]) for i in shaped}
    text = {keys[i] for i in shaped if read.prose[i]}
    # what says the same as running text is that text once more
    chosen = [i for i in shaped if read.prose[i] or keys[i] not in text]
    if not chosen:
        return Candidates((), np.zeros((0, len(SIGNS))))
    signs = np.column_stack(
        [
            _own(page, hits, read, chosen, len(far) + origin),
            _copies(page, [keys[i] for i in chosen]),
            _near(page, read, chosen),
            _below(page, main, read, chosen),
        ]
    )
    return Candidates(tuple(read.places[i] for i in chosen), signs)


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """The places, and what is counted in each."""

    places: tuple[Place, ...]
    far: int
    """How many places, at the beginning, are neighbours of none."""
    words: NDArray[np.float64]
    units: NDArray[np.float64]
    letters: NDArray[np.float64]
    digits: NDArray[np.float64]
    shapes: NDArray[np.float64]
    """Counts of capitals, quotes, colons and characters of scripts without spaces: 4 x places."""
    prose: tuple[bool, ...]
    """Whether it belongs to running text."""
    folded: tuple[str, ...]
    """Empty for places too long to be a title."""


def _read(page: Page, places: tuple[Place, ...], far: int) -> _Reading:
    first = np.array([p.first for p in places])
    last = np.array([p.last for p in places])
    m = page.measures
    counts = (m.words, m.letters, m.digits, m.upper, m.quotes, m.colons, m.spaceless)
    # a place has one block or two
    summed = np.array([c[first] + np.where(last > first, c[last], 0) for c in counts], dtype=np.float64)
    folded = tuple(
        "" if p.end - p.start > MAX_CHARS else " ".join(b.folded for b in page.blocks[p.first : p.last + 1])
        for p in places
    )
    words, spaceless = summed[0], summed[6]
    units = words - np.minimum(words, spaceless) / 2
    prose = tuple(_prose(page, p, u) for p, u in zip(places, units.tolist(), strict=True))
    return _Reading(places, far, words, units, summed[1], summed[2], summed[3:], prose, folded)


def _shaped(page: Page, read: _Reading, i: int) -> bool:
    """Whether a place may hold a title at all."""
    place = read.places[i]
    return (
        read.folded[i] != ""
        and read.units[i] >= MIN_UNITS
        and read.words[i] <= MAX_WORDS
        and read.letters[i] >= max(MIN_LETTERS, read.digits[i] + 1)
        and "://" not in read.folded[i]
        and all(b.cut is not Cut.MARK for b in page.blocks[place.first + 1 : place.last + 1])
    )


def _own(page: Page, hits: Hits, read: _Reading, chosen: list[int], origin: int) -> NDArray[np.float64]:
    """What a place shows by itself."""
    rows = []
    rivals = [i for i in chosen if not read.prose[i]]
    for i in chosen:
        place = read.places[i]
        chars = place.end - place.start
        upper, quotes, colons, spaceless = read.shapes[:, i].tolist()
        never = any(
            hits.of(b, "within") or hits.initial(b, "opens") or hits.whole(b, "whole")
            for b in page.blocks[place.first : place.last + 1]
        )
        rows.append(
            (
                FAR if i < read.far else origin - i,
                min(place.line, MAX_PLACE),
                read.units[i],
                chars,
                place.last - place.first + 1,
                read.digits[i] / chars,
                upper / read.letters[i],
                quotes > 0,
                colons > 0,
                spaceless > 0,
                page.measures.starts_mark[place.first],
                _ENDS.get(page.text[place.end - 1], 0),
                never,
                sum(j < i for j in rivals),
                sum(j > i for j in rivals),
            )
        )
    return np.array(rows, dtype=np.float64)


def _copies(page: Page, keys: list[str]) -> NDArray[np.float64]:
    """Where else on the page a place's words stand. `keys`: the letters of each place."""
    counts = Counter(keys)
    below = {key: i for i, key in enumerate(keys)}  # the last of each
    tops = [
        titles.letters_of(titles.line_folded(page, line)[:MAX_CHARS])
        for line in page.lines[:PAGE_TITLE_LINES]
    ]
    rows = []
    for i, key in enumerate(keys):
        long = len(key) >= MIN_NAMED
        others = [top for top in tops if long and top != key]
        rows.append(
            (
                any(top.startswith(key) for top in others),
                any(key in top for top in others),
                counts[key],
                below[key] == i,
                long and any(above.startswith(key) for above in keys[:i]),
            )
        )
    return np.array(rows, dtype=np.float64)


def _near(page: Page, read: _Reading, chosen: list[int]) -> NDArray[np.float64]:
    """What stands around a place."""
    dated = {i for i in range(len(read.places)) if _dated(page, read, i)}
    signed = {i for i in range(len(read.places)) if _signed(read, i)}
    units = np.minimum(read.units, MAX_WORDS)
    units[: read.far] = 0
    padded = np.concatenate([np.zeros(2), units, np.zeros(3)]).tolist()
    blanks = [min(p.blanks, 3) for p in read.places]
    rows = []
    for i in chosen:
        before2, before, own, after, after2, after3 = padded[i : i + 6]
        rows.append(
            (
                _distance(i, +1, dated, 4),
                _distance(i, -1, dated, 3),
                _distance(i, +1, signed, 2),
                _distance(i, -1, signed, 2),
                blanks[i],
                blanks[i + 1] if i + 1 < len(blanks) else 0,
                before,
                after,
                after2,
                after3,
                own / (1 + max(before, before2)),
                own / (1 + after),
                read.prose[i],
                any(read.prose[i + 1 : i + 2]),
                any(read.prose[i + 2 : i + 3]),
                i > 0 and read.prose[i - 1],
            )
        )
    return np.array(rows, dtype=np.float64)


def _distance(i: int, step: int, found: set[int], most: int) -> int:
    """Steps from a place to the first that is among those found."""
    return next((d for d in range(1, most + 1) if i + step * d in found), NONE)


def _dated(page: Page, read: _Reading, i: int) -> bool:
    """Whether a place holds a date and little else."""
    if read.words[i] > DATED_WORDS or read.digits[i] < MIN_DATE_DIGITS:
        return False
    text = page.text[read.places[i].start : read.places[i].end]
    span = find_date(text)
    return (
        span is not None
        and "@" not in text
        and bool(read.words[i] <= ALL_DATE_WORDS or 5 * (span[1] - span[0]) >= 2 * len(text))
    )


def _signed(read: _Reading, i: int) -> bool:
    """Whether a place says who wrote the text."""
    folded = read.folded[i]
    openings = phrases("byline", "sure", "word")
    if i < read.far or read.words[i] > SIGNED_WORDS or not folded.startswith(openings):
        return False
    sizes = (len(phrase) for phrase in openings if folded.startswith(phrase))
    return any(not folded[size : size + 1].isalnum() for size in sizes)


def _prose(page: Page, place: Place, units: float) -> bool:
    """Whether a place belongs to running text: a piece of such a line may be its title."""
    line = page.lines[place.line]
    piece = place.first == place.last and line.first < line.last
    return line.prose and (not piece or units >= SENTENCE_WORDS)


def _below(page: Page, main: Main, read: _Reading, chosen: list[int]) -> NDArray[np.float64]:
    """What the text takes up of a place's words."""
    sample = titles.sample_of(page, main, SAMPLE)[:SAMPLE]
    # running text has its own words: they need no looking for
    met = [(0, 0) if read.prose[i] else titles.met(read.folded[i], " " + sample) for i in chosen]
    rivals = [(i, shared) for i, (shared, _) in zip(chosen, met, strict=True) if not read.prose[i]]
    rows = []
    for i, (shared, stems) in zip(chosen, met, strict=True):
        plain = read.folded[i].rstrip(".… ")
        rows.append(
            (
                shared / stems if shared >= MIN_MET else 0.0,
                stems,
                sum(more > shared for j, more in rivals if j != i),
                sum(more >= MIN_MET for j, more in rivals if j != i),
                len(read.folded[i]) > MIN_OPENING and sample.startswith(plain[:60]),
                plain[:40] in sample,
            )
        )
    return np.array(rows, dtype=np.float64)
