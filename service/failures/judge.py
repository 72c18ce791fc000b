"""page, markup, spans, status -> the failed fetch a page is, or None.

A phrase alone never decides. Every kind of failure asks for three things to agree: words (several of a
family's rules, or markup that only such pages have), form (how much other text is left, and of what
kind), and, where the page is long for its kind, how the words speak to the reader. The HTTP status that
the crawler saw is one more signal.
"""

from collections.abc import Collection, Sequence

from schemas.article import Article
from schemas.verdict import Decision, PageType
from service import runs
from service.document import Decoded, MediaKind, Page, Span
from service.failures import garbage, markup, notices, phrases
from service.failures.reasons import Failure, reason
from service.failures.rules import RULES, thin
from service.failures.scene import BRIEF, THIN, scene_of
from service.words import folded

__all__ = ["Failure", "find"]


def find(
    decoded: Decoded, page: Page, spans: Sequence[Span], article: Article, status: int | None
) -> Failure | None:
    """The failed fetch a page is; None for a page that is what it should be, however good or bad."""
    if decoded.kind is MediaKind.BINARY:
        return None
    junk = garbage.recognise(page.text if decoded.kind is not MediaKind.HTML else _start(decoded, page))
    if junk is None:
        junk = garbage.made_up(article.articleBody) if page.first_prose >= 0 else None
    if junk is not None:
        kind, decision = PageType.OTHER, Decision.REJECT
        if junk.error:
            kind, decision = PageType.ERROR_PAGE, Decision.RESCRAPE
        return Failure(kind, decision, 0.9, (reason(junk.code, junk.message, *_extent(page)),))
    size = sum(runs.outline(page).units)
    if size > notices.MAX_UNITS:
        return None
    hinted = phrases.hinted(folded(page).text) if page.blocks else frozenset[str]()
    # blocks and sentences count words in slightly different ways
    if decoded.kind is MediaKind.TEXT and not hinted and size > 4 * THIN:
        return None  # without a word of a notice, only markup could tell
    sentences = notices.read(page, spans, {*hinted, phrases.ADDRESS} if hinted else ())
    running = sum(s.units for s in sentences if s.kept and s.running)
    if running >= notices.MAX_UNITS // 2:
        return None
    asked: Collection[str] = hinted
    found = None
    if decoded.kind is MediaKind.HTML and running < BRIEF:
        asked, found = RULES, markup.read(decoded.text)
        sentences = notices.read(page, spans, phrases.FAMILIES)
    scene = scene_of(found, page, spans, sentences, article, status)
    told = (rule(scene) for family, rule in RULES.items() if family in asked)
    failures = [failure for failure in told if failure is not None]
    return max(failures, key=lambda f: f.confidence) if failures else thin(scene)


def _start(decoded: Decoded, page: Page) -> str:
    """A feed that was taken for HTML shows in its source, garbled text in what is left of it."""
    head = decoded.text[:2_000]
    return head if garbage.is_feed(head) else page.text


def _extent(page: Page) -> tuple[int | None, int | None]:
    return (page.blocks[0].start, page.blocks[-1].end) if page.blocks else (None, None)
