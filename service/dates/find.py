"""text -> where its dates stand."""

import itertools
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from service.dates.named import named
from service.dates.numeric import numeric
from service.dates.times import all_times, time_near
from service.dates.values import MAX_CHARS, MAX_GAP, Date
from service.dates.weekdays import weekday_after, weekday_before

_DIGIT: Final = re.compile(r"\d")


@lru_cache(maxsize=512)  # detectors ask about the same lines of a page
def find_date(text: str) -> tuple[int, int] | None:
    """Where the first date of a short text stands, with its weekday and time; None without one.

    Two calendars side by side are one date.
    """
    if len(text) > MAX_CHARS or _DIGIT.search(text) is None:
        return None
    dates = all_dates(text)
    if not dates:
        return None
    start, end = dates[0].start, dates[0].end
    for before, after in itertools.pairwise(dates):
        if before.foreign == after.foreign or after.start - end > MAX_GAP:
            break
        end = after.end
    return _widen(text, start, end, dates)


def all_dates(text: str) -> list[Date]:
    """All dates, in order, none overlapping."""
    found = sorted((*numeric(text), *named(text)), key=lambda d: (d.start, d.start - d.end))
    kept: list[Date] = []
    for date in found:
        if not kept or date.start >= kept[-1].end:
            kept.append(date)
    return kept


def _widen(text: str, start: int, end: int, dates: Sequence[Date]) -> tuple[int, int]:
    """Where a date stands with the time and the weekday beside it, and the bracket that closes them."""
    time = time_near(text, start, end, all_times(text, dates))
    if time is not None:
        start, end = min(start, time.start), max(end, time.end)
    before = weekday_before(text, start)
    if before is not None:
        start = before[1]
    after = weekday_after(text, end)
    if after is not None:
        end = after[1]
    if text[end : end + 1] == ")" and "(" in text[start:end]:
        end += 1
    return start, end
