"""One page, one answer: HTTP, command line and Python say the same, in every unit of offsets."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from schemas import OffsetUnit, Profile, Result, SegmentChoice
from service import clean
from service.cli import app
from service.decode import from_text
from service.http.render import to_json
from service.offsets import present
from service.pipeline import analyse
from tests.http.door import JSON, Door

TEXT = {"Content-Type": "text/plain"}
SEEDS = sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))
HTML_PAGE = "<nav><a href=/>Home</a></nav><p>Bread prices rose on Monday, she said. 🍞 غربال</p>"
# Text of the kinds that break things: several lines, several scripts, two-unit characters, controls.
LETTERS = st.characters(codec="utf-8")
LINES = ("Accept all cookies", "غربال الأخبار", "🍞 bread", "\tHome | News", "", "a.b\u00a0c")
TEXTS = st.one_of(st.text(LETTERS, max_size=300), st.lists(st.sampled_from(LINES)).map("\n".join))
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


DOOR = Door()


def by_http(body: bytes, headers: dict[str, str], query: str) -> bytes:
    response = DOOR.clean(body, headers, query)
    assert response.status_code == 200, response.text
    return response.content


def by_command(body: bytes, *options: str) -> bytes:
    outcome = CliRunner().invoke(app, ["clean", "-", *options], input=body)
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout_bytes.removesuffix(b"\n")


def by_python(body: bytes, **hints: Any) -> bytes:
    return to_json(clean(body, **hints))


def check_doors(body: bytes) -> None:
    python = by_python(body, content_type="text/plain")
    assert by_http(body, TEXT, "?segments=all&rendered=true") == python
    assert by_command(body, "--json", "--segments=all", "--rendered", "--content-type=text/plain") == python


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_the_seeds_have_one_answer(seed: Path) -> None:
    body = seed.read_bytes()
    check_doors(body)
    sniffed = by_python(body)
    assert by_http(body, {}, "?segments=all&rendered=true") == sniffed
    envelope = json.dumps({"contentBase64": b64encode(body).decode()}).encode()
    assert by_http(envelope, JSON, "?segments=all&rendered=true") == sniffed
    in_characters = json.dumps({"text": body.decode()}).encode()
    told = json.loads(by_http(in_characters, JSON, "?segments=all&rendered=true"))
    assert told.pop("encoding")["source"] == "text"
    assert told == {name: value for name, value in json.loads(sniffed).items() if name != "encoding"}


@FEW
@given(TEXTS)
@example("")
@example("\ufeff\x00\x85\u2028")
def test_any_text_has_one_answer(text: str) -> None:
    check_doors(text.encode())


@FEW
@given(st.binary(max_size=300))
def test_any_bytes_have_one_answer(body: bytes) -> None:
    check_doors(body)


@pytest.mark.parametrize("unit", list(OffsetUnit))
@pytest.mark.parametrize("choice", list(SegmentChoice))
@pytest.mark.parametrize("profile", [Profile.GENERIC, Profile.STRICT])
def test_equal_options_give_equal_bytes(unit: OffsetUnit, choice: SegmentChoice, profile: Profile) -> None:
    body = SEEDS[3].read_bytes()
    query = f"?offsets={unit}&segments={choice}&profile={profile}&minScore=0.99"
    options = (f"--offsets={unit}", f"--segments={choice}", f"--profile={profile}", "--min-score=0.99")
    assert by_command(body, "--json", *options) == by_http(body, {}, query)


def test_the_same_fields_are_required_and_the_same_language_is_told() -> None:
    body = b"Bread prices rose on Monday."
    told = by_http(body, {**TEXT, "Content-Language": "en-GB"}, "?require=authors")
    assert json.loads(told)["article"]["inLanguage"] == "en-GB"
    options = ("--json", "--content-type=text/plain", "--language=en-GB", "--require=authors")
    assert by_command(body, *options) == told
    assert by_http(body, {**TEXT, "Content-Language": "en-GB"}, "?segments=all&rendered=true") == by_python(
        body, content_type="text/plain", language="en-GB"
    )


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_any_kind_of_bytes_is_a_page(kind: Any) -> None:
    assert clean(kind(HTML_PAGE.encode())) == clean(HTML_PAGE.encode())


@pytest.mark.parametrize("body", ["text", 5, None, [1]])
def test_what_is_no_bytes_is_refused_by_name(body: Any) -> None:
    with pytest.raises(TypeError, match=f"clean takes bytes, not {type(body).__name__}"):
        clean(body)


def test_text_is_told_to_be_encoded() -> None:
    with pytest.raises(TypeError, match="encode it"):
        clean("text")  # type: ignore[arg-type]


@pytest.mark.parametrize("hint", [{"status": 99}, {"status": 600}, {"language": "en_US"}, {"language": ""}])
def test_a_hint_that_cannot_be_is_named(hint: dict[str, Any]) -> None:
    (name,) = hint
    with pytest.raises(ValueError, match=name):
        clean(b"", **hint)


def test_the_defaults_are_equal() -> None:
    for seed in SEEDS:
        body = seed.read_bytes()
        assert by_command(body, "--json") == by_http(body, {}, "")


def test_the_other_forms_are_equal() -> None:
    body = SEEDS[1].read_bytes()
    for form, option in (("text/plain", "--text"), ("text/markdown", "--markdown")):
        assert by_http(body, {"Accept": form}, "").removesuffix(b"\n") == by_command(body, option)


def cut(text: str, unit: OffsetUnit, start: int, end: int) -> str:
    if unit is OffsetUnit.CODEPOINT:
        return text[start:end]
    if unit is OffsetUnit.UTF16:
        return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")
    return text.encode()[start:end].decode()


def stretches(result: Result) -> list[tuple[int, int]]:
    """Every pair of offsets in a result."""
    found = [(segment.start, segment.end) for segment in result.segments]
    found += [(part.start, part.end) for part in result.article.parts]
    reasons = [(reason.start, reason.end) for reason in result.verdict.reasons]
    return found + [(start, end) for start, end in reasons if start is not None and end is not None]


def check_offsets(complete: Result, page_text: str) -> None:
    for unit in OffsetUnit:
        asked = present(complete, page_text, offsets=unit, segments=SegmentChoice.ALL, rendered=True, id=None)
        cuts = [cut(page_text, unit, *stretch) for stretch in stretches(asked)]
        assert cuts == [page_text[start:end] for start, end in stretches(complete)]
        count = asked.accounting
        assert count.offsetUnit is unit
        assert count.length == count.kept + count.lifted + count.removed + count.flagged + count.whitespace
        assert cut(page_text, unit, 0, count.length) == page_text
        counted = dict.fromkeys(("kept", "lifted", "removed", "flagged"), 0)
        for segment in asked.segments:
            counted[segment.action] += segment.end - segment.start
        assert counted == {action: getattr(count, action) for action in counted}


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_every_unit_cuts_the_same_text_of_the_seeds(seed: Path) -> None:
    check_offsets(*analyse(from_text(seed.read_text(encoding="utf-8"), html=False))[:2])


def test_every_unit_cuts_the_same_text_of_a_rendering() -> None:
    result, page_text, _ = analyse(from_text(HTML_PAGE, html=True))
    assert result.renderedText == page_text
    check_offsets(result, page_text)


@FEW
@given(TEXTS)
def test_every_unit_cuts_the_same_text(text: str) -> None:
    check_offsets(*analyse(from_text(text, html=False))[:2])


def test_duplicate_of_counts_in_the_complete_list() -> None:
    body = SEEDS[0].read_bytes()
    complete = json.loads(by_http(body, {}, "?segments=all"))["segments"]
    chosen = json.loads(by_http(body, {}, "?segments=removed"))["segments"]
    assert chosen == [segment for segment in complete if segment["action"] != "kept"]
    for segment in chosen:
        if segment["duplicateOf"] is not None:
            assert complete[segment["duplicateOf"]]["start"] < segment["end"]
            assert complete[segment["duplicateOf"]] != segment
