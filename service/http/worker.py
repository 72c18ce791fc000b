"""One worker process: a page in, an answer out, over one socket, until told to leave.

It is forked from a process that has everything loaded (`nursery`). It opens nothing: its only way in
and out is the socket it was born with. What comes over it is pickled by our own parent.
"""

import os
import pickle
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from service.errors import ServiceError, cause

LENGTH: Final = struct.Struct("!Q")
"""Before each message: its length in bytes."""
MIB: Final = 1024 * 1024
_STATM: Final = Path("/proc/self/statm")


class Kind(StrEnum):
    """How a task ended."""

    DONE = "done"
    REFUSED = "refused"
    FAULT = "fault"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is to do. The function is one that can be imported."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    memory_mb: int
    """How far the process's own memory may grow meanwhile."""
    patience: float
    """Seconds after which the worker ends itself, should its parent be gone by then."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of it: the value, the ServiceError, or the place of a fault."""

    kind: Kind
    value: Any
    leaves: bool
    """Whether this worker takes no more tasks."""


def serve(connection: socket.socket, pages: int, keep_mb: int) -> None:
    """Do tasks until the other end closes, `pages` are done, or more than `keep_mb` stays in use."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for done in range(1, pages + 1):
        message = receive(connection)
        if message is None:
            return
        task = pickle.loads(message)  # noqa: S301 - from our own parent
        del message
        signal.setitimer(signal.ITIMER_REAL, task.patience)
        kind, value = _do(task)
        signal.setitimer(signal.ITIMER_REAL, 0)
        del task
        leaves = done == pages or resident_mb() > keep_mb
        send(connection, pickle.dumps(Reply(kind, value, leaves), pickle.HIGHEST_PROTOCOL))
        del value


def _do(task: Task) -> tuple[Kind, Any]:
    _limit_memory(task.memory_mb)
    try:
        return Kind.DONE, task.function(*task.args)
    except ServiceError as error:
        error.__traceback__ = error.__context__ = None
        return Kind.REFUSED, error
    except MemoryError:
        return Kind.MEMORY, None
    except Exception as error:  # noqa: BLE001 - told to the log without its message, which may quote the page
        return Kind.FAULT, cause(error)
    finally:
        _limit_memory(None)


def _limit_memory(mib: int | None) -> None:
    """Private memory: what the kernel counts is heap and anonymous mappings, not libraries and files."""
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (hard if mib is None else mib * MIB, hard))


def resident_mb() -> int:
    """Memory of this process, in MiB; 0 where the system does not say."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // MIB
    except OSError:  # pragma: no cover  (systems without /proc)
        return 0


def send(connection: socket.socket, message: bytes) -> None:
    """One message."""
    connection.sendall(LENGTH.pack(len(message)))
    connection.sendall(message)


def receive(connection: socket.socket) -> bytearray | None:
    """The next message; None where the other end closed."""
    head = _exactly(connection, LENGTH.size)
    return None if head is None else _exactly(connection, LENGTH.unpack(head)[0])


def _exactly(connection: socket.socket, length: int) -> bytearray | None:
    data = bytearray(length)
    view, at = memoryview(data), 0
    while at < length:
        got = connection.recv_into(view[at:])
        if not got:
            return None
        at += got
    return data
