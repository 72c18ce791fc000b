"""page text -> the same text as other writers and programs would have left it, and where each character was.

Many who write for the web end no paragraph with a full stop, most of all in Arabic; lynx and html2text break
lines at a width. A labeller that saw neither takes such paragraphs for items of a list.
"""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.blocks.measures import TERMINALS

WIDTHS: Final = (60, 100)
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
    places = set(_breaks(text, width))
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
