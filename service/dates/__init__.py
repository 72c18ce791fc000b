"""raw date -> local ISO 8601, where it can be read in one way only; a text -> where its first date stands.

Digits of any script, month names of some eighty languages (`months.toml`, from CLDR), numeric orders,
two calendars side by side. What could mean two days gives None: 03/04/2022 where the language doesn't tell,
11.10.09, a date of the Hijri or Jalali calendar alone. No zone is ever guessed or kept.

Dates are found in numbers (`numeric`) and with a month's name (`named`), put in order and widened by the
weekday and the time beside them (`find`); one is read once its day is settled (`orders`, `iso`).
"""

from service.dates.find import find_date
from service.dates.iso import local_iso
from service.dates.orders import base_of
from service.dates.table import MONTHS_FILE, key
from service.dates.years import FIRST_YEAR, LAST_YEAR, MADE_IN, is_gregorian

__all__ = [
    "FIRST_YEAR", "LAST_YEAR", "MADE_IN", "MONTHS_FILE", "base_of", "find_date", "is_gregorian", "key",
    "local_iso",
]  # fmt: skip
