"""text -> dates with a month's name: 25 March 2022, March 25, 2022, 2022. március 25."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from service.dates.table import key, month_of
from service.dates.tokens import tokenize
from service.dates.values import Date, Token
from service.dates.years import BUDDHIST, FIRST_YEAR, LAST_YEAR, is_thai

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


def named(text: str) -> Iterator[Date]:
    """Dates with a month's name: 25 March 2022, March 25, 2022, 2022. március 25., with doubles."""
    tokens = tokenize(text)
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


def _month_at(tokens: Sequence[Token], i: int) -> tuple[tuple[str, int] | None, int]:
    if i >= len(tokens) or tokens[i].number >= 0:
        return None, i
    if i + 1 < len(tokens) and tokens[i + 1].number < 0 and tokens[i + 1].start - tokens[i].end <= 2:
        two = month_of(f"{tokens[i].text} {tokens[i + 1].text}")
        if two is not None:
            return two, i + 1
    return month_of(tokens[i].text), i


def _around(text: str, tokens: Sequence[Token], first: int, last: int, month: tuple[str, int]) -> Date | None:
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
        return Date(begin, end)
    return _read(
        text, (begin, end), (year, number, day), calendar, text[tokens[first].start : tokens[last].end]
    )


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


def _read(text: str, span: tuple[int, int], ymd: tuple[int, int, int], calendar: str, name: str) -> Date:
    year, month, day = ymd
    begin, end = span
    tail = re.match(r"\s?(?:(هـ|ه)|م|г\.?|م\.)(?!\w)", text[end : end + 4])
    if tail:
        end += tail.end()
    if calendar == "gregorian" and year > LAST_YEAR and is_thai(name):
        year -= BUDDHIST
    dotted = _DOTTED_ELSEWHERE in key(name) and f"{day}." in text[span[0] : span[1]]
    foreign = calendar != "gregorian" or not FIRST_YEAR <= year <= LAST_YEAR
    return Date(begin, end, () if dotted else ((year, month, day),), foreign)
