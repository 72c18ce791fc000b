"""page -> runs of short lines of which enough state a quantity as cooks do: what a recipe takes.

Between two paragraphs they are the article's list, with its headings and with those items that state none.
Numbers alone tell nothing: dates, times and counts stand in lists of other headlines, too. Nor do the units
of data sheets, which stand amid a shop's offers.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from service.document import Line, Page, once_a_page
from service.folding import fold
from service.titles import line_folded

# So many lines with a quantity, and so many of all, make a list; longer runs hold the page
MIN_QUANTITIES: Final = 3
MIN_SHARE: Final = 0.25
MAX_LINES: Final = 80
MAX_CHARS: Final = 120
# From here on words are not parted: a unit may follow anything
UNPARTED: Final = "\u2e80"


@once_a_page
def stretches(page: Page) -> tuple[range, ...]:
    """Indices of the lines of each run between two longer lines, in order. Linear in the page."""
    return tuple(_found(page))


def _found(page: Page) -> Iterator[range]:
    at = 0
    for short, run in groupby(page.lines, key=_is_short):
        size = len(list(run))
        amid = at > 0 and at + size < len(page.lines)
        if short and amid and MIN_QUANTITIES <= size <= MAX_LINES:
            stated = sum(_states_quantity(page, line) for line in page.lines[at : at + size])
            if stated >= max(MIN_QUANTITIES, MIN_SHARE * size):
                yield range(at, at + size)
        at += size


def _is_short(line: Line) -> bool:
    return not line.prose and line.end - line.start <= MAX_CHARS


def _states_quantity(page: Page, line: Line) -> bool:
    return _quantity().search(line_folded(page, line)) is not None


@cache
def _quantity() -> re.Pattern[str]:
    """A number and a unit, or a unit that is said without one."""
    listed = tomllib.loads(Path(__file__).with_name("ingredients.toml").read_text(encoding="utf-8"))
    units = {name: sorted({fold(unit) for by in listed.values() for unit in by[name]}) for name in _LISTS}
    counted, spoken = ("|".join(map(bounded, units[name])) for name, bounded in _LISTS.items())
    return re.compile(rf"[\d½¼¾⅓⅔⅛]\)?\s?(?:{counted})|{spoken}")


def _ended(unit: str) -> str:
    # "5G" is no five grams
    glued = r"(?<!(?<!\d)\dg)" if unit == "g" else ""
    return re.escape(unit) if unit[0] >= UNPARTED else rf"{re.escape(unit)}{glued}(?!\w)"


def _bounded(unit: str) -> str:
    return re.escape(unit) if unit[0] >= UNPARTED else rf"(?<!\w){re.escape(unit)}(?!\w)"


_LISTS: Final = {"counted": _ended, "spoken": _bounded}
