"""Every detector against its own pages: what it finds, what it keeps, what it is known to miss."""

import ast
from pathlib import Path

import pytest

from schemas.labels import Label
from schemas.request import Profile
from service import blocks, clean, decide, detectors, model
from service.decode import from_text
from service.detector import scan
from service.document import Page, Span
from tests import pages

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*/*.page"))
NAMES = [name for name, _ in detectors.all_detectors()]
# A detector is named after the label it finds, but for one that finds what has several
LABELS = {name: {Label(name)} for name in NAMES if name in set(Label)} | {
    "embed": {Label.COOKIE_BANNER, Label.MEDIA_REFERENCE, Label.ADVERTISEMENT, Label.ARTIFACT},
}
LIFTING = {"headline", "dateline", "byline", "source_credit"}


def by_rules(text: str) -> tuple[Page, tuple[Span, ...]]:
    """Detectors and decide alone, without the model: what a rule promises must not hang on it."""
    page = blocks.read(from_text(text, html=False))
    return page, decide.decide(page, detectors.find_all(page, scan(page)), None, Profile.GENERIC)


def params(prefix: str) -> list[object]:
    return [pytest.param(p, id=f"{p.parent.name}/{p.stem}") for p in CASES if p.stem.startswith(prefix)]


def check(path: Path) -> None:
    case = pages.read(path)
    _, spans = by_rules(case.text)
    message = pages.diff(case, pages.actual(case, spans))
    assert not message, "\n" + message


@pytest.mark.parametrize("path", params("finds_"))
def test_finds(path: Path) -> None:
    case = pages.read(path)
    mine = LABELS[path.parent.name]
    assert mine.intersection(case.expected), "a finds_ page must expect a label of its detector"
    check(path)


@pytest.mark.parametrize("path", params("keeps_"))
def test_keeps(path: Path) -> None:
    assert None in pages.read(path).expected, "a keeps_ page must hold a look-alike that stays"
    check(path)


def with_model() -> list[object]:
    named = [(p, f"{p.parent.name}/{p.stem}") for p in CASES if p.stem.startswith("keeps_")]
    return [pytest.param(p, id=n) for p, n in named]


@pytest.mark.skipif(model.name() is None, reason="there is no model")
@pytest.mark.parametrize("path", with_model())
def test_the_model_keeps_the_article_too(path: Path) -> None:
    """What a rule keeps, the whole service keeps; what else it finds on the page is its own affair."""
    case = pages.read(path)
    found = pages.actual(case, clean(case.text.encode(), content_type="text/plain; charset=utf-8").segments)
    kept = tuple(got if want is None else want for want, got in zip(case.expected, found, strict=True))
    message = pages.diff(case, kept)
    assert not message, "\n" + message


@pytest.mark.parametrize("path", params("known_miss_"))
@pytest.mark.xfail(strict=True, raises=AssertionError)
def test_known_miss(path: Path) -> None:
    check(path)


@pytest.mark.parametrize("path", params("known_miss_"))
def test_known_miss_still_keeps_the_article(path: Path) -> None:
    case = pages.read(path)
    _, spans = by_rules(case.text)
    got = pages.actual(case, spans)
    lost = [
        w for w, want, g in zip(case.text.split("\n"), case.expected, got, strict=True) if want is None and g
    ]
    assert not lost


@pytest.mark.parametrize("name", NAMES)
def test_every_detector_has_pages_and_documentation(name: str) -> None:
    prefixes = {p.stem.split("_")[0] for p in CASES if p.parent.name == name}
    assert {"finds", "keeps"} <= prefixes, f"{name}: needs a finds_ and a keeps_ page"
    source = Path(detectors.__path__[0], f"{name}.py").read_text(encoding="utf-8")
    doc = ast.get_docstring(ast.parse(source)) or ""
    for section in ("\nFinds:\n", "\nKeeps:\n", "\nSignals:\n"):
        assert section in doc, f"{name}: no {section.strip()} section"
    assert name in LABELS


def test_every_page_belongs_to_a_detector() -> None:
    assert {p.parent.name for p in CASES} == set(NAMES)
    assert all(p.stem.startswith(("finds_", "keeps_", "known_miss_")) for p in CASES)


@pytest.mark.parametrize(
    ("line", "name"), [("（记者：李明）", "李明"), ("(By Hannah Okafor)", "Hannah Okafor")]
)
def test_a_byline_in_brackets_lifts_a_name_without_them(line: str, name: str) -> None:
    case = pages.read(HERE / "byline" / "finds_byline_and_date.page")
    _, spans = by_rules(case.text.replace("By Hannah Okafor", line))
    assert [span.value for span in spans if span.field == "authors"] == [name]


@pytest.mark.parametrize("line", ["（责任编辑：李明）", "Edited by Hannah Okafor"])
def test_an_editor_is_no_author(line: str) -> None:
    case = pages.read(HERE / "byline" / "finds_byline_and_date.page")
    _, spans = by_rules(case.text.replace("By Hannah Okafor", line))
    assert [(s.label, s.value) for s in spans if s.field == "authors"] == [(Label.BYLINE, None)]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Interview by Hannah Okafor\nMarch 12, 2023", "Hannah Okafor"),
        ("Words Hannah Okafor\nMarch 12, 2023", "Hannah Okafor"),
        ("حاورتها: هدى منصور\n20/11/2022", "هدى منصور"),
        ("글 이수연\n2022.08.11", "이수연"),
        ("記者 王小明\n2022-08-11", "王小明"),
        ("文 | 王小明", "王小明"),
        ("Hannah Okafor\nMarch 12, 2023", "Hannah Okafor"),
        ("Hannah Okafor\nLisbon\nMarch 12, 2023", "Hannah Okafor"),
        ("March 12, 2023\nHannah Okafor", "Hannah Okafor"),
        ("Hannah Okafor, 12 March 2023", "Hannah Okafor"),
        ("Hannah Okafor | 12 March 2023", "Hannah Okafor"),
        ("Hannah Okafor · March 12, 2023 · 7 min read", "Hannah Okafor"),
        ("عمر فاروق\n20/11/2022", "عمر فاروق"),
    ],
)
def test_an_author_is_found_by_a_phrase_or_by_the_date(line: str, name: str) -> None:
    case = pages.read(HERE / "byline" / "finds_byline_and_date.page")
    _, spans = by_rules(case.text.replace("By Hannah Okafor\nMarch 12, 2023", line))
    named = [pair for s in spans for pair in ((s.field, s.value), *s.extra)]
    assert [value for field, value in named if field == "authors"] == [name]


@pytest.mark.parametrize(
    "line",
    [
        "Words Matter Most",
        "记者手记\n2022-08-11",
        "Local Sport\nMarch 12, 2023",
        "March 12, 2023\nShare Article",
        "New Delhi, 12 March 2023",
        "NEW YORK, 12 March 2023",
        "World News | 12 March 2023",
        "Home Page\nHannah Okafor\nMarch 12, 2023",  # a menu: no title stands right above
        "Hannah Okafor",  # no date beside it
    ],
)
def test_what_only_looks_like_a_name_is_no_author(line: str) -> None:
    case = pages.read(HERE / "byline" / "finds_byline_and_date.page")
    _, spans = by_rules(case.text.replace("By Hannah Okafor\nMarch 12, 2023", line))
    assert "authors" not in [field for s in spans for field, _ in ((s.field, s.value), *s.extra)]


def test_a_person_the_text_tells_of_is_no_author() -> None:
    case = pages.read(HERE / "byline" / "finds_byline_and_date.page")
    text = case.text.replace("By Hannah Okafor", "Hannah Okafor").replace(
        "The city opened", "Ms Okafor opened"
    )
    _, spans = by_rules(text)
    assert "authors" not in [s.field for s in spans]


@pytest.mark.parametrize("day", ["Tuesday, 4 June 2024", "Martes, 4 de junio", "الثلاثاء 4 يونيو 2024"])
def test_the_day_of_the_visit_is_not_the_articles(day: str) -> None:
    case = pages.read(HERE / "byline" / "finds_byline_and_date.page")
    text = case.text.replace("By Hannah Okafor\nMarch 12, 2023\n", "")
    menu = "Home\nNews\nSport\nWeather\nContact"
    _, above = by_rules(f"{day}\n{menu}\n{text}")
    assert "datePublished" not in [s.field for s in above]
    _, dated = by_rules(f"{day}\n{menu}\n{case.text}")
    assert [s.value for s in dated if s.field == "datePublished"] == ["March 12, 2023"]
    title, _, rest = text.partition("\n")
    _, below = by_rules(f"{title}\n{day}\nShare\nSave\nThe new bridge over the river in the city\n{rest}")
    assert day in [s.value for s in below if s.field == "datePublished"]


@pytest.mark.parametrize(
    ("above", "published", "modified"),
    [
        (["12 mars 2023", "Mis à jour le 13 mars 2023"], "2023-03-12", "2023-03-13"),
        (["Mis à jour le 13 mars 2023", "12 mars 2023"], "2023-03-12", "2023-03-13"),
        (["Mis à jour le 13 mars 2023"], None, "2023-03-13"),
        (["12 mars 2023"], "2023-03-12", None),
    ],
)
def test_an_update_is_never_the_day_of_publication(
    above: list[str], published: str | None, modified: str | None
) -> None:
    case = pages.read(HERE / "dateline" / "finds_french_published_and_updated.page")
    title, _, _, *body = case.text.split("\n")
    article = clean("\n".join([title, *above, *body]).encode()).article
    assert (article.datePublishedLocal, article.dateModified) == (published, modified)


def test_two_who_wrote_together_are_two_authors() -> None:
    case = pages.read(HERE / "byline" / "finds_byline_and_date.page")
    text = case.text.replace("By Hannah Okafor", "By Hannah Okafor and Tom Reed")
    assert [author.nameRaw for author in clean(text.encode()).article.authors] == [
        "Hannah Okafor",
        "Tom Reed",
    ]
