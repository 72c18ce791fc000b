"""What is counted of pages, part by part, and added up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from service.batch.row import Facts

BINS: Final = 20
"""Bars of the score's histogram."""
MOST_SITES: Final = 20_000
"""Sites that are kept apart when parts are added up; those with fewest pages go first."""
SLOWEST: Final = 20


@dataclass(slots=True)
class Tally:
    """Counts of pages. The same for the same pages, save `slowest` and `seconds`."""

    decisions: Counter[str] = field(default_factory=Counter)
    page_types: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    scores: Counter[str] = field(default_factory=Counter)
    """Pages by the score's bin, 0 to BINS - 1, as JSON names it."""
    sites: dict[str, Counter[str]] = field(default_factory=dict)
    """For each site, characters cut by label; `pages` and `length` beside them."""
    passed: int = 0
    """Records that are of no kind that holds pages."""
    seconds: float = 0.0
    """Of processing, all workers together."""
    slowest: list[tuple[float, str, int, str]] = field(default_factory=list)
    """Seconds, file, offset, address."""

    @property
    def pages(self) -> int:
        """Rows."""
        return self.decisions.total()

    def count(self, facts: Facts, file: str, offset: int) -> None:
        """One page more."""
        self.decisions[facts.decision] += 1
        self.page_types[facts.page_type] += 1
        self.languages[facts.language or "unknown"] += 1
        self.scores[str(min(BINS - 1, int(facts.score * BINS)))] += 1
        site = self.sites.setdefault(facts.site, Counter())
        site["pages"] += 1
        site["length"] += facts.length
        site.update(facts.cut)
        self.seconds += facts.seconds
        self._slow([(facts.seconds, file, offset, facts.url or "")])

    def add(self, other: "Tally") -> None:
        """All pages of another."""
        for name in ("decisions", "page_types", "languages", "problems", "scores"):
            getattr(self, name).update(getattr(other, name))
        for name, site in other.sites.items():
            self.sites.setdefault(name, Counter()).update(site)
        if len(self.sites) > 2 * MOST_SITES:
            kept = sorted(self.sites, key=lambda name: -self.sites[name]["pages"])[:MOST_SITES]
            self.sites = {name: self.sites[name] for name in kept}
        self.passed += other.passed
        self.seconds += other.seconds
        self._slow(other.slowest)

    def _slow(self, more: Iterable[tuple[float, str, int, str]]) -> None:
        self.slowest = sorted([*self.slowest, *more], reverse=True)[:SLOWEST]

    def told(self) -> dict[str, Any]:
        """As the manifest has it: nothing that depends on the clock."""
        return {
            "decisions": _sorted(self.decisions),
            "pageTypes": _sorted(self.page_types),
            "languages": _sorted(self.languages),
            "problems": _sorted(self.problems),
            "scores": _sorted(self.scores),
            "sites": {name: _sorted(site) for name, site in sorted(self.sites.items())},
            "passed": self.passed,
        }

    def timed(self) -> dict[str, Any]:
        """What depends on the clock."""
        return {"seconds": self.seconds, "slowest": self.slowest}

    @classmethod
    def of(cls, told: Mapping[str, Any], timed: Mapping[str, Any] | None = None) -> "Tally":
        """From JSON."""
        timed = timed or {}
        return cls(
            Counter(told["decisions"]),
            Counter(told["pageTypes"]),
            Counter(told["languages"]),
            Counter(told["problems"]),
            Counter(told["scores"]),
            {name: Counter(site) for name, site in told["sites"].items()},
            told["passed"],
            timed.get("seconds", 0.0),
            [tuple(one) for one in timed.get("slowest", [])],
        )


def _sorted(counter: Counter[str]) -> dict[str, int]:
    return {str(name): counter[name] for name in sorted(counter)}
