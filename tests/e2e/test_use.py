"""What one can do with a page: walk it by keyboard, filter, compare, copy; and whether everyone can."""

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import ARTEFACTS, open_tab
from tests.e2e.server import Service
from tests.e2e.tab import Tab, seed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]


def active(tab: Tab) -> str:
    """The id of what has the focus."""
    return str(tab.page.evaluate("() => document.activeElement.id || document.activeElement.className"))


def test_a_page_is_walked_by_keyboard(tab: Tab, service: Service) -> None:
    told = service.clean(seed("000").read_bytes())["segments"]
    copies = [i for i, segment in enumerate(told) if segment["duplicateOf"] is not None]
    tab.pick_seed("000")
    press = tab.page.keyboard.press

    for _ in range(40):  # from the top of the page to the segments
        if active(tab) == "seg-0":
            break
        press("Tab")
    assert active(tab) == "seg-0"
    assert told[0]["label"] in tab.words("#details")
    assert told[0]["reasons"][0]["rule"] in tab.words("#details")
    press("ArrowDown")
    assert active(tab) == "seg-1"
    press("End")
    assert active(tab) == f"seg-{len(told) - 1}"
    press("Home")
    assert active(tab) == "seg-0"
    press("n")
    assert active(tab) == f"seg-{copies[0]}"
    assert tab.find(f"#seg-{copies[0]}").get_attribute("aria-selected") == "true"
    assert "duplicate block, removed" in tab.words("#announce")
    press("Enter")
    assert "pinned" in tab.words("#details")
    press("Tab")
    assert tab.page.evaluate("() => document.activeElement.textContent") == "Go to the kept copy"
    press("Enter")
    assert active(tab) == f"seg-{told[copies[0]]['duplicateOf']}"
    press("p")
    assert active(tab) == "seg-0"
    press("Shift+Tab")
    assert not active(tab).startswith("seg-")  # one stop for the whole page


def test_pointing_and_tapping_show_details(tab: Tab, service: Service) -> None:
    told = service.clean(seed("003").read_bytes())["segments"]
    tab.pick_seed("003")
    ticker = next(i for i, segment in enumerate(told) if segment["label"] == "headline_ticker")
    tab.find(f"#seg-{ticker}").hover()
    details = tab.words("#details")
    assert "headline_ticker" in details
    assert f"{100 * told[ticker]['confidence']:.0f} %" in details
    for reason in told[ticker]["reasons"]:
        assert reason["rule"] in details
        assert reason["evidence"] in details
    tab.find("#seg-1").click()
    assert "pinned" in tab.words("#details")


def test_details_are_put_away_on_a_phone(browser: "Browser", service: Service) -> None:
    with open_tab(browser, service, width=390, height=844) as tab:
        tab.pick_seed("003")
        tab.find("#seg-1").click()
        tab.find("#details .close").click()
        tab.page.mouse.move(0, 0)
        assert "arrow keys" in tab.words("#details")
        assert tab.find("#details dl").count() == 0


def test_what_stands_in_the_field_is_said_and_leaves_room_for_the_answer(tab: Tab) -> None:
    tab.pick_seed("001")
    pressed = tab.find('[data-seed][aria-pressed="true"]')
    assert [one.get_attribute("data-seed")[:3] for one in pressed.all()] == ["001"]  # type: ignore[index]
    tab.paste("Bread prices rose on Monday, the minister said.\n" * 20)
    assert pressed.count() == 0
    height = "() => document.getElementById('text').clientHeight"
    assert tab.page.evaluate(height) < 60  # a line, though it has the focus
    tab.find("#text").click()
    tab.page.wait_for_function("() => document.getElementById('text').clientHeight > 120")


def test_a_filter_leaves_one_kind(tab: Tab, service: Service) -> None:
    told = service.clean(seed("004").read_bytes())["segments"]
    kinds = Counter(f"{s['action']}:{s['label']}" for s in told)
    tab.pick_seed("004")
    chip = tab.find('[data-key="removed:media_reference"]')
    chip.click()
    assert chip.get_attribute("aria-pressed") == "true"
    shown = tab.find("#page .seg:visible")
    assert shown.count() == kinds["removed:media_reference"]
    assert f"{shown.count()} of {len(told)} segments" in tab.words("#shown")
    tab.find('[data-key="removed:artifact"]').click()
    assert "AA" in tab.find("#page").inner_text()
    tab.find("#page [tabindex='0']").focus()
    tab.page.keyboard.press("ArrowDown")
    assert "media_reference" in tab.words("#details")
    tab.find("#ledger .quiet").click()
    assert tab.find("#page .seg:visible").count() >= len(told)
    assert tab.find('.kind[aria-pressed="true"]').count() == 0


def test_a_jump_lifts_the_filter_that_hides_its_aim(tab: Tab) -> None:
    tab.pick_seed("000")
    tab.find('[data-key="removed:duplicate_block"]').click()
    tab.find("#page del").first.click()
    tab.find("#details .jump").click()
    assert "kept in the article" in tab.words("#details")
    assert tab.find('.kind[aria-pressed="true"]').count() == 0


def test_profiles_stand_side_by_side(tab: Tab, service: Service) -> None:
    body = seed("004").read_bytes()
    tab.pick_seed("004")
    tab.find("#compare").click()
    tab.page.wait_for_selector("#compare-body table")
    heads = tab.find("#compare-body table").first.locator("thead th").all_text_contents()
    assert heads == ["recall", "generic", "news", "strict"]
    answers = [service.clean(body, profile=profile) for profile in heads]
    figures = tab.find("#compare-body table").first
    assert figures.locator("tbody tr").nth(0).locator("td").all_text_contents() == [
        answer["verdict"]["decision"] for answer in answers
    ]
    assert figures.locator("tbody tr").nth(2).locator("td").all_text_contents() == [
        f"{answer['article']['wordCount']:,}" for answer in answers
    ]
    acts = [{(s["start"], s["end"]): s["action"] for s in answer["segments"]} for answer in answers]
    differing = {at for at in acts[0] if len({act.get(at) for act in acts} - {None}) > 1}
    assert differing
    rows = tab.find("#compare-body table").nth(1).locator("tbody tr")
    assert rows.count() >= 1
    for row in rows.all():
        assert len(set(row.locator(".fate").all_text_contents())) > 1
    tab.page.keyboard.press("Escape")
    assert not tab.find("#compare-dialog").is_visible()


def test_another_profile_cleans_again(tab: Tab, service: Service) -> None:
    tab.pick_seed("004")
    tab.page.evaluate("() => { delete document.getElementById('page').dataset.complete; }")
    tab.page.select_option("#profile", "strict")
    tab.settled()
    told = service.clean(seed("004").read_bytes(), profile="strict")
    assert [one["classes"][1] for one in tab.segments()] == [s["action"] for s in told["segments"]]


def test_article_and_answer_are_copied(tab: Tab, service: Service) -> None:
    told = service.clean(seed("001").read_bytes())
    tab.pick_seed("001")
    assert tab.copied("#copy-article").replace("\r\n", "\n") == told["article"]["articleBody"]
    assert json.loads(tab.copied("#copy-json")) == told


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize("pasted", [False, True], ids=["seed", "pasted"])
def test_the_curl_command_gives_the_answer(tab: Tab, pasted: bool) -> None:
    if pasted:
        tab.paste('It\'s a $HOME `page` of "quotes"\\\n@all The council said on Monday that it would open.\n')
    else:
        tab.pick_seed("002")
    command = tab.copied("#copy-curl")
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, check=True, timeout=120)  # noqa: S607
    assert json.loads(done.stdout) == json.loads(tab.copied("#copy-json"))


def test_the_theme_can_be_chosen_and_is_remembered(tab: Tab) -> None:
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = tab.page.evaluate(ground)
    tab.find("#theme").click()  # auto -> light
    assert tab.page.evaluate(ground) == light
    tab.find("#theme").click()
    dark = tab.page.evaluate(ground)
    assert dark != light
    tab.open()
    assert tab.page.evaluate(ground) == dark
    assert tab.words("#theme") == "Theme: dark"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_axe_finds_nothing_serious(browser: "Browser", service: Service, theme: str, device: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is in the extra e2e").Axe()
    width, height = (1440, 1000) if device == "desktop" else (390, 844)
    with open_tab(browser, service, width=width, height=height, dark=theme == "dark") as tab:
        found = {"start": axe.run(tab.page).response}
        for name in ("000", "003", "004"):
            tab.pick_seed(name)
            tab.find("#page del").first.click()
            found[name] = axe.run(tab.page).response
        tab.find("#compare").click()
        tab.page.wait_for_selector("#compare-body table")
        found["compare"] = axe.run(tab.page).response
        tab.page.keyboard.press("Escape")
        tab.find("#save").click()
        found["save"] = axe.run(tab.page).response
    ARTEFACTS.mkdir(exist_ok=True)
    report = {
        state: [
            (v["impact"], v["id"], v["help"], [n["target"] for n in v["nodes"]][:5])
            for v in one["violations"]
        ]
        for state, one in found.items()
    }
    (ARTEFACTS / f"axe_{device}_{theme}.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    assert all(one["passes"] for one in found.values())
    serious = {s: [v for v in one if v[0] in ("serious", "critical")] for s, one in report.items()}
    assert not any(serious.values()), serious
