"""A page's headings, objects and titles -> its headline, and the lines of the page that it stands on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from service import sites, titles, tree
from service.blocks.html import MAX_HEADING_LINES, MAX_HEADINGS
from service.document import Page, Structure, once_a_page
from service.folding import fold
from service.metadata import works
from service.metadata.found import Found
from service.metadata.wording import AGREEMENT, SPACELESS, agreement, readable, words_of
from service.metadata.works import is_article

# What stands between a page's title and its site's name. Chinese and Japanese titles have no spaces there,
# and what other scripts join with an underscore is one word
_SITE_SEAM: Final = re.compile(
    rf"\s+[|\-–—•·:»/_]+\s+|\s*[|｜]\s*|\s+::\s+"
    rf"|(?<=[{SPACELESS}])[_-]+(?=[{SPACELESS}])|(?<=[{SPACELESS}])_+|_+(?=[{SPACELESS}])"
)
_COLON: Final = re.compile(r":\s+|：\s*")
_ANY_SEAM: Final = re.compile(f"{_SITE_SEAM.pattern}|{_COLON.pattern}")
MAX_HEADLINE: Final = 500
# As much is read of a title
MAX_TITLE: Final = 1_000
# A title of more pieces is a list
MAX_PIECES: Final = 8
# A line of a heading is the headline only if it has more than this of the title.
MOST_OF_TITLE: Final = 0.6
# Lines between the only heading and the text, of which date, author and a picture's credit are some
MAX_ABOVE: Final = 8
# Longer words that such a heading shares with the page's titles
MIN_SHARED: Final = 2
_OUTSIDE: Final = int(
    Structure.NAV | Structure.FOOTER | Structure.ASIDE | Structure.FORM | Structure.DIALOG | Structure.HIDDEN
)
_LOWER: Final = int(Structure.H2 | Structure.H3 | Structure.H4)
_HEADINGS: Final = _LOWER | int(Structure.H1)
_INSIDE: Final = int(Structure.ARTICLE | Structure.MAIN)


@dataclass(frozen=True, slots=True)
class Heading:
    """Lines `[first, last)` of a page that are one heading, and how it reads."""

    first: int
    last: int
    text: str


@once_a_page
def best(page: Page) -> Found | None:
    """The page's heading; else how the page names itself, less its site's name."""
    if page.dom is None:
        return None
    if heading := shown(page):
        return Found(heading.text, "h1")
    head = page.dom.head
    for item in works.likely(head):
        said = readable(item.get("headline"))
        if said and is_article(item) and len(said) <= MAX_HEADLINE:
            return Found(said, "json-ld")
    if stated := readable(head.metas.get("headline"))[:MAX_HEADLINE]:
        return Found(stated, "meta:headline")
    for title, source in ((_shared(page), "meta:og:title"), (head.title, "title")):
        if title:
            return Found(_without_site(page, title)[:MAX_HEADLINE], source)
    first = next(_headings(page), None)
    return Found(first.text[:MAX_HEADLINE], "h1") if first else None


@once_a_page
def shown(page: Page) -> Heading | None:
    """The first-level heading that agrees best with the page's titles; else the only one above its text."""
    return _agreed(page) or _only(page)


def _agreed(page: Page) -> Heading | None:
    """The first-level heading that agrees best with the page's titles, if one does."""
    if page.dom is None:
        return None
    title = words_of(page.dom.head.title)
    wanted = [words for words in (words_of(_shared(page)), title) if words]
    # what the title has besides is the site or the section, and so is a heading that agrees with that alone
    core: set[str] = wanted[0] if len(wanted) == 2 and wanted[0] < wanted[1] else set()
    site = _site(page)
    chosen, most = None, 0.0
    for heading, least in _candidates(page):
        words = words_of(heading.text)
        if not words or len(heading.text) > MAX_HEADLINE or sites.key(heading.text) in site:
            continue
        if core and 2 * len(words & core) < len(words):
            continue
        score = max((agreement(words, w) for w in wanted if len(words & w) >= least * len(w)), default=0.0)
        if score > most:
            chosen, most = heading, score
    return chosen if most >= AGREEMENT else None


def _candidates(page: Page) -> Iterator[tuple[Heading, float]]:
    """The first-level headings, then the lines of each: a kicker or a subtitle may stand in it.

    With each, the share of a title that it must have.
    """
    found = list(_headings(page))
    yield from ((heading, 0.0) for heading in found)
    for heading in found:
        if heading.last - heading.first > 1:
            for index in range(heading.first, heading.last):
                line = titles.bare_heading(titles.line_text(page, page.lines[index]))
                yield Heading(index, index + 1, line), MOST_OF_TITLE


def _only(page: Page) -> Heading | None:
    """The only first-level heading but for the site's name, right above the text: a title says it in short.

    On the development pages it is the headline twice as often as what their metadata say, if it shares two
    words with the titles; without these it is as often what a page advertises with.
    """
    site, main = _site(page), titles.main_text(page)
    rest = list(islice((h for h in _headings(page) if sites.key(h.text) not in site), 2))
    if page.dom is None or not main or len(rest) != 1:
        return None
    only = rest[0]
    flags = int(tree.line_flags(page)[only.first])
    is_outside = flags & _OUTSIDE or (flags & int(Structure.HEADER) and not flags & _INSIDE)
    if is_outside or page.dom.links[only.first] or len(only.text) > MAX_HEADLINE:
        return None
    said = fold(f" {_shared(page)} {page.dom.head.title}")
    shared, _ = titles.met(fold(only.text), said)
    return only if shared >= MIN_SHARED and 0 <= main.first - only.first <= MAX_ABOVE else None


def _headings(page: Page) -> Iterator[Heading]:
    """The first-level headings of a page."""
    if page.dom is None:
        return iter(())
    rows = (page.dom.flags & int(Structure.H1)).nonzero()[0].tolist()
    spans = ((int(page.dom.first_line[row]), int(page.dom.last_line[row])) for row in rows)
    held = ((first, min(last, first + MAX_HEADING_LINES, len(page.lines))) for first, last in spans)
    return islice((_heading(page, first, last) for first, last in held if first < last), MAX_HEADINGS)


def _heading(page: Page, first: int, last: int) -> Heading:
    text = titles.joined([titles.line_text(page, line) for line in page.lines[first:last]])
    return Heading(first, last, text)


def _shared(page: Page) -> str:
    """The title under which a page is shared, where that is not its site's name."""
    if page.dom is None:
        return ""
    shared = readable(page.dom.head.metas.get("og:title"))[:MAX_TITLE]
    return "" if sites.key(shared) in sites.names(page.dom.head) else shared


@once_a_page
def _site(page: Page) -> frozenset[str]:
    """The site's names, as keys: those it states, and a heading that its title names besides a lower one."""
    if page.dom is None:
        return frozenset()
    stated = sites.names(page.dom.head)
    title = page.dom.head.title
    headings = {sites.key(heading.text): heading for heading in _headings(page)}
    seams = [seam.span() for seam in islice(_ANY_SEAM.finditer(title), MAX_PIECES)]
    before = [sites.key(title[:start]) for start, _ in seams]
    behind = [sites.key(title[end:]) for _, end in seams]
    for i, (first, last) in enumerate(zip(before, behind, strict=True)):
        for name, rest in ((first, {last}), (last, {*before[: i + 1]})):
            if name in headings and (rest - stated) & _lower(page, headings[name]):
                return stated | {name}
    return stated


def _lower(page: Page, above: Heading) -> frozenset[str]:
    """What the headings of lower levels say between a heading and the text, as keys; not its subtitle."""
    main = titles.main_text(page)
    flags = tree.line_flags(page)
    lower = (index for index in range(above.last, main.first + 1) if int(flags[index]) & _LOWER)
    return frozenset(
        titles.letters_of(titles.line_folded(page, page.lines[index]))
        for index in lower
        if index > above.last or not int(flags[index]) & int(Structure.H2)
    )


def _without_site(page: Page, title: str) -> str:
    """The title without the name of the site, and of the section, before or behind it."""
    if main := _main_piece(page, title):
        return main
    site = _site(page)
    colon = _COLON.search(title)
    if colon and colon.end() < len(title) and sites.key(title[: colon.start()]) in site:
        return title[colon.end() :]
    seams = list(_SITE_SEAM.finditer(title))
    if not seams:
        return title
    if any("_" in seam.group() for seam in seams):
        return max(_SITE_SEAM.split(title), key=len)
    first, last = title[: seams[0].start()], title[seams[-1].end() :]
    if sites.key(first) in site:
        return title[seams[0].end() :]
    if sites.key(last) in site or len(last) < len(title) / 2:
        return title[: seams[-1].start()]
    return title


def _main_piece(page: Page, title: str) -> str | None:
    """The part of a title between seams that stands above the text, the longest if several do.

    It holds the longest piece: the names of sections and sites stand above texts as well.
    """
    seams = [seam.span() for seam in islice(_SITE_SEAM.finditer(title), MAX_PIECES + 1)]
    if not 0 < len(seams) < MAX_PIECES:
        return None
    starts, ends = [0, *(end for _, end in seams)], [*(start for start, _ in seams), len(title)]
    keys = [sites.key(title[start:end]) for start, end in zip(starts, ends, strict=True)]
    longest = keys.index(max(keys, key=len))
    above = _above(page)
    for size in range(len(keys) - 1, 0, -1):
        for first in range(max(0, longest - size + 1), min(longest, len(keys) - size) + 1):
            if "".join(keys[first : first + size]) in above:
                return title[starts[first] : ends[first + size - 1]].strip()
    return None


@once_a_page
def _above(page: Page) -> frozenset[str]:
    """What the lines right above the text say, its first line, and headings further above, as keys."""
    main = titles.main_text(page)
    flags = tree.line_flags(page)
    above = range(main.first + 1) if main else range(0)
    likely = (i for i in above if i >= main.first - MAX_ABOVE or int(flags[i]) & _HEADINGS)
    lines = (page.lines[i] for i in likely)
    short = (line for line in lines if line.end - line.start <= MAX_HEADLINE)
    return frozenset(titles.letters_of(titles.line_folded(page, line)) for line in short) - _site(page)
