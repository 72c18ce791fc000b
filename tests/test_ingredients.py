"""A recipe's ingredients between two paragraphs: what is one, and that they stay with their headings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.labels import Action, Label
from schemas.request import Profile
from service import blocks, ingredients
from service.decide import decide
from service.decode import from_text
from service.document import Finding, Opinion, Signal, Span

ABOVE = "The soup has carried the family through more than one winter, and it needs one pot and half an hour."
BELOW = (
    "Heat the oil in a large pot, add the onion and cook it until it is soft, which takes about six minutes."
)
LISTS = {
    "en": ["Ingredients", "2 tbsp olive oil", "1 large onion", "1 ½ cups red lentils", "a pinch of salt"],
    "de": ["Zutaten", "800 g Kartoffeln", "2 Möhren", "1 l Brühe", "eine Prise Salz"],
    "fr": ["Ingrédients", "200 g de lentilles", "1 oignon", "2 cuillères d'huile", "une pincée de sel"],
    "ru": ["Ингредиенты", "Фасоль — 200 г", "Свёкла — 2 шт.", "Морковь", "Соль по вкусу"],
    "ar": [
        "المقادير",
        "كوبان عدس أحمر",
        "بصلة كبيرة مفرومة",
        "6 أكواب ماء",
        "ملعقة صغيرة كمون",
        "عصير ليمونة",
    ],
    "fa": ["مواد لازم", "پیاز یک عدد بزرگ", "۲۰۰ گرم عدس", "دو قاشق روغن", "نمک به مقدار لازم"],
    "he": ["מצרכים", "2 כוסות עדשים", "בצל גדול", "כף שמן", "כפית כמון"],
    "tr": ["Malzemeler", "2 su bardağı mercimek", "1 adet soğan", "1 yemek kaşığı yağ", "tuz"],
    "hi": ["सामग्री", "2 कप दाल", "1 प्याज", "1 छोटा चम्मच जीरा", "एक चुटकी हल्दी"],
    "zh": ["食材", "红扁豆 200克", "洋葱 1个", "盐 少许", "油 2勺"],
    "ja": ["材料", "レンズ豆 200グラム", "玉ねぎ 1個", "油 大さじ2", "塩 少々"],
    "ko": ["재료", "렌틸콩 200그램", "양파 1개", "식용유 2큰술", "소금 약간"],
}
NONE = {
    "other headlines with their days": [
        "Mayor opens the library", "12 May 2024", "Storm takes a roof", "11 May 2024", "Buses on strike",
    ],
    "what has numbers and letters": ["5G comes to the harbour", "Is 5G safe?", "Three 4G masts", "6G"],
    "hours ago": ["Мэр открыл мост", "3 ч. назад", "Буря", "4 ч. назад", "Забастовка", "5 ч. назад"],
    "counted things": ["周末去处", "5个技巧", "3个问题", "10个答案", "7个地方"],
    "results": ["Lech", "3", "1", "Raków", "Legia", "0", "2", "Wisła"],
    "counts and times": ["5 min read", "14 comments", "3 shares", "20 likes"],
    "one quantity": ["Related", "How to make 2 cups of broth", "Ten soups for winter", "Our kitchen", "Shop"],
    "sizes of a shop": ["Small", "40 cm", "Medium", "50 cm", "Large", "60 cm"],
}  # fmt: skip


def stretches(lines: list[str]) -> list[list[str]]:
    page = blocks.read(from_text("\n".join((ABOVE, *lines, BELOW)), html=False))
    texts = [page.text[line.start : line.end] for line in page.lines]
    return [[texts[i] for i in found] for found in ingredients.stretches(page)]


@pytest.mark.parametrize("language", LISTS)
def test_ingredients_are_one_list_with_what_heads_them(language: str) -> None:
    assert stretches(LISTS[language]) == [LISTS[language]]


@pytest.mark.parametrize("kind", NONE)
def test_what_only_has_numbers_is_none(kind: str) -> None:
    assert stretches(NONE[kind]) == []


@given(
    st.lists(
        st.sampled_from((ABOVE, BELOW, "Zutaten", "200 g Mehl", "1 l Milch", "eine Prise Salz", "", "ok"))
    )
)
def test_lists_lie_in_the_page_and_hold_no_paragraph(lines: list[str]) -> None:
    page = blocks.read(from_text("\n".join(lines), html=False))
    at = 0
    for found in ingredients.stretches(page):
        assert at <= found.start < found.stop <= len(page.lines)
        assert not any(page.lines[i].prose for i in found)
        at = found.stop


def decided(
    lines: list[str],
    findings: tuple[Finding, ...] = (),
    *,
    below: str = BELOW,
    profile: Profile = Profile.GENERIC,
) -> dict[str, Span]:
    """What becomes of lines between two paragraphs that the model gives next to nothing."""
    page = blocks.read(from_text("\n".join((ABOVE, *lines, below)), html=False))
    opinions = [Opinion(0.99 if block.text in (ABOVE, BELOW) else 0.01) for block in page.blocks]
    return {page.text[s.start : s.end]: s for s in decide(page, findings, opinions, profile)}


@pytest.mark.parametrize("language", ["ar", "fa", "he", "de"])
def test_between_paragraphs_they_stay_and_say_why(language: str) -> None:
    spans = decided(LISTS[language])
    assert {spans[line].action for line in LISTS[language]} == {Action.KEPT}
    rules = {reason[0] for line in LISTS[language] for reason in spans[line].reasons}
    assert "decide.ingredients" in rules


def test_what_a_detector_recognises_among_them_goes() -> None:
    lines = [*LISTS["de"], "Facebook"]
    at = len("\n".join((ABOVE, *LISTS["de"], "")))
    share = Finding(
        at, at + len("Facebook"), Label.SHARE_WIDGET, 0.95, "share_widget.network", "facebook",
        frozenset({Signal.PHRASE, Signal.SHAPE}),
    )  # fmt: skip
    spans = decided(lines, (share,))
    assert spans["Facebook"].action is Action.REMOVED
    assert spans["2 Möhren"].action is Action.KEPT


def test_without_a_paragraph_below_or_in_the_strict_profile_the_model_decides() -> None:
    assert decided(LISTS["ar"], below="© 2024")["عصير ليمونة"].action is Action.REMOVED
    assert decided(LISTS["ar"], profile=Profile.STRICT)["عصير ليمونة"].action is Action.REMOVED
