"""Where a page's time goes, stage by stage, beside a bare parse and peers in the same run.

`python -m tests.evaluation.stages DATA [--every 20]` with development data (see docs/evaluation.md). Times
are CPU time of this process, of each page the run of three that was fastest as a whole; every so many-th page
is taken. A bare parse is lexbor's alone, of the same text.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Final
from unittest import mock

from selectolax.lexbor import LexborHTMLParser

import service.blocks.html
import service.blocks.text
from service import article, decide, detectors, failures, model, parts, pipeline, quality, signals, validation
from service import verdict as verdicts
from tests.evaluation import corpus, html, speed

WHOLE: Final = "whole"
BARE: Final = "a bare parse"
PEERS: Final = ("trafilatura", "resiliparse")
WITHIN: Final = {"features": "network"}
"""Stages that run inside another, whose time they are no part of."""
STAGES: Final = {
    "decoding": [(pipeline, "decode")],
    "parse and walk": [(service.blocks.html, "render")],
    "blocks and measures": [(service.blocks.text, "read")],
    "phrases": [(pipeline, "scan")],
    "detectors": [(detectors, "find_all")],
    "features": [(model, "extract")],
    "network": [(model, "label")],
    "decide": [(decide, "decide")],
    "article": [(article, "paragraphs"), (article, "assemble"), (parts, "cut")],
    "score": [(signals, "measure"), (quality, "assess")],
    "checks and verdict": [(failures, "find"), (validation, "check"), (verdicts, "judge")],
}
"""What each stage is called here, and the functions that are it."""

Spent = dict[str, float]
"""Seconds of CPU by stage."""
Peer = Callable[[bytes], object]


def stages(body: bytes, kind: str) -> Spent:
    """Seconds of CPU of each stage of cleaning a page, and of the whole."""
    runs = [_run(body, kind) for _ in range(3)]
    return min(runs, key=lambda run: run[WHOLE])


def _run(body: bytes, kind: str) -> Spent:
    spent: Spent = defaultdict(float)
    with ExitStack() as patches:
        for stage, functions in STAGES.items():
            for owner, name in functions:
                watched = _watched(getattr(owner, name), stage, spent)
                patches.enter_context(mock.patch.object(owner, name, watched))
        began = process_time()
        pipeline.clean(body, content_type=kind)
        spent[WHOLE] = process_time() - began
    return spent


def _watched(function: Callable[..., object], stage: str, spent: Spent) -> Callable[..., object]:
    def run(*args: object, **kwargs: object) -> object:
        began = process_time()
        try:
            return function(*args, **kwargs)
        finally:
            took = process_time() - began
            spent[stage] += took
            if outer := WITHIN.get(stage):
                spent[outer] -= took

    return run


def report(name: str, pages: Sequence[bytes], kind: str, peers: Mapping[str, Peer]) -> Iterator[str]:
    """Rows of Markdown for one kind of pages."""
    total: Spent = defaultdict(float)
    for body in pages:
        for stage, seconds in stages(body, kind).items():
            total[stage] += seconds
    whole, each = total.pop(WHOLE), 1000 / len(pages)
    rest = whole - sum(total.values())
    size = sum(map(len, pages)) / len(pages) / 1000
    yield f"| {name}, {len(pages)} pages of {size:.1f} kB | ms a page | share |"
    yield "|---|---|---|"
    for stage in STAGES:
        if stage in total:
            yield f"| {stage} | {each * total[stage]:.2f} | {total[stage] / whole:.1%} |"
    yield f"| segments and the rest | {each * rest:.2f} | {rest / whole:.1%} |"
    yield f"| together | {each * whole:.2f} | |"
    for peer, tool in peers.items():
        took = sum(speed.timed(partial(tool, body)) for body in pages)  # milliseconds
        yield f"| {peer} | {took / len(pages):.2f} | {took / 1000 / whole:.2f} × |"


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation.stages", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--every", type=int, default=20)
    options = parser.parse_args()
    texts = islice(corpus.read(options.data / "text_dev.dumps.jsonl.zst"), 0, None, options.every * 5)
    marked = islice(html.pages(options.data), 0, None, options.every)
    justext = speed.justext_cleaner()
    of_text: dict[str, Peer] = {"jusText": lambda body: justext(body.decode())} if justext else {}
    of_html: dict[str, Peer] = {BARE: LexborHTMLParser}
    of_html |= {peer: html.TOOLS[peer] for peer in PEERS if find_spec(peer)}
    list(report("", [b"Bread"], "text/plain", of_text))  # models, tables, libraries are loaded once
    list(report("", [b"<p>Bread"], "text/html", of_html))
    for line in report("text", [page.text.encode() for page in texts], "text/plain; charset=utf-8", of_text):
        print(line, flush=True)
    for line in report("HTML", [page["body"] for page in marked], "text/html", of_html):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
