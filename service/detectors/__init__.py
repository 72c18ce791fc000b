"""page -> findings: every detector's, in the detectors' alphabetical order.

A detector is a module of this package; being there is enough.
"""

import importlib
import math
import pkgutil
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final, cast

import numpy as np

from schemas.labels import Label
from service import titles, tree
from service.detector import NO_HITS, Detector, Hits
from service.document import Finding, Opinion, Page, Structure, supposing


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


def find_again(
    page: Page, hits: Mapping[str, Hits], findings: Sequence[Finding], opinions: Sequence[Opinion] | None
) -> tuple[Finding, ...]:
    """The findings, with title, date and author looked for where the labeller says the text is, too.

    By shape alone the longest stretch of prose may be a policy, a comment or the tenth of twenty reviews.
    Where the labeller's text is another one, what is found around it counts if it is surer. HTML is left
    as it is: its tree says where these stand.
    """
    if not opinions or page.html:
        return tuple(findings)
    main = titles.labelled_text(page, [o.content for o in opinions])
    if not main or main == titles.main_text(page):
        return tuple(findings)
    moved = supposing(page, titles.main_text, main)
    found = [f for name in _PLACED for f in _detector(name).find(moved, hits.get(name, NO_HITS))]
    kept = list(findings)
    for label in (Label.BYLINE, Label.DATELINE, Label.HEADLINE):
        new = [f for f in found if f.label is label]
        if new and _surest(new) >= _surest(f for f in findings if f.label is label):
            kept = [f for f in kept if f.label is not label] + new
    return tuple(kept)


_PLACED: Final = ("byline", "dateline", "headline")
"""Detectors of what stands near the text's beginning or its end."""


def _detector(name: str) -> Detector:
    return dict(all_detectors())[name]


def _surest(findings: Iterable[Finding]) -> float:
    return max((f.confidence for f in findings), default=0.0)


def _code(page: Page) -> Sequence[tuple[int, int]]:
    """Stretches of the page that its tree says are program text, in order."""
    lines = np.flatnonzero(tree.line_flags(page) & int(Structure.CODE))
    return [(page.lines[i].start, page.lines[i].end) for i in lines.tolist()]


def _within(finding: Finding, stretches: Sequence[tuple[int, int]]) -> bool:
    at = bisect_right(stretches, (finding.start, math.inf)) - 1
    return at >= 0 and finding.start < stretches[at][1]
