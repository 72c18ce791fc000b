"""page -> opinions: what the trained labeller thinks of each block, and of the page."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.verdict import PageType
from service.artefacts import newest
from service.detector import PLACEHOLDERS, Hits
from service.document import Finding, Opinion, Page
from service.model import tagger
from service.model.features import extract, without
from service.model.tagger import Tagger


class Labelling(NamedTuple):
    """One opinion per block, and how probable each kind of page is; nothing without a model."""

    opinions: tuple[Opinion, ...] | None
    kinds: Mapping[str, float]


# The labeller was taught finer kinds than a verdict names
_MEANT: Final = {
    "article": PageType.ARTICLE, "forum": PageType.FORUM_THREAD, "product": PageType.PRODUCT,
    "collection": PageType.LISTING, "listing": PageType.LISTING,
    "documentation": PageType.DOCUMENTATION, "service": PageType.SERVICE_PAGE,
}  # fmt: skip


def page_types(kinds: Mapping[str, float]) -> dict[PageType, float]:
    """The probability of each page type; nothing where the model said nothing."""
    found: dict[PageType, float] = {}
    for kind, chance in kinds.items():
        found[_MEANT[kind]] = found.get(_MEANT[kind], 0.0) + chance
    return found


SILENT = Labelling(None, {})
# From this confidence on a placeholder is sure; what is said of it then, for the model is not asked
SURE: Final = 0.9
ASIDE: Final = 0.02


def name() -> str | None:
    """Version of the model in use; None when there is none."""
    folder = newest()
    return folder.name if folder else None


def label(
    page: Page, hits: Mapping[str, Hits], findings: Sequence[Finding] = (), labeller: Tagger | None = None
) -> Labelling:
    """What the model says; `SILENT` when there is none, or nothing to have an opinion on.

    It reads the page as if placeholders of embedded content were not there: they stand amid the text, speak
    as boilerplate does, and would throw doubt on the paragraphs beside them. `labeller`: another than the
    one in use.
    """
    loaded = labeller or tagger.load(html=page.html)
    shown = _shown(page, findings)
    if loaded is None or not shown.any():
        return SILENT
    features = extract(page, hits)
    content, kinds = loaded.label(features if shown.all() else without(features, ~shown))
    said = np.full(shown.size, ASIDE)
    said[shown] = content
    return Labelling(tuple(map(Opinion, said.tolist())), kinds)


def _shown(page: Page, findings: Sequence[Finding]) -> NDArray[np.bool_]:
    """Whether each block is something else than a sure placeholder."""
    shown = np.ones(len(page.blocks), dtype=bool)
    sure = [f for f in findings if f.rule.startswith(PLACEHOLDERS) and f.confidence >= SURE]
    if sure:
        first = np.searchsorted(page.columns.starts, [f.start for f in sure])
        last = np.searchsorted(page.columns.ends, [f.end for f in sure], side="right")
        for low, high in zip(first.tolist(), last.tolist(), strict=True):
            shown[low:high] = False
    return shown
