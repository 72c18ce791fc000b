"""How text is cut into lines and blocks."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.labels import Action
from schemas.request import Profile
from service import decide, detectors
from service.blocks import cuts
from service.blocks import text as blocks
from service.detector import scan

PROSE = "The council voted on Tuesday to close the bridge for repairs that will last until the end of May."


@pytest.fixture
def few_blocks(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(cuts, "MAX_BLOCKS", 5)
    return 5


@pytest.mark.parametrize("seam", ["\n", "\r\n\r\n", "   ", "\t"])
@pytest.mark.parametrize("extra", [-1, 0, 1, 20])
def test_what_follows_the_last_block_belongs_to_it(few_blocks: int, seam: str, extra: int) -> None:
    pieces = [f"Piece {i}" for i in range(few_blocks + extra)]
    page = blocks.read(seam.join(pieces))
    assert len(page.blocks) == min(len(pieces), few_blocks)
    assert page.blocks[0].text == "Piece 0"
    assert page.blocks[-1].text == seam.join(pieces[len(page.blocks) - 1 :])
    assert page.blocks[-1].folded.split() == page.blocks[-1].text.casefold().split()
    assert "\n" not in page.blocks[-1].folded
    assert page.lines[-1].end == len(page.text)


@pytest.mark.usefixtures("few_blocks")
def test_the_rest_of_an_endless_page_is_kept() -> None:
    text = "\n".join(f"{PROSE} Part {i}." for i in range(12))
    page = blocks.read(text)
    spans = decide.decide(page, detectors.find_all(page, scan(page)), None, Profile.GENERIC)
    assert {span.action for span in spans} == {Action.KEPT}
    assert spans[-1].end == len(text)


def test_an_empty_page_has_no_blocks() -> None:
    assert not blocks.read("").blocks
    assert not blocks.read(" \n\t\n").blocks


def _prose(text: str) -> list[bool]:
    return [line.prose for line in blocks.read(text).lines]


def test_thai_paragraphs_are_running_text_and_titles_are_not() -> None:
    title = "เทศบาลอนุมัติงบประมาณห้องสมุด"
    paragraph = "เทศบาลอนุมัติงบประมาณฉบับใหม่ของห้องสมุดประชาชนเมื่อวันอังคาร หลังการอภิปรายยาวนานจนถึงเที่ยงคืน"
    page = blocks.read(f"{title}\n{paragraph}")
    assert [line.prose for line in page.lines] == [False, True]
    assert [block.ends_sentence for block in page.blocks] == [False, True]


PARAGRAPH = (
    "وقال رئيس البلدية، في مؤتمر صحافي عقده أمس، إن المجلس سيخصص مبالغ إضافية لتوسيع"
    " المكتبة العامة وشراء كتب جديدة للأطفال خلال العام المقبل"
)
KEYWORDS = (
    "قطر، الغاز، النفط، الطاقة، أسواق، اقتصاد، آسيا، أوروبا، شركات، أسعار، بورصة،"
    " عقارات، بنوك، سيارات، سفر، صحة، تعليم، رياضة، ثقافة، فن، موسيقى، سينما"
)
TITLE = "البلدية تخصص مبالغ إضافية لتوسيع المكتبة العامة، وأولياء الأمور يرحبون"


@pytest.mark.parametrize(("line", "is_prose"), [(PARAGRAPH, True), (KEYWORDS, False), (TITLE, False)])
def test_a_paragraph_without_a_full_stop_is_running_text_and_a_list_is_not(line: str, is_prose: bool) -> None:
    assert _prose(line) == [is_prose]


def test_a_paragraph_broken_at_a_width_is_running_text() -> None:
    story = f"{PROSE} Drivers will cross by the ferry, which takes forty cars. It leaves at six. " * 2
    paragraph = textwrap.wrap(story, 72)
    menu = ["Home", "News", "Sport", "Weather"]
    page = "\n".join([*menu, "", *paragraph, "", *paragraph])
    assert _prose(page) == [False] * 4 + [True] * (2 * len(paragraph))


def test_headlines_of_like_length_are_no_broken_paragraph() -> None:
    headlines = [
        f"{name} wins the vote in the northern district by a narrow margin"
        for name in ("Berg", "Holm", "Lund")
    ]
    assert not any(_prose("\n".join(headlines * 4)))


ROW = ["Home", "News", "Sport", "The bridge closes for a year", "5 March 2024", PROSE, "Read also"]


@pytest.mark.parametrize("gap", ["    ", "\u00a0" * 4, " " * 3])
def test_a_row_with_running_text_in_it_is_as_many_lines_as_it_has_wide_gaps(gap: str) -> None:
    page = blocks.read(gap.join(ROW))
    assert [page.text[line.start : line.end] for line in page.lines] == ROW
    assert [line.prose for line in page.lines] == [piece is PROSE for piece in ROW]


@pytest.mark.parametrize(
    "row",
    [
        "    ".join(piece for piece in ROW if piece is not PROSE),  # a menu
        "\t".join(ROW),  # a table's
        "  ".join(ROW),  # as some people type
        f"{PROSE}    {PROSE}",  # two columns
    ],
)
def test_other_rows_are_one_line(row: str) -> None:
    assert len(blocks.read(row).lines) == 1


def test_one_ideographic_space_stands_in_a_title_and_several_part_a_menu() -> None:
    title, menu = "廃校の体育館を酒蔵に　地元産の米で", "ホーム　ニュース　スポーツ　天気"
    assert [block.text for block in blocks.read(title).blocks] == [title]
    assert [block.text for block in blocks.read(menu).blocks] == menu.split("\u3000")


ODD = ("", "x  y", "\t", "　", "اقرأ أيضا", "首页", "a\u200bb", "\u00ad", "…")


@given(
    st.lists(st.sampled_from((*ROW, *ODD)), max_size=30),
    st.sampled_from(["    ", "\n", "  ", " "]),
)
def test_nothing_but_white_space_stands_between_blocks(pieces: list[str], gap: str) -> None:
    page = blocks.read(gap.join(pieces))
    edges = [0, *(at for block in page.blocks for at in (block.start, block.end)), len(page.text)]
    assert edges == sorted(edges)
    assert not "".join(page.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)).strip()
