"""text -> times of day, and the one that belongs to a date."""

import re
from collections.abc import Sequence
from typing import Final

from service.dates.table import halves
from service.dates.values import MAX_GAP, Date, Time

_TIME: Final = re.compile(
    r"(?<![\d:.+])(?:(?P<h>\d{1,2})\s?[:∶]\s?(?P<m>\d{2})(?:\s?:\s?(?P<s>\d{2}))?(?:\.\d{1,6})?(?:Z|[+-]\d{2}:?\d{2})?"
    r"|(?P<h2>\d{1,2})\s?[hH]\s?(?P<m2>\d{2})(?!\w)"
    r"|(?P<h3>\d{1,2})\s?[时時点點시]\s?(?P<m3>\d{1,2})\s?[分분]?"
    r"|(?<!\w)(?:klo|kl|pukul|ore|alle|ob)\.?\s?(?P<h4>\d{1,2})\.(?P<m4>\d{2})"
    r"|(?P<h5>\d{1,2})\.(?P<m5>\d{2})\s?(?:uhr|wib|wita|wit)(?!\w)"
    r"|(?P<h6>\d{1,2})\s?(?=[ap]\.?\s?m\b))(?![\d:])",
    re.IGNORECASE,
)


def all_times(text: str, dates: Sequence[Date]) -> list[Time]:
    """Times of day outside the dates, in order, each with the half of the day that stands beside it."""
    found = []
    for m in _TIME.finditer(text):
        if any(d.start < m.end() and m.start() < d.end for d in dates):
            continue
        groups = [g for g in m.groups() if g is not None]
        hour, minute, second = (int(groups[i]) if i < len(groups) else 0 for i in range(3))
        start, end, half = m.start(), m.end(), None
        after = halves().match(text, end)
        before = _half_before(text, start)
        if after:
            end, half = after.end(), after.lastgroup
        elif before:
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
    """Start and name of a half of the day just before `at`, as in Chinese, Japanese, Korean and Hindi."""
    head = text[max(0, at - 12) : at].rstrip()
    for size in (2, 9):  # 午後, 오후; पूर्वाह्न
        m = halves().fullmatch(head[-size:]) if len(head) >= size else None
        if m and m.lastgroup:
            return max(0, at - 12) + len(head) - size, m.lastgroup
    return None


def time_near(text: str, start: int, end: int, times: Sequence[Time]) -> Time | None:
    """The time that belongs to a date: the nearest, before or after, with at most two words between."""
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
