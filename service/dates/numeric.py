"""text -> dates written in numbers: 2022-07-20, 25/03/2022, 2022年3月5日, 31.10.23, 20 tháng 7 năm 2022."""

import re
from collections.abc import Iterator
from typing import Final

from service.dates.values import Date
from service.dates.years import FIRST_SHORT, MADE_IN, is_gregorian

_NUMERIC: Final = re.compile(
    r"(?<!\d)(?<!\d[-/.:])(?:"
    # 2022-07-20
    r"(?P<y1>\d{4})\s?(?P<sep1>[-/.])\s?(?P<m1>\d{1,2})\s?(?P=sep1)\s?(?P<d1>\d{1,2})"
    # 20 - 07 - 2022, 07/20/2022
    r"|(?P<a>\d{1,2})\s?(?P<sep2>[-/.])\s?(?P<b>\d{1,2})\s?(?P=sep2)\s?(?P<y2>\d{4})"
    # 2022年7月20日, and the same without the year
    r"|(?P<y3>\d{4})\s?[年년]\s?(?P<m3>\d{1,2})\s?[月월]\s?(?P<d3>\d{1,2})\s?[日일号號]?"
    r"|\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일号號]"
    # 20.07.22
    r"|(?P<s1>\d{2})(?P<sep4>[-/.])(?P<s2>\d{2})(?P=sep4)(?P<s3>\d{2})"
    # 20.07., if a time follows
    r"|\d{1,2}[/.]\d{1,2}\.?(?=[\s,]{1,3}\d{1,2}:\d\d)"
    r")(?!\d)(?![-/.]\d)"
)
_VIETNAMESE: Final = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})\s+th[aá]ng\s+(?P<m>\d{1,2})\s*,?\s*(?:n[aă]m\s+)?(?P<y>\d{4})(?!\d)",
    re.IGNORECASE,
)
# What says behind a year that it is Hijri (the group), or Gregorian
_ERA: Final = re.compile(r"\s?(?:(هـ|ه)|م)(?!\w)")


def numeric(text: str) -> Iterator[Date]:
    """Dates in numbers, with marks or words for year, month and day between; without a year, unreadable."""
    for m in _NUMERIC.finditer(text):
        if m["y1"]:
            yield _date(text, m, int(m["y1"]), ((int(m["m1"]), int(m["d1"])),))
        elif m["y2"]:
            a, b = int(m["a"]), int(m["b"])
            dotted = m["sep2"] == "."
            ways = ((b, a),) if dotted or a == b else ((b, a), (a, b))
            yield _date(text, m, int(m["y2"]), ways)
        elif m["y3"]:
            yield _date(text, m, int(m["y3"]), ((int(m["m3"]), int(m["d3"])),))
        elif m["sep4"]:
            numbers = int(m["s1"]), int(m["s2"]), int(m["s3"])
            short = list(_short(numbers, dotted=m["sep4"] == "."))
            yield Date(m.start(), m.end(), tuple(w[1] for w in short), orders=tuple(w[0] for w in short))
        else:
            yield Date(m.start(), m.end())
    if "th" in text.lower():  # few texts are Vietnamese, and this is quicker
        for m in _VIETNAMESE.finditer(text):
            yield _date(text, m, int(m["y"]), ((int(m["m"]), int(m["d"])),))


def _date(text: str, m: re.Match[str], year: int, ways: tuple[tuple[int, int], ...]) -> Date:
    """The date that was met, and the era behind it. `ways`: month and day, day first, then month first."""
    era = _ERA.match(text, m.end(), m.end() + 4)
    foreign = bool(era and era[1]) or not is_gregorian(year)
    orders = ("day", "month") if len(ways) == 2 else ()
    end = era.end() if era else m.end()
    return Date(m.start(), end, tuple((year, *way) for way in ways), foreign, orders)


def _short(numbers: tuple[int, int, int], *, dotted: bool) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Ways to read three numbers of two digits; with full stops nobody writes the month first."""
    a, b, c = numbers
    for first, (short, month, day) in (("day", (c, b, a)), ("month", (c, a, b)), ("year", (a, b, c))):
        if first == "month" and dotted:
            continue
        if short <= MADE_IN % 100:
            yield first, (2000 + short, month, day)
        elif short >= FIRST_SHORT:
            yield first, (1900 + short, month, day)
