"""Articles about captchas, cookies, consent, paywalls, passwords and missing pages are articles."""

from pathlib import Path

import pytest

from schemas.labels import Action
from schemas.verdict import PageType
from service import clean
from tests.failures.test_failures import FAILED

TRAPS = sorted((Path(__file__).parent / "traps").glob("*.txt"))
SURROUNDINGS = {path.stem: path for path in (Path(__file__).parent / "surroundings").glob("*.txt")}


def test_there_are_traps_in_many_languages() -> None:
    assert len(TRAPS) >= 60
    assert len({path.stem.split("_")[0] for path in TRAPS}) >= 15


@pytest.mark.parametrize("path", TRAPS, ids=lambda path: path.stem)
def test_no_article_is_taken_for_what_it_is_about(path: Path) -> None:
    result = clean(path.read_bytes(), content_type="text/plain; charset=utf-8")
    assert result.verdict.pageType not in FAILED, result.verdict
    assert result.verdict.pageType in (PageType.ARTICLE, PageType.OTHER, PageType.SERVICE_PAGE)


@pytest.mark.parametrize("path", TRAPS, ids=lambda path: path.stem)
def test_their_lines_are_kept(path: Path) -> None:
    text = path.read_text("utf-8")
    gone = [s for s in clean(text.encode()).segments if s.action is Action.REMOVED]
    assert not [text[s.start : s.end] for s in gone]


@pytest.mark.parametrize("path", TRAPS, ids=lambda path: path.stem)
def test_their_body_is_kept_amid_what_surrounds_articles(path: Path) -> None:
    article = path.read_text("utf-8").strip()
    language = path.stem.split("_")[0]
    page = SURROUNDINGS.get(language, SURROUNDINGS["en"]).read_text("utf-8").replace("{article}", article)
    start = page.index(article) + article.index("\n")
    end = page.index(article) + len(article)
    result = clean(page.encode(), content_type="text/plain; charset=utf-8")
    gone = [s for s in result.segments if s.action is Action.REMOVED and start < s.end and s.start < end]
    assert not [page[s.start : s.end] for s in gone]
    assert result.verdict.pageType not in FAILED, result.verdict
