"""text -> BCP 47 language tag, by resiliparse's fast detector."""

from typing import Final

from resiliparse.parse.lang import detect_fast

# resiliparse's out-of-place measure: lower is surer; 1200 is its own default cutoff.
CUTOFF: Final = 1200
SAMPLE: Final = 5_000
MIN_CHARS: Final = 20


def identify(text: str) -> str | None:
    """The language of a text, from at most its first 5,000 characters; None when it cannot be told."""
    sample = text[:SAMPLE]
    if len(sample.strip()) < MIN_CHARS:
        return None
    tag, _ = detect_fast(sample, cutoff=CUTOFF)
    return None if tag == "unknown" else str(tag)
