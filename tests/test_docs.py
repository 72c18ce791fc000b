"""The documentation is fresh, and what it points at is there."""

import re
from pathlib import Path

import pytest

from schemas.labels import LABELS
from service import docs
from service.detectors import all_detectors

LINK = re.compile(r"\]\((?![a-z]+:)(?P<path>[^)#\s]*)(?:#(?P<anchor>[^)\s]*))?\)")
DOCUMENTS = [docs.ROOT / "README.md", *sorted((docs.ROOT / "docs").rglob("*.md"))]


def test_the_page_of_detectors_is_fresh() -> None:
    fresh = docs.PAGE.read_text(encoding="utf-8") == docs.render()
    assert fresh, "run `python -m service.docs`"


def test_every_label_and_every_detector_is_described() -> None:
    text = docs.render()
    assert all(f"`{row.label.value}`" in text for row in LABELS)
    assert all(f"\n## {name}\n" in text for name, _ in all_detectors())


def test_every_kind_of_content_has_an_example() -> None:
    examples = docs.render().split("```text\n")[1].split("```")[0]
    detected = {name for name, _ in all_detectors()}
    for row in LABELS:
        if row.label.is_content and row.label not in detected:
            assert f"\n{row.label} " in f"\n{examples}", row.label


@pytest.mark.parametrize("name", [name for name, _ in all_detectors()])
def test_every_docstring_has_its_sections(name: str) -> None:
    found = docs.sections(dict(all_detectors())[name].__doc__ or "")
    assert list(found) == ["", *docs.SECTIONS]
    assert all(found.values())


@pytest.mark.parametrize("path", [pytest.param(p, id=str(p.relative_to(docs.ROOT))) for p in DOCUMENTS])
def test_links_lead_somewhere(path: Path) -> None:
    for link in LINK.finditer(path.read_text(encoding="utf-8")):
        target = (path.parent / link["path"]).resolve() if link["path"] else path
        assert target.exists(), link[0]
        if link["anchor"]:
            assert link["anchor"] in anchors(target.read_text(encoding="utf-8")), link[0]


def anchors(text: str) -> set[str]:
    """The anchors that a forge gives to headings."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
