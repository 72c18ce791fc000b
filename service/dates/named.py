"""text -> dates with a month's name: 25 March 2022, March 25, 2022, 2022. március 25."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from service.dates.table import GREGORIAN, Month, key, month_of
from service.dates.tokens import tokenize
from service.dates.values import Date, Token
from service.dates.years import BUDDHIST, LAST_YEAR, is_gregorian, is_thai

_BETWEEN: Final = re.compile(r"[\s,./،;·•|_\-–—‑°ºª\u200e\u200f\u202a-\u202e]*")
# Words that may stand between day, month and year.
_FILLERS: Final = frozenset(map(key, (
    "st", "nd", "rd", "th", "of", "the", "er", "re", "de", "del", "di", "da", "d", "den", "dne",
    "η", "ης", "ο", "го", "l", "ano", "anno", "ta", "an", "e", "le", "la", "m", "do", "من", "شهر", "عام",
    "سنه", "لعام", "لسنه", "سال", "ماه", "ते", "के", "को", "ה", "את", "ngay", "thang", "nam", "jaar",
    "roku", "roka", "r", "г", "года", "рік", "року", "թ", "թվականի", "ж", "gada", "gads",
)))  # fmt: skip
# Marks between the two names of one month: نيسان / أبريل, 4 Nisan (April)
_JOINTS: Final = ("/", "-", "(", "|")
# What stands behind a year and belongs to it
_ERA: Final = re.compile(r"\s?(?:هـ|ه|م|г\.?)(?!\w)")
# In Croatian, which writes a full stop after the day, this Polish November is October.
_DOTTED_ELSEWHERE: Final = "listopada"


def named(text: str) -> Iterator[Date]:
    """Dates with a month's name, or with the two names that a month has in two calendars or lands."""
    tokens = tokenize(text)
    near = {i + d for i, t in enumerate(tokens) if t.number >= 0 for d in range(-4, 5)}
    i = 0
    while i < len(tokens):
        if tokens[i].number >= 0 or i not in near:
            i += 1
            continue
        month, last = _month_at(tokens, i)
        if month is not None:
            month, last = _doubled(text, tokens, month, last)
            date = _around(text, tokens, i, last, month)
            if date is not None:
                yield date
        i = last + 1


def _month_at(tokens: Sequence[Token], i: int) -> tuple[Month | None, int]:
    """The month that one token or two name, and the last of these."""
    if i >= len(tokens) or tokens[i].number >= 0:
        return None, i
    if i + 1 < len(tokens) and tokens[i + 1].number < 0 and tokens[i + 1].start - tokens[i].end <= 2:
        two = month_of(f"{tokens[i].text} {tokens[i + 1].text}")
        if two is not None:
            return two, i + 1
    return month_of(tokens[i].text), i


def _doubled(text: str, tokens: Sequence[Token], month: Month, last: int) -> tuple[Month, int]:
    """The month, and the last token of its names, where a second name is joined to the first.

    Of two different months the Gregorian one is meant, else the second.
    """
    other, end = _month_at(tokens, last + 1)
    if other is None or text[tokens[last].end : tokens[last + 1].start].strip() not in _JOINTS:
        return month, last
    return month if other.number == month.number or month.calendar == GREGORIAN else other, end


def _around(text: str, tokens: Sequence[Token], first: int, last: int, month: Month) -> Date | None:
    """The date of a month that the tokens `first` to `last` name: its day beside, its year around both."""
    before = _number_beside(text, tokens, first, -1)
    after = _number_beside(text, tokens, last, 1)
    if before is not None and _is_day(tokens[before]):
        day, across, step = before, after, -1
    elif after is not None and _is_day(tokens[after]):
        day, across, step = after, before, 1
    else:
        return None
    year = across
    if year is None or not _is_year(tokens[year]):
        year = _number_beside(text, tokens, day, step)
    if year is None or not _is_year(tokens[year]):
        return Date(tokens[min(first, day)].start, tokens[max(last, day)].end)
    begin, end = tokens[min(first, day, year)].start, tokens[max(last, day, year)].end
    name = text[tokens[first].start : tokens[last].end]
    return _date(text, (begin, end), name, (tokens[year].number, month, tokens[day].number))


def _number_beside(text: str, tokens: Sequence[Token], at: int, step: int) -> int | None:
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


def _is_day(token: Token) -> bool:
    return token.end - token.start <= 2 and 1 <= token.number <= 31


def _is_year(token: Token) -> bool:
    return token.end - token.start == 4


def _date(text: str, span: tuple[int, int], name: str, ymd: tuple[int, Month, int]) -> Date:
    """The date that stands at `span`, and the era behind it; `name` is the month's as it is written."""
    year, month, day = ymd
    begin, end = span
    if month.calendar == GREGORIAN and year > LAST_YEAR and is_thai(name):
        year -= BUDDHIST
    era = _ERA.match(text, end, end + 4)
    dotted = _DOTTED_ELSEWHERE in key(name) and f"{day}." in text[begin:end]
    foreign = month.calendar != GREGORIAN or not is_gregorian(year)
    readings = () if dotted else ((year, month.number, day),)
    return Date(begin, era.end() if era else end, readings, foreign)
