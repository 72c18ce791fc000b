"""decoded text -> a page of blocks, whether it came as plain text or as HTML."""

from service.blocks import html, text
from service.document import Decoded, MediaKind, Page


def read(decoded: Decoded, *, url: str | None = None, language: str | None = None) -> Page:
    """Cut a document into blocks. HTML is rendered to plain text first."""
    if decoded.kind is MediaKind.HTML:
        return text.read(html.render(decoded.text), url=url, language=language, html=True)
    return text.read(decoded.text, url=url, language=language)
