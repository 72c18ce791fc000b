"""Which years a page can mean, and of which calendar they are."""

from typing import Final

from service.dates.values import Date

# The first year of the Gregorian calendar: smaller years are Jalali or Hijri. The greatest is safely
# below the Buddhist years of our time.
FIRST_YEAR: Final = 1583
LAST_YEAR: Final = 2199
BUDDHIST: Final = 543
# No page that this version can have met is younger than the year after it was made; and of the years before
# the Web, none is written with two digits on a page.
MADE_IN: Final = 2026
FIRST_SHORT: Final = 91


def is_gregorian(year: int) -> bool:
    """Whether a year can be one of the Gregorian calendar, and is none of another."""
    return FIRST_YEAR <= year <= LAST_YEAR


def is_thai(text: str) -> bool:
    """Whether a text, or a month's name, has Thai letters: its year may be Buddhist."""
    return any("\u0e00" <= c <= "\u0e7f" for c in text)


def from_buddhist(date: Date) -> Date:
    """A date of a year that only the Buddhist calendar has reached, in the Gregorian one."""
    years = {year for year, _, _ in date.readings}
    if not date.foreign or not years or min(years) <= LAST_YEAR:
        return date
    readings = tuple((year - BUDDHIST, month, day) for year, month, day in date.readings)
    return date._replace(readings=readings, foreign=max(years) - BUDDHIST > LAST_YEAR)
