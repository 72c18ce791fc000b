"""text -> text whose UTF-8, once read by a legacy charset, is read again as UTF-8.

Certain or not at all. The unit is a line: it must go back to bytes without a remainder, the bytes must be
strict UTF-8, and the reading won must be likelier as language than the one that stood there. A line that
holds sound letters next to damaged ones fails the second test, which is what protects an article that
quotes mojibake; what it could still be taken in by, examples on lines of their own, the page-wide tests
of `_wanted` keep out.
"""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.charsets import likelihood, read
from service.words import codes_of

ROUNDS: Final = 3
"""Damage is undone at most this many times over; pages damaged more often are lossy in practice."""

_CHARSETS: Final = ("windows-1252", "windows-1256", "windows-1251", "windows-1250", "windows-1254")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_TOPIC: Final = ("mojibake", "文字化け", "乱码", "亂碼", "الترميز", "кодировк")
_TOPIC_NAME = re.compile(r"(?:unicode(?!-)|utf-?8|iso-?8859|windows-?125\d|latin-?1|cp125\d)\b")
_DECLARES: Final = ("charset=", "charset='", 'charset="', "encoding='", 'encoding="')
"""Words of pages about encodings, which quote damage on purpose."""
_C1 = re.compile("[\x80-\x9f]")
_IN_WORD = re.compile(r"[^\W\d_][^\x00-\x7f]|[^\x00-\x7f][^\W\d_]")
_FOREIGN_WORD = re.compile(r"(?<!\w)(?:(?![\d_])[^\W\x00-\u024f]){2,}(?!\w)")

_BMP: Final = 0x10000
_STRONG = 3  # characters won on a line, next to letters, from which chance is out of the question
_MANY = 60  # characters won on a page from which it is no quotation
_LINES = 4000  # lines on which the charset is chosen
_SAMPLE = 4000  # code points scored of what a page would have mended
_LEGIBLE = (-9.0, -14.0)  # bits a character, and an East Asian one: news text has -2 to -5, and -8 to -10


@dataclass(frozen=True, slots=True)
class _Charset:
    """A legacy charset backwards; in windows-1252 C1 controls may also stand for the byte of their number."""

    name: str
    table: str
    to_byte: dict[int, int]
    sequence: re.Pattern[str]
    """One UTF-8 sequence of two to four bytes, as this charset shows it."""

    def bytes_of(self, shown: str) -> bytes | None:
        """The bytes this text was read from, or None where it holds what the charset has not."""
        to_byte = self.to_byte if _C1.search(shown) else _backwards(self.table)
        try:
            return codecs.charmap_encode(shown, "strict", to_byte)[0]
        except UnicodeEncodeError:
            return None


@cache
def _backwards(table: str) -> dict[int, int]:
    """Python's compact encoding map, much faster than the dictionary it passes for."""
    return codecs.charmap_build(table)  # type: ignore[return-value]


@cache
def _charset(name: str) -> _Charset:
    table = "".join(read(bytes([byte]), name)[0] for byte in range(256)).replace("\ufffd", "\ufffe")
    # windows-1252 stands for ISO-8859-1 as well, which shows the whole range as controls
    to_byte = {c: c for c in range(0x80, 0xA0)} if name == "windows-1252" else {}
    to_byte |= {ord(char): byte for byte, char in enumerate(table) if char != "\ufffe"}

    def chars(first: int, last: int) -> str:
        return "[" + "".join(re.escape(chr(c)) for c, b in to_byte.items() if first <= b <= last) + "]"

    tail = chars(0x80, 0xBF)
    pattern = f"{chars(0xC2, 0xDF)}{tail}|{chars(0xE0, 0xEF)}{tail}{{2}}|{chars(0xF0, 0xF4)}{tail}{{3}}"
    return _Charset(name, table, to_byte, re.compile(pattern))


@dataclass(frozen=True, slots=True)
class _Mended:
    """A line, before and after."""

    index: int
    before: str
    after: str

    @property
    def won(self) -> int:
        """Characters outside ASCII that the line holds when mended, each from two bytes or more."""
        return len(self.after) - len(self.after.encode("ascii", "ignore"))

    @property
    def strong(self) -> bool:
        """Whether there are several of them and they stand in words, as in running text."""
        return (
            self.won >= _STRONG and sum(1 for _ in islice(_IN_WORD.finditer(self.after), _STRONG)) == _STRONG
        )

    @property
    def dominant(self) -> bool:
        """Whether the line is written in what was won, or has it inside ASCII words, as accents are.

        An English sentence around one Arabic or Russian word is neither.
        """
        bare = _TAG.sub(" ", self.after)
        ascii_letters = sum(c.isalpha() for c in bare if c < "\x80")
        beyond_latin = sum(c.isalpha() for c in bare if c >= "\u0250")
        return beyond_latin >= ascii_letters or _FOREIGN_WORD.search(bare) is None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What undoing one charset would change on a page, and how many bits likelier it gets."""

    charset: str
    lines: tuple[_Mended, ...]
    gain: float


def repair(text: str) -> tuple[str, tuple[str, ...]]:
    """Text with certain mojibake undone, and what was done, e.g. `mojibake:windows-1256`, in order.

    A charset is named once for each time it was undone. Lines keep their number. Linear in the text;
    never raises.
    """
    mended, done = text, list[str]()
    touched: frozenset[int] = frozenset()
    for _ in range(ROUNDS):
        plan = _best(mended, touched)
        if plan is None:
            break
        lines = mended.split("\n")
        for line in plan.lines:
            lines[line.index] = line.after
        mended = "\n".join(lines)
        touched |= {line.index for line in plan.lines}
        done.append(f"mojibake:{plan.charset}")
    else:
        if _best(mended, touched) is not None:  # damaged more often still: nothing of it is certain
            return text, ()
    if not done or not _legible(text, mended):
        return text, ()
    return mended, tuple(done)


def _best(text: str, touched: frozenset[int]) -> _Plan | None:
    """What undoing the likeliest charset would mend, or None where nothing is certain.

    On pages of very many lines the charset is chosen on a part of them, then asked of all.
    """
    if text.isascii():
        return None
    shown = _shown(text)
    if not shown:
        return None
    lines = text.split("\n")
    beyond = [index for index, line in enumerate(lines) if not line.isascii()]
    part = beyond[:: len(beyond) // _LINES + 1]
    plans = [(charset, plan) for charset in shown if (plan := _plan(lines, part, charset, touched))]
    if not plans:
        return None
    charset, plan = max(plans, key=lambda pair: pair[1].gain)
    return plan if len(part) == len(beyond) else _plan(lines, beyond, charset, touched)


def _shown(text: str) -> list[_Charset]:
    """The charsets in which the text holds a whole sequence.

    Looked for only where what opens one stands before what goes on with it: patterns take a hundred times
    as long to find that out, and most pages have no such place.
    """
    codes = codes_of(text)
    beyond = np.flatnonzero(codes >= 0x80)  # what is ASCII is part of no sequence
    places = beyond[:-1][np.diff(beyond) == 1]
    first, later = (_parts()[np.minimum(codes[at], _BMP - 1)] for at in (places, places + 1))
    met = first & (later >> 8)
    places, met = places[met != 0], met[met != 0]
    return [
        charset
        for bit, charset in enumerate(map(_charset, _CHARSETS))
        if any(charset.sequence.match(text, at) for at in places[(met >> bit & 1) == 1].tolist())
    ]


@cache
def _parts() -> NDArray[np.uint16]:
    """A bit for each charset in which a character is the first byte of a sequence; 8 higher, a later one."""
    table = np.zeros(_BMP, dtype=np.uint16)
    for bit, name in enumerate(_CHARSETS):
        for code, byte in _charset(name).to_byte.items():
            if 0xC2 <= byte <= 0xF4:
                table[code] |= 1 << bit
            elif 0x80 <= byte <= 0xBF:
                table[code] |= 1 << bit + 8
    return table


def _plan(lines: list[str], beyond: list[int], charset: _Charset, touched: frozenset[int]) -> _Plan | None:
    """What undoing this charset would mend in the lines `beyond` ASCII."""
    mended: list[_Mended] = []
    sound = 0
    for index in beyond:
        line = lines[index]
        after = _undo(line, charset)
        if after is not None:
            mended.append(_Mended(index, line, after))
        elif any(c.isalpha() for c in line[:1000] if c >= "\x80"):
            sound += 1
    wanted = _wanted(mended, sound, touched)
    if not wanted or _is_about_encodings(lines, len(wanted)):
        return None
    before, after = _samples(wanted, charset)
    gain = likelihood(after) - likelihood(before)
    return _Plan(_shown_name(charset, before), wanted, gain) if gain > 0 else None


def _undo(line: str, charset: _Charset) -> str | None:
    body = charset.bytes_of(line)
    if body is None:
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _wanted(mended: list[_Mended], sound: int, touched: frozenset[int]) -> tuple[_Mended, ...]:
    """The lines to mend: all where damage prevails on the page, else those certain by themselves.

    `sound` counts the lines with letters outside ASCII that undoing would break. A line `touched` before
    that can be undone again was damaged twice, however little is left of it.
    """
    strong = [line for line in mended if line.index in touched or line.strong]
    if not strong:
        in_words = (line for line in mended if _IN_WORD.search(line.after))
        if sum(1 for _ in islice(in_words, _STRONG)) < _STRONG:
            return ()
    if _won(mended) < _MANY and not all(line.dominant for line in strong):
        return ()
    return tuple(mended) if len(mended) >= 2 * sound else tuple(strong)


def _won(mended: Iterable[_Mended]) -> int:
    """Characters that mending wins, counted until they are many."""
    total = 0
    for line in mended:
        total += line.won
        if total >= _MANY:
            break
    return total


def _is_about_encodings(lines: list[str], damaged: int) -> bool:
    """Whether the page speaks of encodings while most of it is sound: then damage is an example."""
    if 2 * damaged >= sum(1 for line in lines if line.strip()):
        return False
    return any(_speaks_of_encodings(_TAG.sub(" ", line).lower()) for line in lines)


def _speaks_of_encodings(line: str) -> bool:
    """Whether a lower-cased line names an encoding, other than to declare it, or what goes wrong with them.

    One pattern for all of it takes twenty times as long: it begins with nothing to search for.
    """
    if any(word in line for word in _TOPIC):
        return True
    return any(
        not (found.start() and _joins(line[found.start() - 1]))
        and (found[0] == "unicode" or not line.endswith(_DECLARES, 0, found.start()))
        for found in _TOPIC_NAME.finditer(line)
    )


def _joins(char: str) -> bool:
    return char.isalnum() or char == "_"


def _samples(wanted: Iterable[_Mended], charset: _Charset) -> tuple[str, str]:
    """The beginning of what would be mended, before and after, of the same bytes."""
    before = _first(line.before for line in wanted)
    body = charset.bytes_of(before) or b""
    return before, body.decode("utf-8", "ignore")


def _first(lines: Iterable[str]) -> str:
    taken: list[str] = []
    room = _SAMPLE
    for line in lines:
        taken.append(line[:room])
        room -= len(line)
        if room <= 0:
            break
    return "\n".join(taken)


def _shown_name(charset: _Charset, before: str) -> str:
    """windows-1252 is called ISO-8859-1 where its C1 range was read as controls throughout."""
    if charset.name == "windows-1252" and _C1.search(before):
        own = any(0x80 <= charset.to_byte.get(ord(c), 0) < 0xA0 for c in before if c >= "\u0100")
        return charset.name if own else "iso-8859-1"
    return charset.name


def _legible(text: str, mended: str) -> bool:
    """Whether what was changed reads as language now; a layer too many of lossy damage does not."""
    pairs = zip(text.split("\n"), mended.split("\n"), strict=True)
    after = _first(new for old, new in pairs if new != old)
    beyond = len(after) - len(after.encode("ascii", "ignore"))
    wide = sum(c >= "\u2e80" for c in after)
    return likelihood(after) >= _LEGIBLE[0] * (beyond - wide) + _LEGIBLE[1] * wide
