"""the choices of a page's blocks -> spans: pieces cut out of blocks, and blocks of a line joined."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from schemas.labels import Action
from service.decide.choices import Choice, sufficient, taken
from service.decide.thresholds import Thresholds
from service.document import Block, Finding, Override, Page, Span
from service.shape import content_label


class Piece(NamedTuple):
    """A block or a stretch of one, `[start, end)` in code points of the page, and what becomes of it."""

    start: int
    end: int
    block: Block
    choice: Choice


def cut(
    page: Page,
    block: Block,
    choice: Choice,
    inside: Sequence[Finding],
    said: float | None,
    thresholds: Thresholds,
) -> Iterator[Piece]:
    """The block's pieces: what findings cut out of it, and what is left, in order."""
    cuts = list(_cuts(page, block, choice, inside, thresholds))
    if choice.action is Action.LIFTED:
        choice = _without(page, block, choice, cuts)
    at = block.start
    for start, end, finding in cuts:
        yield from _rest(page, block, at, start, choice)
        reasons = ((finding.rule, finding.evidence),)
        yield Piece(start, end, block, taken(finding, finding.confidence, said, Override.NONE, reasons))
        at = end
    yield from _rest(page, block, at, block.end, choice)


def _cuts(
    page: Page, block: Block, choice: Choice, inside: Sequence[Finding], thresholds: Thresholds
) -> Iterator[tuple[int, int, Finding]]:
    """What is cut out of the block, in order and without overlap."""
    # A block that goes as a whole needs no surgery; a lifted value may be cut only where it is all of it
    if choice.action is Action.REMOVED or (
        choice.action is Action.LIFTED and choice.value != page.text[block.start : block.end]
    ):
        return
    at = block.start
    for finding in sorted(inside, key=lambda f: (f.start, -f.end)):
        start, end = _trim(page.text, max(finding.start, at), min(finding.end, block.end))
        if start < end and sufficient(finding, thresholds):
            yield start, end, finding
            at = end


def _without(page: Page, block: Block, choice: Choice, cuts: Sequence[tuple[int, int, Finding]]) -> Choice:
    """The choice with its value recomputed: the block's text less what is cut out of it."""
    if not cuts:
        return choice
    starts = (block.start, *(end for _, end, _ in cuts))
    ends = (*(start for start, _, _ in cuts), block.end)
    left = (page.text[a:b].strip() for a, b in zip(starts, ends, strict=True))
    return choice._replace(value=" ".join(text for text in left if text))


def _rest(page: Page, block: Block, start: int, end: int, choice: Choice) -> Iterator[Piece]:
    """What is left between two cuts, unless it is white space."""
    start, end = _trim(page.text, start, end)
    if start < end:
        yield Piece(start, end, block, choice)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def merge(page: Page, pieces: Sequence[Piece]) -> Iterator[Span]:
    """Neighbouring pieces of one line that were decided alike become one span."""

    def alike(piece: Piece) -> tuple[object, ...]:
        c = piece.choice
        return (page.line_of[piece.block.index], c.action, c.label, c.field, c.value, c.extra, c.copy_of)

    for _, run in groupby(pieces, key=alike):
        group = list(run)
        first, last = group[0], group[-1]
        choice = first.choice
        label = choice.label or content_label(page, page.line(first.block), first.start, last.end)
        confidence, opinion, reasons = choice.confidence, choice.opinion, choice.reasons[:3]
        if first is not last:
            choices = [piece.choice for piece in group]
            confidence = min(c.confidence for c in choices)
            opinions = [c.opinion for c in choices if c.opinion is not None]
            opinion = sum(opinions) / len(opinions) if opinions else None
            reasons = tuple(reason for c in choices for reason in c.reasons[:3])
        yield Span(
            start=first.start,
            end=last.end,
            line=page.line_of[first.block.index],
            label=label,
            action=choice.action,
            confidence=confidence,
            opinion=opinion,
            override=choice.override,
            reasons=tuple(dict.fromkeys(reasons))[:5],
            field=choice.field,
            value=choice.value,
            copy_of=choice.copy_of,
            extra=choice.extra,
        )
