"""Evaluate cleaning on labelled pages; compare two versions page by page.

`python -m tests.evaluation FILE.jsonl.zst [--by language,variant,page_type] [--every 10]` prints the
tables; `--save before.jsonl`, then a change, then `--compare before.jsonl` says which pages became
better or worse. `--seeds` adds the repository's own pages. With `--folds DIR` (as `service.training.train
--keep-folds` writes them) each page is cleaned with the labeller that never saw its site. `--one-line` puts
each page on one line first, as some crawlers save them.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path
from statistics import fmean

from schemas.request import Profile
from service import article, blocks, decide, detectors, model
from service.blocks.seams import Seams
from service.decode import from_text
from service.detector import scan
from service.model import tagger
from service.training.corpus import finders
from service.training.folds import fold_of
from tests.evaluation import corpus, metrics

LOSS = 0.5  # a page with less recall than this is lost


@dataclass(frozen=True, slots=True)
class Row:
    """One page's outcome."""

    id: str
    variant: str
    language: str
    page_type: str
    precision: float
    recall: float
    f1: float


@cache
def taggers(folds: Path) -> tuple[tagger.Tagger, ...]:
    """The labellers for text of each fold, in order."""
    return tuple(tagger.read(folder / "text") for folder in sorted(folds.glob("fold*")))


def clean_body(
    text: str, profile: Profile, labeller: tagger.Tagger | None, finder: Seams | None = None
) -> str:
    """The article body, with or without the model. `finder`: another one of seams than the one in use."""
    page = blocks.read(from_text(text, html=False), finder=finder)
    hits = scan(page)
    findings = detectors.find_all(page, hits)
    labelling = model.label(page, hits, findings, labeller) if labeller is not None else model.SILENT
    findings = detectors.find_again(page, hits, findings, labelling.opinions)
    spans = decide.decide(page, findings, labelling.opinions, profile)
    return "\n\n".join(p.text for p in article.paragraphs(page, spans))


def evaluate(page: corpus.Labelled, profile: Profile, *, rules_only: bool, folds: Path | None = None) -> Row:
    """Clean and score one page."""
    labeller = None if rules_only else tagger.load(html=False)
    finder = None
    if folds is not None:
        fold = fold_of(page.site, len(taggers(folds)))
        labeller = taggers(folds)[fold]
        finder = finders(folds)[fold] if finders(folds) else None
    s = metrics.score(clean_body(page.text, profile, labeller, finder), page.gold)
    return Row(page.id, page.variant, page.language, page.page_type, s.precision, s.recall, s.f1)


def table(rows: Sequence[Row], by: Iterable[str]) -> str:
    """Means per group, with a 95 % bootstrap interval of F1."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups["all"].append(row)
        for name in by:
            groups[f"{name}={getattr(row, name)}"].append(row)
    out = [f"{'':28} {'n':>6} {'P':>7} {'R':>7} {'F1':>7} {'95 %':>15} {'lost':>7}"]
    for name, group in sorted(groups.items(), key=lambda item: (item[0] != "all", item[0])):
        low, high = metrics.interval([r.f1 for r in group])
        p, r, f = (fmean(getattr(row, k) for row in group) for k in ("precision", "recall", "f1"))
        lost = fmean(row.recall < LOSS for row in group)
        out.append(f"{name:28} {len(group):6} {p:7.4f} {r:7.4f} {f:7.4f} {low:.4f}-{high:.4f} {lost:7.2%}")
    return "\n".join(out)


def compare(before: Sequence[Row], after: Sequence[Row], show: int = 15) -> str:
    """The pages that changed most, worst first."""
    old = {(r.id, r.variant): r for r in before}
    pairs = [(old[r.id, r.variant], r) for r in after if (r.id, r.variant) in old]
    changed = sorted((p for p in pairs if abs(p[0].f1 - p[1].f1) > 1e-6), key=lambda p: p[1].f1 - p[0].f1)
    mean = fmean(b.f1 - a.f1 for a, b in pairs) if pairs else 0.0
    out = [f"{len(changed)} of {len(pairs)} pages changed; mean F1 {mean:+.4f}"]
    shown = changed if len(changed) <= 2 * show else [*changed[:show], *changed[-show:]]
    for a, b in shown:
        change = f"{b.f1 - a.f1:+.3f}  {a.f1:.3f} -> {b.f1:.3f}  R {a.recall:.3f} -> {b.recall:.3f}"
        out.append(f"  {change}  {a.id} {a.variant}")
    return "\n".join(out)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seeds", action="store_true")
    parser.add_argument("--by", default="language,variant,page_type")
    parser.add_argument("--every", type=int, default=1, help="evaluate each n-th page only")
    parser.add_argument("--profile", default=Profile.GENERIC, type=Profile)
    parser.add_argument("--folds", type=Path)
    parser.add_argument("--one-line", action="store_true")
    parser.add_argument("--rules-only", action="store_true")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--compare", type=Path)
    options = parser.parse_args(arguments)
    pages = chain(corpus.seeds() if options.seeds else (), *(corpus.read(f) for f in options.files))
    chosen: Iterator[corpus.Labelled] = islice(pages, 0, None, options.every)
    if options.one_line:
        chosen = (replace(page, text=" ".join(page.text.split()), variant="one_line") for page in chosen)
    run = partial(evaluate, profile=options.profile, rules_only=options.rules_only, folds=options.folds)
    with ProcessPoolExecutor(options.workers) as pool:
        rows = list(pool.map(run, chosen, chunksize=8))
    print(table(rows, [b for b in options.by.split(",") if b]))
    if options.save:
        options.save.write_text("".join(json.dumps(asdict(r)) + "\n" for r in rows), encoding="utf-8")
    if options.compare:
        before = [Row(**json.loads(line)) for line in options.compare.read_text("utf-8").splitlines()]
        print(compare(before, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
