"""page, spans, article -> the numbers that tell how far a cleaned page can be trusted.

All are measures of the page at hand, in no language's own terms. Shares are of characters that are no
white space between spans, unless said otherwise. What stood in the place of embedded content, and was taken
out, counts for nothing. Linear in the page.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from schemas.article import Article
from schemas.labels import Action, Label
from schemas.result import Encoding, EncodingSource
from service.decide import expected_f1
from service.detector import PLACEHOLDERS
from service.document import Page, Span
from service.stops import TERMINALS
from service.words import codes_of

# Removed text by the kind of evidence that took it
GROUPS: Final = {
    "navigationRatio": frozenset({Label.NAVIGATION, Label.LEGAL_FOOTER, Label.COOKIE_BANNER}),
    "relatedRatio": frozenset({Label.HEADLINE_TICKER, Label.RELATED_TAIL, Label.INLINE_RELATED}),
    "commentRatio": frozenset({Label.COMMENTS, Label.COMMENT_PROMPT, Label.FORUM_CHROME}),
    "duplicateRatio": frozenset({Label.DUPLICATE_BLOCK}),
    "modelRatio": frozenset({Label.OTHER_BOILERPLATE}),
    "noticeRatio": frozenset({Label.ACCESS_NOTICE}),
}
# What the labeller takes the page for: what is content is clear on an article, and a matter of taste on
# a shop's page
PAGE_KINDS: Final = {
    f"{kind}Likeness": kind
    for kind in ("article", "forum", "product", "collection", "listing", "documentation", "service")
}
# Body words that are looked at
SAMPLE: Final = 3_000
# As many of a text's most frequent words stand for its stop words, whatever the language
FREQUENT: Final = 25
REPLACEMENT: Final = "\ufffd"
BMP: Final = 0x10000
# A kept line of fewer words is a heading, an item or boilerplate
SHORT_WORDS: Final = 8


def measure(
    page: Page,
    spans: Sequence[Span],
    article: Article,
    encoding: Encoding,
    kinds: Mapping[str, float],
) -> dict[str, float]:
    """Every signal of a page, by name. `kinds`: how probable the labeller finds each kind of page."""
    spans = [span for span in spans if not _aside(span)]
    signals = _shares(page, spans)
    signals |= _opinions(spans)
    signals |= _text(page, spans, article)
    signals |= {name: kinds.get(kind, 0.0) for name, kind in PAGE_KINDS.items()}
    signals |= {
        "wordCount": float(article.wordCount),
        "pageChars": float(len(page.text)),
        "blocks": float(len(page.blocks)),
        "headline": float(article.headline is not None),
        "date": float(article.datePublishedRaw is not None),
        "author": float(bool(article.authors)),
        "language": float(article.inLanguage is not None),
        "parts": float(len(article.parts)),
        "guessedCharset": float(encoding.source is EncodingSource.FALLBACK),
        "repaired": float(bool(encoding.repairs)),
    }
    return {name: round(float(value), 6) for name, value in signals.items()}


def _aside(span: Span) -> bool:
    """Whether the stretch was taken out as a placeholder of embedded content."""
    return span.action is Action.REMOVED and any(rule.startswith(PLACEHOLDERS) for rule, _ in span.reasons)


def _shares(page: Page, spans: Sequence[Span]) -> dict[str, float]:
    by_action: Counter[Action] = Counter()
    by_label: Counter[Label] = Counter()
    for span in spans:
        size = span.end - span.start
        by_action[span.action] += size
        if span.action is not Action.KEPT:
            by_label[span.label] += size
    covered = max(1, by_action.total())
    kept = [s for s in spans if s.action in (Action.KEPT, Action.FLAGGED)]
    first, last = (kept[0].start, kept[-1].end) if kept else (0, 0)
    inside = sum(s.end - s.start for s in spans if s.action is Action.REMOVED and first <= s.start < last)
    turns = sum((a.action is Action.REMOVED) != (b.action is Action.REMOVED) for a, b in pairwise(spans))
    size = max(1, len(page.text))
    return {
        "removedRatio": by_action[Action.REMOVED] / covered,
        "flaggedRatio": by_action[Action.FLAGGED] / covered,
        "liftedRatio": by_action[Action.LIFTED] / covered,
        **{name: sum(by_label[label] for label in labels) / covered for name, labels in GROUPS.items()},
        "bodyStart": first / size,
        "bodyEnd": last / size,
        "removedInside": inside / max(1, last - first),
        "turns": turns / max(1, len(spans)),
    }


def _opinions(spans: Sequence[Span]) -> dict[str, float]:
    """What the labeller's probabilities say of the decision as a whole."""
    spans = [s for s in spans if SPARED.isdisjoint(rule for rule, _ in s.reasons)]
    said = [(s.opinion, s.end - s.start, s.action) for s in spans if s.opinion is not None]
    if not said:
        return dict.fromkeys(OPINIONS, 0.0)
    chance = np.clip(np.array([p for p, _, _ in said], dtype=np.float64), 1e-4, 1 - 1e-4)
    weight = np.array([w for _, w, _ in said], dtype=np.float64)
    kept = np.array([a in (Action.KEPT, Action.FLAGGED) for _, _, a in said])
    # what was moved to a field, or stands on the page once more, is not lost
    saved = np.array(
        [s.action is Action.LIFTED or s.copy_of is not None for s in spans if s.opinion is not None]
    )
    hoped = float((chance * weight)[~saved].sum())
    mine = float(weight[kept].sum())
    true = float((chance * weight)[kept].sum())
    # the same hope, had the labeller been a logit too sure or too shy
    shy, sure = (chance / (chance + (1 - chance) * np.exp(shift)) for shift in (1.0, -1.0))
    entropy = -(chance * np.log2(chance) + (1 - chance) * np.log2(1 - chance))
    total = float(weight.sum())
    return {
        "hopedF1": _hoped_f1(chance, weight, kept, saved),
        "hopedF1Low": _hoped_f1(shy, weight, kept, saved),
        "hopedF1High": _hoped_f1(sure, weight, kept, saved),
        "hopedPrecision": true / max(1.0, mine),
        "hopedRecall": true / max(1e-9, hoped),
        "bestF1": float(expected_f1(chance, weight)[1].max()),
        "entropy": float((entropy * weight).sum()) / total,
        "keptEntropy": float((entropy * weight)[kept].sum()) / max(1.0, mine),
        "unsure": float(weight[(chance > 0.2) & (chance < 0.8)].sum()) / total,
        "keptLow": float(weight[kept & (chance < 0.5)].sum()) / max(1.0, mine),
        "keptLeast": _tenth(chance[kept]),
        "removedHigh": float(weight[~kept & ~saved & (chance > 0.4)].sum()) / total,
        "sharpness": _sharpness(chance, kept),
    }


SPARED: Final = frozenset(("decide.ingredients", "decide.standfirst"))
"""Rules that overrule the labeller: what it says of the blocks they keep tells nothing of the page."""

OPINIONS: Final = (
    "hopedF1", "hopedF1Low", "hopedF1High", "hopedPrecision", "hopedRecall", "bestF1", "entropy",
    "keptEntropy", "unsure", "keptLow", "keptLeast", "removedHigh", "sharpness",
)  # fmt: skip


def _hoped_f1(
    chance: NDArray[np.float64],
    weight: NDArray[np.float64],
    kept: NDArray[np.bool_],
    saved: NDArray[np.bool_],
) -> float:
    hoped = float((chance * weight)[~saved].sum())
    return 2 * float((chance * weight)[kept].sum()) / max(1e-9, float(weight[kept].sum()) + hoped)


def _tenth(values: NDArray[np.float64]) -> float:
    """The lowest decile, interpolated; `np.quantile` takes longer than all the other signals."""
    if not values.size:
        return 0.0
    place = (values.size - 1) * 0.1
    low = int(place)
    ordered = np.sort(values)[low : low + 2]
    return float(ordered[0] + (ordered[-1] - ordered[0]) * (place - low))


def _sharpness(chance: NDArray[np.float64], kept: NDArray[np.bool_]) -> float:
    """How far the opinions on both sides of the body's edges lie apart, on average."""
    at = np.flatnonzero(kept)
    if not at.size:
        return 0.0
    edges = []
    if at[0] > 0:
        edges.append(chance[at[0]] - chance[at[0] - 1])
    if at[-1] + 1 < chance.size:
        edges.append(chance[at[-1]] - chance[at[-1] + 1])
    return float(np.mean(edges)) if edges else 1.0


def _text(page: Page, spans: Sequence[Span], article: Article) -> dict[str, float]:
    """What the body looks like."""
    kept = [s for s in spans if s.action in (Action.KEPT, Action.FLAGGED)]
    sizes = np.array([s.end - s.start for s in kept], dtype=np.float64)
    total = max(1.0, float(sizes.sum()))
    runs = _runs(spans)
    prose = np.array([page.lines[s.line].prose for s in kept], dtype=bool)
    short = np.array([page.lines[s.line].words < SHORT_WORDS for s in kept], dtype=bool)
    body = article.articleBody
    words = body[: 8 * SAMPLE].casefold().split()[:SAMPLE]
    counts = Counter(words)
    seen = max(1, len(words))
    paragraphs = body.split("\n\n") if body else []
    ended = sum(p.rstrip("\"'”’»)]")[-1:] in TERMINALS for p in paragraphs)
    chars = max(1, len(body))
    return {
        "proseRatio": float(sizes[prose].sum()) / total,
        "shortRatio": float(sizes[short].sum()) / total,
        "keptRuns": float(len(runs)),
        "longestRun": max(runs, default=0) / total,
        "keptMean": float(sizes.mean()) if kept else 0.0,
        "keptMedian": _middle(sizes),
        "paragraphs": float(len(paragraphs)),
        "paragraphWords": article.wordCount / max(1, len(paragraphs)),
        "sentenceEnds": ended / max(1, len(paragraphs)),
        "stopWordDensity": sum(n for _, n in counts.most_common(FREQUENT)) / seen,
        "variety": len(counts) / seen,
        "digitRatio": _digits(body[: 8 * SAMPLE]) / min(chars, 8 * SAMPLE),
        "markRatio": sum(body.count(mark) for mark in "|•{}<>=_#") / chars,
        "replacementRatio": body.count(REPLACEMENT) / chars,
    }


def _middle(values: NDArray[np.float64]) -> float:
    """The median; `np.median` takes five times as long on a handful."""
    ordered = np.sort(values)
    half = ordered.size // 2
    return float(ordered[half] + ordered[-half - 1]) / 2 if ordered.size else 0.0


def _digits(text: str) -> int:
    """Digits of any script, powers and the like among them."""
    return int(np.count_nonzero(_is_digit()[np.minimum(codes_of(text), BMP)]))


@cache
def _is_digit() -> NDArray[np.bool_]:
    """For each character of the Basic Multilingual Plane; what lies above it counts for none."""
    return np.array([*map(str.isdigit, map(chr, range(BMP))), False])


def _runs(spans: Sequence[Span]) -> list[int]:
    """Characters of each run of kept spans."""
    found = (
        sum(s.end - s.start for s in run)
        for kept, run in groupby(spans, key=lambda s: s.action in (Action.KEPT, Action.FLAGGED))
        if kept
    )
    return list(found)


def vector(signals: dict[str, float]) -> NDArray[np.float64]:
    """The signals in the order of `NAMES`, counts by their logarithm."""
    return np.array([np.log1p(signals[n]) if n in COUNTS else signals[n] for n in NAMES])


COUNTS: Final = frozenset(
    {"wordCount", "pageChars", "blocks", "parts", "paragraphs", "paragraphWords"}
    | {"keptRuns", "keptMean", "keptMedian"}
)
NAMES: Final = (
    "removedRatio", "flaggedRatio", "liftedRatio", *GROUPS, "bodyStart", "bodyEnd", "removedInside", "turns",
    *OPINIONS, "proseRatio", "shortRatio", "keptRuns", "longestRun", "keptMean", "keptMedian", "paragraphs",
    "paragraphWords", "sentenceEnds", "stopWordDensity", "variety", "digitRatio", "markRatio",
    "replacementRatio", "wordCount", "pageChars", "blocks", *PAGE_KINDS, "headline", "date", "author",
    "language", "parts", "guessedCharset", "repaired",
)  # fmt: skip
