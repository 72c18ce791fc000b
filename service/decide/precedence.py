"""findings of one stretch -> which of them names it.

What is known by its own form comes before what is known by its place, and fields come before both.
"""

from typing import Final

from schemas.labels import Label
from service.document import Finding

PRECEDENCE: Final = (
    # fields first: a headline that a menu repeats is still the headline
    Label.HEADLINE,
    Label.DATELINE,
    Label.BYLINE,
    Label.SOURCE_CREDIT,
    # then what is recognised by its own form
    Label.ARTIFACT,
    Label.MEDIA_REFERENCE,
    Label.SOURCE_LINK,
    Label.COOKIE_BANNER,
    Label.ACCESS_NOTICE,
    Label.REPORT_WIDGET,
    Label.SHARE_WIDGET,
    Label.NEWSLETTER,
    Label.FORUM_CHROME,
    Label.COMMENT_PROMPT,
    Label.COMMENTS,
    Label.LEGAL_FOOTER,
    Label.ADVERTISEMENT,
    Label.INLINE_RELATED,
    Label.KEYWORD_LIST,
    # then what is recognised by where it stands
    Label.HEADLINE_TICKER,
    Label.RELATED_TAIL,
    Label.NAVIGATION,
    Label.DUPLICATE_BLOCK,
    Label.SITE_BOILERPLATE,
    Label.OTHER_BOILERPLATE,
)
BY_GUESS: Final = frozenset({Label.HEADLINE_TICKER, Label.NAVIGATION, Label.OTHER_BOILERPLATE})
"""What is told by the place or by the labeller alone: a title below a menu, or a list, is taken for these."""

# A headline's confidence is learned, and its detector names none that is unlikely. One less sure than this
# gives way to what is recognised by its own form, not to what only stands as a menu would
SURE_TITLE: Final = 0.75

_RANK: Final = {label: rank for rank, label in enumerate(PRECEDENCE)}
_BY_PLACE: Final = _RANK[Label.HEADLINE_TICKER]


def order(finding: Finding) -> tuple[float, float, str]:
    """A key to sort findings by: the one that names the stretch comes first."""
    rank: float = _RANK.get(finding.label, len(_RANK))
    if finding.label is Label.HEADLINE and finding.confidence < SURE_TITLE:
        rank = _BY_PLACE - 0.5
    return (rank, -finding.confidence, finding.rule)
