"""The chart in the documentation is that of the figures."""

import json
import xml.etree.ElementTree as ET

from tests.evaluation.chart import FIGURES, PICTURE, render


def test_the_chart_is_fresh() -> None:
    drawn = render(json.loads(FIGURES.read_text(encoding="utf-8")))
    assert PICTURE.read_text(encoding="utf-8") == drawn, "run `python -m tests.evaluation.chart`"
    assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314 - our own picture


def test_the_table_beside_it_holds_the_same_figures() -> None:
    table = (PICTURE.parents[1] / "comparison.md").read_text(encoding="utf-8").replace("*", "")
    for row in json.loads(FIGURES.read_text(encoding="utf-8"))["rows"]:
        assert f"| {row['values'][0]:.3f} | {row['values'][1]:.3f} |" in table, row["name"]
