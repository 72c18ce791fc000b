"""folded sentence -> which families of notices its words belong to.

Each family has a file beside this one: lists of rules by BCP 47 language (`und` for all of them).

    [en]
    not_found = ["page/article + not found/no longer exists"]
    weak = ["sorry", "homepage"]

A rule is one or more slots joined by ` + `, a slot one or more wordings parted by `/`; the rule is met
when each slot is met somewhere in one sentence. Wordings are whole words; `*` at the end lets the word
go on. Scripts that glue particles to words, or write without spaces, are matched anywhere. The list
`weak` holds what only counts beside another rule of its language; every other list is named for what it
finds. All rules are looked up in one pass.
"""

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import ahocorasick

from service.folding import fold

FOLDER: Final = Path(__file__).parent
FAMILIES: Final = ("bot", "consent", "login", "paywall", "error", "script", "redirect", "viewer", "address")
WEAK: Final = "weak"
ADDRESS: Final = "address"  # the family of words that speak to the reader
# Particles are glued to words in these blocks (Hebrew to Arabic, Hangul), or words are not parted
# (Devanagari's and Thai's neighbours, kana, Han): a wording is found inside a word.
_GLUED: Final = ((0x0590, 0x08FF), (0x0900, 0x10FF), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x2E80, 0xFAFF))


class Met(NamedTuple):
    """A rule that a sentence meets."""

    family: str
    listed: str
    language: str
    phrase: str
    """The rule's first slot as the page words it."""


@dataclass(frozen=True, slots=True)
class _Rule:
    family: str
    listed: str
    language: str
    slots: int


class _Use(NamedTuple):
    rule: int
    slot: int
    length: int
    open: bool
    """Whether the word may go on after the wording."""


@cache
def _rules() -> tuple[tuple[_Rule, ...], ahocorasick.Automaton]:
    rules: list[_Rule] = []
    uses: dict[str, list[_Use]] = defaultdict(list)
    for family in FAMILIES:
        by_language = tomllib.loads((FOLDER / f"{family}.toml").read_text(encoding="utf-8"))
        for language, lists in by_language.items():
            for listed, written in lists.items():
                for text in written:
                    slots = text.split(" + ")
                    rules.append(_Rule(family, listed, language, len(slots)))
                    for slot, wordings in enumerate(slots):
                        for wording in wordings.split("/"):
                            plain = wording.removesuffix("*")
                            folded = fold(plain).strip()
                            if not folded:
                                raise ValueError(f"{family}.toml: {language}.{listed} holds an empty wording")
                            use = _Use(len(rules) - 1, slot, len(folded), plain != wording)
                            uses[folded].append(use)
    return tuple(rules), _automaton(uses)


def _automaton(uses: Mapping[str, Sequence[_Use]]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for folded, found in uses.items():
        automaton.add_word(folded, tuple(found))
    automaton.make_automaton()
    return automaton


@cache
def _telling() -> ahocorasick.Automaton:
    """The wordings of rules that tell something alone: a small part of all."""
    rules, automaton = _rules()
    uses = {
        folded: [use for use in found if rules[use.rule].listed != WEAK and rules[use.rule].family != ADDRESS]
        for folded, found in automaton.items()
    }
    return _automaton({folded: found for folded, found in uses.items() if found})


def hinted(text: str) -> bool:
    """Whether a folded text, read as one sentence, meets a telling rule. If not, no sentence of it does."""
    rules, _ = _rules()
    slots: dict[int, set[int]] = defaultdict(set)
    for last, uses in _telling().iter(text):
        for use in uses:
            if _stands(text, last + 1 - use.length, last + 1, go_on=use.open):
                met = slots[use.rule]
                met.add(use.slot)
                if len(met) == rules[use.rule].slots:
                    return True
    return False


def met_by(sentence: str) -> tuple[Met, ...]:
    """The rules a folded sentence meets, in the order of the files."""
    rules, automaton = _rules()
    slots: dict[int, set[int]] = defaultdict(set)
    first: dict[int, str] = {}
    for last, uses in automaton.iter(sentence):
        for use in uses:
            start, end = last + 1 - use.length, last + 1
            if _stands(sentence, start, end, go_on=use.open):
                slots[use.rule].add(use.slot)
                if use.slot == 0:
                    first.setdefault(use.rule, sentence[start:end])
    return tuple(
        Met(rules[i].family, rules[i].listed, rules[i].language, first[i])
        for i, found in sorted(slots.items())
        if len(found) == rules[i].slots
    )


def _stands(text: str, start: int, end: int, *, go_on: bool) -> bool:
    """Whether a wording is not part of a longer word."""
    if start and _joined(text[start - 1], text[start]):
        return False
    return go_on or end == len(text) or not _joined(text[end - 1], text[end])


def _joined(before: str, after: str) -> bool:
    """Whether two characters side by side belong to one word of a script that parts its words."""
    return before.isalnum() and after.isalnum() and not (_glued(before) or _glued(after))


def _glued(char: str) -> bool:
    code = ord(char)
    return any(low <= code <= high for low, high in _GLUED)
