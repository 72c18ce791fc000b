"""signals -> calibrated score, expected F1 and its interval.

Boosted trees made by `service.training.calibrate`, evaluated here with numpy alone: a few arrays of small
trees, one ensemble for each of usable, F1, and the low and high end of F1; then, by input kind, the
knots of a monotone curve and the widening that conformal prediction asks for.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service import forest
from service.forest import Forest
from service.signals import NAMES, vector

ARTEFACT: Final = Path(__file__).with_name("calibration.npz")
REPORT: Final = Path(__file__).with_name("calibration.json")
HEADS: Final = ("usable", "f1", "low", "high")
KINDS: Final = ("text", "html")


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is expected of a cleaned page."""

    score: float
    f1: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Calibrator:
    """The forest and what follows it."""

    forest: Forest
    """An ensemble for each of `HEADS`."""
    arrays: dict[str, NDArray[np.float64]]

    def estimate(self, signals: dict[str, float], *, html: bool) -> Estimate:
        """Score, F1 and interval for one page's signals."""
        x = vector(signals)
        kind = KINDS[html]
        raw = dict(zip(HEADS, self.forest.raw(x[None])[0].tolist(), strict=True))
        score = self._knots(f"{kind}.usable", raw["usable"])
        f1 = self._knots(f"{kind}.f1", raw["f1"])
        widen = self.arrays[f"{kind}.widen"]
        low = min(f1, max(0.0, raw["low"] - float(widen[0])))
        high = max(f1, min(1.0, raw["high"] + float(widen[1])))
        return Estimate(score, f1, low, high)

    def _knots(self, name: str, raw: float) -> float:
        knots = self.arrays[name]
        return float(np.clip(np.interp(raw, knots[0], knots[1]), 0.0, 1.0))


@cache
def load() -> Calibrator | None:
    """The calibrator; None where there is none, or where it was made for other signals."""
    if not ARTEFACT.exists() or report().get("signals") != list(NAMES):
        return None
    return read(ARTEFACT)


@cache
def report() -> dict[str, Any]:
    """What was measured when the calibrator was made; empty without one."""
    if not REPORT.exists():
        return {}
    found: dict[str, Any] = json.loads(REPORT.read_text(encoding="utf-8"))
    return found


def honest() -> bool:
    """Whether it was learned from pages that the labeller, too, had not seen: else it promises too much."""
    return bool(report().get("labellerOutOfFold"))


def read(path: Path) -> Calibrator:
    """Read an artefact."""
    arrays = forest.load(path)
    return Calibrator(forest.read(arrays, HEADS), arrays)
