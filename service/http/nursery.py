"""The door's side of the nursery: workers are asked for here, and their ends are told."""

import asyncio
import os
import socket
import subprocess
import sys
from collections import OrderedDict, deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from typing import Any, Final

_MESSAGE: Final = 64
_REMEMBERED: Final = 1000
"""Ends of workers that are remembered; those not asked for are of workers that left by themselves."""
_ENVIRONMENT: Final = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
"""A page has one processor; and only what has one thread can be forked."""


@dataclass(eq=False, slots=True)
class Worker:
    """A worker, and the one way to it."""

    pid: int
    connection: socket.socket

    def died(self) -> bool:
        """Whether the other end is closed already."""
        with suppress(BlockingIOError):
            return not self.connection.recv(1, socket.MSG_PEEK)
        return False

    def processor_seconds(self) -> float:
        """Processor time it has had; 0 where the system does not say."""
        told = self._told()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK") if told else 0.0

    def waits_for_processor(self) -> bool:
        """Whether it has something to do, as opposed to one that sleeps."""
        return self._told()[:1] == ["R"]

    def _told(self) -> list[str]:
        try:
            return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return []

    def kill(self) -> None:
        """Stop it, whatever it does."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, SIGKILL)
        self.connection.close()


class Nursery:
    """One process to fork workers from. Once it is closed, make another."""

    def __init__(self, pages: int, keep_mb: int) -> None:
        """Start the process; it takes some seconds to load, and `fork` waits for it.

        `pages` and `keep_mb` are when a worker leaves: after so many pages, or with so much memory in use.
        """
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(0)
        with its:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter and a module of ours
                [
                    sys.executable, "-P", "-m", "service.http.nursery_main",
                    str(its.fileno()), str(pages), str(keep_mb),
                ],
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, **_ENVIRONMENT, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )  # fmt: skip
        self._door = ours
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._ready.add_done_callback(lambda done: done.exception())  # asked for or not
        self._births: deque[asyncio.Future[int]] = deque()
        self._ends: OrderedDict[int, int] = OrderedDict()
        self._loop.add_reader(ours, self._listen)

    @property
    def closed(self) -> bool:
        """Whether the process is gone."""
        return self._door.fileno() < 0

    @property
    def pid(self) -> int:
        """The process's own number."""
        return self._process.pid

    async def fork(self) -> Worker:
        """A new worker. ConnectionError where the nursery is gone."""
        await asyncio.shield(self._ready)
        ours, its = socket.socketpair()
        ours.settimeout(0)
        born: asyncio.Future[int] = self._loop.create_future()
        try:
            with its:
                socket.send_fds(self._door, [b"fork"], [its.fileno()])
            self._births.append(born)
            return Worker(await asyncio.shield(born), ours)
        except BaseException:
            ours.close()  # a worker that is born all the same leaves at once
            raise

    async def end_of(self, worker: Worker) -> int | None:
        """The signal a worker died of, 0 where it left; None where nobody knows."""
        for _ in range(20):
            if worker.pid in self._ends:
                return self._ends.pop(worker.pid)
            if self.closed:
                break
            await asyncio.sleep(0.01)
        return None

    async def close(self) -> None:
        """End the process; its workers leave when their own connections close."""
        self._close()
        try:
            await asyncio.to_thread(self._process.wait, 2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _listen(self) -> None:
        try:
            message = self._door.recv(_MESSAGE)
        except BlockingIOError:
            return
        except OSError:
            message = b""
        match message.decode().split():
            case ["ready"]:
                self._ready.set_result(None)
            case ["born", pid]:
                born = self._births.popleft()
                if not born.done():
                    born.set_result(int(pid))
            case ["gone", pid, signal]:
                self._ends[int(pid)] = int(signal)
                if len(self._ends) > _REMEMBERED:
                    self._ends.popitem(last=False)
            case _:
                self._close()
                self._process.kill()
                self._process.wait()

    def _close(self) -> None:
        if self.closed:
            return
        self._loop.remove_reader(self._door)
        self._door.close()
        _break(self._ready)
        while self._births:
            _break(self._births.popleft())


def _break(waiting: asyncio.Future[Any]) -> None:
    if not waiting.done():
        waiting.set_exception(ConnectionError("the nursery is gone"))
        waiting.exception()  # nobody has to ask for it
