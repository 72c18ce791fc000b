"""decoded text -> a page of blocks, whether it came as plain text or as HTML."""

from service.blocks import html, text
from service.blocks.seams import Finder
from service.document import Decoded, MediaKind, Page


def read(
    decoded: Decoded, *, url: str | None = None, language: str | None = None, finder: Finder | None = None
) -> Page:
    """Cut a document into blocks. HTML is rendered to plain text first.

    `finder`: another finder of seams in rows of plain text than the one in use.
    """
    if decoded.kind is MediaKind.HTML:
        rendered, dom = html.render(decoded.text, url)
        return text.read(rendered, url=url, language=language, dom=dom)
    return text.read(decoded.text, url=url, language=language, finder=finder)
