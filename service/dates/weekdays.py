"""The weekday beside a date."""

from service.dates.table import weekday_of
from service.dates.tokens import tokenize
from service.dates.values import MAX_GAP, Date


def weekday_near(text: str, date: Date) -> int | None:
    """ISO number of the weekday beside a date, the one before it first."""
    before, after = weekday_before(text, date.start), weekday_after(text, date.end)
    found = before or after
    return found[0] if found else None


def weekday_before(text: str, at: int) -> tuple[int, int] | None:
    """ISO number and start of a weekday that stands just before `at`."""
    head = text[max(0, at - MAX_GAP) : at]
    words = [t for t in tokenize(head) if t.number < 0]
    for count in (1, 2):
        if len(words) < count:
            break
        first = words[-count]
        number = weekday_of(head[first.start : words[-1].end])
        if number is not None and len(head) - words[-1].end <= 3:
            return number, at - len(head) + first.start
    return None


def weekday_after(text: str, at: int) -> tuple[int, int] | None:
    """ISO number and end of a weekday that stands just after `at`."""
    tail = text[at : at + MAX_GAP]
    words = tokenize(tail)
    if words and words[0].number < 0 and words[0].start <= 3:
        number = weekday_of(words[0].text)
        if number is not None:
            closing = 1 if tail[words[0].end : words[0].end + 1] in (")", "）", "]") else 0
            return number, at + words[0].end + closing
    return None
