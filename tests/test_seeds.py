"""The first users' pages, against their hand labels."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.labels import Action, Label
from schemas.result import Result
from schemas.verdict import Decision, PageType
from service import clean

SEEDS = Path(__file__).parents[1] / "seeds"
GOLD = {
    record["id"]: record
    for record in map(json.loads, (SEEDS / "seeds_gold.jsonl").read_text(encoding="utf-8").splitlines())
}
IDS = sorted(GOLD)
# The gold says "source_credit" for "read it at its source", which has a label of its own here
SAME = {Label.SOURCE_LINK: "source_credit"}


def page(seed: str) -> tuple[dict[str, Any], str, Result]:
    (path,) = SEEDS.glob(f"{seed.removeprefix('seed_')}_*.txt")
    body = path.read_bytes()
    return GOLD[seed], body.decode("utf-8"), clean(body, content_type="text/plain")


def lines(gold: dict[str, Any], text: str) -> list[tuple[int, int, str, str]]:
    found, at = [], 0
    for i, (line, label) in enumerate(zip(text.split("\n"), gold["labels"], strict=True)):
        if label != "blank" and i not in gold["ambiguous"]:
            found.append((at, at + len(line), label, line))
        at += len(line) + 1
    return found


@pytest.mark.parametrize("seed", IDS)
def test_every_body_line_is_kept_character_for_character(seed: str) -> None:
    gold, text, result = page(seed)
    body = result.article.articleBody
    for _, _, label, line in lines(gold, text):
        if label == "body":
            assert line.strip().removeprefix("AA") in body


@pytest.mark.parametrize("seed", IDS)
def test_no_boilerplate_line_is_left(seed: str) -> None:
    gold, text, result = page(seed)
    paragraphs = set(result.article.articleBody.split("\n\n"))
    gone = [s for s in result.segments if s.action in (Action.REMOVED, Action.LIFTED)]
    for start, end, label, line in lines(gold, text):
        if label not in ("body", "title", "meta"):
            solid = sum(not c.isspace() for c in line)
            cut = sum(not c.isspace() for s in gone for c in text[max(s.start, start) : min(s.end, end)])
            assert cut == solid, line[:60]
            if label != "duplicate_block":
                assert line.strip() not in paragraphs


@pytest.mark.parametrize("seed", IDS)
def test_boilerplate_lines_carry_the_right_label(seed: str) -> None:
    gold, text, result = page(seed)
    wrong = []
    wanted = [row for row in lines(gold, text) if row[2] not in ("body", "title", "meta")]
    for start, end, label, line in wanted:
        got = {SAME.get(s.label, s.label.value) for s in result.segments if s.start < end and start < s.end}
        if got != {label}:
            wrong.append((label, got, line[:60]))
    assert not wrong


@pytest.mark.parametrize(
    ("seed", "headline", "raw_date", "local_date", "source"),
    [
        ("seed_001", True, "الجمعة 25 مارس 2022 03:04 م", "2022-03-25T15:04:00", "الخليج الجديد+ متابعات"),
        ("seed_003", True, "20 - 07 - 2022", "2022-07-20", "لكم"),
        ("seed_004", True, None, None, None),
        ("seed_002", False, None, None, None),
    ],
)
def test_fields(
    seed: str, headline: bool, raw_date: str | None, local_date: str | None, source: str | None
) -> None:
    gold, _, result = page(seed)
    article = result.article
    assert article.headline == (gold["title"] if headline else None)
    assert article.datePublishedRaw == raw_date
    assert article.datePublishedLocal == local_date
    assert article.sourceCredit == source


def test_keywords_are_handed_over() -> None:
    _, _, result = page("seed_001")
    assert result.article.keywordsRaw == "الجيش الإسرائيلي جيش الاحتلال أفخاي أدرعي المغرب"


@pytest.mark.parametrize("seed", IDS)
def test_duplicates_point_at_the_copy_that_was_kept(seed: str) -> None:
    _, text, result = page(seed)
    for segment in result.segments:
        if segment.label is Label.DUPLICATE_BLOCK:
            assert segment.duplicateOf is not None
            original = result.segments[segment.duplicateOf]
            assert original.action is not Action.REMOVED
            assert text[original.start : original.end] == text[segment.start : segment.end]


def test_the_glued_prefix_goes_and_the_word_stays() -> None:
    _, text, result = page("seed_004")
    at = text.index("AAوقال")
    (cut,) = [s for s in result.segments if s.start == at]
    assert (cut.end - cut.start, cut.label, cut.action) == (2, Label.ARTIFACT, Action.REMOVED)
    assert "\n\nوقال وزير الدفاع" in result.article.articleBody


@pytest.mark.parametrize("seed", IDS)
def test_page_type_language_and_decision(seed: str) -> None:
    _, _, result = page(seed)
    thread = seed == "seed_004"
    assert result.verdict.pageType is (PageType.FORUM_THREAD if thread else PageType.ARTICLE)
    assert result.verdict.decision is Decision.ACCEPT
    assert (result.article.inLanguage, result.article.textDirection) == ("ar", "rtl")
    assert result.encoding.charset == "utf-8"
    assert not result.encoding.repairs
