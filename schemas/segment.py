"""One labelled stretch of the decoded page."""

from typing import Annotated

from annotated_types import Ge, Le

from schemas.base import Output
from schemas.labels import Action, Label

Probability = Annotated[float, Ge(0), Le(1)]
Offset = Annotated[int, Ge(0)]


class Reason(Output):
    """Why a segment got its label."""

    rule: str
    """Stable id, `<detector>.<rule>`, or `model.*` and `decide.*` for the joint decision."""
    evidence: str
    """The words or the measure that the rule rests on, shortened."""


class Segment(Output):
    """A stretch of the page. Offsets count the unit named in `accounting.offsetUnit`."""

    start: Offset
    """Where it begins."""
    end: Offset
    """Where it ends: the first place after it."""
    label: Label
    """What it is."""
    action: Action
    """What became of it: `flagged` is in doubt and stays in the body, as what is `kept` does."""
    confidence: Probability
    """How sure the label is."""
    contentProbability: Probability | None
    """What the model alone said of this stretch being article text; null where no model ran."""
    field: str | None
    """The article field this stretch was lifted into; null unless `action` is `lifted`. The field's value
    is the page's metadata's, where they state one."""
    duplicateOf: int | None
    """Index, in the complete list of segments, of the copy that was kept; null unless a duplicate."""
    reasons: tuple[Reason, ...]
    """Why; empty for most of what is kept."""
