"""a line -> whether it says when something was published, and by whom.

For lines that follow each other down a page, where the detector of datelines looks beside the article alone.
"""

import re
from functools import cache
from typing import Final

from service.dates import find_date
from service.detector import phrases
from service.folding import fold
from service.stops import STOPS
from service.titles import name_like

# A line that says when and by whom is no longer, in characters
DATE_LINE: Final = 100
LABEL_WORDS: Final = 5
NAME_WORDS: Final = 4
WORDS: Final = re.compile(r"[^\s:：|•·,،/()–—]+")


def is_date_line(text: str) -> bool:
    """Whether a line says when something was published and next to nothing else; by whom, at most."""
    if len(text) > DATE_LINE or (where := find_date(text)) is None:
        return False
    if 10 * (where[1] - where[0]) >= 7 * len(text):
        return True
    opened, first = unlabelled(text[: where[0]])
    signed, last = unlabelled(text[where[1] :])
    if text[-1:] in STOPS or not (opened or (signed and not first)):
        return False
    return all(not rest or name_like(rest, NAME_WORDS) for rest in (first, last))


def named(text: str) -> str | None:
    """Who a date line says it was: "October 12, 2020 by Marta"."""
    if not is_date_line(text) or (where := find_date(text)) is None:
        return None
    beside = map(unlabelled, (text[where[1] :], text[: where[0]]))
    return next((name for label, name in beside if name and label in phrases("dateline", "by")), None)


def unlabelled(text: str) -> tuple[str, str]:
    """The label of datelines that a text opens with, folded, and what the text says behind it."""
    words = WORDS.findall(text)
    for n in range(min(len(words), LABEL_WORDS), 0, -1):
        if (label := fold(" ".join(words[:n]))) in _labels():
            return label, " ".join(words[n:])
    return "", " ".join(words)


@cache
def _labels() -> frozenset[str]:
    """What says that a date is that of publication, or that a name is the author's."""
    return frozenset(phrases("dateline", "published", "updated", "posted_in", "by"))
