"""page text -> the same text as other writers and programs would have left it, and where each character was.

Many who write for the web end no paragraph with a full stop, most of all in Arabic; lynx and html2text break
lines at a width. A labeller that saw neither takes such paragraphs for items of a list. And between the
paragraphs of many an article stand a small table, a list or a talk, of which a labeller sees few.
"""

import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.stops import TERMINALS

WIDTHS: Final = (60, 100)
# Share of a paragraph that is of the gold text
MOSTLY: Final = 0.9
MAX_WORDS: Final = 2_000
_STOP: Final = f"[{re.escape(TERMINALS)}]"
_LAST_STOPS: Final = re.compile(rf"{_STOP}(?:[^\S\n]*{_STOP})*(?=[^\S\n]*(?:\n|$))")


def without_stops(text: str) -> tuple[str, NDArray[np.intp]]:
    """The text whose lines end with no full stop, and the place of each of its characters in the first."""
    keep = np.ones(len(text), dtype=bool)
    for stop in _LAST_STOPS.finditer(text):
        keep[stop.start() : stop.end()] = False
    return _LAST_STOPS.sub("", text), np.flatnonzero(keep)


def broken(text: str, width: int) -> str:
    """The text with its lines broken at a width: as long as before, with line breaks for spaces."""
    return _parted(text, set(_breaks(text, width)))


def _parted(text: str, places: set[int]) -> str:
    """The text with line breaks at some places."""
    return "".join("\n" if i in places else char for i, char in enumerate(text))


def _breaks(text: str, width: int) -> Iterator[int]:
    begun = last = 0
    for space in re.finditer(r"[ \n]|$", text):
        at = space.start()
        if at - begun > width and last > begun:
            yield last
            begun = last + 1
        if space.group() == "\n":
            begun = at + 1
        last = at


_CLAUSE_END: Final = re.compile(rf"(?<=[{re.escape(TERMINALS)},;:،؛])[ \u00a0](?=\S)")
VERSE: Final = (24, 44)


def clauses(text: str, covered: NDArray[np.floating]) -> str:
    """The text with each clause of its gold text, which `covered` marks, on a line of its own.

    So stand talks and captions. As long as before, with line breaks for spaces.
    """
    return _parted(text, {m.start() for m in _CLAUSE_END.finditer(text) if covered[m.start()] > 0})


def verse(text: str, covered: NDArray[np.floating], width: int) -> tuple[str, NDArray[np.intp]]:
    """The text with its gold text in lines of about `width` characters that end with no full stop.

    So stand poems. With the place of each character in the first text.
    """
    return without_stops(_parted(text, {i for i in _breaks(text, width) if covered[i] > 0}))


LISTED: Final = (3, 8)
MIN_PARAGRAPH: Final = 80
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


def listed(
    text: str, covered: NDArray[np.floating], draw: random.Random
) -> tuple[str, NDArray[np.intp]] | None:
    """The text with a list between two of its paragraphs, and the place of each character in the first.

    What is new has the place of what it stands behind. Its words are the page's own, so that they are of its
    language. None where no two paragraphs of the gold text, which `covered` marks, follow each other.
    """
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    paragraphs = [(a, b) for a, b in lines if b - a >= MIN_PARAGRAPH and covered[a:b].mean() > MOSTLY]
    seams = [above[1] for above, below in pairwise(paragraphs) if not text[above[1] : below[0]].strip()]
    words = _WORD.findall(" ".join(text[a:b] for a, b in paragraphs))[:MAX_WORDS]
    if not seams or not words:
        return None
    at, shape = draw.choice(seams), draw.choice(_SHAPES)
    inserted = "".join("\n" + shape(words, draw) for _ in range(draw.randint(*LISTED)))
    places = np.concatenate((np.arange(at), np.full(len(inserted), at - 1), np.arange(at, len(text))))
    return text[:at] + inserted + text[at:], places


def _some(words: list[str], draw: random.Random, most: int) -> str:
    start = draw.randrange(len(words))
    return " ".join(words[start : start + draw.randint(1, most)])


def _pair(words: list[str], draw: random.Random) -> str:
    return f"{_some(words, draw, 2)}: {draw.choice((str(draw.randrange(2000)), _some(words, draw, 4)))}"


def _row(words: list[str], draw: random.Random) -> str:
    return f"{_some(words, draw, 2)} {draw.randrange(40)} {draw.randrange(40)} {draw.randrange(90)}"


def _turn(words: list[str], draw: random.Random) -> str:
    return draw.choice(("", "", "– ")) + _some(words, draw, 7) + draw.choice((".", "?", ".", "!"))


def _amount(words: list[str], draw: random.Random) -> str:
    return f"{draw.randrange(1, 500)} {_some(words, draw, 4)}"


_SHAPES: Final[tuple[Callable[[list[str], random.Random], str], ...]] = (_pair, _row, _turn, _amount)
