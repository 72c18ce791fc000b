"""detectors' docstrings, labels, `.page` cases, an article -> docs/detectors.md, and what else is generated.

`python -m service.docs` writes all of it, from the root of a checkout; a test holds that it is fresh.
"""

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from schemas.labels import LABELS, Action
from service import reference
from service.detector import Detector
from service.detectors import all_detectors
from service.pipeline import clean

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "detectors.md"
CASES: Final = ROOT / "tests" / "detectors"
ARTICLE: Final = ROOT / "docs" / "examples" / "article.html"
"""A page on which nearly every kind of content stands."""
SECTIONS: Final = ("Finds", "Keeps", "Signals")
RULES: Final = "Rules"
_RULE: Final = re.compile(r"(?P<name>\w+): ")
_OPENING: Final = """\
# Labels and detectors

What a stretch of a page can be called, how each label is found, and what looks like it and stays. Written by
`python -m service.docs` from the [labels](../schemas/labels.py), the docstrings of the
[detectors](../service/detectors) and their [cases](../tests/detectors).

A case shows a page with a label beside every line that is removed or lifted; the other lines are kept. A
backslash escape stands for a character that can't be seen. What belongs to the article has no detector; it
is shown [first](#what-an-article-is-made-of).

Each reason of a segment names a `rule` and its `evidence`. Unless a rule says otherwise, the evidence is the
listed phrase that was met, or the beginning of the stretch. Rules that begin with `model.` and `decide.` say
how the detectors' word was weighed: see [how removal is decided](removal.md#what-a-detectors-finding-weighs).
"""
_CONTENT: Final = """\
## What an article is made of

[`article.html`](examples/article.html), cleaned, with the label of every line. What is kept without a
detector's word is told apart by its shape: in HTML by its element, in text by its marks, length and
neighbours. A `?` is text in doubt, which is kept.
"""


def render(cases: Path = CASES) -> str:
    """The whole document. `cases`: the folder with a folder of `.page` files for each detector."""
    detectors = dict(all_detectors())
    parts = [_OPENING, "\n".join(_table(detectors)) + "\n"]
    parts.append(_article())
    parts += (_chapter(name, detector, cases / name) for name, detector in detectors.items())
    return "\n".join(parts)


def sections(docstring: str) -> dict[str, str]:
    """The first paragraph under "", and each section's text under its name."""
    return {name: " ".join(lines).strip() for name, lines in _lines(docstring).items()}


def rules(docstring: str) -> dict[str, str]:
    """What each rule of a detector says, by its name without the detector's."""
    found: dict[str, str] = {}
    name = ""
    for line in filter(None, _lines(docstring).get(RULES, ())):
        if opening := _RULE.match(line):
            name = opening["name"]
            found[name] = line[opening.end() :]
        else:
            found[name] += f" {line.strip()}"
    return found


def _lines(docstring: str) -> dict[str, list[str]]:
    """The lines of each section, their common indent taken off."""
    found: dict[str, list[str]] = {"": []}
    name = ""
    for line in inspect.cleandoc(docstring).splitlines():
        if line.endswith(":") and line.removesuffix(":") in (*SECTIONS, RULES):
            name = line.removesuffix(":")
            found[name] = []
        else:
            found[name].append(line.removeprefix("    ") if name == RULES else line.strip())
    return found


def _table(detectors: dict[str, Detector]) -> Iterator[str]:
    yield "| label | group | what it is | example |"
    yield "|---|---|---|---|"
    for row in LABELS:
        name = row.label.value
        anchor = name if name in detectors else "what-an-article-is-made-of" if row.label.is_content else None
        label = f"[`{name}`](#{anchor})" if anchor else f"`{name}`"
        yield f"| {label} | {row.group} | {row.description} | {row.example.replace('|', chr(92) + '|')} |"


def _article() -> str:
    """The article, a label beside every line of it."""
    result = clean(ARTICLE.read_bytes(), content_type="text/html")
    text = result.renderedText or ""
    rows = []
    for segment in result.segments:
        mark = f"{segment.label}{'?' if segment.action is Action.FLAGGED else ''}"
        lines = text[segment.start : segment.end].expandtabs(4).splitlines()
        rows += [f"{mark:18} | {line}" for line in lines]
    return "\n".join([_CONTENT, "```text", *rows, "```", ""])


def _chapter(name: str, detector: Detector, cases: Path) -> str:
    docstring = inspect.getdoc(detector) or ""
    text = sections(docstring)
    why, example = _example(cases)
    return "\n".join([
        f"## {name}",
        "",
        text[""],
        "",
        *(f"- **{section}.** {text[section]}" for section in SECTIONS),
        "",
        "| rule | says |",
        "|---|---|",
        *(f"| `{name}.{rule}` | {said} |" for rule, said in rules(docstring).items()),
        "",
        f"{why}",
        "",
        "```text",
        example,
        "```",
        "",
    ])  # fmt: skip


def _example(cases: Path) -> tuple[str, str]:
    """The first case of what is found: its sentence of why, and the page."""
    path = min(cases.glob("finds_*.page"))
    why, _, page = path.read_text(encoding="utf-8").partition("\n\n")
    return " ".join(why.split()), page.rstrip("\n")


def written() -> dict[Path, str]:
    """What every generated page, and every page with a generated table, must hold."""
    folder = ROOT / "docs"
    tables = [folder / "score.md", folder / "removal.md"]
    return {
        PAGE: render(),
        folder / "reference.md": reference.render(),
        **{path: reference.refresh(path.read_text(encoding="utf-8")) for path in tables},
    }


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, encoding="utf-8", newline="\n")
        sys.stdout.write(f"{path}\n")
