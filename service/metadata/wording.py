"""Strings of a page's metadata -> as they read; and how much a title agrees with another."""

import html
import re
from typing import Final

from service.folding import fold

# A heading is the page's headline when so much of it stands in the title as well, or the reverse.
AGREEMENT: Final = 0.7
_WORD: Final = re.compile(r"\w+")


def readable(value: object) -> str:
    """A string as it reads: entities, which JSON-LD often holds doubly escaped, resolved."""
    return " ".join(html.unescape(value).split()) if isinstance(value, str) else ""


def words_of(text: str) -> set[str]:
    """Its words, folded, each once."""
    return set(_WORD.findall(fold(text)))


def agreement(heading: set[str], title: set[str]) -> float:
    """How much of the heading stands in the title, and a little of the reverse: 0 to 1."""
    shared = len(heading & title)
    return float(shared / len(heading) * (shared / len(title)) ** 0.25)
