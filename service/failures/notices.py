"""page, spans -> its sentences, each with its length, its fate and the notices its words belong to.

Only pages of up to `MAX_UNITS` are read so: what is longer than any wall is no wall.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from schemas.labels import Action, Label
from service.document import Page, Span
from service.failures.phrases import WEAK, Met, Standing, look_up
from service.folding import fold
from service.scripts import SPACELESS
from service.stops import TERMINALS
from service.words import folded

# In words as if all scripts were spaced. The longest walls are consent pages that spell out purposes:
# about 600 words; pages of parked domains and soft 404s with a site's whole menu come to about as many.
MAX_UNITS: Final = 900
# A sentence of so many words, or of half as many closed by a full stop, is running text
RUNNING: Final = 14
# Rules don't reach across longer sentences
LONGEST: Final = 60

_END: Final = re.compile(rf"[{TERMINALS}]+[\"')\]]*(?=\s|$)|[。！？｡]+|[.!?]+(?=[\"']?$)")
_SEAM: Final = re.compile(rf"{_END.pattern}|\n", re.MULTILINE)
_WORDY: Final = re.compile(r"[^\W_]\S*")  # one a word that holds a letter or digit
_SPACELESS: Final = re.compile(f"[{SPACELESS}]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a line that is none. `start` and `end` are code points of the block it stands in."""

    text: str
    """Folded."""
    units: int
    start: int | None
    """None for words that are not on the page itself: its title, what it says without scripts."""
    end: int | None
    kept: bool
    running: bool
    closed: bool
    """Whether it ends as sentences do."""
    met: tuple[Met, ...]
    lifted: bool = False

    def strong(self, family: str) -> tuple[Met, ...]:
        """The telling rules of a family it meets."""
        return tuple(m for m in self.met if m.family == family and m.listed != WEAK)


def units(text: str) -> int:
    """Words of a folded text; two characters of a script without spaces make one."""
    spaceless = 0 if text.isascii() else len(_SPACELESS.findall(text))
    rest = _SPACELESS.sub(" ", text) if spaceless else text
    return len(_WORDY.findall(rest)) + (spaceless + 1) // 2


def read(page: Page, spans: Sequence[Span], families: Collection[str]) -> tuple[Sentence, ...]:
    """The sentences of a page, with the rules of some families that they meet."""
    return tuple(_sentences(page, spans, families))


def of_text(text: str) -> tuple[Sentence, ...]:
    """The sentences of words that are not on the page."""
    plain = fold(text[:4_000])
    found = look_up(plain)
    return tuple(_sentence(found, at, None, None, kept=False) for at in _bounds(plain))


def split(text: str) -> Iterator[str]:
    """Sentences of a folded text, none empty."""
    return (text[start:end] for start, end in _bounds(text))


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a folded text begin and end, without the white space around them."""
    start = 0
    for end in chain((seam.end() for seam in _SEAM.finditer(text)), (len(text),)):
        sentence = text[start:end].strip()
        if sentence:
            begin = text.index(sentence, start)
            yield begin, begin + len(sentence)
        start = end


def _sentences(page: Page, spans: Sequence[Span], families: Collection[str]) -> Iterator[Sentence]:
    starts = [span.start for span in spans]
    read = folded(page)
    found = look_up(read.text, families)
    for block, begin in zip(page.blocks, read.begins, strict=False):
        span = spans[max(0, bisect_right(starts, block.start) - 1)]
        kept = span.action in (Action.KEPT, Action.FLAGGED)
        lifted = span.action is Action.LIFTED and span.label is Label.HEADLINE
        for start, end in _bounds(block.folded):
            at = (begin + start, begin + end)
            yield _sentence(found, at, block.start, block.end, kept=kept, lifted=lifted)


def _sentence(
    found: Standing,
    at: tuple[int, int],
    start: int | None,
    end: int | None,
    *,
    kept: bool,
    lifted: bool = False,
) -> Sentence:
    text = found.text[at[0] : at[1]]
    size = units(text)
    closed = _END.search(text, len(text) - 4) is not None
    running = size >= RUNNING or (closed and size >= RUNNING // 2)
    met = found.met(*at) if 0 < size <= LONGEST else ()
    return Sentence(text, size, start, end, kept, running, closed, met, lifted)
