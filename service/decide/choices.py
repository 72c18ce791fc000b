"""findings and opinion of one block -> what becomes of it as a whole."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.labels import Action, Label
from service.decide.precedence import order
from service.decide.thresholds import DOUBTFUL, Thresholds
from service.document import Finding, Override, Signal

_PHRASE_ALONE: Final = frozenset({Signal.PHRASE})


class Choice(NamedTuple):
    """What becomes of a block, or of a piece of it; fields that `Span` has, too, mean the same there."""

    label: Label | None
    """None where nothing speaks against it: its shape then tells what kind of content it is."""
    action: Action
    confidence: float
    opinion: float | None
    override: Override
    reasons: tuple[tuple[str, str], ...]
    field: str | None = None
    value: str | None = None
    copy_of: tuple[int, int] | None = None
    extra: tuple[tuple[str, str], ...] = ()


def choose(findings: Sequence[Finding], said: float | None, t: Thresholds) -> Choice:
    """What becomes of a block, by the findings that cover it and the probability the model gives it.

    `said` is None without a model.
    """
    if not findings:
        return _model_alone(said, t)
    strong = [f for f in findings if sufficient(f, t)]
    if strong:
        strong.sort(key=order)
        return _from_strong(strong, said, t)
    best = min(findings, key=lambda f: (-f.confidence, f.rule))
    reasons = ((best.rule, best.evidence),)
    if said is not None and said < (t.agreement if _doubtful(best) else t.ceiling):
        agreed = ("model.agrees", f"content probability {said:.2f}")
        confidence = 1 - (1 - best.confidence) * said
        return taken(best, confidence, said, Override.NONE, (*reasons, agreed))
    if best.field is not None or best.label.is_content:
        return kept(said, Override.NONE, ())
    alone = ("decide.single_signal", "one kind of evidence is not enough to remove")
    override = Override.NONE if said is None or said >= 0.5 else Override.RULE_KEPT
    return Choice(best.label, Action.FLAGGED, best.confidence, said, override, (*reasons, alone))


def _from_strong(strong: Sequence[Finding], said: float | None, t: Thresholds) -> Choice:
    """The choice by findings that are sufficient, the one that names the block first."""
    best = strong[0]
    reasons = tuple((f.rule, f.evidence) for f in strong)
    if best.field is not None:
        override = Override.NONE if said is None or said >= 0.5 else Override.LIFTED
        return taken(best, best.confidence, said, override, reasons)
    if best.label.is_content:
        return Choice(best.label, Action.KEPT, best.confidence, said, Override.NONE, reasons)
    if said is not None and said > t.veto and max(f.confidence for f in strong) < t.certain:
        veto = ("model.disagrees", f"content probability {said:.2f}")
        return Choice(best.label, Action.FLAGGED, best.confidence, said, Override.NONE, (*reasons, veto))
    override = Override.RULE_REMOVED if said is not None and said >= 0.5 else Override.NONE
    return taken(best, best.confidence, said, override, reasons)


def taken(
    finding: Finding,
    confidence: float,
    said: float | None,
    override: Override,
    reasons: tuple[tuple[str, str], ...],
) -> Choice:
    """The choice to take a stretch out as a finding says: lifted where it names a field, else removed."""
    action = Action.LIFTED if finding.field is not None else Action.REMOVED
    return Choice(
        finding.label, action, confidence, said, override, reasons,
        field=finding.field, value=finding.value, copy_of=finding.copy_of, extra=finding.extra,
    )  # fmt: skip


def _model_alone(said: float | None, t: Thresholds) -> Choice:
    """The choice for a block that no detector speaks of."""
    if said is None:
        return _UNDOUBTED
    if said >= max(0.5, t.floor):
        return kept(said, Override.NONE, ())
    reason = ("model.content_probability", f"{said:.2f}")
    if said < t.floor:
        return Choice(Label.OTHER_BOILERPLATE, Action.REMOVED, 1 - said, said, Override.NONE, (reason,))
    doubt = ("decide.in_doubt", f"on this page the model removes alone only below {t.floor:.2f}")
    return Choice(
        Label.OTHER_BOILERPLATE, Action.FLAGGED, 1 - said, said, Override.RULE_KEPT, (reason, doubt)
    )


def kept(said: float | None, override: Override, reasons: tuple[tuple[str, str], ...]) -> Choice:
    """The choice to keep a block that nothing speaks against."""
    confidence = 0.5 if said is None else max(said, 0.5)
    return Choice(None, Action.KEPT, confidence, said, override, reasons)


_UNDOUBTED: Final = kept(None, Override.NONE, ())


def sufficient(finding: Finding, thresholds: Thresholds) -> bool:
    """Whether a finding needs nobody's agreement: sure enough, and more than a phrase."""
    sure = finding.label is Label.HEADLINE or finding.confidence >= thresholds.finding
    return sure and finding.signals != _PHRASE_ALONE


def _doubtful(finding: Finding) -> bool:
    """Whether it is more than a guess. A quoted post is a copy, too, and a wrong author worse than none."""
    apart = finding.label is Label.DUPLICATE_BLOCK or finding.field is not None
    return finding.confidence >= DOUBTFUL and finding.signals != _PHRASE_ALONE and not apart
