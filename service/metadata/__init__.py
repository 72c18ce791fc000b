"""what an HTML page says of itself -> fields of the article, each with where it came from.

Nothing here is taken on trust: a heading is preferred that agrees with the page's title, an author must
look like a name, a date like a date. Sources are tried in the order of their accuracy on the development
pages (`docs/evaluation.md`): JSON-LD before Open Graph before other meta elements before the tree.
"""

from collections.abc import Iterator

from service.document import Page
from service.metadata import authors, breadcrumbs, days, headline, language, preview, works
from service.metadata.days import of_address
from service.metadata.found import Found, Metadata
from service.metadata.iso import is_utc, local, zoned
from service.metadata.language import of_text, regional

__all__ = ["Found", "Metadata", "is_utc", "local", "of_address", "of_text", "read", "regional", "zoned"]


def read(page: Page, told: str | None = None) -> Metadata:
    """The fields, from the best source each. `told`: the language of the text, by its words."""
    if page.dom is None:
        return Metadata()
    head = page.dom.head
    likely = works.likely(head)
    people, house = authors.named(head, likely)
    stated = language.stated(head)
    written = regional(told, stated)
    return Metadata(
        headline=headline.best(page),
        authors=people,
        house=house,
        published=_first(days.published(head, likely, written)),
        modified=_first(days.modified(head, likely, written)),
        mentioned=_first(days.mentioned(head, written)),
        language=stated,
        canonical=Found(head.canonical, "link:canonical") if head.canonical else None,
        image=_first(preview.images(head, likely)),
        description=_first(preview.descriptions(head, likely)),
        breadcrumbs=tuple(breadcrumbs.path(head)),
    )


def _first(found: Iterator[Found]) -> Found | None:
    return next(found, None)
