"""date with all its readings -> the one day it can mean, by its weekday or what a language writes first."""

import datetime
import itertools
import re

from service.dates.table import orders
from service.dates.values import Date


def settle(date: Date, weekday: int | None, begins: str | None) -> datetime.date | None:
    """The one day a date can mean; a weekday beside it, or the language, may choose between orders."""
    days: dict[datetime.date, str] = {}
    for reading, first in itertools.zip_longest(date.readings, date.orders, fillvalue=""):
        try:
            days.setdefault(datetime.date(*reading), first)
        except ValueError:
            continue
    if len(days) > 1 and weekday is not None:
        days = {day: first for day, first in days.items() if day.isoweekday() == weekday}
    elif len(days) > 1:
        days = {day: first for day, first in days.items() if first == begins}
    return next(iter(days)) if len(days) == 1 else None


def begins_with(language: str | None) -> str | None:
    """What a date in numbers begins with in a language: of its region, or else of the language."""
    if not language:
        return None
    return orders().get(language.casefold().replace("_", "-")) or orders().get(base_of(language))


def base_of(language: str) -> str:
    """A language without script and region."""
    return re.split(r"[-_]", language.casefold(), maxsplit=1)[0]
