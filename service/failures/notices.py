"""page, spans -> its sentences, each with its length, its fate and the notices its words belong to.

Only pages of up to `MAX_UNITS` are read so: what is longer than any wall is no wall.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.labels import Action, Label
from service.document import Page, Span
from service.failures.phrases import FAMILIES, WEAK, Met, met_by
from service.folding import fold

# In words as if all scripts were spaced. The longest walls are consent pages that spell out purposes:
# about 600 words; pages of parked domains and soft 404s with a site's whole menu come to about as many.
MAX_UNITS: Final = 900
# A sentence of so many words, or of half as many closed by a full stop, is running text
RUNNING: Final = 14
# Rules don't reach across longer sentences
LONGEST: Final = 60

_END: Final = re.compile(r"[.!?…؟۔।]+[\"')\]]*(?=\s|$)|[。！？｡]+|[.!?]+(?=[\"']?$)")
_WORDY: Final = re.compile(r"[^\W_]\S*")  # one a word that holds a letter or digit
_SPACELESS: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)


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
    return tuple(_sentence(part, None, None, kept=False) for part in split(fold(text[:4_000])))


def split(text: str) -> Iterator[str]:
    """Sentences of a folded text."""
    for line in text.split("\n"):
        at = 0
        for end in _END.finditer(line):
            yield line[at : end.end()].strip()
            at = end.end()
        yield line[at:].strip()


def _sentences(page: Page, spans: Sequence[Span], families: Collection[str]) -> Iterator[Sentence]:
    starts = [span.start for span in spans]
    for block in page.blocks:
        span = spans[max(0, bisect_right(starts, block.start) - 1)]
        kept = span.action in (Action.KEPT, Action.FLAGGED)
        lifted = span.action is Action.LIFTED and span.label is Label.HEADLINE
        for part in split(block.folded):
            if part:
                yield _sentence(part, block.start, block.end, kept=kept, lifted=lifted, families=families)


def _sentence(
    text: str,
    start: int | None,
    end: int | None,
    *,
    kept: bool,
    lifted: bool = False,
    families: Collection[str] = FAMILIES,
) -> Sentence:
    size = units(text)
    closed = bool(_END.search(text[-4:]))
    running = size >= RUNNING or (closed and size >= RUNNING // 2)
    met = met_by(text, families) if families and 0 < size <= LONGEST else ()
    return Sentence(text, size, start, end, kept, running, closed, met, lifted)
