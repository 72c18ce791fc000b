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
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final, NamedTuple

import ahocorasick

from service.folding import fold

FOLDER: Final = Path(__file__).parent
FAMILIES: Final = ("bot", "consent", "login", "paywall", "error", "script", "redirect", "viewer", "address")
WEAK: Final = "weak"
ADDRESS: Final = "address"  # the family of words that speak to the reader
EITHER: Final = "either"  # its list of words that speak of others as well
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


_Wordings = tuple[tuple[str, _Use], ...]
"""Of one slot."""


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Rules, and their wordings: of each family, and of the rarest slot of each telling rule of any."""

    rules: tuple[_Rule, ...]
    families: Mapping[str, ahocorasick.Automaton]
    rarest: ahocorasick.Automaton
    others: Mapping[int, Sequence[_Wordings]]
    """Wordings of the other slots of each telling rule."""


@cache
def _table() -> _Table:
    rules: list[_Rule] = []
    families: dict[str, ahocorasick.Automaton] = {}
    others: dict[int, list[_Wordings]] = {}
    rarest: dict[str, list[_Use]] = defaultdict(list)
    for family in FAMILIES:
        uses: dict[str, list[_Use]] = defaultdict(list)
        by_language = tomllib.loads((FOLDER / f"{family}.toml").read_text(encoding="utf-8"))
        for language, lists in by_language.items():
            for listed, written in lists.items():
                for text in written:
                    slots = text.split(" + ")
                    rules.append(_Rule(family, listed, language, len(slots)))
                    found = list(_uses(slots, len(rules) - 1))
                    if not all(folded for folded, _ in found):
                        raise ValueError(f"{family}.toml: {language}.{listed} holds an empty wording")
                    for folded, use in found:
                        uses[folded].append(use)
                    if listed != WEAK and family != ADDRESS:
                        first, *others[len(rules) - 1] = _by_rarity(found)
                        for folded, use in first:
                            rarest[folded].append(use)
        families[family] = _automaton(uses)
    return _Table(tuple(rules), families, _automaton(rarest), others)


def _by_rarity(uses: Sequence[tuple[str, _Use]]) -> list[_Wordings]:
    """The slots of a rule, that first whose shortest wording is the longest: few lines hold it by chance."""
    slots = [tuple(one) for _, one in groupby(uses, key=lambda found: found[1].slot)]
    return sorted(slots, key=lambda slot: -min(len(folded) for folded, _ in slot))


def _uses(slots: Sequence[str], rule: int) -> Iterator[tuple[str, _Use]]:
    for slot, wordings in enumerate(slots):
        for wording in wordings.split("/"):
            plain = wording.removesuffix("*")
            folded = fold(plain).strip()
            yield folded, _Use(rule, slot, len(folded), plain != wording)


def _automaton(uses: Mapping[str, Sequence[_Use]]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for folded, found in uses.items():
        automaton.add_word(folded, tuple(found))
    automaton.make_automaton()
    return automaton


def hinted(text: str) -> frozenset[str]:
    """The families whose telling rules a line of a folded text meets when it is read as one sentence.

    No sentence of it meets a telling rule of any other.
    """
    table = _table()
    found: set[str] = set()
    asked: set[int] = set()  # a line that repeats a word is searched once a rule, not once a word
    line, line_end = "", -1
    for last, uses in table.rarest.iter(text):
        if last > line_end:
            asked.clear()
            line_end = text.find("\n", last) % (len(text) + 1)
            line = text[text.rfind("\n", 0, last) + 1 : line_end]
        for use in uses:
            family = table.rules[use.rule].family
            if family in found or use.rule in asked:
                continue
            if _stands(text, last + 1 - use.length, last + 1, go_on=use.open):
                asked.add(use.rule)
                if all(_holds(line, slot) for slot in table.others[use.rule]):
                    found.add(family)
    return frozenset(found)


def _holds(line: str, slot: _Wordings) -> bool:
    """Whether one of a slot's wordings stands in a line."""
    for wording, use in slot:
        at = line.find(wording)
        while at >= 0 and not _stands(line, at, at + use.length, go_on=use.open):
            at = line.find(wording, at + 1)
        if at >= 0:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where wordings of some families stand in a folded text as words of their own, by where they end."""

    text: str
    ends: Sequence[int]
    starts: Sequence[int]
    uses: Sequence[_Use]

    def met(self, start: int, end: int) -> tuple[Met, ...]:
        """The rules that a sentence of the text meets, in the order of the files."""
        low, high = bisect_right(self.ends, start), bisect_right(self.ends, end)
        if low == high:
            return ()
        rules = _table().rules
        return tuple(
            Met(rules[i].family, rules[i].listed, rules[i].language, wording)
            for i, wording in sorted(self._met(start, low, high).items())
        )

    def told(self) -> int:
        """Letters and digits that belong to the wordings of rules which the text as a whole meets."""
        met = self._met(0, 0, len(self.ends))
        covered = bytearray(len(self.text))
        for start, end, use in zip(self.starts, self.ends, self.uses, strict=True):
            if use.rule in met:
                covered[start:end] = b"\x01" * (end - start)
        return sum(char.isalnum() for char, inside in zip(self.text, covered, strict=True) if inside)

    def _met(self, start: int, low: int, high: int) -> dict[int, str]:
        """The rules that have all their slots from a place on, with the wording of the first slot."""
        slots: dict[int, dict[int, str]] = {}
        for i in range(low, high):
            if self.starts[i] >= start:
                use = self.uses[i]
                slots.setdefault(use.rule, {}).setdefault(use.slot, self.text[self.starts[i] : self.ends[i]])
        rules = _table().rules
        return {rule: met[0] for rule, met in slots.items() if len(met) == rules[rule].slots}


def look_up(text: str, families: Collection[str] = FAMILIES) -> Standing:
    """Look the wordings of some families up in a folded text, in one pass each."""
    automata = _table().families
    found = [at for family in families for at in _standing(text, automata[family])]
    found.sort(key=itemgetter(1))
    return Standing(text, [at[1] for at in found], [at[0] for at in found], [at[2] for at in found])


def met_by(sentence: str, families: Collection[str] = FAMILIES) -> tuple[Met, ...]:
    """The rules of some families that a folded sentence meets, in the order of the files."""
    return look_up(sentence, families).met(0, len(sentence))


def _standing(text: str, automaton: ahocorasick.Automaton) -> Iterator[tuple[int, int, _Use]]:
    """Where wordings stand in a text as words of their own, and each slot they fill."""
    for last, uses in automaton.iter(text):
        end = last + 1
        for use in uses:
            start = end - use.length
            if _stands(text, start, end, go_on=use.open):
                yield start, end, use


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
    return code >= _GLUED[0][0] and any(low <= code <= high for low, high in _GLUED)
