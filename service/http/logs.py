"""Log records -> lines: a JSON object each, or plain text; never page text, never a header or a query."""

import atexit
import contextlib
import json
import logging
import queue
import sys
import threading
from datetime import UTC, datetime
from typing import Final, TextIO

from service.errors import printable
from service.settings import Settings

WAITING: Final = 10_000
PATIENCE: Final = 1.0  # seconds


class JsonLines(logging.Formatter):
    """One JSON object a record; what an access record tells is told field by field."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for a record."""
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": printable(record.getMessage(), 4000),
            **getattr(record, "told", {}),
        }
        if record.exc_info and record.exc_info[0]:
            told["error"] = record.exc_info[0].__name__  # its message may quote the page
        return json.dumps(told, ensure_ascii=False)


class Detached(logging.Handler):
    """Writes from a thread of its own: whoever reads our log and stops reading does not stop the service.

    Lines that find `WAITING` others before them are dropped.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._lines: queue.Queue[str | None] = queue.Queue(WAITING)
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()
        atexit.register(self.flush)

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line, or drop it."""
        with contextlib.suppress(queue.Full):
            self._lines.put_nowait(self.format(record))

    def flush(self) -> None:
        """Let what was taken be written, for a moment at most."""
        with contextlib.suppress(queue.Full):
            self._lines.put_nowait(None)
        self._thread.join(PATIENCE)

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            with contextlib.suppress(OSError, ValueError):
                self._stream.write(line + "\n")
                self._stream.flush()


def configure(settings: Settings) -> None:
    """Log to standard error."""
    handler = Detached(sys.stderr)
    if settings.log_format == "json":
        handler.setFormatter(JsonLines())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
