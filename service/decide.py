"""page, findings, opinions -> decided spans.

One place joins what detectors found with what the model thinks, and keeps apart what was said, what
was decided and why they differ (after magika's `dl`, `output`, `overwrite_reason`).

- A phrase alone never removes: without a second kind of signal, or the model's agreement, the stretch
  is flagged and kept.
- The model alone removes only below the page's threshold, and sentences only well below it; less yet
  where it understands little of the page.
- Where detectors disagree, the table `PRECEDENCE` settles it, then confidence.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.labels import Action, Label
from schemas.request import Profile
from service import alike
from service.document import Block, Finding, Line, Opinion, Override, Page, Signal, Span
from service.shape import content_label

PRECEDENCE: Final = (
    # fields first: a headline that a menu repeats is still the headline
    Label.HEADLINE,
    Label.DATELINE,
    Label.BYLINE,
    Label.SOURCE_CREDIT,
    # then what is recognised by its own form
    Label.ARTIFACT,
    Label.MEDIA_REFERENCE,
    Label.SOURCE_LINK,
    Label.COOKIE_BANNER,
    Label.ACCESS_NOTICE,
    Label.REPORT_WIDGET,
    Label.SHARE_WIDGET,
    Label.NEWSLETTER,
    Label.FORUM_CHROME,
    Label.COMMENT_PROMPT,
    Label.COMMENTS,
    Label.LEGAL_FOOTER,
    Label.ADVERTISEMENT,
    Label.INLINE_RELATED,
    Label.KEYWORD_LIST,
    # then what is recognised by where it stands
    Label.HEADLINE_TICKER,
    Label.RELATED_TAIL,
    Label.NAVIGATION,
    Label.DUPLICATE_BLOCK,
    Label.SITE_BOILERPLATE,
    Label.OTHER_BOILERPLATE,
)
_PHRASE_ALONE: Final = frozenset({Signal.PHRASE})
_RANK: Final = {label: rank for rank, label in enumerate(PRECEDENCE)}
_BY_PLACE: Final = _RANK[Label.HEADLINE_TICKER]
_BY_GUESS: Final = frozenset({Label.HEADLINE_TICKER, Label.NAVIGATION, Label.OTHER_BOILERPLATE})
"""What is told by the place or by the labeller alone: a title below a menu, or a list, is taken for these."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How boldly a profile removes. All are probabilities."""

    finding: float
    """A finding below this confidence needs the model's agreement."""
    veto: float
    """Above this the model overrules a finding of middling confidence: flagged instead of removed."""
    certain: float
    """A finding from this confidence on is never overruled."""
    floor: float
    """The model removes what it gives less than this, on every page."""
    ceiling: float
    """... and nothing that it gives more than this; between the two the page decides: `on_page`."""
    spoken: float
    """What reads like a sentence the model alone removes only below this."""
    agreement: float
    """What a detector only suspects goes where the model gives it less than this; see `UNDERSTOOD`."""
    tolerance: float
    """Share of what the best cut is expected to miss of a word F1 of 1 that is given up to remove less."""
    trust: float
    """Expected F1 from which on `floor` holds; below it falls, for the model says little of the page."""


# A headline's confidence is learned, and its detector names none that is unlikely. One less sure than this
# gives way to what is recognised by its own form, not to what only stands as a menu would
SURE_TITLE: Final = 0.75

# From so many words on a stretch may be a sentence; with a full stop, half as many do
SPOKEN_WORDS: Final = 8

# So few blocks say too little of what the page is: a poem or a dialogue looks like a menu. There the
# model takes out only what it is surest of.
FEW_BLOCKS: Final = 9

# Between two blocks of text of an HTML page the model alone removes a single line that it gives less than
# this: it sees that the line is a caption, a link or a widget. Out of fold the precision of 128 news articles
# rises from 0.919 to 0.928, recall falls by 0.0003; in text dumps, where nothing tells, there is no gain.
SURE_OF_MARKUP: Final = 0.1

# Lines between a paragraph and a list: a heading, a caption
NEAR: Final = 2

# A finding from this confidence on is doubtful rather than a guess: where the model expects a word F1 of
# `UNDERSTOOD` of its best cut, it need not be surer of the block than `agreement` to settle the doubt.
DOUBTFUL: Final = 0.5
UNDERSTOOD: Final = 0.55

# Swept on out-of-fold predictions for development dumps (sites split in three): `finding` over 0.5-0.9,
# `veto` over 0.5-0.99, `spoken` over 0.08-0.5, `agreement` over 0.4-0.85, `tolerance` over 0-0.25, `trust`
# over 0.5-0.8. Generic takes the best word F1 and, where that is level within 0.002, the better recall.
THRESHOLDS: Final = {
    Profile.GENERIC: Thresholds(
        finding=0.6, veto=0.97, certain=0.9,
        floor=0.1, ceiling=0.5, spoken=0.3, agreement=0.5, tolerance=0.15, trust=0.6,
    ),
    Profile.NEWS: Thresholds(
        finding=0.6, veto=0.98, certain=0.85,
        floor=0.3, ceiling=0.5, spoken=0.3, agreement=0.5, tolerance=0.05, trust=0.6,
    ),
    Profile.STRICT: Thresholds(
        finding=0.5, veto=0.995, certain=0.8,
        floor=0.5, ceiling=0.7, spoken=0.6, agreement=0, tolerance=0, trust=0,
    ),
    Profile.RECALL: Thresholds(
        finding=0.8, veto=0.8, certain=0.95,
        floor=0.05, ceiling=0.1, spoken=0.05, agreement=0, tolerance=0.3, trust=0.6,
    ),
}  # fmt: skip


def expected_f1(
    chances: NDArray[np.floating], weights: NDArray[np.floating]
) -> tuple[NDArray[np.intp], NDArray[np.floating]]:
    """Places from the surest on, and the F1 to expect of keeping all up to each."""
    order = np.argsort(-chances, kind="stable")
    hoped = np.cumsum((chances * weights)[order])
    return order, np.asarray(2 * hoped / (np.cumsum(weights[order]) + hoped[-1]))


def on_page(page: Page, said: Sequence[float], thresholds: Thresholds) -> Thresholds:
    """The thresholds of one page; `floor` and `ceiling` are what the model alone removes below.

    Blocks are taken from the surest on; each cut has an expected word F1 (Lipton, Elkan and
    Naryanaswamy 2014, "Optimal thresholding of classifiers to maximize F1"). The lowest cut within
    `tolerance` of the best is chosen. What the best cut is expected to reach tells how far the model
    understands the page: the less, the less is removed, and where it finds hardly any text, next to nothing.
    """
    chances = np.asarray(said)
    order, f1 = expected_f1(chances, np.asarray(page.measures.units) + 1)
    best = float(f1.max())
    floor = thresholds.floor
    if best < thresholds.trust:
        floor *= (best / thresholds.trust) ** 2
    last = np.flatnonzero(f1 >= best - thresholds.tolerance * (1 - best))[-1]
    bar = float(min(max(chances[order[last]], floor), thresholds.ceiling))
    agreement = max(bar, thresholds.agreement) if best >= UNDERSTOOD else bar
    if len(page.blocks) <= FEW_BLOCKS:
        bar = agreement = min(bar, thresholds.floor / 2)
    return replace(thresholds, floor=bar, ceiling=bar, agreement=agreement)


class _Choice(NamedTuple):
    label: Label | None
    action: Action
    confidence: float
    opinion: float | None
    override: Override
    reasons: tuple[tuple[str, str], ...]
    field: str | None = None
    value: str | None = None
    copy_of: tuple[int, int] | None = None
    extra: tuple[tuple[str, str], ...] = ()


class _Piece(NamedTuple):
    start: int
    end: int
    block: Block
    choice: _Choice


def decide(
    page: Page, findings: Sequence[Finding], opinions: Sequence[Opinion] | None, profile: Profile
) -> tuple[Span, ...]:
    """Settle what every stretch of the page is. `opinions` holds one per block, or None: no model."""
    thresholds = THRESHOLDS[profile]
    whole, inside = _assign(page, (f for f in findings if not _guess(f)))
    said_of: Sequence[float | None] = [None] * len(page.blocks)
    if opinions:
        said_of = [o.content for o in opinions]
        thresholds = on_page(page, [o.content for o in opinions], thresholds)
    # what there is against a sentence must be stronger
    careful = replace(
        thresholds, floor=min(thresholds.floor, thresholds.spoken), agreement=thresholds.ceiling
    )
    choices = [
        _choose(whole.get(index, ()), said, careful if speaks else thresholds)
        for index, (said, speaks) in enumerate(zip(said_of, _spoken(page), strict=True))
    ]
    _spare_only_copies(page, choices, whole, said_of, careful)
    _spare_lone_lines(choices, SURE_OF_MARKUP if page.html else 0.0)
    if profile is not Profile.STRICT:
        _spare_lists(page, choices)
        _spare_titles(choices, _assign(page, filter(_guess, findings))[0])
    pieces: list[_Piece] = []
    for block, choice in zip(page.blocks, choices, strict=True):
        found = inside.get(block.index)
        if found is None:
            pieces.append(_Piece(block.start, block.end, block, choice))
        else:
            pieces += _surgery(page, block, choice, found, said_of[block.index], thresholds)
    return tuple(_merge(page, pieces))


def _spoken(page: Page) -> list[bool]:
    """Whether each block reads like a sentence, or a good part of one."""
    words, ends = page.measures.words, page.measures.ends_sentence
    spoken: list[bool] = ((words >= SPOKEN_WORDS) | (ends & (words >= SPOKEN_WORDS // 2))).tolist()
    return spoken


def _spare_only_copies(
    page: Page,
    choices: list[_Choice],
    whole: Mapping[int, Sequence[Finding]],
    said_of: Sequence[float | None],
    thresholds: Thresholds,
) -> None:
    """Choose again, without the duplicate's finding, where the original was removed for another reason."""
    starts = page.columns.starts.tolist()
    for index, choice in enumerate(choices):
        if choice.copy_of is None or choice.action is not Action.REMOVED:
            continue
        original = choices[bisect_right(starts, choice.copy_of[0]) - 1]
        if original.action is Action.REMOVED:
            others = [f for f in whole.get(index, ()) if f.label is not Label.DUPLICATE_BLOCK]
            choices[index] = _choose(others, said_of[index], thresholds)


def _spare_lone_lines(choices: list[_Choice], sure: float) -> None:
    """Flag what the model alone would take out from between two kept blocks, but for what it gives less.

    Boilerplate comes in runs; a lone short line amid the text is as well a verse, an answer or a subhead, and
    one below the headline a standfirst.
    """
    kept = [
        choice.action in (Action.KEPT, Action.FLAGGED) or choice.label is Label.HEADLINE for choice in choices
    ]
    for index in range(1, len(choices) - 1):
        choice = choices[index]
        alone = choice.action is Action.REMOVED and choice.label is Label.OTHER_BOILERPLATE
        doubted = choice.opinion is None or choice.opinion >= sure
        if alone and doubted and kept[index - 1] and kept[index + 1]:
            doubt = ("decide.lone_line", "the model alone takes no single line from between kept ones")
            choices[index] = choice._replace(
                action=Action.FLAGGED,
                override=Override.RULE_KEPT,
                reasons=(*choice.reasons, doubt),
            )


def _spare_lists(page: Page, choices: list[_Choice]) -> None:
    """Keep lines of one shape between two kept paragraphs that nothing but their place speaks against."""
    for stretch in alike.stretches(page):
        above = page.lines[max(0, stretch.start - NEAR) : stretch.start]
        below = page.lines[stretch.stop : stretch.stop + NEAR]
        if not all(any(_is_kept(choices, line) for line in side) for side in (above, below)):
            continue
        blocks = range(page.lines[stretch.start].first, page.lines[stretch.stop - 1].last + 1)
        doubted = [i for i in blocks if choices[i].label is not None]
        if all(choices[i].label in _BY_GUESS for i in doubted):
            reason = ("decide.alike", f"one of {len(stretch)} lines of one shape between paragraphs")
            for i in doubted:
                said = choices[i].opinion
                choices[i] = _kept(said, Override.RULE_KEPT, (*choices[i].reasons, reason))


def _is_kept(choices: Sequence[_Choice], line: Line) -> bool:
    """Whether a line is a kept paragraph."""
    return line.prose and choices[line.first].action in (Action.KEPT, Action.FLAGGED)


def _spare_titles(choices: list[_Choice], guesses: Mapping[int, Sequence[Finding]]) -> None:
    """Flag what may be the title where it only stood as a menu does, or the model alone would take it out."""
    for index, (guess, *_) in guesses.items():
        choice = choices[index]
        if choice.action is Action.REMOVED and choice.label in _BY_GUESS:
            doubt = (guess.rule, guess.evidence)
            choices[index] = choice._replace(
                action=Action.FLAGGED, override=Override.RULE_KEPT, reasons=(*choice.reasons, doubt)
            )


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


def _sufficient(finding: Finding, thresholds: Thresholds) -> bool:
    sure = finding.label is Label.HEADLINE or finding.confidence >= thresholds.finding
    return sure and finding.signals != _PHRASE_ALONE


def _doubtful(finding: Finding) -> bool:
    """Whether it is more than a guess. A quoted post is a copy, too, and a wrong author worse than none."""
    apart = finding.label is Label.DUPLICATE_BLOCK or finding.field is not None
    return finding.confidence >= DOUBTFUL and finding.signals != _PHRASE_ALONE and not apart


def _order(finding: Finding) -> tuple[float, float, str]:
    rank: float = _RANK.get(finding.label, len(_RANK))
    if finding.label is Label.HEADLINE and finding.confidence < SURE_TITLE:
        rank = _BY_PLACE - 0.5
    return (rank, -finding.confidence, finding.rule)


def _choose(findings: Sequence[Finding], said: float | None, t: Thresholds) -> _Choice:
    if not findings:
        return _model_alone(said, t)
    strong = [f for f in findings if _sufficient(f, t)]
    if strong:
        strong.sort(key=_order)
        return _from_strong(strong, said, t)
    best = min(findings, key=lambda f: (-f.confidence, f.rule))
    reasons = ((best.rule, best.evidence),)
    if said is not None and said < (t.agreement if _doubtful(best) else t.ceiling):
        agreed = ("model.agrees", f"content probability {said:.2f}")
        confidence = 1 - (1 - best.confidence) * said
        return _removal(best, confidence, said, Override.NONE, (*reasons, agreed))
    if best.field is not None or best.label.is_content:
        return _kept(said, Override.NONE, ())
    alone = ("decide.single_signal", "one kind of evidence is not enough to remove")
    override = Override.NONE if said is None or said >= 0.5 else Override.RULE_KEPT
    return _Choice(best.label, Action.FLAGGED, best.confidence, said, override, (*reasons, alone))


def _from_strong(strong: Sequence[Finding], said: float | None, t: Thresholds) -> _Choice:
    best = strong[0]
    reasons = tuple((f.rule, f.evidence) for f in strong)
    if best.field is not None:
        override = Override.NONE if said is None or said >= 0.5 else Override.LIFTED
        return _Choice(
            best.label, Action.LIFTED, best.confidence, said, override, reasons,
            field=best.field, value=best.value, extra=best.extra,
        )  # fmt: skip
    if best.label.is_content:
        return _Choice(best.label, Action.KEPT, best.confidence, said, Override.NONE, reasons)
    if said is not None and said > t.veto and max(f.confidence for f in strong) < t.certain:
        veto = ("model.disagrees", f"content probability {said:.2f}")
        return _Choice(best.label, Action.FLAGGED, best.confidence, said, Override.NONE, (*reasons, veto))
    override = Override.RULE_REMOVED if said is not None and said >= 0.5 else Override.NONE
    return _removal(best, best.confidence, said, override, reasons)


def _removal(
    finding: Finding,
    confidence: float,
    said: float | None,
    override: Override,
    reasons: tuple[tuple[str, str], ...],
) -> _Choice:
    action = Action.LIFTED if finding.field is not None else Action.REMOVED
    return _Choice(
        finding.label, action, confidence, said, override, reasons,
        field=finding.field, value=finding.value, copy_of=finding.copy_of, extra=finding.extra,
    )  # fmt: skip


def _model_alone(said: float | None, t: Thresholds) -> _Choice:
    if said is None:
        return _UNDOUBTED
    if said >= max(0.5, t.floor):
        return _kept(said, Override.NONE, ())
    reason = ("model.content_probability", f"{said:.2f}")
    if said < t.floor:
        return _Choice(Label.OTHER_BOILERPLATE, Action.REMOVED, 1 - said, said, Override.NONE, (reason,))
    doubt = ("decide.in_doubt", f"on this page the model removes alone only below {t.floor:.2f}")
    return _Choice(
        Label.OTHER_BOILERPLATE, Action.FLAGGED, 1 - said, said, Override.RULE_KEPT, (reason, doubt)
    )


def _kept(said: float | None, override: Override, reasons: tuple[tuple[str, str], ...]) -> _Choice:
    confidence = 0.5 if said is None else max(said, 0.5)
    return _Choice(None, Action.KEPT, confidence, said, override, reasons)


_UNDOUBTED: Final = _kept(None, Override.NONE, ())


def _surgery(
    page: Page,
    block: Block,
    choice: _Choice,
    inside: Sequence[Finding],
    said: float | None,
    thresholds: Thresholds,
) -> Iterator[_Piece]:
    """The block's pieces: what findings cut out of it, and what is left, in order."""
    cuts = list(_cuts(page, block, choice, inside, thresholds))
    if choice.action is Action.LIFTED:
        choice = _without(page, block, choice, cuts)
    at = block.start
    for start, end, finding in cuts:
        yield from _rest(page, block, at, start, choice)
        reasons = ((finding.rule, finding.evidence),)
        yield _Piece(start, end, block, _removal(finding, finding.confidence, said, Override.NONE, reasons))
        at = end
    yield from _rest(page, block, at, block.end, choice)


def _cuts(
    page: Page, block: Block, choice: _Choice, inside: Sequence[Finding], thresholds: Thresholds
) -> Iterator[tuple[int, int, Finding]]:
    """What is cut out of the block, in order and without overlap."""
    # A block that goes as a whole needs no surgery; a lifted value may be cut only where it is all of it
    if choice.action is Action.REMOVED or (
        choice.action is Action.LIFTED and choice.value != page.text[block.start : block.end]
    ):
        return
    at = block.start
    for finding in sorted(inside, key=lambda f: (f.start, -f.end)):
        start, end = _trim(page.text, max(finding.start, at), min(finding.end, block.end))
        if start < end and _sufficient(finding, thresholds):
            yield start, end, finding
            at = end


def _without(page: Page, block: Block, choice: _Choice, cuts: Sequence[tuple[int, int, Finding]]) -> _Choice:
    """The choice with its value recomputed: the block's text less what is cut out of it."""
    if not cuts:
        return choice
    starts = (block.start, *(end for _, end, _ in cuts))
    ends = (*(start for start, _, _ in cuts), block.end)
    left = (page.text[a:b].strip() for a, b in zip(starts, ends, strict=True))
    return choice._replace(value=" ".join(text for text in left if text))


def _rest(page: Page, block: Block, start: int, end: int, choice: _Choice) -> Iterator[_Piece]:
    start, end = _trim(page.text, start, end)
    if start < end:
        yield _Piece(start, end, block, choice)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _merge(page: Page, pieces: Sequence[_Piece]) -> Iterator[Span]:
    """Neighbouring pieces of one line that were decided alike become one span."""

    def alike(piece: _Piece) -> tuple[object, ...]:
        c = piece.choice
        return (page.line_of[piece.block.index], c.action, c.label, c.field, c.value, c.extra, c.copy_of)

    for _, run in groupby(pieces, key=alike):
        group = list(run)
        first, last = group[0], group[-1]
        choice = first.choice
        label = choice.label or content_label(page, page.line(first.block), first.start, last.end)
        confidence, opinion, reasons = choice.confidence, choice.opinion, choice.reasons[:3]
        if first is not last:
            choices = [piece.choice for piece in group]
            confidence = min(c.confidence for c in choices)
            opinions = [c.opinion for c in choices if c.opinion is not None]
            opinion = sum(opinions) / len(opinions) if opinions else None
            reasons = tuple(reason for c in choices for reason in c.reasons[:3])
        yield Span(
            start=first.start,
            end=last.end,
            line=page.line_of[first.block.index],
            label=label,
            action=choice.action,
            confidence=confidence,
            opinion=opinion,
            override=choice.override,
            reasons=tuple(dict.fromkeys(reasons))[:5],
            field=choice.field,
            value=choice.value,
            copy_of=choice.copy_of,
            extra=choice.extra,
        )
