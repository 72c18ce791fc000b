"""The frozen values between the steps, and how far a step looks."""

from typing import Final, NamedTuple

# Longer texts are no datelines, and nothing beyond this is looked at.
MAX_CHARS: Final = 400
# How far a time or a weekday may stand from its date, in characters.
MAX_GAP: Final = 24


class Token(NamedTuple):
    """A word or a number of a text."""

    text: str
    start: int
    end: int
    number: int
    """Its value, or -1 for a word."""


class Date(NamedTuple):
    """A date as it stands in a text, with every way to read it."""

    start: int
    end: int
    readings: tuple[tuple[int, int, int], ...] = ()
    """(year, month, day), one for each way to read it; none where it cannot be read."""
    foreign: bool = False
    """Of a calendar other than the Gregorian."""
    orders: tuple[str, ...] = ()
    """What each reading begins with, where that is all they differ in."""


class Time(NamedTuple):
    """A time of day as it stands in a text, by the clock of 24 hours."""

    start: int
    end: int
    hour: int
    minute: int
    second: int
    valid: bool
    """Whether there is such a time: 25:00 is none."""
