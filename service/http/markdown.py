"""Article and body -> CommonMark, with tables as GitHub writes them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Final

from schemas.article import Article
from schemas.labels import Label
from service.article import Paragraph, gap, run_on

# What would be read as markup: these anywhere (an ampersand only where it seems to name a character) ...
_MARKUP: Final = re.compile(r"[\\`*_\[\]<~]|&(?=#?\w+;)")
# ... and these where a line begins with them.
_LINE_MARKUP: Final = re.compile(r"(?:#{1,6}(?=\s|$)|[+-](?=[\s-]|$)|>)")
_NUMBERED: Final = re.compile(r"([0-9]{1,9})([.)])(?=\s|$)")
# What the text itself marks its items and quotes with, where no element does.
_BULLET: Final = re.compile(r"[•·▪■●►▶‣◦○*+–-]\s+(?=\S)")
_NUMBER: Final = re.compile(r"(0|[1-9][0-9]{0,2})[.)]\s+(?=\S)")
_QUOTED: Final = re.compile(r">\s*(?=\S)")
_CELLS: Final = re.compile(r"\s{2,}|\t")
_FENCE: Final = re.compile("`{3,}")


def to_markdown(article: Article, body: Sequence[Paragraph]) -> bytes:
    """Headline, byline and date, then the body in the form it has: subheads, lists, quotes, tables, code."""
    pieces = []
    if article.headline:
        pieces.append(_heading(1, article.headline))
    by = ", ".join(_escaped(author.nameRaw) for author in article.authors)
    told = " · ".join(filter(None, (by, _escaped(article.datePublishedRaw or ""))))
    if told:
        pieces.append(f"*{told}*")
    for label, run in groupby(body, key=lambda paragraph: paragraph.label):
        pieces += map(_WRITTEN.get(label, _paragraphs), _stretches(tuple(run)))
    return "".join(f"{piece}\n\n" for piece in pieces).rstrip("\n").encode() + b"\n" if pieces else b""


def _stretches(run: Sequence[Paragraph]) -> Iterator[Sequence[Paragraph]]:
    """Paragraphs of one label, parted where another code, table, list or quote of the page begins.

    In a text dump nothing tells these apart.
    """
    first = 0
    for behind, (before, paragraph) in enumerate(pairwise(run), start=1):
        if paragraph.holder >= 0 and not run_on(before, paragraph):
            yield run[first:behind]
            first = behind
    yield run[first:]


def _paragraphs(run: Sequence[Paragraph]) -> str:
    """Apart, but for the lines of a stanza: a backslash says that a line ends there."""
    pieces = [_escaped(paragraph.text) for paragraph in run[:1]]
    for before, paragraph in pairwise(run):
        text = _escaped(paragraph.text)
        if run_on(before, paragraph):  # below another line these would make that a heading, or a table's head
            pieces += ("\\\n", f"\\{text}" if text[:1] in ("=", "|", ":") else text)
        else:
            pieces += ("\n\n", text)
    return "".join(pieces)


def _subheads(run: Sequence[Paragraph]) -> str:
    return "\n\n".join(_heading(2, paragraph.text) for paragraph in run)


def _quote(run: Sequence[Paragraph]) -> str:
    return "\n>\n".join(f"> {_escaped(_unmarked(_QUOTED, paragraph.text))}" for paragraph in run)


def _code(run: Sequence[Paragraph]) -> str:
    """Between fences: as an indented block, code below a list would be a paragraph of its last item."""
    lines = [run[0].text]
    for before, paragraph in pairwise(run):
        lines += (gap(before, paragraph), paragraph.text)
    code = "".join(lines)
    longest = max((len(found) for found in _FENCE.findall(code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{code}\n{fence}"


def _list(run: Sequence[Paragraph]) -> str:
    """One item a line. A number that the text holds is the item's where it follows the one before."""
    lines: list[str] = []
    last: int | None = None
    for paragraph in run:
        text = paragraph.text
        found = _NUMBER.match(text)
        number = int(found[1]) if found else None
        if found and (last is None or number == last + 1):
            item = f"{found[0].rstrip()} {_escaped(text[found.end() :])}"
        else:
            item, number = f"- {_escaped(_unmarked(_BULLET, text))}", None
        if lines and (last is None) is not (number is None):
            lines.append("")  # another kind of list
        lines.append(item)
        last = number
    return "\n".join(lines)


def _table(run: Sequence[Paragraph]) -> str:
    """A line a row, the first as the header. Only that must have all cells."""
    rows = [_cells(paragraph.text) for paragraph in run]
    width = max(map(len, rows))
    if len(rows) < 2 or width < 2:
        return _paragraphs(run)
    head, *others = rows
    head += [""] * (width - len(head))
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * width, *others))


def _cells(row: str) -> list[str]:
    cells = row.split("\t") if "\t" in row else _CELLS.split(row)
    return [_inline(cell).replace("|", "\\|") for cell in cells]


def _heading(level: int, text: str) -> str:
    text = _inline(text)
    bare = text.rstrip("#")  # at the end these would close the heading, and not be shown
    closing = text[len(bare) :]
    return f"{'#' * level} {bare}\\{closing}" if closing else f"{'#' * level} {text}"


def _unmarked(mark: re.Pattern[str], text: str) -> str:
    found = mark.match(text)
    return text[found.end() :] if found else text


def _escaped(text: str) -> str:
    """A line of text that is shown as it is."""
    text = _inline(text)
    if _LINE_MARKUP.match(text):
        return f"\\{text}"
    return _NUMBERED.sub(r"\1\\\2", text, count=1) if _NUMBERED.match(text) else text


def _inline(text: str) -> str:
    """Text that is shown as it is where no line begins."""
    return _MARKUP.sub(_backslashed, text.strip().replace("\n", " "))


def _backslashed(match: re.Match[str]) -> str:
    return f"\\{match.group()}"


_WRITTEN: Final[Mapping[Label, Callable[[Sequence[Paragraph]], str]]] = {
    Label.SUBHEAD: _subheads,
    Label.QUOTE: _quote,
    Label.CODE: _code,
    Label.LIST_ITEM: _list,
    Label.TABLE: _table,
}
