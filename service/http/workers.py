"""Where pages are cleaned: processes of their own, one page each at a time, apart from the door.

A page waits in one of three lines. Small ones are taken first, though not for ever; those known to take
long are only ever worked on by some of the workers, so that a worker for quick ones is always near. No
page is known by its looks: one that is not done within `QUICK_SECONDS` counts as slow from then on, and
where too many slow ones are under way already, it is stopped and begun again when its turn comes.

A worker that dies is replaced and its page begun again. Since each worker has one page, no other is touched.
"""

import asyncio
import logging
import pickle
import signal
import socket
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final, Protocol, TypeVar, TypeVarTuple

from service.errors import Internal, Overloaded, TooComplex
from service.http.metrics import Metrics
from service.http.nursery import Nursery, Worker
from service.http.worker import LENGTH, Kind, Reply, Task
from service.settings import Settings

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

SMALL: Final = 16 * 1024
"""Bytes up to which a page goes before larger ones: most news articles are below."""
LARGE: Final = 1024 * 1024
"""Bytes from which on a page is taken to be slow without being tried."""
QUICK_SECONDS: Final = 1.0
"""A page that takes longer is a slow one. 64 kB of text take a tenth of it, on one of two shared cores."""
SMALL_IN_A_ROW: Final = 8
"""Small pages taken before a waiting larger one has its turn."""
TRIES: Final = 3
"""Workers that a page may outlive; one retry more than twice is no accident."""
ANSWER_SECONDS: Final = 14.5
"""From the whole body received to the answer, whatever happens to workers meanwhile."""
_QUICK_MEMORY: Final = 0.5
"""Share of a worker's memory that a page may use before it counts as slow."""
_STARVED: Final = 0.3
"""Share of its deadline for which a page must have had a processor, to be called too complex: below it,
the machine is to blame."""
_KEEP: Final = 0.35
"""Share of a worker's memory that may stay in use after a page; a worker that keeps more is replaced."""
_START_SECONDS: Final = 300
_STOPPING: Final = "The service is stopping."
_LOG: Final = logging.getLogger("ghirbal.workers")


class Runner(Protocol):
    """What the door needs of whoever runs functions for it."""

    async def run(self, function: Callable[[*Ts], T], *args: *Ts, size: int = 0, patient: bool = False) -> T:
        """What the function returns, or the ServiceError it raises."""
        ...  # pragma: no cover

    def check_room(self, size: int) -> None:
        """Overloaded where a page of this size would wait too long."""
        ...  # pragma: no cover


class Lane(IntEnum):
    """The line a page waits in."""

    SMALL = 0
    MIDDLE = 1
    SLOW = 2


@dataclass(eq=False, slots=True)
class _Job:
    function: Callable[..., Any]
    args: tuple[Any, ...]
    lane: Lane
    patient: bool
    """Whether it waits however long the line is: what it comes from waits with it."""
    answer: asyncio.Future[Any]
    give_up: float
    """On the loop's clock. Set anew for a patient one when it is first begun."""
    ends: list[int] = field(default_factory=list)
    """The signals its workers died of."""


class Workers:
    """Runs functions in processes. Start it before use, and stop it after."""

    def __init__(self, settings: Settings, metrics: Metrics, *, fair: bool = True) -> None:
        """Fair ones keep a worker free of slow pages; where nobody waits for a page, all may have one."""
        self._settings = settings
        self._metrics = metrics
        self._count = max(2, settings.workers) if fair else settings.workers
        self._lines: Mapping[Lane, deque[_Job]] = {lane: deque() for lane in Lane}
        self._most_slow = max(1, settings.workers // 2) if fair else settings.workers
        self._slow = 0
        self._running = 0
        self._in_a_row = 0
        self._draining = False
        self._changed = asyncio.Event()
        self._nursery: Nursery | None = None
        self._slots: list[asyncio.Task[None]] = []
        metrics.watch(lambda: self.waiting, lambda: self._running)

    @property
    def waiting(self) -> int:
        """Pages that wait for a worker."""
        return sum(map(len, self._lines.values()))

    @property
    def nursery_pid(self) -> int | None:
        """The process that workers are forked from."""
        return self._nursery.pid if self._nursery else None

    async def start(self) -> None:
        """Load everything and fork the first worker. OSError or TimeoutError where that fails."""
        async with asyncio.timeout(_START_SECONDS):
            first = await self._breed()
        workers = (first, *[None] * (self._count - 1))
        self._slots = [asyncio.create_task(self._slot(worker)) for worker in workers]

    async def stop(self) -> None:
        """Refuse what is left, and end every process."""
        await self.refuse_all()
        if self._nursery:
            await self._nursery.close()

    async def refuse_all(self) -> None:
        """Answer all that waits, and all that is under way, with Overloaded. Nothing is taken after it."""
        for line in self._lines.values():
            while line:
                _fail(line.popleft(), Overloaded(_STOPPING))
        for slot in self._slots:
            slot.cancel()
        await asyncio.gather(*self._slots, return_exceptions=True)
        self._slots.clear()

    def drain(self) -> None:
        """From now on let all that waits wait as long as it takes: nothing is to follow it."""
        self._draining = True

    def check_room(self, size: int) -> None:
        """Overloaded where a page of this size would wait too long."""
        limit = self._settings.max_queue
        if self.waiting >= limit:
            raise Overloaded(f"{self.waiting} pages are waiting; the limit is {limit} (max_queue).")
        if size >= LARGE and len(self._lines[Lane.SLOW]) + self._slow > self._most_slow:
            raise Overloaded("Too many large pages are waiting already.")

    async def run(self, function: Callable[[*Ts], T], *args: *Ts, size: int = 0, patient: bool = False) -> T:
        """What the function returns, or the ServiceError it raises.

        `size` is that of the page, in bytes. A patient caller waits as long as it takes; any other gets
        Overloaded after `queue_seconds` in line. TooComplex where deadline or memory did not do.
        Cancelling the caller ends the work.
        """
        limit = 2 * self._settings.max_queue
        if not patient and self.waiting >= limit:  # many were let in at the same moment
            raise Overloaded(f"{self.waiting} pages are waiting; the limit is {limit} (twice max_queue).")
        loop = asyncio.get_running_loop()
        lane = Lane.SMALL if size <= SMALL else Lane.MIDDLE if size < LARGE else Lane.SLOW
        job = _Job(function, args, lane, patient, loop.create_future(), loop.time() + ANSWER_SECONDS)
        timer = None if patient else loop.call_later(self._settings.queue_seconds, self._expire, job)
        self._enqueue(job)
        try:
            answer: T = await job.answer
            return answer
        finally:
            if timer:
                timer.cancel()
            if job in self._lines[job.lane]:
                self._lines[job.lane].remove(job)

    def _enqueue(self, job: _Job, *, first: bool = False) -> None:
        line = self._lines[job.lane]
        line.appendleft(job) if first else line.append(job)
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed.clear()

    def _expire(self, job: _Job) -> None:
        if job in self._lines[job.lane] and not job.ends and not self._draining:
            self._lines[job.lane].remove(job)
            limit = f"{self._settings.queue_seconds:g} seconds"
            _fail(job, Overloaded(f"No worker was free within {limit}, the limit (queue_seconds)."))

    async def _slot(self, worker: Worker | None) -> None:
        """One worker after the other, one job after the other."""
        try:
            while True:
                if worker is None or worker.died():
                    worker = await self._replace(worker)
                elif self._has_work():
                    worker = await self._attempt(worker, self._take())
                else:
                    await self._changed.wait()
        finally:
            if worker:
                worker.kill()

    async def _replace(self, old: Worker | None) -> Worker | None:
        if old:
            self._end(old, "died")
        try:
            return await self._breed()
        except OSError as error:  # pragma: no cover  (no memory, no processes)
            _LOG.error("no worker could be started: %s", type(error).__name__)
            await asyncio.sleep(0.2)
            return None

    async def _breed(self) -> Worker:
        if self._nursery is None or self._nursery.closed:
            keep_mb = int(self._settings.worker_memory_mb * _KEEP)
            self._nursery = Nursery(self._settings.pages_per_worker, keep_mb)
        return await self._nursery.fork()

    def _has_work(self) -> bool:
        return any(
            self._lines[lane] for lane in Lane if lane is not Lane.SLOW or self._slow < self._most_slow
        )

    def _take(self) -> _Job:
        """The next job; there is one."""
        small, middle, slow = self._lines.values()
        if slow and self._slow < self._most_slow:
            return slow.popleft()
        if small and not (middle and self._in_a_row >= SMALL_IN_A_ROW):
            self._in_a_row += 1
            return small.popleft()
        self._in_a_row = 0
        return middle.popleft()

    async def _attempt(self, worker: Worker, job: _Job) -> Worker | None:
        """Have a worker do a job. The worker, where it is still of use."""
        if job.answer.done():
            return worker
        now = asyncio.get_running_loop().time()
        deadline = self._settings.deadline_seconds
        if job.patient and not job.ends:
            job.give_up = now + max(deadline, ANSWER_SECONDS)
        whole = job.lane is Lane.SLOW
        memory_mb = int(self._settings.worker_memory_mb * (1 if whole else _QUICK_MEMORY))
        task = Task(job.function, job.args, memory_mb, patience=deadline + 5)
        exchange = asyncio.create_task(_exchange(worker, task))
        job.answer.add_done_callback(lambda _: exchange.cancel())  # its caller left
        had = worker.processor_seconds()
        self._running += 1
        try:
            await self._watch(job, exchange, seconds=min(deadline, job.give_up - now))
            if not exchange.done():
                exchange.cancel()
                starved = (
                    worker.waits_for_processor() and worker.processor_seconds() - had < deadline * _STARVED
                )
                in_full = not starved and (not job.ends or now + deadline <= job.give_up)
                self._stop_late(worker, job, in_full=in_full)
                return None
            return await self._conclude(worker, job, exchange, whole=whole)
        except asyncio.CancelledError:
            _fail(job, Overloaded(_STOPPING))
            worker.kill()
            raise
        finally:
            exchange.cancel()
            self._running -= 1
            self._wake()

    async def _watch(self, job: _Job, exchange: asyncio.Task[Any], seconds: float) -> None:
        """Wait for the answer; less long for a quick page, unless there is room for another slow one."""
        if job.lane is not Lane.SLOW:
            await asyncio.wait({exchange}, timeout=min(QUICK_SECONDS, seconds))
            seconds -= QUICK_SECONDS
            if exchange.done() or self._slow >= self._most_slow:
                return
            job.lane = Lane.SLOW
        self._slow += 1
        try:
            await asyncio.wait({exchange}, timeout=max(0, seconds))
        finally:
            self._slow -= 1

    def _stop_late(self, worker: Worker, job: _Job, *, in_full: bool) -> None:
        """Stop a worker whose page took too long, and see to the page."""
        if job.lane is not Lane.SLOW:
            job.lane = Lane.SLOW
            self._end(worker, "slow")
            self._enqueue(job)
            return
        self._end(worker, "deadline")
        if in_full:
            self._metrics.deadlines.inc()
            seconds = f"{self._settings.deadline_seconds:g} seconds"
            _fail(job, TooComplex(f"It was not done within {seconds}, the limit (deadline_seconds)."))
        else:
            _fail(job, Overloaded("There was no processor, or after a restart no time, for the page."))

    async def _conclude(
        self, worker: Worker, job: _Job, exchange: asyncio.Task[Reply | None], *, whole: bool
    ) -> Worker | None:
        """See to the page after an exchange. The worker, where it is still of use."""
        if job.answer.done() or exchange.cancelled():
            self._end(worker, "abandoned")
            return None
        reply = exchange.result()
        if reply is None:
            await self._begin_again(worker, job)
            return None
        match reply.kind:
            case Kind.DONE:
                job.answer.set_result(reply.value)
            case Kind.REFUSED:
                _fail(job, reply.value)
            case Kind.MEMORY if whole:
                limit = f"{self._settings.worker_memory_mb} MiB"
                _fail(job, TooComplex(f"It needs more memory than {limit}, the limit (worker_memory_mb)."))
            case Kind.MEMORY:
                job.lane = Lane.SLOW
                self._enqueue(job)
            case _:
                _fail(job, Internal(place=reply.value))
        if reply.leaves:
            self._end(worker, "recycled")
            return None
        return worker

    async def _begin_again(self, worker: Worker, job: _Job) -> None:
        """A worker died: of its page, or by somebody's hand. The page is given to another, twice at most."""
        by = await self._nursery.end_of(worker) if self._nursery else None
        self._end(worker, "died")
        job.ends.append(signal.SIGKILL if by is None else by)
        if job.answer.done():
            return
        if len(job.ends) < TRIES:
            self._enqueue(job, first=True)
        elif any(end != signal.SIGKILL for end in job.ends):
            _fail(job, TooComplex(f"{TRIES} workers in turn failed on it."))
        else:  # killed from outside, which says nothing of the page
            _fail(job, Overloaded(f"{TRIES} workers in turn were killed while they had the page."))

    def _end(self, worker: Worker, why: str) -> None:
        worker.kill()
        self._metrics.worker_ends.labels(why).inc()
        if why != "recycled":
            _LOG.info("worker %d ended: %s", worker.pid, why)


async def _exchange(worker: Worker, task: Task) -> Reply | None:
    """Hand over a task and wait for the reply; None where the worker dies."""
    loop = asyncio.get_running_loop()
    message = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
    try:
        await loop.sock_sendall(worker.connection, LENGTH.pack(len(message)))
        await loop.sock_sendall(worker.connection, message)
        del message
        head = await _receive(worker.connection, LENGTH.size)
        reply: Reply = pickle.loads(await _receive(worker.connection, LENGTH.unpack(head)[0]))  # noqa: S301
    except (OSError, EOFError):
        return None
    return reply


async def _receive(connection: socket.socket, length: int) -> bytearray:
    loop = asyncio.get_running_loop()
    data = bytearray(length)
    view, at = memoryview(data), 0
    while at < length:
        got = await loop.sock_recv_into(connection, view[at:])
        if not got:
            raise EOFError
        at += got
    return data


def _fail(job: _Job, error: Exception) -> None:
    if not job.answer.done():
        job.answer.set_exception(error)
