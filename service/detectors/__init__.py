"""page -> findings: every detector's, in the detectors' alphabetical order.

A detector is a module of this package; being there is enough.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import cast

from service.detector import NO_HITS, Detector, Hits
from service.document import Finding, Page


@cache
def all_detectors() -> tuple[tuple[str, Detector], ...]:
    """Names and modules of all detectors."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__))
    return tuple((n, cast("Detector", importlib.import_module(f"{__name__}.{n}"))) for n in names)


def find_all(page: Page, hits: Mapping[str, Hits]) -> tuple[Finding, ...]:
    """All findings on a page. `hits`: the phrases met on it, from `detector.scan`."""
    return tuple(
        finding
        for name, detector in all_detectors()
        for finding in detector.find(page, hits.get(name, NO_HITS))
    )
