"""Addresses as pages write them -> absolute http(s) addresses."""

from urllib.parse import urljoin, urlsplit


def absolute(value: str | None, base: str | None = None) -> str | None:
    """The address, seen from `base` where it is relative; None if that gives no http(s) address.

    One that names a host and no protocol, where the base says none either, is taken for https.
    """
    address = (value or "").strip()
    if not address:
        return None
    try:
        parts = urlsplit(address)
        if not parts.scheme:
            address = urljoin(base or ("https:" if parts.netloc else ""), address)
            parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def same(one: str, other: str) -> bool:
    """Whether two addresses lead to one page, whatever their protocol, fragment and last slash."""
    return _bare(one) == _bare(other)


def _bare(address: str) -> str:
    return address.partition("#")[0].partition("://")[2].removeprefix("www.").rstrip("/")
