"""Placeholders of embedded content on pages of one line, in HTML, and what they do to the score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.labels import Action
from schemas.result import Result
from service import clean

BEFORE = (
    "The minister said on Tuesday that the new bridge over the river would open in March, two years late. "
    "Engineers had found cracks in three of the pillars, and the repairs cost nine million pounds."
)
AFTER = (
    "Residents of the eastern bank have waited for the bridge since 2019. The council promised a ferry until "
    "the opening, and the first boat will leave on Monday at six from the old pier below the cathedral."
)
ASKS = (
    "This article contains content provided by X. We ask for your permission before anything is loaded, as "
    "they may be using cookies and other technologies. You may want to read X’s cookie policy and privacy "
    "policy before accepting. To view this content choose ‘accept and continue’."
)
BOX = ("Allow X content?", ASKS, "Accept and continue", "End of X post")


def cleaned(text: str, content_type: str = "text/plain") -> Result:
    return clean(text.encode(), content_type=f"{content_type}; charset=utf-8")


def test_where_the_page_is_one_line_the_sentences_of_a_box_are_cut() -> None:
    body = cleaned(f"{BEFORE} Allow X content? {ASKS} {AFTER}").article.articleBody
    assert "permission" not in body
    assert "cookies" not in body
    assert "Engineers had found cracks" in body
    assert AFTER in body


@pytest.mark.parametrize("end", ["End of X post", "End of X post, 1", "Accept and continue End of X post"])
def test_text_that_is_stuck_to_a_box_stays(end: str) -> None:
    quoted = f'"It is late," she said. {AFTER}'
    body = cleaned(f"{BEFORE} {ASKS} {end} {quoted}").article.articleBody
    assert "permission" not in body
    assert "X post" not in body
    assert quoted in body


def test_a_notice_that_is_stuck_to_the_end_of_a_sentence_is_cut_beside_a_box() -> None:
    said = "The pillars were cracked, he said."
    text = f"{BEFORE}\n{said} We apologize, but this video has failed to load.\nBack to video\n{AFTER}"
    assert cleaned(text).article.articleBody.split("\n\n") == [BEFORE, said, AFTER]
    alone = text.replace("Back to video\n", "")
    assert "this video has failed to load" in cleaned(alone).article.articleBody


def test_a_sentence_that_goes_on_after_such_words_stays_beside_a_box() -> None:
    said = (
        "View this post on Instagram, say the pages of most newspapers, and readers who cannot see it leave."
    )
    assert said in cleaned("\n".join((BEFORE, *BOX, said, AFTER))).article.articleBody


@pytest.mark.parametrize(
    "box",
    [
        "".join(f"<p>{line}</p>" for line in BOX),
        f"<figure><div class='embed'><h2>{BOX[0]}</h2><p>{ASKS}</p><button>{BOX[2]}</button></div></figure>",
    ],
)
def test_boxes_of_html_pages_are_cut(box: str) -> None:
    paragraphs = f"<p>{BEFORE}</p>{box}<p>{AFTER}</p>"
    html = f"<html><body><article><h1>Bridge opens in March</h1>{paragraphs}</article></body></html>"
    body = cleaned(html, "text/html").article.articleBody
    assert body.split("\n\n") == [BEFORE, AFTER]


def test_a_box_costs_an_article_no_trust() -> None:
    """The labeller likes its sentences, as they read like the article's: that they are gone is no loss."""
    plain = cleaned(f"{BEFORE}\n{AFTER}")
    boxed = cleaned("\n".join((BEFORE, *BOX, AFTER)))
    assert boxed.article.articleBody == plain.article.articleBody
    for name in ("hopedRecall", "removedRatio", "removedInside", "navigationRatio"):
        assert boxed.quality.signals[name] == pytest.approx(plain.quality.signals[name], abs=0.01), name
    assert boxed.verdict.decision is plain.verdict.decision


@pytest.mark.parametrize(
    "line",
    ["End of X", "Fin de Twitter", "Contenido de Twitter", "نهاية تويتر", "Facebook posts", "Learn more"],
)
def test_a_short_line_that_a_box_could_hold_is_none_of_it_alone(line: str) -> None:
    segments = cleaned(f"{BEFORE}\n{line}\n{AFTER}").segments
    assert not [reason for s in segments for reason in s.reasons if reason.rule.startswith("embed.")]


def test_a_heading_that_stands_once_is_no_templates() -> None:
    kept = cleaned(f"{BEFORE}\nArticle content\n{AFTER}").article.articleBody
    assert "Article content" in kept


WORDS = [
    "river",
    "Instagram",
    "post",
    "consent",
    "content",
    "cookies",
    "view",
    "loaded",
    "share",
    "accept",
    "X",
]


@given(st.lists(st.sampled_from(WORDS), min_size=9, max_size=40))
def test_what_stands_between_the_lines_of_a_box_stays(words: list[str]) -> None:
    """Text of any words of a box, that is none of its wordings, is the embedded post's own."""
    said = f"Yesterday {' '.join(words)} again."
    text = "\n".join((BEFORE, "View this post on Instagram", said, *BOX, AFTER))
    at = text.index(said)
    taken = [
        reason.rule
        for segment in cleaned(text).segments
        if segment.start < at + len(said) and at < segment.end and segment.action is Action.REMOVED
        for reason in segment.reasons
    ]
    assert not [rule for rule in taken if rule.startswith("embed.")]


AR_BEFORE = (
    "قال الوزير يوم الثلاثاء إن الجسر الجديد فوق النهر سيفتتح في مارس، بعد عامين من الموعد المقرر. "
    "وكان مهندسون قد عثروا على شقوق في ثلاث دعامات، وبلغت كلفة الإصلاح تسعة ملايين جنيه."
)
AR_AFTER = (
    "وينتظر سكان الضفة الشرقية الجسر منذ عام 2019. وقالت مريم هلال، وهي أم لثلاثة أطفال: «نقود السيارة "
    "أربعين دقيقة لنصل إلى مدرسة نراها من نافذتنا». ووعد المجلس بتشغيل عبّارة حتى موعد الافتتاح."
)
AR_PAGE = (
    "الرئيسية\nسياسة\nرياضة\n\nجسر جديد يعبر النهر بعد عامين من التأخير\n\n"
    "{}\n{}{}\n\nحقوق النشر محفوظة © 2025\n"
)


def test_a_box_throws_no_doubt_on_the_paragraph_below_it() -> None:
    """The labeller reads the page without it: it had given a paragraph 0.31 there, and 0.95 without."""
    box = "هل تسمح بعرض المحتوى من Twitter؟\nموافقة وإكمال\nنهاية Twitter مشاركة\n"
    said = []
    for between in (box, ""):
        text = AR_PAGE.format(AR_BEFORE, between, AR_AFTER)
        at = text.index(AR_AFTER)
        segments = cleaned(text).segments
        said.append(next(s.contentProbability for s in segments if s.start <= at < s.end))
    assert None not in said
    assert said[0] == pytest.approx(said[1], abs=0.1)
