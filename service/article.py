"""decided spans -> the article: fields lifted out, the body in order."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from schemas.article import Article, Author
from schemas.labels import Action, Label
from service import dates
from service.document import Page, Span
from service.languages import identify
from service.words import codes_of

_WORDY: Final = re.compile(r"[^\W_]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the body, and where it stands on the page (code points)."""

    text: str
    start: int
    end: int
    label: Label


def paragraphs(page: Page, spans: Sequence[Span]) -> tuple[Paragraph, ...]:
    """The kept text, one paragraph a line of the page; what was cut out inside leaves one space."""
    kept = [s for s in spans if s.action in (Action.KEPT, Action.FLAGGED)]
    found = []
    for _, run in groupby(kept, key=lambda s: s.line):
        group = list(run)
        parts = [page.text[group[0].start : group[0].end]]
        for before, after in pairwise(group):
            between = page.text[before.end : after.start]
            parts.append(between if between.isspace() or not between else " ")
            parts.append(page.text[after.start : after.end])
        text = visible("".join(parts))
        if text:
            found.append(Paragraph(text, group[0].start, group[-1].end, group[0].label))
    return tuple(found)


def assemble(page: Page, spans: Sequence[Span], body: Sequence[Paragraph]) -> Article:
    """The article's fields from the lifted spans, its body from the kept ones."""
    text = "\n\n".join(p.text for p in body)
    raw_date = _lifted(spans, "datePublished")
    headline = _lifted(spans, "headline")
    sample = "\n".join(p.text for p in body if len(p.text) > 40) or text or headline or ""
    language = page.language or identify(sample)
    return Article(
        headline=headline,
        articleBody=text,
        authors=tuple(Author(nameRaw=name) for name in _all_lifted(spans, "authors")),
        datePublished=None,
        datePublishedRaw=raw_date,
        datePublishedLocal=dates.local_iso(raw_date) if raw_date else None,
        sourceCredit=_lifted(spans, "sourceCredit"),
        keywordsRaw=_keywords(spans),
        inLanguage=language,
        textDirection=direction(text or headline or page.text[:10_000]),
        url=page.url,
        wordCount=count_words(page, spans),
        parts=(),
    )


def visible(text: str) -> str:
    """The text without characters that are not for reading.

    Control characters, bidi overrides and embeddings, invisible tags and byte-order marks go; so a
    page cannot hide or reorder text in the article. ZWNJ and ZWJ stay, which Persian, Urdu and Indic
    spelling need, and the plain direction marks LRM and RLM.
    """
    if not text.isprintable():  # all of them are not
        text = text.translate(_invisible())
    return text.strip()


@cache
def _invisible() -> dict[int, None]:
    kept = {"\t", "\n", "\u200c", "\u200d", "\u200e", "\u200f", "\u061c", "\u00ad"}
    hidden = [*range(0x20), *range(0x7F, 0xA0), *range(0x2000, 0x2070), *range(0xFFF0, 0xFFFC)]
    hidden += [0xFEFF, 0x180E, *range(0xE0000, 0xE0080), 0xFFFE, 0xFFFF]
    return {
        c: None
        for c in hidden
        if chr(c) not in kept and unicodedata.category(chr(c)) in ("Cc", "Cf", "Cn", "Co")
    }


def direction(text: str) -> Literal["ltr", "rtl"]:
    """The direction most strong characters have, by Unicode's bidirectional classes."""
    codes = codes_of(text[:20_000])
    strong = _strong()
    low = codes[codes < strong.size]
    balance = int(strong[low].sum(dtype=np.int64))
    if low.size < codes.size:
        balance += sum(_strength(chr(code)) for code in codes[codes >= strong.size].tolist())
    return "rtl" if balance > 0 else "ltr"


def _strength(char: str) -> int:
    kind = unicodedata.bidirectional(char)
    return (kind in ("R", "AL")) - (kind == "L")


@cache
def _strong() -> NDArray[np.int8]:
    """1 for each character of the Basic Multilingual Plane written from the right, -1 from the left."""
    return np.array([_strength(chr(code)) for code in range(0x10000)], dtype=np.int8)


def count_words(page: Page, spans: Iterable[Span]) -> int:
    """Words of the kept text, as blocks count them."""
    total = 0
    index = 0
    for span in spans:
        while index < len(page.blocks) and page.blocks[index].end <= span.start:
            index += 1
        if span.action not in (Action.KEPT, Action.FLAGGED):
            continue
        at = index
        while at < len(page.blocks) and page.blocks[at].start < span.end:
            block = page.blocks[at]
            if span.start <= block.start and block.end <= span.end:
                total += block.words
            else:
                share = min(span.end, block.end) - max(span.start, block.start)
                total += round(block.words * share / (block.end - block.start))
            at += 1
    return total


def _lifted(spans: Iterable[Span], field: str) -> str | None:
    return next(iter(_all_lifted(spans, field)), None)


def _all_lifted(spans: Iterable[Span], field: str) -> list[str]:
    pairs = [pair for s in spans for pair in ((s.field, s.value), *s.extra)]
    values = [visible(value) for name, value in pairs if name == field and value]
    return list(dict.fromkeys(v for v in values if v))


def _keywords(spans: Sequence[Span]) -> str | None:
    """The keyword lines as they stand, without the heading that announces them."""
    values = [s.value for s in spans if s.label is Label.KEYWORD_LIST and s.value]
    joined = " ".join(visible(v) for v in values if v)
    return joined or None
