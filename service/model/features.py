"""page -> one row of numbers and a bag of hashed words per block.

Language-independent first: length in the script's own units, punctuation of every script, digits,
separators, repetition on the page, position, neighbours, topical overlap with the page's own prose.
Letter case is one group of its own, so that training can drop it; words come only as hashes. Phrase
lists enter as "a phrase of this detector was met", which carries over from one language to another.

There is one implementation, used by training and by the service; a stored reference holds it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.blocks.cuts import LINES
from service.blocks.measures import (
    COMBINING,
    DIGIT,
    LETTER,
    SPACELESS,
    SPECIAL,
    classes_of,
    rows_of,
)
from service.detector import Hits
from service.document import Cut, Page
from service.layers import Floats
from service.model import structure
from service.words import Rolling, folded, short

_Columns = dict[str, NDArray[np.generic] | float]
"""By feature, a number for each block or one for all; of the `_LOGGED`, before the logarithm."""

CASE: Final = ("upper_share", "starts_upper", "all_upper")
"""Features that a script without letter case can't have; training drops them at random."""

# Detectors whose phrases the model hears of. Fixed here, so that a new detector doesn't change the
# model's input without a new training.
LISTENED: Final = (
    "access_notice", "advertisement", "artifact", "byline", "comment_prompt", "comments",
    "cookie_banner", "dateline", "forum_chrome", "headline_ticker", "inline_related", "keyword_list",
    "legal_footer", "media_reference", "navigation", "newsletter", "related_tail", "report_widget",
    "share_widget", "source_credit", "source_link",
)  # fmt: skip

_CUTS: Final = tuple(Cut)


@dataclass(frozen=True, slots=True, eq=False)
class Bag:
    """Hashes of words or names, and the block of each, in block order."""

    hashes: NDArray[np.uint32]
    block: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """`values`: blocks x features. `bags`: the page's words; of HTML, names near and far above, too."""

    values: Floats
    bags: Mapping[str, Bag]


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """Every word of the folded blocks: its hash, its block, and each block's hash."""

    hashes: NDArray[np.uint64]
    block: NDArray[np.int32]
    whole: NDArray[np.uint64]
    masked: NDArray[np.uint64]
    """Block hashes with every digit made 0: the same widget with other numbers."""


def extract(page: Page, hits: Mapping[str, Hits]) -> Features:
    """The features of every block of a page, in block order. The page must have blocks."""
    words = _hash_words(page)
    columns: _Columns = {}
    columns |= _own(page)
    columns |= _special(page)
    columns |= _place(page)
    columns |= _repetition(words, len(page.blocks))
    columns |= _topic(page, words)
    columns |= _phrases(page, hits)
    names = HTML_NAMES if page.dom is not None else NAMES
    bags = {"words": Bag(short(words.hashes), words.block)}
    if page.dom is not None:
        columns |= structure.columns(page, page.dom)
        near, far = structure.names(page, page.dom)
        bags |= {"near": Bag(*near), "far": Bag(*far)}
    rows = np.empty((len(names), len(page.blocks)))
    for row, name in zip(rows, names, strict=True):
        row[:] = columns[name]
    rows[_LOGGED] = np.log1p(rows[_LOGGED])  # all at once: a page is small, and each call costs
    return Features(np.ascontiguousarray(rows.T, dtype=np.float32), bags)


def without(features: Features, left_out: NDArray[np.bool_]) -> Features:
    """The features of the other blocks, as if these did not stand between them."""
    kept = ~left_out
    number = (np.cumsum(kept) - 1).astype(np.int32)

    def others(bag: Bag) -> Bag:
        of_others = kept[bag.block]
        return Bag(bag.hashes[of_others], number[bag.block[of_others]])

    return Features(features.values[kept], {name: others(bag) for name, bag in features.bags.items()})


def _own(page: Page) -> _Columns:
    """What a block is in itself."""
    m = page.measures
    units, chars = m.units, m.chars
    letters = np.maximum(m.letters, 1)
    per_unit = np.maximum(units, 1)
    return {
        "log_units": units,
        "log_chars": m.chars,
        "unit_length": np.minimum(m.letters / per_unit, 20) / 10,
        "letter_share": m.letters / chars,
        "digit_share": m.digits / chars,
        "punctuation_share": m.punctuation / chars,
        "symbol_share": m.symbols / chars,
        "terminals": m.terminals,
        "terminal_rate": np.minimum(m.terminals / per_unit, 1),
        "commas": m.commas,
        "comma_rate": np.minimum(m.commas / per_unit, 1),
        "colons": m.colons,
        "quotes": m.quotes,
        "separator_rate": np.minimum(m.separators / per_unit, 1),
        "spaceless_share": m.spaceless / chars,
        "rtl_share": m.rtl / letters,
        "ends_sentence": m.ends_sentence,
        "ends_colon": m.ends_colon,
        "starts_digit": m.starts_digit,
        "starts_mark": m.starts_mark,
        "upper_share": m.upper / letters,
        "starts_upper": m.starts_upper,
        "all_upper": (m.upper == m.letters) & (m.letters > 2),
    }


def _special(page: Page) -> _Columns:
    """Counts of characters that tell widgets, addresses, prices and code."""
    capped = np.minimum(page.measures.special, 4)
    return {f"has_{name}": counts for name, counts in zip(SPECIAL, capped, strict=True)}


def _place(page: Page) -> _Columns:
    """Where a block stands: on its line, on the page, and among the page's prose."""
    n = len(page.blocks)
    c = page.columns
    line_of, line_words, prose_line, blanks = c.line_of, c.line_words, c.line_prose, c.blanks
    first, last = c.line_first[line_of], c.line_last[line_of]
    index = np.arange(n)
    after = np.append(blanks[1:], 2)
    size = max(len(page.text), 1)
    prose_words = line_words * prose_line
    sums = np.cumsum(prose_words)
    total_prose = max(int(sums[-1]), 1)
    before = (sums - prose_words)[line_of]
    since, until = _distance(prose_line)
    return {
        "cut_line": np.isin(c.cuts, LINES),
        "cut_gap": c.cuts == _CUTS.index(Cut.GAP),
        "cut_mark": c.cuts == _CUTS.index(Cut.MARK),
        "cut_sentence": c.cuts == _CUTS.index(Cut.SENTENCE),
        "blanks_before": blanks,
        "blanks_after": after,
        "page_blank_rate": min(blanks.sum() / n, 5),
        "offset_on_line": c.starts - c.line_starts[line_of],
        "pieces_on_line": last - first,
        "is_first_piece": index == first,
        "is_last_piece": index == last,
        "line_words": line_words[line_of],
        "line_prose": prose_line[line_of],
        "from_start": index,
        "from_end": n - 1 - index,
        "place": c.starts / size,
        "place_from_end": 1 - c.ends / size,
        "page_blocks": n,
        "page_chars": size,
        "prose_before": before / total_prose,
        "prose_before_log": before,
        "prose_after_log": total_prose - before - prose_words[line_of],
        "page_prose": total_prose,
        "since_prose": since[line_of],
        "until_prose": until[line_of],
        "prose_share": float(prose_line.mean()),
    }


def _distance(marked: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lines since the last marked line and until the next one; 99 where there is none."""
    n = marked.size
    index = np.arange(n)
    previous = np.maximum.accumulate(np.where(marked, index, -100))
    following = np.minimum.accumulate(np.where(marked, index, n + 100)[::-1])[::-1]
    return np.minimum(index - previous, 99), np.minimum(following - index, 99)


def _hash_words(page: Page) -> _Words:
    """Hash all words of the page at once: differences of one rolling hash, brought to one base."""
    read = folded(page)
    classes = classes_of(rows_of(read.codes))
    begins = np.array(read.begins)
    wordy = (classes & (LETTER | DIGIT | COMBINING)) != 0
    spaceless = (classes & SPACELESS) != 0
    run = wordy & ~spaceless
    edge = np.diff(np.concatenate(([False], run, [False])).astype(np.int8))
    starts, ends = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    # in scripts without spaces, each pair of characters stands for a word
    pairs = np.flatnonzero(spaceless[:-1] & spaceless[1:])
    if pairs.size:
        starts, ends = np.concatenate((starts, pairs)), np.concatenate((ends, pairs + 2))
        order = np.argsort(starts, kind="stable")
        starts, ends = starts[order], ends[order]
    # white space is no digit, so the blocks' seams stay
    masked = np.where((classes & DIGIT) != 0, np.uint32(ord("0")), read.codes)
    return _Words(
        read.rolling.between(starts, ends),
        np.searchsorted(begins, starts, side="right").astype(np.int32) - 1,
        read.rolling.between(begins[:-1], begins[1:] - 1),
        Rolling(masked).between(begins[:-1], begins[1:] - 1),
    )


def _repetition(words: _Words, n: int) -> _Columns:
    """How often a block's text occurs on the page, and whether this is its first place."""
    copies, later = _counts(words.whole)
    likes, _ = _counts(words.masked)
    near = np.zeros(n)
    beside = words.whole[1:] == words.whole[:-1]
    near[1:] += beside
    near[:-1] += beside
    return {
        "copies": np.log(copies),
        "likes": np.log(likes),
        "later_copy": np.array(later),
        "copy_beside": near,
    }


def _counts(hashes: NDArray[np.uint64]) -> tuple[list[int], list[bool]]:
    """How often each occurs, and whether it occurred before."""
    listed = hashes.tolist()
    times = Counter(listed)
    first = dict(zip(reversed(listed), range(len(listed) - 1, -1, -1), strict=True))
    return [times[h] for h in listed], [first[h] < i for i, h in enumerate(listed)]


def _topic(page: Page, words: _Words) -> _Columns:
    """How much a block shares the vocabulary of the page's prose, and of the page's other short lines."""
    n = len(page.blocks)
    if not words.hashes.size:
        return {"topic_share": 0.0, "topic_depth": 0.0, "short_share": 0.0, "title_overlap": 0.0}
    _, kind = np.unique(words.hashes, return_inverse=True)
    kinds = int(kind.max()) + 1
    in_prose = page.columns.line_prose[page.columns.line_of][words.block]
    prose_count = np.bincount(kind[in_prose], minlength=kinds)
    short_count = np.bincount(kind[~in_prose], minlength=kinds)
    # what the block itself contributes doesn't count: a word of prose has to occur in prose again
    elsewhere = prose_count[kind] - in_prose
    elsewhere_short = short_count[kind] - ~in_prose
    size = np.maximum(np.bincount(words.block, minlength=n), 1)
    titled = np.zeros(kinds, dtype=bool)
    titled[kind[words.block == _title_block(page)]] = True

    def mean(weights: NDArray[np.generic]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(words.block, weights=weights, minlength=n) / size)

    return {
        "topic_share": mean(elsewhere > 0),
        "topic_depth": mean(np.log1p(elsewhere)),
        "short_share": mean(elsewhere_short > 0),
        "title_overlap": mean(titled[kind]),
    }


def _title_block(page: Page) -> int:
    """The block most like a title: the last line of four units or more before the first prose."""
    end = page.first_prose if page.first_prose >= 0 else min(len(page.lines), 20)
    for line in page.lines[max(0, end - 12) : end][::-1]:
        if 4 <= line.words <= 40:
            return line.first
    return 0


def _phrases(page: Page, hits: Mapping[str, Hits]) -> _Columns:
    """Which detectors' phrases were met: 1 inside the block, 2 when the block says nothing else."""
    columns: _Columns = {}
    for name in LISTENED:
        if name not in hits:
            columns[f"phrase_{name}"] = 0.0
            continue
        columns[f"phrase_{name}"] = column = np.zeros(len(page.blocks))
        for index, met in hits[name].by_block.items():
            column[index] = 2.0 if any(hit.initial and hit.final for hit in met) else 1.0
    return columns


NAMES: Final = (
    "log_units", "log_chars", "unit_length", "letter_share", "digit_share", "punctuation_share",
    "symbol_share", "terminals", "terminal_rate", "commas", "comma_rate", "colons", "quotes",
    "separator_rate", "spaceless_share", "rtl_share", "ends_sentence", "ends_colon", "starts_digit",
    "starts_mark", *CASE, *(f"has_{name}" for name in SPECIAL),
    "cut_line", "cut_gap", "cut_mark", "cut_sentence", "blanks_before", "blanks_after",
    "page_blank_rate", "offset_on_line", "pieces_on_line", "is_first_piece", "is_last_piece",
    "line_words", "line_prose", "from_start", "from_end", "place", "place_from_end", "page_blocks",
    "page_chars", "prose_before", "prose_before_log", "prose_after_log", "page_prose", "since_prose",
    "until_prose", "prose_share", "copies", "likes", "later_copy", "copy_beside", "topic_share",
    "topic_depth", "short_share", "title_overlap", *(f"phrase_{name}" for name in LISTENED),
)  # fmt: skip
"""The features of a text, in the order of the columns."""
HTML_NAMES: Final = (*NAMES, *structure.NAMES)
"""The features of an HTML page."""
_LOGGED: Final = [
    NAMES.index(name)
    for name in (
        "log_units", "log_chars", "terminals", "commas", "colons", "quotes", "blanks_before", "blanks_after",
        "offset_on_line", "pieces_on_line", "line_words", "from_start", "from_end", "page_blocks",
        "page_chars", "prose_before_log", "prose_after_log", "page_prose", "since_prose", "until_prose",
    )
]  # fmt: skip
"""Places of the features that are logarithms of one more than was counted."""
