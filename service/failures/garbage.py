"""text -> what it is when it is no text for readers: data, a feed, program text, damaged or made up.

Everything here is told by form alone, over a bounded sample.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.blocks.measures import LETTER, SPACE, UPPER, Classes, Codes, classes_of, rows_of
from service.stops import TERMINALS
from service.words import codes_of

SAMPLE: Final = 40_000  # code points
GLIMPSE: Final = 8_000  # of them, where damage and direction show
# One letter a line, or a space after every letter, is how columns and set type come out of a PDF
MIN_LETTERS: Final = 12
LETTER_SHARE: Final = 0.6
# A feed's text has so many machine dates, and an address to each
MIN_STAMPS: Final = 4
# Share of reversed words, of those that show their direction; read the right way round almost none are
REVERSED_SHARE: Final = 0.5
MIN_TURNED: Final = 3
# Program text has at most this share of other lines
OTHER_SHARE: Final = 0.25
# Share of damaged characters; sound pages of 40 languages have less than 0.01
DAMAGED_SHARE: Final = 0.2
# Share of the words of a text that stand in a run of so many words seen before, in other sentences. A text
# put together by a Markov chain comes back to its sources' phrases; people quote whole sentences.
RUN: Final = 8
REPEATED_SHARE: Final = 0.12
# Longer real pages repeat themselves for many reasons
MADE_UP_WORDS: Final = 400
MADE_UP_SIZE: Final = 4_000

_FEED: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?(?:<\?[^>]*>\s*)*<(rss|feed|rdf:rdf|urlset|sitemapindex)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML_ERROR: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?<(?:error|errorresponse|fault|exception)\b", re.IGNORECASE
)
_MAIL_DATE: Final = re.compile(
    r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|[A-Z]{3,4})"
)
_ISO_DATE: Final = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)")
_ADDRESS: Final = re.compile(r"https?://\S+")
_ERROR_KEYS: Final = frozenset(
    [
        "code",
        "error",
        "errors",
        "message",
        "msg",
        "status",
        "detail",
        "errmsg",
        "err_msg",
        "errno",
        "errcode",
        "statuscode",
        "error_code",
        "error_description",
        "errormessage",
        "success",
        "fault",
        "exception",
        "reason",
        "title",
        "type",
        "ret",
    ]
)
_CODE_LINE: Final = re.compile(
    r"[;{}]\s*$|^\s*(?:/\*|\*/|//|@media|@import|\.[\w-]+\s*\{|#[\w-]+\s*\{|var |let |const |function\b"
    r"|import |export |return\b|<\?php|</?\w+[^>]*>\s*$)|=>|\}\)|:\s*\S+;$"
)
_PDF: Final = re.compile(r"(?m)^(?:%PDF-\d|\d+ \d+ obj\b|endobj|xref|trailer|startxref)")
_PDF_MARKS: Final = ("%PDF-", " obj", "endobj", "xref", "trailer")
_TOKEN: Final = re.compile(rf"[^\W\d_]+|[{re.escape(TERMINALS)}\n]")
_LONGER_WORD: Final = re.compile(r"[^\W\d_]{3,}")
# What UTF-8 looks like when it is read as windows-1252, 1251 or 1256: letters with signs inside the word
_SIGNS: Final = (
    "\u0080-\u009f\u00a2-\u00a9\u00ac\u00ae-\u00b4\u00b6\u00b8\u00b9\u00bb-\u00bf\u2018-\u201e\u2020-\u2022"
    "\u2026\u2030\u2039\u203a\u20ac\u2122"
)
_SECOND: Final = (
    f"[{_SIGNS}\u00a0]",
    f"[{_SIGNS}·«\u00a0آأ]",
    f"[{_SIGNS}°±²ЃѓЉЊЌЋЏђ‹]",
)
_INSIDE: Final = re.compile(
    rf"(?:[ÃÂÐÑØÙÎÏÅÄÊËÒÓàáâãäåæçèéêëìíîï]{_SECOND[0]}|[طظآأâ]{_SECOND[1]}|[РСГВ]{_SECOND[2]}|\ufffd)+"
)
_IS_SECOND: Final = np.zeros(0x10000, dtype=np.bool_)
_IS_SECOND[
    [m.start() for m in re.finditer(rf"{'|'.join(_SECOND)}|\ufffd", "".join(map(chr, range(0x10000))))]
] = True
_MARKS_FOR_LETTERS: Final = re.compile(r"(?<!\S)\?{2,}(?!\S)|\w\?+\w")
_FINAL_FORMS: Final = re.compile(r"\b[םןץףך]\w")
_HEBREW: Final = re.compile(r"\b[\u05d0-\u05ea]{2,}\b")
_ARABIC: Final = re.compile(r"\b[\u0621-\u064a]{3,}\b")


@dataclass(frozen=True, slots=True)
class Garbage:
    """What the text is, and where that shows."""

    code: str
    message: str
    error: bool = False
    """Whether it is an answer that says what went wrong."""


def recognise(text: str) -> Garbage | None:
    """What the text is instead of a page; None for a page, good or bad."""
    sample = text[:SAMPLE]
    glimpse = text[:GLIMPSE]
    for look in (_data, _feed, _pdf):
        if (found := look(sample)) is not None:
            return found
    codes = codes_of(glimpse)
    classes = classes_of(rows_of(codes))
    return (
        _letters(glimpse)
        or _damaged(glimpse, codes, classes)
        or (_reversed_case(glimpse, classes) or _reversed_forms(glimpse, codes))
        or _program(glimpse)
    )


def _data(text: str) -> Garbage | None:
    body = text.strip()
    if body[:1] not in ("{", "[") or body[-1:] not in ("}", "]") or len(body) >= SAMPLE:
        opened = re.match(r"\s*[\[{]\s*[\[{\"]", text) if len(body) >= SAMPLE - 10 else None
        return Garbage("json", "The page is data, not text.") if opened and text.count('":') > 50 else None
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, Mapping) and _says_error(value):
        return Garbage("api_error", "An interface's answer that says what went wrong.", error=True)
    if isinstance(value, Mapping | list):
        return Garbage("json", "The page is data, not text.")
    return None


def _says_error(value: Mapping[str, Any]) -> bool:
    keys = {key.casefold() for key in value}
    longest = max((len(v) for v in value.values() if isinstance(v, str)), default=0)
    return bool(keys & _ERROR_KEYS) and longest < 600 and len(json.dumps(value)) < 3_000


def is_feed(text: str) -> bool:
    """Whether a text opens like a feed or a site map."""
    return _FEED.match(text) is not None


def _feed(text: str) -> Garbage | None:
    if _FEED.match(text):
        return Garbage("feed", "The page is a feed or a site map.")
    if _XML_ERROR.match(text):
        return Garbage("api_error", "An interface's answer that says what went wrong.", error=True)
    addresses = len(_ADDRESS.findall(text)) if "://" in text else 0
    if addresses < MIN_STAMPS:
        return None
    stamps = len(_MAIL_DATE.findall(text)) + len(_ISO_DATE.findall(text))
    if stamps >= MIN_STAMPS and addresses >= stamps and stamps * 1_500 >= len(text):
        return Garbage("feed", f"A feed's text: {stamps} machine dates, {addresses} addresses.")
    return None


def _pdf(text: str) -> Garbage | None:
    if any(mark in text for mark in _PDF_MARKS) and len(_PDF.findall(text)) >= 3:
        return Garbage("document_source", "The inside of a PDF file.")
    return None


def _letters(text: str) -> Garbage | None:
    lines = [line.strip() for line in text.split("\n")]
    filled = [line for line in lines if line]
    single = sum(len(line) <= 2 and any(c.isalpha() for c in line) for line in filled)
    if single >= MIN_LETTERS and single >= LETTER_SHARE * len(filled):
        return Garbage("letter_lines", f"{single} of {len(filled)} lines hold a letter or two.")
    tokens = text.split()
    alone = sum([token.isalpha() and not _spaceless(token) for token in tokens if len(token) == 1])
    if alone >= 2 * MIN_LETTERS and alone >= LETTER_SHARE * len(tokens):
        return Garbage("spaced_letters", f"{alone} of {len(tokens)} words are one letter.")
    return None


def _spaceless(char: str) -> bool:
    return ord(char) >= 0x2E80 or 0x0E00 <= ord(char) <= 0x0EFF


def _damaged(text: str, codes: Codes, classes: Classes) -> Garbage | None:
    solid = len(text) - int(np.count_nonzero(classes & SPACE))
    if solid < 20:
        return None
    odd = int(np.count_nonzero(_is_no_text(codes)))
    seconds = int(np.count_nonzero(_IS_SECOND[np.minimum(codes, 0xFFFF)]))
    if odd + 2 * seconds >= DAMAGED_SHARE * solid:  # each pair has its second half
        odd += sum(len(m[0]) for m in _INSIDE.finditer(text))
    if odd >= DAMAGED_SHARE * solid:
        return Garbage("encoding_garbage", f"{odd / solid:.0%} of the characters are damaged.")
    if text.count("?") < 7:
        return None
    marks = sum(len(m[0]) for m in _MARKS_FOR_LETTERS.finditer(text))
    if marks >= 20 and marks >= 0.3 * solid:
        return Garbage("encoding_garbage", f"{marks / solid:.0%} of the characters are question marks.")
    return None


def _is_no_text(codes: Codes) -> NDArray[np.bool_]:
    """Private characters, and controls that are no white space."""
    private = (codes >= 0xE000) & (codes <= 0xF8FF)
    return private | (codes <= 0x08) | ((codes >= 0x0E) & (codes <= 0x1B))


def _reversed_case(text: str, classes: Classes) -> Garbage | None:
    """Words whose last letter is the capital."""
    upper, letter = (classes & UPPER) != 0, (classes & LETTER) != 0
    ends = upper[1:] & ~upper[:-1] & letter[:-1]
    ends[:-1] &= ~letter[2:]
    if np.count_nonzero(ends) < MIN_TURNED:
        return None
    words = _LONGER_WORD.findall(text)
    turned = sum([word[:-1].islower() for word in words if word[-1].isupper()])
    shown = turned + sum(word[0].isupper() and word[1:].islower() for word in words)
    if turned >= MIN_TURNED and shown >= 6 and turned >= REVERSED_SHARE * shown:
        return _turned(turned, shown)
    return None


def _some(codes: Codes, first: int, last: int) -> bool:
    """Whether a script, told by its first and last letter, has letters enough for twenty words."""
    return int(np.count_nonzero((codes >= first) & (codes <= last))) >= 40


def _reversed_forms(text: str, codes: Codes) -> Garbage | None:
    """Hebrew and Arabic words that begin with a letter only words' ends have."""
    hebrew = _HEBREW.findall(text) if _some(codes, 0x05D0, 0x05EA) else []
    if len(hebrew) >= 20 and len(_FINAL_FORMS.findall(text)) >= 0.05 * len(hebrew):
        return _turned(len(_FINAL_FORMS.findall(text)), len(hebrew))
    arabic = _ARABIC.findall(text) if _some(codes, 0x0621, 0x064A) else []
    row = f" {' '.join(arabic)} "
    if len(arabic) >= 20 and sum(map(row.count, (" ة", " ى", "لا "))) >= 5:
        turned = sum(w[0] in "ةى" or w.endswith("لا") for w in arabic)
        right = sum(w[-1] in "ةى" or w.startswith("ال") for w in arabic)
        if turned >= 5 and turned > 2 * right:
            return _turned(turned, turned + right)
    return None


def _turned(turned: int, shown: int) -> Garbage:
    return Garbage("reversed_text", f"{turned} of {shown} words run backwards.")


def _program(text: str) -> Garbage | None:
    filled = [line for line in text.split("\n") if line.strip()]
    if len(filled) < 8:
        return None
    other = 0
    for line in filled:
        other += len(line) >= 2_000 or _CODE_LINE.search(line) is None
        if other > OTHER_SHARE * len(filled):
            return None
    return Garbage("program_text", f"{len(filled) - other} of {len(filled)} lines are program text.")


def made_up(body: str) -> Garbage | None:
    """A Markov chain's text: long runs of words come again in the midst of other sentences.

    Asked of the cleaned body, for page furniture repeats by nature; and of scripts alone that close their
    sentences with a dot, for in most others a word is no run of letters: without spaces it would be a whole
    clause, and the vowel signs of Devanagari or Khmer cut it into pieces, which repeat by nature, too.
    """
    lines = [line for line in body.split("\n") if line.strip()]
    spoken = sum(len(line) for line in lines if line.rstrip("\"')]»” ")[-1:] in ".!?…")
    if not spoken or spoken < 0.95 * sum(map(len, lines)):
        return None
    words = _TOKEN.findall(body[:MADE_UP_SIZE].casefold())
    count = sum(word[0].isalpha() for word in words)
    if not 40 <= count <= MADE_UP_WORDS:
        return None
    repeated = len(_repeats(words))
    if repeated >= REPEATED_SHARE * count:
        return Garbage("made_up_text", f"{repeated / count:.0%} of the words repeat runs of others.")
    return None


def _repeats(words: list[str]) -> set[int]:
    """Places of words in a run met before, where both the words before and those after it differ."""
    first_at: dict[tuple[str, ...], int] = {}
    found: set[int] = set()
    i = 0
    while i + RUN <= len(words):
        key = tuple(words[i : i + RUN])
        first = first_at.setdefault(key, i)
        if first + RUN > i:
            i += 1
            continue
        size = RUN
        while i + size < len(words) and words[first + size] == words[i + size]:
            size += 1
        inside = first > 0 and words[first - 1][0].isalpha() and words[i - 1][0].isalpha()
        if inside and sum(w[0].isalpha() for w in words[i : i + size]) >= RUN:
            found.update(range(i, i + size))
        i += size
    return found
