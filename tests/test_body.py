"""The body keeps the form its author gave it, whether a line is kept or kept in doubt."""

import pytest

from schemas.labels import Action, Label
from service import article, blocks, clean
from service.article import Paragraph
from service.decode import from_text
from service.document import Override, Page, Span
from service.shape import content_label

FIRST, SECOND, THIRD = (
    f"The {n} paragraph tells at some length what the council of the town said of the bridge, and why."
    for n in ("first", "second", "third")
)
GUIDE = (
    f"<h2>Usage</h2><p>{FIRST}</p><pre>import tide\n\n\nwith tide.open() as gauge:\n    gauge.read()</pre>"
    f"<ul><li>Copper</li><li>Iron</li></ul>"
    f"<table><tr><th></th><th>2019</th></tr><tr><td>Alder</td><td>380</td></tr></table><p>{SECOND}</p>"
)
GUIDE_BODY = (
    f"Usage\n\n{FIRST}\n\nimport tide\n\n\nwith tide.open() as gauge:\n    gauge.read()\n\n"
    f"Copper\nIron\n\n\t2019\nAlder\t380\n\n{SECOND}"
)


def read(markup: str) -> Page:
    return blocks.read(from_text(f"<!doctype html><body>{markup}</body>", html=True))


def body_of(page: Page, action: Action = Action.KEPT) -> tuple[Paragraph, ...]:
    """The body of a page of which every line is kept, or is suspected to be a menu and kept."""
    spans = []
    for index, line in enumerate(page.lines):
        label = Label.NAVIGATION
        if action is Action.KEPT:
            label = content_label(page, line, line.start, line.end)
        spans.append(Span(line.start, line.end, index, label, action, 0.5, None, Override.NONE, ()))
    return article.paragraphs(page, spans)


def text_of(markup: str, action: Action = Action.KEPT) -> str:
    return article.join(body_of(read(markup), action))


def labels_of(markup: str) -> list[Label]:
    return [paragraph.label for paragraph in body_of(read(markup))]


@pytest.mark.parametrize("action", [Action.KEPT, Action.FLAGGED])
def test_what_is_in_doubt_is_kept_as_intact_as_the_rest(action: Action) -> None:
    assert text_of(GUIDE, action) == GUIDE_BODY


def test_a_line_in_doubt_amid_code_does_not_part_it() -> None:
    page = read("<pre>one()\n    two()\nthree()</pre>")
    spans = [
        Span(line.start, line.end, n, label, action, 0.5, None, Override.NONE, ())
        for n, (line, label, action) in enumerate(
            zip(
                page.lines,
                (Label.CODE, Label.OTHER_BOILERPLATE, Label.CODE),
                (Action.KEPT, Action.FLAGGED, Action.KEPT),
                strict=True,
            )
        )
    ]
    assert article.join(article.paragraphs(page, spans)) == "one()\n    two()\nthree()"


class TestCode:
    """Blank lines and indents of code are the code's own."""

    def test_each_line_of_its_own_element_runs_on(self) -> None:
        assert text_of("<pre><div>def f():</div><div>    return 1</div></pre>") == "def f():\n    return 1"

    def test_two_codes_are_two(self) -> None:
        assert text_of("<pre>make all</pre><pre>done.\n\nbye.</pre>") == "make all\n\ndone.\n\nbye."

    def test_a_line_cut_out_leaves_no_blank_line_more(self) -> None:
        page = read("<pre>one()\n\ntwo()\n    three()</pre>")
        spans = [
            Span(line.start, line.end, n, Label.CODE, action, 0.5, None, Override.NONE, ())
            for n, (line, action) in enumerate(
                zip(page.lines, (Action.KEPT, Action.REMOVED, Action.KEPT), strict=True)
            )
        ]
        assert article.join(article.paragraphs(page, spans)) == "one()\n    three()"


class TestTables:
    """A table of rows is one; a table that gives text its place is none."""

    def test_an_article_laid_out_in_a_table_has_paragraphs(self) -> None:
        page = f"<table><tr><td><p>{FIRST}</p><p>{SECOND}</p><ul><li>Iron</li></ul></td></tr></table>"
        assert text_of(page) == f"{FIRST}\n\n{SECOND}\n\nIron"
        assert labels_of(page) == [Label.PARAGRAPH, Label.PARAGRAPH, Label.LIST_ITEM]

    def test_a_menu_beside_the_article_makes_no_row_of_it(self) -> None:
        page = (
            f"<table><tr><td>Home</td><td>{FIRST}<br><br>{SECOND}</td></tr><tr><td>{THIRD}</td></tr></table>"
        )
        assert text_of(page) == f"Home\t{FIRST}\n\n{SECOND}\n\n{THIRD}"
        assert Label.TABLE not in labels_of(page)

    def test_a_table_inside_one_for_the_layout_stays_a_table(self) -> None:
        rows = "".join(f"<tr><td>{town}</td><td>{n}</td></tr>" for town, n in (("Alder", 380), ("Birch", 52)))
        page = f"<table><tr><td><p>{FIRST}</p><table>{rows}</table><p>{SECOND}</p></td></tr></table>"
        assert text_of(page) == f"{FIRST}\n\nAlder\t380\nBirch\t52\n\n{SECOND}"

    def test_a_table_keeps_its_longer_rows_and_the_names_between_them(self) -> None:
        rows = (
            "<tr><th>Part</th><th>State</th></tr><tr><th colspan=2>North bank</th></tr>"
            f"<tr><td>Pier</td><td>cracked</td></tr><tr><td>Deck</td><td>{FIRST}</td></tr>"
            "<tr><td>Rail</td><td>sound</td></tr>"
        )
        body = text_of(f"<table>{rows}</table>")
        assert body == f"Part\tState\nNorth bank\nPier\tcracked\nDeck\t{FIRST}\nRail\tsound"

    def test_two_tables_are_two(self) -> None:
        table = "<table><tr><td>Alder</td><td>380</td></tr><tr><td>Birch</td><td>52</td></tr></table>"
        assert text_of(table * 2) == "Alder\t380\nBirch\t52\n\nAlder\t380\nBirch\t52"

    def test_a_table_with_more_rows_than_are_told_apart_is_one(self) -> None:
        page = read("<table>" + "<tr><td>Alder<td>380" * 20_100)
        line = page.lines[0]
        assert content_label(page, line, line.start, line.end) is Label.TABLE


class TestLookalikes:
    """What a line looks like says less than what its author made of it."""

    @pytest.mark.parametrize("start", ["- ", "– ", "1. ", "a) ", "> "])
    def test_a_paragraph_stays_one_whatever_it_begins_with(self, start: str) -> None:
        assert labels_of(f"<p>{start}so it goes on for a while.</p>") == [Label.PARAGRAPH]

    def test_bullets_and_dashes_without_markup_of_their_own_are_items(self) -> None:
        assert labels_of("<p>• Copper</p><p>• Iron</p>") == [Label.LIST_ITEM] * 2
        assert labels_of("<div>- Copper<br>- Iron</div>") == [Label.LIST_ITEM] * 2

    def test_the_end_of_a_stanza_heads_nothing(self) -> None:
        verses = "Shall I compare thee<br>to a summer day<br>and more temperate"
        assert labels_of(f"<p>{FIRST}</p><p>{verses}</p><p>{SECOND}</p>") == [Label.PARAGRAPH] * 5

    def test_a_short_line_above_text_heads_it(self) -> None:
        assert labels_of(f"<div>{FIRST}<br>What comes next<br>{SECOND}</div>")[1] is Label.SUBHEAD
        assert (
            labels_of(f"<div>{FIRST}</div><div>What comes next</div><div>{SECOND}</div>")[1] is Label.SUBHEAD
        )

    @pytest.mark.parametrize("line", ["Note", "1 / 5", "Ruth Adler", "What the council decided:"])
    def test_where_subheads_are_marked_up_no_other_line_is_one(self, line: str) -> None:
        page = f"<p>{FIRST}</p><h2>What comes next</h2><p>{SECOND}</p><p>{line}</p><p>{THIRD}</p>"
        marked = [Label.PARAGRAPH, Label.SUBHEAD, Label.PARAGRAPH, Label.PARAGRAPH, Label.PARAGRAPH]
        assert labels_of(page) == marked

    @pytest.mark.parametrize("line", ["<b>And then</b>", "<strong>And <i>then</i> </strong>"])
    def test_but_one_that_is_all_bold(self, line: str) -> None:
        page = f"<p>{FIRST}</p><h2>What comes next</h2><p>{SECOND}</p><p>{line}</p><p>{THIRD}</p>"
        assert labels_of(page)[3] is Label.SUBHEAD
        assert labels_of(page.replace(line, f"{line} on"))[3] is Label.PARAGRAPH


def test_the_lines_of_a_stanza_are_one_paragraph() -> None:
    verses = ("He marks each crossing with a knife", "upon the rail, a groove,", "and reckons up a life")
    stanza = "<p>" + "<br>".join(verses) + "</p>"
    body = clean(f"<h1>The Tally</h1>{stanza}{stanza}".encode(), content_type="text/html").article.articleBody
    assert "\n\n".join(2 * ["\n".join(verses)]) in body
