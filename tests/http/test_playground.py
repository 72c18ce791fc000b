"""The playground's files: what is served, how, and in which colours. What they do is tested in tests/e2e."""

import re
from pathlib import Path

import pytest

from schemas.labels import Group
from service.http.playground import read_files
from tests.http.door import Door, problem_of

SEEDS = Path(__file__).parents[2] / "seeds"
FILES = read_files()
TOKENS = FILES["tokens.css"].decode()
COLOUR = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
COLOURS = {found[1]: (found[2], found[3]) for found in COLOUR.finditer(TOKENS)}
AA_TEXT, AA_SHAPE = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11


def luminance(colour: str) -> float:
    """WCAG's relative luminance of #rrggbb."""
    values = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_file_is_served_under_a_strict_policy(door: Door) -> None:
    assert {"index.html", "js/main.js", "tokens.css", "icon.svg"} <= set(FILES)
    for name in FILES:
        response = door.get(f"/playground/{name}")
        assert response.content == FILES[name]
        policy = response.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
    assert door.get("/").content == FILES["index.html"]


def test_a_file_that_did_not_change_is_not_sent_again(door: Door) -> None:
    tag = door.get("/").headers["etag"]
    again = door.get("/", {"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert door.get("/", {"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize("name", ["", "js", "../__init__.py", "%2e%2e/__init__.py", "x.js"])
def test_nothing_else_is_served(door: Door, name: str) -> None:
    problem_of(door.get(f"/playground/{name}"), 404, "not-found")


def test_nothing_is_inline_and_nothing_comes_from_elsewhere() -> None:
    page = FILES["index.html"].decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src=)|javascript:", page)
    for name, content in FILES.items():
        if name.endswith((".js", ".css", ".html")):
            found = re.findall(r"https?://[\w.]+", content.decode())
            assert set(found) <= {"http://www.w3.org"}, name  # the name of SVG's namespace
            assert not re.search(
                r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", content.decode()
            )


def test_the_seeds_are_those_of_the_repository() -> None:
    packaged = {name: content for name, content in FILES.items() if name.startswith("seeds/")}
    assert packaged == {f"seeds/{path.name}": path.read_bytes() for path in SEEDS.glob("*.txt")}
    offered = re.findall(r'data-seed="([^"]+)"', FILES["index.html"].decode())
    assert [f"seeds/{name}.txt" for name in offered] == sorted(packaged)


def test_text_that_a_browser_cannot_decode_by_itself_comes_with_the_answer(door: Door) -> None:
    """Another charset, or a repair: offsets would point into a text that the caller does not have."""
    text = "أعلنت وزارة النقل يوم الأحد عن بدء العمل في خط جديد للسكك الحديدية قبل نهاية العام المقبل."
    for body in (text.encode("windows-1256"), text.encode("utf-16"), text.encode() + b" \xff"):
        result = door.clean(body, {}, "?rendered=true&segments=all&offsets=utf16").json()
        assert result["renderedText"].startswith(text)
        assert len(result["renderedText"]) == result["accounting"]["length"]
    assert door.clean(text.encode(), {}, "?rendered=true").json()["renderedText"] is None
    assert door.clean(text.encode("windows-1256"), {}).json()["renderedText"] is None


def test_every_group_of_labels_has_its_colours() -> None:
    for group in Group:
        assert f".g-{group} {{" in TOKENS
        if group is not Group.CONTENT:
            assert {f"{group}-ink", f"{group}-wash", f"{group}-solid"} <= set(COLOURS)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_colours_have_contrast(theme: int) -> None:
    def of(name: str) -> str:
        return COLOURS[name][theme]

    texts = [(f"{g}-ink", f"{g}-wash") for g in [*Group, "lifted", "flagged"] if g != "content"]
    texts += [("ink", f"{g}-wash") for g in ("lifted", "flagged", "accent")]
    plain = ("ink", "soft", "accent", "good", "warn", "bad")
    texts += [(name, ground) for name in plain for ground in ("paper", "panel")]
    texts += [("on-accent", "accent"), ("accent", "accent-wash")]
    for ink, ground in texts:
        assert contrast(of(ink), of(ground)) >= AA_TEXT, (ink, ground)
    for ground in ("paper", "panel"):
        assert contrast(of("edge"), of(ground)) >= AA_SHAPE, ground
