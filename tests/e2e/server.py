"""The service as it is run, for a browser and for a plain client beside it."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PATIENCE = 600
"""Seconds after which a test gives up; nothing is measured."""
QUERY = {"offsets": "utf16", "segments": "all", "rendered": "true"}


@dataclass(frozen=True, slots=True)
class Service:
    """Where it listens."""

    url: str

    def clean(self, body: bytes, kind: str = "application/octet-stream", **query: str) -> dict[str, Any]:
        """What the interface answers to what the playground asks."""
        asked = {"profile": "generic", **QUERY, **query}
        headers = {"Content-Type": kind}
        answer = httpx.post(
            f"{self.url}/v1/clean", params=asked, content=body, headers=headers, timeout=PATIENCE
        )
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    def groups(self) -> dict[str, str]:
        """The group of each label."""
        return {row["label"]: row["group"] for row in httpx.get(f"{self.url}/v1/labels").json()}


@contextmanager
def serving(log: Path) -> Iterator[Service]:
    """`ghirbal serve` on a free port, until the end of the block."""
    command = [sys.executable, "-c", "from service.cli import app; app()", "serve", "--port", "0"]
    with log.open("wb") as sink, subprocess.Popen(command, stderr=sink) as process:
        try:
            yield Service(_address(process, log))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    for _ in range(PATIENCE * 10):
        if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", log.read_text("utf-8")):
            return found[1]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"no server: {log.read_text('utf-8')[-2000:]}")
