"""Settings, read from the environment: the one list that documentation is made from.

`python -m service.settings` prints it as a Markdown table.
"""

import os
import sys
from typing import Annotated, Literal

from annotated_types import Ge, Le
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

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
    workers: Annotated[int, Ge(1)] = Field(default_factory=cores)
    """Pages cleaned at the same time; the number of processor cores unless set."""
    max_body_bytes: Annotated[int, Ge(1)] = 10 * 1024 * 1024
    """Bytes a body may have, both as sent and after each decompression."""
    max_codings: Annotated[int, Ge(0)] = 3
    """Content codings that may be applied to one body, one over the other."""
    max_json_depth: Annotated[int, Ge(1), Le(100)] = 32
    """Levels to which arrays and objects of a JSON body may be nested."""
    max_json_values: Annotated[int, Ge(1)] = 10_000
    """Arrays, objects and members a JSON body may hold, counted before it is read."""
    shutdown_seconds: Annotated[int, Ge(0)] = 10
    """Seconds that requests under way are given to finish after SIGTERM."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """How much is logged; no level logs page text."""


def as_markdown() -> str:
    """The settings as a Markdown table: variable, default, meaning."""
    rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = "(cores)" if field.default_factory is cores else f"`{field.default}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_markdown())
