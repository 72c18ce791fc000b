"""What the service says of itself."""

from typing import Literal

from schemas.base import Output
from schemas.request import Profile


class Measures(Output):
    """What the score was worth on one slice of the labelled pages."""

    pages: int
    """How many pages the slice holds."""
    usable: float
    """Share of them that were usable: word F1 of 0.90 or more."""
    meanF1: float
    """Mean word F1 they reached."""
    auroc: float | None
    """How well the score tells usable pages from others; null where there is only one sort."""
    ece: float
    """Expected calibration error over ten bins of equal width."""
    brier: float
    """Brier score: mean squared difference of score and outcome."""
    spearman: float | None
    """Rank correlation of `expectedF1` with the F1 reached."""
    coverage: float
    """Share of pages whose F1 lies in `expectedF1Interval`; 0.90 is meant."""
    width: float
    """Mean width of that interval."""


class Baseline(Output):
    """What simpler figures tell of the same pages."""

    auroc: float
    """How well it tells usable pages from others."""
    spearman: float
    """Its rank correlation with the F1 reached."""


class Calibration(Output):
    """How the score was calibrated, and what it was worth on pages of sites it had not seen."""

    labellerOutOfFold: bool
    """Whether the labeller, too, had not seen the sites it was measured on."""
    splitBy: Literal["site"]
    """What no two parts of the split share."""
    usableFrom: float
    """Word F1 from which an article is usable."""
    signals: tuple[str, ...]
    """What the score is made from, by name in `quality.signals`."""
    data: dict[str, int]
    """Pages by input kind and style."""
    measures: dict[str, Measures]
    """By slice: `all`, `kind=html`, `language=de`, `page_type=article` ..."""
    baselines: dict[str, Baseline]
    """What simpler figures tell of the same pages."""


class Version(Output):
    """The answer to `GET /v1/version`."""

    version: str
    """The engine's version: the same bytes, options and version give the same answer."""
    model: str | None
    """The model's version; null where rules work alone."""
    schemaVersion: Literal["1"]
    profiles: tuple[Profile, ...]
    calibration: Calibration | None
    """What the score is worth; null where it is a plain estimate."""


class Health(Output):
    """The answer to `GET /livez` and `GET /readyz`."""

    status: Literal["ok"]
