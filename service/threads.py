"""What tells a forum thread, or several articles, from one article."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schemas.labels import Action, Label
from service.document import Page, Span, once_a_page


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign of a thread, and where on the page it stands."""

    code: str
    message: str
    start: int
    end: int


# Forum software puts a line that holds one space or one NO-BREAK space between posts and attachments.
_LONE_SPACE: Final = re.compile(r"\n[ \u00a0\t](?=\r?\n|$)")
MIN_SEPARATORS: Final = 3
MIN_ATTACHMENTS: Final = 3
MIN_CHROME: Final = 2
# Independent signs that make a page a thread
MIN_THREAD_EVIDENCE: Final = 2


@once_a_page
def lone_spaces(page: Page) -> tuple[int, ...]:
    """Where lines stand that hold one space and nothing else."""
    return tuple(m.start() for m in _LONE_SPACE.finditer(f"\n{page.text}"))


def thread_evidence(page: Page, spans: Sequence[Span]) -> tuple[Evidence, ...]:
    """Independent signs that the page is a thread; two of them make one."""
    found = []
    chrome = [s for s in spans if s.label is Label.FORUM_CHROME]
    if len(chrome) >= MIN_CHROME:
        found.append(
            Evidence("forum_chrome", f"{len(chrome)} pieces of forum chrome", chrome[0].start, chrome[0].end)
        )
    if len(chrome) >= 3 * MIN_CHROME:
        found.append(
            Evidence("repeated_chrome", "forum chrome recurs over the page", chrome[-1].start, chrome[-1].end)
        )
    lone = lone_spaces(page)
    if len(lone) >= MIN_SEPARATORS:
        found.append(
            Evidence("post_separators", f"{len(lone)} lines that hold one space", lone[0], lone[0] + 1)
        )
    files = [s for s in spans if s.label is Label.MEDIA_REFERENCE and s.action is Action.REMOVED]
    if len(files) >= MIN_ATTACHMENTS:
        found.append(Evidence("attachments", f"{len(files)} attached files", files[0].start, files[0].end))
    return tuple(found)
