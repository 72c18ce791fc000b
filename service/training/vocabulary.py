"""hashed words by site -> those that are known, and their rows in a table of embeddings."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]


def learn(words: Iterable[tuple[str, Hashes]], min_sites: int) -> Hashes:
    """Sorted hashes of the words that occur on so many sites. `words`: a page's site and its words."""
    by_site: dict[str, list[Hashes]] = defaultdict(list)
    for site, hashes in words:
        by_site[site].append(np.unique(hashes))
    seen = np.concatenate([np.unique(np.concatenate(found)) for found in by_site.values()])
    hashes, sites = np.unique(seen, return_counts=True)
    return hashes[sites >= min_sites].astype(np.uint32)


def rows(words: Hashes, known: Hashes) -> NDArray[np.int64]:
    """Row of the embedding table for each word; 0 for a word not known."""
    at = np.minimum(np.searchsorted(known, words), known.size - 1)
    return np.where(known[at] == words, at + 1, 0)
