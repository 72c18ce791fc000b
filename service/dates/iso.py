"""raw date -> local ISO 8601."""

from service.dates.find import all_dates
from service.dates.orders import base_of, begins_with, settle
from service.dates.times import all_times, time_near
from service.dates.values import MAX_CHARS
from service.dates.weekdays import weekday_near
from service.dates.years import from_buddhist, is_thai


def local_iso(raw: str, language: str | None = None) -> str | None:
    """ISO 8601 without zone, or None where the raw date is ambiguous. No zone is ever guessed.

    `language` (BCP 47): where it is written with the day, or the month, first, so is 03/04/2022. English
    alone says neither; en-GB does.
    """
    text = raw[:MAX_CHARS]
    dates = all_dates(text)
    if is_thai(text) or base_of(language or "") == "th":
        dates = [*map(from_buddhist, dates)]
    date = next((d for d in dates if not d.foreign), None)
    if date is None:
        return None
    day = settle(date, weekday_near(text, date), begins_with(language))
    if day is None:
        return None
    time = time_near(text, date.start, date.end, all_times(text, dates))
    if time is None:
        return day.isoformat()
    if not time.valid:
        return None
    return f"{day.isoformat()}T{time.hour:02}:{time.minute:02}:{time.second:02}"
