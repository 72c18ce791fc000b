"""The engine for many machines: Ray Data, one cleaner an actor, each with an isolated worker of its own.

    files ─index─▶ parts ─clean─▶ entries

`index` reads a file to find where its parts begin, and hands on only that; an actor reads, cleans and writes
a part by itself. So what goes through Ray is tiny, a part that was lost with its machine is begun again from
the archive, and one that was made twice is there once: same name, same bytes.
"""

import asyncio
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final

import ray
import ray.data

from service.batch.flow import make_parts
from service.batch.parts import Begin, Start, cut, one
from service.batch.plan import Plan
from service.batch.progress import Bar
from service.batch.sources import Kind, Source
from service.batch.store import Entry, Store
from service.batch.tally import Tally
from service.http.metrics import Metrics
from service.http.workers import Workers

_QUIET: Final = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    # a process for every processor before any is asked for makes a small machine miss Ray's own deadlines
    "RAY_enable_worker_prestart": "0",
    "RAY_prestart_worker_first_driver": "0",
}
"""Settings of a cluster that is started here."""
INDEXING: Final = 0.25
"""Processors that reading a file for its parts is given: it is a small share of the work."""


def run(
    plan: Plan,
    sources: Sequence[Source],
    done: Mapping[str, Mapping[int, Start | None]],
    bar: Bar,
    address: str | None,
) -> Tally:
    """Make all parts that are not done, on the cluster at `address` or on one that is started here."""
    begun = not ray.is_initialized()
    if begun:
        _begin(plan, address)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.target_max_block_size = 1  # a block a part, so that each goes to the next actor that is free
    tally = Tally()
    try:
        for row in _entries(plan, sources, done).iter_rows():
            entry = Entry.of(json.loads(row["entry"]), json.loads(row["timed"]))
            tally.add(entry.tally)
            bar.count({**entry.tally.decisions, "problem": entry.tally.problems.total()})
            end = entry.following.place.offset if entry.following else entry.size
            bar.advance(end - entry.start.place.offset)
    finally:
        if begun:
            ray.shutdown()
    return tally


def _begin(plan: Plan, address: str | None) -> None:
    """Join a cluster, or start one that listens to nobody else."""
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    if address:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
        return
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    ray.init(
        address="local",  # else it joins whatever cluster this machine last had
        num_cpus=plan.settings.workers + 1,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
        _node_ip_address="127.0.0.1",
    )


def _entries(
    plan: Plan, sources: Sequence[Source], done: Mapping[str, Mapping[int, Start | None]]
) -> "ray.data.Dataset":
    files = [
        {
            **_told(source),
            "done": json.dumps(
                [(n, after.told() if after else None) for n, after in done.get(source.key, {}).items()]
            ),
        }
        for source in sources
    ]
    parts = ray.data.from_items(files, override_num_blocks=len(files)).flat_map(
        Index(plan), num_cpus=INDEXING
    )
    actors = ray.data.ActorPoolStrategy(size=plan.settings.workers)
    return parts.map_batches(Cleaner, fn_constructor_args=(plan,), batch_size=1, num_cpus=1, compute=actors)


class Index:
    """A file -> where its unfinished parts begin."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def __call__(self, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The parts of one file."""
        source = _source(row)
        done = {n: Start.of(after) if after else None for n, after in json.loads(row["done"])}
        for event in cut(source, self._plan.reading, self._plan.size, done):
            if isinstance(event, Begin):
                yield {**_told(source), "start": json.dumps(event.start.told())}


class Cleaner:
    """Parts -> their entries, once they are written. It holds one worker, which a page may take down."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._store = Store(plan.folder)
        self._loop = asyncio.new_event_loop()
        single = plan.settings.model_copy(update={"workers": 1})
        self._loop.run_until_complete(self._start(single))

    async def _start(self, settings: Any) -> None:
        self._pool = Workers(settings, Metrics(), fair=False)
        await self._pool.start()

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[str]]:
        """The entry of each part; of one that is finished already, the one that is there."""
        entries = []
        for path, kind, size, start in zip(
            batch["path"], batch["kind"], batch["size"], batch["start"], strict=True
        ):
            source = Source(str(path), Kind(str(kind)), int(size))
            entries.append(self._loop.run_until_complete(self._make(source, Start.of(json.loads(start)))))
        return {
            "entry": [json.dumps(entry.told()) for entry in entries],
            "timed": [json.dumps(entry.tally.timed()) for entry in entries],
        }

    async def _make(self, source: Source, start: Start) -> Entry:
        if (there := self._store.entry(source, start.number)) is not None:
            return there
        events = one(source, self._plan.reading, self._plan.size, start)
        made = make_parts(events, self._plan, self._store, self._pool, 2, lambda *_: None)
        async with aclosing(made):
            return await anext(made)


def _told(source: Source) -> dict[str, Any]:
    return {"path": source.path, "kind": source.kind.value, "size": source.size}


def _source(row: Mapping[str, Any]) -> Source:
    return Source(str(row["path"]), Kind(str(row["kind"])), int(row["size"]))
