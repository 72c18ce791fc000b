"""`requirements.lock` pins what pyproject.toml asks for, by hash, and names no index."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def pins(name: str) -> dict[str, set[str]]:
    """The versions each package is pinned to, one for each environment that differs."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / name).read_text(), re.MULTILINE):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


def test_every_dependency_is_pinned_within_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for lock, wanted in (
        ("requirements.lock", project["project"]["dependencies"]),
        ("requirements-build.lock", project["build-system"]["requires"]),
    ):
        pinned = pins(lock)
        for requirement in map(Requirement, wanted):
            versions = pinned.get(canonicalize_name(requirement.name), set())
            assert versions, f"{requirement.name} is not in {lock}"
            assert all(version in requirement.specifier for version in versions), requirement.name


def test_every_pin_has_a_hash_and_no_index_is_named() -> None:
    for lock in ("requirements.lock", "requirements-build.lock"):
        text = (ROOT / lock).read_text()
        for block in re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]:
            assert "--hash=sha256:" in block, block.splitlines()[0]
        assert "://" not in text
        assert "--index" not in text
