"""What the playground shows of a page, against what the interface answers."""

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from schemas.labels import Label
from tests import pages
from tests.e2e.conftest import ARTEFACTS, open_tab
from tests.e2e.server import Service
from tests.e2e.tab import IDS, Tab, seed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CLEAR = "rgba(0, 0, 0, 0)"
# Where the first characters of a line stand
_EDGES = """(element) => {
  const text = element.firstChild;
  const range = document.createRange();
  const at = (i) => {
    range.setStart(text, i);
    range.setEnd(text, i + 1);
    return range.getBoundingClientRect().left;
  };
  return { first: at(0), next: at(1) };
}"""


def drawn_as(segment: dict[str, Any], one: dict[str, Any], tab: Tab, group: str) -> None:
    """Check that a segment looks like what became of it."""
    assert segment["action"] in one["classes"]
    assert f"g-{group}" in one["classes"]
    match segment["action"]:
        case "removed":
            assert (one["tag"], one["line"]) == ("del", "line-through")
            assert (one["colour"], one["ground"]) == (tab.colour(f"{group}-ink"), tab.colour(f"{group}-wash"))
        case "lifted":
            assert one["ground"] == tab.colour("lifted-wash")
            assert "inset" in one["shadow"]
        case "flagged":
            assert (one["ground"], one["line"]) == (tab.colour("flagged-wash"), "underline")
        case _:
            assert (one["ground"], one["line"], one["shadow"]) == (CLEAR, "none", "none")


@pytest.mark.parametrize("name", IDS)
def test_a_pasted_seed_is_shown_as_the_interface_answers(tab: Tab, service: Service, name: str) -> None:
    body = seed(name).read_bytes()
    text = body.decode()
    told = service.clean(body)
    groups = service.groups()
    tab.paste(text)

    units = text.encode("utf-16-le")
    drawn = tab.segments()
    cut = [units[2 * s["start"] : 2 * s["end"]].decode("utf-16-le") for s in told["segments"]]
    assert [one["text"] for one in drawn] == cut
    for segment, one in zip(told["segments"], drawn, strict=True):
        drawn_as(segment, one, tab, groups[segment["label"]])

    kinds = Counter(f"{s['action']}:{s['label']}" for s in told["segments"])
    chips = {c.get_attribute("data-key"): c.text_content() or "" for c in tab.find(".kind").all()}
    assert set(chips) == set(kinds)
    assert all(f"{number} ·" in chips[kind] for kind, number in kinds.items())
    assert tab.words(".dial .value") == f"{told['quality']['score']:.2f}"
    assert tab.words(".dial .grade") == told["quality"]["grade"]
    assert tab.words(".decision") == told["verdict"]["decision"]
    assert all(reason["message"] in tab.words(".verdict") for reason in told["verdict"]["reasons"])
    assert told["encoding"]["charset"] in tab.words(".facts")
    count = told["accounting"]
    shares = [count[a] for a in ("kept", "lifted", "removed", "flagged", "whitespace")]
    assert tab.find(".bar > span").count() == len(kinds) + (1 if count["whitespace"] else 0)
    widths = sum(b["width"] for b in (p.bounding_box() for p in tab.find(".bar > span").all()) if b)
    removed = tab.find(".bar > span[title*=', removed']").all()
    seen = sum(b["width"] for b in (p.bounding_box() for p in removed) if b) / widths
    assert seen == pytest.approx(count["removed"] / sum(shares), abs=0.03)

    article = told["article"]
    lines = tab.find("#article .chunk > :not(.part)").all_text_contents()
    assert " ".join(" ".join(lines).split()) == " ".join(article["articleBody"].split())
    if article["headline"]:
        assert tab.words("#article h3") == article["headline"]


@pytest.mark.parametrize("name", IDS)
def test_screenshots(browser: "Browser", service: Service, name: str) -> None:
    """Each seed, light and dark, desktop and phone: to be looked at."""
    ARTEFACTS.mkdir(exist_ok=True)
    for theme in ("light", "dark"):
        for device, width, height in (("desktop", 1440, 1000), ("phone", 390, 844)):
            with open_tab(browser, service, width=width, height=height, dark=theme == "dark") as tab:
                tab.pick_seed(name)
                cut = tab.find("#page del").first
                if cut.count():
                    cut.click()
                picture = ARTEFACTS / f"{name}_{device}_{theme}.png"
                tab.page.screenshot(path=picture)
                assert picture.read_bytes().startswith(b"\x89PNG")
                overflow = "() => document.documentElement.scrollWidth - innerWidth"
                assert tab.page.evaluate(overflow) <= 0
                if device == "phone":
                    tab.find('button[data-view="article"]').click()
                    assert not tab.find("#page").is_visible()
                    assert tab.find("#article").is_visible()
                    box = tab.find("#article").bounding_box()
                    assert box is not None
                    assert box["y"] > 0  # it opens at its beginning, however far down the page was read
                    tab.page.screenshot(path=picture.with_stem(f"{picture.stem}_article"))


def test_lines_run_in_their_own_direction(tab: Tab) -> None:
    """An Arabic thread with a Hebrew tweet, file names, and a prefix glued to a sentence."""
    tab.pick_seed("004")
    assert tab.find("#article").get_attribute("dir") == "rtl"
    drawn = {one["text"]: one["dir"] for one in tab.segments()}
    assert drawn["FE9CNKiWUAM6iQM.jpeg"] == drawn["AA"] == "ltr"
    assert next(way for text, way in drawn.items() if text.startswith("وقال وزير الدفاع")) == "rtl"
    assert next(way for text, way in drawn.items() if text.startswith("חתמתי")) == "rtl"
    glued = tab.find(".words", has=tab.page.locator("del", has_text=re.compile("^AA$")))
    assert glued.get_attribute("dir") == "rtl"  # its first letters are Latin, and it is an Arabic line
    for start in ("خطت الشراكة", "חתמתי"):
        edges = tab.find("#article p", has_text=re.compile(f"^{start}")).evaluate(_EDGES)
        assert edges["next"] < edges["first"]


def test_a_latin_line_in_an_arabic_page_runs_left_to_right(tab: Tab) -> None:
    arabic = seed("002").read_text(encoding="utf-8")
    tweet = "The minister said on Wednesday that the bridge would open before the end of the year."
    tab.paste(f"{arabic}\n{tweet}\n")
    line = tab.find("#page .words", has_text=tweet)
    assert line.get_attribute("dir") == "ltr"
    assert tab.find("#article").get_attribute("dir") == "rtl"


@pytest.mark.parametrize("charset", ["windows-1256", "utf-16", "utf-8-sig"])
def test_a_file_of_any_charset_is_sent_as_it_is(tab: Tab, service: Service, charset: str) -> None:
    text = seed("001").read_text(encoding="utf-8")
    body = text.encode(charset)
    tab.choose_file("page.txt", body)
    tab.settled()
    told = service.clean(body)
    assert told["encoding"]["charset"] in tab.words(".facts")
    units = (told["renderedText"] or text).encode("utf-16-le")
    cut = [units[2 * s["start"] : 2 * s["end"]].decode("utf-16-le") for s in told["segments"]]
    assert [one["text"] for one in tab.segments()] == cut
    assert "المغرب وإسرائيل يوقعان" in tab.words("#article h3")


def test_a_file_can_be_dropped(tab: Tab) -> None:
    body = list(seed("002").read_text(encoding="utf-8").encode("windows-1256"))
    tab.page.evaluate(
        """(bytes) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(bytes)], "dump.txt"));
          const how = { dataTransfer: transfer, bubbles: true, cancelable: true };
          document.body.dispatchEvent(new DragEvent("drop", how));
        }""",
        body,
    )
    tab.settled()
    assert "windows-1256" in tab.words(".facts")
    assert "dump.txt" in tab.words("#held")


HOSTILE = """<script>window.ran = 1</script><img src=x onerror="window.ran = 2">
The council said on Monday that a bridge would open <b onclick="window.ran=3">early</b>, after a long debate.
"><svg onload="window.ran = 4"></svg> It was paid for by the region, the mayor told reporters in the evening.
javascript:window.ran=5 {{constructor.constructor('window.ran=6')()}}
"""


@pytest.mark.parametrize("kind", ["text/plain", "text/html", ""])
def test_what_a_page_injects_is_shown_and_never_run(tab: Tab, kind: str) -> None:
    page = HOSTILE if kind != "text/html" else f"<html><body><p>{HOSTILE}</p></body></html>"
    tab.find("#more summary").click()
    tab.page.select_option("#kind", kind)
    tab.find("#more summary").click()
    tab.paste(page)
    shown = tab.words("#page")
    assert "The council said on Monday" in shown
    if kind == "text/plain":
        assert "<script>window.ran = 1</script>" in shown
    tab.find("#page .seg").first.click()
    tab.find("#compare").click()
    tab.page.wait_for_selector("#compare-body table")
    assert tab.page.evaluate("() => window.ran") is None
    assert tab.find("#result script, #result img, #result b, #result svg[onload], dialog script").count() == 0


def test_a_page_of_a_megabyte_is_drawn_in_pieces(tab: Tab, service: Service) -> None:
    """The first lines are painted before the last are drawn, and the tab answers in between."""
    article = "".join(seed(name).read_text(encoding="utf-8") + "\n" for name in IDS)
    text = "".join(f"{i}. {line}\n" for i, line in enumerate(article.splitlines() * 30))
    text = text.encode()[:1_000_000].decode(errors="ignore")
    told = service.clean(text.encode())
    tab.page.evaluate("""() => {
      window.frames_seen = 0;
      const tick = () => { window.frames_seen += 1; requestAnimationFrame(tick); };
      tick();
    }""")
    tab.paste(text)
    assert len(tab.segments()) == len(told["segments"])
    marks = tab.marks()
    assert marks["answered"] < marks["painted"] < marks["complete"]
    assert tab.find("#page > .chunk").count() > 10
    assert tab.page.evaluate("() => frames_seen") > 2
    assert "Pasted text" in tab.words("#held")  # and not in the field, where it would have to be laid out
    last = tab.find(f"#seg-{len(told['segments']) - 1}")
    tab.find('#page [tabindex="0"]').focus()
    tab.page.keyboard.press("End")
    assert last.evaluate("(element) => element === document.activeElement")


def test_an_empty_page_is_told(tab: Tab) -> None:
    tab.run()
    assert tab.words("#page") == "There is no text on this page."
    assert tab.words("#article .body") == "Nothing of this page is article."


def test_a_refusal_is_told_in_the_words_of_the_service(tab: Tab) -> None:
    tab.choose_file("giant.txt", b"a" * (11 * 1024 * 1024))
    tab.page.wait_for_selector("#problem:not([hidden])")
    assert "413" in tab.words("#problem")
    assert "max_body_bytes" in tab.words("#problem")
    tab.complaints.clear()  # the browser itself notes a refused request


@pytest.mark.parametrize("name", ["003", "004"])
def test_a_page_is_saved_as_a_case(tab: Tab, service: Service, tmp_path: Path, name: str) -> None:
    text = seed(name).read_text(encoding="utf-8")
    tab.pick_seed(name)
    case = save(tab, tmp_path, "Lines of a thread and their attachments; the text stays.")
    assert case.why == "Lines of a thread and their attachments; the text stays."
    assert case.text == text.rstrip("\n") or case.text == text
    assert case.expected == expected(case, service.clean(text.encode(), offsets="codepoint"))


def test_a_case_keeps_what_cannot_be_seen(tab: Tab, tmp_path: Path) -> None:
    lines = [
        "C:\\new\\temp\\u0041",
        "a\u00a0b\u200fc\u2028d\te",
        "می\u200cخواهم",
        " two  spaces ",
        "😀 \ufeffx",
    ]
    text = "\n".join(lines)
    tab.paste(text)
    assert save(tab, tmp_path, "").text == text


def save(tab: Tab, folder: Path, why: str) -> pages.Case:
    """Save the page that is shown as a case, and read it."""
    tab.find("#save").click()
    tab.find("#case-why").fill(why)
    with tab.page.expect_download() as download:
        tab.find("#save-form .primary").click()
    assert re.fullmatch(r"finds_[a-z0-9_]+\.page", download.value.suggested_filename)
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return pages.read(path)


def expected(case: pages.Case, told: dict[str, Any]) -> tuple[Label | None, ...]:
    """What became of each line, by the interface's answer."""
    from schemas.result import Result  # noqa: PLC0415 - only here is an answer read as the model

    return pages.actual(case, Result.model_validate(told).segments)
