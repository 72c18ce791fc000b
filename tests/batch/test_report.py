"""The counts behind the report, and the page itself."""

from collections import Counter
from html.parser import HTMLParser

from service.batch.report import odd_sites, render
from service.batch.row import Facts
from service.batch.tally import Tally

RUN = {"version": "1", "model": None, "options": {"profile": "generic"}}


def facts(site: str, cut: dict[str, int], score: float = 0.9, seconds: float = 0.1) -> Facts:
    return Facts("accept", "article", "ar", score, site, f"http://{site}/<script>", cut, 1000, seconds)


def tally() -> Tally:
    """Ten sites alike, and one whose pages are all menu."""
    found = Tally()
    for number in range(100):
        found.count(facts(f"s{number % 10}.example", {"navigation": 100}), "a.warc.gz", number)
    for number in range(10):
        found.count(facts("odd.example", {"navigation": 900}, 0.1), "a.warc.gz", number)
    found.count(facts("lone.example", {"comments": 999}), "a.warc.gz", 1)
    found.problems["/problems/too-large"] += 2
    return found


def test_the_odd_site_is_found_and_one_page_makes_none() -> None:
    (site, pages, distance, label, here, everywhere), *others = odd_sites(tally())
    assert (site, pages, here) == ("odd.example", 10, 0.9 if label == "navigation" else here)
    assert 0 < distance <= 1
    assert abs(here - everywhere) > 0.5
    assert not [one for one in others if one[0] == "lone.example"]


def test_counts_of_parts_add_up_to_the_counts_of_all() -> None:
    whole, half = tally(), Tally()
    half.add(Tally.of(whole.told(), whole.timed()))
    half.add(Tally.of(whole.told(), whole.timed()))
    assert half.pages == 2 * whole.pages
    assert half.sites["odd.example"] == Counter(
        {name: 2 * n for name, n in whole.sites["odd.example"].items()}
    )
    assert half.problems == Counter({"/problems/too-large": 4})
    assert half.slowest[0] == whole.slowest[0]


def test_the_page_is_whole_and_shows_nothing_of_a_page_as_markup() -> None:
    text = render(tally(), RUN, ["a.warc.gz", "<b>.warc"], None)
    assert "<script" not in text
    assert "<b>" not in text
    opened: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            del attrs
            if tag not in {"meta", "rect", "line"}:
                opened.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if tag not in {"rect", "line"}:
                assert opened.pop() == tag

    Checker().feed(text)
    assert not opened
