"""A second copy of something the page says already.

Finds:
    Paragraphs that stand twice, word for word or nearly so, wherever they stand: groups printed twice, a
    standfirst that is also the first paragraph, a teaser cut with "…" beside its full text, and copies
    of the title around the headline ("Title | Site", a breadcrumb's last step, a caption).

Keeps:
    One copy of everything: the one inside the article, else the first; of a teaser and its text the
    longer. Refrains, recurring subheads, dialogue, rows of tables and lists, a quotation beside its
    translation, a sentence quoted again inside another paragraph. Menus are left to other detectors.

Signals:
    Repetition, with the shape (length) or the neighbours (a run of copies, the headline).

Rules:
    exact: Word for word what another line says.
    near: What another line says, but for marks or a word in a dozen.
    teaser: The beginning of another text, cut off with "…".
    contained: The beginning of another text, not cut off.
    between: A short line between two copied ones, with the like between their originals.
    title: The title once more, alone or with the site's name beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from schemas.labels import Label
from service import titles
from service.detector import Hits, clip
from service.document import Block, Cut, Finding, Line, Page, Signal
from service.titles import Main

# From this many words on a line that is not punctuated like prose is no refrain, subhead or row.
LONG: Final = 12
# A lone copy among other lines of the article has to be this long: shorter ones are items that recur.
ALONE: Final = 20
# Shorter lines than this are never compared, except with the title and inside a run of copies.
SHORT: Final = 8
# Letters that two near copies share at their beginning or end; then the whole is compared.
EDGE: Final = 24
# Likeness of near copies, of 100: one word in a dozen may differ.
LIKENESS: Final = 92
# Longest stretch that is compared letter by letter, and how many earlier texts with the same edge a
# text is compared with: both keep hostile pages linear.
MAX_COMPARED: Final = 1_200
MAX_RIVALS: Final = 3
# A quotation in an answer rarely runs to more lines.
MAX_QUOTED: Final = 12
# The least confidence any profile acts on.
ACTED_ON: Final = 0.5
MIN_TITLE_LETTERS: Final = 14
REACH: Final = 15
_CUT_MARKS: Final = ("…", "...", "[…]", "[...]", "(...)", "....")
_MARKS: Final = "•▪■●►▶»›*·-–—|> \t\u00a0\u200e\u200f"


@dataclass(frozen=True, slots=True)
class _Unit:
    """A line, or a piece of a line, that may be a copy or an original."""

    start: int
    end: int
    line: int
    folded: str
    units: float
    """Words in the sense of spaced scripts."""
    prose: bool


@dataclass(frozen=True, slots=True)
class _Copy:
    unit: _Unit
    original: _Unit
    confidence: float
    rule: str


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Copies, each with its one original."""
    del hits
    main = titles.main_text(page)
    units = _units(page)
    copies = {c.unit.start: c for c in _exact(page, units, main)}
    rest = [u for u in units if u.start not in copies and u.units >= SHORT]
    for near in _near(rest, main):
        if near.original.start not in copies and near.unit.start not in copies:
            copies[near.unit.start] = near
    originals = {c.original.start for c in copies.values()}
    for between in _between(page, copies):
        copies.setdefault(between.unit.start, between)
    if main:
        for title in _titles(page, main):
            if title.unit.start not in originals and title.original.start not in copies:
                copies.setdefault(title.unit.start, title)
    for copy in copies.values():
        yield _finding(copy, _root(copy, copies))


def _units(page: Page) -> list[_Unit]:
    found = []
    for i, line in enumerate(page.lines):
        if line.first == line.last:
            block = page.blocks[line.first]
            if block.words >= SHORT:
                found.append(_Unit(line.start, line.end, i, block.folded, _words(block), line.prose))
            continue
        blocks = page.blocks_of(line)
        sentences = all(b.cut is Cut.SENTENCE for b in blocks[1:])
        if sentences:
            words = sum(_words(b) for b in blocks)
            found.append(_Unit(line.start, line.end, i, titles.line_folded(page, line), words, line.prose))
        if len(page.lines) <= 3 or not sentences:  # the whole page on one line: its pieces are its paragraphs
            found += [
                _Unit(b.start, b.end, i, b.folded, _words(b), b.ends_sentence)
                for b in blocks
                if b.words >= LONG
            ]
    return found


def _words(block: Block) -> float:
    text = block.text
    spaceless = "\u3040" <= text[len(text) // 2] <= "\u9fff" or "\u0e00" <= text[len(text) // 2] <= "\u0eff"
    return block.words / 2 if spaceless and block.words > len(text) / 3 else block.words


def _exact(page: Page, units: Sequence[_Unit], main: Main) -> Iterator[_Copy]:
    groups: dict[str, list[_Unit]] = {}
    for unit in units:
        groups.setdefault(unit.folded, []).append(unit)
    copied = {u.line for group in groups.values() if len(group) > 1 for u in group if u.units >= SHORT}
    for group in groups.values():
        if len(group) < 2 or group[0].units < SHORT or _code(group[0].folded):
            continue
        original = next((u for u in group if main.holds(u.line)), group[0])
        sure = group[0].prose or group[0].units >= LONG
        for unit in group:
            if unit is not original and not _inside(unit, original):
                item = unit.units < ALONE and main.holds(unit.line) and main.holds(original.line)
                beside = {unit.line - 1, unit.line + 1} & copied
                whole = sure and (beside or not item) and not _quoted(page, unit.line, copied)
                yield _Copy(unit, original, 0.96 if whole else 0.5, "exact")


def _quoted(page: Page, line: int, copied: set[int]) -> bool:
    """Whether a run of copies follows a line like "Anna wrote:": an answer quotes an earlier post."""
    first = line
    while first - 1 in copied and line - first < MAX_QUOTED:
        first -= 1
    if first == 0:
        return False
    above = page.blocks[page.lines[first - 1].last]
    return above.text[-1] in ":：»↑" and above.words <= 12


def _inside(a: _Unit, b: _Unit) -> bool:
    return a.start < b.end and b.start < a.end


def _code(folded: str) -> bool:
    return folded[-1] in ";{}" or "();" in folded


def _near(units: Sequence[_Unit], main: Main) -> Iterator[_Copy]:
    """Near copies among texts that begin or end alike."""
    heads: dict[str, list[_Unit]] = {}
    tails: dict[str, list[_Unit]] = {}
    for unit in units:
        head = unit.folded[: EDGE + 8].lstrip(_MARKS + "\"'")[:EDGE]
        tail = unit.folded[-EDGE - 8 :].rstrip(_MARKS + "\"'.")[-EDGE:]
        rivals = heads.setdefault(head, [])
        others = tails.setdefault(tail, [])
        for rival in [*rivals, *(r for r in others if r not in rivals)]:
            copy = _compare(rival, unit, main)
            if copy is not None:
                yield copy
                break
        if len(rivals) < MAX_RIVALS:
            rivals.append(unit)
        if len(others) < MAX_RIVALS:
            others.append(unit)


def _compare(a: _Unit, b: _Unit, main: Main) -> _Copy | None:
    """Which of two texts is a copy of the other, if any. `a` stands first."""
    if _inside(a, b):
        return None
    short, long = (a, b) if len(a.folded) < len(b.folded) else (b, a)
    cut = short.folded.endswith(_CUT_MARKS)
    size = min(len(long.folded), MAX_COMPARED if not cut else len(short.folded) * 2 + 40)
    s, t = titles.letters_of(short.folded[:MAX_COMPARED]), titles.letters_of(long.folded[:size])
    apart = main.holds(a.line) != main.holds(b.line)
    if cut and s and t.startswith(s) and len(s) < len(t):
        return _Copy(short, long, 0.93, "teaser")
    if cut and len(s) > 60 and t.startswith(s[: int(len(s) * 0.94)]) and apart:
        return _Copy(short, long, 0.8, "teaser")
    if s == t and len(short.folded) <= MAX_COMPARED:
        sure = short.prose or short.units >= LONG
        copy, original = (a, b) if main.holds(b.line) and not main.holds(a.line) else (b, a)
        return _Copy(copy, original, 0.94 if sure else 0.5, "near")
    if len(t) > 1.25 * len(s):
        if t.startswith(s) and apart and short.prose:
            return _Copy(short, long, 0.7, "contained")
        return None
    if max(len(a.folded), len(b.folded)) > MAX_COMPARED or _digits(s) != _digits(t):
        return None
    likeness = fuzz.ratio(s, t, score_cutoff=LIKENESS)
    if not likeness or short.units < LONG:
        return None
    beside = apart or abs(a.line - b.line) <= 2
    return _Copy(short, long, 0.72 if apart else 0.62 if beside and likeness >= 96 else 0.5, "near")


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _between(page: Page, copies: dict[int, _Copy]) -> Iterator[_Copy]:
    """A short line between two copied lines, itself a copy of what stands between the originals."""
    of_line = {c.unit.line: c for c in copies.values() if c.rule == "exact" and c.confidence > 0.6}
    for i, copy in of_line.items():
        after = of_line.get(i + 2)
        if after is None or i + 1 in of_line or after.original.line != copy.original.line + 2:
            continue
        line, original = page.lines[i + 1], page.lines[copy.original.line + 1]
        if titles.line_folded(page, line) == titles.line_folded(page, original):
            yield _Copy(_unit(page, i + 1), _unit(page, copy.original.line + 1), 0.85, "between")


def _unit(page: Page, i: int) -> _Unit:
    line = page.lines[i]
    return _Unit(line.start, line.end, i, titles.line_folded(page, line), line.words, line.prose)


def _titles(page: Page, main: Main) -> Iterator[_Copy]:
    """Copies of the title: before the text, anywhere outside it, and among its first lines."""
    window = [*range(min(4, main.first)), *range(max(4, main.first - REACH), main.first)]
    keys = {i: titles.letters_of(_plain(page, page.lines[i])) for i in window if _titled(page, page.lines[i])}
    title = _title_line(page, keys, main)
    if title is None:
        return
    key, plain, original = keys[title], _plain(page, page.lines[title]), _unit(page, title)
    for i, other in keys.items():
        if i != title and (other == key or _decorated(page, page.lines[i], plain, other, key)):
            yield _Copy(_unit(page, i), original, 0.9, "title")
    for i, line in enumerate(page.lines):
        if i in keys or line.prose or i == title or line.end - line.start > 400:
            continue
        inside = main.holds(i)
        if inside and i > main.first + 2:
            continue
        for block in page.blocks_of(line):
            if len(block.folded) >= len(plain) and block.folded.strip(_MARKS) == plain:
                unit = _Unit(block.start, block.end, i, block.folded, block.words, prose=False)
                yield _Copy(unit, original, 0.75 if inside else 0.86, "title")


def _plain(page: Page, line: Line) -> str:
    return titles.line_folded(page, line).strip(_MARKS)


def _titled(page: Page, line: Line) -> bool:
    blocks = page.blocks[line.first : line.last + 1]
    if len(blocks) > 2 or line.prose or not 2 <= line.words <= 60 or line.end - line.start > 300:
        return False
    return sum(b.letters for b in blocks) > 3 * sum(b.digits for b in blocks)


def _title_line(page: Page, keys: dict[int, str], main: Main) -> int | None:
    """The line that others are copies of: the last of equal ones, or one a page title is made from."""
    best: tuple[int, int] | None = None
    for i, key in keys.items():
        if len(key) < MIN_TITLE_LETTERS and not (len(key) >= 7 and "\u3040" <= key[0] <= "\u9fff"):
            continue
        copies = sum(
            other == key
            or (j < 4 and _decorated(page, page.lines[j], _plain(page, page.lines[i]), other, key))
            for j, other in keys.items()
            if j != i
        )
        if copies and (best is None or (copies, i) > best):
            best = (copies, i)
    if best is not None:
        return best[1]
    before = [
        i
        for i in keys
        if main.first - i <= 4 and len(keys[i]) >= MIN_TITLE_LETTERS and page.lines[i].words >= 4
    ]
    return max(before, key=lambda i: (page.lines[i].words, i), default=None)


def _decorated(page: Page, line: Line, plain: str, other: str, key: str) -> bool:
    """Whether a line is a title with a site's name after it, or an icon's word beside it."""
    if len(key) < MIN_TITLE_LETTERS or len(other) <= len(key) or len(other) > len(key) + 50:
        return False
    at = _plain(page, line).find(plain)
    if at < 0:
        return False
    folded = _plain(page, line)
    left, right = folded[:at].strip(), folded[at + len(plain) :].strip()
    if not left and right[:1] in tuple("|-–—:»·•/"):
        return len(right.split()) <= 9
    if not right and left[-1:] in tuple("|:»·•/>"):
        return len(left.split()) <= 6
    return len(left.split()) + len(right.split()) <= 3 and len(left) + len(right) <= len(plain) / 2


def _root(copy: _Copy, copies: dict[int, _Copy]) -> _Unit:
    """The original, or the original's own original: a copy of a teaser leads to the full text."""
    unit = copy.original
    for _ in range(4):
        above = copies.get(unit.start)
        if above is None or above.confidence < ACTED_ON or above.original is copy.unit:
            return unit
        unit = above.original
    return unit


def _finding(copy: _Copy, original: _Unit) -> Finding:
    signals = {Signal.REPETITION, Signal.NEIGHBOURS if copy.rule in ("title", "between") else Signal.SHAPE}
    return Finding(
        copy.unit.start,
        copy.unit.end,
        Label.DUPLICATE_BLOCK,
        copy.confidence,
        f"duplicate_block.{copy.rule}",
        clip(copy.unit.folded),
        frozenset(signals),
        copy_of=(original.start, original.end),
    )
