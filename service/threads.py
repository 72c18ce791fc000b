"""What tells a forum thread, or several articles, from one article."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.labels import Action, Label
from service import posts, tree
from service.datelines import DATE_LINE, unlabelled
from service.dates import find_date
from service.document import Line, Page, Span, once_a_page
from service.scripts import units
from service.stops import STOPS, TERMINALS


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
# Posts below a name and a date, where the software says nothing of its own; a header's lines have few words,
# and so has what stands beside the date
MIN_DATED: Final = 3
NAME_UNITS: Final = 4
BESIDE_UNITS: Final = 2
# Of posts that the tree tells of, the first has at most so many times the text of the others: below an
# article stand comments
MAX_FIRST: Final = 6
_COMMON: Final = (f"{Label.COMMENTS}.", f"{Label.NAVIGATION}.control")  # rules of other detectors
_UNNAMED: Final = f"{TERMINALS}:：,،;"  # what closes no name
_POST_NUMBER: Final = re.compile(r"#\s?\d{1,6}")
# Independent signs that make a page a thread
MIN_THREAD_EVIDENCE: Final = 2


@once_a_page
def lone_spaces(page: Page) -> tuple[int, ...]:
    """Where lines stand that hold one space and nothing else."""
    return tuple(m.start() for m in _LONE_SPACE.finditer(f"\n{page.text}"))


def thread_evidence(page: Page, spans: Sequence[Span]) -> tuple[Evidence, ...]:
    """Independent signs that the page is a thread; two of them make one."""
    found = []
    chrome = [s for s in spans if s.label is Label.FORUM_CHROME and not _is_common(page, s)]
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
    found.extend(_in_tree(page, spans))
    headers = _dated_headers(page, spans)
    if headers:
        first, last = headers[0], headers[-1]
        found.append(
            Evidence("dated_posts", f"{len(headers)} texts below a name and a date", first.start, first.end)
        )
        if all(sign.code != "opens_with_a_post" for sign in found):
            found.append(
                Evidence(
                    "opens_with_a_post", "no article stands above the first of them", last.start, last.end
                )
            )
    return tuple(found)


def _is_common(page: Page, span: Span) -> bool:
    """Whether what forums write is nothing special there.

    Readers' comments have buttons like posts, long pages have links to their top, and tables have numbers.
    """
    common = any(rule.startswith(_COMMON) for rule, _ in span.reasons)
    return common or tree.is_table_row(page, span.line)


def _in_tree(page: Page, spans: Sequence[Span]) -> Iterator[Evidence]:
    """What the tree of an HTML page says: that it is a thread, and where posts are signed and dated."""
    if page.dom is None:
        return
    whole = page.lines[0].start, page.lines[-1].end
    if asks := tree.asks(page):
        yield Evidence("declared_forum", "the page's own marks call it questions, answers or posts", *whole)
    found = posts.find(page, spans)
    signed = [post for post in found if post.writers]
    dated = [post for post in signed if post.moments]
    if _is_talk(page, found, dated):
        signed = dated
        where = _line_of(page, dated[0])
        yield Evidence("opens_with_a_post", "no article stands above the first of them", *where)
    elif not (asks and signed):
        return
    where = _line_of(page, signed[-1])
    yield Evidence("signed_posts", f"{len(signed)} texts with the name of their writer", *where)


def _is_talk(page: Page, found: Sequence[posts.Post], dated: Sequence[posts.Post]) -> bool:
    """Whether dated posts are several people's, mostly running text, and no comments below an article."""
    if len(dated) < MIN_DATED or len({post.writers[0] for post in dated}) == 1:
        return False
    above = sum(post.chars for post in found if post.lines[0] <= dated[0].lines[0])
    rest = [post.chars for post in dated[1:]]
    running = sum(any(page.lines[n].prose for n in post.lines) for post in dated)
    return above * len(rest) <= MAX_FIRST * sum(rest) and 2 * running >= len(dated)


def _line_of(page: Page, post: posts.Post) -> tuple[int, int]:
    line = page.lines[post.lines[0]]
    return line.start, line.end


def _dated_headers(page: Page, spans: Sequence[Span]) -> list[Line]:
    """The date lines that stand between a short line, as a name, and running text that was kept.

    None where they are few; nor where the text above the first is longer than what stands below each, as an
    article is above its comments. A chronicle and a live blog have no name above the date.
    """
    kept = {s.line for s in spans if s.action in (Action.KEPT, Action.FLAGGED)}
    said = [line.words if line.prose and i in kept else 0 for i, line in enumerate(page.lines)]
    at = [
        i
        for i in range(1, len(page.lines) - 1)
        if said[i + 1] and not page.lines[i].prose and _is_date(page, i) and _is_name(page, i - 1)
    ]
    if len(at) < MIN_DATED or sum(said[: at[0]]) * len(at) > sum(said[at[0] :]):
        return []
    return [page.lines[i] for i in at]


def _is_date(page: Page, index: int) -> bool:
    """Whether a line is a date, and next to nothing beside it."""
    text = _text(page, index)
    if len(text) > DATE_LINE or text[-1] in STOPS or (where := find_date(text)) is None:
        return False
    return units(f"{text[: where[0]]} {text[where[1] :]}") <= BESIDE_UNITS


def _is_name(page: Page, index: int) -> bool:
    """Whether a line may name who posted: short, and no date, label or sentence; or numbers the post."""
    label, rest = unlabelled(_text(page, index)[:DATE_LINE])
    if label and not rest and index:  # "Ann", "Posted on", the date
        index -= 1
    text = _text(page, index)
    if _POST_NUMBER.fullmatch(text):
        return True
    if page.lines[index].prose or not text[0].isalnum() or text[-1] in _UNNAMED:
        return False
    return units(text) <= NAME_UNITS and not unlabelled(text)[0] and find_date(text) is None


def _text(page: Page, index: int) -> str:
    line = page.lines[index]
    return page.text[line.start : line.end]
