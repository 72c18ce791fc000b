"""The labeller's artefact: it loads, it says what it said when it was made, and it stays small."""

import json
from pathlib import Path

import numpy as np
import pytest

from service import blocks, model
from service.artefacts import newest
from service.decode import from_text
from service.detector import scan
from service.model import tagger
from service.model.features import extract, without
from service.training.reference import outputs

MAX_BYTES = 10_000_000
FOLDER = newest()
pytestmark = pytest.mark.skipif(FOLDER is None, reason="no artefact in this tree")


@pytest.mark.parametrize("html", [False, True], ids=["text", "html"])
def test_outputs_are_those_stored_with_the_artefact(*, html: bool) -> None:
    loaded = tagger.load(html=html)
    assert loaded is not None
    assert FOLDER is not None
    stored = json.loads((FOLDER / ("html" if html else "text") / "reference.json").read_text("utf-8"))
    for seed, found in outputs(loaded).items():
        for name in loaded.config["features"]:
            assert found["features"][name] == pytest.approx(stored[seed]["features"][name], abs=1e-3), name
        assert found["content"] == pytest.approx(stored[seed]["content"], abs=5e-3)


def test_the_artefact_is_small_and_has_its_papers() -> None:
    assert FOLDER is not None
    files = [p for p in FOLDER.rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in files) < MAX_BYTES
    for kind in ("text", "html"):
        assert {p.name for p in (FOLDER / kind).iterdir()} == {
            "weights.npz", "config.json", "metrics.json", "reference.json",
        }  # fmt: skip
    assert (FOLDER / "card.md").is_file()


def test_other_features_are_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"features": ["length"]}', encoding="utf-8")
    with pytest.raises(ValueError, match="other features"):
        tagger.read(tmp_path)


def test_one_opinion_a_block_and_none_without_blocks() -> None:
    page = blocks.read(from_text("One line.\nAnother line\n\nA third", html=False))
    opinions, kinds = model.label(page, scan(page))
    assert opinions is not None
    assert sum(kinds.values()) == pytest.approx(1)
    assert len(opinions) == len(page.blocks)
    assert all(0 <= o.content <= 1 for o in opinions)
    empty = blocks.read(from_text(" \n ", html=False))
    assert model.label(empty, scan(empty)) == model.SILENT


def test_same_text_same_features_wherever_the_words_are_hashed() -> None:
    page = blocks.read(from_text("news and news\nother line\nnews and news", html=False))
    features = extract(page, scan(page))
    words = features.bags["words"]
    first, last = words.hashes[words.block == 0], words.hashes[words.block == 2]
    assert np.array_equal(first, last)
    assert len(set(first.tolist())) == 2


def test_what_is_left_out_of_the_features_leaves_the_others_as_they_are() -> None:
    page = blocks.read(from_text("one two\n\nthree four five\n\n\nsix\n\nseven eight", html=False))
    whole = extract(page, scan(page))
    rest = without(whole, np.array([False, True, False, True]))
    assert np.array_equal(rest.values, whole.values[[0, 2]])
    words, others = whole.bags["words"], rest.bags["words"]
    for new, old in ((0, 0), (1, 2)):
        assert others.hashes[others.block == new].tolist() == words.hashes[words.block == old].tolist()
    assert set(others.block.tolist()) == {0, 1}
