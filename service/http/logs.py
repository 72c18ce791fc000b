"""Log records -> lines: a JSON object each, or plain text; never page text, never a header or a query."""

import json
import logging
from datetime import UTC, datetime

from service.errors import printable
from service.settings import Settings


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


def configure(settings: Settings) -> None:
    """Log to standard error."""
    handler = logging.StreamHandler()
    if settings.log_format == "json":
        handler.setFormatter(JsonLines())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
