"""Threads and pages of several articles are cut into parts; single articles never are."""

import json
from pathlib import Path

import pytest

from schemas.verdict import PageType
from service import clean

SEEDS = Path(__file__).parents[1] / "seeds"


def lines_of(text: str, start: int, end: int) -> tuple[int, int]:
    return text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 1


def test_the_thread_among_the_seeds_is_cut_where_its_posts_end() -> None:
    (record,) = (
        r
        for r in map(json.loads, (SEEDS / "seeds_gold.jsonl").read_text("utf-8").splitlines())
        if r["id"] == "seed_004"
    )
    (path,) = SEEDS.glob("004_*.txt")
    text = path.read_bytes().decode()
    parts = clean(path.read_bytes(), content_type="text/plain").article.parts
    assert len(parts) == len(record["segments"])
    for part, want in zip(parts, record["segments"], strict=True):
        first, last = lines_of(text, part.start, part.end)
        assert abs(first - want["lines"][0]) <= 1
        assert abs(last - want["lines"][1]) <= 1
        title = text.split("\n")[want["title_line"] - 1] if "title_line" in want else None
        assert part.headline == title


@pytest.mark.parametrize("seed", ["000", "001", "002", "003"])
def test_single_articles_are_not_cut(seed: str) -> None:
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    assert clean(path.read_bytes(), content_type="text/plain").article.parts == ()


THREAD = """Harbour bridge: will it ever open?
Home > Forum > Town

Ann
Joined: Mar 2009  Posts: 214
12 May 2023, 10:01
#1
I heard on the radio that the bridge opens in May, but the crane is still there and nobody works on it.

Bob
Joined: Jan 2012  Posts: 31
12 May 2023, 11:30
#2
They said the same two years ago, and the bill has doubled since then. I will believe it when I drive over it.

Ann
Joined: Mar 2009  Posts: 214
13 May 2023, 08:15
#3
Well, the paper says today that the last beam was put in on Monday, so there is hope after all.
"""


def test_posts_have_author_and_date() -> None:
    result = clean(THREAD.encode(), content_type="text/plain")
    assert result.verdict.pageType is PageType.FORUM_THREAD
    parts = result.article.parts
    assert [p.articleBody.split()[0] for p in parts] == ["I", "They", "Well,"]
    assert [p.datePublishedRaw for p in parts] == [
        "12 May 2023, 10:01",
        "12 May 2023, 11:30",
        "13 May 2023, 08:15",
    ]
    assert [a.nameRaw for p in parts for a in p.authors] == ["Ann", "Bob", "Ann"]


BODIES = {
    "Northport": (
        "The council of Northport heard that the new bridge over the harbour will open a year late.",
        "Divers had found cracks in two of the piers, and the steel for the third is still in a yard abroad.",
        "Every month of delay costs the town some four million, and nobody had planned for it.",
        "Ferries will go on carrying lorries across the bay at night, which neighbours fight.",
        "A firm from the capital is to check the drawings once more before anything else is built.",
        "Until its report comes the cranes stand idle, and the workers have been lent to the railway.",
        "What the delay means for two hotels planned on the far shore nobody would say.",
        "On Thursday the mayor meets those who live closest to the site and have filed complaints.",
    ),
    "Southport": (
        "Engineers in Southport drew a second crossing that is low, made of wood, for bicycles only.",
        "It would begin at the old fish market and end beside the school, so that children need no bus.",
        "Shopkeepers fear for their parking places, but most at the meeting clapped when it was over.",
        "Money could come from a fund for quiet streets, which pays half of what such projects need.",
        "If the state agrees by autumn, the first planks might be laid in spring, said the architect.",
        "He has built two such bridges before, and both have outlived the floods of the last ten years.",
        "An exhibition with a model and drawings by pupils stays open in the library until the end of June.",
        "Whoever wants to walk the route with him can do so on any Saturday morning in May at ten.",
    ),
}


def article(title: str, author: str, day: int, town: str) -> str:
    body = "\n".join(BODIES[town])
    return f"{title}\nBy {author}\n{day} May 2023\n{body}\n"


def test_two_articles_on_a_page_are_two_parts() -> None:
    text = "\n".join(
        (
            article("Harbour bridge late once more", "Ann Lee", 3, "Northport"),
            article("Second bridge planned in the south", "Bob Ray", 4, "Southport"),
        )
    )
    result = clean(text.encode(), content_type="text/plain")
    assert result.verdict.pageType is PageType.MULTI_ARTICLE
    first, second = result.article.parts
    assert (first.end, second.start) == (text.rindex(".", 0, second.start) + 1, text.index("Second bridge"))
    assert second.headline == "Second bridge planned in the south"
    assert "Southport" not in first.articleBody


def test_a_part_keeps_its_code() -> None:
    lines = "\n".join(
        (
            article("Harbour bridge late once more", "Ann Lee", 3, "Northport"),
            article("Second bridge planned in the south", "Bob Ray", 4, "Southport"),
        )
    ).split("\n")
    lines.insert(lines.index(BODIES["Southport"][3]), "<pre>if bridge:\n    walk()</pre>")
    page = "".join(line if line.startswith("<") else f"<p>{line}</p>" for line in lines if line)
    parts = clean(f"<html><body>{page}</body></html>".encode(), content_type="text/html").article.parts
    assert "\n\nif bridge:\n    walk()\n\n" in parts[1].articleBody


def test_a_section_with_a_date_does_not_part_an_article_that_nobody_signed() -> None:
    whole = article("Harbour bridge late once more", "Ann Lee", 3, "Northport")
    unsigned = "\n".join(line for line in whole.split("\n") if not line.startswith(("By ", "3 May")))
    text = f"{unsigned}\n{article('What the south plans next', 'Bob Ray', 4, 'Southport')}"
    result = clean(text.encode(), content_type="text/plain")
    assert result.article.parts == ()
    assert "Northport" in result.article.articleBody
    assert "Southport" in result.article.articleBody
