"""What the article says in Markdown is what a CommonMark parser reads out of it."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from schemas.article import Article
from schemas.labels import Label
from service.article import Paragraph
from service.decode import from_text
from service.http.markdown import to_markdown
from service.pipeline import analyse
from tests.http.door import HTML, Door

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
EMPTY = analyse(from_text("", html=False)).result.article
# What Markdown knows as markup, and some of what it stands beside.
NASTY = st.text("#>-+*_`~[]()<&;|\\!1.)=:$ax \t\u00a0", min_size=1, max_size=12).filter(str.strip)
Block = tuple[str, str]


def parsed(markdown: str) -> list[Block]:
    """The blocks of a document in order: what each is, and its text as a reader sees it."""
    return list(_blocks(PARSER.parse(markdown)))


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    inside: list[str] = []
    for token in tokens:
        if token.type == "inline":
            yield " ".join(inside).removesuffix(" p"), _shown(token)
        elif token.nesting == 0:
            yield ("code" if token.type == "fence" else token.type), token.content.removesuffix("\n")
        elif token.tag in ("ul", "ol"):
            if token.nesting > 0:
                yield token.tag, str(token.attrGet("start") or "")
        elif token.tag not in ("thead", "tbody", "table", "tr"):
            if token.nesting > 0:
                inside.append(f"li{token.info}" if token.tag == "li" else token.tag)
            else:
                inside.pop()


def _shown(inline: Token) -> str:
    assert all(child.type in ("text", "text_special") for child in inline.children or ()), inline
    return "".join(child.content for child in inline.children or ())


def written(*body: Paragraph, headline: str | None = None) -> str:
    article: Article = EMPTY.model_copy(update={"headline": headline})
    return to_markdown(article, body).decode()


def lines_of(label: Label, *texts: str, holder: int = 0) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(text, n, n, label, holder) for n, text in enumerate(texts))


def asked(page: str, door: Door) -> str:
    response = door.clean(page.encode(), {**HTML, "Accept": "text/markdown"})
    assert response.status_code == 200
    return response.text


@settings(max_examples=300)
@given(st.lists(NASTY, min_size=1, max_size=3))
@example(["- a", "+ b", "1. c", "#", "# d", "> e", ">f", "===", "---", "~~~", "```", "&amp;amp;", "&#38;"])
@example(["[a]: b", "<b>", "<!--", "![a](b)", "a\\", "*a*", "__a__", "`a`", "~a~", "2) b", "1986. A year"])
def test_a_paragraph_is_shown_as_it_is(texts: list[str]) -> None:
    body = lines_of(Label.PARAGRAPH, *(text.strip() for text in texts), holder=-1)
    assert parsed(written(*body)) == [("p", paragraph.text) for paragraph in body]


@settings(max_examples=300)
@given(NASTY, NASTY)
@example("Learn C #", "Learn F ##")
@example("#", "1.")
def test_a_heading_is_shown_as_it_is(headline: str, subhead: str) -> None:
    headline, subhead = headline.strip(), subhead.strip()
    found = parsed(written(*lines_of(Label.SUBHEAD, subhead), headline=headline))
    assert found == [("h1", headline), ("h2", subhead)]


@settings(max_examples=300)
@given(st.lists(NASTY, min_size=1, max_size=3))
def test_items_and_quotes_are_shown_as_they_are(texts: list[str]) -> None:
    texts = [f"({text.strip()}" for text in texts]
    items = parsed(written(*lines_of(Label.LIST_ITEM, *texts)))
    assert items == [("ul", ""), *(("li", text) for text in texts)]
    quoted = parsed(written(*lines_of(Label.QUOTE, *texts)))
    assert quoted == [("blockquote", text) for text in texts]


def test_an_item_loses_its_own_bullet_and_nothing_else() -> None:
    found = parsed(written(*lines_of(Label.LIST_ITEM, "• Copper", "- # Iron", "-5 degrees", "a - b", "> c")))
    assert found == [
        ("ul", ""),
        *(("li", text) for text in ("Copper", "# Iron", "-5 degrees", "a - b", "> c")),
    ]


@settings(max_examples=300)
@given(st.lists(NASTY, min_size=4, max_size=4))
def test_cells_are_shown_as_they_are(texts: list[str]) -> None:
    a, b, c, d = (" ".join(text.split()) for text in texts)
    found = parsed(written(*lines_of(Label.TABLE, f"{a}\t{b}", f"{c}\t{d}")))
    assert found == [("th", a), ("th", b), ("td", c), ("td", d)]


@settings(max_examples=300)
@given(st.lists(st.text("`~ >-#a\t", min_size=1).filter(str.strip), min_size=1, max_size=4))
@example(["```", "````", "~~~"])
def test_code_is_shown_to_the_letter(lines: list[str]) -> None:
    found = parsed(written(*lines_of(Label.CODE, *lines)))
    assert found == [("code", "\n".join(lines))]


def test_code_below_a_list_is_no_part_of_it() -> None:
    found = parsed(written(*lines_of(Label.LIST_ITEM, "Open it."), *lines_of(Label.CODE, "    open()")))
    assert found == [("ul", ""), ("li", "Open it."), ("code", "    open()")]


def test_paragraphs_of_one_quote_are_one_and_two_quotes_are_two() -> None:
    found = written(
        *lines_of(Label.QUOTE, "One.", "Two.", holder=3), *lines_of(Label.QUOTE, "Three.", holder=7)
    )
    assert found == "> One.\n>\n> Two.\n\n> Three.\n"


@settings(max_examples=300)
@given(st.lists(NASTY, min_size=2, max_size=3))
@example(["a", "===", "---", "# b", "2) c", "> d"])
@example(["| a |", "| --- |"])
@example(["a", ":-:"])
def test_a_stanza_is_shown_as_it_is(texts: list[str]) -> None:
    body = lines_of(Label.PARAGRAPH, *(text.strip() for text in texts), holder=5)
    opened, inline, closed = PARSER.parse(written(*body))
    assert (opened.type, closed.type) == ("paragraph_open", "paragraph_close")
    shown = "".join("\n" if child.type == "hardbreak" else child.content for child in inline.children or ())
    assert shown == "\n".join(paragraph.text for paragraph in body)


def test_the_lines_of_a_stanza_are_lines_of_one_paragraph() -> None:
    lines = [Paragraph(text, 0, 0, Label.PARAGRAPH, 5) for text in ("upon the rail,", "a shallow groove")]
    other = Paragraph("in things the river", 0, 0, Label.PARAGRAPH)
    written = to_markdown(EMPTY, (*lines, other)).decode()
    assert written == "upon the rail,\\\na shallow groove\n\nin things the river\n"


def test_rows_may_have_fewer_cells_than_the_longest() -> None:
    found = parsed(written(*lines_of(Label.TABLE, "Towns", "Alder\t380")))
    assert found == [("th", "Towns"), ("th", ""), ("td", "Alder"), ("td", "380")]


def test_a_lone_row_is_a_paragraph() -> None:
    assert parsed(written(*lines_of(Label.TABLE, "Alder\t380"))) == [("p", "Alder\t380")]


def test_numbers_that_the_text_holds_number_the_items() -> None:
    found = parsed(written(*lines_of(Label.LIST_ITEM, "3. Third", "4. Fourth", "9. Ninth", "• Last")))
    assert found == [
        ("ol", "3"),
        ("li3", "Third"),
        ("li4", "Fourth"),
        ("ul", ""),
        ("li", "9. Ninth"),
        ("li", "Last"),
    ]


SENTENCE = "The council voted on Tuesday to rebuild the old stone bridge, and to pay for it with a toll {}."
GUIDE = f"""<html><body><article><h1>How to read a gauge</h1>
<p>{SENTENCE.format("of one coin")}</p><p>{SENTENCE.format("of two coins")}</p>
<h2>Start</h2><p>{SENTENCE.format("of three coins")}</p><pre>begin
    Start

end</pre><p>{SENTENCE.format("of four coins")}</p></article></body></html>"""


def test_a_line_is_marked_by_its_place_and_not_by_its_words(door: Door) -> None:
    found = parsed(asked(GUIDE, door))
    assert ("h2", "Start") in found
    assert ("code", "begin\n    Start\n\nend") in found
    assert found[0] == ("h1", "How to read a gauge")


@pytest.mark.parametrize("page", ["", "<p></p>", "<pre></pre><table></table>"])
def test_a_page_without_text_has_none(door: Door, page: str) -> None:
    assert asked(page, door) == ""
