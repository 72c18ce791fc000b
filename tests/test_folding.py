"""Folding: what becomes equal, what stays apart, and what holds for every text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.folding import fold

EQUAL = [
    ("ΚΟΙΝΟΠΟΙΗΣΗ", "κοινοποίηση"),
    ("Άρθρο", "ΑΡΘΡΟ"),
    ("προϊόν", "ΠΡΟΙΟΝ"),
    ("ΐΰ", "ιυ"),
    ("ᾶἄὦ", "ααω"),
    ("α\u0301", "α"),
    ("İSTANBUL", "istanbul"),
    ("STRASSE", "straße"),
    ("за\u0301мок", "замок"),
    ("أحمد إلى آخر", "احمد الي اخر"),
    ("مكتبة", "مكتبه"),
    ("مُحَمَّد", "محمد"),
    ("شـــارك", "شارك"),
    ("کتاب", "كتاب"),
    ("שָׁלוֹם", "שלום"),
    ("٢٠٢٢", "2022"),
    ("२०२२", "2022"),
    ("Ｆａｃｅｂｏｏｋ", "facebook"),
    ("l’été", "l'été"),
    ("l´été", "l'été"),
    ("a – b", "a - b"),
    ("«a»", '"a"'),
    ("co\u00adoperate", "cooperate"),
    ("a\u200bb", "ab"),
    ("か\u200d\u3099", "が"),
    ("a \u00a0\t b", "a b"),
    ("a\r\nb", "a \nb"),
    ("x\U000e0041y", "xy"),
]
APART = [("cote", "côté"), ("и", "й"), ("ё", "е"), ("uber", "über"), ("か", "が"), ("a\nb", "a b")]

# Letters, marks and invisible characters whose order matters to folding, so that random text is not noise
SHREDS = st.sampled_from(
    [
        *"aejiIİΐΆᾳςß", *"かﬁ´¨ﷺأىة٣", "\u0301", "\u0302", "\u0307", "\u0308", "\u0342", "\u0345", "\u3099",
        "\u200b", "\u200d", "\u00ad", "\ufe0f", "\u064b", "\u0640", "\u0f71", "\u0f72", "\u1100", "\u1161",
        " ", "\n", "\r", "\u2028", "\x85", "\ud800", "\U000e0041", "\U0001d15e",
    ]
)  # fmt: skip
texts = st.lists(SHREDS | st.text(max_size=4), max_size=30).map("".join)


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_written_differently_and_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_not_the_same_word(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(texts)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_line_breaks_survive(text: str) -> None:
    assert fold(text).count("\n") == text.count("\n")


@given(st.lists(texts, max_size=5))
def test_lines_fold_alone_as_they_fold_together(lines: list[str]) -> None:
    alone = [line.replace("\n", " ") for line in lines]
    assert fold("\n".join(alone)) == "\n".join(fold(line) for line in alone)


@given(st.text(alphabet=st.characters(max_codepoint=0x7F), max_size=40))
def test_ascii_folds_alone_as_it_folds_beside_other_letters(text: str) -> None:
    assert fold(text) + "\nж" == fold(text + "\nж")
