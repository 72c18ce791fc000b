"""What workers are given to do in tests. Imports little: each worker imports it anew."""

import os
import signal
import time
from pathlib import Path

from service.errors import BadRequest


def told(value: str) -> tuple[str, int]:
    return value, os.getpid()


def threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def refuse() -> None:
    raise BadRequest("no")


def fail() -> None:
    raise ValueError("secret words of the page")


def swell() -> int:
    return len([bytes(1024) for _ in range(2_000_000)])


def swell_once(mark: str) -> int:
    """Needs more than a quick page may have, and less than any page may have."""
    return len(bytearray(int(mark) * 1024 * 1024))


def die(by: int) -> None:
    os.kill(os.getpid(), by)
    time.sleep(60)


def die_once(folder: str) -> int:
    mark = Path(folder) / "died"
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds
