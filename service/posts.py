"""page, spans -> the posts of an HTML page: elements that hold a kept text and name whoever wrote it.

No rule knows a forum's software. A mark names a writer (`service.document.Mark`); around it the smallest
element that holds kept text as well is a post, and so is what holds nothing but that post. Elements that are
named like posts are posts of somebody unnamed. Linear in the elements of the page.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np

from schemas.labels import Action
from service.document import Dom, Mark, Page, Span, Structure

# Characters; a shorter text is a button, a rank or a count
MIN_TEXT: Final = 16
# Of fewer posts nothing is said
MIN_POSTS: Final = 2
# Of the kept text, what posts hold where they are what the page is about
SHARE: Final = 0.6
# Elements named alike, from which on a further one is taken for their like
ALIKE: Final = 2


class Post(NamedTuple):
    """An element that holds a post. Posts may lie in each other, as answers do."""

    row: int
    writers: tuple[str, ...]
    """What its marks name, in page order."""
    moments: tuple[Mark, ...]
    """Its `time` elements, in page order."""
    lines: tuple[int, ...]
    """Indexes of the lines whose text is kept, those of posts inside it left out."""
    chars: int
    """Of kept text on these lines."""


def find(page: Page, spans: Sequence[Span]) -> tuple[Post, ...]:
    """The posts that hold most of the kept text, in page order; none where its tree tells of no two."""
    dom = page.dom
    if dom is None:
        return ()
    quoted = (dom.flags & int(Structure.QUOTE)).tolist()
    marks = [m for m in dom.marks if not quoted[m.row]]
    writers = [m for m in marks if m.moment is None]
    if len(writers) < MIN_POSTS:
        return ()
    kept = _kept(page, spans)
    total = sum(kept)
    below = _below(dom, kept)
    rows = _rows(dom, below, writers)
    if len(rows) < MIN_POSTS:
        return ()
    owners = _owners(dom, rows)
    lines: dict[int, list[int]] = {row: [] for row in rows}
    for line, (row, chars) in enumerate(zip(dom.element[: len(kept)].tolist(), kept, strict=False)):
        if chars and (owner := owners[row]) >= 0:
            lines[owner].append(line)
    marked: dict[int, list[Mark]] = {row: [] for row in rows}
    for mark in marks:
        if (owner := owners[mark.row]) >= 0:
            marked[owner].append(mark)
    found = [
        Post(
            row,
            tuple(m.text for m in marked[row] if m.moment is None),
            tuple(m for m in marked[row] if m.moment is not None),
            tuple(lines[row]),
            sum(kept[n] for n in lines[row]),
        )
        for row in sorted(rows)
        if lines[row]
    ]
    held = sum(post.chars for post in found)
    return tuple(found) if len(found) >= MIN_POSTS and held >= SHARE * total else ()


def by_line(posts: Sequence[Post]) -> dict[int, int]:
    """For each line that a post holds, the post's index."""
    return {line: at for at, post in enumerate(posts) for line in post.lines}


def _kept(page: Page, spans: Sequence[Span]) -> list[int]:
    """Characters of kept text, a number a line."""
    kept = [0] * len(page.lines)
    for line, run in groupby(spans, key=lambda s: s.line):
        kept[line] += sum(s.end - s.start for s in run if s.action in (Action.KEPT, Action.FLAGGED))
    return kept


def _below(dom: Dom, kept: Sequence[int]) -> list[int]:
    """Characters of kept text in each element."""
    sums = np.concatenate(([0], np.cumsum(kept)))
    last = len(kept)
    inside = sums[np.minimum(dom.last_line, last)] - sums[np.minimum(dom.first_line, last)]
    return [int(n) for n in inside.tolist()]


def _rows(dom: Dom, below: Sequence[int], writers: Sequence[Mark]) -> set[int]:
    """The elements that are posts."""
    parent = dom.parent.tolist()
    holder: list[int] = []  # of each element the nearest around it, or itself, that holds text
    for row, up in enumerate(parent):
        holder.append(row if below[row] >= MIN_TEXT else holder[up] if up >= 0 else -1)
    near = {holder[mark.row] for mark in writers} - {-1}
    around = _owners(dom, near)
    own = {row: below[row] for row in near}
    held: dict[int, list[int]] = {row: [] for row in near}
    for row in near:
        if (up := parent[row]) >= 0 and (outer := around[up]) >= 0:
            own[outer] -= below[row]
            held[outer].append(row)
    near = {row for row in near if not held[row] or (own[row] >= MIN_TEXT and _answered(dom, row, held[row]))}
    counts = [0] * len(parent)
    for row in near:
        counts[row] += 1
    for row in range(len(parent) - 1, 0, -1):
        if parent[row] >= 0:
            counts[parent[row]] += counts[row]
    rows = set()
    for row in near:
        at = row
        while counts[at] == 1 and parent[at] >= 0 and counts[parent[at]] == 1:
            at = parent[at]
        rows.add(at)
    return rows | _alike(dom, below, rows, counts)


def _answered(dom: Dom, row: int, inside: Sequence[int]) -> bool:
    """Whether the posts inside an element are named like it: answers to it, not all there is on a page."""
    names = dom.names[row]
    return any(
        names[:1] == other[:1] and not set(names[1:]).isdisjoint(other[1:])
        for other in (dom.names[each] for each in inside)
    )


def _alike(dom: Dom, below: Sequence[int], rows: set[int], counts: Sequence[int]) -> set[int]:
    """The elements beside posts that are named like several of them, and name nobody."""
    parent = dom.parent
    beside = {int(parent[row]) for row in rows}
    known = Counter(dom.names[row] for row in rows)
    usual = {names for names, n in known.items() if n >= ALIKE and len(names) > 1}
    if not usual:
        return set()
    return {
        row
        for row, names in enumerate(dom.names)
        if names in usual and not counts[row] and below[row] >= MIN_TEXT and int(parent[row]) in beside
    }


def _owners(dom: Dom, rows: set[int]) -> list[int]:
    """For each element the innermost of some elements around it, itself included; -1 outside of them."""
    found: list[int] = []
    for row, up in enumerate(dom.parent.tolist()):
        found.append(row if row in rows else found[up] if up >= 0 else -1)
    return found
