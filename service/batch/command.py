"""`ghirbal batch`: options -> a run, and what is said of it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

import typer
from rich.console import Console

from schemas.request import CleanOptions
from service import show
from service.batch.parts import Size
from service.batch.plan import BYTES, COLUMNS, Plan
from service.batch.progress import summary
from service.batch.run import Engine, Missing, run
from service.batch.store import Format, Refused
from service.settings import Settings

E = TypeVar("E", bound=StrEnum)
FAILED = 1
INTERRUPTED = 130


def main(  # noqa: PLR0913, PLR0917 - the options of the command
    names: Sequence[str],
    out: str,
    engine: str,
    form: str,
    options: CleanOptions,
    settings: Settings,
    columns: Sequence[str],
    part_pages: int,
    address: str | None,
) -> int:
    """The exit code: 0 when every page has its row or its problem, and there is a row at all."""
    chosen = _choice(Engine, engine, "--engine")
    plan = Plan(
        out, options, settings, _choice(Format, form, "--format"), _columns(columns), Size(part_pages, BYTES)
    )
    try:
        outcome = run(names, plan, chosen, address=address)
    except Refused as error:
        return _failed(out, str(error))
    except Missing as error:
        return _failed(str(chosen), str(error))
    except OSError as error:
        return _failed(str(error.filename or out), error.strerror or type(error).__name__)
    except KeyboardInterrupt:
        typer.echo("ghirbal: stopped; the same command goes on where it was", err=True)
        return INTERRUPTED
    console = Console(highlight=False, soft_wrap=True)
    console.print(summary(outcome.total, outcome.sources, outcome.made, outcome.seconds))
    console.print(f"report: {show.clean_line(outcome.report)}")
    nothing = outcome.total.problems.total() and not outcome.total.pages
    return _failed(out, "every page was refused, see problems") if nothing else 0


def _choice(kind: type[E], given: str, option: str) -> E:
    try:
        return kind(given)
    except ValueError:
        names = " or ".join(kind)
        raise typer.BadParameter(f"{given!r} is not {names}", param_hint=option) from None


def _columns(given: Sequence[str]) -> tuple[tuple[str, str], ...]:
    columns = {}
    for one in given:
        field, found, name = one.partition("=")
        if not found or not name or field not in COLUMNS:
            told = f"{one!r} is not FIELD=NAME; fields are {', '.join(COLUMNS)}"
            raise typer.BadParameter(told, param_hint="--column")
        columns[field] = name
    return tuple(sorted(columns.items()))


def _failed(what: str, why: str) -> int:
    typer.echo(f"ghirbal: {show.clean_line(what)}: {show.clean_line(why)}", err=True)
    return FAILED
