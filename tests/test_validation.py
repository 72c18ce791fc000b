"""Named checks: each fails where it should, and says nothing of a sound page."""

import pytest

from schemas.request import CleanOptions
from schemas.result import Result
from schemas.verdict import Decision
from service import clean, offsets

SENTENCES = [
    f"The council of Northport heard on Monday that part {n} of it will cost {n} million more than said."
    for n in range(2, 14)
]
PAGE = "Harbour bridge late once more\n\nBy Ann Lee\n\n3 May 2023\n\n" + "\n\n".join(SENTENCES)


def codes(result: Result) -> set[str]:
    return {f"{m.field}.{m.code}" for m in result.validation}


def check(text: str, language: str | None = None) -> set[str]:
    return codes(clean(text.encode(), content_type="text/plain; charset=utf-8", language=language))


def test_a_sound_page_fails_nothing() -> None:
    assert check(PAGE) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (PAGE.replace("3 May 2023", "3 May 1985"), "datePublished.before_web"),
        (PAGE.replace("3 May 2023", "3 May 2093"), "datePublished.future"),
        (PAGE[: PAGE.rindex(" than said")], "articleBody.cut_off"),
        (PAGE + "…", "articleBody.cut_off"),
        (PAGE.replace("it will", "i\ufffd will", 3), "articleBody.replacement_characters"),
        ("\n\n".join(SENTENCES[:2]), "articleBody.short"),
        ("", "articleBody.empty"),
        ("\n\n".join(SENTENCES), "headline.missing"),
    ],
)
def test_each_check_fails_where_it_should(text: str, code: str) -> None:
    assert code in check(text)


@pytest.mark.parametrize(("text", "told"), [("Bread", "1 word."), ("Bread rose", "2 words.")])
def test_one_is_no_plural(text: str, told: str) -> None:
    result = clean(text.encode())
    messages = [m.message for m in result.validation] + [r.message for r in result.verdict.reasons]
    assert [m.split(" ", 1)[1] for m in messages if "Only" in m] == [told]
    assert [m for m in messages if m.startswith("The page holds")] == [f"The page holds {told}"]


CHINESE = [
    f"北港市议会星期一听取了报告，报告说新大桥的第{n}段将比原计划晚一年通车，费用也会增加{n}百万元，市长对此表示遗憾。"
    for n in "二三四五六七八九"
]


def test_checks_count_words_in_scripts_without_spaces() -> None:
    whole = "北港大桥再次推迟\n\n" + "\n\n".join(CHINESE)
    assert not {"articleBody.cut_off", "articleBody.repeated_paragraphs"} & check(whole)
    assert "articleBody.cut_off" not in check(whole + "【记者王明】")
    assert "articleBody.cut_off" in check(whole[:-12])
    assert "headline.suspect" not in check(whole)


def test_the_language_declared_is_compared() -> None:
    assert "inLanguage.differs" in check(PAGE, language="fr")
    assert "inLanguage.differs" not in check(PAGE, language="en-GB")


def test_two_languages_in_one_body_are_told() -> None:
    german = [
        f"Der Rat von Nordhafen hörte am Montag, dass der Teil {n} der Brücke {n} Millionen mehr kosten wird."
        for n in range(2, 14)
    ]
    assert "articleBody.mixed_languages" in check(PAGE + "\n\n" + "\n\n".join(german))


def test_a_description_longer_than_the_body_shows_a_lost_body() -> None:
    teaser = " ".join(SENTENCES[:6])
    html = f'<html lang="en"><head><meta name="description" content="{teaser}"></head>'
    html += f"<body><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></body></html>"
    result = clean(html.encode(), content_type="text/html")
    assert "articleBody.shorter_than_teaser" in codes(result)
    assert result.verdict.decision is not Decision.ACCEPT


def test_required_fields_hold_a_page_back() -> None:
    result = clean(PAGE.encode(), content_type="text/plain")
    assert result.verdict.decision is Decision.ACCEPT
    assert offsets.hold_without(result, "headline,datePublished,authors") == result
    held = offsets.hold_without(result, "headline,sourceCredit").verdict
    assert held.decision is Decision.REVIEW
    assert held.reasons[-1].code == "required_missing"


@pytest.mark.parametrize("require", ["", "headline,", "title", "headline;authors"])
def test_fields_nobody_knows_cannot_be_required(require: str) -> None:
    with pytest.raises(ValueError, match="require"):
        CleanOptions(require=require)


def test_a_profile_decides_what_blocks() -> None:
    text = "\n\n".join(SENTENCES)
    assert clean(text.encode(), profile="news").verdict.decision is Decision.REVIEW
    assert clean(text.encode(), profile="generic").verdict.decision is Decision.ACCEPT
