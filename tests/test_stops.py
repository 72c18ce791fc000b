"""The marks that sentences close with: one list, and every place that asks for one knows them all."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from schemas.request import Profile
from schemas.verdict import PageType
from service import clean, decide, detectors, runs, stops
from service.blocks import html, moments
from service.blocks import text as blocks
from service.datelines import is_date_line
from service.detector import scan
from service.threads import thread_evidence
from tests.test_parts import article

AMHARIC = [
    f"የሰሜን ወደብ ምክር ቤት ሰኞ ዕለት ባደረገው ስብሰባ አዲሱ ድልድይ {n} ሚሊዮን ብር ተጨማሪ ወጪ እንደሚጠይቅ ሰማ ከንቲባውም በዚህ አዝነዋል።"
    for n in range(2, 12)
]
WHOLE = "የወደቡ ድልድይ እንደገና ዘገየ\n\n" + "\n\n".join(AMHARIC)
LATER_KNOWN = ("।", "۔", "።", "։", "។")


@pytest.mark.parametrize("mark", stops.TERMINALS)
def test_every_mark_ends_a_sentence(mark: str) -> None:
    (block,) = blocks.read(f"Bread rose{mark}").blocks
    assert block.ends_sentence
    assert runs.full_stop(block) == (mark in stops.FULL_STOPS)


def test_the_body_of_every_script_has_sentences() -> None:
    assert clean(WHOLE.encode()).quality.signals["sentenceEnds"] == 1


def test_a_text_of_every_script_can_break_off() -> None:
    def failed(text: str) -> set[str]:
        return {m.code for m in clean(text.encode()).validation if m.field == "articleBody"}

    assert "cut_off" not in failed(WHOLE)
    assert "cut_off" in failed(WHOLE[:-12])


@pytest.mark.parametrize("mark", LATER_KNOWN)
def test_a_sentence_is_no_date_line_and_no_name(mark: str) -> None:
    assert is_date_line("Published 3 May 2023 by Ann Lee")
    assert not is_date_line(f"Published 3 May 2023 by Ann Lee{mark}")

    def signs(stop: str) -> set[str]:
        text = (
            "The harbour bridge rests on piles that were driven in the year of the flood, deep under water."
        )
        posts = "".join(f"{name}{stop}\n3 May 2023\n{text}\n" for name in ("Ann", "Bob", "Eve", "Tom"))
        page = blocks.read(posts)
        return {e.code for e in thread_evidence(page, decide.decide(page, (), None, Profile.GENERIC))}

    assert "dated_posts" in signs("")
    assert "dated_posts" not in signs(mark)


@pytest.mark.parametrize("mark", LATER_KNOWN)
def test_a_sentence_heads_no_article(mark: str) -> None:
    def headlines(line: str) -> set[str | None]:
        first = article("Harbour bridge late once more", "Ann Lee", 3, "Northport")
        second = article(line, "Bob Ray", 4, "Southport")
        return {part.headline for part in clean(f"{first}\n{second}".encode()).article.parts}

    line = "Second bridge planned in the south"
    assert line in headlines(line)
    assert f"{line}{mark}" not in headlines(f"{line}{mark}")


@pytest.mark.parametrize("mark", ["۔", "።", "։"])
def test_strings_of_a_program_that_close_sentences_are_apart(mark: str) -> None:
    story = [f"The council of Northport heard on Monday that part {n} of it was late" for n in range(9)]
    value = {"post": {"content": [{"text": f"{text}{mark}"} for text in story]}}
    page = f'<div id="app"></div><script type="application/json">{json.dumps(value)}</script>'
    assert [line for line in html.render(page)[0].split("\n") if line] == [f"{text}{mark}" for text in story]


@pytest.mark.parametrize("mark", ["።", "։"])
def test_a_date_in_a_sentence_dates_nothing(mark: str) -> None:
    page = f"<p>Open since <time datetime='2021-05-03'>May</time> again{mark}</p>"
    found = moments.times(LexborHTMLParser(page))
    assert (found.told, found.published) == (("2021-05-03",), ())


def test_a_text_that_closes_its_sentences_is_not_broken_off_by_an_offer() -> None:
    offer = "Subscribe to continue reading.\nOnly for subscribers.\nAlready a subscriber? Log in.\n"
    result = clean(f"{WHOLE}\n\n{offer}".encode())
    assert result.verdict.pageType is not PageType.PAYWALL
    result = clean(f"{WHOLE[:-12]}\n\n{offer}".encode())
    assert result.verdict.pageType is PageType.PAYWALL


def _found(text: str) -> dict[str, str]:
    """Stretches that detectors find, and their labels."""
    page = blocks.read(text)
    return {page.text[f.start : f.end]: f.label for f in detectors.find_all(page, scan(page))}


@pytest.mark.parametrize("mark", ["！", *LATER_KNOWN])
def test_a_bar_behind_a_sentence_is_cut_off(mark: str) -> None:
    text = "The council voted on Monday to rebuild the old market hall, empty since the fire eleven years ago"
    bar = "Facebook Twitter WhatsApp"
    assert _found(f"{text}{mark} {bar}").get(bar) == "share_widget"
    assert bar not in _found(f"{text} {bar}")


@pytest.mark.parametrize("mark", LATER_KNOWN)
def test_a_long_line_with_a_sentence_in_it_is_no_ticker(mark: str) -> None:
    half = "the council voted on Monday to rebuild the old hall that has stood empty since the fire " * 2
    assert "headline_ticker" in _found(f"{half}{half}").values()
    assert "headline_ticker" not in _found(f"{half.strip()}{mark} {half}").values()


@pytest.mark.parametrize("mark", ["։", "።"])
def test_a_pointer_behind_a_sentence_is_cut_off(mark: str) -> None:
    pointer = "Read also: The hall that burned twice"
    assert (
        _found(f"The council voted to rebuild the old hall{mark} {pointer}").get(pointer) == "inline_related"
    )
    assert pointer not in _found(f"The council voted to rebuild the old hall {pointer}")


@pytest.mark.parametrize("mark", LATER_KNOWN)
def test_sentences_behind_a_pointers_words_stay(mark: str) -> None:
    begun = "The council voted to rebuild the old hall. Read also: so it stood on the board"
    assert "inline_related" in _found(f"{begun} and they went").values()
    assert "inline_related" not in _found(f"{begun}{mark} They saw it and went").values()
