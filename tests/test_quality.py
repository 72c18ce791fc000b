"""The score: what it is made from, and that what is no article scores next to nothing."""

import json
from pathlib import Path

import numpy as np
import pytest

from service import calibration, clean, forest, signals

SEEDS = Path(__file__).parents[1] / "seeds"
MENU = "\n".join(
    f"{topic} in {town}: news, prices and offers for you and your family"
    for topic in ("Houses", "Cars", "Jobs", "Holidays", "Doctors", "Schools", "Concerts")
    for town in ("Northport", "Southport", "Westport", "Eastport", "Newport")
)


def test_a_forest_adds_up_the_leaves_it_reaches() -> None:
    def ensemble(
        name: str, base: float, asked: int, threshold: float, *leaves: float
    ) -> dict[str, np.ndarray]:
        tree = {
            "feature": [asked, -1, -1], "threshold": [threshold, 0, 0],
            "left": [1, 0, 0], "right": [2, 0, 0], "value": [0, *leaves],
        }  # fmt: skip
        numbers = {"base": np.array(base), "depth": np.array(2)}
        return {f"{name}.{k}": v for k, v in numbers.items()} | {
            f"{name}.{k}": np.array([v]) for k, v in tree.items()
        }

    arrays = ensemble("a", 0.5, 0, 0.5, 1, 2) | ensemble("b", 100, 1, 2.0, 10, 20)
    rows = np.array([[0.4, 3.0], [0.5, 2.0], [0.6, 1.0]])
    assert forest.read(arrays, "ab").raw(rows).tolist() == [[1.5, 120], [1.5, 110], [2.5, 110]]


@pytest.mark.parametrize("seed", ["000", "001", "002", "003", "004"])
def test_repaired_pages_score_high(seed: str) -> None:
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    quality = clean(path.read_bytes(), content_type="text/plain").quality
    assert quality.score >= 0.5
    low, high = quality.expectedF1Interval
    assert low <= quality.expectedF1 <= high


def test_a_fluent_menu_scores_low() -> None:
    assert clean(MENU.encode(), content_type="text/plain").quality.score < 0.5


@pytest.mark.parametrize("text", ["", "x", "\ufffd" * 50, MENU])
def test_signals_are_the_same_names_for_every_page(text: str) -> None:
    found = clean(text.encode(), content_type="text/plain").quality.signals
    assert set(found) == set(signals.NAMES)
    assert np.isfinite(signals.vector(found)).all()
    assert all(0 <= found[name] <= 1 for name in found if name.endswith("Ratio"))


def test_a_failed_fetch_is_worth_nothing() -> None:
    wall = (
        "Please verify that you are human.\nChecking your browser before accessing example.org.\nRay ID: 1a2b"
    )
    assert clean(wall.encode(), content_type="text/plain").quality.score <= 0.05


def test_the_report_belongs_to_the_calibrator() -> None:
    report = calibration.report()
    assert calibration.load() is not None
    assert report["signals"] == list(signals.NAMES)
    assert json.loads(json.dumps(report)) == report
    assert clean(MENU.encode()).quality.calibrated is calibration.honest()
