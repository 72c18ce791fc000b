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

    By shape alone the longest stretch of prose may be a policy, a comment or the tenth of twenty reviews; and
    more may stand between title and text than detectors look across. What is found around that text and
    beside the title counts if it is as sure. HTML is left as it is: its tree says where these stand.
    """
    if not opinions or page.html:
        return tuple(findings)
    main = titles.labelled_text(page, [o.content for o in opinions]) or titles.main_text(page)
    moved = supposing(page, titles.main_text, main)
    found = tuple(findings)
    if main != titles.main_text(page):
        found = _surer(found, _find("headline", moved, hits))
    headed = supposing(moved, titles.heading, _lines_of_title(page, found))
    for name in ("byline", "dateline"):
        found = _surer(found, _find(name, headed, hits))
    return found


def _find(name: str, page: Page, hits: Mapping[str, Hits]) -> tuple[Finding, ...]:
    return tuple(dict(all_detectors())[name].find(page, hits.get(name, NO_HITS)))


def _surer(findings: tuple[Finding, ...], others: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, but for each label of the others those, where they are as sure."""
    for label in sorted({f.label for f in others}):
        new, old = ([f for f in some if f.label is label] for some in (others, findings))
        if new != old and max(f.confidence for f in new) >= max((f.confidence for f in old), default=0.0):
            findings = (*(f for f in findings if f.label is not label), *new)
    return findings


def _lines_of_title(page: Page, findings: Sequence[Finding]) -> range:
    found = [f.start for f in findings if f.field == "headline" and f.value]
    if not found:
        return range(0)
    line = page.line_of[bisect_right(page.columns.starts.tolist(), found[0]) - 1]
    return range(line, line + 1)


def _code(page: Page) -> Sequence[tuple[int, int]]:
    """Stretches of the page that its tree says are program text, in order."""
    lines = np.flatnonzero(tree.line_flags(page) & int(Structure.CODE))
    return [(page.lines[i].start, page.lines[i].end) for i in lines.tolist()]


def _within(finding: Finding, stretches: Sequence[tuple[int, int]]) -> bool:
    at = bisect_right(stretches, (finding.start, math.inf)) - 1
    return at >= 0 and finding.start < stretches[at][1]
