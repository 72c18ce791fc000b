"""A run from its beginning to its report."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec

from service.batch import local, report
from service.batch.parts import Start
from service.batch.plan import Plan
from service.batch.progress import Bar
from service.batch.sources import Source, find
from service.batch.store import Store
from service.batch.tally import Tally


class Engine(StrEnum):
    """Who does the work."""

    LOCAL = "local"
    RAY = "ray"


class Missing(Exception):
    """An engine that is not installed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What there is now."""

    sources: int
    total: Tally
    """Of everything in the output, earlier runs' parts among it."""
    made: int
    """Rows of this run."""
    seconds: float
    report: str


def run(names: Sequence[str], plan: Plan, engine: Engine, *, address: str | None = None) -> Outcome:
    """Clean what the names stand for into `plan.out`, and report. What is there already is not done again.

    Raises FileNotFoundError for names that stand for nothing, Refused for an output folder begun otherwise.
    """
    if engine is Engine.RAY and find_spec("ray") is None:
        raise Missing("Ray is not installed: pip install 'ghirbal[ray]'")
    sources = find(names)
    store = Store(plan.folder)
    store.begin(plan.told())
    total = Tally()
    done: dict[str, dict[int, Start | None]] = {}
    before = 0
    for source in sources:
        entries = store.entries(source)
        done[source.key] = {number: entry.following for number, entry in entries.items()}
        for entry in entries.values():
            total.add(entry.tally)
            before += _reach(source, entry.start, entry.following)
    with Bar(sum(source.size for source in sources), before) as bar:
        if engine is Engine.RAY:
            from service.batch import onray  # noqa: PLC0415 - only where it is installed

            made = onray.run(plan, sources, done, bar, address)
        else:
            made = local.run(plan, store, sources, done, bar.told)
    total.add(made)
    rate = made.pages / bar.seconds if made.pages and bar.seconds else None
    page = report.render(total, plan.told(), [source.path for source in sources], rate)
    store.put(report.NAME, page.encode())
    return Outcome(len(sources), total, made.pages, bar.seconds, f"{plan.out.rstrip('/')}/{report.NAME}")


def _reach(source: Source, start: Start, following: Start | None) -> int:
    """Bytes of the file that a part took up, as far as they are known."""
    return (following.place.offset if following else source.size) - start.place.offset
