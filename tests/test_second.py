"""The second look: a block is judged by what the labeller is sure of around it."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.artefacts import newest
from service.model import second, tagger, trees
from service.model.features import CASE, NAMES

LABELLER = tagger.load(html=False)
pytestmark = pytest.mark.skipif(LABELLER is None, reason="no artefact in this tree")
KINDS = {"article": 0.94} | dict.fromkeys(
    ("forum", "product", "collection", "listing", "documentation", "service"), 0.01
)


def features(blocks: int, words: int = 30) -> np.ndarray:
    """Those of blocks of so many words that end as sentences do."""
    found = np.zeros((blocks, len(NAMES)), dtype=np.float32)
    place = np.linspace(0, 1, blocks)
    for name, values in {
        "log_units": np.log1p(words), "ends_sentence": 1, "terminals": np.log1p(1),
        "place": place, "place_from_end": 1 - place,
    }.items():  # fmt: skip
        found[:, NAMES.index(name)] = values
    return found


def looked(chances: Sequence[float]) -> np.ndarray:
    assert LABELLER is not None
    assert LABELLER.second is not None
    said = np.array(chances, dtype=np.float32)
    return second.look(LABELLER.second, said, KINDS, features(said.size))


def test_the_same_doubt_is_text_between_paragraphs_and_a_teaser_below_boilerplate() -> None:
    inside = looked([0.02] * 10 + [0.97] * 8 + [0.5] * 3 + [0.97] * 8 + [0.02] * 40)
    below = looked([0.02] * 10 + [0.97] * 16 + [0.02] * 30 + [0.5] * 3 + [0.02] * 10)
    assert inside[18:21].min() > 1.5 * below[56:59].max()


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=80))
def test_every_block_gets_a_probability_and_what_is_sure_stays(chances: list[float]) -> None:
    again = looked(chances)
    assert again.shape == (len(chances),)
    assert ((again >= 0) & (again <= 1)).all()
    said = np.array(chances, dtype=np.float32)
    sure = np.setdiff1d(np.arange(said.size), second.in_doubt(said))
    assert (again[sure] == said[sure]).all()
    assert ((said[sure] <= second.DOUBT) | (said[sure] >= 1 - second.DOUBT)).all()


@given(st.lists(st.sampled_from([0.0, 0.05, 0.3, 0.5, 0.7, 0.95, 1.0]), min_size=1, max_size=40))
def test_distances_and_runs_are_those_counted_by_hand(chances: list[float]) -> None:
    p = np.array(chances)
    table = second.columns(p, KINDS, features(p.size))
    column = {name: np.broadcast_to(np.asarray(values), p.size) for name, values in table.items()}
    for i in range(p.size):
        before = [j for j in range(i + 1) if p[j] >= second.SURE]
        assert bool(column["none_before"][i]) is (not before)
        if before:
            assert column["since"][i] == pytest.approx(np.log1p(i - before[-1]))
            junk = sum(p[j] < second.JUNK for j in range(before[-1], i))
            assert column["junk_since"][i] == pytest.approx(np.log1p(junk))
        run = [i] if p[i] >= second.RUN else []
        while run and run[0] and p[run[0] - 1] >= second.RUN:
            run.insert(0, run[0] - 1)
        while run and run[-1] + 1 < p.size and p[run[-1] + 1] >= second.RUN:
            run.append(run[-1] + 1)
        assert column["run_most"][i] == (max(p[j] for j in run) if run else 0)


@pytest.mark.parametrize("kind", ["text", "html"])
def test_the_trees_are_told_what_they_were_taught(kind: str) -> None:
    folder = newest()
    assert folder is not None
    config = json.loads((folder / kind / "config.json").read_text("utf-8"))
    assert tuple(config["second"]) == second.names(config["kinds"], config["features"])


def test_an_artefact_taught_by_other_numbers_is_refused(tmp_path: Path) -> None:
    folder = newest()
    assert folder is not None
    copied = tmp_path / "text"
    shutil.copytree(folder / "text", copied)
    config = json.loads((copied / "config.json").read_text("utf-8"))
    config["second"] = config["second"][::-1]
    (copied / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(ValueError, match="second look"):
        tagger.read(copied)


def test_letter_case_is_not_heard_again() -> None:
    assert not set(CASE).intersection(second.names(tuple(KINDS), NAMES))


def test_a_row_holds_the_block_and_those_beside_it() -> None:
    values = np.random.default_rng(0).random((5, len(NAMES))).astype(np.float32)
    chances = np.array([0.5, 0.99, 0.4, 0.3, 0.7], dtype=np.float32)
    table = second.columns(chances, KINDS, values)
    told = second.rows(table, values, np.array([0, 2]))
    at = second.names(tuple(KINDS), NAMES).index
    assert told.shape == (len(second.names(tuple(KINDS), NAMES)), 2)
    assert told[at("commas")].tolist() == values[[0, 2], NAMES.index("commas")].tolist()
    assert told[at("commas+2")].tolist() == values[[2, 4], NAMES.index("commas")].tolist()
    assert told[at("commas-1")].tolist() == values[[0, 1], NAMES.index("commas")].tolist()
    assert told[at("logit+1")] == pytest.approx(np.log([0.99 / 0.01, 0.3 / 0.7]), abs=1e-4)
    assert set(told[at("kind_article")].tolist()) == {np.float32(0.94)}


@given(
    depth=st.integers(1, trees.MAX_DEPTH),
    count=st.integers(1, 5),
    rows=st.sampled_from([1, 7, trees.ROWS, trees.ROWS + 1]),
    seed=st.integers(0, 1000),
)
def test_the_trees_answer_as_if_walked(depth: int, count: int, rows: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    stored: dict[str, np.ndarray] = {
        "feature": draw.integers(0, 4, (count, depth)),
        "border": draw.integers(0, 3, (count, depth)).astype(np.float32),
        "leaves": draw.normal(size=(count, 1 << depth)).astype(np.float32),
        "base": np.array(0.25),
    }
    x = draw.integers(0, 4, (4, rows)).astype(np.float32)
    found = trees.read(stored)(x)
    for row in range(rows):
        total = 0.25
        for tree in range(count):
            questions = zip(stored["feature"][tree], stored["border"][tree], strict=True)
            bits = [x[feature, row] > border for feature, border in questions]
            total += float(stored["leaves"][tree, sum(1 << i for i, bit in enumerate(bits) if bit)])
        assert found[row] == pytest.approx(total, abs=1e-5)


def test_trees_too_deep_for_a_byte_are_refused() -> None:
    depth = trees.MAX_DEPTH + 1
    stored = {"feature": np.zeros((1, depth)), "border": np.zeros((1, depth))}
    stored |= {"leaves": np.zeros((1, 1 << depth)), "base": np.array(0.0)}
    with pytest.raises(ValueError, match="9 levels"):
        trees.read(stored)


def test_what_was_trained_says_the_same_in_numpy() -> None:
    pytest.importorskip("catboost", reason="CatBoost is not installed")
    from service.training import second as training  # noqa: PLC0415

    draw = np.random.default_rng(0)
    values = features(200)
    values[:, NAMES.index("commas")] = draw.integers(0, 5, 200)
    chances = draw.uniform(0.1, 0.9, 200).astype(np.float32)
    told = second.rows(second.columns(chances, KINDS, values), values, np.arange(200))
    wanted = (values[:, NAMES.index("commas")] > 2).astype(np.float32)
    grown = training.train([training.Seen("site", told.T, wanted, np.full(200, 0.005, dtype=np.float32))])
    exported = training.export(grown, -0.6)
    again = trees.read({name.removeprefix("second."): array for name, array in exported.items()})(told)
    assert again == pytest.approx(grown.predict(told.T) - 0.6, abs=1e-4)
    assert again[wanted == 1].min() > again[wanted == 0].max()
