"""Reading `.page` cases: a sentence of why, a blank line, then the page with a label gutter."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.labels import Action, Label
from schemas.segment import Segment
from service.document import Span


@dataclass(frozen=True, slots=True)
class Case:
    """One `.page` file. `expected` holds one label, or None for text that must be kept, per line."""

    why: str
    text: str
    expected: tuple[Label | None, ...]


def read(path: Path) -> Case:
    """Parse a case. Python escapes in the text stand for characters that can't be seen."""
    why, _, page = path.read_text(encoding="utf-8").partition("\n\n")
    lines, expected = [], []
    for row in page.rstrip("\n").split("\n"):
        label, bar, text = row.partition("|")
        if not bar:
            raise ValueError(f"{path.name}: no gutter in {row!r}")
        lines.append(unescape(text.removeprefix(" ")))
        expected.append(Label(label.strip()) if label.strip() else None)
    return Case(why, "\n".join(lines), tuple(expected))


def unescape(text: str) -> str:
    """Python escapes made characters."""
    return text.encode("ascii", "backslashreplace").decode("unicode_escape") if "\\" in text else text


def actual(case: Case, spans: Sequence[Segment | Span]) -> tuple[Label | None, ...]:
    """What became of each line: its label when it was removed or lifted, None when it was kept.

    A line that holds several fates shows the one with the most characters.
    """
    found: list[Label | None] = []
    at = 0
    for line in case.text.split("\n"):
        end = at + len(line)
        chars: dict[Label | None, int] = {}
        for s in spans:
            overlap = min(end, s.end) - max(at, s.start)
            if overlap > 0:
                gone = s.action in (Action.REMOVED, Action.LIFTED)
                label = s.label if gone else None
                chars[label] = chars.get(label, 0) + overlap
        found.append(max(chars, key=lambda k: chars[k]) if chars else None)
        at = end + 1
    return tuple(found)


def diff(case: Case, found: tuple[Label | None, ...]) -> str:
    """The page with expected and found labels beside each wrong line; empty when all is right."""
    rows = []
    wrong = False
    for line, want, got in zip(case.text.split("\n"), case.expected, found, strict=True):
        ok = want == got or not line.strip()
        wrong |= not ok
        rows.append(f"{'  ' if ok else '>>'} {want or '':16} {got or '':16} | {line[:100]}")
    return "\n".join([case.why, *rows]) if wrong else ""
