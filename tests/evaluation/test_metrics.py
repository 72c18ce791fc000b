"""The scorer: what it counts, in every script."""

import pytest

from service.training.scoring import words
from tests.evaluation.metrics import interval, score


@pytest.mark.parametrize(
    ("text", "count"),
    [("Two words", 2), ("كلمتان هنا", 2), ("四个字了", 4), ("ภาษา", 4), ("mix 字 of", 3), ("", 0)],
)
def test_words_per_script(text: str, count: int) -> None:
    assert len(words(text)) == count


def test_score_is_of_multisets() -> None:
    s = score("a a b", "a b c d")
    assert (s.precision, s.recall) == (2 / 3, 0.5)
    assert s.f1 == pytest.approx(4 / 7)
    assert score("", "").f1 == 1
    assert score("junk", "").f1 == 0


def test_interval_holds_the_mean() -> None:
    low, high = interval([0.2, 0.4, 0.9, 1.0, 0.7])
    assert low < 0.64 < high
    assert interval([0.5] * 9) == (0.5, 0.5)
