"""Labelled pages become examples for the labeller they are meant for; subjects change words, not labels."""

import base64
import json
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.blocks import seams
from service.document import MediaKind
from service.model.features import HTML_NAMES, NAMES
from service.training import corpus, distil, joined, retyped, subjects
from service.training.corpus import Example

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SEEDS = Path(__file__).parents[1] / "seeds"
LINES = (
    ("Home", "boilerplate"),
    ("Council votes to rebuild the harbour", "title"),
    ("The council voted on Tuesday to rebuild the harbour, which was closed after the storm.", "body"),
    ("Work starts in May, the mayor said, and should take two years or a little more than that.", "body"),
    ("We use cookies to improve your visit. Accept all cookies.", "boilerplate"),
)


def record(number: int) -> dict[str, Any]:
    rows = "".join(f"<p>{text}</p>" for text, _ in LINES)
    page = f"<html><head><title>Harbour</title></head><body>{rows}</body></html>"
    return {
        "id": f"en_{number}", "kind": "article", "lang": "en", "site": f"site{number}.example",
        "title": LINES[1][0], "text": "\n".join(text for text, _ in LINES),
        "labels": [label for _, label in LINES],
        "ambiguous": [], "html_base64": base64.b64encode(page.encode()).decode(),
    }  # fmt: skip


def write(folder: Path, records: list[Mapping[str, Any]]) -> None:
    with zstd.open(folder / "multilingual_dev.jsonl.zst", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(r) + "\n" for r in records)


@pytest.fixture(name="folder")
def made_folder(tmp_path: Path) -> Path:
    write(tmp_path, [record(n) for n in range(40)])
    return tmp_path


def test_a_page_that_came_both_ways_teaches_each_labeller_its_own(folder: Path) -> None:
    texts = list(corpus.load(folder, kind=MediaKind.TEXT, workers=1))
    pages = list(corpus.load(folder, kind=MediaKind.HTML, workers=1))
    assert {e.features.values.shape[1] for e in texts} == {len(NAMES)}
    assert {e.features.values.shape[1] for e in pages} == {len(HTML_NAMES)}
    made = ("unstopped", "listed", "tight", "clauses", "verse")
    assert {e.variant for e in texts} == {"hand", *(f"hand_{name}" for name in made)}
    assert len(pages) == 40


def test_rows_are_cut_at_seams_or_left_as_they_came(tmp_path: Path) -> None:
    page = (SEEDS / "001_41f0e027636b3632.txt").read_text("utf-8")
    row = " ".join(page.split())
    write(tmp_path, [record(0) | {"text": row, "labels": ["body"]}])
    cut, whole = (
        next(e for e in corpus.load(tmp_path, workers=1, at_seams=at_seams) if e.variant == "hand")
        for at_seams in (True, False)
    )
    assert cut.target.size > whole.target.size


def changed(before: Example, after: Example) -> list[int]:
    """Blocks whose words or phrases are others."""
    bags = before.features.bags["words"], after.features.bags["words"]
    return [
        i
        for i in range(before.target.size)
        if sorted(bags[0].hashes[bags[0].block == i]) != sorted(bags[1].hashes[bags[1].block == i])
        or (before.features.values[i] != after.features.values[i]).any()
    ]


def test_only_running_text_is_made_to_speak_of_a_subject(folder: Path) -> None:
    examples = list(corpus.load(folder, kind=MediaKind.TEXT, workers=1))
    learned = subjects.learn(examples)
    assert learned
    told = next(s for s in learned if HTML_NAMES[s.column] == "phrase_cookie_banner")
    assert abs(told.chances.sum() - 1) < 1e-9
    draw = np.random.default_rng(0)
    touched = 0
    for example in examples * 4:
        made = subjects.about(example, [told], draw)
        at = changed(example, made)
        touched += bool(at)
        assert all(example.target[i] > 0.9 for i in at)
        assert (made.target == example.target).all()
        assert (made.weight == example.weight).all()
        bag = made.features.bags["words"]
        assert (np.diff(bag.block) >= 0).all()
    assert 0 < touched < 4 * len(examples)


def test_a_dump_on_one_line_knows_where_its_lines_ended_and_what_was_article(folder: Path) -> None:
    row = next(joined.load(folder))
    sizes = [len(text.split()) for text, _ in LINES]
    assert np.flatnonzero(row.ended).tolist() == (np.cumsum(sizes) - 1).tolist()
    assert row.content.tolist() == [label == "body" for text, label in LINES for _ in text.split()]
    assert row.words.values.shape == (sum(sizes), len(seams.NAMES))


def test_the_same_draw_makes_the_same_examples(folder: Path) -> None:
    examples = list(corpus.load(folder, kind=MediaKind.TEXT, workers=1))
    learned = subjects.learn(examples)

    def words() -> list[int]:
        draw = np.random.default_rng(7)
        made = (subjects.about(e, learned, draw) for e in examples)
        return [int(h) for e in made for h in e.features.bags["words"].hashes]

    assert words() == words()


def test_what_is_taught_lies_between_the_gold_and_labellers_of_other_sites(folder: Path) -> None:
    examples = list(corpus.load(folder))

    def teach(others: Sequence[Example], own: Sequence[Example]) -> distil.Chances:
        assert {e.site for e in others}.isdisjoint(e.site for e in own)
        assert len(others) + len(own) == len(examples)
        return {(e.id, e.variant): np.full_like(e.target, 0.25) for e in own}

    taught = distil.taught(examples, teach)
    for before, after in zip(examples, taught, strict=True):
        assert after.aim is not None
        share = distil.GOLD_SHARE
        assert after.aim == pytest.approx(share * before.target + (1 - share) * 0.25)
        assert after.target is before.target


@given(st.text(alphabet="ab .!?\n۔", max_size=200))
def test_a_text_without_full_stops_knows_where_each_character_was(text: str) -> None:
    bare, places = retyped.without_stops(text)
    assert "".join(text[i] for i in places) == bare
    assert all(line.rstrip()[-1:] not in set(".!?۔") for line in bare.split("\n"))


@given(st.text(alphabet="abc \n", max_size=300), st.integers(5, 40))
def test_a_text_broken_at_a_width_keeps_its_words(text: str, width: int) -> None:
    broken = retyped.broken(text, width)
    assert broken.split() == text.split()
    assert [a for a, b in zip(broken, text, strict=True) if a != b] == ["\n"] * (
        broken.count("\n") - text.count("\n")
    )
    assert all(len(line) <= width or " " not in line.strip() for line in broken.split("\n"))


def test_clauses_of_the_gold_text_alone_come_on_lines_of_their_own() -> None:
    menu, gold = "Home, News, Sport", "She came, she saw; and she left. قال، ثم مضى."
    text = f"{menu}\n{gold}"
    covered = np.array([0.0] * (len(menu) + 1) + [1.0] * len(gold))
    made = retyped.clauses(text, covered)
    assert made.split("\n") == [menu, "She came,", "she saw;", "and she left.", "قال،", "ثم مضى."]
    assert len(made) == len(text)


def test_verse_is_of_short_lines_that_close_with_nothing() -> None:
    menu, gold = "Home, News, Sport and more of the same", f"{'word ' * 40}end. {'last ' * 9}line!"
    text = f"{menu}\n{gold}"
    covered = np.array([0.0] * (len(menu) + 1) + [1.0] * len(gold))
    made, places = retyped.verse(text, covered, 30)
    first, *lines = made.split("\n")
    assert first == menu
    assert len(lines) > 5
    assert max(map(len, lines)) < 40
    assert lines[-1].endswith("line")
    assert "".join(text[i] for i in places).split() == made.split()


def test_a_list_between_paragraphs_is_of_the_text() -> None:
    text = "\n".join(("Home", LINES[2][0] * 2, LINES[3][0] * 2, "We use cookies."))
    covered = np.zeros(len(text), dtype=np.float32)
    covered[len("Home\n") : text.index("\nWe use")] = 1
    for seed in range(20):
        made = retyped.listed(text, covered, random.Random(seed))
        assert made is not None
        longer, places = made
        lines = longer.split("\n")
        assert len(places) == len(longer)
        assert [lines[0], lines[1], lines[-2], lines[-1]] == text.split("\n")
        low, high = retyped.LISTED
        assert low <= len(lines) - 4 <= high
        start = longer.index("\n", len("Home\n"))
        assert covered[places][start : longer.index(lines[-2])].all()


def test_a_page_without_two_paragraphs_gets_no_list() -> None:
    text = "\n".join(text for text, _ in LINES)
    assert retyped.listed(text, np.zeros(len(text)), random.Random(0)) is None
