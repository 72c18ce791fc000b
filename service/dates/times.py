"""text -> times of day, and the one that belongs to a date."""

import re
from collections.abc import Sequence
from typing import Final

from service.dates.table import halves
from service.dates.values import MAX_GAP, Date, Time

# Of each way to write it, the hour first, then the minute, then the second
_TIME: Final = re.compile(
    # 12:45, 12:45:30, 12:45:30.5+03:00
    r"(?<![\d:.+])(?:(\d{1,2})\s?[:∶]\s?(\d{2})(?:\s?:\s?(\d{2}))?(?:\.\d{1,6})?(?:Z|[+-]\d{2}:?\d{2})?"
    # 12h45
    r"|(\d{1,2})\s?[hH]\s?(\d{2})(?!\w)"
    # 12時45分
    r"|(\d{1,2})\s?[时時点點시]\s?(\d{1,2})\s?[分분]?"
    # klo 12.45
    r"|(?<!\w)(?:klo|kl|pukul|ore|alle|ob)\.?\s?(\d{1,2})\.(\d{2})"
    # 12.45 Uhr
    r"|(\d{1,2})\.(\d{2})\s?(?:uhr|wib|wita|wit)(?!\w)"
    # 12 pm
    r"|(\d{1,2})\s?(?=[ap]\.?\s?m\b))(?![\d:])",
    re.IGNORECASE,
)
# How far back a half of the day is looked for, in characters; and how long those are that stand before a time
_BEFORE: Final = 12
_HALF_SIZES: Final = (2, 9)  # 午後, 오후; पूर्वाह्न


def all_times(text: str, dates: Sequence[Date]) -> list[Time]:
    """Times of day outside the dates, in order, each with the half of the day that stands beside it."""
    found = []
    for m in _TIME.finditer(text):
        if any(d.start < m.end() and m.start() < d.end for d in dates):
            continue
        hour, minute, second, *_ = (*(int(g) for g in m.groups() if g is not None), 0, 0)
        start, end, half = m.start(), m.end(), None
        if after := halves().match(text, end):
            end, half = after.end(), after.lastgroup
        elif before := _half_before(text, start):
            start, half = before
        valid = hour <= 23 and minute <= 59 and second <= 59
        if half == "pm":
            valid &= hour >= 1
            hour += 12 if hour < 12 else 0
        elif half == "am":
            valid &= hour <= 12
            hour = 0 if hour == 12 else hour
        found.append(Time(start, end, hour, minute, second, valid))
    return found


def _half_before(text: str, at: int) -> tuple[int, str] | None:
    """Start and name (`am`, `pm`) of a half of the day just before `at`, as in Chinese, Korean and Hindi."""
    begin = max(0, at - _BEFORE)
    head = text[begin:at].rstrip()
    for size in _HALF_SIZES:
        m = halves().fullmatch(head[-size:]) if len(head) >= size else None
        if m and m.lastgroup:
            return begin + len(head) - size, m.lastgroup
    return None


def time_near(text: str, start: int, end: int, times: Sequence[Time]) -> Time | None:
    """The time that belongs to a date: the nearest, before or after, with few and short words between."""
    best: tuple[int, Time] | None = None
    for time in times:
        gap = text[end : time.start] if time.start >= end else text[time.end : start]
        letters = sum(c.isalpha() for c in gap)
        if len(gap) > MAX_GAP or letters > 14 or len(gap.split()) > 4:
            continue
        rank = len(gap) + 2 * letters
        if best is None or rank < best[0]:
            best = (rank, time)
    return best[1] if best else None
