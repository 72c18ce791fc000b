"""page, article, signals -> every named check that failed, with its code, severity and message.

Nothing here knows the time of day: a date is judged against the other dates of its page and against the
year this version was made.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Final

from schemas.article import Article
from schemas.request import Profile
from schemas.result import Encoding, EncodingSource, Severity, ValidationMessage
from service.dates import MADE_IN, base_of
from service.detector import counted
from service.document import Page
from service.languages import identify
from service.scripts import units
from service.stops import TERMINALS

# Below these an article is thin, in words of `Article.wordCount`
THIN_WORDS: Final = 50
# Longer "headlines" are sentences that lost their full stop, shorter ones a section's name
LONGEST_HEADLINE: Final = 40
# Share of the page that may be in doubt before the body is said to hold boilerplate
DOUBTFUL_SHARE: Final = 0.05
# The first page of the Web went online in 1991
FIRST_YEAR: Final = 1991
# A paragraph of fewer words may come again: a refrain, an answer
REPEATED_WORDS: Final = 12
# A last paragraph of so many words that is not closed, where nearly all others are, was cut off
CUT_WORDS: Final = 12
CLOSED_SHARE: Final = 0.8
# Bodies from so many characters on are long enough to tell the language of their parts
MIXED_CHARS: Final = 2_000
PART_CHARS: Final = 600
REPLACEMENT: Final = "\ufffd"

# What sends a page to review that would be accepted, by profile; errors always do
BLOCKING: Final = {
    Profile.GENERIC: frozenset({"articleBody.shorter_than_teaser"}),
    Profile.NEWS: frozenset(
        {"headline.missing", "articleBody.shorter_than_teaser", "articleBody.cut_off", "datePublished.future"}
    ),
    Profile.STRICT: frozenset(
        {
            "headline.missing", "headline.suspect", "articleBody.short", "articleBody.shorter_than_teaser",
            "articleBody.cut_off", "articleBody.residual_boilerplate", "articleBody.repeated_paragraphs",
            "articleBody.mixed_languages", "articleBody.replacement_characters", "inLanguage.differs",
            "datePublished.future", "datePublished.before_web",
        }
    ),
    Profile.RECALL: frozenset[str](),
}  # fmt: skip

_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_CLOSED: Final = f"{TERMINALS}:\"'”’»」』】》〉)]）］"
_HAS_WORD: Final = re.compile(r"[^\W\d_]")


def check(
    page: Page, article: Article, signals: dict[str, float], encoding: Encoding
) -> tuple[ValidationMessage, ...]:
    """Every check that failed, not the first."""
    return tuple(
        chain(
            _check_headline(article),
            _check_date(page, article),
            _check_language(page, article),
            _check_body(article, signals),
            _check_teaser(page, article),
            _check_encoding(encoding),
        )
    )


def blocking(message: ValidationMessage, profile: Profile) -> bool:
    """Whether a failed check keeps a page from being accepted under a profile."""
    code = f"{message.field}.{message.code}"
    return message.severity is Severity.ERROR or code in BLOCKING[profile]


def _failed(field: str, code: str, message: str, severity: Severity) -> ValidationMessage:
    return ValidationMessage(field=field, code=code, message=message, severity=severity)


def _check_headline(article: Article) -> Iterator[ValidationMessage]:
    headline = article.headline
    if headline is None:
        yield _failed("headline", "missing", "No headline was found.", Severity.WARNING)
    elif units(headline) > LONGEST_HEADLINE:
        message = f"The headline has {units(headline)} words."
        yield _failed("headline", "suspect", message, Severity.WARNING)
    elif _HAS_WORD.search(headline) is None or headline.endswith(("…", "...")):
        message = "The headline holds no word, or is cut short."
        yield _failed("headline", "suspect", message, Severity.WARNING)


def _check_date(page: Page, article: Article) -> Iterator[ValidationMessage]:
    if article.datePublishedRaw is None:
        yield _failed("datePublishedRaw", "missing", "No publication date was found.", Severity.INFO)
        return
    local = article.datePublishedLocal
    if local is None:
        message = "The date can't be read in one way only."
        yield _failed("datePublishedLocal", "ambiguous", message, Severity.INFO)
        return
    year = int(local[:4])
    others = [int(y) for y in _YEAR.findall(page.text)]
    written = article.datePublishedRaw.count(local[:4])
    past = sorted(others)[: len(others) - written] if written else others
    if year < FIRST_YEAR:
        message = f"{local} is before the first page of the Web."
        yield _failed("datePublished", "before_web", message, Severity.WARNING)
    elif year > MADE_IN + 1 or (len(past) >= 3 and year > max(past) + 1 and year > MADE_IN - 1):
        message = f"{local} is later than every other date of the page."
        yield _failed("datePublished", "future", message, Severity.WARNING)


def _check_language(page: Page, article: Article) -> Iterator[ValidationMessage]:
    body = article.articleBody
    if body and article.inLanguage is None:
        yield _failed("inLanguage", "unknown", "The language could not be told.", Severity.INFO)
    declared = page.language or (page.dom.head.language if page.dom else None)
    if declared and article.wordCount >= THIN_WORDS:
        found = article.inLanguage
        if found and base_of(found) != base_of(declared):
            message = f"Declared is {declared[:20]}, the body looks like {found}."
            yield _failed("inLanguage", "differs", message, Severity.WARNING)
    if len(body) >= MIXED_CHARS:
        middle = len(body) // 2
        parts = (body[:PART_CHARS], body[middle : middle + PART_CHARS], body[-PART_CHARS:])
        told = dict.fromkeys(filter(None, map(identify, parts)))
        if len(told) > 1:
            message = f"Parts of the body are in different languages: {', '.join(told)}."
            yield _failed("articleBody", "mixed_languages", message, Severity.INFO)


def _check_body(article: Article, signals: dict[str, float]) -> Iterator[ValidationMessage]:
    body = article.articleBody
    if not body:
        yield _failed("articleBody", "empty", "Nothing of the page is article text.", Severity.ERROR)
        return
    if article.wordCount < THIN_WORDS:
        yield _failed("articleBody", "short", f"Only {counted(article.wordCount, 'word')}.", Severity.WARNING)
    if signals["replacementRatio"] > 0:
        message = f"{counted(body.count(REPLACEMENT), 'unreadable character')}."
        yield _failed("articleBody", "replacement_characters", message, Severity.WARNING)
    if signals["flaggedRatio"] > DOUBTFUL_SHARE:
        message = f"{signals['flaggedRatio']:.0%} of the page is doubtful and kept."
        yield _failed("articleBody", "residual_boilerplate", message, Severity.WARNING)
    paragraphs = body.split("\n\n")
    repeated = [p for p, n in Counter(paragraphs).items() if n > 1 and units(p) >= REPEATED_WORDS]
    if repeated:
        message = f"{counted(len(repeated), 'paragraph')} repeated word for word."
        yield _failed("articleBody", "repeated_paragraphs", message, Severity.WARNING)
    if _is_cut_off(paragraphs):
        message = "The last paragraph breaks off in the middle of a sentence."
        yield _failed("articleBody", "cut_off", message, Severity.WARNING)
    if len(article.parts) > 1:
        message = f"The page holds {len(article.parts)} posts or articles; see parts."
        yield _failed("articleBody", "several_parts", message, Severity.INFO)


def _is_cut_off(paragraphs: list[str]) -> bool:
    last = paragraphs[-1].rstrip()
    if units(last) < CUT_WORDS and len(last) < 5 * CUT_WORDS:
        return False
    if last.endswith(("…", "...", "[...]", "(...)")):
        return True
    others = [p for p in paragraphs[:-1] if units(p) >= CUT_WORDS]
    closed = sum(p.rstrip()[-1:] in _CLOSED for p in others)
    return len(others) >= 2 and closed >= CLOSED_SHARE * len(others) and last[-1:] not in _CLOSED


def _check_teaser(page: Page, article: Article) -> Iterator[ValidationMessage]:
    """Whether the page's own description says more than its body. Asked of short bodies alone."""
    if page.dom is None or not article.articleBody or article.wordCount >= 2 * THIN_WORDS:
        return
    metas = page.dom.head.metas
    longest = max(len(metas.get(name, "")) for name in ("description", "og:description"))
    if longest > len(article.articleBody):
        told = counted(longest, "character")
        message = f"The page's description has {told}, its body {len(article.articleBody)}."
        yield _failed("articleBody", "shorter_than_teaser", message, Severity.WARNING)


def _check_encoding(encoding: Encoding) -> Iterator[ValidationMessage]:
    if encoding.source is EncodingSource.FALLBACK:
        message = f"The charset could not be told; {encoding.charset} was assumed."
        yield _failed("encoding", "guessed", message, Severity.WARNING)
