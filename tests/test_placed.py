"""Title, date and author where the labeller says the text is, and the names that bylines hold."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article
from schemas.labels import Label
from service import blocks, clean, detectors, names, titles
from service.decode import from_text
from service.detector import scan
from service.document import Finding, Opinion, Page, supposing

ARTICLE = (
    "Harbour ferry returns after nine winters",
    "Ruth Adler",
    "14 March 2024",
    "The harbour ferry sailed again on Monday, nine winters after the last boat was sold for scrap.",
    "Some two hundred people came to the pier, and the first boat was full before the band had played.",
)
BODY = ARTICLE[3:]
POLICY = (
    "What we do with your words",
    "Tom Keller",
    "2 May 2019",
    *(
        f"We keep the words that readers send us for {years} years, and nobody but the desk may read them, "
        f"unless a court asks for them or the reader agrees that room {years} of the archive may have them."
        for years in ("two", "three", "four", "five", "six", "seven")
    ),
)
MENU = ("Home", "News", "Sport", "Weather", "Shop")


def page_of(*lines: str) -> Page:
    return blocks.read(from_text("\n".join(lines), html=False))


def told(page: Page, text: Sequence[str]) -> list[Opinion]:
    """A labeller that is sure of these lines, and of no other."""
    return [Opinion(0.9 if block.text in text else 0.1) for block in page.blocks]


def values(findings: Sequence[Finding]) -> dict[str, str | None]:
    return {str(f.field): f.value for f in findings if f.field and f.value}


def article(*lines: str) -> Article:
    return clean("\n".join(lines).encode(), content_type="text/plain; charset=utf-8").article


class TestFindAgain:
    """What stands around the labeller's text counts where shape alone took another text for it."""

    def test_the_labellers_text_has_its_title_date_and_author(self) -> None:
        page = page_of(*ARTICLE, *MENU * 5, *POLICY)
        hits = scan(page)
        by_shape = detectors.find_all(page, hits)
        assert "2019" in str(values(by_shape)["datePublished"])
        again = values(detectors.find_again(page, hits, by_shape, told(page, ARTICLE)))
        assert again["headline"] == ARTICLE[0]
        assert again["authors"] == "Ruth Adler"
        assert "2024" in str(again["datePublished"])

    def test_what_stands_below_the_title_counts_however_far_the_text_is(self) -> None:
        between = [f"Part {n}" for n in ("one", "two", "three", "four", "five", "six", "seven", "eight")] * 2
        page = page_of(ARTICLE[0], "By Ruth Adler", "14 March 2024", *between, *BODY)
        title = Finding(
            0,
            len(ARTICLE[0]),
            Label.HEADLINE,
            0.9,
            "headline.above_text",
            "",
            frozenset(),
            "headline",
            ARTICLE[0],
        )
        again = values(detectors.find_again(page, scan(page), [title], told(page, BODY)))
        assert again == {"headline": ARTICLE[0], "authors": "Ruth Adler", "datePublished": "14 March 2024"}
        unheaded = detectors.find_again(page, scan(page), [], told(page, BODY))
        assert "authors" not in values(unheaded)

    def test_a_reply_is_not_dated_though_it_stands_near_the_title(self) -> None:
        page = page_of("2 May 2019", ARTICLE[0], BODY[0], "14 March 2024", BODY[1])
        again = values(detectors.find_again(page, scan(page), (), told(page, BODY)))
        assert "2024" not in str(again.get("datePublished"))

    def test_without_opinions_all_stays(self) -> None:
        page = page_of(*ARTICLE, *MENU * 5, *POLICY)
        hits = scan(page)
        by_shape = detectors.find_all(page, hits)
        assert detectors.find_again(page, hits, by_shape, None) == by_shape

    def test_where_the_labeller_sees_no_text_all_stays(self) -> None:
        page = page_of(*ARTICLE, *MENU * 5, *POLICY)
        hits = scan(page)
        by_shape = detectors.find_all(page, hits)
        assert detectors.find_again(page, hits, by_shape, told(page, ())) == by_shape

    def test_html_is_left_to_its_tree(self) -> None:
        body = "".join(f"<p>{line}</p>" for line in (*ARTICLE, *POLICY))
        page = blocks.read(from_text(f"<html><body>{body}</body></html>", html=True))
        hits = scan(page)
        by_shape = detectors.find_all(page, hits)
        assert detectors.find_again(page, hits, by_shape, told(page, ARTICLE)) == by_shape

    @given(st.data())
    def test_at_most_one_title_and_nothing_else_is_lost(self, data: st.DataObject) -> None:
        lines = data.draw(st.permutations([*ARTICLE, *MENU, *POLICY]))
        page = page_of(*lines)
        hits = scan(page)
        before = detectors.find_all(page, hits)
        chances = data.draw(st.lists(st.floats(0, 1), min_size=len(page.blocks), max_size=len(page.blocks)))
        after = detectors.find_again(page, hits, before, [Opinion(c) for c in chances])
        assert sum(f.field == "headline" for f in after) <= 1
        placed = (Label.HEADLINE, Label.BYLINE, Label.DATELINE)
        assert [f for f in before if f.label not in placed] == [f for f in after if f.label not in placed]


class TestLabelledText:
    """The run of prose that the labeller takes for the article's."""

    def test_the_likelier_run_counts_and_not_the_longer(self) -> None:
        page = page_of(*ARTICLE, *MENU * 5, *POLICY)
        main = titles.labelled_text(page, [o.content for o in told(page, ARTICLE)])
        assert [page.lines[i].first for i in (main.first, main.last)] == [3, 4]
        assert titles.main_text(page).first > main.last

    def test_where_all_is_likely_it_is_the_first_of_some_length(self) -> None:
        page = page_of(*ARTICLE, *MENU * 5, *POLICY)
        assert titles.labelled_text(page, [1.0] * len(page.blocks)).first == 3

    def test_none_is_none(self) -> None:
        page = page_of(*ARTICLE)
        assert not titles.labelled_text(page, [0.0] * len(page.blocks))


def test_supposing_answers_one_question_otherwise_and_leaves_the_page_alone() -> None:
    page = page_of(*ARTICLE)
    main = titles.main_text(page)
    other = titles.Main(0, 1)
    assert titles.main_text(supposing(page, titles.main_text, other)) == other
    assert titles.main_text(page) == main


class TestBehindPhrase:
    """The name in what stands behind "by"."""

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("Ann LeeUpdated", "Ann Lee"),
            ("Ann Lee Published on", "Ann Lee"),
            ("Ann Lee -", "Ann Lee"),
            ("ANN LEE ON", "ANN LEE"),
            ("Duc Le on", "Duc Le"),
            ("Posted by Ann Lee on", "Ann Lee"),
            ("كتب أحمد سالم", "أحمد سالم"),
            ("Ann McLean", "Ann McLean"),
            ("DeShawn Onsted", "DeShawn Onsted"),
            ("bell hooks", "bell hooks"),
            ("van der Berg", "van der Berg"),
            ("محمد علي", "محمد علي"),
            ("김민수", "김민수"),
        ],
    )
    def test_the_name_without_what_stands_beside_it(self, text: str, name: str) -> None:
        assert names.behind_phrase(text) == name

    @pytest.mark.parametrize("text", ["", "on", "and", "Reviewed by", "Posted by on", "of A BURNING BOAT"])
    def test_what_is_left_where_the_name_was_lost_is_none(self, text: str) -> None:
        assert names.behind_phrase(text) == ""

    def test_what_is_too_long_for_a_name_is_left_alone(self) -> None:
        assert names.behind_phrase("aA" * 200_000) == "aA" * 200_000

    @given(st.text(max_size=60))
    def test_nothing_is_added(self, text: str) -> None:
        assert names.behind_phrase(text) in " ".join(text.split())


class TestAuthors:
    """Bylines as dumps have them."""

    @pytest.mark.parametrize(
        "lines",
        [
            ("By", "Ruth Adler", "14 March 2024"),
            ("By Ruth AdlerUpdated", "14 March 2024"),
            ("By Ruth Adler ⋅ Updated 14 March 2024",),
            ("Ruth Adler 14 March 2024",),
            ("Ruth Adler — 14 March 2024",),
        ],
    )
    def test_the_author_is_named(self, lines: tuple[str, ...]) -> None:
        assert [a.nameRaw for a in article(ARTICLE[0], *lines, *BODY).authors] == ["Ruth Adler"]

    @pytest.mark.parametrize(
        "lines",
        [
            ("By", "Fact Checked", "14 March 2024"),
            ("By on", "14 March 2024"),
            ("By , Executive Editor, The Harbour Watch", "14 March 2024"),
            ("Edited by", "Reviewed by", "14 March 2024"),
            ("Key Takeaways 14 March 2024",),
        ],
    )
    def test_nobody_is_named_where_the_name_was_lost(self, lines: tuple[str, ...]) -> None:
        assert article(ARTICLE[0], *lines, *BODY).authors == ()
