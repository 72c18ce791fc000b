"""page, spans, body -> the posts of a thread, or the articles of a page that holds several.

A boundary is never taken from one sign: between posts stands what forum software puts there (a header with
a date or a number, member statistics, a line that holds one space), on a page whose evidence says that it
is a thread; between articles stand a headline and a date or a byline, and enough text follows each.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from typing import Final, NamedTuple

import numpy as np

from schemas.article import Article, Author, Part
from schemas.labels import Action, Label
from service import posts
from service.article import Paragraph, join
from service.datelines import DATE_LINE, LABEL_WORDS, NAME_WORDS, WORDS, is_date_line, named, unlabelled
from service.dates import find_date
from service.detector import phrases
from service.document import Dom, Page, Span
from service.folding import fold
from service.scripts import units
from service.stops import STOPS, TERMINALS
from service.threads import MIN_SEPARATORS, MIN_THREAD_EVIDENCE, lone_spaces, thread_evidence
from service.titles import name_like

# A post's header has lines of a few words; longer ones that hold a date are somebody's sentence
HEADER_WORDS: Final = 8
HEADER_LINES: Final = 12
MEMBER_WORDS: Final = 6
MANY: Final = 5  # posts, from which on what most headers share is no name
HEADLINE_WORDS: Final = 22
# A shorter one is what is left of a header or a signature
POST_WORDS: Final = 4
# Headers alone part so many posts at least: a date in the midst of a page parts two of anything
MIN_POSTS: Final = 3
WORD: Final = 4  # characters, in scripts with spaces and without
# Each article of several has at least so many words of running text, each in so many paragraphs
ARTICLE_WORDS: Final = 120
ARTICLE_PARAGRAPHS: Final = 2
# Of a post that is signed with a date like the others, or parted from them by buttons, half will do
POST_SHARE: Final = 0.5
# A shorter paragraph is a line that heads or signs the text
RUNNING_WORDS: Final = 12
SIGNED_WITHIN: Final = 3
# A pasted text is recognised by so many paragraphs parted by blank lines
PASTED: Final = 3

_SIGNING: Final = (Label.DATELINE, Label.BYLINE)
# What stands below a post of several: "4 comments", "Share", "Read more", its tags
_BUTTONS: Final = frozenset({
    Label.SHARE_WIDGET, Label.COMMENT_PROMPT, Label.COMMENTS, Label.KEYWORD_LIST, Label.NAVIGATION,
    Label.INLINE_RELATED, Label.OTHER_BOILERPLATE,
})  # fmt: skip
_UNHEADED: Final = f"{TERMINALS}:：،,，"  # what closes no headline
_DATED: Final = re.compile(
    r"\b(?:19|20)\d\d\b|[\u0660-\u0669\u06f0-\u06f9]{4}|\b\d{1,2}:\d\d\b|\d+\s?(?:年|월)"
    r"|\b\d+ (?:min|hour|day|week|month|year)s? ago\b"
)
_NICKNAME: Final = re.compile(r"[^\W\d_][^\W_]*(?:[_.-]?\d[\w.-]*|_[\w.-]+)")
_AROUND: Final = " »«•·-–—,|"  # what stands between a name and a date
_CLOCK: Final = re.compile(r"\d:\d\d")
# What board software puts above the words of another post
_QUOTATION: Final = re.compile(
    r"\W*(?:(?:quote|originally posted|message original posté|envoyé|publicado originalmente"
    r"|originalmente escrito) (?:by|par|por)|(?:zitat|citation|cita|citazione|citaat|сообщение|цитата)"
    r" (?:von|de|di|van|от|из)|المشاركة الأصلية كتبت بواسطة|اقتباس من)\b",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    r"\s*(?:#\s?\d{1,6}|(?:post|beitrag|mensaje|сообщение|مشاركة)\s*:?\s*#?\s?\d{1,6})\s*", re.IGNORECASE
)


def cut(page: Page, spans: Sequence[Span], body: Sequence[Paragraph], article: Article) -> tuple[Part, ...]:
    """The parts of a page; none where it is one text."""
    if len(body) < 2:
        return ()
    if len(thread_evidence(page, spans)) >= MIN_THREAD_EVIDENCE:
        if len(told := _in_tree(page, spans, body, article)) > 1:
            return tuple(told)
        found = _posts(page, spans, body)
        least = 2 if len(lone_spaces(page)) >= MIN_SEPARATORS else MIN_POSTS
    else:
        found = _articles(page, spans, body)
        least = 2
    if len(found) < least:
        return ()
    headers = [tuple(_lines(page, *piece.header))[-HEADER_LINES:] for piece in found]
    everywhere = Counter(line for header in headers for line in set(header))
    common = {line for line, n in everywhere.items() if len(found) >= MANY and n > len(found) // 2}
    return tuple(
        _part(page, piece, [line for line in header if line not in common], article)
        for piece, header in zip(found, headers, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part before it is put into words: its paragraphs, its extent, the stretch its header stands in."""

    body: tuple[Paragraph, ...]
    start: int
    end: int
    header: tuple[int, int]
    headline: str | None = None


def _part(page: Page, piece: _Piece, header: Sequence[str], article: Article) -> Part:
    date, author = _signature(header)
    return _put(page, piece, (date, author), article)


def _put(page: Page, piece: _Piece, signature: tuple[str | None, str | None], article: Article) -> Part:
    """A part in words; its signature is a date and a name."""
    date, author = signature
    body = piece.body
    headline = piece.headline
    if headline is None and _is_headline(page, body) and len(body) > 1 and body[0].text != article.headline:
        headline, body = body[0].text, body[1:]
    return Part(
        headline=headline,
        articleBody=join(body),
        authors=(Author(nameRaw=author),) if author else (),
        datePublishedRaw=date,
        start=piece.start,
        end=piece.end,
    )


def _lines(page: Page, start: int, end: int) -> Iterator[str]:
    """The lines that lie in a stretch, with no white space around them."""
    first, last = np.searchsorted(page.columns.line_starts, (start, end)).tolist()
    for line in page.lines[first:last]:
        yield page.text[line.start : line.end]


def _signature(lines: Sequence[str]) -> tuple[str | None, str | None]:
    """The date and the name that a header holds. What most headers share names nobody."""
    dated = [line for line in lines if _is_dated(line) and not _is_of_member(line, "field")]
    # of what else stands in a header, the post's own date is nearest to its text
    plain = [line for line in dated if not _is_of_member(line, "detail")] or [*filter(find_date, dated)]
    date = _date_of(plain[-1]) if plain else None
    beside = [*filter(None, map(_signed_beside, lines))]
    names = [line for line in lines if _is_name(line) and not _DATED.search(line)]
    names = [name for name in names if not _is_control(name)] or [*filter(None, map(named, lines))]
    # what stands beside the date with a word for it is sure; a line alone may be the forum's name
    names = beside or names
    return date, names[0] if names and date else None


def _is_name(text: str) -> bool:
    """Whether a line looks like names, or like what a member goes by: one word with digits behind letters."""
    return name_like(text, NAME_WORDS) or _NICKNAME.fullmatch(text) is not None


def _signed_beside(line: str) -> str | None:
    """Who a line says it was beside its date: "by ann_k » Sat Feb 03, 2024 9:12 am"."""
    if len(line) > DATE_LINE or (where := find_date(line)) is None:
        return None
    label, rest = unlabelled(line[: where[0]])
    name = rest.strip(_AROUND)
    said = label in phrases("dateline", "by") and (_is_name(name) or (name.isalnum() and " " not in name))
    return name if said else None


def _is_of_member(line: str, listed: str) -> bool:
    """Whether a line holds a figure of whoever posted, as the day of joining; a post's has a time of day.

    So may the day of joining: then nothing stands between what it is called and the day.
    """
    folded = f" {fold(line)}"
    if _CLOCK.search(line):
        where = find_date(line)
        label = fold(line[: where[0]]).rstrip(" :") if where else ""
        return label in phrases("forum_chrome", listed)
    return any(
        not folded[at - 1].isalnum() and not folded[at + len(phrase) : at + len(phrase) + 1].isalpha()
        for phrase in phrases("forum_chrome", listed)
        if (at := folded.find(phrase)) > 0
    )


def _is_control(line: str) -> bool:
    """Whether a line says nothing but what forum software writes: buttons, tools, ranks."""
    words = WORDS.findall(fold(line))
    while words:
        longest = next((n for n in range(LABEL_WORDS, 0, -1) if " ".join(words[:n]) in _controls()), 0)
        if not longest:
            return False
        words = words[longest:]
    return True


@cache
def _controls() -> frozenset[str]:
    return frozenset(phrases("forum_chrome"))


def _date_of(line: str) -> str:
    where = find_date(line)
    return line[where[0] : where[1]] if where else line


def _is_dated(text: str) -> bool:
    if _DATED.search(text) is None:
        return False
    return units(text) <= HEADER_WORDS or _signed_beside(text) is not None


def _is_marker(text: str) -> bool:
    """Whether a kept line is a post's header rather than its text."""
    return _NUMBERED.fullmatch(text) is not None or (_is_dated(text) and text[-1:] not in STOPS)


def _is_headline(page: Page, body: Sequence[Paragraph]) -> bool:
    """Whether the first paragraph heads what follows it: short, no sentence, apart from the text."""
    first = body[0].text
    if _QUOTATION.match(first) or _is_control(first):
        return False
    if len(body) < 2 or not 3 <= units(first) <= HEADLINE_WORDS or first[-1:] in _UNHEADED:
        return False
    between = page.text[body[0].end : body[1].start]
    return between.isspace() and between.count("\n") >= 2 and len(body[1].text) > len(first)


# Threads whose tree tells of their posts.


def _in_tree(page: Page, spans: Sequence[Span], body: Sequence[Paragraph], article: Article) -> list[Part]:
    """The posts that are elements of their own, each with what its marks say of it."""
    found = posts.find(page, spans)
    if page.dom is None or not found:
        return []
    of_line = posts.by_line(found)
    at = (np.searchsorted(page.columns.line_starts, [p.start for p in body], side="right") - 1).tolist()
    parts = []
    for owner, run in groupby(zip(at, body, strict=True), key=lambda pair: of_line.get(pair[0])):
        if owner is None:
            continue
        post = found[owner]
        group = [p for _, p in run if not _is_marker(p.text) and not _is_named(p.text, post)]
        if not group:
            continue
        piece = _Piece(tuple(group), group[0].start, group[-1].end, (group[0].start, group[0].start))
        parts.append(_put(page, piece, _told(page, page.dom, post, piece), article))
    return parts


def _is_named(text: str, post: posts.Post) -> bool:
    """Whether a kept line is but the name of whoever posted, or its first letter in a picture's place."""
    return any(text == name or (len(text) == 1 and text == name[0].upper()) for name in post.writers)


def _told(page: Page, dom: Dom, post: posts.Post, piece: _Piece) -> tuple[str | None, str | None]:
    """When a post was written, and by whom: what its marks say, else what the lines around its text do."""
    ends = int(dom.last_line[post.row])
    behind = page.lines[ends].start if ends < len(page.lines) else len(page.text)
    above = [*_lines(page, page.lines[dom.first_line[post.row]].start, piece.start)]
    # below a text, what stands nearest to it is the first
    below = [*_lines(page, max(piece.end, page.lines[post.lines[-1]].end), behind)][:HEADER_LINES][::-1]
    signatures = [_signature(lines) for lines in (above, below)]
    date = next((day for day, _ in signatures if day), None)
    author = next((name for _, name in signatures if name), None)
    if post.moments:
        moment = post.moments[0]
        date = (moment.text if find_date(moment.text) else moment.moment) or moment.text
    return date, next((name for name in post.writers if _is_member(name)), author)


def _is_member(text: str) -> bool:
    """Whether what is marked as a name may be one: members call themselves what they like."""
    named = len(text.split()) <= MEMBER_WORDS and find_date(text) is None
    return named and not _is_control(text) and any(map(str.isalnum, text))


# Threads.


def _posts(page: Page, spans: Sequence[Span], body: Sequence[Paragraph]) -> list[_Piece]:
    text = [p for p in body if not _is_marker(p.text)]
    if len(lone_spaces(page)) >= MIN_SEPARATORS:
        return _by_separators(page, spans, text)
    return _by_headers(page, spans, text)


def _by_headers(page: Page, spans: Sequence[Span], text: Sequence[Paragraph]) -> list[_Piece]:
    """Posts parted by headers or footers: what stands between their texts holds a date or a number."""
    chrome = [s.start for s in spans if s.label is Label.FORUM_CHROME]
    named = {  # what is left of a header, and no text
        before.start
        for before, after in pairwise(text)
        if name_like(before.text, 3) and _parts_posts(page, chrome, before.end, after.start)
    }
    text = [p for p in text if p.start not in named]
    if len(text) > 1 and _is_threads_title(page, chrome, text[0], text[1]):
        text = text[1:]
    groups: list[list[Paragraph]] = []
    at = 0
    for paragraph in text:
        if not groups or _parts_posts(page, chrome, at, paragraph.start):
            groups.append([])
        groups[-1].append(paragraph)
        at = paragraph.end
    begun = _parts_posts(page, chrome, 0, text[0].start) if text else False
    if not begun and _is_above(page, groups):
        begun, groups = True, groups[1:]
    pieces = []
    ends = [0, *(g[-1].end for g in groups)]
    starts = [*(g[0].start for g in groups), len(page.text)]
    for i, group in enumerate(groups):
        header = (ends[i], starts[i]) if begun else (ends[i + 1], starts[i + 1])
        if sum(len(p.text) for p in group) >= POST_WORDS * WORD:
            pieces.append(_Piece(tuple(group), group[0].start, group[-1].end, header))
    return pieces


def _is_above(page: Page, groups: Sequence[Sequence[Paragraph]]) -> bool:
    """Whether the first text is no post, but what a forum says above the first header.

    Where posts are signed below their text, the last one's signature stands behind all texts.
    """
    sizes = [sum(len(p.text) for p in group) for group in groups]
    if len(groups) <= MIN_POSTS or sizes[0] > max(sizes[1:]):
        return False
    between = [_signature([*_lines(page, a[-1].end, b[0].start)]) for a, b in pairwise(groups)]
    behind = _signature([*_lines(page, groups[-1][-1].end, len(page.text))][:HEADER_LINES])
    return all(map(all, between)) and not all(behind)


def _is_threads_title(page: Page, chrome: Sequence[int], first: Paragraph, second: Paragraph) -> bool:
    """Whether the first paragraph is no post: a few words above the first header."""
    return (
        3 <= units(first.text) <= HEADLINE_WORDS
        and not _parts_posts(page, chrome, 0, first.start)
        and _parts_posts(page, chrome, first.end, second.start)
    )


def _parts_posts(page: Page, chrome: Sequence[int], start: int, end: int) -> bool:
    """Whether a stretch between two texts holds a post's header."""
    if bisect_left(chrome, end) > bisect_left(chrome, start):
        return True
    return any(_NUMBERED.fullmatch(line) or _is_dated(line) for line in _lines(page, start, end))


def _by_separators(page: Page, spans: Sequence[Span], text: Sequence[Paragraph]) -> list[_Piece]:
    """Posts parted by lines that hold one space, as some forum software leaves them.

    The same lines stand around attached files, so that what surrounds each decides.
    """
    marks = _Marks(page, spans)
    gaps = [marks.between(before, after) for before, after in pairwise(text)]
    first_of = [0] if text else []
    spaced = run_on = False  # whether paragraphs of the post are parted by blank lines, whether some are not
    for i, gap in enumerate(gaps):
        changes = gap.files and run_on and not spaced and _pasted(gaps[i + 1 : i + PASTED + 2])
        if gap.direct or gap.opens_article or changes:
            first_of.append(i + 1)
            spaced = run_on = False
        else:
            spaced |= gap.apart and gap.empty
            run_on |= not gap.apart
    pieces = []
    for first, behind in pairwise((*first_of, len(text))):
        group = text[first:behind]
        start, end = group[0].start, group[-1].end
        if first and gaps[first - 1].opens_article:
            start = min((a for a, _ in marks.files_in(text[first - 1].end, start)), default=start)
        ceiling = text[behind].start if behind < len(text) else len(page.text)
        if behind == len(text) or not gaps[behind - 1].opens_article:
            # what the labeller alone took out below a post's text is the post's as well
            end = max((b for _, b in _within(marks.doubted, end, ceiling)), default=end)
            end = max((b for _, b in marks.files_in(end, marks.closes(end, ceiling))), default=end)
        pieces.append(_Piece(tuple(group), start, end, (start, start)))
    return pieces


def _pasted(following: Sequence["_Gap"]) -> bool:
    """Whether lines that followed each other directly give way to paragraphs parted by blank lines."""
    return sum(gap.apart for gap in following) >= PASTED - 1


class _Gap(NamedTuple):
    """What stands between two paragraphs of a page with one-space lines."""

    files: bool
    """Whether files do."""
    direct: bool
    """Whether a one-space line stands directly between what precedes it, text or file, and the text."""
    opens_article: bool
    """Whether a file and then a headline follow."""
    apart: bool
    """Whether the paragraphs are parted by a blank line."""
    empty: bool
    """Whether nothing but white space stands between them."""


class _Marks:
    """The one-space lines of a page, the files of its posts, what the labeller took out; each in order."""

    def __init__(self, page: Page, spans: Sequence[Span]) -> None:
        self.text = page.text
        self.lone = lone_spaces(page)
        self.files = [(s.start, s.end) for s in spans if s.label is Label.MEDIA_REFERENCE]
        self.doubted = [(s.start, s.end) for s in spans if s.label is Label.OTHER_BOILERPLATE]

    def files_in(self, start: int, end: int) -> Sequence[tuple[int, int]]:
        """The files that lie in a stretch."""
        return _within(self.files, start, end)

    def between(self, before: Paragraph, after: Paragraph) -> _Gap:
        """What stands between two paragraphs."""
        text = self.text
        files = self.files_in(before.end, after.start)
        inside = self.lone[bisect_left(self.lone, before.end) : bisect_left(self.lone, after.start)]
        ends = {before.end, *(b for _, b in files)}
        direct = any(
            text[at - 1 : at] == "\n"
            and text[at + 1 : at + 2] == "\n"
            and at + 2 == after.start
            and at - 1 in ends
            for at in inside
        )
        headed = units(after.text) <= HEADLINE_WORDS and after.text[-1:] not in _UNHEADED
        opened = headed and any(self._file_follows(at, after.start) for at in inside)
        return _Gap(
            files=bool(files),
            direct=direct,
            opens_article=bool(opened and text[after.end : after.end + 2] == "\n\n"),
            apart=text.count("\n", before.end, after.start) >= 2,
            empty=not text[before.end : after.start].strip(),
        )

    def closes(self, start: int, end: int) -> int:
        """Where the first one-space line of a stretch stands that no file follows; its end without one."""
        for at in self.lone[bisect_left(self.lone, start) : bisect_left(self.lone, end)]:
            if not self._file_follows(at, end):
                return at
        return end

    def _file_follows(self, at: int, limit: int) -> bool:
        index = bisect_left(self.files, (at + 1, 0))
        return index < len(self.files) and self.files[index][0] <= at + 2 and self.files[index][1] <= limit


def _within(stretches: Sequence[tuple[int, int]], start: int, end: int) -> Sequence[tuple[int, int]]:
    """Those of some stretches, in order and apart, that lie between two places."""
    first = bisect_left(stretches, (start, 0))
    last = bisect_left(stretches, (end, 0))
    if last > first and stretches[last - 1][1] > end:
        last -= 1
    return stretches[first:last]


# Several articles.


def _articles(page: Page, spans: Sequence[Span], body: Sequence[Paragraph]) -> list[_Piece]:
    """Articles that follow each other: each opened by a headline with a date line or a byline under it."""
    signed = sorted((*(p.start for p in body if is_date_line(p.text)), *_signed(page, spans)))
    first_of = [
        i
        for i, paragraph in enumerate(body[:-2])
        if _could_head(page, paragraph) and _signed_below(page, paragraph, signed)
    ]
    # a byline below a headline heads nothing
    cuts = [i for n, i in enumerate(first_of) if i > 0 and (n == 0 or i - first_of[n - 1] > 2)]
    # one headline with a date heads a section as well, unless the text before it is signed like an article
    if not cuts or (len(cuts) == 1 and min(signed) > body[cuts[0]].start):
        return []
    bounds = [0, *cuts, len(body)]
    groups = [body[a:b] for a, b in pairwise(bounds)]
    least = ARTICLE_WORDS * (POST_SHARE if _are_posts(spans, groups, signed) else 1)
    pieces = []
    for at, piece in zip(bounds, groups, strict=False):
        running = [i for i, p in enumerate(piece) if _is_running(p)]
        if len(running) < ARTICLE_PARAGRAPHS or sum(units(piece[i].text) for i in running) < least:
            return []
        lines = [p for p in piece[1 : running[0]] if is_date_line(p.text) or units(p.text) <= HEADER_WORDS]
        headed = at in first_of
        text = [p for p in piece[headed:] if p not in lines]
        header = (piece[0].end if headed else piece[0].start, piece[running[0]].start)
        headline = piece[0].text if headed else None
        pieces.append(_Piece(tuple(text), piece[0].start, piece[-1].end, header, headline))
    return pieces


def _signed(page: Page, spans: Sequence[Span]) -> Iterator[int]:
    """Where dates and authors stand that the body lacks: lifted, or dates the labeller took out."""
    for span in spans:
        lifted = span.action is Action.LIFTED and span.label in _SIGNING
        doubted = span.action is Action.REMOVED and span.label is Label.OTHER_BOILERPLATE
        if lifted or (doubted and is_date_line(page.text[span.start : span.end])):
            yield span.start


def _are_posts(spans: Sequence[Span], groups: Sequence[Sequence[Paragraph]], signed: Sequence[int]) -> bool:
    """Whether short texts are as surely articles of their own: all are signed, or buttons part them all.

    Buttons are what was taken out, or is in doubt, between the last running text and the next headline.
    """
    running = [[p for p in group if _is_running(p)] for group in groups]
    if not all(running):
        return False
    begins = [0, *(group[0].start for group in groups[1:])]
    ends = [texts[-1].end for texts in running[:-1]]
    buttons = [s.start for s in spans if s.label in _BUTTONS and s.action is not Action.KEPT]
    return all(
        _any_within(signed, begin, texts[0].start) for begin, texts in zip(begins, running, strict=True)
    ) or all(_any_within(buttons, end, begin) for end, begin in zip(ends, begins[1:], strict=True))


def _any_within(places: Sequence[int], start: int, end: int) -> bool:
    return bisect_left(places, end) > bisect_left(places, start)


def _is_running(paragraph: Paragraph) -> bool:
    return units(paragraph.text) >= RUNNING_WORDS


def _could_head(page: Page, paragraph: Paragraph) -> bool:
    """Whether a paragraph may be a headline: a whole line, no sentence, nor what follows a link in one."""
    text = paragraph.text
    return (
        3 <= units(text) <= HEADLINE_WORDS
        and text[-1:] not in _UNHEADED
        and not text[:1].islower()
        and not is_date_line(text)
        and _is_line(page, paragraph)
    )


def _signed_below(page: Page, paragraph: Paragraph, signed: Sequence[int]) -> bool:
    """Whether a date or an author stands under a headline, a few lines below at most."""
    at = bisect_left(signed, paragraph.end)
    return at < len(signed) and page.text.count("\n", paragraph.end, signed[at]) <= SIGNED_WITHIN


def _is_line(page: Page, paragraph: Paragraph) -> bool:
    """Whether the paragraph is a whole line."""
    before = page.text[: paragraph.start].rstrip(" \t")[-1:]
    return before in ("", "\n") and page.text[paragraph.end : paragraph.end + 1] in ("", "\n", "\r")
