"""HTML: the rendering, what the tree says of each line, and what the page says of itself."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from service import clean
from service.blocks import cuts, html, text
from service.blocks.tame import MAX_ATTRIBUTES, MAX_DEPTH, MAX_FORMATTING, MAX_OPTIONS, tame
from service.document import Structure


def _authors(page: str) -> list[str | None]:
    return [author.nameRaw for author in clean(page.encode(), content_type="text/html").article.authors]


def lines(page: str) -> list[str]:
    return [line for line in html.render(page)[0].split("\n") if line]


PROSE = (
    "<p>Whisk the flour, the eggs and the milk until no lumps are left, and let the batter rest for half an "
    "hour before you bake.</p><p>Heat the butter in a pan and pour in one ladle of batter. Turn it when the "
    "edge begins to brown, and serve it at once.</p>"
)
ITEMS = ("200 g flour", "3 eggs", "400 ml milk", "salt", "butter for the pan")


def test_a_menu_ends_where_its_element_does() -> None:
    menu = "".join(f"<li><a href=/>{name}</a></li>" for name in ("Home", "News", "Sport", "Contact"))
    items = "".join(f"<li>{item}</li>" for item in ITEMS)
    page = (
        f"<nav><ul>{menu}</ul></nav><main><h2>Ingredients</h2><ul>{items}</ul><h2>Method</h2>{PROSE}</main>"
    )
    body = clean(page.encode(), content_type="text/html").article.articleBody
    assert [item for item in ITEMS if item not in body] == []
    assert "Contact" not in body


def test_a_page_of_more_lines_than_are_told_apart_is_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "MAX_BLOCKS", 6)
    page = f"<nav>Home</nav><main><h1>Harbour</h1>{PROSE}<pre>a = 1\nb = 2\n</pre></main>" * 4
    result = clean(page.encode(), content_type="text/html")
    assert result.renderedText is not None
    assert result.segments[-1].end == len(result.renderedText)


def test_program_text_meets_no_phrases() -> None:
    code = "# Author: Ruth Keller\ntags: sea, tide\nsource: cork.csv\n# Read more: https://example.org/docs"
    page = f"<article><h1>Configuring the reader</h1>{PROSE}<pre><code>{code}</code></pre>{PROSE}</article>"
    article = clean(page.encode(), content_type="text/html").article
    assert [line for line in code.split("\n") if line not in article.articleBody] == []
    assert article.authors == ()
    assert article.keywordsRaw is None


class TestRendering:
    """The text of the tree."""

    def test_one_line_a_block_and_inline_elements_run_on(self) -> None:
        assert lines("<p>One <b>bold</b>\n word<div>two</div>three") == ["One bold word", "two", "three"]

    def test_links_side_by_side_are_two_words_and_marked_up_letters_one(self) -> None:
        assert lines("<div><a>Facebook</a><a>Twitter</a></div><p><b>W</b>ord") == ["Facebook Twitter", "Word"]

    @pytest.mark.parametrize(
        "mark",
        [
            '<a class="headerlink" href="#use" title="Link to this heading">¶</a>',
            '<a href="#use">#</a>',
            '<a href="#use"><span>\uf0c1</span></a>',
            '<span class="mw-editsection">[<a href="/w">edit</a> | <a href="/v">edit source</a>]</span>',
        ],
    )
    def test_a_mark_that_links_to_a_heading_is_no_text(self, mark: str) -> None:
        page = f"<h2>Use{mark} of tides</h2><p>Count from one.</p>"
        assert lines(page) == ["Use of tides", "Count from one."]
        assert html.render(page)[1].links.tolist() == [0, 0]

    def test_links_of_text_to_the_same_page_are_text(self) -> None:
        page = '<h2>Use <a href="#n1">1</a></h2><p>Press <a href="#k">#</a> to go on, <a href="#b">↑</a></p>'
        assert lines(page) == ["Use 1", "Press # to go on, ↑"]

    def test_a_row_is_a_line_with_tabs_between_its_cells(self) -> None:
        assert lines("<table><tr><td>a<td>b<tr><td>c <td> d</table>") == ["a\tb", "c\td"]

    def test_a_table_for_layout_keeps_its_blocks_apart(self) -> None:
        assert lines("<table><tr><td><p>one<p>two<td><p>three</table>") == ["one", "two", "three"]

    def test_an_empty_cell_keeps_its_place(self) -> None:
        rows = "<tr><td></td><th>2019</th><th>2020</th></tr><tr><td>Alder</td><td></td><td>388</td></tr>"
        assert lines(f"<table>{rows}</table>") == ["\t2019\t2020", "Alder\t\t388"]

    def test_a_paragraph_that_is_all_of_a_cell_stays_in_its_row(self) -> None:
        cells = ("<p>size</p>", " <div>in <b>metres</b></div> ")
        row = "".join(f"<td>{cell}</td>" for cell in cells)
        assert lines(f"<table><tr>{row}</tr></table>") == ["size\tin metres"]
        long = "<p>" + "and so it went on " * 10 + "</p>"
        assert len(lines(f"<table><tr><td>{long}</td><td>{long}</td></tr></table>")) == 2

    def test_formulas_are_text(self) -> None:
        said = '<math alttext="E=mc^2"><mi>E</mi><annotation>E=mc^2</annotation></math>'
        bare = "<math><mi>a</mi><mo>+</mo><mi>b</mi><annotation>a+b</annotation></math>"
        assert lines(f"<p>It is {said}, or {bare}.</p>") == ["It is E=mc^2, or a + b."]

    def test_a_shadow_tree_is_shown_and_other_templates_are_not(self) -> None:
        root = '<template shadowrootmode="open"><p>shown</p></template>'
        assert lines(f"<x-story>{root}</x-story><p>and then</p><template><p>not</p></template>") == [
            "shown",
            "and then",
        ]

    def test_shadow_trees_side_by_side_are_not_one_in_another(self) -> None:
        page = '<x-a><template shadowrootmode="open"><p>hi there</p></template></x-a>' * 500
        assert lines(page) == ["hi there"] * 500

    def test_what_was_struck_and_what_replaced_it_are_two_words(self) -> None:
        assert lines("<p>Now <del>19.99</del><ins>12.49</ins></p>") == ["Now 19.99 12.49"]
        assert lines("<x-line>One.</x-line><x-line>Two.</x-line>") == ["One. Two."]

    def test_an_inline_element_without_text_says_nothing_of_the_block_behind_it(self) -> None:
        dom = html.render("<p>one</p><a class='share'></a><div>two</div><b class='bold'>three</b>")[1]
        assert [bool(names) for names in dom.inline] == [False, False, True]
        assert dom.links.tolist() == [0, 0, 0]

    def test_marks_name_writers_and_moments(self) -> None:
        page = (
            "<div itemprop=author><a itemprop=name>ann_k</a> Member</div><p class=author>by <b>Bob</b>"
            "<time datetime=2024-02-03>Saturday</time></p><div class=username>Eve<div>214 posts</div></div>"
            "<h1 itemprop=name>Bees</h1><div class=author>" + "<p>so it went</p>" * 9 + "</div>"
        )
        marks = [(mark.text, mark.moment) for mark in html.render(page)[1].marks]
        assert marks == [
            ("ann_k", None),
            ("ann_k Member", None),
            ("Saturday", "2024-02-03"),
            ("by BobSaturday", None),
            ("Eve", None),
        ]

    def test_code_keeps_its_lines_and_indents(self) -> None:
        page = "<pre><code>def f():\n    return 1\n\nf()\n</code></pre>"
        assert html.render(page)[0] == "def f():\n    return 1\n\nf()"

    def test_a_line_break_ends_a_line(self) -> None:
        assert lines("<p>قال<br>ثم ذهب</p>") == ["قال", "ثم ذهب"]

    def test_what_has_no_text_has_none(self) -> None:
        page = "<script>x()</script><style>p{}</style><template>t</template><select><option>o</select>"
        assert html.render(page)[0] == ""

    def test_hidden_text_is_rendered_and_marked(self) -> None:
        rendered, dom = html.render("<p>a</p><div style='display: none'><p>b</p></div><noscript>c</noscript>")
        assert rendered.split() == ["a", "b", "c"]
        flags = dom.flags[dom.element]
        assert [bool(f & int(Structure.HIDDEN)) for f in flags] == [False, True, False]
        assert [bool(f & int(Structure.NOSCRIPT)) for f in flags] == [False, False, True]

    def test_links_are_measured(self) -> None:
        _, dom = html.render("<nav><a href=/>Home</a></nav><p>Some <a href=x>linked</a> text</p>")
        assert dom.linked.tolist() == [4, 6]
        assert dom.links.tolist() == [1, 1]
        assert dom.flags[dom.element[0]] & int(Structure.NAV)

    @pytest.mark.parametrize(
        "script",
        [
            '<script type="application/json">{"props": {"post": {"id": 7, "body": %s}}}</script>',
            '<script>window.__STATE__ = {"post": {"content": %s}}; start();</script>',
            '<script>q.push({"queries": [{"state": {"data": {"html": %s}}}]})</script>',
            '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": %s}</script>',
        ],
    )
    def test_a_shell_is_read_by_the_text_it_keeps_for_its_program(self, script: str) -> None:
        story = " ".join(f"Zdanie numer {n} opowiada o moście nad rzeką i o ludziach." for n in range(12))
        kept = json.dumps(f"<p>{story}</p><p>Koniec.</p>") if "html" in script else json.dumps(story)
        page = f"<body><div id=app></div>{script % kept}</body>"
        assert lines(page)[0] == story
        result = clean(page.encode(), content_type="text/html")
        assert story in result.article.articleBody
        assert result.verdict.pageType == "article"

    def test_a_page_that_shows_its_text_is_read_as_it_is_shown(self) -> None:
        shown = "<p>" + "This is what readers see of the story. " * 40
        kept = json.dumps({"body": "This is what only the program has of it. " * 40})
        page = f'{shown}<script type="application/json">{kept}</script>'
        assert "program" not in html.render(page)[0]

    def test_addresses_and_program_text_are_no_article(self) -> None:
        kept = json.dumps({"content": "https://x.org/a?b=" + "c" * 900, "html": "function(){" + "a=b;" * 300})
        assert html.render(f'<script type="application/json">{kept}</script>')[0] == ""

    @given(st.text(alphabet="<>/abdiprtu '\"=\n\t", max_size=200))
    def test_the_tree_speaks_of_every_line(self, page: str) -> None:
        rendered, dom = html.render(page)
        assert len(text.read(rendered, dom=dom).lines) == dom.element.size
        assert html.render(page)[0] == rendered


def depth(page: str) -> int:
    """Of the tree that the parser makes of a page."""
    node, at, deepest = LexborHTMLParser(page).root, 0, 0
    while node is not None:
        child = node.first_child
        if child is not None:
            node, at = child, at + 1
            deepest = max(deepest, at)
            continue
        while node is not None and node.next is None:
            node, at = node.parent, at - 1
        node = None if node is None else node.next
    return deepest


class TestHostileTrees:
    """Pages made to stall a parser."""

    @pytest.mark.parametrize(
        "page",
        [
            "<div>" * 100_000 + "x",
            "<p><b>" * 30_000 + "x",
            "<i>" * 30_000 + "<p>x</p>" * 300,
            "<div " + " ".join(f"a{i}=1" for i in range(300_000)) + ">x",
            "<select>" + "<option>o" * 100_000 + "</select>x",
            "<table>" * 30_000 + "x",
            "<!--" * 100_000,
            "<div" * 100_000,
            ("<option " + "a" * 50) * 20_000,
            "<select>" + "<OPTION>x" * 40_000,
            "<div " + "/".join(f"a{i}" for i in range(20_000)) + ">x",
            "<div></x>" * 40_000,
        ],
        ids=[
            "nested",
            "unclosed",
            "formatting",
            "attributes",
            "options",
            "tables",
            "comments",
            "open",
            "choice",
            "capitals",
            "slashes",
            "closing nothing",
        ],
    )
    def test_they_are_read_all_the_same(self, page: str) -> None:
        rendered, dom = html.render(page)
        assert len(text.read(rendered, dom=dom).lines) == dom.element.size

    @pytest.mark.parametrize(
        "again",
        [
            "<div>",
            "<div></x>",
            "<span><div></span></div>",
            "<span><p></span></p>",
            "<section><div><p></section>",
            "<div><!--</div>-->",
            "<div><script></div></script>",
            "<div><script><!--<script></script></div>--></script>",
            "<div><textarea></div></textarea>",
            "<div><svg><![CDATA[</div>]]></svg>",
            "<div><? </div>",
            '<div a="></div>">',
            "<g/>",
            "<rt>",
            "<select><style></select><div>",
        ],
    )
    def test_no_page_is_deeper_for_being_longer(self, again: str) -> None:
        assert depth(tame(again * 12_000)) <= MAX_DEPTH + 10

    @pytest.mark.parametrize(
        "attributes",
        [
            " ".join(f"a{i}=1" for i in range(20_000)),
            "/".join(f"a{i}" for i in range(20_000)),
            "".join(f'a{i}=""' for i in range(20_000)),
            " ".join(f"a{i}{'<' * (i % 1_000 == 0)}=1" for i in range(20_000)),
            " ".join(f"a{i}='<>'" for i in range(20_000)),
        ],
        ids=["spaces", "slashes", "quotes", "opening", "tags in values"],
    )
    def test_no_tag_keeps_too_many_attributes(self, attributes: str) -> None:
        page = tame(f"<p>before</p><div {attributes}>after</div>")
        assert page == "<p>before</p><div>after</div>"

    @pytest.mark.parametrize("name", ["html", "body", "BODY"])
    def test_the_root_does_not_gather_attributes(self, name: str) -> None:
        page = tame("".join(f"<{name} a{i}=1>" for i in range(20_000)) + "x")
        root = LexborHTMLParser(page).css_first(name.lower())
        assert root is not None
        assert len(root.attributes) <= MAX_ATTRIBUTES

    @pytest.mark.parametrize("option", ["<option>x", "<OPTION>x", "<oPtion value=1>x</Option>"])
    def test_endless_choices_are_no_text_of_the_page(self, option: str) -> None:
        page = tame("<select>" + option * (MAX_OPTIONS + 1) + "</select>x")
        assert not LexborHTMLParser(page).css("option")
        assert html.render(page)[0] == "x"

    def test_formatting_does_not_pile_up(self) -> None:
        page = tame("".join(f"<p><b x={i}>y" for i in range(6_000)))
        assert page.count("<b") == MAX_FORMATTING

    def test_nesting_is_cut_and_its_text_kept(self) -> None:
        page = "<div>" * (MAX_DEPTH + 100) + "deep" + "</div>" * (MAX_DEPTH + 100) + "<hr>" * 10_000 + "after"
        assert tame(page).count("<div>") == MAX_DEPTH
        assert html.render(page)[0].split() == ["deep", "after"]

    def test_one_long_attribute_is_no_harm(self) -> None:
        page = f"<div data-state='{'word ' * 20_000}'>x</div>"
        assert tame(page) == page
        assert len(tame("<p " + "a " * (20 * MAX_ATTRIBUTES) + ">x")) < 10

    def test_a_page_of_ordinary_size_passes_untouched(self) -> None:
        page = "<ul>" + "<li><svg><path d='M0 0'/></svg>item</li>" * 3_000 + "</ul>"
        assert tame(page) == page


ARTICLE = """<!doctype html><html lang="ar"><head><title>عنوان الخبر الأول | موقع</title>
<meta property="og:site_name" content="موقع"><meta property="og:image" content="https://example.org/a.jpg">
<meta property="article:modified_time" content="2024-05-02T10:00:00Z">
<link rel="canonical" href="https://example.org/news/1">
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "آخر",
"author": [{"@type": "Person", "name": "ليلى حداد"}], "datePublished": "2024-05-01T09:30:00+03:00"},
{"@type": "BreadcrumbList", "itemListElement": [{"position": 1, "name": "أخبار", "item": "https://example.org/n"}]}]}
</script></head><body><h1>عنوان الخبر الأول</h1><p>%s</p></body></html>"""


class TestMetadata:
    """What the page says of itself."""

    def article(self, page: str) -> dict[str, object]:
        return clean(page.encode(), content_type="text/html; charset=utf-8").article.model_dump()

    def test_each_field_says_where_it_was_read(self) -> None:
        found = self.article(ARTICLE % "جملة طويلة عن الخبر. " * 20)
        assert found["headline"] == "عنوان الخبر الأول"
        assert found["authors"] == ({"nameRaw": "ليلى حداد"},)
        assert found["datePublished"] == "2024-05-01T09:30:00+03:00"
        assert found["datePublishedLocal"] == "2024-05-01T09:30:00"
        assert found["dateModified"] == "2024-05-02T10:00:00+00:00"
        assert found["canonicalUrl"] == "https://example.org/news/1"
        assert found["mainImage"] == {"url": "https://example.org/a.jpg"}
        assert found["breadcrumbs"] == ({"name": "أخبار", "url": "https://example.org/n"},)
        assert found["inLanguage"] == "ar"
        sources = found["metadataSources"]
        assert isinstance(sources, dict)
        assert sources["authors"] == sources["datePublished"] == "json-ld"
        assert sources["mainImage"] == "meta:og:image"

    def test_the_name_of_the_site_is_no_part_of_the_headline(self) -> None:
        page = "<title>A long enough headline here - The Daily Site</title><p>Text."
        assert self.article(page)["headline"] == "A long enough headline here"

    @pytest.mark.parametrize(
        "said",
        [
            "{",
            "[[[[",
            '{"@type": 5}',
            '{"@type": "NewsArticle", "author": 7, "datePublished": {}}',
            "[" * 100_000,
        ],
    )
    def test_broken_json_is_passed_over(self, said: str) -> None:
        page = f'<script type="application/ld+json">{said}</script><p>Text of the page.'
        assert self.article(page)["datePublished"] is None

    def test_an_author_may_be_named_elsewhere_in_the_graph(self) -> None:
        page = (
            '<script type="application/ld+json">{"@graph": [{"@type": "Article", "author": {"@id": "#p1"}},'
            '{"@type": "Person", "@id": "#p1", "name": "Νίκος Παππάς"}]}</script><p>Text.'
        )
        assert _authors(page) == ["Νίκος Παππάς"]

    @pytest.mark.parametrize(
        ("byline", "name"),
        [
            ('<a rel="author" href="/x">Lena Weber</a>', "Lena Weber"),
            ('<p class="byline">بقلم: سامي الخطيب</p>', "سامي الخطيب"),
            ('<div itemprop="author"><span itemprop="name">Ana Ruiz</span>, Madrid</div>', "Ana Ruiz"),
            ('<span class="article-author">Written by Tom Hale | Staff</span>', "Tom Hale"),
            ('<p>By <a href="/authors/mia-chen">Mia Chen</a></p>', "Mia Chen"),
        ],
    )
    def test_a_marked_byline_names_the_author(self, byline: str, name: str) -> None:
        page = f"<nav><a class=author>Menu</a></nav><article><h1>Title</h1>{byline}<p>Text.</article>"
        assert _authors(page) == [name]
        assert clean(page.encode(), content_type="text/html").article.metadataSources["authors"] == "byline"

    def test_what_buttons_say_is_no_author(self) -> None:
        page = '<a href="/user/login">Log in</a><a href="/user/new">Register</a><article><p>Text.</article>'
        assert _authors(page) == []

    def test_of_many_posters_the_first_began_the_thread(self) -> None:
        posts = "".join(
            f'<div class=post><a class="username" href="/members/{n}">user{n}</a><p>Post {n}.</div>'
            for n in range(6)
        )
        assert _authors(posts) == ["user0"]

    def test_those_who_comment_did_not_write_the_article(self) -> None:
        page = '<article><p>Text.</article><div class="comments"><span class="author">Kim Berg</span></div>'
        assert _authors(page) == []

    @pytest.mark.parametrize(
        ("page", "date", "source"),
        [
            ('<p class="entry-date">Veröffentlicht am 4. Mai 2021</p><p>Text.', "2021-05-04", "marked"),
            (
                '<abbr class="published" title="2019-02-03T10:00:00">Sunday</abbr>',
                "2019-02-03T10:00:00",
                "marked",
            ),
            ('<link rel="canonical" href="https://x.org/2020/07/09/title"><p>Text.', "2020-07-09", "url"),
        ],
    )
    def test_a_date_may_be_marked_or_stand_in_the_address(self, page: str, date: str, source: str) -> None:
        found = clean(page.encode(), content_type="text/html").article
        assert found.datePublishedLocal == date
        assert found.metadataSources["datePublished"] == source

    def test_an_address_is_no_author_and_a_word_no_date(self) -> None:
        page = '<meta name="author" content="https://x.org/me"><meta name="date" content="soon"><p>Text.'
        found = self.article(page)
        assert found["authors"] == ()
        assert found["datePublishedRaw"] is None


class TestStructure:
    """The form the author gave the text."""

    def test_lists_rows_and_code_run_on(self) -> None:
        one, two, three, four = (
            f"The {n} sentence of an article that goes on for a while, and says something about {n} things."
            for n in ("first", "second", "third", "fourth")
        )
        page = (
            f"<article><p>{one}</p><ul><li>{two}</li><li>{three}</li></ul>"
            f"<pre>def f():\n    return 'a string that is returned'</pre><p>{four}</p></article>"
        )
        body = clean(page.encode(), content_type="text/html", profile="recall").article.articleBody
        assert f"{one}\n\n{two}\n{three}\n\n" in body
        assert "def f():\n    return" in body
