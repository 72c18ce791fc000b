"""What is cut out of a block, and what becomes of the rest."""

import pytest

from schemas.labels import Action, Label
from schemas.request import Profile
from service import blocks, clean
from service.decide import decide
from service.decode import from_text
from service.document import Opinion

TEXT = """
25 March 2022

The council voted on Tuesday to close the bridge for repairs that will last until the end of the year.

Residents of the old town said that the bridge was the only way to the market on weekdays for many.
"""


@pytest.mark.parametrize("bar", ["Share on FacebookShare on Twitter", " Share on FacebookShare on Twitter"])
def test_a_bar_glued_to_a_title_is_cut_from_the_headline(bar: str) -> None:
    title = "The council closes the old bridge for a year"
    result = clean(f"{title}{bar}\n{TEXT}".encode())
    assert result.article.headline == title
    first, second = result.segments[:2]
    assert (first.label, first.action, first.end) == (Label.HEADLINE, Action.LIFTED, len(title))
    assert (second.label, second.action) == (Label.SHARE_WIDGET, Action.REMOVED)


SENTENCES = [
    "The council voted on Tuesday to close the bridge for repairs that will last until the end of the year.",
    "Residents of the old town said that the bridge was the only way to the market on weekdays for many.",
    "A ferry will take people over the river in the meantime, and buses will go by the southern bridge.",
    "The repairs cost four million, half of which the province pays, said the mayor after the long meeting.",
    "Work begins in March, when the water is low enough for divers to look at the pillars under the bridge.",
]


@pytest.mark.parametrize(
    ("html", "opinion", "action"),
    [
        (True, 0.02, Action.REMOVED),
        (True, 0.3, Action.FLAGGED),
        (False, 0.02, Action.FLAGGED),
        (False, 0.3, Action.FLAGGED),
    ],
)
def test_a_lone_line_amid_the_text_goes_only_where_the_model_sees_markup_and_is_sure(
    html: bool, opinion: float, action: Action
) -> None:
    lines = [*SENTENCES, "Four arches, one road", *reversed(SENTENCES)]
    text = "".join(f"<p>{line}</p>" for line in lines) if html else "\n\n".join(lines)
    page = blocks.read(from_text(text, html=html))
    opinions = [Opinion(opinion if block.text.startswith("Four") else 0.99) for block in page.blocks]
    spans = decide(page, (), opinions, Profile.GENERIC)
    (lone,) = (span for span in spans if page.text[span.start : span.end].startswith("Four"))
    assert lone.action is action
