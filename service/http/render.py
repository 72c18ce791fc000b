"""Result -> the bytes of an answer: JSON, plain text, JSON-LD; `service.http.markdown` does Markdown."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from schemas.result import Result
from service.article import Paragraph
from service.http.accept import Form
from service.http.markdown import to_markdown

# JSON's short and long escapes of control characters (\t, \n and \r apart), and those that JSON lets
# pass; an escaped backslash is matched first, so that what follows it is left alone.
_CONTROL: Final = re.compile(rb"\\\\|\\[bf]|\\u00[01][0-9a-f]|\x7f|\xc2[\x80-\x9f]")


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


def render(form: Form, asked: Result, complete: Result, body: Sequence[Paragraph]) -> bytes:
    """The answer in one form: `asked` is the result as asked for, `complete` the one it came from.

    `body` is what `articleBody` is joined from.
    """
    forms: Mapping[Form, Callable[[], bytes]] = {
        Form.JSON: lambda: to_json(asked),
        Form.TEXT: lambda: to_text(complete),
        Form.MARKDOWN: lambda: to_markdown(complete.article, body),
        Form.JSON_LD: lambda: to_json_ld(complete),
    }
    return forms[form]()


def _spaced(match: re.Match[bytes]) -> bytes:
    found = match.group()
    if found == rb"\\":
        return found
    return b"\xc2\xa0" if found.startswith(b"\xc2") else b" "
