"""schema.org objects of a page -> the path to it, from the start of its site."""

import math
from collections.abc import Iterator

from schemas.article import Breadcrumb
from service import addresses
from service.blocks.linked import types
from service.document import Head
from service.metadata.wording import readable
from service.metadata.works import Work


def path(head: Head) -> Iterator[Breadcrumb]:
    """The steps of the first path that the page describes, in their order."""
    for item in head.items:
        if "BreadcrumbList" not in types(item) or not isinstance(item.get("itemListElement"), list):
            continue
        for element in sorted(filter(_is_object, item["itemListElement"]), key=_position):
            thing = element.get("item")
            name = readable(element.get("name") or (thing.get("name") if isinstance(thing, dict) else None))
            url = thing.get("@id") or thing.get("url") if isinstance(thing, dict) else thing
            if name:
                written = url if isinstance(url, str) else None
                yield Breadcrumb(name=name, url=addresses.absolute(written, head.base) or written)
        return


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _position(element: Work) -> float:
    """Where a step stands in the path; those that don't say follow in the order they are written."""
    try:
        place = float(element.get("position") or "")
    except (TypeError, ValueError):
        return math.inf
    return math.inf if math.isnan(place) else place
