"""page -> what the tree of an HTML page says of each block, as numbers and bags of names.

Numbers: what the block lies in, how much of it is links, how much running text each of its nearest
containers holds, how often its place in the tree recurs on the page and what stands in such places,
and how it agrees with what the page says of itself (title, description, JSON-LD). Names: hashes of
tags, classes, ids, roles and schema.org terms, of the nearest three elements and of those above.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.blocks.linked import FORUMS
from service.blocks.linked import types as types_of
from service.document import Counts, Dom, Page, Structure
from service.folding import fold

Columns = dict[str, NDArray[np.generic]]

LEVELS: Final = (0, 1, 2, 3, 5)
"""Containers that are measured: the block's own element, its parent, and so on."""
NEAR: Final = 3
"""Elements whose names make the near bag."""
MAX_NAMES: Final = 60
"""Names of one block in one bag; no more are read."""
HALF: Final = 0.5
MOST: Final = 0.85
"""Shares of the page's running text: the smallest container that holds so much of it is its core."""
_WORD: Final = re.compile(r"\w+")
_TYPES: Final = {
    "article": ("Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "TechArticle", "Report"),
    "product": ("Product", "ProductGroup", "Offer"),
    "forum": FORUMS,
    "list": ("ItemList", "CollectionPage", "SearchResultsPage"),
    "service": ("Service", "LocalBusiness", "SoftwareApplication", "FAQPage"),
}


def columns(page: Page, dom: Dom) -> Columns:
    """One value a block, by the names in `NAMES`. The page must have blocks."""
    lines = _Lines(page, dom)
    found: Columns = {}
    found |= lines.own()
    found |= lines.containers()
    found |= lines.alike()
    found |= lines.core()
    found |= lines.said()
    return {name: column[page.columns.line_of] for name, column in found.items()}


class _Lines:
    """Everything here is one value a line."""

    def __init__(self, page: Page, dom: Dom) -> None:
        columns = page.columns
        size = len(page.lines)
        self.page, self.dom, self.size = page, dom, size
        self.units, self.prose = columns.line_words.astype(np.float64), columns.line_prose
        self.element = dom.element[:size]
        self.chars = columns.ends[columns.line_last] - columns.line_starts
        self.linked = np.minimum(dom.linked[:size], self.chars)
        self.first = np.minimum(dom.first_line, size)
        self.last = np.minimum(dom.last_line, size)
        self.total_prose = max(float((self.units * self.prose).sum()), 1.0)

    def _below(self, per_line: NDArray[np.generic]) -> NDArray[np.float64]:
        """Sum over the lines below each element."""
        sums = np.concatenate(([0.0], np.cumsum(per_line, dtype=np.float64)))
        return np.asarray(sums[self.last] - sums[self.first])

    def own(self) -> Columns:
        flags = self.dom.flags[self.element]
        heading = np.flatnonzero(flags & int(Structure.H1))
        index = np.arange(self.size)
        first = int(heading[0]) if heading.size else -1
        found: Columns = {f"in_{s.name}".lower(): (flags & int(s)) != 0 for s in Structure}
        found["linked_share"] = self.linked / np.maximum(self.chars, 1)
        found["links"] = np.log1p(self.dom.links[: self.size])
        found["after_h1"] = np.log1p(np.maximum(index - first, 0)) if first >= 0 else np.zeros(self.size)
        found["before_h1"] = np.log1p(np.maximum(first - index, 0))
        return found

    def containers(self) -> Columns:
        """Size, running text and links of the nearest containers."""
        prose = self._below(self.units * self.prose)
        units = self._below(self.units)
        chars = self._below(self.chars)
        linked = self._below(self.linked)
        count = self.last - self.first
        at = self.element
        found: Columns = {}
        for level in range(max(LEVELS) + 1):
            if level in LEVELS:
                found[f"units_{level}"] = np.log1p(units[at])
                found[f"prose_{level}"] = prose[at] / self.total_prose
                found[f"linked_{level}"] = linked[at] / np.maximum(chars[at], 1)
                found[f"lines_{level}"] = np.log1p(count[at])
            at = np.maximum(self.dom.parent[at], 0)
        return found

    def alike(self) -> Columns:
        """How often a place in the tree recurs, and what the lines in such places are like."""
        dom = self.dom
        ids: dict[object, int] = {}
        own = [ids.setdefault(names, len(ids)) for names in dom.names]
        path = np.array(own, dtype=np.int64)
        key = path[self.element]
        at = self.element
        for _ in range(2):
            at = np.maximum(dom.parent[at], 0)
            key = key * (len(ids) + 1) + path[at]
        _, kind = np.unique(key, return_inverse=True)
        count = np.bincount(kind)

        def mean(per_line: NDArray[np.generic]) -> NDArray[np.float64]:
            return np.asarray((np.bincount(kind, weights=per_line) / count)[kind])

        return {
            "alike": np.log(count[kind]),
            "alike_units": mean(np.log1p(self.units)),
            "alike_prose": mean(self.prose),
            "alike_linked": mean(self.linked / np.maximum(self.chars, 1)),
        }

    def core(self) -> Columns:
        """Whether the line stands in the page's core: where its running text is."""
        dom = self.dom
        prose = self._below(self.units * self.prose)
        unlinked = self.units * self.prose * (1 - self.linked / np.maximum(self.chars, 1))
        # Readability's rule: a paragraph counts for its parent, and half for its grandparent
        parent = np.maximum(dom.parent[self.element], 0)
        grandparent = np.maximum(dom.parent[parent], 0)
        score = np.bincount(parent, weights=unlinked, minlength=dom.parent.size)
        score += np.bincount(grandparent, weights=unlinked / 2, minlength=dom.parent.size)
        found: Columns = {}
        for name, core in (
            ("top", int(score.argmax())),
            ("half", self._smallest(prose >= HALF * self.total_prose)),
            ("most", self._smallest(prose >= MOST * self.total_prose)),
        ):
            index = np.arange(self.size)
            found[f"in_{name}"] = (index >= self.first[core]) & (index < self.last[core])
            found[f"before_{name}"] = np.log1p(np.maximum(self.first[core] - index, 0))
            found[f"behind_{name}"] = np.log1p(np.maximum(index - self.last[core] + 1, 0))
        return found

    def _smallest(self, holding: NDArray[np.bool_]) -> int:
        """The last opened of the elements that hold enough: with half or more, each holds the next."""
        found = np.flatnonzero(holding)
        return int(found[-1]) if found.size else 0

    def said(self) -> Columns:
        """How a line agrees with the page's title, description and JSON-LD."""
        head = self.dom.head
        title = _words(fold(head.metas.get("og:title") or head.title))
        description = _words(fold(head.metas.get("og:description") or head.metas.get("description") or ""))
        body = article_body(head.items)
        body_words = _words(fold(body[:200_000]))
        types = set[str]().union(*map(types_of, head.items))
        og = head.metas.get("og:type", "").lower()
        of_title, of_description, of_body, cover = (np.zeros(self.size) for _ in range(4))
        for i, line in enumerate(self.page.lines):
            words = _words(" ".join(self.page.blocks[j].folded for j in range(line.first, line.last + 1)))
            if not words:
                continue
            if title:
                shared = len(words & title)
                of_title[i] = shared / len(words)
                cover[i] = shared / len(title)
            if description:
                of_description[i] = len(words & description) / len(words)
            if body_words:
                of_body[i] = len(words & body_words) / len(words)
        everywhere = np.ones(self.size)
        found: Columns = {
            "of_title": of_title,
            "covers_title": cover,
            "of_description": of_description,
            "of_body": of_body,
            "has_body": everywhere * bool(body_words),
            "og_article": everywhere * (og == "article"),
            "og_product": everywhere * og.startswith("product"),
            "path_depth": everywhere * _depth(head.canonical),
        }
        return found | {f"is_{name}": everywhere * bool(types & set(of)) for name, of in _TYPES.items()}


def _words(folded: str) -> set[str]:
    return set(_WORD.findall(folded))


def _depth(address: str | None) -> float:
    if not address:
        return 0.0
    return float(min(address.rstrip("/").count("/") - 1, 6))


def article_body(items: Sequence[Mapping[str, Any]]) -> str:
    """The longest article text in the page's JSON-LD."""
    bodies = (item.get(name) for item in items for name in ("articleBody", "text"))
    return max((body for body in bodies if isinstance(body, str)), key=len, default="")


def names(
    page: Page, dom: Dom
) -> tuple[tuple[NDArray[np.uint32], Counts], tuple[NDArray[np.uint32], Counts]]:
    """Names of the nearest elements, and of all above: hashes and their blocks, in block order."""
    parent = dom.parent.tolist()
    element = dom.element.tolist()
    above: dict[int, tuple[int, ...]] = {-1: ()}
    near: list[tuple[int, ...]] = []
    far: list[tuple[int, ...]] = []
    for line in page.line_of:
        at = element[line]
        close = dom.inline[line]
        for _ in range(NEAR):
            if at >= 0:
                close += dom.names[at]
                at = parent[at]
        near.append(tuple(dict.fromkeys(close))[:MAX_NAMES])
        if at not in above:
            path: list[int] = []
            up = at
            while up >= 0:
                path += dom.names[up]
                up = parent[up]
            above[at] = tuple(dict.fromkeys(path))[:MAX_NAMES]
        far.append(above[at])
    return _bag(near), _bag(far)


def _bag(of_block: Sequence[tuple[int, ...]]) -> tuple[NDArray[np.uint32], Counts]:
    sizes = np.fromiter(map(len, of_block), np.int32, len(of_block))
    flat = np.fromiter(chain.from_iterable(of_block), np.uint32, int(sizes.sum()))
    return flat, np.repeat(np.arange(len(of_block), dtype=np.int32), sizes)


SAID: Final = (
    "of_title", "covers_title", "of_description", "of_body", "has_body", "og_article", "og_product",
    "path_depth", *(f"is_{name}" for name in _TYPES),
)  # fmt: skip
"""What the page says of itself: many pages say nothing, so training drops these at random."""
NAMES: Final = (
    *(f"in_{s.name}".lower() for s in Structure), "linked_share", "links", "after_h1", "before_h1",
    *(f"{what}_{level}" for level in LEVELS for what in ("units", "prose", "linked", "lines")),
    "alike", "alike_units", "alike_prose", "alike_linked",
    *(f"{where}_{core}" for core in ("top", "half", "most") for where in ("in", "before", "behind")),
    *SAID,
)  # fmt: skip
"""The numbers, in the order of the columns."""
