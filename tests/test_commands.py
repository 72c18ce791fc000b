"""The commands of the documentation do what it says: each is run, or says what it would need.

A fenced block is marked after its language. `sh run` is run here, in the order of its page, in a folder with
what the documents use of a clone, with a service listening; `sh needs=network` is not.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from schemas.labels import Label
from service import blocks, docs
from service.decode import from_text
from service.detector import scan
from tests import pages
from tests.e2e.server import PATIENCE, Service, serving

DOCUMENTS = [docs.ROOT / "README.md", *sorted((docs.ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(?P<language>\w+)(?: (?P<mark>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = {"sh": ["bash", "-euo", "pipefail"], "python": [sys.executable], "js": ["node"]}
SUFFIX = {"sh": ".sh", "python": ".py", "js": ".mjs"}
NEEDS = {"needs=network", "needs=server", "needs=training", "needs=checkout", "needs=docker"}


@dataclass(frozen=True, slots=True)
class Fence:
    """One block of a document."""

    language: str
    mark: str
    text: str


def fences(path: Path) -> list[Fence]:
    found = FENCE.finditer(path.read_text(encoding="utf-8"))
    return [Fence(one["language"], one["mark"] or "", one["text"]) for one in found]


def params(*marks: str) -> list[object]:
    named = [p for p in DOCUMENTS if any(fence.mark in marks for fence in fences(p))]
    return [pytest.param(path, id=str(path.relative_to(docs.ROOT))) for path in named]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("service") / "log.txt") as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The pages and examples of a clone, where they stand in one."""
    for path in ("seeds", "docs/examples"):
        shutil.copytree(docs.ROOT / path, tmp_path / path)
    return tmp_path


@pytest.mark.parametrize("path", [pytest.param(p, id=p.name) for p in DOCUMENTS])
def test_every_command_is_run_or_says_what_it_needs(path: Path) -> None:
    unmarked = [
        fence.text
        for fence in fences(path)
        if fence.language in COMMANDS
        and fence.mark != "run"
        and fence.mark not in NEEDS
        and not fence.mark.startswith("detector=")
    ]
    assert not unmarked


@pytest.mark.parametrize("path", params("run"))
def test_commands_run(service: Service, folder: Path, path: Path) -> None:
    scripts = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "PYTHONWARNINGS": ""}
    for number, fence in enumerate(fences(path)):
        if fence.mark != "run" or shutil.which(COMMANDS[fence.language][0]) is None:
            continue
        script = folder / f"block_{number}{SUFFIX[fence.language]}"
        script.write_text(fence.text.replace("http://127.0.0.1:8000", service.url), encoding="utf-8")
        done = subprocess.run(
            [*COMMANDS[fence.language], str(script)],
            cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        told = f"{path.name}:\n{fence.text}\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}"
        assert done.returncode == 0, told
        assert '"status":4' not in done.stdout.replace(" ", ""), (
            told
        )  # a problem that curl took for an answer


def test_the_detector_of_the_guide_does_what_its_pages_say(tmp_path: Path) -> None:
    found = fences(docs.ROOT / "docs" / "add-a-detector.md")
    source = next(fence for fence in found if fence.mark.startswith("detector="))
    label = Label(source.mark.removeprefix("detector="))
    module = ModuleType(label)
    exec(compile(source.text, "add-a-detector.md", "exec"), module.__dict__)  # noqa: S102 - our own document
    told = {fence.mark.removeprefix("page="): fence.text for fence in found if fence.mark.startswith("page=")}
    assert set(told) == {"finds", "keeps"}
    for name, text in told.items():
        case = tmp_path / f"{name}.page"
        case.write_text(text, encoding="utf-8")
        read = pages.read(case)
        page = blocks.read(from_text(read.text, html=False))
        cut = {page.text[one.start : one.end] for one in module.find(page, scan(page)[label])}
        lines = zip(read.text.split("\n"), read.expected, strict=True)
        assert cut == {line for line, expected in lines if expected is label}
