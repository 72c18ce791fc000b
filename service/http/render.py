"""Result -> the bytes of an answer: JSON, plain text, Markdown, JSON-LD."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Final

from pydantic import BaseModel

from schemas.labels import Action, Label
from schemas.result import Result
from service.http.accept import Form

# JSON's short and long escapes of control characters (\t, \n and \r apart), and those that JSON lets
# pass; an escaped backslash is matched first, so that what follows it is left alone.
_CONTROL: Final = re.compile(rb"\\\\|\\[bf]|\\u00[01][0-9a-f]|\x7f|\xc2[\x80-\x9f]")
# What Markdown would read as markup: these anywhere, and these where a line begins with them.
_MARKUP: Final = re.compile(r"([\\`*_\[\]<])")
_LINE_MARKUP: Final = re.compile(r"^(\s*)(#{1,6}(?=\s)|[>+-](?=\s)|=+\s*$|-{3,}\s*$|~{3,})")
_NUMBERED: Final = re.compile(r"^(\s*\d{1,9})([.)])(?=\s)")


def to_json(value: BaseModel) -> bytes:
    """Strict UTF-8 JSON without control characters.

    Each is replaced by a space of the same width in every offset unit (SPACE, or NO-BREAK SPACE for
    the two-byte ones), so offsets into `renderedText` stay true.
    """
    return _CONTROL.sub(_spaced, value.model_dump_json().encode())


def to_text(result: Result) -> bytes:
    """`articleBody`, to the letter, and a line break."""
    body = result.article.articleBody
    return f"{body}\n".encode() if body else b""


def to_markdown(result: Result, page_text: str) -> bytes:
    """The article as CommonMark: headline, byline and date, subheads, lists, quotes, code.

    `result` is complete, with offsets in code points of `page_text`.
    """
    article = result.article
    pieces = []
    if article.headline:
        pieces.append(f"# {_escaped(article.headline)}")
    by = ", ".join(_escaped(author.nameRaw) for author in article.authors)
    told = " · ".join(filter(None, (by, _escaped(article.datePublishedRaw or ""))))
    if told:
        pieces.append(f"*{told}*")
    labels = _line_labels(result, page_text)
    body = "\n".join(_marked(line, labels) for line in article.articleBody.split("\n"))
    if body.strip():
        pieces.append(body)
    return "".join(f"{piece}\n\n" for piece in pieces).rstrip("\n").encode() + b"\n" if pieces else b""


def to_json_ld(result: Result) -> bytes:
    """The article as schema.org's NewsArticle; what is not known is left out."""
    article = result.article
    known: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "articleBody": article.articleBody,
        "author": [{"@type": "Person", "name": author.nameRaw} for author in article.authors] or None,
        "datePublished": article.datePublished or article.datePublishedLocal,
        "creditText": article.sourceCredit,
        "keywords": article.keywordsRaw,
        "inLanguage": article.inLanguage,
        "url": article.url,
        "wordCount": article.wordCount,
    }
    told = {name: value for name, value in known.items() if value is not None}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return _CONTROL.sub(_spaced, text.encode())


def render(form: Form, asked: Result, complete: Result, page_text: str) -> bytes:
    """The answer in one form: `asked` is the result as asked for, `complete` the one it came from."""
    forms: Mapping[Form, Callable[[], bytes]] = {
        Form.JSON: lambda: to_json(asked),
        Form.TEXT: lambda: to_text(complete),
        Form.MARKDOWN: lambda: to_markdown(complete, page_text),
        Form.JSON_LD: lambda: to_json_ld(complete),
    }
    return forms[form]()


def _spaced(match: re.Match[bytes]) -> bytes:
    found = match.group()
    if found == rb"\\":
        return found
    return b"\xc2\xa0" if found.startswith(b"\xc2") else b" "


def _line_labels(result: Result, page_text: str) -> dict[str, Label]:
    """The label of each kept line, by its words."""
    marked = {Label.SUBHEAD, Label.LIST_ITEM, Label.QUOTE, Label.CODE}
    return {
        line.strip(): segment.label
        for segment in result.segments
        if segment.action is Action.KEPT and segment.label in marked
        for line in page_text[segment.start : segment.end].split("\n")
    }


def _marked(line: str, labels: Mapping[str, Label]) -> str:
    match labels.get(line.strip()):
        case Label.SUBHEAD:
            return f"## {_escaped(line.strip())}"
        case Label.LIST_ITEM:
            return f"- {_escaped(line.strip().lstrip('•·▪◦‣*-–').lstrip())}"
        case Label.QUOTE:
            return f"> {_escaped(line.strip())}"
        case Label.CODE:
            return f"    {line}"
        case _:
            return _escaped(line)


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    text = _MARKUP.sub(r"\\\1", text.lstrip(" \t"))
    return _NUMBERED.sub(r"\1\\\2", _LINE_MARKUP.sub(r"\1\\\2", text))
