"""`ghirbal clean --ndjson`: the batch of the service over pipes, with the same workers and the same lines."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import BinaryIO, Final

from rich.console import Console
from rich.progress import (
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from schemas.request import CleanOptions
from service.http.batch import Batch, Line, split
from service.http.envelope import JsonLimits
from service.http.metrics import Metrics
from service.http.workers import Workers
from service.settings import Settings

_PIECE: Final = 64 * 1024
_AHEAD: Final = 4
"""Pieces that are read before they are wanted."""


def clean_lines(sources: Sequence[BinaryIO], out: BinaryIO, options: CleanOptions, settings: Settings) -> int:
    """Answer each line of the sources with a line; how many were refused. OSError where `out` is closed."""
    return asyncio.run(_clean_lines(sources, out, options, settings))


async def _clean_lines(
    sources: Sequence[BinaryIO], out: BinaryIO, options: CleanOptions, settings: Settings
) -> int:
    metrics = Metrics()
    workers = Workers(settings, metrics)
    limits = JsonLimits(depth=settings.max_json_depth, values=settings.max_json_values)
    batch = Batch(workers, options, limits, settings.workers, metrics)
    refused = 0
    await workers.start()
    try:
        with _progress() as progress:
            task = progress.add_task("pages", total=None)
            async with aclosing(batch.answer(_lines(sources, settings))) as answers:
                async for answer in answers:
                    refused += not answer.startswith(b'{"status":200,')
                    out.write(answer)
                    out.flush()
                    progress.advance(task)
    finally:
        await workers.stop()
    return refused


async def _lines(sources: Sequence[BinaryIO], settings: Settings) -> AsyncIterator[Line]:
    number = 0
    for source in sources:
        async for line in split(_pieces(source), settings.max_body_bytes, max_lines=2**63):
            number += 1
            yield line if len(sources) == 1 else Line(number, line.content, line.error)


async def _pieces(source: BinaryIO) -> AsyncIterator[bytes]:
    """What a file or pipe holds, read by a thread that never keeps the program from ending."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[bytes] = asyncio.Queue(_AHEAD)
    read = getattr(source, "read1", source.read)

    def fill() -> None:
        piece = b"-"
        while piece:
            piece = read(_PIECE)
            asyncio.run_coroutine_threadsafe(queue.put(piece), loop).result()

    threading.Thread(target=fill, daemon=True).start()
    while piece := await queue.get():
        yield piece


def _progress() -> Progress:
    """A bar on standard error, where that is a terminal."""
    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.completed} {task.description}"),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )


def open_sources(names: Sequence[str], standard: BinaryIO) -> list[BinaryIO]:
    """Files by name; `-`, or no name at all, is standard input. OSError."""
    return [standard if name == "-" else Path(name).open("rb") for name in names or ["-"]]
