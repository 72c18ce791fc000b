"""page, spans, article -> what a page that is no failed fetch is: article, listing, product ...

Rules of thumb by shape and by a few words; `likely` takes the place of a trained opinion.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final

from schemas.article import Article
from schemas.labels import Action, Label
from schemas.verdict import PageType
from service import rows, tree
from service.blocks import linked
from service.document import Page, Span, Structure

# Of a model's opinion: below, the rules are asked
SURE: Final = 0.6
# Characters of text that are looked at
HEAD: Final = 200_000
# Kept lines of a listing are many and short
LISTING_LINES: Final = 12
LISTING_PROSE: Final = 0.35
# Paragraphs that follow each other; of a teaser's there are two at most
IN_A_ROW: Final = 3
# Lines of a poem; fewer of any kind stand above each other somewhere
VERSES: Final = 6

_MEANT: Final = {
    "article": PageType.ARTICLE, "newsarticle": PageType.ARTICLE, "blogposting": PageType.ARTICLE,
    "reportagenewsarticle": PageType.ARTICLE, "product": PageType.PRODUCT, "og:product": PageType.PRODUCT,
    "product.item": PageType.PRODUCT, "discussionforumposting": PageType.FORUM_THREAD,
    "qapage": PageType.FORUM_THREAD, "techarticle": PageType.DOCUMENTATION,
    "apireference": PageType.DOCUMENTATION, "collectionpage": PageType.LISTING,
}  # fmt: skip
_DIGIT: Final = re.compile(r"\d")
_MONEY: Final = re.compile(
    r"[$€£¥₹₽₪₺]\s?\d|\d\s?(?:[$€£¥₹₽₪₺]|USD|EUR|kr\b|zł|руб|TL\b|ريال|درهم|جنيه|元|円|원)"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A page type, how sure it is, and why."""

    page_type: PageType
    confidence: float
    code: str
    message: str


@cache
def _words() -> tuple[tuple[PageType, tuple[str, ...]], ...]:
    listed = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))
    return tuple((PageType(name), tuple(lists["words"])) for name, lists in listed.items())


def tell(
    page: Page,
    spans: Sequence[Span],
    article: Article,
    likely: Mapping[PageType, float] | None = None,
) -> Kind:
    """What kind of page it is. `likely`: what a trained model gives each type, adding up to one."""
    if likely:
        best = max(likely, key=lambda kind: likely[kind])
        listed = best is PageType.LISTING and (_goes_on(page, spans) or _is_verse(page, spans))
        # a shop's page of one product has little text, and more of other products below
        sold = best is PageType.LISTING and PageType.PRODUCT in _declared(page)
        if likely[best] >= SURE and not listed and not sold:
            return Kind(best, round(likely[best], 4), "model", "The model says so.")
    kept = [s for s in spans if s.action in (Action.KEPT, Action.FLAGGED)]
    lines = len({s.line for s in kept})
    chars = sum(s.end - s.start for s in kept) or 1
    prose = sum(s.end - s.start for s in kept if page.lines[s.line].prose) / chars
    counts = _met(page)
    declared = _declared(page)
    signed = any(s.label in (Label.DATELINE, Label.BYLINE) for s in spans if s.action is Action.LIFTED)
    money = len(_MONEY.findall(page.text[:HEAD]))
    code = _code(page, kept)
    if PageType.PRODUCT in declared or (counts[PageType.PRODUCT] >= 3 and money):
        message = f"{counts[PageType.PRODUCT]} words of shops, {money} prices."
        return Kind(PageType.PRODUCT, 0.7, "product", message)
    if code >= 4 or (counts[PageType.DOCUMENTATION] >= 4 and not signed):
        message = f"{code} stretches of code, {counts[PageType.DOCUMENTATION]} words of manuals."
        return Kind(PageType.DOCUMENTATION, 0.6, "documentation", message)
    if PageType.ARTICLE in declared and prose:
        return Kind(PageType.ARTICLE, 0.85, "declared", "The page's metadata call it an article.")
    verse = prose < LISTING_PROSE and _is_verse(page, spans)
    if lines >= LISTING_LINES and prose < LISTING_PROSE and not signed and not verse:
        return Kind(PageType.LISTING, 0.6, "short_lines", f"{lines} lines, {prose:.0%} running text.")
    if counts[PageType.SERVICE_PAGE] >= 4 and not signed:
        message = f"{counts[PageType.SERVICE_PAGE]} words of offers."
        return Kind(PageType.SERVICE_PAGE, 0.55, "service", message)
    if not prose and not verse:
        return Kind(PageType.OTHER, 0.5, "no_prose", "No running text was found.")
    words = article.wordCount
    return Kind(
        PageType.ARTICLE, round(0.6 + 0.3 * min(words, 600) / 600, 3), "prose", f"{words} words of text."
    )


def _goes_on(page: Page, spans: Sequence[Span]) -> bool:
    """Whether most of the text is one row of paragraphs, as in no listing."""
    longest = rows.longest(page, spans)
    kept = {s.line for s in spans if s.action in (Action.KEPT, Action.FLAGGED)}
    return longest.paragraphs >= IN_A_ROW and 2 * longest.words > sum(rows.units(page, n) for n in kept)


def _is_verse(page: Page, spans: Sequence[Span]) -> bool:
    """Whether most of what is surely kept is one row of short lines that lead nowhere, as of a poem.

    They stand directly below each other, in one element or in elements of one name; an entry of a listing is
    a link, or has its date, price or teaser in an element of its own.
    """
    if page.dom is None:
        return False
    kept = [s for s in spans if s.action is Action.KEPT]
    longest = chars = lines = 0
    before: tuple[int, tuple[int, ...], tuple[int, ...]] | None = None
    for number, group in groupby(kept, key=lambda s: s.line):
        run = list(group)
        place = _verse(page, run)
        if place is None or before is None or (before[0] + 1, *before[1:]) != (number, *place):
            chars = lines = 0
        before = None if place is None else (number, *place)
        chars += sum(s.end - s.start for s in run)
        lines += 1
        if place is not None and lines >= VERSES:
            longest = max(longest, chars)
    return 2 * longest > sum(s.end - s.start for s in kept)


def _verse(page: Page, run: Sequence[Span]) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Of a line that may be a verse, what its element and the one around that are called."""
    dom, number = page.dom, run[0].line
    if dom is None or page.lines[number].prose or dom.links[number] or dom.linked[number]:
        return None
    element = int(dom.element[number])
    text = page.text[run[0].start : run[-1].end]
    plain = all(s.label is Label.PARAGRAPH for s in run) and not int(dom.flags[element]) & Structure.LIST
    names = dom.names[int(dom.parent[element])] if dom.parent[element] >= 0 else ()
    return (names, dom.names[element]) if plain and not _DIGIT.search(text) else None


def _met(page: Page) -> dict[PageType, int]:
    """How many of each type's words the page holds."""
    text = " ".join(block.folded for block in page.blocks)[:HEAD]
    return {kind: sum(word in text for word in words) for kind, words in _words()}


def _code(page: Page, kept: Sequence[Span]) -> int:
    """How many stretches of code are kept: of lines that stand in one element, or below each other, one."""
    lines = sorted({s.line for s in kept if s.label is Label.CODE})
    if page.dom is None:
        return sum(after - before > 1 for before, after in pairwise((-2, *lines)))
    held, element = tree.code_of(page), page.dom.element
    return len({held[row] if held[row] >= 0 else row for row in (int(element[n]) for n in lines)})


def _declared(page: Page) -> set[PageType]:
    """The types that the page's metadata claim."""
    if page.dom is None:
        return set()
    head = page.dom.head
    claimed = {name.casefold() for item in head.items for name in linked.types(item)}
    claimed.add(head.metas.get("og:type", "").casefold())
    if head.marked.get("Product") == 1 or tree.is_of_product(page):
        claimed.add("product")
    return {_MEANT[name] for name in claimed if name in _MEANT}
