"""Rows in which elements of a page were run together: where they are cut, and that nothing is lost."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from schemas.labels import Action
from schemas.request import Profile
from service import article, blocks, clean, decide
from service.artefacts import newest
from service.blocks import cuts, seams
from service.blocks.seams import Seams, Words
from service.decode import from_text
from service.document import Cut
from tests.evaluation import corpus, metrics

FOLDER = (newest() or Path()) / "seams"
FINDER = seams.read(FOLDER)
SEEDS = tuple(corpus.seeds())
MAX_BYTES = 1_000_000

STORY = (
    "The ferry between the island and the town will run every half an hour from Monday, the harbour board"
    " decided on Thursday after a winter of complaints. Two boats that were laid up in November have been"
    " painted and will be back in the water by Sunday evening. The board expects the new timetable to cost"
    " about a tenth more than the old one, most of it for fuel and for a third crew. Islanders who work in"
    " the town had asked for earlier boats since the school closed, and the first one now leaves at six."
    " Tickets stay at the price they had last year, at least until the summer, when the board meets again."
)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def test_the_artefact_is_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MAX_BYTES


def test_an_artefact_taught_by_other_numbers_is_refused(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    config = json.loads((tmp_path / "config.json").read_text("utf-8"))
    config["features"] = config["features"][::-1]
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ValueError, match="other numbers"):
        seams.read(tmp_path)


def test_a_long_row_is_read_in_stretches_as_it_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    words = seams.read_words(SEEDS[0].text.split())
    whole = FINDER(words)
    monkeypatch.setattr(seams, "STRETCH", 50)
    np.testing.assert_allclose(FINDER(words), whole, atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.id)
def test_seeds_on_one_line_keep_their_articles(seed: corpus.Labelled) -> None:
    cleaned = clean(_one_line(seed.text).encode()).article.articleBody
    assert metrics.score(cleaned, seed.gold).recall > 0.9
    assert "\n\n" in cleaned


def test_the_title_of_a_page_on_one_line_is_found() -> None:
    menu = "Home News Sport Weather Contact Search"
    page = f"{menu} Ferries to run every half an hour from Monday {STORY} Share on Facebook Share on X Print"
    found = clean(page.encode()).article
    assert found.headline == "Ferries to run every half an hour from Monday"
    assert found.articleBody == STORY


def test_a_paragraph_amid_others_stays_one() -> None:
    page = blocks.read(from_text(f"{STORY}\n\n{STORY.replace('ferry', 'train')}\n\n{STORY}", html=False))
    assert len(page.lines) == 3
    assert {block.cut for block in page.blocks} <= {Cut.PAGE, Cut.LINE, Cut.SENTENCE}


@dataclass(frozen=True, slots=True)
class _After(Seams):
    """Finds a seam after every so many words."""

    every: int = 12

    def __call__(self, words: Words) -> NDArray[np.float32]:
        return np.asarray(np.arange(1, words.hashes.size + 1) % self.every == 0, dtype=np.float32)


def test_a_sentence_that_was_cut_goes_on_in_the_text() -> None:
    finder = _After(FINDER.config, FINDER.weights, FINDER.known)
    text = " ".join([STORY] * 3)
    page = blocks.read(from_text(text, html=False), finder=finder)
    spans = decide.decide(page, (), None, Profile.GENERIC)
    assert len(page.lines) > 5
    assert {span.action for span in spans} == {Action.KEPT}
    paragraphs = [p.text for p in article.paragraphs(page, spans)]
    assert " ".join(paragraphs) == text
    assert all(p.endswith(".") for p in paragraphs)


def test_what_lies_too_far_into_a_page_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "SEAM_REACH", 10)
    page = blocks.read(from_text(_one_line(SEEDS[0].text), html=False))
    assert len(page.lines) == 1
