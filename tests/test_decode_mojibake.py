"""Mojibake is undone where it is certain, and clean pages are never touched."""

from pathlib import Path

import ftfy.bad_codecs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.decode import decode, from_text

ftfy.bad_codecs.ok()  # registers the sloppy codecs

SEEDS = sorted(Path(__file__).parent.parent.joinpath("seeds").glob("*.txt"))
PAGES = [path.read_text(encoding="utf-8") for path in SEEDS]

ARABIC = "اتفق المغرب وإسرائيل على تعزيز تعاونهما العسكري من خلال توسيعه ليشمل المخابرات، في الرباط."
FRENCH = "Le président a déclaré à l’Assemblée que les élèves des écoles concernées recevraient une aide."
RUSSIAN = "Президент подписал указ о мерах поддержки населения, новые выплаты получат семьи с детьми."
GERMAN = "Für viele Bürger dürfte das höhere Kosten bedeuten, hieß es – die Opposition äußerte Kritik."
CHINESE = "中国国家主席昨天在北京会见了来访的外国代表团，双方就经济合作交换了意见。"
PERSIAN = "رئیس جمهور ایران دیروز اعلام کرد که برنامه‌های اقتصادی جدیدی برای حمایت از خانواده‌ها اجرا می‌شود."
URDU = "وزیر اعظم نے کل اعلان کیا کہ نئی معاشی اصلاحات سے لاکھوں خاندانوں کو فائدہ ہوگا۔"
ENGLISH = "It’s the committee’s view – “unanimous”, they said – that the café’s doors should stay open."
TEXTS = [ARABIC, FRENCH, RUSSIAN, GERMAN, CHINESE, PERSIAN, URDU, ENGLISH]

CODECS = [
    ("cp1256", "windows-1256"),
    ("sloppy-windows-1252", "windows-1252"),
    ("latin-1", "iso-8859-1"),
    ("sloppy-windows-1251", "windows-1251"),
]


def damaged(text: str, codec: str) -> str:
    """UTF-8 read once by the wrong charset."""
    return text.encode("utf-8").decode(codec)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(("codec", "name"), CODECS)
def test_a_damaged_page_is_mended_and_the_charset_named(text: str, codec: str, name: str) -> None:
    decoded = decode(damaged(text, codec).encode())
    assert decoded.text == text
    # where the damage looks the same in both, the first is named
    assert decoded.encoding.repairs in {(f"mojibake:{name}",), ("mojibake:windows-1252",)}


@pytest.mark.parametrize("text", [ARABIC, RUSSIAN, FRENCH])
@pytest.mark.parametrize("codec", ["cp1256", "sloppy-windows-1252"])
def test_damage_done_twice_is_undone_twice(text: str, codec: str) -> None:
    decoded = from_text(damaged(damaged(text, codec), codec), html=False)
    assert decoded.text == text
    assert len(decoded.encoding.repairs) == 2


@pytest.mark.parametrize("page", PAGES)
def test_seed_pages_come_back_from_each_kind_of_damage(page: str) -> None:
    for codec, _ in CODECS:
        assert from_text(damaged(page, codec), html=False).text == page


def test_only_the_damaged_lines_change() -> None:
    lines = ARABIC, damaged(ARABIC, "cp1256"), "plain\r", RUSSIAN, damaged(ARABIC, "cp1256")
    decoded = from_text("\n".join(lines), html=False)
    assert decoded.text.split("\n") == [ARABIC, ARABIC, "plain\r", RUSSIAN, ARABIC]
    assert decoded.encoding.repairs == ("mojibake:windows-1256",)


def test_a_quotation_mark_here_and_there_is_mended_on_an_english_page() -> None:
    page = "The club’s first game.\nIt wasn’t close.\nThat’s all.\nNo more."
    assert from_text(damaged(page, "sloppy-windows-1252"), html=False).text == page


@pytest.mark.parametrize(
    "page",
    [
        "An article about mojibake.\nIt shows Ã© instead of é, and ط§ظ„ instead of ال.\n" + FRENCH,
        "When a page goes wrong you see signs like Ã©.\nThat is all there is to it.",
        'For example, the word "ط§ظ„ظ…ط؛ط±ط¨" was shown on the screen of the station that day.',
        "Mojibake\nHere is how UTF-8 looks when it is read as Latin-1:\ndÃ©jÃ  vÃ©cu Ã©tÃ©\nUgly, no?\nYes.",
        "ÇáãÛÑÈ",
        "SÃO PAULO – A REGIÃO E A POPULAÇÃO",
        "خط، نص؛ شرط؟",
        "٪ ط، ظ؛ ع",
    ],
)
def test_what_is_not_certain_stays(page: str) -> None:
    decoded = from_text(page, html=False)
    assert (decoded.text, decoded.encoding.repairs) == (page, ())


def test_damage_of_more_layers_than_can_be_trusted_stays() -> None:
    page = ARABIC
    for _ in range(4):
        page = damaged(page, "cp1256")
    assert from_text(page, html=False).text == page


@pytest.mark.parametrize("page", [*PAGES, *TEXTS])
def test_clean_pages_stay(page: str) -> None:
    for decoded in (from_text(page, html=False), decode(page.encode()), from_text(page, html=True)):
        assert (decoded.text, decoded.encoding.repairs) == (page, ())


sentences = [s for text in (*PAGES, *TEXTS) for s in text.replace(".", ".\n").split("\n") if s.strip()]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(sentences), max_size=12), st.sampled_from(["\n", " ", " - ", "\r\n"]))
def test_no_mixture_of_clean_sentences_is_repaired(chosen: list[str], glue: str) -> None:
    page = glue.join(chosen)
    assert from_text(page, html=False).text == page


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.sampled_from([codec for codec, _ in CODECS]))
def test_any_damage_is_survived(text: str, codec: str) -> None:
    shown = text.encode("utf-8", "replace").decode(codec)
    assert from_text(shown, html=False).text.count("\n") == shown.count("\n")
