"""HTML -> its plain-text rendering, by resiliparse (lexbor)."""

from resiliparse.extract.html2text import extract_plain_text


def render(html: str) -> str:
    """The page's visible text, laid out by block elements. Deterministic; scripts and styles left out."""
    return str(extract_plain_text(html, main_content=False, alt_texts=False, links=False, form_fields=False))
