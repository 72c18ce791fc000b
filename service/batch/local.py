"""The engine for one machine: the service's own workers, with their deadline, memory limit and retries."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from service.batch.flow import Told, make_parts
from service.batch.parts import Event, Start, cut
from service.batch.plan import Plan
from service.batch.sources import Source
from service.batch.store import Store
from service.batch.tally import Tally
from service.http.metrics import Metrics
from service.http.workers import Workers

Done = Mapping[str, Mapping[int, Start | None]]
"""For each file, the parts that are finished and what follows each."""


def run(plan: Plan, store: Store, sources: Sequence[Source], done: Done, told: Told) -> Tally:
    """Make all parts that are not done. What was counted of them."""
    tally = Tally()

    async def all_parts() -> None:
        pool = Workers(plan.settings, Metrics(), fair=False)
        await pool.start()
        try:
            async for entry in make_parts(_events(plan, sources, done), plan, store, pool, width(plan), told):
                tally.add(entry.tally)
        finally:
            await pool.stop()

    asyncio.run(all_parts())
    return tally


def width(plan: Plan) -> int:
    """Pages in work: one waits for each worker, so that none of them does."""
    return 2 * plan.settings.workers


def _events(plan: Plan, sources: Sequence[Source], done: Done) -> Iterator[Event]:
    for source in sources:
        yield from cut(source, plan.reading, plan.size, done.get(source.key, {}))
