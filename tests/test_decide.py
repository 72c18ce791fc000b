"""What is cut out of a block, and what becomes of the rest."""

import pytest

from schemas.labels import Action, Label
from service import clean

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
