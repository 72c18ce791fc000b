"""page text, gold text -> which characters of the page are the gold's.

Both are token sequences. All maximal common runs of at least `RUN` tokens are found by hashing, and
a chain of runs that is in order in both is chosen by dynamic programming: matched tokens, less half
the binary logarithm of every jump. So of two places with the same words the one that goes on with the
gold's text wins. Up to three further chains take care of gold text in another order than the page's.
Whole short lines inside the matched region, and holes of two tokens, are filled in afterwards.
"""

import unicodedata
from collections import defaultdict
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.training.scoring import WORD

RUN: Final = 3
LATER_RUN: Final = 4
MIN_LATER_SCORE: Final = 6
CHAINS: Final = 4
MAX_RUNS: Final = 3_000
MAX_OCCURRENCES: Final = 60
MAX_HOLE: Final = 2
MARGIN: Final = 30
Ints = NDArray[np.int64]


def spans(text: str, gold: str) -> tuple[list[int], float]:
    """Matched stretches of `text` (start, end, start, end ...), and the share of gold tokens matched."""
    numbers: dict[str, int] = {}
    page, places, page_line = _tokens(text, numbers)
    wanted, _, gold_line = _tokens(gold, numbers)
    if not (page.size and wanted.size):
        return [], 0.0
    matched, found = _match(page, wanted, page_line, gold_line)
    out: list[int] = []
    for (start, end), hit, before in zip(places, matched, [False, *matched[:-1]], strict=True):
        if hit and before:
            out[-1] = end
        elif hit:
            out += (start, end)
    return out, float(found.mean())


def _tokens(text: str, numbers: dict[str, int]) -> tuple[Ints, list[tuple[int, int]], Ints]:
    ids, places, lines = [], [], []
    line, counted = 0, 0
    for found in WORD.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        token = unicodedata.normalize("NFKC", found.group().lower())
        ids.append(numbers.setdefault(token, len(numbers)))
        places.append(found.span())
        lines.append(line)
    return np.array(ids, np.int64), places, np.array(lines, np.int64)


def _match(
    page: Ints, gold: Ints, page_line: Ints, gold_line: Ints
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    matched, found = np.zeros(page.size, bool), np.zeros(gold.size, bool)
    for chain_number in range(CHAINS):
        run = LATER_RUN if chain_number else RUN
        score, chain = _chain(_runs(np.where(matched, -1, page), np.where(found, -1, gold), run))
        if not chain or (chain_number and score < MIN_LATER_SCORE):
            break
        for at, there, length in chain:
            matched[at : at + length] = True
            found[there : there + length] = True
    if matched.any():
        _short_lines(page, gold, page_line, gold_line, matched, found)
        for a, b in pairwise(np.flatnonzero(matched).tolist()):
            if 1 < b - a <= MAX_HOLE + 1 and page_line[a] == page_line[b]:
                matched[a:b] = True
    return matched, found


def _grams(ids: Ints, size: int) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Hash of each run of tokens, and whether it holds one that may not match."""
    count = ids.size - size + 1
    hashes, barred = np.zeros(count, np.uint64), np.zeros(count, bool)
    for i in range(size):
        part = ids[i : count + i]
        barred |= part < 0
        hashes = hashes * np.uint64(1000003) + part.astype(np.uint64) + np.uint64(7)
        hashes ^= hashes >> np.uint64(29)
    return hashes, barred


def _runs(page: Ints, gold: Ints, size: int) -> Ints:
    """Maximal common runs: rows of (place in page, place in gold, length)."""
    if min(page.size, gold.size) < size:
        return np.zeros((0, 3), np.int64)
    of_page, barred = _grams(page, size)
    of_gold, barred_gold = _grams(gold, size)
    usable = np.flatnonzero(~barred_gold)
    order = usable[np.argsort(of_gold[usable], kind="stable")]
    low = np.searchsorted(of_gold[order], of_page, "left")
    high = np.searchsorted(of_gold[order], of_page, "right")
    times = np.where(barred, 0, np.minimum(high - low, MAX_OCCURRENCES))
    at = np.repeat(np.arange(of_page.size), times)
    if not at.size:
        return np.zeros((0, 3), np.int64)
    within = np.arange(at.size) - np.repeat(np.cumsum(times) - times, times)
    there = order[np.repeat(low, times) + within]
    diagonal = at - there
    by_diagonal = np.lexsort((at, diagonal))
    at, there, diagonal = at[by_diagonal], there[by_diagonal], diagonal[by_diagonal]
    opens = np.concatenate(([True], (np.diff(diagonal) != 0) | (np.diff(at) != 1)))
    start = np.flatnonzero(opens)
    length = np.diff(np.append(start, at.size)) + size - 1
    rows = np.stack([at[start], there[start], length], axis=1)
    if len(rows) > MAX_RUNS:
        rows = rows[np.argsort(-rows[:, 2], kind="stable")[:MAX_RUNS]]
    return np.asarray(rows[np.lexsort((rows[:, 1], rows[:, 0]))])


def _chain(runs: Ints) -> tuple[float, list[tuple[int, int, int]]]:
    """The best chain in order in both texts, overlaps trimmed."""
    if not len(runs):
        return 0.0, []
    at, there, length = (runs[:, i].astype(float) for i in range(3))
    end, end_there = at + length, there + length
    score, back = length.copy(), np.full(len(runs), -1)
    for i in range(1, len(runs)):
        before = (
            (at[:i] < at[i]) & (there[:i] < there[i]) & (end[:i] < end[i]) & (end_there[:i] < end_there[i])
        )
        candidates = np.flatnonzero(before)
        if not candidates.size:
            continue
        gap, gap_there = at[i] - end[candidates], there[i] - end_there[candidates]
        cut = np.maximum(0, np.maximum(-gap, -gap_there))
        jumps = np.log2(1 + np.maximum(0, gap + cut)) + np.log2(1 + np.maximum(0, gap_there + cut))
        total = np.where(length[i] - cut < 1, -1, score[candidates] + length[i] - cut - jumps / 2)
        best = int(total.argmax())
        if total[best] > score[i]:
            score[i], back[i] = total[best], candidates[best]
    i = int(score.argmax())
    best_score, chain = float(score[i]), []
    while i >= 0:
        chain.append(runs[i])
        i = int(back[i])
    trimmed, last, last_there = [], 0, 0
    for a, b, size in (map(int, run) for run in reversed(chain)):
        cut_off = max(0, last - a, last_there - b)
        if size > cut_off:
            trimmed.append((a + cut_off, b + cut_off, size - cut_off))
            last, last_there = a + size, b + size
    return best_score, trimmed


def _short_lines(
    page: Ints,
    gold: Ints,
    page_line: Ints,
    gold_line: Ints,
    matched: NDArray[np.bool_],
    found: NDArray[np.bool_],
) -> None:
    """Match gold lines too short for a run with equal whole lines, each with the nearest (in place)."""
    places = np.flatnonzero(matched)
    low, high = max(0, int(places[0]) - MARGIN), int(places[-1]) + MARGIN + 1
    lines: dict[tuple[int, ...], list[tuple[int, int]]] = defaultdict(list)
    for a, b in _line_bounds(page_line):
        if low <= a and b <= high and not matched[a:b].any():
            lines[tuple(page[a:b].tolist())].append((a, b))
    found_places = np.flatnonzero(found)
    for a, b in _line_bounds(gold_line):
        candidates = lines.get(tuple(gold[a:b].tolist()))
        if found[a:b].any() or not candidates:
            continue
        rank = np.searchsorted(found_places, a) / max(1, found_places.size)
        want = places[min(places.size - 1, int(rank * places.size))]
        best = min(candidates, key=lambda span: abs(span[0] - want))
        candidates.remove(best)
        matched[best[0] : best[1]] = True
        found[a:b] = True


def _line_bounds(lines: Ints) -> list[tuple[int, int]]:
    starts = np.flatnonzero(np.concatenate(([True], np.diff(lines) != 0))).tolist()
    return list(pairwise([*starts, lines.size]))
