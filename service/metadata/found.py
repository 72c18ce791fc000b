"""What is found in a page's metadata, and where."""

from dataclasses import dataclass

from schemas.article import Breadcrumb


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the place it was read from, e.g. `json-ld` or `meta:article:published_time`."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """All that was found; empty where a page says nothing."""

    headline: Found | None = None
    authors: tuple[Found, ...] = ()
    house: tuple[Found, ...] = ()
    """The site's name or a role's, where one stands for the author: better than none."""
    published: Found | None = None
    modified: Found | None = None
    mentioned: Found | None = None
    """The day of the last change, or one that the text tells of: the page's date for want of a better one."""
    language: Found | None = None
    canonical: Found | None = None
    image: Found | None = None
    description: Found | None = None
    breadcrumbs: tuple[Breadcrumb, ...] = ()
