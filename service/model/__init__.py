"""page -> opinions: what the trained labeller thinks of each block, and of the page."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from schemas.verdict import PageType
from service.detector import Hits
from service.document import Opinion, Page
from service.model import tagger
from service.model.features import extract


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


def name() -> str | None:
    """Version of the model in use; None when there is none."""
    newest = tagger.newest()
    return newest.name if newest else None


def label(page: Page, hits: Mapping[str, Hits]) -> Labelling:
    """What the model says; `SILENT` when there is none, or nothing to have an opinion on."""
    loaded = tagger.load(html=page.html)
    if loaded is None or not page.blocks:
        return SILENT
    content, kinds = loaded.label(extract(page, hits))
    return Labelling(tuple(map(Opinion, content.tolist())), kinds)
