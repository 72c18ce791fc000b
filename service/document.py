"""The frozen values that travel between the stages: Decoded -> Page -> Finding, Opinion -> Span."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntFlag, StrEnum, auto
from functools import wraps
from inspect import unwrap
from typing import Any, Final, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from schemas.labels import Action, Label
from schemas.result import Encoding

Counts = NDArray[np.signedinteger]
T = TypeVar("T")


class MediaKind(StrEnum):
    """What the bytes turned out to be."""

    TEXT = "text"
    HTML = "html"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and how it was won from the bytes. `text` holds no lone surrogates."""

    text: str
    kind: MediaKind
    encoding: Encoding


class Cut(StrEnum):
    """What stands between a block and the one before it."""

    PAGE = "page"  # nothing: the first block
    LINE = "line"  # one or more line breaks
    GAP = "gap"  # two or more spaces, a tab, NO-BREAK spaces
    MARK = "mark"  # a pipe, bullet or other separator that recurs on the line
    SENTENCE = "sentence"  # the end of a sentence on an over-long line
    SEAM = "seam"  # words tell that a line ended there, and the dump lost it
    FAINT = "faint"  # words say that one may have


LINE_BEGINS: Final = frozenset({Cut.PAGE, Cut.LINE, Cut.SEAM, Cut.FAINT})
"""The cuts at which a line begins."""


class Block(NamedTuple):
    """The smallest stretch that is decided as one: a line, or a piece of a line.

    `start` and `end` are code points in the page's text; neither end is white space. Blocks come in
    page order, do not overlap, and only white space lies between them.
    """

    index: int  # type: ignore[assignment]  # a block is looked up by nothing, so tuple.index isn't missed
    start: int
    end: int
    text: str
    folded: str
    """`text` folded for matching; see `service.detector.fold`."""
    line: int
    """Number of the line it stands on, counting every line of the page from 0."""
    cut: Cut
    blanks: int
    """Blank lines just before it; 0 unless `cut` is LINE."""
    words: int
    """Words; in scripts without spaces each character counts as one, as the scorers count."""
    letters: int
    digits: int
    ends_sentence: bool
    """Whether the last character closes a sentence, in any script, closing quotes apart."""


class Line(NamedTuple):
    """A line that holds something: the blocks `first` to `last`, both included."""

    number: int
    start: int
    end: int
    first: int
    last: int
    blanks: int
    """Blank lines just before it."""
    words: int
    prose: bool
    """Whether it reads as running text: long enough for its script, and punctuated like sentences."""


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """Counts per stretch, as arrays of equal length."""

    chars: Counts
    words: Counts
    """In the sense of `Block.words`."""
    letters: Counts
    digits: Counts
    upper: Counts
    punctuation: Counts
    symbols: Counts
    terminals: Counts
    commas: Counts
    colons: Counts
    quotes: Counts
    separators: Counts
    spaceless: Counts
    rtl: Counts
    ends_sentence: NDArray[np.bool_]
    ends_colon: NDArray[np.bool_]
    starts_upper: NDArray[np.bool_]
    starts_digit: NDArray[np.bool_]
    starts_mark: NDArray[np.bool_]
    special: Counts
    """Of each kind of characters in `service.blocks.measures.SPECIAL`, a row of counts."""

    @property
    def units(self) -> NDArray[np.float64]:
        """Words in the sense of spaced scripts: two characters of a spaceless script make one."""
        return np.asarray(self.words - np.minimum(self.words, self.spaceless) / 2)


class Structure(IntFlag):
    """What a block element is, or lies inside of."""

    NAV = auto()
    HEADER = auto()
    FOOTER = auto()
    ASIDE = auto()
    ARTICLE = auto()
    MAIN = auto()
    FORM = auto()
    LIST = auto()
    ITEM = auto()
    TABLE = auto()
    QUOTE = auto()
    CODE = auto()
    FIGURE = auto()
    CAPTION = auto()
    NOSCRIPT = auto()
    DIALOG = auto()
    BUTTON = auto()
    HIDDEN = auto()
    # of the element itself only
    H1 = auto()
    H2 = auto()
    H3 = auto()
    H4 = auto()
    PARAGRAPH = auto()


@dataclass(frozen=True, slots=True)
class Times:
    """`datetime` of the `time` elements, by what they date; a comment's and a neighbour's are left out."""

    published: tuple[str, ...] = ()
    """Those marked as the publication's, then those between headline and running text, then above."""
    changed: tuple[str, ...] = ()
    """Those marked or announced as the last change's."""
    late: tuple[str, ...] = ()
    """Those behind the first running text."""
    told: tuple[str, ...] = ()
    """Those that are words of a sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """What an HTML page says of itself outside its text."""

    title: str = ""
    metas: Mapping[str, str] = field(default_factory=dict)
    """Content by lower-cased `property`, `name` or `itemprop`; the first of each."""
    writers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """All contents of the meta elements that a page has one of for each author."""
    base: str | None = None
    """What the page's relative addresses are seen from."""
    canonical: str | None = None
    language: str | None = None
    items: tuple[Mapping[str, Any], ...] = ()
    """JSON-LD objects that have a type."""
    marked: Mapping[str, int] = field(default_factory=dict)
    """How many elements are marked as each of schema.org's types."""
    headings: tuple[tuple[str, ...], ...] = ()
    """Of each first-level heading, the lines it is laid out in."""
    home: tuple[str, ...] = ()
    """Texts of first-level headings that are links to the site's start: its name."""
    times: Times = Times()

    bylines: tuple[str, ...] = ()
    """Texts of elements marked as the author's, the surest first."""
    dated: tuple[str, ...] = ()
    """Texts of elements marked as a date, the surest first."""
    changed: tuple[str, ...] = ()
    """Texts of elements marked as the day of a change."""


class Mark(NamedTuple):
    """An element of a few words that names whoever wrote what stands around it, or says when."""

    row: int
    """The recorded element that it is, or stands in."""
    line: int
    """Index of the first line it can stand on."""
    text: str
    """What it shows."""
    moment: str | None = None
    """`datetime` of a `time` element; None for a name."""


@dataclass(frozen=True, slots=True, eq=False)
class Dom:
    """What the tree of an HTML page says of its text.

    Per line that isn't blank: `element` (row of the nearest recorded element), `bold` (whether all of it
    is set so), `linked` (characters inside links), `links`, `inline` (name hashes of the inline elements
    on it). Per recorded element, in document order: `parent` (row, -1 for the root), `flags`
    (`Structure`, ancestors' included), `names` (hashes of tag and names) and the lines below it,
    `first_line` up to before `last_line`.
    """

    element: Counts
    bold: tuple[bool, ...]
    linked: Counts
    links: Counts
    inline: tuple[tuple[int, ...], ...]
    parent: Counts
    flags: Counts
    names: tuple[tuple[int, ...], ...]
    first_line: Counts
    last_line: Counts
    head: Head
    marks: tuple[Mark, ...] = ()
    """In the order in which their elements end: a name before what stands around it."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The places of a page's blocks and lines as arrays, for what is computed of all of them at once."""

    starts: Counts
    ends: Counts
    cuts: Counts
    """Index into `tuple(Cut)`."""
    blanks: Counts
    line_of: Counts
    """For each block, the index in `Page.lines` of its line."""
    line_starts: Counts
    line_first: Counts
    line_last: Counts
    line_words: Counts
    line_prose: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A page cut into blocks. `text` is the decoded text, or the rendering of an HTML page."""

    text: str
    blocks: tuple[Block, ...]
    lines: tuple[Line, ...]
    line_of: tuple[int, ...]
    """For each block, the index in `lines` of its line."""
    measures: Measures
    """Counts per block, as arrays."""
    columns: Columns
    url: str | None = None
    dom: Dom | None = None
    """Of an HTML page."""
    language: str | None = None
    """What the caller says the language is."""

    first_prose: int = -1
    """Index in `lines` of the first line of running text; -1 if there is none."""
    last_prose: int = -1
    answers: dict[object, object] = field(default_factory=dict, init=False, repr=False)
    """What `once_a_page` keeps with the page."""

    @property
    def html(self) -> bool:
        """Whether the page came as HTML, and `text` is its rendering."""
        return self.dom is not None

    def line(self, block: Block) -> Line:
        """The line a block stands on."""
        return self.lines[self.line_of[block.index]]

    def blocks_of(self, line: Line) -> tuple[Block, ...]:
        """The blocks of a line."""
        return self.blocks[line.first : line.last + 1]

    def before_prose(self, block: Block) -> bool:
        """Whether the block stands on a line before all running text, or there is none."""
        return self.first_prose < 0 or self.line_of[block.index] < self.first_prose

    def after_prose(self, block: Block) -> bool:
        """Whether the block stands on a line after all running text, or there is none."""
        return self.last_prose < 0 or self.line_of[block.index] > self.last_prose

    def outside_prose(self, block: Block) -> bool:
        """Whether the block stands before or after all running text, or there is none."""
        return self.before_prose(block) or self.after_prose(block)


def once_a_page(ask: Callable[[Page], T]) -> Callable[[Page], T]:
    """A function of a page alone whose answer is kept with the page: detectors share it."""

    @wraps(ask)
    def answer(page: Page) -> T:
        if ask not in page.answers:
            page.answers[ask] = ask(page)
        return cast("T", page.answers[ask])

    return answer


def supposing(page: Page, ask: Callable[[Page], T], answer: T) -> Page:
    """The same page with another answer to a question asked once a page, and all the others it gave."""
    other = replace(page)
    other.answers.update(page.answers)
    other.answers[unwrap(ask)] = answer
    return other


class Signal(StrEnum):
    """A kind of evidence. A phrase alone never removes: see `service.decide`."""

    PHRASE = "phrase"  # words that are known from widgets and notices
    SHAPE = "shape"  # the look of the stretch itself: length, punctuation, digits, file name
    POSITION = "position"  # where on the page, or on the line, it stands
    REPETITION = "repetition"  # it, or its like, occurs several times
    NEIGHBOURS = "neighbours"  # what stands around it


class Finding(NamedTuple):
    """What one detector says of one stretch. Offsets are code points in `Page.text`."""

    start: int
    end: int
    label: Label
    confidence: float
    rule: str
    """Stable id: `<detector>.<rule>`."""
    evidence: str
    signals: frozenset[Signal]
    field: str | None = None
    """The article field it is lifted into, e.g. `headline`; None for a removal."""
    value: str | None = None
    """What goes into that field, where it is less than the whole stretch."""
    copy_of: tuple[int, int] | None = None
    """For duplicates: the stretch whose copy this is."""
    extra: tuple[tuple[str, str], ...] = ()
    """Further fields and their values, where one line fills several: a date line that names its source."""


class Opinion(NamedTuple):
    """What the model says of one block."""

    content: float
    """Probability that the block belongs to the article."""


class Override(StrEnum):
    """Why what was decided differs from what the model said."""

    NONE = "none"
    RULE_REMOVED = "rule_removed"  # the model would keep; a detector with two signals removes
    RULE_KEPT = "rule_kept"  # the model would remove; it is not sure enough to do so alone
    LIFTED = "lifted"  # moved to an article field, whatever the model thinks


class Span(NamedTuple):
    """A decided stretch. Spans come in page order; only white space lies between them."""

    start: int
    end: int
    line: int
    label: Label
    action: Action
    confidence: float
    opinion: float | None
    override: Override
    reasons: tuple[tuple[str, str], ...]
    """Rule id and evidence, strongest first."""
    field: str | None = None
    value: str | None = None
    copy_of: tuple[int, int] | None = None
    extra: tuple[tuple[str, str], ...] = ()
