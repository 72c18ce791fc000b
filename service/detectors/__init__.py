"""page -> findings: every detector's, in the detectors' alphabetical order.

A detector is a module of this package; being there is enough.
"""

import importlib
import math
import pkgutil
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast

import numpy as np

from service import tree
from service.detector import NO_HITS, Detector, Hits
from service.document import Finding, Page, Structure


@cache
def all_detectors() -> tuple[tuple[str, Detector], ...]:
    """Names and modules of all detectors."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__))
    return tuple((n, cast("Detector", importlib.import_module(f"{__name__}.{n}"))) for n in names)


def find_all(page: Page, hits: Mapping[str, Hits]) -> tuple[Finding, ...]:
    """All findings on a page but those about program text, whose words say what they say to a program.

    `hits`: the phrases met on the page, from `detector.scan`.
    """
    findings = [
        finding
        for name, detector in all_detectors()
        for finding in detector.find(page, hits.get(name, NO_HITS))
    ]
    code = _code(page)
    return tuple(f for f in findings if not _within(f, code)) if code else tuple(findings)


def _code(page: Page) -> Sequence[tuple[int, int]]:
    """Stretches of the page that its tree says are program text, in order."""
    lines = np.flatnonzero(tree.line_flags(page) & int(Structure.CODE))
    return [(page.lines[i].start, page.lines[i].end) for i in lines.tolist()]


def _within(finding: Finding, stretches: Sequence[tuple[int, int]]) -> bool:
    at = bisect_right(stretches, (finding.start, math.inf)) - 1
    return at >= 0 and finding.start < stretches[at][1]
