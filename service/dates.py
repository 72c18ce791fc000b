"""raw date -> local ISO 8601, where it can be read in one way only.

Digits of any script, month names of some eighty languages (`months.toml`, from CLDR), numeric orders,
two calendars side by side. What could mean two days gives None: 03/04/2022 where the language doesn't tell,
11.10.09, a date of the Hijri or Jalali calendar alone. No zone is ever guessed or kept.
"""

import datetime
import itertools
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from service.folding import fold

MONTHS_FILE: Final = Path(__file__).with_name("months.toml")

# The first year of the Gregorian calendar: smaller years are Jalali or Hijri. The greatest is safely
# below the Buddhist years of our time.
FIRST_YEAR: Final = 1583
LAST_YEAR: Final = 2199
BUDDHIST: Final = 543
# No page that this version can have met is younger than the year after it was made; and of the years before
# the Web, none is written with two digits on a page.
MADE_IN: Final = 2026
FIRST_SHORT: Final = 91
# Longer texts are no datelines, and nothing beyond this is looked at.
MAX_CHARS: Final = 400
# How far a time or a weekday may stand from its date, in characters.
MAX_GAP: Final = 24

_PUNCTUATION: Final = (
    "!-/:-@\\[-`{-~\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2010-\u206f\u060c\u061b\u061f"
    "\u3000-\u303f\uff01-\uff0f\uff1a-\uff20।"
)
_TOKEN: Final = re.compile(rf"\d+|[^\s\d{_PUNCTUATION}]+")
_NUMERIC: Final = re.compile(
    r"(?<!\d)(?<!\d[-/.:])(?:"
    r"(?P<y1>\d{4})\s?(?P<sep1>[-/.])\s?(?P<m1>\d{1,2})\s?(?P=sep1)\s?(?P<d1>\d{1,2})"
    r"|(?P<a>\d{1,2})\s?(?P<sep2>[-/.])\s?(?P<b>\d{1,2})\s?(?P=sep2)\s?(?P<y2>\d{4})"
    r"|(?P<y3>\d{4})\s?[年년]\s?(?P<m3>\d{1,2})\s?[月월]\s?(?P<d3>\d{1,2})\s?[日일号號]?"
    r"|\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일号號]"
    r"|(?P<s1>\d{2})(?P<sep4>[-/.])(?P<s2>\d{2})(?P=sep4)(?P<s3>\d{2})"
    r"|\d{1,2}[/.]\d{1,2}\.?(?=[\s,]{1,3}\d{1,2}:\d\d)"
    r")(?!\d)(?![-/.]\d)"
)
_VIETNAMESE: Final = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})\s+th[aá]ng\s+(?P<m>\d{1,2})\s*,?\s*(?:n[aă]m\s+)?(?P<y>\d{4})(?!\d)",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"(?<![\d:.+])(?:(?P<h>\d{1,2})\s?[:∶]\s?(?P<m>\d{2})(?:\s?:\s?(?P<s>\d{2}))?(?:\.\d{1,6})?(?:Z|[+-]\d{2}:?\d{2})?"
    r"|(?P<h2>\d{1,2})\s?[hH]\s?(?P<m2>\d{2})(?!\w)"
    r"|(?P<h3>\d{1,2})\s?[时時点點시]\s?(?P<m3>\d{1,2})\s?[分분]?"
    r"|(?<!\w)(?:klo|kl|pukul|ore|alle|ob)\.?\s?(?P<h4>\d{1,2})\.(?P<m4>\d{2})"
    r"|(?P<h5>\d{1,2})\.(?P<m5>\d{2})\s?(?:uhr|wib|wita|wit)(?!\w)"
    r"|(?P<h6>\d{1,2})\s?(?=[ap]\.?\s?m\b))(?![\d:])",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"[\s,./،;·•|_\-–—‑\u200e\u200f\u202a-\u202e]*")
# Words that may stand between day, month and year.
_FILLERS: Final = frozenset(
    [
        "st",
        "nd",
        "rd",
        "th",
        "of",
        "the",
        "er",
        "re",
        "º",
        "ª",
        "de",
        "del",
        "di",
        "da",
        "d",
        "den",
        "dne",
        "η",
        "ης",
        "ο",
        "го",
        "l",
        "año",
        "ano",
        "anno",
        "ta",
        "an",
        "e",
        "le",
        "la",
        "m",
        "do",
        "من",
        "شهر",
        "عام",
        "سنه",
        "لعام",
        "لسنه",
        "سال",
        "ماه",
        "ते",
        "के",
        "को",
        "ה",
        "את",
        "ngay",
        "thang",
        "nam",
        "jaar",
        "roku",
        "roka",
        "r",
        "г",
        "года",
        "рік",
        "року",
        "թ",
        "թվականի",
        "ж",
        "gada",
        "gads",
    ]
)
# In Croatian, which writes a full stop after the day, this Polish November is October.
_DOTTED_ELSEWHERE: Final = "listopada"


class _Date(NamedTuple):
    start: int
    end: int
    readings: tuple[tuple[int, int, int], ...] = ()
    """(year, month, day), one for each way to read it; none where it cannot be read."""
    foreign: bool = False
    """Of a calendar other than the Gregorian."""
    orders: tuple[str, ...] = ()
    """What each reading begins with, where that is all they differ in."""


class _Time(NamedTuple):
    start: int
    end: int
    hour: int
    minute: int
    second: int
    valid: bool


_DIGIT: Final = re.compile(r"\d")


class _Token(NamedTuple):
    text: str
    start: int
    end: int
    number: int
    """Its value, or -1 for a word."""


@lru_cache(maxsize=512)  # detectors ask about the same lines of a page
def find_date(text: str) -> tuple[int, int] | None:
    """Where the first date of a short text stands, with its weekday and time; None without one.

    Two calendars side by side are one date.
    """
    if len(text) > MAX_CHARS or _DIGIT.search(text) is None:
        return None
    dates = _dates(text)
    if not dates:
        return None
    start, end = dates[0].start, dates[0].end
    for before, after in itertools.pairwise(dates):
        if before.foreign == after.foreign or after.start - end > MAX_GAP:
            break
        end = after.end
    return _widen(text, start, end, dates)


def local_iso(raw: str, language: str | None = None) -> str | None:
    """ISO 8601 without zone, or None where the raw date is ambiguous. No zone is ever guessed.

    `language` (BCP 47): where it is written with the day, or the month, first, so is 03/04/2022. English
    alone says neither; en-GB does.
    """
    text = raw[:MAX_CHARS]
    dates = _dates(text)
    if _thai(text) or base_of(language or "") == "th":
        dates = [*map(_from_buddhist, dates)]
    date = next((d for d in dates if not d.foreign), None)
    if date is None:
        return None
    day = _settle(date, _weekday_near(text, date), _begins(language))
    if day is None:
        return None
    time = _time_near(text, date.start, date.end, _times(text, _dates(text)))
    if time is None:
        return day.isoformat()
    if not time.valid:
        return None
    return f"{day.isoformat()}T{time.hour:02}:{time.minute:02}:{time.second:02}"


@lru_cache(maxsize=4096)
def key(word: str) -> str:
    """A month's or weekday's name as the table holds it: folded, without accents and full stops."""
    plain = unicodedata.normalize("NFD", fold(word))
    plain = "".join(c for c in plain if not "\u0300" <= c <= "\u036f")
    return " ".join(unicodedata.normalize("NFC", plain).replace(".", " ").replace("'", " ").split())


@cache
def _names() -> dict[str, dict[str, list[str]]]:
    """The file of names, as it stands."""
    return tomllib.loads(MONTHS_FILE.read_text(encoding="utf-8"))


@cache
def _table() -> dict[str, dict[str, int]]:
    return {
        name: {word: int(number) for number, words in rows.items() for word in words}
        for name, rows in _names().items()
        if name not in ("half", "order")
    }


@cache
def _half() -> re.Pattern[str]:
    raw = _names()["half"]

    def either(words: Sequence[str]) -> str:
        return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))

    return re.compile(
        rf"[\s\u200e\u200f]{{0,3}}(?:(?P<am>{either(raw['am'])})|(?P<pm>{either(raw['pm'])}))\.?(?![^\W\d_])",
        re.IGNORECASE,
    )


@lru_cache(maxsize=4096)
def _month(word: str) -> tuple[str, int] | None:
    """Calendar and number of a month's name."""
    table = _table()
    name = key(word)
    for calendar in ("gregorian", "jalali", "hijri"):
        number = table[calendar].get(name)
        if number is not None:
            return calendar, number
    return None


@lru_cache(maxsize=4096)
def _weekday(word: str) -> int | None:
    return _table()["weekday"].get(key(word))


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(m[0], m.start(), m.end(), int(m[0]) if m[0].isdecimal() and len(m[0]) < 9 else -1)
        for m in _TOKEN.finditer(text)
    ]


def _dates(text: str) -> list[_Date]:
    """All dates, in order, none overlapping."""
    found = [*_numeric(text)]
    if "th" in text.lower():
        found += _vietnamese(text)
    found += _named(text)
    found.sort(key=lambda d: (d.start, d.start - d.end))
    kept: list[_Date] = []
    for date in found:
        if not kept or date.start >= kept[-1].end:
            kept.append(date)
    return kept


def _numeric(text: str) -> Iterator[_Date]:
    for m in _NUMERIC.finditer(text):
        if m["y1"]:
            yield _date(text, m, int(m["y1"]), ((int(m["m1"]), int(m["d1"])),))
        elif m["y2"]:
            a, b = int(m["a"]), int(m["b"])
            dotted = m["sep2"] == "."
            orders = ((b, a),) if dotted or a == b else ((b, a), (a, b))
            yield _date(text, m, int(m["y2"]), orders)
        elif m["y3"]:
            yield _date(text, m, int(m["y3"]), ((int(m["m3"]), int(m["d3"])),))
        elif m["sep4"]:
            numbers = int(m["s1"]), int(m["s2"]), int(m["s3"])
            ways = list(_short(numbers, dotted=m["sep4"] == "."))
            yield _Date(m.start(), m.end(), tuple(w[1] for w in ways), orders=tuple(w[0] for w in ways))
        else:
            yield _Date(m.start(), m.end())


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


def _vietnamese(text: str) -> Iterator[_Date]:
    for m in _VIETNAMESE.finditer(text):
        yield _date(text, m, int(m["y"]), ((int(m["m"]), int(m["d"])),))


def _date(text: str, m: re.Match[str], year: int, readings: tuple[tuple[int, int], ...]) -> _Date:
    end = m.end()
    tail = re.match(r"\s?(?:(هـ|ه)|م)(?!\w)", text[end : end + 4])
    hijri = bool(tail and tail[1])
    if tail:
        end += tail.end()
    foreign = hijri or not FIRST_YEAR <= year <= LAST_YEAR
    orders = ("day", "month") if len(readings) == 2 else ()
    return _Date(m.start(), end, tuple((year, *reading) for reading in readings), foreign, orders)


def _named(text: str) -> Iterator[_Date]:
    """Dates with a month's name: 25 March 2022, March 25, 2022, 2022. március 25., with doubles."""
    tokens = _tokens(text)
    near = {i + d for i, t in enumerate(tokens) if t.number >= 0 for d in range(-4, 5)}
    i = 0
    while i < len(tokens):
        if tokens[i].number >= 0 or i not in near:
            i += 1
            continue
        month, last = _month_at(tokens, i)
        if month is None:
            i += 1
            continue
        double, doubled = _month_at(tokens, last + 1)
        if double is not None and text[tokens[last].end : tokens[last + 1].start].strip() in (
            "/",
            "-",
            "(",
            "|",
        ):
            month, last = (
                (month, doubled) if double[1] == month[1] or month[0] == "gregorian" else (double, doubled)
            )
        date = _around(text, tokens, i, last, month)
        if date is not None:
            yield date
        i = last + 1


def _month_at(tokens: Sequence[_Token], i: int) -> tuple[tuple[str, int] | None, int]:
    if i >= len(tokens) or tokens[i].number >= 0:
        return None, i
    if i + 1 < len(tokens) and tokens[i + 1].number < 0 and tokens[i + 1].start - tokens[i].end <= 2:
        two = _month(f"{tokens[i].text} {tokens[i + 1].text}")
        if two is not None:
            return two, i + 1
    return _month(tokens[i].text), i


def _around(
    text: str, tokens: Sequence[_Token], first: int, last: int, month: tuple[str, int]
) -> _Date | None:
    calendar, number = month
    before = _number_beside(text, tokens, first, -1)
    after = _number_beside(text, tokens, last, 1)
    begin, end = tokens[first].start, tokens[last].end
    day = year = None
    if before is not None and _is_day(tokens[before]):
        day, begin = tokens[before].number, tokens[before].start
        if after is not None and _is_year(tokens[after]):
            year, end = tokens[after].number, tokens[after].end
        else:
            earlier = _number_beside(text, tokens, before, -1)
            if earlier is not None and _is_year(tokens[earlier]):
                year, begin = tokens[earlier].number, tokens[earlier].start
    elif after is not None and _is_day(tokens[after]):
        day, end = tokens[after].number, tokens[after].end
        if before is not None and _is_year(tokens[before]):
            year, begin = tokens[before].number, tokens[before].start
        else:
            later = _number_beside(text, tokens, after, 1)
            if later is not None and _is_year(tokens[later]):
                year, end = tokens[later].number, tokens[later].end
    if day is None:
        return None
    if year is None:
        return _Date(begin, end)
    return _read(
        text, (begin, end), (year, number, day), calendar, text[tokens[first].start : tokens[last].end]
    )


def _read(text: str, span: tuple[int, int], ymd: tuple[int, int, int], calendar: str, name: str) -> _Date:
    year, month, day = ymd
    begin, end = span
    tail = re.match(r"\s?(?:(هـ|ه)|م|г\.?|م\.)(?!\w)", text[end : end + 4])
    if tail:
        end += tail.end()
    if calendar == "gregorian" and year > LAST_YEAR and _thai(name):
        year -= BUDDHIST
    dotted = _DOTTED_ELSEWHERE in key(name) and f"{day}." in text[span[0] : span[1]]
    foreign = calendar != "gregorian" or not FIRST_YEAR <= year <= LAST_YEAR
    return _Date(begin, end, () if dotted else ((year, month, day),), foreign)


def _from_buddhist(date: _Date) -> _Date:
    """A date of a year that only the Buddhist calendar has reached, in the Gregorian one."""
    years = {year for year, _, _ in date.readings}
    if not date.foreign or not years or min(years) <= LAST_YEAR:
        return date
    readings = tuple((year - BUDDHIST, month, day) for year, month, day in date.readings)
    return date._replace(readings=readings, foreign=max(years) - BUDDHIST > LAST_YEAR)


def _thai(name: str) -> bool:
    return any("\u0e00" <= c <= "\u0e7f" for c in name)


def _number_beside(text: str, tokens: Sequence[_Token], at: int, step: int) -> int | None:
    """Index of the number beside a token, at most two filler words away."""
    for hop in range(1, 4):
        i = at + step * hop
        if not 0 <= i < len(tokens):
            return None
        left, right = (tokens[i], tokens[i - step]) if step < 0 else (tokens[i - step], tokens[i])
        between = text[left.end : right.start]
        if len(between) > 5 or not _BETWEEN.fullmatch(between):
            return None
        if tokens[i].number >= 0:
            return i
        if key(tokens[i].text) not in _FILLERS:
            return None
    return None


def _is_day(token: _Token) -> bool:
    return token.end - token.start <= 2 and 1 <= token.number <= 31


def _is_year(token: _Token) -> bool:
    return token.end - token.start == 4


def _settle(date: _Date, weekday: int | None, begins: str | None) -> datetime.date | None:
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


def base_of(language: str) -> str:
    """A language without script and region."""
    return re.split(r"[-_]", language.casefold(), maxsplit=1)[0]


def _begins(language: str | None) -> str | None:
    """What a date in numbers begins with in a language: of its region, or else of the language."""
    if not language:
        return None
    return _orders().get(language.casefold().replace("_", "-")) or _orders().get(base_of(language))


@cache
def _orders() -> dict[str, str]:
    return {tag: first for first, tags in _names()["order"].items() for tag in tags}


def _weekday_near(text: str, date: _Date) -> int | None:
    before, after = _weekday_before(text, date.start), _weekday_after(text, date.end)
    found = before or after
    return found[0] if found else None


def _weekday_before(text: str, at: int) -> tuple[int, int] | None:
    """ISO number and start of a weekday that stands just before `at`."""
    head = text[max(0, at - MAX_GAP) : at]
    words = [t for t in _tokens(head) if t.number < 0]
    for count in (1, 2):
        if len(words) < count:
            break
        first = words[-count]
        number = _weekday(head[first.start : words[-1].end])
        if number is not None and len(head) - words[-1].end <= 3:
            return number, at - len(head) + first.start
    return None


def _weekday_after(text: str, at: int) -> tuple[int, int] | None:
    """ISO number and end of a weekday that stands just after `at`."""
    tail = text[at : at + MAX_GAP]
    words = _tokens(tail)
    if words and words[0].number < 0 and words[0].start <= 3:
        number = _weekday(words[0].text)
        if number is not None:
            closing = 1 if tail[words[0].end : words[0].end + 1] in (")", "）", "]") else 0
            return number, at + words[0].end + closing
    return None


def _times(text: str, dates: Sequence[_Date]) -> list[_Time]:
    found = []
    for m in _TIME.finditer(text):
        if any(d.start < m.end() and m.start() < d.end for d in dates):
            continue
        groups = [g for g in m.groups() if g is not None]
        hour, minute, second = (int(groups[i]) if i < len(groups) else 0 for i in range(3))
        start, end, half = m.start(), m.end(), None
        after = _half().match(text, end)
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
        found.append(_Time(start, end, hour, minute, second, valid))
    return found


def _half_before(text: str, at: int) -> tuple[int, str] | None:
    head = text[max(0, at - 12) : at].rstrip()
    for size in (2, 9):  # 午後, 오후; पूर्वाह्न
        m = _half().fullmatch(head[-size:]) if len(head) >= size else None
        if m and m.lastgroup:
            return max(0, at - 12) + len(head) - size, m.lastgroup
    return None


def _time_near(text: str, start: int, end: int, times: Sequence[_Time]) -> _Time | None:
    """The time that belongs to a date: the nearest, before or after, with at most two words between."""
    best: tuple[int, _Time] | None = None
    for time in times:
        gap = text[end : time.start] if time.start >= end else text[time.end : start]
        letters = sum(c.isalpha() for c in gap)
        if len(gap) > MAX_GAP or letters > 14 or len(gap.split()) > 4:
            continue
        rank = len(gap) + 2 * letters
        if best is None or rank < best[0]:
            best = (rank, time)
    return best[1] if best else None


def _widen(text: str, start: int, end: int, dates: Sequence[_Date]) -> tuple[int, int]:
    time = _time_near(text, start, end, _times(text, dates))
    if time is not None:
        start, end = min(start, time.start), max(end, time.end)
    before = _weekday_before(text, start)
    if before is not None:
        start = before[1]
    after = _weekday_after(text, end)
    if after is not None:
        end = after[1]
    if text[end : end + 1] == ")" and "(" in text[start:end]:
        end += 1
    return start, end
