"""Settings, read from the environment: the one list that documentation is made from.

`python -m service.settings FILE` brings the tables of a Markdown file up to date.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from service import errors

PREFIX = "GHIRBAL_"


def cores() -> int:
    """Processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover  (systems without affinity)


class Settings(BaseSettings):
    """Each field is the environment variable `GHIRBAL_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", use_attribute_docstrings=True
    )

    host: str = "127.0.0.1"
    """Address to listen on; `0.0.0.0` for all, as the container does."""
    port: Annotated[int, Ge(0), Le(65535)] = 8000
    """Port to listen on; 0 takes a free one."""
    api_keys: SecretStr = SecretStr("")
    """Keys, separated by commas, one of which `/v1/` then asks for; without any, all are let in."""
    workers: Annotated[int, Ge(1), Le(1024)] = Field(default_factory=cores)
    """Processes that clean pages, a page each at a time; the number of processor cores unless set, two at
    least, so that a slow page never holds up a quick one."""
    deadline_seconds: Annotated[float, Gt(0), Le(60)] = 10.0
    """Seconds a page may take; then it is 422 `/problems/too-complex`."""
    worker_memory_mb: Annotated[int, Ge(192)] = 700
    """MiB of private memory a worker may use for a page; a page that needs more is 422."""
    pages_per_worker: Annotated[int, Ge(1)] = 1000
    """Pages after which a worker is replaced by a fresh one."""
    max_body_bytes: Annotated[int, Ge(1)] = 10 * 1024 * 1024
    """Bytes a body, or a line of a batch, may have, both as sent and after each decompression."""
    max_codings: Annotated[int, Ge(0)] = 3
    """Content codings that may be applied to one body, one over the other."""
    max_json_depth: Annotated[int, Ge(1), Le(100)] = 32
    """Levels to which arrays and objects of a JSON body may be nested."""
    max_json_values: Annotated[int, Ge(1)] = 10_000
    """Arrays, objects and members a JSON body may hold, counted before it is read."""
    max_batch_lines: Annotated[int, Ge(1)] = 100_000
    """Lines of one batch, empty ones counted."""
    max_batches: Annotated[int, Ge(1)] = 8
    """Batches under way at a time; one more is 503."""
    max_head_bytes: Annotated[int, Ge(1024), Le(1024 * 1024)] = 32 * 1024
    """Bytes of a request's line and header fields."""
    max_head_fields: Annotated[int, Ge(10)] = 100
    """Header fields of a request."""
    max_queue: Annotated[int, Ge(1)] = 64
    """Pages that may wait for a worker; while there are as many, the next is 503 before its body is read."""
    queue_seconds: Annotated[float, Gt(0), Le(60)] = 3.0
    """Seconds a page may wait for a worker; then it is 503."""
    max_buffered_mb: Annotated[int, Ge(1)] = 128
    """MiB of bodies, larger than 64 kB each, that may be held at a time; what comes on top is 503."""
    max_connections: Annotated[int, Ge(10)] = 2000
    """Connections; one more takes the place of the one that has been idle longest."""
    head_seconds: Annotated[float, Gt(0)] = 10.0
    """Seconds in which a request's head must be complete; then it is 408."""
    body_seconds: Annotated[float, Gt(0)] = 20.0
    """Seconds in which a body, or the next line of a batch, must be complete; then it is 408."""
    send_seconds: Annotated[float, Gt(0)] = 60.0
    """Seconds a client may leave an answer unread; then the connection is cut."""
    shutdown_seconds: Annotated[int, Ge(1)] = 12
    """Seconds that requests under way are given to finish after SIGTERM; what is left then is 503."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """How much is logged; no level logs page text."""
    log_format: Literal["json", "text"] = "json"
    """A JSON object a line, or plain lines to read."""


LIMITS: dict[str, int] = {
    "max_body_bytes": 413,
    "max_codings": 415,
    "max_json_depth": 400,
    "max_json_values": 400,
    "max_batch_lines": 413,
    "max_head_bytes": 431,
    "max_head_fields": 431,
    "deadline_seconds": 422,
    "worker_memory_mb": 422,
    "max_queue": 503,
    "queue_seconds": 503,
    "max_batches": 503,
    "max_buffered_mb": 503,
    "head_seconds": 408,
    "body_seconds": 408,
}
"""The settings that requests are refused by, and with which status."""


def as_markdown() -> str:
    """The settings as a Markdown table: variable, default, meaning."""
    rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
    rows += [f"| {_variable(name)} | {_default(name)} | {_meaning(name)} |" for name in Settings.model_fields]
    return "\n".join(rows) + "\n"


def limits_as_markdown() -> str:
    """The limits as a Markdown table: limit, default, status, meaning."""
    rows = ["| limit | default | refused with | meaning |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {_variable(name)} | {_default(name)} | {status} | {_meaning(name)} |"
        for name, status in LIMITS.items()
    ]
    return "\n".join(rows) + "\n"


def _variable(name: str) -> str:
    return f"`{PREFIX}{name.upper()}`"


def _default(name: str) -> str:
    field = Settings.model_fields[name]
    if field.default_factory is cores:
        return "(cores)"
    value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    return f"`{value}`" if value != "" else "(none)"


def _meaning(name: str) -> str:
    return " ".join((Settings.model_fields[name].description or "").split())


def refresh(text: str) -> str:
    """The text with its generated tables made anew."""
    tables = (
        ("limits", limits_as_markdown()),
        ("problems", errors.as_markdown()),
        ("settings", as_markdown()),
    )
    for name, table in tables:
        begin = f"<!-- generated by python -m service.settings: {name} -->\n"
        before, found, after = text.partition(begin)
        text = before + found + table + after[after.index("<!-- end -->") :] if found else text
    return text


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(refresh(page.read_text(encoding="utf-8")), encoding="utf-8")
