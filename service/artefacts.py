"""Where what was trained lies: a folder for each version, with one for each thing that was."""

from functools import cache
from pathlib import Path
from typing import Final

ARTEFACTS: Final = Path(__file__).parent / "model" / "artefacts"


@cache
def newest() -> Path | None:
    """The folder of the newest artefact; None when there is none."""
    found = (p for p in ARTEFACTS.iterdir() if p.is_dir()) if ARTEFACTS.is_dir() else ()
    return max(found, key=_numbers, default=None)


def _numbers(folder: Path) -> list[int]:
    """The parts of a version: 0.10.0 follows 0.9.0."""
    return [int(part) for part in folder.name.split(".")]
