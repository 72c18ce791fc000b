"""page, findings, opinions -> decided spans.

One place joins what detectors found with what the model thinks, and keeps apart what was said, what
was decided and why they differ (after magika's `dl`, `output`, `overwrite_reason`).

- A phrase alone never removes: without a second kind of signal, or the model's agreement, the stretch
  is flagged and kept.
- The model alone removes only below the page's threshold, and sentences only well below it; less yet
  where it understands little of the page.
- Where detectors disagree, the table `PRECEDENCE` settles it, then confidence.

`choices` settles each block by itself, `sparing` keeps what its neighbours speak for, `naming` names what
the model alone took out, `pieces` cuts inside blocks and joins them; `thresholds` and `precedence` hold what
was measured and what comes first.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from schemas.labels import Label
from schemas.request import Profile
from service.decide import naming, pieces, sparing
from service.decide.choices import choose
from service.decide.pieces import Piece
from service.decide.precedence import PRECEDENCE
from service.decide.thresholds import THRESHOLDS, Thresholds, careful, expected_f1, on_page, spoken
from service.document import Finding, Opinion, Page, Span

__all__ = ["PRECEDENCE", "THRESHOLDS", "Thresholds", "decide", "expected_f1", "on_page"]


def decide(
    page: Page, findings: Sequence[Finding], opinions: Sequence[Opinion] | None, profile: Profile
) -> tuple[Span, ...]:
    """Settle what every stretch of the page is. `opinions` holds one per block, or None: no model."""
    thresholds = THRESHOLDS[profile]
    whole, inside = _assign(page, (f for f in findings if not _guess(f)))
    said_of: Sequence[float | None] = [None] * len(page.blocks)
    if opinions:
        chances = [o.content for o in opinions]
        said_of, thresholds = chances, on_page(page, chances, thresholds)
    of_sentences = careful(thresholds, THRESHOLDS[profile].spoken)
    sentences = spoken(page)
    choices = [
        choose(whole.get(index, ()), said, of_sentences if speaks else thresholds)
        for index, (said, speaks) in enumerate(zip(said_of, sentences, strict=True))
    ]
    sparing.only_copies(page, choices, whole, said_of, of_sentences)
    sparing.lone_lines(choices, sparing.SURE_OF_MARKUP if page.html else 0.0)
    sparing.standfirst(page, choices)
    sparing.likely_sentences(choices, sentences, THRESHOLDS[profile].spoken)
    if profile is not Profile.STRICT:
        sparing.lists(page, choices)
        sparing.recipes(page, choices)
        sparing.captions(page, choices)
        sparing.titles(choices, _assign(page, filter(_guess, findings))[0])
    naming.comments(page, choices)
    cut: list[Piece] = []
    for block, choice in zip(page.blocks, choices, strict=True):
        found = inside.get(block.index)
        if found is None:
            cut.append(Piece(block.start, block.end, block, choice))
        else:
            cut += pieces.cut(page, block, choice, found, said_of[block.index], thresholds)
    return tuple(pieces.merge(page, cut))


def _guess(finding: Finding) -> bool:
    """Whether it names what may be the title, and lifts nothing."""
    return finding.label is Label.HEADLINE and finding.field is None


def _assign(
    page: Page, findings: Iterable[Finding]
) -> tuple[dict[int, list[Finding]], dict[int, list[Finding]]]:
    """Findings by the blocks they cover whole, and by the block they lie inside of."""
    starts, ends = page.columns.starts.tolist(), page.columns.ends.tolist()
    whole: dict[int, list[Finding]] = {}
    inside: dict[int, list[Finding]] = {}
    for finding in findings:
        first = bisect_right(ends, finding.start)
        last = bisect_left(starts, finding.end) - 1
        for index in range(first, last + 1):
            covers = finding.start <= starts[index] and ends[index] <= finding.end
            (whole if covers else inside).setdefault(index, []).append(finding)
    return whole, inside
