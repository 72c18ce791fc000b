"""Lines of one shape between two paragraphs: which they are, and that they are kept whole."""

import pytest

from schemas.labels import Action, Label
from schemas.request import Profile
from service import alike, blocks, clean
from service.decide import decide
from service.decode import from_text
from service.document import Finding, Opinion, Signal, Span

ABOVE = "The council of the town met on Monday and decided that the old bridge be closed for two years."
BELOW = "Residents of the old town said that the bridge was the only way to the market on most weekdays."
PAIRS = ["Weight: 240 g", "Height: 40 cm", "Power: 12 W", "Colour: dark blue"]
FIGURES = ["Lech 19 13 4", "Raków 19 13 3", "Legia 19 11 5"]
TURNS = ["Do you remember the vote?", "No.", "And your aunt?", "She does."]
SPEECH = ["– Never again", "– Why not", "– Ask her"]
AMOUNTS = ["2 cups of flour", "240 g butter", "½ lemon", "3 eggs"]
ARABIC = ["الوزن: 240 غرام", "الطول: 40 سم", "العرض: 12 سم"]
HEADLINES = ["Mayor opens library", "Storm takes a roof", "Buses on strike again"]


def stretches(lines: list[str]) -> list[list[str]]:
    page = blocks.read(from_text("\n".join((ABOVE, *lines, BELOW)), html=False))
    texts = [page.text[line.start : line.end] for line in page.lines]
    return [[texts[i] for i in found] for found in alike.stretches(page)]


@pytest.mark.parametrize("lines", [PAIRS, FIGURES, TURNS, SPEECH, AMOUNTS, ARABIC])
def test_lines_of_one_shape(lines: list[str]) -> None:
    assert stretches(lines) == [lines]


@pytest.mark.parametrize(
    "lines",
    [
        HEADLINES,
        PAIRS[:2],  # too few
        ["See https://a.example/1", "See https://a.example/2", "See https://a.example/3"],
    ],
)
def test_other_lines_are_no_stretch(lines: list[str]) -> None:
    assert stretches(lines) == []


def test_one_shape_ends_where_another_begins() -> None:
    assert stretches([*PAIRS, *FIGURES]) == [PAIRS, FIGURES]


def decided(lines: list[str], *, below: str = BELOW, profile: Profile = Profile.GENERIC) -> dict[str, Span]:
    """What becomes of lines between two paragraphs that the model gives next to nothing."""
    page = blocks.read(from_text("\n".join((ABOVE, *lines, below)), html=False))
    opinions = [Opinion(0.99 if block.text in (ABOVE, BELOW) else 0.01) for block in page.blocks]
    return {page.text[s.start : s.end]: s for s in decide(page, (), opinions, profile)}


@pytest.mark.parametrize("lines", [PAIRS, TURNS, AMOUNTS])
def test_between_paragraphs_they_are_kept_whole(lines: list[str]) -> None:
    spans = decided(lines)
    assert {spans[line].action for line in lines} == {Action.KEPT}
    assert all("decide.alike" in [rule for rule, _ in spans[line].reasons] for line in lines)


def test_below_the_last_paragraph_nothing_speaks_for_them() -> None:
    spans = decided(PAIRS, below="More")
    assert {spans[line].action for line in PAIRS} == {Action.REMOVED}


def test_headlines_between_paragraphs_go() -> None:
    spans = decided(HEADLINES)
    assert {spans[line].action for line in HEADLINES} == {Action.REMOVED}


def test_strict_takes_what_is_in_doubt() -> None:
    spans = decided(PAIRS, profile=Profile.STRICT)
    assert {spans[line].action for line in PAIRS} == {Action.REMOVED}


def test_one_line_known_by_its_form_speaks_against_all() -> None:
    page = blocks.read(from_text("\n".join((ABOVE, *PAIRS, BELOW)), html=False))
    block = page.blocks[1]
    signals = frozenset({Signal.PHRASE, Signal.SHAPE})
    known = Finding(block.start, block.end, Label.SHARE_WIDGET, 0.95, "share_widget.row", "a row", signals)
    opinions = [Opinion(0.99 if block.text in (ABOVE, BELOW) else 0.01) for block in page.blocks]
    spans = {page.text[s.start : s.end]: s for s in decide(page, [known], opinions, Profile.GENERIC)}
    assert {spans[line].action for line in PAIRS} == {Action.REMOVED}


@pytest.mark.parametrize("lines", [PAIRS, ARABIC, TURNS])
def test_no_line_of_them_is_lost_from_an_article(lines: list[str]) -> None:
    text = "\n\n".join(
        (ABOVE, BELOW, "\n".join(lines), BELOW.replace("market", "harbour"), ABOVE.replace("Monday", "May"))
    )
    body = clean(text.encode()).article.articleBody
    assert all(line in body for line in lines)


def test_what_goes_by_its_form_parts_no_list_from_its_paragraph() -> None:
    lines = ["Read also: storm takes a roof", "Line-up", *PAIRS]
    page = blocks.read(from_text("\n".join((ABOVE, *lines, BELOW)), html=False))
    block = page.blocks[1]
    signals = frozenset({Signal.PHRASE, Signal.SHAPE})
    known = Finding(
        block.start, block.end, Label.INLINE_RELATED, 0.95, "inline_related.line", "read also", signals
    )
    opinions = [Opinion(0.99 if block.text in (ABOVE, BELOW) else 0.01) for block in page.blocks]
    spans = {page.text[s.start : s.end]: s for s in decide(page, [known], opinions, Profile.GENERIC)}
    assert spans[lines[0]].action is Action.REMOVED
    assert spans["Line-up"].action is Action.FLAGGED
    assert {spans[line].action for line in PAIRS} == {Action.KEPT}


def test_a_heading_of_what_goes_goes_with_it() -> None:
    spans = decided(["Line-up", *HEADLINES])
    assert spans["Line-up"].action is Action.REMOVED
