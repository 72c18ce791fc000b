"""What must hold of duplicates on every page, however it was made."""

from collections.abc import Callable
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.labels import Action, Label
from schemas.request import Profile
from service import blocks, decide
from service.blocks.cuts import MAX_BLOCKS
from service.decode import from_text
from service.detector import NO_HITS
from service.detectors import duplicate_block
from service.document import Finding, Page

SENTENCES = (
    "The city opened a new bridge over the river on Sunday, a month earlier than anybody had dared to hope.",
    "افتتح وزير النقل صباح اليوم جسرا جديدا يربط الضفة الشمالية من المدينة بالميناء القديم بعد سنوات.",
    "По словам мэра, по мосту каждый день смогут проезжать до двадцати тысяч машин, а пешеходы весной.",
    "市政府星期天宣布，横跨南河的新桥正式通车，工程历时三年，比原计划提前了一个月，总费用没有超出预算。",
    "The city opened a new bridge over the river on Sunday, a month earlier...",
    "Home",
    "No.",
    "Three years of work",
    "In 2021 the ferry carried 120,400 passengers across the river, most of them in the summer months alone.",
    "In 2022 the ferry carried 131,900 passengers across the river, most of them in the summer months alone.",
    "City opens new bridge a month early",
    "City opens new bridge a month early | Riverside Courier",
    "",
)
pages = st.lists(st.sampled_from(SENTENCES), max_size=30).map("\n".join)


def read(text: str) -> tuple[Page, list[Finding]]:
    page = blocks.read(from_text(text, html=False))
    return page, list(duplicate_block.find(page, NO_HITS))


def letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


@given(pages)
@settings(deadline=None)
def test_every_copy_points_at_a_kept_stretch(text: str) -> None:
    page, findings = read(text)
    spans = decide.decide(page, findings, None, Profile.GENERIC)
    kept = [(s.start, s.end) for s in spans if s.action is not Action.REMOVED]
    for span in spans:
        if span.action is Action.REMOVED:
            assert span.label is Label.DUPLICATE_BLOCK
            assert span.copy_of is not None
            assert any(a <= span.copy_of[0] and span.copy_of[1] <= b for a, b in kept)


@given(pages)
@settings(deadline=None)
def test_the_only_copy_stays(text: str) -> None:
    page, findings = read(text)
    spans = decide.decide(page, findings, None, Profile.GENERIC)
    left = letters("".join(page.text[s.start : s.end] for s in spans if s.action is not Action.REMOVED))
    for sentence in SENTENCES:
        if sentence and not sentence.endswith(("...", "Courier")) and sentence in text:
            assert letters(sentence) in left


@given(pages)
@settings(deadline=None)
def test_one_original_for_all_its_copies(text: str) -> None:
    page, findings = read(text)
    originals: dict[str, set[tuple[int, int]]] = {}
    for finding in findings:
        assert finding.copy_of is not None
        if finding.rule == "duplicate_block.exact":
            originals.setdefault(page.text[finding.start : finding.end], set()).add(finding.copy_of)
    assert all(len(found) == 1 for found in originals.values())
    assert all((f.start, f.end) != f.copy_of for f in findings)


def growth(make: Callable[[int], str], size: int) -> float:
    """How many times as long twice as much text takes; short times count as the floor below them."""

    def taken(text: str) -> float:
        page = blocks.read(from_text(text, html=False))
        began = process_time()
        list(duplicate_block.find(page, NO_HITS))
        return max(0.25, process_time() - began)

    return min(taken(make(2 * size)) / taken(make(size)) for _ in range(2))


def test_hostile_repeats_are_linear() -> None:
    line = SENTENCES[0]
    page, findings = read("\n".join([line] * MAX_BLOCKS))
    assert len(findings) == len(page.lines) - 1
    assert {f.copy_of for f in findings} == {(0, len(line))}
    assert growth(lambda n: "\n".join([line] * n), MAX_BLOCKS // 2) < 3


def test_hostile_near_copies_are_compared_with_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many texts that begin alike: each is compared with a few, not with all."""
    compared = 0
    compare = duplicate_block._compare

    def counting(*pair: Any) -> Any:
        nonlocal compared
        compared += 1
        return compare(*pair)

    monkeypatch.setattr(duplicate_block, "_compare", counting)
    rows = [
        f"The city opened a new bridge over the river on Sunday, and visitor {n} crossed it twice."
        for n in range(5_000)
    ]
    page, findings = read("\n".join(rows))
    assert not [f for f in findings if f.confidence > 0.6]
    assert 0 < compared <= 2 * duplicate_block.MAX_RIVALS * len(page.lines)


def test_one_endless_line_is_linear() -> None:
    assert growth(lambda n: " ".join([SENTENCES[1]] * n), 10_000) < 3
