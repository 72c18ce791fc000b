"""What a run is to do, whichever engine does it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from schemas.request import CleanOptions
from service.batch.parts import Size
from service.batch.row import FIELDS, How
from service.batch.sources import Reading
from service.batch.store import Format
from service.http.answer import read_version
from service.http.envelope import JsonLimits
from service.settings import Settings

PAGES: Final = 1000
"""Pages of a part: what a kill costs at most, and what a file of the output holds."""
BYTES: Final = 64 * 1024 * 1024
"""Bytes of pages after which a part is full all the same."""
_LIMITS: Final = (
    "deadline_seconds", "worker_memory_mb", "max_body_bytes", "max_json_depth", "max_json_values",
)  # fmt: skip
"""Settings that decide which pages are refused."""
COLUMNS: Final = (*FIELDS, "content")
"""What a column can be said to hold."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A run."""

    out: str
    options: CleanOptions
    settings: Settings
    form: Format = Format.PARQUET
    columns: tuple[tuple[str, str], ...] = ()
    """Columns that are named otherwise than the fields they hold."""
    size: Size = field(default_factory=lambda: Size(PAGES, BYTES))
    base: str = field(default_factory=os.getcwd)
    """The folder that relative paths count from, on whatever machine."""

    @property
    def folder(self) -> str:
        """The output, wherever one stands."""
        return self.out if "://" in self.out else str(Path(self.base) / self.out)

    @property
    def reading(self) -> Reading:
        """How files are read."""
        named = {**{name: name for name in COLUMNS}, **dict(self.columns)}
        return Reading(self.settings.max_body_bytes, tuple(sorted(named.items())), self.base)

    @property
    def how(self) -> How:
        """How pages become rows."""
        limits = JsonLimits(depth=self.settings.max_json_depth, values=self.settings.max_json_values)
        return How(self.options, limits, self.columns)

    def told(self) -> Mapping[str, Any]:
        """What decides the rows; parts that were made under another of these don't fit."""
        made_by = read_version()
        return {
            "version": made_by.version,
            "model": made_by.model,
            "schemaVersion": made_by.schemaVersion,
            "options": self.options.model_dump(mode="json"),
            "format": str(self.form),
            "columns": dict(self.columns),
            "partPages": self.size.pages,
            "partBytes": self.size.bytes,
            "limits": {
                name: getattr(self.settings, name)
                for name in _LIMITS
            },
        }  # fmt: skip
