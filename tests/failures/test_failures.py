"""What the crawler really fetched: walls, errors, shells and garbage, by the folder they stand in."""

from pathlib import Path

import pytest

from schemas.verdict import Decision, PageType
from service import clean
from service.failures import markup
from service.failures.phrases import met_by
from service.folding import fold

HERE = Path(__file__).parent
CASES = sorted((HERE / "cases").glob("*/*.*"))
FAILED = {
    PageType.BOT_CHALLENGE,
    PageType.CONSENT_WALL,
    PageType.LOGIN_WALL,
    PageType.PAYWALL,
    PageType.ERROR_PAGE,
    PageType.SCRIPT_SHELL,
    PageType.EMPTY,
    PageType.BINARY,
}
TYPES = {".txt": "text/plain; charset=utf-8", ".html": "text/html; charset=utf-8"}


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_failed_fetch_is_told(path: Path) -> None:
    result = clean(path.read_bytes(), content_type=TYPES[path.suffix])
    verdict = result.verdict
    assert verdict.pageType is PageType(path.parent.name), verdict
    assert verdict.decision in (Decision.RESCRAPE, Decision.REJECT)
    assert verdict.reasons
    for reason in verdict.reasons:
        assert reason.message
        if reason.start is not None and reason.end is not None:
            assert 0 <= reason.start < reason.end <= result.accounting.length


def test_a_word_of_a_wall_in_an_article_is_no_wall() -> None:
    article = (HERE / "cases" / "paywall" / "en_stub.txt").read_text("utf-8").replace("...", ".")
    body = "\n".join(
        f"The council heard on day {n} that the bridge needs {n} million more and that the works go on."
        for n in range(1, 16)
    )
    verdict = clean(article.replace("Subscribe", body + "\nSubscribe", 1).encode()).verdict
    assert verdict.pageType not in FAILED


@pytest.mark.parametrize(
    ("status", "kind"), [(404, PageType.ERROR_PAGE), (503, PageType.ERROR_PAGE), (200, PageType.EMPTY)]
)
def test_the_status_is_one_more_signal(status: int, kind: PageType) -> None:
    assert clean(b"example.org harbour", content_type="text/plain", status=status).verdict.pageType is kind


def test_the_status_alone_proves_nothing() -> None:
    body = "\n\n".join(
        f"The council heard on Monday the {n}th that the harbour bridge needs another {n} million."
        for n in range(20)
    )
    verdict = clean(body.encode(), content_type="text/plain", status=404).verdict
    assert verdict.pageType not in FAILED


@pytest.mark.parametrize(
    ("sentence", "family"),
    [
        ("Please verify that you are human", "bot"),
        ("Подтвердите, что вы не робот", "bot"),
        ("请完成验证，确认您是真人", "bot"),
        ("Die gesuchte Seite existiert leider nicht mehr", "error"),
        ("お探しのページは見つかりませんでした", "error"),
    ],
)
def test_rules_meet_other_wordings(sentence: str, family: str) -> None:
    assert family in {met.family for met in met_by(fold(sentence)) if met.listed != "weak"}


def test_wordings_are_whole_words() -> None:
    assert not [m for m in met_by(fold("Robotics verifies humane bottoms")) if m.listed != "weak"]


@pytest.mark.parametrize("piece", ["<script", "<!--", "<noscript>", "<meta ", "<a", "<title>", "<style "])
def test_unclosed_markup_costs_no_more_than_its_length(piece: str) -> None:
    found = markup.read(piece * 20_000)
    assert found.size == 20_000 * len(piece)
