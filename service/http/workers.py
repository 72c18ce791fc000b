"""Where pages are cleaned, away from the loop that answers health checks."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar, TypeVarTuple

import anyio
import anyio.to_thread

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Workers:
    """Runs functions of plain, picklable values, at most `count` at the same time.

    Threads for now. Callers hand over only what a process could be handed too.
    """

    def __init__(self, count: int) -> None:
        self._limiter = anyio.CapacityLimiter(count)

    async def run(self, function: Callable[[*Ts], T], *args: *Ts) -> T:
        """What the function returns, or raises."""
        return await anyio.to_thread.run_sync(partial(function, *args), limiter=self._limiter)
