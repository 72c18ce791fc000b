"""The text that a page keeps for its program."""

import json
import time

import pytest

from service import clean
from service.blocks import html

STORY = (
    ("The bakery on the corner of the market has closed after a hundred and four years, and nobody"
    " in the family wants to take it on."),
    ("Its oven, which was fired with beech until the war, will go to the town museum, where it is "
    "to be lit once a year on the feast of the guild."),
    ("Neighbours have collected signatures and hope that an apprentice from the next village can "
    "be talked into coming, at least for the winter."),
    ("The landlord has promised to wait with the sale until spring, and to ask a rent that "
    "somebody who gets up at two can pay."),
)  # fmt: skip


def _lines(page: str) -> list[str]:
    return [line for line in html.render(page)[0].split("\n") if line]


def _data(value: object) -> str:
    return f'<div id="app"></div><script type="application/json">{json.dumps(value)}</script>'


def _leaf(text: str, **style: object) -> dict[str, object]:
    return {"text": text, **style}


def _span(text: str) -> dict[str, object]:
    return {"type": "text", "value": text, "marks": []}


class TestRichText:
    """Paragraphs as nodes, their words in leaves."""

    def test_a_paragraph_is_put_together_and_short_ones_stay(self) -> None:
        nodes = [{"type": "paragraph", "children": [_leaf(text)]} for text in STORY]
        nodes[1:1] = [
            {"type": "heading", "children": [_leaf("Cold oven")]},
            {"type": "paragraph", "children": [_leaf("It was "), _leaf("never", bold=True), _leaf(" rich.")]},
            {
                "type": "paragraph",
                "children": [
                    _leaf("Some "),
                    {"type": "link", "url": "/a", "children": [_leaf("old photographs")]},
                    _leaf(" hang in the hall."),
                ],
            },
        ]
        assert _lines(_data({"post": {"content": nodes}})) == [
            STORY[0],
            "Cold oven",
            "It was never rich.",
            "Some old photographs hang in the hall.",
            *STORY[1:],
        ]

    def test_lists_in_it_stay(self) -> None:
        nodes: list[object] = [{"nodeType": "paragraph", "content": [_span(text)]} for text in STORY]
        item = {
            "nodeType": "list-item",
            "content": [{"nodeType": "paragraph", "content": [_span("Rye bread")]}],
        }
        nodes.insert(2, {"nodeType": "unordered-list", "content": [item]})
        assert _lines(_data({"body": {"nodeType": "document", "content": nodes}})) == [
            *STORY[:2],
            "Rye bread",
            *STORY[2:],
        ]

    @pytest.mark.parametrize("key", ["blocks", "content", "children"])
    def test_paragraphs_are_not_glued(self, key: str) -> None:
        texts = [*STORY[:2], "Who will come?", *STORY[2:]]
        assert _lines(_data({"post": {key: [{"text": text} for text in texts]}})) == texts

    def test_addresses_and_numbers_beside_text_are_none(self) -> None:
        blocks = [{"text": text} for text in (*STORY, "/img/oven.jpg", "https://example.org/oven", "1904")]
        assert _lines(_data({"blocks": blocks})) == list(STORY)


class TestFlatLists:
    """Lists whose objects hold places instead of values."""

    def test_markup_is_found(self) -> None:
        body = "".join(f"<p>{text}</p>" for text in STORY)
        flat = [["ShallowReactive", 1], {"data": 2}, {"body": 3, "date": 4}, body, ["Date", "2024-05-14"]]
        assert _lines(_data(flat)) == list(STORY)

    def test_paragraphs_keep_their_order(self) -> None:
        flat = [{"post": 1}, {"paragraphs": 2}, [6, 5, 4, 3], *STORY[::-1]]
        assert _lines(_data(flat)) == list(STORY)

    def test_what_holds_itself_is_read_once(self) -> None:
        flat = [{"next": 0, "text": 1, "children": 2}, " ".join(STORY), [0, 1, 2]]
        assert _lines(_data(flat)) == [" ".join(STORY)]


def test_strings_that_a_program_names_are_read() -> None:
    body = json.dumps("".join(f"<p>{text}</p>" for text in STORY))
    call = f'(function(a){{return {{data:[{{post:{{id:7,title:a,body:{body}}}}}]}}}}("x"))'
    assert _lines(f"<div id=__nuxt></div><script>window.__NUXT__={call};</script>") == list(STORY)


class TestStreams:
    """Elements that are streamed in pieces."""

    @staticmethod
    def _page(stream: str, size: int = 97) -> str:
        pieces = (stream[at : at + size] for at in range(0, len(stream), size))
        pushes = "".join(f"<script>self.__next_f.push({json.dumps([1, piece])})</script>" for piece in pieces)
        return f"<div class=skeleton></div><script>self.__next_f=self.__next_f||[]</script>{pushes}"

    @staticmethod
    def _element(tag: str, *children: object) -> list[object]:
        return ["$", tag, None, {"children": list(children)}]

    def test_elements_are_read(self) -> None:
        link = ["$", "$L3", None, {"href": "/a", "children": "the guild"}]
        nodes = [self._element("p", text) for text in STORY]
        nodes.insert(1, self._element("h2", "Beech & rye 🥖"))
        nodes.insert(2, self._element("p", "So says ", self._element("em", "every"), " baker."))
        nodes.insert(3, self._element("p", self._element("a", "The guild"), " has no say in it."))
        article = json.dumps(self._element("article", nodes, link), ensure_ascii=False)
        stream = f'1:"$Sreact.fragment"\n2:I[45,["static/chunks/main.js"],"Link"]\n5:{article}\n'
        assert _lines(self._page(stream)) == [
            STORY[0],
            "Beech & rye 🥖",
            "So says every baker.",
            "The guild has no say in it.",
            *STORY[1:],
            "the guild",
        ]

    def test_rows_of_text_are_put_where_they_are_named(self) -> None:
        text = "".join(f"<p>{each} — so.</p>" for each in STORY)
        size = f"{len(text.encode()):x}"
        element = ["$", "div", None, {"dangerouslySetInnerHTML": {"__html": "$6"}}]
        stream = f"6:T{size},{text}5:{json.dumps(['$', 'main', None, {'children': element}])}\n"
        assert _lines(self._page(stream)) == [f"{each} — so." for each in STORY]

    def test_what_is_not_drawn_is_no_text(self) -> None:
        missing = self._element("p", "This page could not be found.")
        route = ["$", "$L1", None, {"notFound": missing, "children": [self._element("p", t) for t in STORY]}]
        assert _lines(
            self._page(f"0:{json.dumps({'b': 'build', 'f': [['children', 'news', route]]})}\n")
        ) == list(STORY)

    def test_the_page_becomes_an_article(self) -> None:
        stream = f"5:{json.dumps(self._element('article', [self._element('p', t) for t in STORY]))}\n"
        page = f"<title>The last loaf</title>{self._page(stream)}"
        result = clean(page.encode(), content_type="text/html; charset=utf-8")
        assert result.verdict.pageType == "article"
        assert result.article.articleBody == "\n\n".join(STORY)


@pytest.mark.parametrize(
    "script",
    [
        'self.__next_f.push([1,"' * 60_000,
        "self.__next_f.push(" + json.dumps([1, "7:Tf4240," + "x" * 1_000_000]) + ")</script><script>"
        "self.__next_f.push("
        + json.dumps([1, json.dumps(["$", "p", None, {"children": ["$7"] * 50_000}])])
        + ")",
        'window.__NUXT__={a:"' * 60_000,
        "window.__NUXT__={" + r'text:"\q",' * 60_000,
    ],
    ids=["pushes", "names", "unclosed", "escapes"],
)
def test_hostile_scripts_take_no_longer_than_others(script: str) -> None:
    began = time.process_time()
    html.render(f"<script>{script}</script>")
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "value",
    [
        [
            {"children": place + 1, "text": place + 2} if place % 2 == 0 else [place + 1]
            for place in range(50_000)
        ],
        [[1] * 2, *([place + 1] * 2 for place in range(1, 50_000)), " ".join(STORY)],
        {"content": [{"text": "a"}] * 50_000},
    ],
    ids=["deep", "doubling", "wide"],
)
def test_hostile_state_takes_no_longer_than_other(value: object) -> None:
    began = time.process_time()
    html.render(_data(value))
    assert time.process_time() - began < 10
