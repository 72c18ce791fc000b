"""schema.org objects of a page -> those that may describe its article, the likeliest first."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from service import addresses
from service.blocks.linked import types
from service.document import Head
from service.metadata.wording import AGREEMENT, agreement, readable, words_of

Work = Mapping[str, Any]
"""An object of schema.org, as JSON-LD writes it."""

# An article that agrees less with the titles is another, where one agrees.
ANOTHER: Final = 0.3
_ARTICLES: Final = frozenset((
    "Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "TechArticle", "Report",
    "AnalysisNewsArticle", "OpinionNewsArticle", "LiveBlogPosting", "ScholarlyArticle",
    "SocialMediaPosting", "DiscussionForumPosting", "Recipe", "Review", "MedicalWebPage", "CreativeWork",
    "Question", "QAPage",
))  # fmt: skip
_PAGES: Final = frozenset((
    "WebPage", "ItemPage", "CollectionPage", "AboutPage", "FAQPage", "Product", "VideoObject",
))  # fmt: skip


def likely(head: Head) -> list[Work]:
    """The objects that may describe the page, the likeliest first; without articles that are others."""
    ranked: list[Work] = sorted(head.items, key=_rank)
    articles = [*filter(is_article, ranked)]
    if len(articles) < 2:
        return ranked
    named = [words_of(" ".join(lines)) for lines in head.headings]
    named += [words_of(head.metas.get("og:title", "")), words_of(head.title)]
    likeness = [_likeness(item, head.canonical, [words for words in named if words]) for item in articles]
    if max(likeness) < AGREEMENT:
        return ranked
    order = sorted(zip(likeness, articles, strict=True), key=lambda pair: -pair[0])
    own = [item for like, item in order if like >= ANOTHER or not readable(item.get("headline"))]
    return own + ranked[len(articles) :]


def is_article(item: Work) -> bool:
    """Whether an object says that it is something to read, as articles, posts and recipes are."""
    return not _ARTICLES.isdisjoint(types(item))


def _rank(item: Work) -> int:
    """Articles before pages before all else."""
    return 0 if is_article(item) else 2 if _PAGES.isdisjoint(types(item)) else 1


def _likeness(item: Work, canonical: str | None, named: Sequence[set[str]]) -> float:
    """How much an object agrees with the page's titles; one more if it has the page's address."""
    page = item.get("mainEntityOfPage")
    stated = (item.get("url"), item.get("@id"), page.get("@id") if isinstance(page, dict) else page)
    here = canonical is not None and any(isinstance(a, str) and addresses.same(a, canonical) for a in stated)
    words = words_of(readable(item.get("headline") or item.get("name")))
    return here + max((agreement(words, title) for title in named if words), default=0.0)
