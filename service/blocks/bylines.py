"""HTML tree -> who wrote the page, as it shows it: what stands in elements marked as a byline.

Asked of pages that don't say so in their head. Marks are those of microformats, microdata, HTML itself
and the class names content systems share; what is found is raw text, judged by `service.metadata.authors`.
"""

from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_NODES: Final = 12
MANY: Final = 4
"""Different names under one mark from which a page is not one author's."""
MAX_TEXT: Final = 120
"""A longer text is more than a name, or than a date."""

# By how sure the mark is: what says "this is the author" before what merely has it in its name; last, who
# posted, in forums
_AUTHORS: Final = (
    '[itemprop~="author"]',
    'a[rel~="author"]',
    ".author-name, .author_name, .byline-name, .byline__name, .article-author, .post-author, .entry-author",
    ".author.vcard, .p-author, .hcard .fn",
    'a[href*="/author/"], a[href*="/authors/"], a[href*="/autor/"], a[href*="/auteur/"]',
    ".byline, .author, .authors, #author, [class*=byline], [class*=author]",
    ".username, .user-name, .postauthor, .poster, .creator, .bigusername",
)
_MEMBERS: Final = (
    'a[href*="/members/"], a[href*="/user/"], a[href*="/users/"], a[href*="/profile/"], a[href*="/u/"]'
)
"""Links to members. A single one is the reader's own."""
_INNER: Final = '[itemprop~="name"], [rel~="author"], .fn, .name, a'
_ASIDE: Final = frozenset(("aside", "footer", "nav", "form"))
MAX_DEPTH: Final = 40


def authors(tree: LexborHTMLParser) -> Iterator[str]:
    """Texts that may name the author, by the surest mark that the page has."""
    for selector in _AUTHORS:
        found = list(dict.fromkeys(filter(None, map(_name, marked(tree, selector)))))
        if found:
            # a page on which that many sign is a list of articles, or a thread: its first post is its own
            yield from found[:1] if len(found) > MANY else found
            return
    members = list(dict.fromkeys(filter(None, map(_name, marked(tree, _MEMBERS)))))
    yield from members[:1] if len(members) > 1 else ()


def _name(node: LexborNode) -> str:
    """What the element says, or its part that is marked as a name."""
    inner = node.css_first(_INNER)
    for text in (node.attributes.get("content"), text_of(inner) if inner is not None else "", text_of(node)):
        if text and len(text) <= MAX_TEXT:
            return " ".join(text.split())
    return ""


def marked(tree: LexborHTMLParser, selector: str) -> Iterator[LexborNode]:
    """The first elements that a selector finds in the page's own text."""
    for node in tree.css(selector)[:MAX_NODES]:
        if not is_aside(node):
            yield node


def text_of(node: LexborNode) -> str:
    """What an element says, in one line."""
    return " ".join(node.text(separator=" ").split())


def is_aside(node: LexborNode) -> bool:
    """Whether it stands among comments, in a footer, or beside the page's own text."""
    for _ in range(MAX_DEPTH):
        parent = node.parent
        if parent is None:
            return False
        node = parent
        if node.tag in _ASIDE or is_comment(node):
            return True
    return True


def is_comment(node: LexborNode) -> bool:
    """Whether an element is a comment, or holds them; a page's body says there only that it may have some."""
    return node.tag != "body" and "comment" in (node.attributes.get("class") or "").lower()
