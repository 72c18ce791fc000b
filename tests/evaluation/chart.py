"""comparison.json -> docs/images/comparison.svg, which `python -m tests.evaluation.chart` writes."""

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, Final

FIGURES: Final = Path(__file__).with_name("comparison.json")
PICTURE: Final = Path(__file__).parents[2] / "docs" / "images" / "comparison.svg"
LOW, HIGH = 0.6, 1.0
"""Where the axis begins and ends: below 0.6 nothing differs."""
LEFT, WIDTH, BAR, ROW, TOP = 214, 420, 13, 40, 64

_STYLE: Final = """\
text { font: 14px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #221e1a; }
.soft { fill: #5c5751; font-size: 12px; }
.title { font-size: 16px; font-weight: 600; }
.own { font-weight: 600; }
.a { fill: #08635b; } .b { fill: #75bdb4; } .a.other { fill: #8b857d; } .b.other { fill: #c9c3ba; }
line { stroke: #d6d0c7; }
@media (prefers-color-scheme: dark) {
  text { fill: #ebe7e2; } .soft { fill: #afaaa3; } line { stroke: #4a453f; }
  .a { fill: #2f9d91; } .b { fill: #8fd8ce; } .a.other { fill: #7d776f; } .b.other { fill: #aaa49b; }
}"""


def render(figures: dict[str, Any]) -> str:
    """The chart as SVG."""
    height = TOP + ROW * len(figures["rows"]) + 46
    told = "; ".join(
        f"{row['name']} {' and '.join(f'{value:.2f}' for value in row['values'])}" for row in figures["rows"]
    )
    label = f"{escape(figures['title'])}: {escape(told)}"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {height}"',
        f'role="img" aria-label="{label}">',
        f"<style>\n{_STYLE}\n</style>",
        f'<text class="title" x="0" y="18">{escape(figures["title"])}</text>',
        *_legend(figures["series"]),
        *_axis(height),
        *(line for i, row in enumerate(figures["rows"]) for line in _row(row, TOP + ROW * i)),
        f'<text class="soft" x="0" y="{height - 6}">{escape(figures["note"])}</text>',
        "</svg>",
        "",
    ])  # fmt: skip


def _legend(series: list[str]) -> Iterator[str]:
    at = LEFT
    for kind, name in zip("ab", series, strict=True):
        yield f'<rect class="{kind}" x="{at}" y="32" width="12" height="12" rx="2"/>'
        yield f'<text class="soft" x="{at + 18}" y="42">{escape(name)}</text>'
        at += 130


def _axis(height: int) -> Iterator[str]:
    for tenth in range(6, 11):
        x = _at(tenth / 10)
        yield f'<line x1="{x}" x2="{x}" y1="{TOP - 8}" y2="{height - 40}"/>'
        yield f'<text class="soft" x="{x}" y="{height - 26}" text-anchor="middle">{tenth / 10:.1f}</text>'


def _row(row: dict[str, Any], top: int) -> Iterator[str]:
    own = "" if row.get("own") else " other"
    weight = ' class="own"' if row.get("own") else ""
    yield f'<text{weight} x="{LEFT - 12}" y="{top + 18}" text-anchor="end">{escape(row["name"])}</text>'
    for i, (kind, value) in enumerate(zip("ab", row["values"], strict=True)):
        y = top + i * (BAR + 1)
        width = round(_at(value) - LEFT, 1)
        yield f'<rect class="{kind}{own}" x="{LEFT}" y="{y}" width="{width}" height="{BAR}" rx="2"/>'
        yield f'<text class="soft" x="{LEFT + width + 6}" y="{y + 11}">{value:.2f}</text>'


def _at(value: float) -> float:
    return round(LEFT + WIDTH * (max(value, LOW) - LOW) / (HIGH - LOW), 1)


def main() -> None:
    """Write the picture."""
    PICTURE.write_text(
        render(json.loads(FIGURES.read_text(encoding="utf-8"))), encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    main()
