"""What a link to a page shows of it: its picture and its description."""

from collections.abc import Iterator, Sequence

from service import addresses
from service.document import Head
from service.metadata.found import Found
from service.metadata.wording import readable
from service.metadata.works import Work, is_article


def images(head: Head, works: Sequence[Work]) -> Iterator[Found]:
    """Addresses of its picture, the best source first."""
    for key in ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"):
        if value := addresses.absolute(head.metas.get(key), head.base):
            yield Found(value, f"meta:{key}")
    for item in works:
        image = item.get("image")
        for each in image if isinstance(image, list) else [image]:
            address = each.get("url") if isinstance(each, dict) else each
            if isinstance(address, str) and (value := addresses.absolute(address, head.base)):
                yield Found(value, "json-ld")
    if value := addresses.absolute(head.metas.get("image"), head.base):
        yield Found(value, "meta:image")


def descriptions(head: Head, works: Sequence[Work]) -> Iterator[Found]:
    """What it is about, the best source first."""
    for key in ("og:description", "description", "twitter:description"):
        if value := readable(head.metas.get(key)):
            yield Found(value, f"meta:{key}")
    for item in works:
        if is_article(item) and (value := readable(item.get("description"))):
            yield Found(value, "json-ld")
