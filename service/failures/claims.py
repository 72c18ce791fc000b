"""page, spans, article -> what a page says it is, apart from how much it says: an article, or a notice.

Articles about notices use the words of notices, and pages of notices fill up with what else a site has to
offer. What a page is called, who signed it and how its text hangs together tell them apart.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from schemas.article import Article
from schemas.labels import Action, Label
from service import rows, titles
from service.blocks import linked
from service.document import Page, Span, Structure
from service.failures import notices, phrases
from service.folding import fold

WHOLE: Final = 0.65
"""Of the letters of a name that is nothing but a notice, so many belong to known wordings."""
NAMED: Final = 4
"""Words from which a name tells what its page is about."""
SITE: Final = 6
"""Words of a site's name, and of its motto."""
_SEAM: Final = re.compile(r"\s+[|\-•·:/~>\"]+\s+|\s*\|\s*|:\s+")
_ARTICLES: Final = frozenset((
    "Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "AnalysisNewsArticle",
    "OpinionNewsArticle", "TechArticle", "Report",
))  # fmt: skip


def wholly(name: str, family: str) -> bool:
    """Whether a title or heading is a notice and nothing else, a site's name apart."""
    parts = [part for part in _SEAM.split(fold(name[:500])) if part.strip()]
    told = [part for part in parts if _is_notice(part, family)]
    return bool(told) and all(part in told or notices.units(part) <= SITE for part in parts)


def _is_notice(part: str, family: str) -> bool:
    sentences = [phrases.look_up(sentence, (family,)) for sentence in notices.split(part)]
    if not any(m.listed != phrases.WEAK for s in sentences for m in s.met(0, len(s.text))):
        return False
    return sum(s.told() for s in sentences) >= WHOLE * sum(_letters(s.text) for s in sentences)


def _letters(text: str) -> int:
    return sum(char.isalnum() for char in text)


def title(page: Page) -> str:
    """What the page's head calls it."""
    return page.dom.head.title if page.dom is not None else ""


def headings(page: Page, spans: Sequence[Span], article: Article) -> Iterator[str]:
    """What the page itself says above its text."""
    if page.dom is not None:
        yield from map(titles.joined, page.dom.head.headings)
    else:
        # a text has no marked headings: a notice above it is removed, and what comes next seems to be one
        above = (s for s in spans if s.label is Label.ACCESS_NOTICE and s.line <= page.first_prose)
        yield from (page.text[span.start : span.end] for span in above)
    # a headline that was read off the page, not out of its head
    if article.headline and article.metadataSources.get("headline") in ("text", "h1"):
        yield article.headline


def marks(page: Page, spans: Sequence[Span], article: Article, family: str) -> frozenset[str]:
    """The marks of an article that a page carries; none without a name that says more than a notice."""
    name = article.headline or ""
    if notices.units(fold(name)) < NAMED or wholly(name, family):
        return frozenset()
    lifted = {span.label for span in spans if span.action is Action.LIFTED}
    found = {
        "dated": article.datePublishedRaw is not None or Label.DATELINE in lifted,
        "signed": bool(article.authors) or Label.BYLINE in lifted,
    }
    if page.dom is not None:
        about = page.dom.head
        found["dated"] |= bool(about.times.published)
        declared = about.metas.get("og:type", "").lower() == "article"
        found["declared"] = declared or any(linked.types(item) & _ARTICLES for item in about.items)
        said = {fold(titles.joined(lines)) for lines in about.headings}
        found["named"] = fold(name) in fold(about.title) and fold(name) in said
        found["enclosed"] = _enclosed(page, spans) >= 2
    return frozenset(mark for mark, carried in found.items() if carried)


def _enclosed(page: Page, spans: Sequence[Span]) -> int:
    """Paragraphs of running text that stand in an `article` element."""
    if page.dom is None:
        return 0
    flags, element = page.dom.flags, page.dom.element
    return sum(bool(flags[element[line]] & Structure.ARTICLE) for line in rows.prose(page, spans))
