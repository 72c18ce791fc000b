"""page, spans -> which paragraphs of its running text follow each other.

An article's paragraphs do. Teasers have headings, dates or links between them, or are links themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.labels import Action
from service.document import Page, Span


@dataclass(frozen=True, slots=True)
class Longest:
    """Of the rows of paragraphs that follow each other; words as if all scripts were spaced."""

    paragraphs: int
    """The most in a row."""
    words: float
    """The most in a row."""


def prose(page: Page, spans: Sequence[Span]) -> list[int]:
    """Indices of the lines of running text that were kept."""
    kept = {span.line for span in spans if span.action in (Action.KEPT, Action.FLAGGED)}
    return sorted(line for line in kept if page.lines[line].prose)


def longest(page: Page, spans: Sequence[Span]) -> Longest:
    """How long the longest rows are; a line that is a link ends one."""
    paragraphs, words = 0, 0.0
    row, said, before = 0, 0.0, -2
    for line in prose(page, spans):
        if _is_link(page, line):
            continue
        if line != before + 1:
            row, said = 0, 0.0
        row, said, before = row + 1, said + units(page, line), line
        paragraphs, words = max(paragraphs, row), max(words, said)
    return Longest(paragraphs, words)


def units(page: Page, line: int) -> float:
    """Words of a line as if all scripts were spaced."""
    here = page.lines[line]
    return float(page.measures.units[here.first : here.last + 1].sum())


def _is_link(page: Page, line: int) -> bool:
    """Whether a quarter of a line or more is a link."""
    here = page.lines[line]
    return page.dom is not None and 4 * int(page.dom.linked[line]) >= here.end - here.start
