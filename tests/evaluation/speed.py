"""How long a page takes, by style, beside jusText on the same pages in the same run.

`python -m tests.evaluation.speed FILE.jsonl.zst [--every 40]`. jusText is given each line as a
paragraph of HTML; it is left out where it is not installed. Times are CPU time of this process, so
that other work on the machine counts for little, in milliseconds a page: median and 95th percentile of
the best of three runs of each page.
"""

import argparse
import html
import sys
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from time import process_time

from service import clean
from tests.evaluation import corpus


def justext_cleaner() -> Callable[[str], object] | None:
    """Run jusText on lines, or None where it is not installed."""
    if find_spec("justext") is None:
        return None
    import justext  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415

    stop_words = justext.get_stoplist("English")

    def run(text: str) -> object:
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line.strip())
        return justext.justext(f"<html><body>{lines}</body></html>", stop_words)

    return run


def timed(function: Callable[[], object]) -> float:
    """Milliseconds of CPU time of one call, the least of three."""
    least = float("inf")
    for _ in range(3):
        began = process_time()
        function()
        least = min(least, process_time() - began)
    return least * 1000


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation.speed", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--every", type=int, default=40)
    options = parser.parse_args()
    peer = justext_cleaner()
    ours: dict[str, list[float]] = defaultdict(list)
    theirs: dict[str, list[float]] = defaultdict(list)
    size: dict[str, int] = defaultdict(int)
    clean(b"warm up: tables, phrases and the model are read once.")
    for page in islice(corpus.read(options.file), 0, None, options.every):
        body = page.text.encode()
        for name in (page.variant, *(["about 3 kB"] if 2_000 <= len(body) <= 4_000 else [])):
            size[name] += len(body)
            ours[name].append(timed(partial(clean, body, content_type="text/plain")))
            if peer is not None:
                theirs[name].append(timed(partial(peer, page.text)))
    print(f"{'':14}{'pages':>6}{'kB':>7}{'median':>9}{'95 %':>9}{'pages/s':>9}{'jusText':>9}{'ratio':>7}")
    for name, times in sorted(ours.items()):
        high = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
        mean_size, rate = size[name] / len(times) / 1000, 1000 * len(times) / sum(times)
        row = f"{name:14}{len(times):6}{mean_size:7.1f}{median(times):9.2f}{high:9.2f}{rate:9.0f}"
        if theirs[name]:
            row += f"{median(theirs[name]):9.2f}{sum(theirs[name]) / sum(times):7.1f}"
        print(row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
