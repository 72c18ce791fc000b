"""HTML side by side: this service and the installed peers, same pages, same scorer, same run.

`python -m tests.evaluation.html DATA [--folds DIR] [--every 10] [--peers trafilatura,readability]`
reads the HTML pages of a data folder (`docs/training.md`). With `--folds` (as `service.training.train
--keep-folds` writes them) each page is cleaned with the labeller that never saw its site. Printed: word
precision, recall and F1 with intervals by data set and page type, lost pages, segment F where a page has
segments instead of a gold text, CPU time, and how often headline, first author and date are right.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path
from statistics import fmean
from typing import Any, Final
from unittest import mock

from service import artefacts, clean
from service.model import tagger
from service.training.corpus import read_news, read_pages
from service.training.folds import fold_of
from service.training.scoring import words
from tests.evaluation import metrics

LOSS: Final = 0.5
OURS: Final = "ghirbal"


@dataclass(frozen=True, slots=True)
class Fields:
    """What a tool made of a page."""

    body: str
    headline: str | None = None
    author: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one tool did on one page."""

    tool: str
    group: tuple[str, ...]
    score: metrics.Score | None
    segments: tuple[int, int, int]
    """Must-have segments found and missed, must-not-have segments found."""
    fields: tuple[tuple[str, bool], ...]
    seconds: float


def ghirbal(body: bytes) -> Fields:
    """What this service makes of it."""
    article = clean(body, content_type="text/html").article
    author = article.authors[0].nameRaw if article.authors else None
    return Fields(article.articleBody, article.headline, author, article.datePublishedLocal)


def trafilatura(body: bytes) -> Fields:
    """Its text and metadata; comments too, which on forum pages are the posts."""
    import trafilatura as peer  # noqa: PLC0415  # a peer is imported only where it is asked for

    found = peer.bare_extraction(body, with_metadata=True)
    if found is None:
        return Fields("")
    text = "\n".join(filter(None, (found.text, found.comments)))
    return Fields(text, found.title, (found.author or "").split(";")[0], found.date)


def readability(body: bytes) -> Fields:
    """readability-lxml's summary, as text."""
    from lxml.html import fromstring  # noqa: PLC0415
    from readability import Document  # noqa: PLC0415

    page = Document(body.decode("utf-8", "replace"))
    return Fields(fromstring(page.summary()).text_content(), page.short_title())


def justext(body: bytes) -> Fields:
    """Paragraphs that are no boilerplate, by the English stop words."""
    import justext as peer  # noqa: PLC0415

    found = peer.justext(body, peer.get_stoplist("English"))
    return Fields("\n".join(p.text for p in found if not p.is_boilerplate))


def resiliparse(body: bytes) -> Fields:
    """Its main content."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415

    return Fields(str(extract_plain_text(body.decode("utf-8", "replace"), main_content=True)))


TOOLS: Final[dict[str, Callable[[bytes], Fields]]] = {
    OURS: ghirbal, "trafilatura": trafilatura, "readability": readability,
    "justext": justext, "resiliparse": resiliparse,
}  # fmt: skip


def pages(data: Path) -> Iterator[dict[str, Any]]:
    """Every HTML page that can be scored."""
    yield from read_pages(data / "html_dev.tar.zst")
    yield from read_news(data / "news_forum_dev.html.jsonl.zst")


@cache
def _folds(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob("fold*")))


def examine(page: dict[str, Any], folds: Path | None, tools: Sequence[str]) -> list[Outcome]:
    """Run the tools on one page and score what they give."""
    artefact = artefacts.newest()
    if folds is not None:
        artefact = _folds(folds)[fold_of(page["domain"] or page["id"], len(_folds(folds)))]
    found = []
    with mock.patch.object(tagger, "newest", return_value=artefact):
        for tool in tools:
            begun = time.process_time()
            try:
                fields = TOOLS[tool](page["body"])
            except Exception:  # noqa: BLE001  # a peer that fails on a page found nothing
                fields = Fields("")
            seconds = time.process_time() - begun
            found.append(_outcome(tool, page, fields, seconds))
    return found


def _outcome(tool: str, page: dict[str, Any], fields: Fields, seconds: float) -> Outcome:
    gold = page["gold"]
    squeezed = "".join(fields.body.split())
    wanted = ["".join(s.split()) for s in page["with"]] if not gold else []
    unwanted = ["".join(s.split()) for s in page["without"]] if not gold else []
    met = sum(s in squeezed for s in wanted)
    stated = (
        ("headline", page["title"], fields.headline),
        ("author", page.get("author"), fields.author),
        ("date", page.get("date"), fields.date),
    )
    group = (page["dataset"], f"{page['dataset']} {page['page_type']}", f"{page['dataset']} {page['lang']}")
    return Outcome(
        tool,
        group,
        metrics.score(fields.body, gold) if gold else None,
        (met, len(wanted) - met, sum(s in squeezed for s in unwanted)),
        tuple((name, _same(name, want, got)) for name, want, got in stated if isinstance(want, str) and want),
        seconds,
    )


def _same(name: str, want: str, got: str | None) -> bool:
    if name == "date":
        return (got or "")[:10] == want[:10]
    return words(got or "") == words(want)


def report(outcomes: Sequence[Outcome]) -> str:
    """The tables."""
    groups: dict[tuple[str, str], list[metrics.Score]] = defaultdict(list)
    segments: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    fields: dict[tuple[str, str], list[bool]] = defaultdict(list)
    seconds: dict[str, list[float]] = defaultdict(list)
    for o in outcomes:
        seconds[o.tool].append(o.seconds)
        for i, n in enumerate(o.segments):
            segments[o.tool][i] += n
        for name, right in o.fields:
            fields[name, o.tool].append(right)
        if o.score is not None:
            for group in o.group:
                groups[group, o.tool].append(o.score)
    lines = [f"{'':46} {'n':>5} {'P':>7} {'R':>7} {'F1':>7} {'95 %':>15} {'lost':>7}"]
    lines += [_row(f"{group} | {tool}", scores) for (group, tool), scores in sorted(groups.items())]
    for tool, (met, missed, unwanted) in segments.items():
        lines.append(f"segments | {tool:35} F {2 * met / max(1, 2 * met + missed + unwanted):.4f}")
    for (name, tool), hits in sorted(fields.items()):
        lines.append(f"{name + ' | ' + tool:46} {len(hits):5} right {fmean(hits):.4f}")
    for tool, spent in seconds.items():
        lines.append(f"CPU | {tool:40} {1000 * fmean(spent):8.1f} ms a page")
    return "\n".join(lines)


def _row(name: str, scores: Sequence[metrics.Score]) -> str:
    low, high = metrics.interval([s.f1 for s in scores])
    p, r, f = (fmean(getattr(s, k) for s in scores) for k in ("precision", "recall", "f1"))
    lost = fmean(s.recall < LOSS for s in scores)
    return f"{name:46} {len(scores):5} {p:7.4f} {r:7.4f} {f:7.4f} {low:.4f}-{high:.4f} {lost:7.2%}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation.html", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--folds", type=Path)
    parser.add_argument("--every", type=int, default=1, help="evaluate each n-th page only")
    parser.add_argument("--peers", default="", help="of " + ", ".join(name for name in TOOLS if name != OURS))
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    tools = [OURS, *filter(None, options.peers.split(","))]
    run = partial(examine, folds=options.folds, tools=tools)
    outcomes: list[Outcome] = []
    chosen = islice(pages(options.data), 0, None, options.every)
    with ProcessPoolExecutor(options.workers) as pool:
        while batch := list(islice(chosen, 64)):  # few pages are held at a time
            for found in pool.map(run, batch, chunksize=4):
                outcomes += found
    print(report(outcomes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
