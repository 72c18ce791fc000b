"""The command line as a person uses it."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest
from typer.testing import CliRunner
from typer.testing import Result as Outcome

from service.cli import app
from service.version import VERSION

SEEDS = Path(__file__).parents[1] / "seeds"
SEED = SEEDS / "001_41f0e027636b3632.txt"
PAGE = "Accept all cookies\n\nBread prices rose on Monday for the third time this year, the ministry said.\n"


def run(*arguments: object, body: bytes | str | None = None, **environment: str) -> Outcome:
    return CliRunner(env={"COLUMNS": "120", **environment}).invoke(
        app, [str(a) for a in arguments], input=body
    )


def in_a_process(
    *arguments: str, body: str | None = None, out: BinaryIO | int = subprocess.PIPE
) -> "subprocess.CompletedProcess[str]":
    """The same with a standard output of its own."""
    command = [sys.executable, "-c", "from service.cli import app; app()", *arguments]
    return subprocess.run(
        command, input=body, stdout=out, stderr=subprocess.PIPE, text=True, check=False, timeout=300
    )


def test_version() -> None:
    assert run("--version").output == f"ghirbal {VERSION}\n"


def test_without_a_command_it_says_what_it_can_do() -> None:
    assert "explain" in run().output


@pytest.mark.parametrize("command", ["clean", "explain", "serve"])
def test_every_command_explains_itself(command: str) -> None:
    outcome = run(command, "--help")
    assert outcome.exit_code == 0
    assert "--help" in outcome.output


class TestSummary:
    """`ghirbal clean FILE`."""

    def test_says_what_a_person_wants_to_know(self) -> None:
        outcome = run("clean", SEED)
        assert outcome.exit_code == 0
        told = json.loads(run("clean", "--json", "--segments", "all", SEED).output)
        for word in (
            SEED.name,
            told["verdict"]["decision"],
            told["verdict"]["pageType"],
            "score",
            "characters",
        ):
            assert word in outcome.output
        assert told["article"]["headline"][:40] in outcome.output
        assert told["article"]["datePublishedRaw"] in outcome.output
        for segment in told["segments"]:
            if segment["action"] == "removed":
                assert segment["label"] in outcome.output

    def test_several_files_are_told_one_after_another(self) -> None:
        names = [path.name for path in sorted(SEEDS.glob("*.txt"))]
        output = run("clean", *sorted(SEEDS.glob("*.txt"))).output
        places = [output.index(name) for name in names]
        assert places == sorted(places)

    def test_standard_input_is_a_file_too(self) -> None:
        outcome = run("clean", "-", body=PAGE)
        assert outcome.exit_code == 0
        assert outcome.output.startswith("-")

    @pytest.mark.parametrize(
        "body", [b"", b"\xff", b"\0" * 100, gzip.compress(b"a", mtime=0), b"\x1b[2J\x1b]0;title\x07"]
    )
    def test_any_bytes_have_one_and_never_steer_the_terminal(self, body: bytes) -> None:
        for command in ("clean", "explain"):
            outcome = run(command, "-", body=body)
            assert outcome.exit_code == 0, outcome.output
            assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", outcome.output)


class TestMachineForms:
    """`--json`, `--text`, `--markdown`."""

    def test_json_is_a_line_a_file(self) -> None:
        lines = run("clean", "--json", SEED, SEED).output.splitlines()
        assert len(lines) == 2
        assert json.loads(lines[0]) == json.loads(lines[1])

    def test_text_is_the_article_body(self) -> None:
        body = json.loads(run("clean", "--json", SEED).output)["article"]["articleBody"]
        assert run("clean", "--text", SEED).output == body + "\n"

    def test_markdown_begins_with_the_headline(self) -> None:
        headline = json.loads(run("clean", "--json", SEED).output)["article"]["headline"]
        assert run("clean", "--markdown", SEED).output.startswith(f"# {headline}\n\n")

    def test_two_forms_at_once_are_refused(self) -> None:
        outcome = run("clean", "--json", "--text", SEED)
        assert outcome.exit_code == 2
        assert "--json and --text" in outcome.output

    def test_an_envelope_is_read_where_the_type_says_so(self, tmp_path: Path) -> None:
        envelope = tmp_path / "page.json"
        envelope.write_text(json.dumps({"text": PAGE, "id": "7", "url": "https://example.org/"}))
        told = json.loads(run("clean", "--json", "--content-type", "application/json", envelope).output)
        assert told["id"] == "7"
        envelope.write_text("{")
        outcome = run("clean", "--json", "--content-type", "application/json", envelope)
        assert outcome.exit_code == 1
        assert "line 1" in outcome.output

    def test_a_name_that_ends_in_html_is_markup(self, tmp_path: Path) -> None:
        page = tmp_path / "page.HTML"
        page.write_text("Bread &amp; butter")
        assert (
            json.loads(run("clean", "--json", "--rendered", page).output)["renderedText"] == "Bread & butter"
        )

    def test_hints_are_passed_on(self) -> None:
        options = ("--url", "https://example.org/", "--charset", "windows-1256", "--source-status", "200")
        told = json.loads(run("clean", "--json", *options, "-", body="غربال".encode("cp1256")).output)
        assert told["article"]["url"] == "https://example.org/"
        assert told["encoding"]["declared"] == "windows-1256"


class TestRefusals:
    """What cannot be done is said in one line."""

    def test_a_file_that_is_not_there_costs_only_itself(self, tmp_path: Path) -> None:
        outcome = run("clean", "--text", tmp_path / "nothing", SEED)
        assert outcome.exit_code == 1
        assert "nothing: No such file or directory" in outcome.stderr
        assert outcome.stdout == run("clean", "--text", SEED).stdout
        assert run("explain", tmp_path / "nothing", SEED).exit_code == 1

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        outcome = run("clean", tmp_path)
        assert outcome.exit_code == 1
        assert "directory" in outcome.stderr

    @pytest.mark.skipif(os.geteuid() == 0, reason="the superuser reads everything")
    def test_a_file_that_may_not_be_read(self, tmp_path: Path) -> None:  # pragma: no cover
        page = tmp_path / "page"
        page.touch(mode=0)
        assert "Permission denied" in run("clean", page).stderr

    @pytest.mark.parametrize(
        "options",
        [
            ("--profile", "bold"), ("--offsets", "chars"), ("--segments", "some"), ("--min-score", "2"),
            ("--source-status", "7"), ("--content-type", "image/png"), ("--colour",), ("--min-score", "nan"),
            ("--require", "headline,colour"), ("--language", "en_US"),
        ],
    )  # fmt: skip
    def test_a_wrong_option_is_named(self, options: tuple[str, ...]) -> None:
        outcome = run("clean", SEED, *options)
        assert outcome.exit_code == 2
        assert options[0] in outcome.output

    @pytest.mark.parametrize(
        ("arguments", "environment"),
        [(("serve",), {"GHIRBAL_PORT": "high"}), (("clean", SEED), {"GHIRBAL_MAX_JSON_DEPTH": "0"})],
    )
    def test_a_wrong_setting_is_named(
        self, arguments: tuple[object, ...], environment: dict[str, str]
    ) -> None:
        outcome = run(*arguments, **environment)
        assert outcome.exit_code == 2
        (name,) = environment
        assert name.removeprefix("GHIRBAL_").lower() in outcome.output


class TestExplain:
    """`ghirbal explain FILE`."""

    def test_the_page_is_all_there_and_every_cut_has_its_label(self) -> None:
        rows = run("explain", SEED).output.splitlines()
        assert [row[18:21] for row in rows if len(row) > 20] == [" | "] * len(
            [r for r in rows if len(r) > 20]
        )
        told = json.loads(run("clean", "--json", "--segments", "all", SEED).output)
        page = SEED.read_text(encoding="utf-8")
        shown = [(row[:18].strip(), row[21:]) for row in rows]
        for segment in told["segments"]:
            label = "" if segment["action"] == "kept" else segment["label"]
            first = page[segment["start"] : segment["end"]].split("\n")[0]
            assert (label, first) in [(got.removesuffix("?"), text) for got, text in shown]

    def test_it_is_plain_when_piped_and_in_colour_when_asked(self) -> None:
        assert "\x1b[" not in run("explain", SEED).output
        assert "\x1b[" in run("explain", SEED, FORCE_COLOR="1", TERM="xterm-256color").output


class TestLines:
    """`ghirbal clean --ndjson`."""

    def test_it_fails_when_a_line_was_refused_and_answers_the_others(self) -> None:
        done = in_a_process("clean", "--ndjson", body='{"id": "1", "text": "a"}\n{"id": "2", "foo": 1}\n')
        assert done.returncode == 1
        assert [json.loads(line)["status"] for line in done.stdout.splitlines()] == [200, 422]
        assert "1 line could not be cleaned" in done.stderr

    def test_it_succeeds_when_every_line_was_answered(self) -> None:
        done = in_a_process("clean", "--ndjson", body='{"text": "a"}\n' * 2)
        assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize(
    "arguments", [("clean", "--text"), ("clean",), ("explain",), ("clean", "--ndjson")], ids=" ".join
)
def test_an_output_without_room_is_said_in_one_line(arguments: tuple[str, ...], tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.write_text('{"text": "a"}')
    with Path("/dev/full").open("wb") as full:
        done = in_a_process(*arguments, str(page), out=full)
    assert done.returncode == 1
    assert done.stderr == "ghirbal: standard output: No space left on device\n"
