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


LINES = TEXT.replace("<p>", "").replace("</p>", "\n\n").strip()


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

    def test_the_pages_own_title_stands_in_no_paragraph_whatever_its_element(self) -> None:
        head = "<title>The ferry pier is to be rebuilt by the town | Quay Courier</title>"
        found = article(f"<p>The ferry pier is to be rebuilt by the town</p>{TEXT}", head=head)
        assert found.headline == "The ferry pier is to be rebuilt by the town"
        assert found.articleBody.startswith("The council has agreed")

    @pytest.mark.parametrize(
        "title",
        [
            "Old ferry pier will be rebuilt - Ministry of Ports - Portal of the Shore",
            "The Shore Post - Old ferry pier will be rebuilt",
        ],
    )
    @pytest.mark.parametrize("tag", ["h2", "div"])
    def test_of_a_title_that_part_is_the_headline_which_stands_above_the_text(
        self, title: str, tag: str
    ) -> None:
        found = article(
            f"<{tag}>Old ferry pier will be rebuilt</{tag}><p>4 March 2024</p>{TEXT}",
            head=f"<title>{title}</title>",
        )
        assert found.headline == "Old ferry pier will be rebuilt"
        assert "ferry pier will be rebuilt" not in found.articleBody

    @pytest.mark.parametrize(
        "title",
        [
            "旧码头将于今年春天重建_地方新闻_江南晚报",
            "旧码头将于今年春天重建-江南晚报",
            "江南晚报：旧码头将于今年春天重建",
        ],
    )
    @pytest.mark.parametrize("tag", ["h1", "h3"])
    def test_chinese_titles_are_parted_without_spaces(self, title: str, tag: str) -> None:
        name = "<h1>江南晚报</h1>" if tag == "h3" else ""
        found = article(f"{name}<{tag}>旧码头将于今年春天重建</{tag}>{TEXT}", head=f"<title>{title}</title>")
        assert found.headline == "旧码头将于今年春天重建"

    def test_a_section_and_a_site_behind_underscores_are_no_headline(self) -> None:
        found = article(TEXT, head="<title>旧码头将于今年春天重建_地方新闻_江南晚报</title>")
        assert found.headline == "旧码头将于今年春天重建"

    def test_an_underscore_within_a_word_parts_no_title(self) -> None:
        found = article(TEXT, head="<title>What make_shared does to memory</title>")
        assert found.headline == "What make_shared does to memory"

    def test_the_name_of_the_site_before_a_colon_is_told_by_the_heading_below(self) -> None:
        found = article(
            f"<h1>Ink and coffee at noon</h1><h3>Write a line a day</h3>{TEXT}",
            head="<title>Ink and coffee at noon: Write a line a day</title>",
        )
        assert found.headline == "Write a line a day"
        assert "Write a line a day" not in found.articleBody

    @pytest.mark.parametrize("mark", [": ", " - "])
    def test_a_subtitle_below_the_heading_makes_it_no_name_of_a_site(self, mark: str) -> None:
        found = article(
            f"<h1>Blue train to the lakes</h1><h2>A railway and its people</h2>{TEXT}",
            head=f"<title>Blue train to the lakes{mark}A railway and its people</title>",
        )
        assert found.headline == "Blue train to the lakes"

    @pytest.mark.parametrize("shared", ["", '<meta property="og:title" content="Lost ferry logs return">'])
    def test_the_only_heading_above_the_text_is_the_headline_though_the_title_says_it_otherwise(
        self, shared: str
    ) -> None:
        found = article(
            f"<nav><a href=/n>News</a></nav><article><h1>A ferry crew finds its logs in a chip shop</h1>"
            f"<p>By Ida Holm, 4 March 2024</p>{TEXT}</article>",
            head=f"<title>Ferry logs lost since 1986 turn up above takeaway | Shore Post</title>{shared}",
        )
        assert found.headline == "A ferry crew finds its logs in a chip shop"
        assert "chip shop" not in found.articleBody

    @pytest.mark.parametrize(
        "above",
        [
            "<header><h1>Ferry logs of the shore</h1></header>",
            '<h1><a href="/logs">Ferry logs of the shore</a></h1>',
            "<h1>Ferry logs of the shore</h1><h1>What the ferry logs say</h1>",
            "<h1>Find your next holiday home</h1>",
        ],
    )
    def test_a_heading_of_another_kind_is_not(self, above: str) -> None:
        title = "Ferry logs lost since 1986 turn up above takeaway"
        found = article(f"{above}{TEXT}", head=f"<title>{title}</title>")
        assert found.headline == title

    @pytest.mark.parametrize("heading", ["Guide", "乌篷船", "خطارة"])
    def test_a_short_heading_stands_in_no_paragraph_either(self, heading: str) -> None:
        found = article(f"<h1>{heading}</h1>{TEXT}", head=f"<title>{heading} - Shore Post</title>")
        assert found.headline == heading
        assert found.articleBody.startswith("The council has agreed")

    def test_a_line_that_the_pages_titles_dont_know_stays_in_the_text(self) -> None:
        title = "Ferry pier: the town has agreed to rebuild what a storm broke"
        head = f"<title>{title}</title><meta property=og:title content='{title}'>"
        caption = "The mayor (front) greets travellers on the quay on Monday"
        found = article(f"<p>{caption}</p>{TEXT}", head=head)
        assert found.headline == title
        assert caption in found.articleBody

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

    @pytest.mark.parametrize(
        "page",
        [
            f"<h1>Pier</h1><p>by ALL IN ONE on May 14, 2024</p>{TEXT}",
            f"<p>14 May 2024 | Press releases</p><h1>Pier</h1>{'<p>Ferry news</p>' * 14}{TEXT}",
            f"<h1>Pier</h1>{TEXT}{'<p>More news</p>' * 9}<p>Posted on May 14, 2024</p>",
            f"<h1>Pier</h1><span property='schema:dateCreated' content=2024-05-14></span>{TEXT}",
        ],
    )
    def test_it_may_stand_far_from_the_text(self, page: str) -> None:
        assert article(page).datePublishedLocal == "2024-05-14"

    def test_of_days_far_from_the_text_none_is_taken_where_they_are_two(self) -> None:
        posts = "".join(f"<p>Posted on May {day}, 2024</p>" for day in (14, 15))
        assert article(f"<h1>Pier</h1>{TEXT}{'<p>More news</p>' * 9}{posts}").datePublishedRaw is None

    @pytest.mark.parametrize(
        ("stated", "local"),
        [
            ("2024-05-13T22:30:00Z", "2024-05-14T00:30:00"),  # the same moment
            ("2024-05-10T22:30:00Z", "2024-05-10T22:30:00"),  # another
            ("2024-05-13T22:30:00+01:00", "2024-05-13T22:30:00"),  # a clock of its own
        ],
    )
    def test_what_the_page_shows_is_the_local_time_of_a_moment_in_utc(self, stated: str, local: str) -> None:
        meta = f'<meta property="article:published_time" content="{stated}">'
        page = f"<h1>Ferry pier to be rebuilt</h1><p>Published 14 May 2024, 00:30</p>{TEXT}"
        assert article(page, head=meta).datePublishedLocal == local

    @pytest.mark.parametrize("sentinel", ["0001-01-01T00:00:00Z", "1402-07-15", "2566-07-15"])
    def test_a_year_of_no_page_is_no_date(self, sentinel: str) -> None:
        script = (
            f'<script type="application/ld+json">{{"@type":"Article","datePublished":"{sentinel}"}}</script>'
        )
        meta = '<meta property="article:published_time" content="2024-05-14T22:30:00Z">'
        assert article(TEXT, head=script + meta).datePublishedRaw == "2024-05-14T22:30:00Z"

    def test_the_language_of_a_page_tells_the_order_of_its_days(self) -> None:
        page = "<html lang={}><body><h1>Pier</h1><p class=date>05/04/2024</p>" + TEXT
        local = {
            lang: clean(page.format(lang).encode(), content_type="text/html").article.datePublishedLocal
            for lang in ("en-GB", "en")
        }
        assert local == {"en-GB": "2024-04-05", "en": None}

    def test_a_thousand_moments_in_deep_boxes_are_no_harm(self) -> None:
        page = "<div>" * 200 + "<time datetime=2024-05-14>x</time>" * 3_000
        assert article(page).datePublishedLocal == "2024-05-14"


def linked(source: str, media_type: str = "application/ld+json") -> str:
    return f'<script type="{media_type}">{source}</script>'


OWN = (
    '{"@type": "NewsArticle", "headline": "Old ferry pier will be rebuilt", "author": {"name": "Ida Holm"},'
    ' "datePublished": "2024-05-14", "url": "https://shore.example/pier/"}'
)
OTHER = (
    '{"@type": "NewsArticle", "headline": "Storm closes the coast road", "author": {"name": "Bo Lind"},'
    ' "datePublished": "2020-01-01", "dateModified": "2020-01-02", "url": "https://shore.example/storm"}'
)


class TestLinkedData:
    """Objects of schema.org, as careless as pages write them."""

    @pytest.mark.parametrize(
        "said",
        [
            "<title>Old ferry pier will be rebuilt | Shore Post</title>",
            '<meta property="og:title" content="Old ferry pier will be rebuilt">',
            '<link rel="canonical" href="http://shore.example/pier">',
        ],
    )
    def test_of_several_articles_the_pages_own_counts(self, said: str) -> None:
        found = article(TEXT, head=said + linked(f"[{OTHER}, {OWN}]"))
        assert [author.nameRaw for author in found.authors] == ["Ida Holm"]
        assert (found.datePublishedLocal, found.dateModified) == ("2024-05-14", None)

    def test_where_none_agrees_the_first_counts(self) -> None:
        found = article(TEXT, head="<title>Pier</title>" + linked(f"[{OTHER}, {OWN}]"))
        assert found.datePublishedLocal == "2020-01-01"

    @pytest.mark.parametrize(
        "script",
        [
            linked(OWN[:-1] + ",}"),
            linked("[" + OWN + ", ]"),
            linked("/* for search engines */\n" + OWN + " // https://schema.org\n"),
            linked(OWN.replace('"Ida Holm"', '"Ida Holm", // the writer\n')),
            linked(OWN, "application/ld+json; charset=utf-8"),
            linked(OWN, "Application/LD+JSON"),
        ],
    )
    def test_careless_json_is_read(self, script: str) -> None:
        found = article(f"<h1>Pier</h1>{TEXT}", head=script)
        assert [author.nameRaw for author in found.authors] == ["Ida Holm"]
        assert found.metadataSources["datePublished"] == "json-ld"

    @pytest.mark.parametrize(
        ("given", "read"), [("a // b", "a // b"), ("a, ]", "a, ]"), ("/* a */ b", "/* a */ b")]
    )
    def test_what_looks_careless_inside_a_string_stays(self, given: str, read: str) -> None:
        found = article(TEXT, head=linked(f'{{"@type": "Article", "headline": "{given}",}}'))
        assert found.headline == read

    @pytest.mark.parametrize("junk", ['"' * 200_000, "/*" * 100_000, ',  "' * 90_000, '{"\\"' * 90_000])
    def test_endless_carelessness_is_passed_over(self, junk: str) -> None:
        assert article(f"<h1>Pier</h1>{TEXT}", head=linked(junk)).datePublishedRaw is None

    def test_the_path_is_in_the_order_of_its_positions(self) -> None:
        path = (
            '{"@type": "BreadcrumbList", "itemListElement": [{"position": 2, "name": "Piers", "item": "/p"},'
            '{"position": "1", "name": "Harbour", "item": "/"}, {"name": "Old"}, "x"]}'
        )
        found = article(TEXT, head=linked(path), url="https://shore.example/p/old")
        assert [(step.name, step.url) for step in found.breadcrumbs] == [
            ("Harbour", "https://shore.example/"),
            ("Piers", "https://shore.example/p"),
            ("Old", None),
        ]

    def test_the_path_may_be_microdata(self) -> None:
        path = (
            '<ol itemscope itemtype="https://schema.org/BreadcrumbList"><li itemprop="itemListElement">'
            '<a itemprop="item" href="https://shore.example/"><span itemprop="name">Harbour</span></a>'
            '<meta itemprop="position" content="1"></li><li itemprop="itemListElement">'
            '<span itemprop="name">Piers</span><meta itemprop="position" content="2"></li></ol>'
        )
        assert [(step.name, step.url) for step in article(path + TEXT).breadcrumbs] == [
            ("Harbour", "https://shore.example/"),
            ("Piers", None),
        ]

    def test_meta_elements_may_be_microdata(self) -> None:
        head = (
            '<meta itemprop="headline" content="Pier is rebuilt"><meta itemprop="author" content="Ida Holm">'
            '<meta itemprop="datePublished" content="2024-05-14">'
            '<meta itemprop="image" content="https://shore.example/p.jpg">'
        )
        found = article(TEXT, head=head)
        assert (found.headline, found.datePublishedLocal) == ("Pier is rebuilt", "2024-05-14")
        assert [author.nameRaw for author in found.authors] == ["Ida Holm"]
        assert found.mainImage is not None
        assert found.mainImage.url == "https://shore.example/p.jpg"


class TestAddresses:
    """Relative addresses are seen from the page's base, or from where it was fetched."""

    @pytest.mark.parametrize(
        ("head", "url", "canonical"),
        [
            ('<link rel="canonical" href="/a">', "https://shore.example/b?c", "https://shore.example/a"),
            ('<base href="https://shore.example/n/"><link rel="Canonical" href="a">', None,
             "https://shore.example/n/a"),
            ('<base href="/n/"><link rel="canonical" href="a">', "https://shore.example/b",
             "https://shore.example/n/a"),
            ('<link rel="canonical" href="//shore.example/a">', None, "https://shore.example/a"),
            ('<link rel="canonical" href="//shore.example/a">', "http://b.example/", "http://shore.example/a"),
            ('<link rel="canonical" href="/a">', None, None),
            ('<link rel="canonical" href="/a">', "urn:page", None),
            ('<link rel="canonical" href="http://[bad"><meta property="og:url" content="https://a.example/">',
             None, "https://a.example/"),
            ('<meta property="og:url" content="/a">', "https://shore.example/", "https://shore.example/a"),
            ('<link rel="canonical" href="javascript:go()">', "https://shore.example/", None),
        ],
    )  # fmt: skip
    def test_the_pages_own(self, head: str, url: str | None, canonical: str | None) -> None:
        assert article(TEXT, head=head, url=url).canonicalUrl == canonical

    def test_an_image(self) -> None:
        head = '<meta property="og:image" content="/i.jpg">'
        found = article(TEXT, head=head, url="https://shore.example/a/b").mainImage
        assert found is not None
        assert found.url == "https://shore.example/i.jpg"
        assert article(TEXT, head=head).mainImage is None


def signed(head: str, body: str = "") -> list[str | None]:
    return [author.nameRaw for author in article(f"<h1>Pier</h1>{body}{TEXT}", head=head).authors]


class TestAuthors:
    """People, and what stands in their place."""

    def test_a_paper_has_all_its_authors_as_they_are_read(self) -> None:
        head = "".join(
            f'<meta name="citation_author" content="{name}">'
            for name in ("Holm, Ida", "Bo Lind", "King, Martin, Jr.", "Adler, PhD")
        )
        assert signed(head) == ["Ida Holm", "Bo Lind", "King, Martin, Jr.", "Adler, PhD"]

    @pytest.mark.parametrize(
        ("content", "names"),
        [
            ("Ida Holm and Bo Lind", ["Ida Holm", "Bo Lind"]),
            ("Ida Holm, Bo Lind and Eva Ek", ["Ida Holm", "Bo Lind", "Eva Ek"]),
            ("Ida Holm, Bo Lind, and Eva Ek", ["Ida Holm", "Bo Lind", "Eva Ek"]),
            ("Ida Holm und Bo Lind", ["Ida Holm", "Bo Lind"]),
            ("Ida Holm; Bo Lind", ["Ida Holm", "Bo Lind"]),
            ("Ида Хольм и Бу Линд", ["Ида Хольм", "Бу Линд"]),
            ("By Ida Holm & Bo Lind", ["Ida Holm", "Bo Lind"]),
            ("IDA HOLM AND BO LIND", ["IDA HOLM", "BO LIND"]),
            ("By Ida Holm in Oslo and Bo Lind in Turku", ["Ida Holm", "Bo Lind"]),
            ("Ida Holm (Oslo, envoyée spéciale)", ["Ida Holm"]),
            ("Ida Holm — Oslo (NO)", ["Ida Holm"]),
            ("Ida Holm for the Shore Post", ["Ida Holm"]),
            ("IDA HOLM Associated Press", ["IDA HOLM"]),
            ("J. K. Holm", ["J. K. Holm"]),
            ("Ida Eva in 't Veld", ["Ida Eva in 't Veld"]),
            ("Ida and Bo Lind", ["Ida and Bo Lind"]),
            ("José Ortega y Gasset", ["José Ortega y Gasset"]),
            ("Ida Holm, Harbour Editor", ["Ida Holm"]),
            ("Ida Holm, Master Diver & Pier Builder", ["Ida Holm, Master Diver & Pier Builder"]),
            ("Ida Holm und Bo Lind, Oslo", ["Ida Holm und Bo Lind, Oslo"]),
            ("Bank of Piers and Quays", ["Bank of Piers and Quays"]),
        ],
    )
    def test_a_list_of_full_names_is_several(self, content: str, names: list[str]) -> None:
        assert signed(f'<meta name="author" content="{content}">') == names

    @pytest.mark.parametrize(
        "head",
        [
            '<meta name="author" content="Shore Post"><meta property="og:site_name" content="Shore Post">',
            '<meta name="author" content="Shore Post"><link rel="canonical" href="https://shorepost.example/a">',
            '<meta name="author" content="admin">',
            '<meta name="author" content="Редакция">',
            linked('{"@type": "Article", "author": {"name": "Shore"}, "publisher": {"name": "Shore"}}'),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize(
        "byline", ['<p class="byline">By <a rel="author">Ida Holm</a></p>', "<p>By Ida Holm</p>"]
    )
    def test_the_site_and_its_roles_yield_to_people(self, head: str, byline: str) -> None:
        assert signed(head, byline) == ["Ida Holm"]
        assert len(signed(head)) == 1

    def test_two_names_are_two_authors_wherever_they_stand(self) -> None:
        stated = linked('{"@type": "Article", "author": "Ida Holm and Bo Lind"}')
        assert signed(stated) == ["Ida Holm", "Bo Lind"]
        assert signed("", '<p class="byline">By Ida Holm and Bo Lind</p>') == ["Ida Holm", "Bo Lind"]

    def test_who_took_the_pictures_did_not_write_the_text(self) -> None:
        assert signed("", '<p class="byline">Photographs by Bo Lind</p>') == []
        assert signed("", '<p class="byline">Foto: Bo Lind</p><p class="byline">Von Ida Holm</p>') == [
            "Ida Holm"
        ]

    def test_a_chinese_line_above_the_date_is_no_person_where_it_is_longer_than_names_are(self) -> None:
        title = "老船匠带出六名徒弟 乌篷船手艺有了传人"
        above = ("江南晚报", title, "2024年4月18日", "作者:陈嘉怡")
        assert signed("", "".join(f"<p>{line}</p>" for line in above)) == ["陈嘉怡"]


class TestText:
    """What the text of a page says besides, and what of it becomes of which field."""

    @pytest.mark.parametrize(
        ("line", "keywords"),
        [
            ("Mots-clés : politique, ville", "politique, ville"),
            ("Palavras-chave: porto, mar", "porto, mar"),
            ("Tags:\nPolitics    Economy    Sport    Weather", "Politics Economy Sport Weather"),
        ],
    )
    def test_all_keywords_stand_in_their_field(self, line: str, keywords: str) -> None:
        assert clean(f"{LINES}\n\n{line}".encode()).article.keywordsRaw == keywords

    @pytest.mark.parametrize(
        ("hint", "language", "source"),
        [
            (None, "en", "text"),
            ("en-GB", "en-GB", "text"),
            ("fr", "en", "text"),  # a hint is no proof
        ],
    )
    def test_its_words_tell_the_language(self, hint: str | None, language: str, source: str) -> None:
        found = clean(LINES.encode(), language=hint).article
        assert (found.inLanguage, found.metadataSources["inLanguage"]) == (language, source)

    def test_of_a_page_without_words_the_hint_does(self) -> None:
        assert clean(b"12 13 14", language="eo").article.metadataSources["inLanguage"] == "hint"

    def test_a_day_ago_is_raw_without_its_label(self) -> None:
        found = clean(f"The town hall opens\n\nPublished 3 hours ago\n\n{LINES}".encode()).article
        assert found.datePublishedRaw == "3 hours ago"
        asked = clean(f"The town hall opens\n\nAsked 4 years, 2 months ago\n\n{LINES}".encode()).article
        assert asked.datePublishedRaw == "4 years, 2 months ago"
        assert clean(f"The town hall opens\n\nمنذ 5\n\n{LINES}".encode()).article.datePublishedRaw is None
