"""page -> opinions: what the trained labeller thinks of each block."""

from collections.abc import Mapping

from service.detector import Hits
from service.document import Opinion, Page
from service.model import tagger
from service.model.features import extract


def name() -> str | None:
    """Version of the model in use; None when there is none."""
    loaded = tagger.load()
    return loaded.version if loaded else None


def opinions(page: Page, hits: Mapping[str, Hits]) -> tuple[Opinion, ...] | None:
    """One opinion per block, or None when there is no model or nothing to have an opinion on."""
    loaded = tagger.load()
    if loaded is None or not page.blocks:
        return None
    return tuple(Opinion(p) for p in loaded.probabilities(extract(page, hits)).tolist())
