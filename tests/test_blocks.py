"""How text is cut into lines and blocks."""

import pytest

from schemas.labels import Action
from schemas.request import Profile
from service import decide, detectors
from service.blocks import text as blocks
from service.detector import scan

PROSE = "The council voted on Tuesday to close the bridge for repairs that will last until the end of May."


@pytest.fixture
def few_blocks(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(blocks, "MAX_BLOCKS", 5)
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
