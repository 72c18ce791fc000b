"""`months.toml` -> months and weekdays by name, halves of the day, and orders by language.

`service.training.months` writes the file; it is read once.
"""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from service.folding import fold

MONTHS_FILE: Final = Path(__file__).with_name("months.toml")
GREGORIAN: Final = "gregorian"
# A name that two of them share is of the first
CALENDARS: Final = (GREGORIAN, "jalali", "hijri")


class Month(NamedTuple):
    """A month of a calendar; January, Farvardin and Muharram are 1."""

    calendar: str
    number: int


@lru_cache(maxsize=4096)
def key(word: str) -> str:
    """A month's or weekday's name as the table holds it: folded, without accents and full stops."""
    plain = unicodedata.normalize("NFD", fold(word))
    plain = "".join(c for c in plain if not "\u0300" <= c <= "\u036f")
    return " ".join(unicodedata.normalize("NFC", plain).replace(".", " ").replace("'", " ").split())


@lru_cache(maxsize=4096)
def month_of(word: str) -> Month | None:
    """The month of a name."""
    table = _table()
    name = key(word)
    for calendar in CALENDARS:
        number = table[calendar].get(name)
        if number is not None:
            return Month(calendar, number)
    return None


@lru_cache(maxsize=4096)
def weekday_of(word: str) -> int | None:
    """ISO number of a weekday's name: Monday is 1."""
    return _table()["weekday"].get(key(word))


@cache
def halves() -> re.Pattern[str]:
    """What says beside a time which half of the day it is of; the group that met is `am` or `pm`."""
    raw = _names()["half"]

    def either(words: Sequence[str]) -> str:
        return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))

    return re.compile(
        rf"[\s\u200e\u200f]{{0,3}}(?:(?P<am>{either(raw['am'])})|(?P<pm>{either(raw['pm'])}))\.?(?![^\W\d_])",
        re.IGNORECASE,
    )


@cache
def orders() -> dict[str, str]:
    """What a date in numbers begins with (`day`, `month`, `year`), by lower-cased language tag."""
    return {tag: first for first, tags in _names()["order"].items() for tag in tags}


@cache
def _table() -> dict[str, dict[str, int]]:
    """The numbers of months by calendar, and of weekdays, by name."""
    return {
        name: {word: int(number) for number, words in rows.items() for word in words}
        for name, rows in _names().items()
        if name not in ("half", "order")
    }


@cache
def _names() -> dict[str, dict[str, list[str]]]:
    """The file of names, as it stands."""
    return tomllib.loads(MONTHS_FILE.read_text(encoding="utf-8"))
