"""What kind of page it is, and what a listing is worth."""

from typing import Final

import pytest

from schemas.request import Profile
from schemas.result import Severity, ValidationMessage
from schemas.verdict import Decision, PageType, Verdict
from service import decide, detectors, model, verdict
from service.blocks import read
from service.decode import decode
from service.detector import scan
from service.pipeline import analyse

ITEMS: Final = tuple(
    (
        f"Report {number} from the {place}",
        (
            f"The committee of the {place} met on Tuesday and voted, after a long debate, to put off the "
            f"repairs that were promised {number} years ago."
        ),
    )
    for number, place in enumerate(
        ("harbour", "library", "market", "old mill", "station", "swimming pool", "theatre", "town hall"), 3
    )
)
MENU: Final = (
    "<nav><ul><li><a href=/>Home</a></li><li><a href=/n>News</a></li><li><a href=/s>Sport</a></li></ul></nav>"
)


def _cards() -> str:
    return "".join(
        f"<article><h2><a href=/{n}>{name}</a></h2><time>{n + 1} May 2023</time><p>{text}</p>"
        f'<a href="/{n}">Read more</a></article>'
        for n, (name, text) in enumerate(ITEMS)
    )


def _listing() -> bytes:
    return (
        f"<!doctype html><title>Town Archives</title><body>{MENU}<main><h1>Town Archives</h1>{_cards()}"
        "<a href=/page/2>Older posts</a></main><footer>© 2023 Quay Courier</footer>"
    ).encode()


def _judged(
    body: bytes,
    likely: dict[PageType, float],
    profile: Profile = Profile.GENERIC,
    *,
    score: float = 0.9,
    checks: tuple[ValidationMessage, ...] = (),
) -> Verdict:
    """The verdict on a page that is cleaned well, when the model says so much of its kind."""
    decoded = decode(body, content_type="text/html; charset=utf-8")
    page = read(decoded, url=None, language=None)
    hits = scan(page)
    opinions = model.label(page, hits).opinions
    spans = decide.decide(page, detectors.find_all(page, hits), opinions, profile)
    result = analyse(decoded, profile=profile).result
    good = result.quality.model_copy(update={"score": score})
    terms = verdict.Terms(profile=profile, likely=likely)
    return verdict.judge(decoded, page, spans, result.article, good, checks, terms)


def test_a_model_is_not_believed_that_paragraphs_in_a_row_are_a_listing() -> None:
    story = "".join(f"<p>{text}</p>" for _, text in ITEMS)
    page = f"<!doctype html><title>A year of delays</title><h1>A year of delays</h1>{story}".encode()
    sure = {PageType.LISTING: 0.95, PageType.ARTICLE: 0.05}
    assert _judged(page, sure).pageType is PageType.ARTICLE
    assert _judged(page, sure).decision is Decision.ACCEPT
    assert _judged(_listing(), sure).pageType is PageType.LISTING
    assert _judged(page, {PageType.PRODUCT: 0.95, PageType.ARTICLE: 0.05}).pageType is PageType.PRODUCT


@pytest.mark.parametrize(
    ("profile", "sure", "decision"),
    [
        (Profile.GENERIC, 0.9, Decision.REVIEW),
        (Profile.NEWS, 0.9, Decision.REVIEW),
        (Profile.STRICT, 0.9, Decision.REVIEW),
        (Profile.RECALL, 0.9, Decision.ACCEPT),
        (Profile.GENERIC, 0.62, Decision.ACCEPT),
    ],
)
def test_a_sure_listing_is_not_accepted_as_an_article(
    profile: Profile, sure: float, decision: Decision
) -> None:
    told = _judged(_listing(), {PageType.LISTING: sure, PageType.ARTICLE: 1 - sure}, profile)
    assert (told.pageType, told.decision) == (PageType.LISTING, decision)
    assert any(reason.code == "listing" for reason in told.reasons) == (decision is Decision.REVIEW)


@pytest.mark.parametrize(
    ("score", "decision"), [(0.9, Decision.REVIEW), (0.3, Decision.REVIEW), (0.1, Decision.REJECT)]
)
def test_what_holds_a_page_back_makes_none_better(score: float, decision: Decision) -> None:
    failed = ValidationMessage(
        field="articleBody", code="empty", message="No text was found.", severity=Severity.ERROR
    )
    verdict = _judged(_listing(), {PageType.ARTICLE: 0.9}, score=score, checks=(failed,))
    assert verdict.decision is decision
    assert "articleBody.empty" in [reason.code for reason in verdict.reasons]


def test_code_counts_by_the_stretch_not_by_the_line() -> None:
    lines = "<pre>for f in *.pdf; do\n  lpr $f\n  wait\n  echo $f\ndone\n</pre>"
    story = "".join(f"<p>{text}</p>" for _, text in ITEMS)
    page = f"<!doctype html><title>A year of delays</title><h1>A year of delays</h1>{story}"
    assert _judged(f"{page}{lines}".encode(), {}).pageType is PageType.ARTICLE
    between = "<p>Then the committee of the harbour wrote down what it wanted to print next.</p>"
    manual = page + 4 * f"{lines}{between}"
    assert _judged(manual.encode(), {}).pageType is PageType.DOCUMENTATION


VERSES: Final = (
    "He marks each crossing with a knife",
    "upon the rail, a shallow groove,",
    "and reckons up a working life",
    "in things the river failed to move.",
    "The schoolgirl with the borrowed hen,",
    "the bride who laughed the whole way through,",
    "the doctor coming back again",
    "with nothing left that he could do.",
)


@pytest.mark.parametrize(
    "poem",
    [
        f"<p>{'<br>'.join(VERSES[:4])}</p><p>{'<br>'.join(VERSES[4:])}</p>",
        "".join(f"<p class=line>{line}</p>" for line in VERSES),
        f"<div>{'<br>'.join(VERSES)}</div>",
    ],
    ids=["stanzas", "a paragraph a line", "one element"],
)
def test_a_poem_is_no_listing(poem: str) -> None:
    sure = {PageType.LISTING: 0.95, PageType.ARTICLE: 0.05}
    page = "<!doctype html><title>The Ferryman's Tally</title><h1>The Ferryman's Tally</h1>"
    assert _judged(f"{page}{poem}".encode(), sure).pageType is PageType.ARTICLE
    assert _judged(f"{page}{poem}".encode(), {}).pageType is PageType.ARTICLE
    linked = "".join(f"<p class=line><a href=/>{line}</a></p>" for line in VERSES)
    assert _judged(f"{page}{linked}".encode(), sure).pageType is not PageType.ARTICLE


@pytest.mark.parametrize(
    "page",
    [
        "<meta property=og:type content=product><body>{}",
        '<body class="single single-product">{}',
        "<body><div itemscope itemtype=https://schema.org/Product>{}</div>",
    ],
    ids=["Open Graph", "the body's class", "microdata"],
)
def test_a_page_that_says_it_is_a_product_is_no_listing(page: str) -> None:
    sure = {PageType.LISTING: 0.95, PageType.PRODUCT: 0.05}
    text = f"<h1>Mocha pot</h1><p>{ITEMS[0][1]}</p><p>{ITEMS[1][1]}</p>{_cards()}"
    head = "<!doctype html><title>Mocha pot</title>"
    assert _judged(f"{head}{page.format(text)}".encode(), sure).pageType is PageType.PRODUCT
    assert _judged(f"{head}<body>{text}".encode(), sure).pageType is PageType.LISTING


def test_a_page_of_many_products_is_a_listing() -> None:
    cards = "".join(
        f"<div itemscope itemtype=https://schema.org/Product><a href=/{n}>{name}</a></div>"
        for n, (name, _) in enumerate(ITEMS)
    )
    sure = {PageType.LISTING: 0.95, PageType.PRODUCT: 0.05}
    page = f"<!doctype html><title>Shop</title><h1>Shop</h1><p>{ITEMS[0][1]}</p>{cards}"
    assert _judged(page.encode(), sure).pageType is PageType.LISTING
