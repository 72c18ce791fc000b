"""Hashes of words, and what is looked up by them."""

import random
import re
from itertools import pairwise

import numpy as np
import pytest

from service.blocks import text as blocks
from service.detector import _joins, _phrases, scan
from service.folding import fold
from service.words import _STRETCH, Lexicon, Rolling, codes_of, folded

WORDS = np.array([0, 1, 0xFFFF, 0x10000, 0x10001, 0x7FFFFFFF, 0xFFFF0000, 0xFFFFFFFE], dtype=np.uint32)


def test_known_words_are_found_and_no_others() -> None:
    lexicon = Lexicon.of(WORDS)
    assert lexicon.find(WORDS).tolist() == list(range(WORDS.size))
    others = np.array([2, 0x10002, 0x80000000, 0xFFFEFFFF, 0xFFFFFFFF], dtype=np.uint32)
    assert lexicon.find(others).tolist() == [-1] * others.size


@pytest.mark.parametrize("before", [0, 7, _STRETCH - 5, _STRETCH - 3, _STRETCH, 3 * _STRETCH + 7])
def test_a_stretch_has_one_hash_wherever_it_stands(before: int) -> None:
    text = "خبر" + "x" * before + "خبر"
    rolling = Rolling(codes_of(text))
    first, last, other = rolling.between(np.array([0, before + 3, 1]), np.array([3, before + 6, 3])).tolist()
    assert first == last != other


def test_blocks_that_hold_a_part() -> None:
    page = blocks.read("Share on Facebook, facebook\n\nTwitter\nLike us on facebook")
    assert list(folded(page).holding("facebook")) == [0, 2]
    assert list(folded(page).holding("instagram")) == []


def naive(text: str) -> set[tuple[int, int, str]]:
    """Every phrase at every place of one folded block, unless it begins or ends inside a word."""
    inside = [False, *(_joins(a) and _joins(b) for a, b in pairwise(text)), False]
    phrases = _phrases()
    return {
        (m.start(), m.start() + len(phrase), entry.phrase)
        for phrase, entries in zip(phrases.texts, phrases.entries, strict=True)
        if phrase in text
        for m in re.finditer(f"(?={re.escape(phrase)})", text)
        if not (inside[m.start()] or inside[m.start() + len(phrase)])
        for entry in entries
    }


@pytest.mark.parametrize("seed", range(12))
def test_scanning_meets_what_a_search_for_each_phrase_meets(seed: int) -> None:
    chance = random.Random(seed)
    phrases = _phrases().texts
    glue = ["", " ", " ", ", ", "a", "7", "ا", "的", " © ", "©"]
    line = "".join(chance.choice(phrases) + chance.choice(glue) for _ in range(25)).strip()
    page = blocks.read(re.sub(r"\s+", " ", line))
    met: set[tuple[int, int, str]] = set()
    wanted: set[tuple[int, int, str]] = set()
    for block in page.blocks:
        assert block.folded == fold(block.text)
        found = [h for hits in scan(page).values() for h in hits.by_block.get(block.index, ())]
        met |= {(h.start, h.end, h.phrase) for h in found}
        wanted |= naive(block.folded)
    assert met == wanted
    assert len(met) >= 10
