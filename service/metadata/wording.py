"""Strings of a page's metadata -> as they read; and how much a title agrees with another."""

import html
import re
from typing import Final

from service.folding import fold

# A heading is the page's headline when so much of it stands in the title as well, or the reverse.
AGREEMENT: Final = 0.7
# Letters of the scripts that put no space between words
SPACELESS: Final = "\u2e80-\u2fdf\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(rf"[{SPACELESS}]+|[^\W_{SPACELESS}]+")
_SPACELESS: Final = re.compile(f"[{SPACELESS}]{{3}}")


def readable(value: object) -> str:
    """A string as it reads: entities, which JSON-LD often holds doubly escaped, resolved."""
    return " ".join(html.unescape(value).split()) if isinstance(value, str) else ""


def words_of(text: str) -> set[str]:
    """Its words, folded, each once; of what has no spaces between words, its pairs of letters."""
    found: set[str] = set()
    for word in _WORD.findall(fold(text)):
        if _SPACELESS.match(word):
            found.update(word[i : i + 2] for i in range(len(word) - 1))
        else:
            found.add(word)
    return found


def agreement(heading: set[str], title: set[str]) -> float:
    """How much of the heading stands in the title, and a little of the reverse: 0 to 1."""
    shared = len(heading & title)
    return float(shared / len(heading) * (shared / len(title)) ** 0.25)
