"""The bar on the terminal, and the summary after it."""

import time
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from service import show
from service.batch.flow import Answer
from service.batch.found import Found
from service.batch.row import Cleaned
from service.batch.tally import BINS, Tally
from service.detector import counted

_BARS: Final = " ▁▂▃▄▅▆▇█"


class Bar:
    """Rate, time left and verdicts while pages are cleaned; on standard error, where that is a terminal."""

    def __init__(self, total_bytes: int, done_bytes: int) -> None:
        console = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            BarColumn(24),
            TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[pages]} pages, {task.fields[rate]}/s"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[verdicts]}"),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._progress.add_task(
            "", total=max(1, total_bytes), completed=done_bytes, pages=0, rate="-", verdicts=""
        )
        self._began = time.monotonic()
        self._verdicts: dict[str, int] = {}
        self._pages = 0
        self._at = 0
        self.seconds = 0.0

    def __enter__(self) -> Self:
        """Show it."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take it away."""
        self.seconds = time.monotonic() - self._began
        self._progress.stop()

    def told(self, found: Found, answer: Answer) -> None:
        """A record is done. Bytes are counted while offsets grow; a new file begins at a smaller one."""
        if answer is not None:
            self.count({answer.facts.decision if isinstance(answer, Cleaned) else "problem": 1})
        at = found.place.offset
        self.advance(at - self._at if at > self._at else 0)
        self._at = at

    def count(self, verdicts: dict[str, int]) -> None:
        """So many pages more."""
        for name, number in verdicts.items():
            self._verdicts[name] = self._verdicts.get(name, 0) + number
            self._pages += number
        rate = self._pages / max(0.001, time.monotonic() - self._began)
        told = ", ".join(f"{number} {name}" for name, number in sorted(self._verdicts.items()))
        self._progress.update(self._task, pages=self._pages, rate=f"{rate:.1f}", verdicts=told)

    def advance(self, reach: int) -> None:
        """So many bytes of the files more."""
        self._progress.update(self._task, advance=reach)


def summary(total: Tally, sources: int, made: int, seconds: float) -> Table:
    """What a person wants to know at the end."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    rate = f", {made / seconds:.1f} a second" if made and seconds else ""
    rows = [
        ("files", str(sources)),
        ("pages", f"{total.pages} ({made} now{rate})"),
        ("verdicts", _told(total.decisions)),
        ("page types", _told(total.page_types)),
        ("languages", _told(total.languages)),
        ("scores", f"0 {histogram(total)} 1"),
        ("problems", f"{total.problems.total()}  {_told(total.problems)}".rstrip()),
        ("passed over", f"{counted(total.passed, 'record')} without a page" if total.passed else ""),
    ]
    for name, value in rows:
        if value:
            grid.add_row(Text(name, "dim"), Text(show.clean_line(value)))
    return grid


def histogram(total: Tally) -> str:
    """The scores as a line of bars."""
    counts = [total.scores[str(number)] for number in range(BINS)]
    most = max(counts) or 1
    return "".join(_BARS[0 if not count else 1 + 7 * count // most] for count in counts)


def _told(counts: "dict[str, int]") -> str:
    most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    told = ", ".join(f"{name.removeprefix('/problems/')} {number}" for name, number in most[:8])
    return told + (f" and {len(most) - 8} more" if len(most) > 8 else "")
