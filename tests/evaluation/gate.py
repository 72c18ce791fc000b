"""Floors under the evaluation: pinned with the corpus they were measured on.

`python -m tests.evaluation.gate DATA_FOLDER` measures and prints; with `--pin` it writes the floors a
little below what it measured, and refuses to lower one unless `--lower` is given.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from schemas.request import Profile
from tests.evaluation import corpus
from tests.evaluation.__main__ import Row, evaluate

FLOORS: Final = Path(__file__).with_name("floors.json")
# One page of forty that flips between kept and lost moves a mean by this much
SLACK: Final = 0.005
# Each n-th dump of a file is measured: enough to see a regression, little enough for every run
EVERY: Final = {"multilingual_dev.jsonl.zst": 1, "text_dev.dumps.jsonl.zst": 40}


@dataclass(frozen=True, slots=True)
class Measured:
    """One corpus: which pages, and how they came out."""

    pages: int
    digest: str
    f1: float
    recall: float


def measure(pages: Iterable[corpus.Labelled]) -> Measured:
    """Clean and score pages one after the other."""
    digest = hashlib.sha256()
    rows: list[Row] = []
    for page in pages:
        digest.update(f"{page.id} {page.variant}\n{page.text}\n{page.gold}\n".encode())
        rows.append(evaluate(page, Profile.GENERIC, rules_only=False))
    return Measured(len(rows), digest.hexdigest(), fmean(r.f1 for r in rows), fmean(r.recall for r in rows))


def measure_all(data: Path | None) -> dict[str, Measured]:
    """The seeds, and each known file of the data folder."""
    found = {"seeds": measure(corpus.seeds())}
    for name, every in EVERY.items():
        if data is not None and (data / name).exists():
            found[name] = measure(islice(corpus.read(data / name), 0, None, every))
    return found


def below(measured: dict[str, Measured], floors: dict[str, Any]) -> list[str]:
    """What fell through its floor, or was measured on other pages than the floor was."""
    problems = []
    for name, now in measured.items():
        floor = floors.get(name)
        if floor is None:
            problems.append(f"{name}: no floor; pin one")
        elif floor["digest"] != now.digest:
            problems.append(f"{name}: measured on other pages than its floor; pin it anew")
        else:
            for key in ("f1", "recall"):
                value = getattr(now, key)
                if value < floor[key]:
                    problems.append(f"{name}: {key} {value:.4f} is below its floor {floor[key]:.4f}")
    return problems


def pin(measured: dict[str, Measured], floors: dict[str, Any], *, lower: bool) -> dict[str, Any]:
    """New floors, slightly below the measure. ValueError where one would be lowered unasked."""
    new = dict(floors)
    for name, now in measured.items():
        old = floors.get(name, {})
        fresh = {key: round(max(0.0, getattr(now, key) - SLACK), 4) for key in ("f1", "recall")}
        for key, value in fresh.items():
            if not lower and value < old.get(key, 0.0) - SLACK:
                raise ValueError(f"{name}: {key} would fall from {old[key]} to {value}")
        new[name] = {"pages": now.pages, "digest": now.digest, **fresh}
    return new


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation.gate", description=__doc__)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--lower", action="store_true")
    options = parser.parse_args()
    measured = measure_all(options.data)
    for name, now in measured.items():
        print(f"{name:32} {now.pages:5} pages  F1 {now.f1:.4f}  recall {now.recall:.4f}")
    floors = json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    if options.pin:
        text = json.dumps(pin(measured, floors, lower=options.lower), indent=1)
        FLOORS.write_text(text + "\n", encoding="utf-8")
        return 0
    problems = below(measured, floors)
    print("\n".join(problems))
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
