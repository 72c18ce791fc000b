"""The documentation is fresh, and what it points at is there."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.labels import LABELS
from schemas.request import Profile
from service import blocks, decide, detectors, docs, reference
from service.decode import decode, from_text
from service.detector import scan
from service.detectors import all_detectors
from service.document import Page
from tests import pages

LINK = re.compile(r"\]\((?![a-z]+:)(?P<path>[^)#\s]*)(?:#(?P<anchor>[^)\s]*))?\)")
DOCUMENTS = [docs.ROOT / "README.md", *sorted((docs.ROOT / "docs").rglob("*.md"))]


def test_what_is_generated_is_fresh() -> None:
    stale = [path.name for path, text in docs.written().items() if path.read_text(encoding="utf-8") != text]
    assert not stale, "run `python -m service.docs`"


def test_every_generated_table_has_its_place() -> None:
    emptied = {
        path.name: reference.refresh(re.sub(r"(?<=-->\n)\|.*?(?=<!-- end)", "", text, flags=re.DOTALL))
        == text
        for path, text in docs.written().items()
        if "<!-- generated" in text
    }
    assert emptied == {"score.md": True, "removal.md": True}


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
    assert list(found) == ["", *docs.SECTIONS, docs.RULES]
    assert all(found.values())


DESCRIBED = {
    f"{name}.{rule}" for name, detector in all_detectors() for rule in docs.rules(detector.__doc__ or "")
}


def read_pages() -> Iterator[Page]:
    """Every case, every seed, and the page of every kind of content."""
    for path in sorted(docs.CASES.glob("*/*.page")):
        yield blocks.read(from_text(pages.read(path).text, html=False))
    for path in sorted((docs.ROOT / "seeds").glob("*.txt")):
        yield blocks.read(decode(path.read_bytes()))
    yield blocks.read(decode(docs.ARTICLE.read_bytes(), content_type="text/html"))


def test_every_rule_that_a_page_meets_is_described() -> None:
    met = {finding.rule for page in read_pages() for finding in detectors.find_all(page, scan(page))}
    assert met <= DESCRIBED
    assert len(met) > len(DESCRIBED) * 0.7


@pytest.mark.parametrize("name", [name for name, _ in all_detectors()])
def test_every_rule_of_a_detector_is_described_and_no_other(name: str) -> None:
    """`rules_in` sees names that are written out; those taken from a list of phrases are that list's."""
    path = Path(detectors.__path__[0], f"{name}.py")
    described = {rule.removeprefix(f"{name}.") for rule in DESCRIBED if rule.startswith(f"{name}.")}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    phrases = path.with_suffix(".toml")
    lists: set[str] = set()
    if phrases.exists():
        lists = {n for one in tomllib.loads(phrases.read_text(encoding="utf-8")).values() for n in one}
    written = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)} | lists
    assert rules_in(tree, name) <= described
    assert all(rule in written or f"{name}.{rule}" in written for rule in described)


def rules_in(tree: ast.Module, name: str) -> set[str]:
    """Names of rules written out in a detector: in a finding, or in a call that makes one."""
    place = {"found": 2, "each": 2, "Finding": 4}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and "rule" in (names := [a.arg for a in node.args.args]):
            place[node.name] = names.index("rule")
        elif isinstance(node, ast.ClassDef):
            fields = [
                n.target.id
                for n in node.body
                if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)
            ]
            if "rule" in fields:
                place[node.name] = fields.index("rule")
    said: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            said += node.args[place[called] : place[called] + 1] if called in place else []
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "rule"
        ):
            said.append(node.value)
    branches = [b for one in said for b in ((one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,))]
    return {
        b.value.removeprefix(f"{name}.")
        for b in branches
        if isinstance(b, ast.Constant) and isinstance(b.value, str)
    }


def test_a_rule_goes_on_over_lines() -> None:
    text = "A thing.\n\nSignals:\n    Shape.\n\nRules:\n    run: One: two\n        three.\n    end: Four.\n"
    assert docs.rules(text) == {"run": "One: two three.", "end": "Four."}


def test_every_rule_of_the_joint_decision_is_described() -> None:
    modules = (docs.ROOT / "service" / "decide").glob("*.py")
    code = "\n".join(path.read_text(encoding="utf-8") for path in modules)
    rules = set(re.findall(r'"((?:model|decide)\.\w+)"', code))
    text = (docs.ROOT / "docs" / "removal.md").read_text(encoding="utf-8")
    assert len(rules) > 4
    assert all(f"`{rule}`" in text for rule in rules)


def codes_in(path: Path) -> Iterator[str]:
    """Codes of the verdict's reasons that are written out in a module."""
    place = {"_reason": 0, "reason": 0, "said": 0, "shown": 0, "Garbage": 0, "Evidence": 0, "Kind": 2}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            at = place.get(getattr(node.func, "id", ""))
            said = node.args[at : at + 1] if at is not None else []
            said += [key.value for key in node.keywords if key.arg == "code"]
            for one in said:
                if isinstance(one, ast.Constant):
                    yield str(one.value)


def test_every_reason_of_a_verdict_is_described() -> None:
    folder = docs.ROOT / "service"
    named = ("verdict.py", "kinds.py", "threads.py", "offsets.py", "failures/rules.py", "failures/garbage.py")
    codes = {code for name in named for code in codes_in(folder / name)}
    errors = tomllib.loads((folder / "failures" / "error.toml").read_text(encoding="utf-8"))
    codes |= {listed for lists in errors.values() for listed in lists if listed != "weak"}
    text = (docs.ROOT / "docs" / "score.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(\w+)`", text.partition("## The decision")[2]))
    assert codes - {"prose", "declared"} <= told, "those two are an article's, which needs no reason"
    assert len(codes) > 30


def test_every_field_has_its_meaning() -> None:
    rows = [row for row in reference.render().splitlines() if row.startswith("| `")]
    assert len(rows) > 100
    assert not [row for row in rows if row.endswith("|  |")]


def test_every_check_is_described() -> None:
    code = (docs.ROOT / "service" / "validation.py").read_text(encoding="utf-8")
    checks = re.findall(r'_failed\("(\w+)", "(\w+)"', code)
    assert len(checks) > 10
    rows = (docs.ROOT / "docs" / "score.md").read_text(encoding="utf-8").splitlines()
    for field, check in checks:
        assert any(f"`{field}`" in row and f"`{check}`" in row for row in rows), (field, check)


@pytest.mark.parametrize("profile", Profile)
def test_what_is_in_doubt_stays_under_every_profile(profile: Profile) -> None:
    """As the README says of its profiles."""
    case = pages.read(docs.CASES / "artifact" / "keeps_code_of_a_lesson.page")
    page = blocks.read(from_text(case.text, html=False))
    spans = decide.decide(page, detectors.find_all(page, scan(page)), None, profile)
    assert "flagged" in {span.action for span in spans}


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
