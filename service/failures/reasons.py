"""scene, tally -> the failed fetch that a rule names, how sure it is, and the reasons a reader gets."""

from dataclasses import dataclass

from schemas.verdict import Decision, PageType, VerdictReason
from service.detector import clip, counted
from service.failures.scene import Scene, Tally


@dataclass(frozen=True, slots=True)
class Failure:
    """What was fetched instead of an article."""

    page_type: PageType
    decision: Decision
    confidence: float
    reasons: tuple[VerdictReason, ...]


def reason(code: str, message: str, start: int | None = None, end: int | None = None) -> VerdictReason:
    """A reason, and the stretch of the page it rests on, in code points."""
    return VerdictReason(code=code, message=message, start=start, end=end)


def said(code: str, t: Tally, scene: Scene) -> tuple[VerdictReason, ...]:
    """The reasons that a family's words give, the first with the stretch it rests on.

    `code` is that of the failure; its shape and the status that the crawler got have their own.
    """
    reasons = []
    if t.evidence is not None:
        where = "" if t.evidence.start is not None else " (in its title or for readers without scripts)"
        quoted = clip(t.evidence.text, 100)
        reasons.append(reason(code, f"The page says: “{quoted}”{where}.", t.evidence.start, t.evidence.end))
    shape = f"{counted(t.rest, 'word')} of other running text beside {t.notice} of the notice"
    reasons.append(reason(f"{code}.shape", shape + "."))
    if scene.status is not None and scene.status >= 400:
        reasons.append(reason("source_status", f"The crawler got HTTP status {scene.status}."))
    return tuple(reasons)


def shown(code: str, message: str, scene: Scene) -> tuple[VerdictReason, ...]:
    """The reasons that markup or a status give: what it is, and how little the page shows."""
    return (
        reason(code, message),
        reason(f"{code}.shape", f"The page shows {counted(scene.total, 'word')}."),
    )


def sureness(t: Tally, least: float) -> float:
    """The confidence in what words say: more rules and less other text make it more than `least`."""
    return round(
        min(0.97, least + 0.03 * min(t.strong, 5) + 0.01 * min(t.weak, 5) - 0.001 * min(t.rest, 100)), 3
    )
