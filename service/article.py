"""decided spans -> the article: fields lifted out, the body in order."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby, pairwise
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from schemas.article import Article, Author, Image
from schemas.labels import Action, Label
from service import metadata, names, tree
from service.document import Page, Span
from service.folding import fold
from service.languages import identify
from service.metadata import Found
from service.shape import content_label
from service.words import codes_of

# No clock on Earth is further from Greenwich's
ZONES: Final = timedelta(hours=14)
_WORDY: Final = re.compile(r"[^\W_]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the body, and where it stands on the page (code points)."""

    text: str
    start: int
    end: int
    label: Label
    """Its form. What is in doubt is kept in the form it has, whatever it is suspected to be."""
    holder: int = -1
    """The element of an HTML page that holds all of its code, table, list, quote or stanza; -1 for none."""
    blanks: int = 0
    """Blank lines before a line of code, as far as they belong to the code."""


def paragraphs(page: Page, spans: Sequence[Span]) -> tuple[Paragraph, ...]:
    """The kept text, one paragraph a line of the page; what was cut out inside leaves one space."""
    found = []
    for group in _groups(page, [s for s in spans if s.action in (Action.KEPT, Action.FLAGGED)]):
        parts = [page.text[group[0].start : group[0].end]]
        for before, after in pairwise(group):
            between = page.text[before.end : after.start]
            parts.append(between if between.isspace() or not between else " ")
            parts.append(page.text[after.start : after.end])
        label = _form(page, group[0])
        indent = _indent(page, group[0].start) if label in _INDENTED and page.dom else ""
        text = visible("".join(parts))
        if text:
            holder = _holder(page, group[0].line, label)
            blanks = _blanks(page, group[0].line) if label is Label.CODE else 0
            found.append(Paragraph(indent + text, group[0].start, group[-1].end, label, holder, blanks))
    return tuple(found)


# A piece of a page on one line that has so many words and closes no sentence goes on in the next
GOES_ON: Final = 8


def _groups(page: Page, kept: Sequence[Span]) -> list[list[Span]]:
    """The kept spans by paragraph."""
    groups = [list(run) for _, run in groupby(kept, key=lambda s: s.line)]
    found = groups[:1]
    for group in groups[1:]:
        before = page.lines[found[-1][-1].line]
        beside = page.text[found[-1][-1].end : group[0].start] == " "
        if beside and before.words >= GOES_ON and not page.measures.ends_sentence[before.last]:
            found[-1] += group
        else:
            found.append(group)
    return found


# A line of code is indented, and a row begins with a tab for each empty cell
_INDENTED: Final = frozenset({Label.CODE, Label.TABLE})
_ROWS: Final = frozenset({Label.CODE, Label.TABLE, Label.LIST_ITEM, Label.PARAGRAPH})


def _form(page: Page, span: Span) -> Label:
    """What form a kept span has."""
    if span.label.is_content:
        return span.label
    return content_label(page, page.lines[span.line], span.start, span.end)


def _holder(page: Page, index: int, label: Label) -> int:
    """The element that holds the line and those it goes on from; -1 for none."""
    if page.dom is None or (held_by := _HELD_BY.get(label)) is None:
        return -1
    row = int(page.dom.element[index])
    found = held_by(page)[row]
    if label is Label.PARAGRAPH:
        return found
    # what only looks like a list or a table has its lines side by side
    return found if found >= 0 else max(int(page.dom.parent[row]), 0)


_HELD_BY: Final = {
    Label.CODE: tree.code_of,
    Label.TABLE: tree.table_of,
    Label.LIST_ITEM: tree.list_of,
    Label.QUOTE: tree.quote_of,
    Label.PARAGRAPH: tree.stanza_of,
}


def _blanks(page: Page, index: int) -> int:
    """Blank lines before a line of code; the rendering adds one where another element begins."""
    if page.dom is None:
        return 0
    element = page.dom.element
    begins = index > 0 and element[index] != element[index - 1]
    return max(page.lines[index].blanks - begins, 0)


def _indent(page: Page, start: int) -> str:
    """The white space a line begins with."""
    line = page.text.rfind("\n", 0, start) + 1
    before = page.text[line:start]
    return before if before.isspace() else ""


def assemble(page: Page, spans: Sequence[Span], body: Sequence[Paragraph]) -> Article:
    """The article's fields from the lifted spans, its body from the kept ones."""
    text = join(body)
    lifted = {
        name: _lifted(spans, name) for name in ("headline", "datePublished", "dateModified", "sourceCredit")
    }
    sample = "\n".join(p.text for p in body if len(p.text) > 40) or text or lifted["headline"] or ""
    told = identify(sample)
    stated = metadata.read(page, told)
    headline = _settle(lifted["headline"], stated.headline)
    language = metadata.of_text(told, page.language) or stated.language
    written = metadata.regional(language.value if language else None, stated.language)
    address = metadata.of_address(_value(stated.canonical) or page.url)
    shown = _on_page(lifted["datePublished"])
    # "1 June" and "an hour ago" name no day
    read = shown if shown and metadata.local(shown.value, written) else None
    published = stated.published or read or address or stated.mentioned or shown
    named = (name for line in _all_lifted(spans, "authors") for name in names.split(line))
    lines = tuple(Found(name, "text") for name in named)
    authors = stated.authors or lines or stated.house
    modified = stated.modified or _on_page(lifted["dateModified"])
    fields: dict[str, Found | None] = {
        "headline": headline,
        "datePublished": published,
        "dateModified": modified,
        "authors": authors[0] if authors else None,
        "inLanguage": language,
        "sourceCredit": _on_page(lifted["sourceCredit"]),
        "canonicalUrl": stated.canonical,
        "mainImage": stated.image,
        "description": stated.description,
    }
    return Article(
        headline=_value(headline),
        articleBody=text,
        authors=tuple(Author(nameRaw=visible(name.value)) for name in authors),
        datePublished=metadata.zoned(published.value) if published else None,
        datePublishedRaw=_value(published),
        datePublishedLocal=_local(published, shown, written),
        sourceCredit=lifted["sourceCredit"],
        keywordsRaw=_keywords(spans),
        inLanguage=language.value if language else None,
        textDirection=direction(text or lifted["headline"] or page.text[:10_000]),
        url=page.url,
        canonicalUrl=_value(stated.canonical),
        dateModified=_moment(modified, written),
        description=_value(stated.description),
        mainImage=Image(url=stated.image.value) if stated.image else None,
        breadcrumbs=stated.breadcrumbs,
        metadataSources={name: found.source for name, found in fields.items() if found},
        wordCount=count_words(page, spans),
        parts=(),
    )


def join(body: Sequence[Paragraph]) -> str:
    """The body's text. A blank line stands between paragraphs; lines of code or verse, rows, items run on."""
    out: list[str] = []
    for before, paragraph in zip((None, *body), body, strict=False):
        if before is not None:
            out.append(gap(before, paragraph))
        out.append(paragraph.text)
    return "".join(out)


def gap(before: Paragraph, paragraph: Paragraph) -> str:
    """The line breaks between a paragraph of the body and the next."""
    if paragraph.label in _ROWS and run_on(before, paragraph):
        return "\n" * (1 + paragraph.blanks)
    return "\n\n"


def run_on(before: Paragraph, paragraph: Paragraph) -> bool:
    """Whether a paragraph goes on where the one before it stopped: in the same code, list, stanza ..."""
    return before.label is paragraph.label and before.holder == paragraph.holder >= 0


def _on_page(value: str | None) -> Found | None:
    return Found(value, "text") if value else None


def _value(found: Found | None) -> str | None:
    return visible(found.value) or None if found else None


def _moment(found: Found | None, language: str | None) -> str | None:
    return metadata.zoned(found.value) or metadata.local(found.value, language) if found else None


def _local(published: Found | None, shown: Found | None, language: str | None) -> str | None:
    """The day and time as the page shows them, where its metadata give the same moment in UTC."""
    if published is None:
        return None
    stated = metadata.local(published.value, language)
    seen = metadata.local(shown.value, language) if shown else None
    if stated and seen and metadata.is_utc(published.value) and abs(_moments_apart(stated, seen)) <= ZONES:
        return seen
    return stated


def _moments_apart(one: str, other: str) -> timedelta:
    """From one local time to another; a day without a time is its noon."""
    first, second = (datetime.fromisoformat(t if "T" in t else f"{t}T12:00:00") for t in (one, other))
    return first - second


def _settle(lifted: str | None, stated: Found | None) -> Found | None:
    """The headline: what the page states; what was lifted where that holds it and is no longer."""
    if stated is None or (lifted and fold(lifted) == fold(stated.value)):
        return _on_page(lifted)
    return stated


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
