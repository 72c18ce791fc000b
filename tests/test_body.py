"""The body keeps the form its author gave it, whether a line is kept or kept in doubt."""

import pytest

from schemas.labels import Action, Label
from service import article, blocks
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
    f"<table><tr><th>Town</th><th>2019</th></tr><tr><td>Alder</td><td>380</td></tr></table><p>{SECOND}</p>"
)
GUIDE_BODY = (
    f"Usage\n\n{FIRST}\n\nimport tide\n\n\nwith tide.open() as gauge:\n    gauge.read()\n\n"
    f"Copper\nIron\n\nTown\t2019\nAlder\t380\n\n{SECOND}"
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
