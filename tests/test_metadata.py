"""What HTML pages say of themselves, where they say it in more ways than one."""

import pytest

from schemas.article import Article
from service import clean

TEXT = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "The council has agreed to rebuild the old ferry pier, which a storm broke in two last winter.",
        "Divers found that most of the piles are sound, so the work will cost less than had been feared.",
        "Boats will land at the coal quay until the autumn, and a bus will bring travellers to the town.",
        "Shopkeepers near the harbour have asked for the work to be done before the summer guests arrive.",
    )
)


def article(body: str, *, head: str = "", url: str | None = None) -> Article:
    page = f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    return clean(page.encode(), content_type="text/html; charset=utf-8", url=url).article


class TestHeadlines:
    """The page's own title among headings, kickers and names of sites."""

    @pytest.mark.parametrize(
        "heading",
        [
            "Old ferry pier will be<br>rebuilt this spring",
            "<div>Harbour</div><div>Old ferry pier will be rebuilt this spring</div>",
            '<i style="display: block">Harbour</i>Old ferry pier will be rebuilt this spring',
            "<b>O</b>ld ferry pier will be re<i>built</i> this spring",
            'Old ferry pier will be rebuilt this spring<a class="headerlink" href="#top">¶</a>',
            "Old ferry pier will be rebuilt this spring <a href='#top'>#</a>",
        ],
    )
    def test_a_heading_is_read_as_it_is_laid_out(self, heading: str) -> None:
        found = article(
            f"<article><h1>{heading}</h1>{TEXT}</article>",
            head="<title>Old ferry pier will be rebuilt this spring | Shore Post</title>",
        )
        assert found.headline == "Old ferry pier will be rebuilt this spring"
        assert "rebuilt this spring" not in found.articleBody

    def test_lines_of_chinese_are_joined_without_a_space(self) -> None:
        found = article(
            f"<h1>旧码头将于今年<br>春天重建</h1>{TEXT}", head="<title>旧码头将于今年春天重建</title>"
        )
        assert found.headline == "旧码头将于今年春天重建"

    @pytest.mark.parametrize(
        ("head", "heading"),
        [
            ('<meta property="og:title" content="Old ferry pier will be rebuilt">', "Notes from the Shore"),
            ('<meta property="og:site_name" content="Notes from the Shore">', "Notes from the Shore"),
            ("", '<a href="/">Notes from the Shore</a>'),
            ("", '<a href="https://notes.example/">Notes from the Shore</a>'),
        ],
    )
    def test_the_name_of_the_site_is_no_headline(self, head: str, heading: str) -> None:
        found = article(
            f"<h1>{heading}</h1><h3>Old ferry pier will be rebuilt</h3>{TEXT}",
            head=f"<title>Notes from the Shore: Old ferry pier will be rebuilt</title>{head}",
        )
        assert found.headline == "Old ferry pier will be rebuilt"

    def test_a_heading_shorter_than_the_shared_title_is_the_headline_all_the_same(self) -> None:
        found = article(
            f"<h1>The ferry pier</h1>{TEXT}",
            head="<title>The ferry pier: an old landing is rebuilt | Shore Post</title>"
            '<meta property="og:title" content="The ferry pier: an old landing is rebuilt">',
        )
        assert found.headline == "The ferry pier"

    def test_on_the_sites_first_page_its_name_is_the_title(self) -> None:
        found = article(
            f'<h1><a href="/">Shore Post</a></h1>{TEXT}',
            head='<title>Shore Post</title><link rel="canonical" href="https://shore.example/">',
        )
        assert found.headline == "Shore Post"


MAY = '<time datetime="2024-05-14">14 May</time>'
DATED = "<h1>Pier</h1><p class=date>14 May 2024</p>"


class TestDates:
    """The day of publication among the other dates of a page."""

    @pytest.mark.parametrize(
        "page",
        [
            f"<h1>Pier</h1><p>By Ida Holm {MAY}</p>{TEXT}",
            f"<p>{MAY}</p><h1>Pier</h1>{TEXT}",
            f"<header><h1>Pier</h1>{MAY}</header>{TEXT}",
            f'<header><time datetime="2026-01-02">Today</time></header><h1>Pier</h1>{MAY}{TEXT}',
            f'<aside><time datetime="2025-12-31">31 Dec</time> Storm</aside><h1>Pier</h1>{MAY}{TEXT}',
            f'<nav><time datetime="2025-12-31">31 Dec</time></nav><h1>Pier</h1>{MAY}{TEXT}',
            f'<time datetime="2025-12-31">Today</time><h1>Pier</h1>{MAY}{TEXT}',
            f'<h1>Pier</h1>Updated: <time datetime="2025-01-01">1 Jan</time> {MAY}{TEXT}',
            f'<h1>Pier</h1>Mis à jour le <time datetime="2025-01-01">1 janvier</time> {MAY}{TEXT}',
            f'<h1>Pier</h1><time class=updated datetime="2025-01-01">1 Jan</time> {MAY}{TEXT}',
            f'<h1>Pier</h1><time itemprop=dateModified datetime="2025-01-01">1 Jan</time>{MAY}{TEXT}',
            f'<h1>Pier</h1>{TEXT}<p>It fell on <time datetime="1974-03-02">2 March</time> again.</p>{MAY}',
            f"<article><h1>Pier</h1>{TEXT}<footer>{MAY}</footer></article>",
            f'{DATED}{TEXT}<p>It fell on <time datetime="1974-03-02">2 March</time> for the first time.</p>',
            f'{DATED}{TEXT}<div class=comments><time datetime="2025-06-01">1 June</time></div>',
            f"<h1>Pier</h1><p class=date>Updated 15 May 2024, first published 14 May 2024</p>{TEXT}",
            f"<h1>Pier</h1><p class=date>14 May 2024 | Aktualisiert am 15. Mai 2024</p>{TEXT}",
        ],
    )
    def test_where_it_stands_and_what_it_is_called_tell(self, page: str) -> None:
        assert article(page).datePublishedLocal == "2024-05-14"

    @pytest.mark.parametrize(
        "marked",
        [
            '<time itemprop=dateModified datetime="2024-06-01">1 June</time>',
            '<abbr class=updated title="2024-06-01">1 June</abbr>',
            'Last updated on <time datetime="2024-06-01">1 June</time>',
            "<p class=date>First published 14 May 2024, updated 1 June 2024</p>",
        ],
    )
    def test_a_change_is_the_day_of_change(self, marked: str) -> None:
        found = article(f"<h1>Pier</h1>{MAY} {marked}{TEXT}")
        assert (found.datePublishedLocal, found.dateModified) == ("2024-05-14", "2024-06-01")

    def test_a_page_with_no_other_day_has_that_of_its_change(self) -> None:
        found = article(f'<h1>Pier</h1><time class=updated datetime="2024-06-01">1 June</time>{TEXT}')
        assert (found.datePublishedLocal, found.dateModified) == ("2024-06-01", "2024-06-01")

    def test_a_thousand_moments_in_deep_boxes_are_no_harm(self) -> None:
        page = "<div>" * 200 + "<time datetime=2024-05-14>x</time>" * 3_000
        assert article(page).datePublishedLocal == "2024-05-14"
