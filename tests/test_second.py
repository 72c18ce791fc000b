"""The second look: a block is judged by what the labeller is sure of around it."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.model import second, tagger
from service.model.features import NAMES

WEIGHTS = tagger.load(html=False)
pytestmark = pytest.mark.skipif(WEIGHTS is None, reason="no artefact in this tree")
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
    assert WEIGHTS is not None
    said = np.array(chances, dtype=np.float32)
    return second.look(WEIGHTS.weights, said, KINDS, features(said.size))


def test_the_same_doubt_is_text_between_paragraphs_and_a_teaser_below_boilerplate() -> None:
    inside = looked([0.02] * 10 + [0.97] * 8 + [0.5] * 3 + [0.97] * 8 + [0.02] * 40)
    below = looked([0.02] * 10 + [0.97] * 16 + [0.02] * 30 + [0.5] * 3 + [0.02] * 10)
    assert inside[18:21].min() > 2 * below[56:59].max()


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=80))
def test_every_block_gets_a_probability(chances: list[float]) -> None:
    again = looked(chances)
    assert again.shape == (len(chances),)
    assert ((again >= 0) & (again <= 1)).all()


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


def test_the_columns_are_those_the_artefact_was_taught() -> None:
    folder = tagger.newest()
    assert folder is not None
    config = json.loads((folder / "text" / "config.json").read_text("utf-8"))
    assert config["second"] == list(second.columns(np.ones(3), KINDS, features(3)))
    assert set(second.OWN) <= set(NAMES)


def test_what_was_trained_says_the_same_in_numpy() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from service.training import second as training  # noqa: PLC0415

    draw = np.random.default_rng(0)
    chances = [draw.random(20).astype(np.float32) for _ in range(training.PAGES_PER_BATCH + 2)]
    rows = [second.rows(second.columns(p, KINDS, features(20)), 20) for p in chances]
    pages = [
        training.Seen("site", x, (p > 0.5).astype(np.float32), np.full(20, 0.05, dtype=np.float32))
        for x, p in zip(rows, chances, strict=True)
    ]
    trained = training.train(pages)
    values = np.clip((rows[0] - trained.mean) * trained.scale, -second.CLIP, second.CLIP)
    with torch.no_grad():
        again = trained.network(torch.from_numpy(values.astype(np.float32)))[:, 0].numpy() - 0.6
    first = np.log(chances[0] / (1 - chances[0]))
    wanted = 1 / (1 + np.exp(-(first + again) / 2))
    found = second.look(training.export(trained, -0.6), chances[0], KINDS, features(20))
    assert found == pytest.approx(wanted, abs=1e-4)
