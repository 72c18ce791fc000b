"""How phrases are met on a page."""

import pytest

from service.blocks import text as blocks
from service.detector import MAX_HITS, Hit, scan


def met(text: str, detector: str, phrase: str) -> list[Hit]:
    hits = scan(blocks.read(text)).get(detector)
    return [h for found in hits.by_block.values() for h in found if h.phrase == phrase] if hits else []


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("Cookies", 1),
        ("cookies, COOKIES (cookies)", 3),
        ("supercookies cookiesheet cookies2 2cookies", 0),
        ("cookies\ncookies", 2),
        ("使用cookies的", 1),
    ],
)
def test_whole_words_only(text: str, times: int) -> None:
    places = {(h.block, h.start) for h in met(text, "legal_footer", "cookies")}
    assert len(places) == times


def test_initial_and_final() -> None:
    (hit, *_) = met("• 1. Share on Facebook …", "share_widget", "share on facebook")
    assert hit.initial
    assert hit.final
    (hit, *_) = met("Please share on Facebook now", "share_widget", "share on facebook")
    assert not hit.initial
    assert not hit.final


def test_no_block_lists_more_hits_than_can_matter() -> None:
    hits = scan(blocks.read("Share on Facebook " * MAX_HITS * 2))["share_widget"]
    assert max(len(found) for found in hits.by_block.values()) == MAX_HITS
