"""site -> fold."""

import hashlib


def fold_of(site: str, folds: int) -> int:
    """Which fold a site belongs to; the same on every machine."""
    return int(hashlib.md5(site.encode(), usedforsecurity=False).hexdigest(), 16) % folds
