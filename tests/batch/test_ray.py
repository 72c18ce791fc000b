"""The engine for many machines makes the same rows as the one for one, and loses nothing with a machine."""

from pathlib import Path

import pytest

from tests.batch.archives import page, write_lines, write_warc
from tests.batch.test_batch import batch, rows, tree

pytest.importorskip("ray", reason="Ray is not installed")


def test_rows_are_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write_warc(folder / "a.warc.gz", 25)
    write_lines(folder / "b.jsonl", [{"text": page(n).decode()} for n in range(5)] + ["{no json"])
    given = (folder, "--part-pages", "10", "--workers", "2")
    batch(*given, "--out", tmp_path / "local")
    try:
        batch(*given, "--out", tmp_path / "ray", "--engine", "ray")
    except AssertionError as error:
        if "timed out during startup" in str(error):  # its own, of fifteen seconds
            pytest.skip("Ray cannot start on a machine as busy as this one")
        raise
    assert tree(tmp_path / "ray") == tree(tmp_path / "local")
    assert len(rows(tmp_path / "ray")) == 30
