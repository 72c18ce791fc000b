"""Where the article stands on a page, and how titles are compared: shared by several detectors.

Everything here is linear in the page. The main text is looked for once a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from service import tree
from service.document import Cut, Line, Page, Structure, once_a_page

# A line of running text counts for its words, one that is not costs this much: four or five menu lines
# outweigh a stray sentence above them, and no row of subheads and captions splits an article.
GAP_COST: Final = 7
# A prose line is worth at most this many words, so one endless line cannot bridge a menu.
LINE_WORTH: Final = 60
# An earlier run is preferred from this share of the heaviest run's weight on.
COMPARABLE: Final = 0.5
# A shorter run of prose is no article to lean on.
MIN_MAIN_WORDS: Final = 20
# A line of so many pieces, so few of them closed like sentences, is a ticker however long its pieces.
MIN_PIECES: Final = 4
MIN_SENTENCES: Final = 0.4
# Of what the labeller takes for text, an earlier run is preferred from this share on: reviews of many
# products begin with a short one.
COMPARABLE_LABELLED: Final = 0.08
# A heading runs over so many lines at most
HEADING_LINES: Final = 4
# How many characters of the main text are compared with a title.
SAMPLE: Final = 6_000
# What documentation puts behind a heading, as a link to it
_PERMALINKS: Final = ("¶", "🔗", "§", " #")
# Shorter words are mostly articles and prepositions, in any alphabet.
MIN_STEM: Final = 4


@dataclass(frozen=True, slots=True)
class Main:
    """The longest run of prose: indexes into `Page.lines`, both included; -1 without one."""

    first: int
    last: int

    def __bool__(self) -> bool:
        """Whether there is one."""
        return self.first >= 0

    def holds(self, line: int) -> bool:
        """Whether a line lies in the run."""
        return self.first <= line <= self.last


NOTHING: Final = Main(-1, -1)


@once_a_page
def main_text(page: Page) -> Main:
    """The run of lines with the greatest sum of prose words, less a cost for other lines.

    An earlier run of comparable weight is preferred: policies, comments and other articles' texts come
    after the article, and may be longer.
    """
    return _first_of(_runs(page), COMPARABLE)


@once_a_page
def heading(page: Page) -> range:
    """The lines of an HTML page's first-level heading, if it has one alone.

    Of a text none are known before its title is: see `service.detectors.find_again`.
    """
    lines = np.flatnonzero(tree.line_flags(page) & int(Structure.H1)).tolist()
    alone = lines and lines[-1] - lines[0] < HEADING_LINES
    return range(lines[0], lines[-1] + 1) if alone else range(0)


def labelled_text(page: Page, chances: Sequence[float]) -> Main:
    """The same, of the lines whose words more likely belong to the article. `chances`: one a block."""
    words = page.measures.words
    weighed = np.maximum(words, 1)
    size = np.add.reduceat(weighed, page.columns.line_first)
    hoped = np.add.reduceat(weighed * np.asarray(chances), page.columns.line_first)
    return _first_of(_runs(page, (2 * hoped >= size).tolist()), COMPARABLE_LABELLED)


def _first_of(runs: Sequence[tuple[float, Main]], comparable: float) -> Main:
    heaviest = max((weight for weight, _ in runs), default=0.0)
    if heaviest < MIN_MAIN_WORDS:
        return NOTHING
    least = min(COMPARABLE * heaviest, max(MIN_MAIN_WORDS, comparable * heaviest))
    return next(main for weight, main in runs if weight >= least)


def _runs(page: Page, likely: Sequence[bool] | None = None) -> list[tuple[float, Main]]:
    """Runs of prose with their weights, in page order; a run ends where its sum falls to nothing.

    `likely`: of each line, whether it counts as text at all. One that does and is no prose costs nothing.
    """
    runs: list[tuple[float, Main]] = []
    best, first, last = 0.0, -1, -1
    total = 0.0
    for i, line in enumerate(page.lines):
        if likely is not None and likely[i] and not line.prose:
            continue
        if line.prose and (likely is None or likely[i]) and not run_on(page, line):
            if total <= 0:
                if best > 0:
                    runs.append((best, Main(first, last)))
                total, best, first = 0.0, 0.0, i
            total += min(line.words, LINE_WORTH)
            if total > best:
                best, last = total, i
        elif total > 0:
            total -= GAP_COST
    if best > 0:
        runs.append((best, Main(first, last)))
    return runs


def run_on(page: Page, line: Line) -> bool:
    """Whether a line is many pieces run together, few of them sentences: a ticker or a menu."""
    pieces = line.last - line.first + 1
    if pieces < MIN_PIECES:
        return False
    blocks = page.blocks[line.first : line.last + 1]
    seams = sum(b.cut is Cut.GAP or b.cut is Cut.MARK for b in blocks[1:])
    return seams >= pieces / 2 and sum(b.ends_sentence for b in blocks) < MIN_SENTENCES * pieces


def block_range(page: Page, main: Main) -> tuple[int, int]:
    """First and last block of a run of lines."""
    return page.lines[main.first].first, page.lines[main.last].last


def line_text(page: Page, line: Line) -> str:
    """The line as it stands."""
    return page.text[line.start : line.end]


def line_folded(page: Page, line: Line) -> str:
    """The line folded, its blocks joined by single spaces."""
    if line.first == line.last:
        return page.blocks[line.first].folded
    return " ".join(b.folded for b in page.blocks[line.first : line.last + 1])


def bare_heading(text: str) -> str:
    """A heading without the mark that links to it."""
    for mark in _PERMALINKS:
        text = text.removesuffix(mark)
    return text.rstrip()


def joined(lines: Sequence[str]) -> str:
    """A heading of several lines as one: Chinese and Japanese go on without a space."""
    whole = "".join(lines[:1])
    for line in lines[1:]:
        whole += line if _spaceless(whole[-1:]) and _spaceless(line[:1]) else f" {line}"
    return bare_heading(whole)


def _spaceless(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\uff00" <= char <= "\uffef"


def letters_of(folded: str) -> str:
    """Letters and digits alone: what two copies of a title share, however they are decorated."""
    return "".join(filter(str.isalnum, folded))


def sample_of(page: Page, main: Main, limit: int = SAMPLE) -> str:
    """The beginning of the main text, folded."""
    parts: list[str] = []
    size = 0
    first, last = block_range(page, main)
    for block in page.blocks[first : last + 1]:
        parts.append(block.folded)
        size += len(block.folded)
        if size > limit:
            break
    return " ".join(parts)


def met(folded: str, sample: str) -> tuple[int, int]:
    """How many of a line's longer words the sample holds, and how many there are."""
    stems = _stems(folded)
    return sum(stem in sample for stem in stems), len(stems)


def _stems(folded: str) -> list[str]:
    stems = []
    for word in folded.split()[:40]:
        plain = word.strip("\"'.,:;!?()[]-|")
        if plain and (plain[0] >= "\u2e80" or "\u0e00" <= plain[0] <= "\u0eff"):
            width = 2 if plain[0] >= "\u2e80" else 5  # Han, kana, Hangul; Thai and Lao need more letters
            stems += [plain[i : i + width] for i in range(min(len(plain) - width + 1, 24))]
        elif len(plain) >= MIN_STEM:
            stem = plain[2:] if plain.startswith("ال") and len(plain) > 5 else plain
            stem = stem[: max(MIN_STEM, len(stem) - 2)]
            # Arabic and Hebrew put articles and prepositions before a word, without a space
            stems.append(stem if "\u0590" <= stem[0] <= "\u06ff" else " " + stem)
    return stems


def near_start(main: Main, line: int, *, before: int, after: int) -> bool:
    """Whether a line stands close to the first prose: at most so many lines before or after it."""
    return main.first - before <= line <= main.first + after


def name_like(text: str, most: int = 6) -> bool:
    """Whether a text looks like names: few words, no digits, and capitals where the script has them."""
    words = text.split()
    if not 1 <= len(words) <= most or len(text) > 80:
        return False
    if any(c.isdigit() or c in '?!؟！？:;؛“”"«»()[]{}/\\@#=' for c in text):
        return False
    if words[-1][-1] in ".。" and len(words[-1]) > 3:
        return False
    return all(_proper(word) for word in words) and any(len(w.strip(".,،")) > 1 for w in words)


def _proper(word: str) -> bool:
    first = word.lstrip("'’‘-–")[:1]
    if not first:
        return True
    if not first.isalpha():
        return word in ("&", "-", "–", ",", "·", "|")
    return not first.islower() or len(word) <= 4
