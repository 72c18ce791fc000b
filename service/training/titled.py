"""pages whose title is known -> rows: the signs of each place, and which of the places is the title."""

import dataclasses
import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service import blocks, headlines, titles
from service.decode import from_text
from service.detector import NO_HITS, scan
from service.folding import fold
from service.training.corpus import records

DUMPS: Final = ("text_dev.dumps.jsonl.zst", "news_forum_dev.dumps.jsonl.zst")
HAND: Final = "multilingual_dev.jsonl.zst"
SYNTHETIC: Final = "arabic_synthetic_dev.jsonl.zst"

# Hand-labelled pages are few, and most of what there is in languages without Latin letters; synthetic ones
# repeat their layouts; what is no article has its name in less certain places.
WEIGHTS: Final = {"hand": 8.0, "synthetic": 0.3}
OTHER_WEIGHT: Final = 0.5
# A cropped page begins less than so many lines above its title; the rest begins right below
CROP: Final = 6
KEPT: Final = 0.7
# Of a page with nothing between title and text so many lines above are kept, and so often no blank line
BARE: Final = 24
UNSPACED: Final = 0.5
MADE_WEIGHT: Final = 0.35
# A line is the title, too, that has a little more beside it: a kicker, the name of the site
MIN_PART: Final = 10
LONGER: Final = 1.6


class Made(Enum):
    """What a page was made into."""

    CROPPED = auto()
    AMID = auto()
    """Between the surroundings of another page."""


@dataclass(frozen=True, slots=True)
class Titled:
    """A page whose title is known."""

    id: str
    site: str
    style: str
    """How the dump was made; `hand` or `synthetic` for pages of these sets."""
    page_type: str
    text: str
    title: str
    content: tuple[bool, ...] = ()
    """Of each line, whether it is of the text; empty where that is not known."""
    made: Made | None = None
    """What was made of it, if it is not as somebody saved it: no figure counts such."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """The candidates of one page."""

    page: Titled
    stands: bool
    """Whether the title is in the text at all."""
    signs: NDArray[np.float64]
    right: NDArray[np.bool_]
    best: NDArray[np.bool_]
    """The one to be learned of the right ones: the title to the letter, and nearest to the text."""

    @property
    def weight(self) -> float:
        """How much each candidate counts in training."""
        weight = WEIGHTS.get(self.page.style, 1.0) * (MADE_WEIGHT if self.page.made else 1.0)
        return weight * (1.0 if self.page.page_type == "article" else OTHER_WEIGHT)

    @property
    def real(self) -> bool:
        """Whether it counts in figures: it is a page as somebody saved it."""
        return self.page.made is None and self.page.style != "synthetic"


def read(folder: Path) -> Iterator[Titled]:
    """All pages of a folder whose title is known. Every file is optional."""
    for name in DUMPS:
        for r in records(folder / name):
            if r["title"] and r["answerable"]:
                content = tuple(label in "CM" for label in r["labels"])
                yield Titled(
                    r["id"], r["domain"], r["variant"], r["page_type"], r["text"], r["title"], content
                )
    for r in records(folder / HAND):
        if r["title"]:
            content = tuple(label == "body" for label in r["labels"])
            yield Titled(r["id"], r["site"] or r["id"], "hand", r["kind"], r["text"], r["title"], content)
    for r in records(folder / SYNTHETIC):
        named = zip(r["spans"], r["kinds"], strict=True)
        title = next((r["text"][start:end] for (start, end, _), kind in named if kind == "headline"), None)
        if title:
            content = tuple(label == "body" for label in r["labels"])
            yield Titled(r["id"], r["site"], "synthetic", r["page_type"], r["text"], title, content)


def cropped(page: Titled) -> Iterator[Titled]:
    """The page again with less above its title, with nothing between it and the text, or without it.

    Dumps differ in how much they keep. Where to cut is drawn from the page's name.
    """
    lines = page.text.split("\n")
    title = titles.letters_of(fold(page.title))
    named = [i for i, line in enumerate(lines) if is_title(titles.letters_of(fold(line)), title)]
    if not named or page.style == "synthetic":
        return
    draw = random.Random(f"{page.id} {page.style}")
    for i in (min(named), max(named)):
        start = i - draw.randrange(CROP) if draw.random() < KEPT else i + 1
        if start > 0:
            yield dataclasses.replace(page, made=Made.CROPPED, text="\n".join(lines[start:]), content=())
    below = next((i for i, own in enumerate(page.content) if own and i > min(named)), None)
    if below is not None:
        last = max(i for i in named if i < below)
        heading = [lines[last]] if draw.random() < KEPT else []
        start = max(0, last - draw.randrange(BARE))
        bare = [line for i, line in enumerate(lines[start:last], start) if i not in named]
        bare += heading + lines[below:]
        if draw.random() < UNSPACED:
            bare = [line for line in bare if line.strip()]
        yield dataclasses.replace(page, made=Made.CROPPED, text="\n".join(bare), content=())


def amid(page: Titled, other: Titled) -> Iterator[Titled]:
    """The page's title and text between what surrounds another page's text, or its text without the title.

    Most pages whose title is known are English. So those of other languages stand between many a site's menus
    and lists, too.
    """
    lines, around = page.text.split("\n"), other.text.split("\n")
    title, foreign = titles.letters_of(fold(page.title)), titles.letters_of(fold(other.title))
    text = [line for line, own in zip(lines, page.content, strict=False) if own]
    heading = [line for line in lines if titles.letters_of(fold(line)) == title][-1:]
    if not text or not heading or True not in other.content:
        return
    text = [line for line in text if line not in heading]
    draw = random.Random(f"{page.id} {page.style} {other.id}")
    first, last = other.content.index(True), len(other.content) - other.content[::-1].index(True)
    above = [line for line in around[:first] if not is_title(titles.letters_of(fold(line)), foreign)]
    if draw.random() < KEPT:  # menus just above, or all there was
        above = above[-draw.randrange(1, BARE) :]
    while above and draw.random() < UNSPACED and not above[-1].strip():
        above.pop()
    heading = heading if draw.random() < KEPT else []
    gap = [""] * draw.randrange(2)
    whole = [*above, *heading, *gap, *text, "", *around[last:]]
    yield dataclasses.replace(page, made=Made.AMID, text="\n".join(whole), content=())


def row_of(page: Titled) -> Row:
    """The page's candidates, and which of them are its title."""
    read_page = blocks.read(from_text(page.text, html=False))
    title = titles.letters_of(fold(page.title))
    stands = title in titles.letters_of(fold(page.text))
    main = titles.main_text(read_page)
    signs, keys = np.zeros((0, len(headlines.SIGNS))), []
    if main:
        found = headlines.candidates(read_page, scan(read_page).get("headline", NO_HITS), main)
        signs, keys = found.signs, [titles.letters_of(fold(page.text[p.start : p.end])) for p in found.places]
    right = np.array([is_title(key, title) for key in keys], dtype=np.bool_)
    rank = [is_so * (1 + (key == title)) for is_so, key in zip(right.tolist(), keys, strict=True)]
    best = np.zeros(len(keys), dtype=np.bool_)
    if right.any():
        best[max(range(len(keys)), key=lambda i: (rank[i], i))] = True
    return Row(page, stands, signs, right, best)


def is_title(key: str, title: str) -> bool:
    """Whether the letters of a line are those of a title, or a good part, or these and little more."""
    if not key or len(key) >= LONGER * len(title) + MIN_PART:
        return False
    return key == title or (len(key) > MIN_PART and (key in title or title in key))
