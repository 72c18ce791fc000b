"""The title among the lines around the text: where it is looked for, and what the chooser takes."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import blocks, clean, headlines, titles
from service.decode import from_text
from service.detector import NO_HITS
from service.headlines import SIGNS, Candidates
from service.places import AFTER, BEYOND, FEW, REACH
from service.training import titled as training
from service.training.titled import Titled

TITLE = "Market hall to be rebuilt eleven years after the fire"
TEXT = (
    "The city council voted on Monday to rebuild the old market hall, empty since a fire damaged its roof.",
    "The mayor said the work would begin in spring and cost about nine million, most of it from a fund.",
    "Traders who had moved behind the station welcomed the decision, though some doubted the date.",
)


def candidates(text: str) -> Candidates | None:
    page = blocks.read(from_text(text, html=False))
    main = titles.main_text(page)
    return headlines.candidates(page, NO_HITS, main) if main else None


def said(text: str, found: Candidates) -> list[str]:
    return [text[p.start : p.end] for p in found.places]


def page(*above: str, below: tuple[str, ...] = TEXT) -> str:
    return "\n".join((*above, *below))


def test_the_chooser_was_made_for_these_signs() -> None:
    assert headlines.chooser().trees.feature.max() < len(SIGNS)
    chances = headlines.chooser().knots[1]
    assert ((chances >= 0) & (chances <= 1)).all()
    assert (np.diff(chances) >= 0).all()


@given(
    st.lists(
        st.sampled_from((TITLE, *TEXT, "Home", "Home | News", "", "12 May 2024", "• a b c", "يا")),
        max_size=40,
    )
)
def test_places_lie_in_the_page_in_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = candidates(text)
    if found is None:
        return
    assert found.signs.shape == (len(found.places), len(SIGNS))
    assert np.isfinite(found.signs).all()
    starts = [p.start for p in found.places]
    assert starts == sorted(set(starts))
    assert all(0 <= p.start < p.end <= len(text) for p in found.places)


def test_places_are_few_however_long_the_page() -> None:
    text = page(f"{TITLE} | The Daily", *[TITLE] * 3_000)
    found = candidates(text)
    assert found is not None
    assert len(found.places) <= FEW + REACH + AFTER + BEYOND


def test_what_repeats_the_text_is_no_title() -> None:
    text = page(TITLE, below=(TEXT[0], TEXT[0].rstrip("."), *TEXT[1:]))
    found = candidates(text)
    assert found is not None
    assert TITLE in said(text, found)
    assert TEXT[0].rstrip(".") not in said(text, found)


def test_pieces_of_a_row_are_places_of_their_own() -> None:
    text = page(f"Home    News    Sport    {TITLE}")
    found = candidates(text)
    assert found is not None
    assert TITLE in said(text, found)
    assert clean(text.encode(), content_type="text/plain").article.headline == TITLE


def test_a_title_in_a_list_comes_without_its_mark() -> None:
    text = page("Home", f"• {TITLE}", "12 May 2024")
    assert clean(text.encode(), content_type="text/plain").article.headline == TITLE


def test_a_share_bar_right_above_the_text_is_no_title() -> None:
    bar = "Share on FacebookShare on TwitterShare on WhatsApp"
    result = clean(page(bar).encode(), content_type="text/plain")
    assert result.article.headline is None


def titled(text: str, *, content: tuple[bool, ...] = ()) -> Titled:
    return Titled("a", "a.example", "wet", "article", text, TITLE, content)


def crops(whole: Titled) -> list[str]:
    """What twenty pages like this one are cropped to."""
    found = [crop for i in range(20) for crop in training.cropped(dataclasses.replace(whole, id=str(i)))]
    assert all(crop.made is training.Made.CROPPED for crop in found)
    return [crop.text for crop in found]


class TestTraining:
    """What is learned from a page whose title is known."""

    def test_the_copy_nearest_to_the_text_is_learned(self) -> None:
        row = training.row_of(
            titled(page(f"{TITLE} | The Daily", "Home", TITLE, "Town", TITLE, "12 May 2024"))
        )
        assert row.stands
        assert row.right.sum() == 3
        assert row.best.nonzero()[0].tolist() == [row.right.nonzero()[0].tolist()[-1]]

    def test_a_cropped_page_begins_near_its_title_or_below(self) -> None:
        menu = [f"Section {i} of the site" for i in range(40)]
        text = page(*menu, TITLE, "12 May 2024")
        found = crops(titled(text))
        assert all(text.endswith(crop) and "12 May" in crop for crop in found)
        assert max(crop.count("Section") for crop in found) < training.CROP
        assert {TITLE in crop for crop in found} == {True, False}

    def test_a_bare_page_has_nothing_between_its_title_and_the_text(self) -> None:
        text = page("Home", TITLE, "12 May 2024", "By Ann")
        found = crops(titled(text, content=(False,) * 4 + (True,) * 3))
        assert {f"{TITLE}\n{TEXT[0]}" in crop for crop in found} == {True, False}

    def test_a_page_amid_the_surroundings_of_another_has_its_own_title_and_text(self) -> None:
        other = "Menu\nAnother title\nWritten by nobody\nText of the other page.\nRelated\nImprint"
        labels = (False, False, False, True, False, False)
        around = dataclasses.replace(titled(other, content=labels), title="Another title")
        text = page("Home", TITLE, "12 May 2024")
        whole = titled(text, content=(False,) * 3 + (True,) * 3)
        made = [next(training.amid(dataclasses.replace(whole, id=str(i)), around)).text for i in range(20)]
        assert all("\n".join(TEXT) in text and text.endswith("\nRelated\nImprint") for text in made)
        assert not any(line in text for text in made for line in ("Home", "12 May", "Another", "other page"))
        assert {TITLE in text for text in made} == {True, False}

    @pytest.mark.parametrize(
        ("line", "right"),
        [
            (TITLE, True),
            (TITLE + " | Daily", True),
            (TITLE[:30], True),
            ("Market", False),
            (TITLE * 3, False),
        ],
    )
    def test_a_line_is_the_title_with_little_more_or_less(self, line: str, right: bool) -> None:
        assert training.is_title(titles.letters_of(line.lower()), titles.letters_of(TITLE.lower())) is right


@pytest.mark.parametrize(
    "line",
    [
        "الرئيسية سياسة اقتصاد رياضة ثقافة",
        "Startseite Politik Wirtschaft Panorama Sport",
        "الرئيسية سياسة",
        "Strona główna Piłka nożna Siatkówka Żużel Wyniki na żywo",
        "A young otter on the bank. Picture: Steve Pugh",
    ],
)
def test_a_menu_and_the_credit_of_a_picture_are_no_title(line: str) -> None:
    assert clean(page(line).encode(), content_type="text/plain").article.headline is None


@pytest.mark.parametrize("gap", ["    ", "\t"])
def test_a_title_ends_where_the_date_stands_apart(gap: str) -> None:
    article = clean(page(f"{TITLE}{gap}12 May 2024").encode(), content_type="text/plain").article
    assert (article.headline, article.datePublishedLocal) == (TITLE, "2024-05-12")


def test_what_only_a_sentence_closes_is_no_title_but_stays() -> None:
    glued = "Opinion Will the old market hall ever be rebuilt?"
    text = " ".join((glued, *TEXT))
    result = clean(text.encode(), content_type="text/plain")
    assert result.article.headline is None
    assert glued in result.article.articleBody
