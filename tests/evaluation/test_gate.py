"""The gate, and the gate's own behaviour."""

import json
import os
from pathlib import Path

import pytest

from tests.evaluation import gate
from tests.evaluation.gate import Measured

DATA = os.environ.get("GHIRBAL_EVAL_DATA")
FLOOR = {"seeds": {"pages": 5, "digest": "d", "f1": 0.9, "recall": 0.95}}


def test_quality_has_not_fallen() -> None:
    floors = json.loads(gate.FLOORS.read_text("utf-8"))
    assert not gate.below(gate.measure_all(Path(DATA) if DATA else None), floors)


def test_a_fall_is_seen_per_measure() -> None:
    assert not gate.below({"seeds": Measured(5, "d", 0.91, 0.96)}, FLOOR)
    assert len(gate.below({"seeds": Measured(5, "d", 0.89, 0.96)}, FLOOR)) == 1
    assert len(gate.below({"seeds": Measured(5, "d", 0.89, 0.90)}, FLOOR)) == 2


def test_other_pages_have_no_floor() -> None:
    assert gate.below({"seeds": Measured(5, "e", 0.99, 0.99)}, FLOOR)
    assert gate.below({"new": Measured(5, "d", 0.99, 0.99)}, FLOOR)


def test_pinning_refuses_to_lower_a_floor_unasked() -> None:
    fallen = {"seeds": Measured(5, "d", 0.80, 0.95)}
    with pytest.raises(ValueError, match="f1 would fall"):
        gate.pin(fallen, FLOOR, lower=False)
    assert gate.pin(fallen, FLOOR, lower=True)["seeds"]["f1"] < 0.8
    risen = gate.pin({"seeds": Measured(5, "d", 0.97, 0.99)}, FLOOR, lower=False)
    assert 0.96 < risen["seeds"]["f1"] < 0.97
