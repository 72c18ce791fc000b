"""page -> opinions: what the trained labeller thinks of each block, and of the page."""

from collections.abc import Mapping
from typing import NamedTuple

from service.detector import Hits
from service.document import Opinion, Page
from service.model import tagger
from service.model.features import extract


class Labelling(NamedTuple):
    """One opinion per block, and how probable each kind of page is; nothing without a model."""

    opinions: tuple[Opinion, ...] | None
    kinds: Mapping[str, float]


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
