"""labelled pages -> the calibrator's artefact, its report and its plot.

    python -m service.training.calibrate --data DIR --folds DIR --out service [--every 10]

`--folds` names the labeller's artefacts by fold (`fold0`, `fold1` ... as `service.training.train
--keep-folds` writes them; a `sites.json` in each lists the sites it held out): every page is cleaned with
the labeller that never saw its site. Without it the labeller in use is asked, and the figures are too good.
The calibrator's own trees, knots and widths are cross-fitted by site in the same way before anything is
measured; what is written is then fitted on all rows. Deterministic.
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from service.calibration import HEADS, KINDS
from service.signals import NAMES, vector
from service.training import ensembles
from service.training.folds import fold_of
from service.training.plot import reliability_svg
from service.training.rows import MADE_UP, Row, collect

Floats = NDArray[np.float64]

USABLE: Final = 0.90  # word F1 from which a body is usable
FOLDS: Final = 5
TREES: Final = 200
DEPTH: Final = 3
RATE: Final = 0.04
COVERAGE: Final = 0.90
BINS: Final = 10
# Pages made up for calibration are nearly as many as real ones; of more weight, they cost 0.003 AUROC
MADE_UP_WEIGHT: Final = 0.2
KNOTS: Final = 41  # of the logistic curve: straight lines between them stay within 0.001 of it
MIN_GROUP: Final = 25  # rows a slice of the report needs


def fit_heads(x: Floats, f1: Floats, weight: Floats) -> dict[str, Any]:
    """One ensemble for each head, fitted to weighted rows."""
    common = {
        "n_estimators": TREES, "max_depth": DEPTH, "learning_rate": RATE, "subsample": 0.7,
        "max_features": 0.4, "min_samples_leaf": 12, "random_state": 0,
    }  # fmt: skip
    tail = (1 - COVERAGE) / 2
    return {
        "usable": GradientBoostingClassifier(**common).fit(x, f1 >= USABLE, weight),
        "f1": GradientBoostingRegressor(**common, loss="huber", alpha=0.95).fit(x, f1, weight),
        "low": GradientBoostingRegressor(**common, loss="quantile", alpha=tail).fit(x, f1, weight),
        "high": GradientBoostingRegressor(**common, loss="quantile", alpha=1 - tail).fit(x, f1, weight),
    }


def raw_of(heads: dict[str, Any], x: Floats) -> dict[str, Floats]:
    """What the ensembles say before any calibration."""
    return {
        name: head.decision_function(x) if name == "usable" else head.predict(x)
        for name, head in heads.items()
    }


def curve(raw: Floats, wanted: NDArray[np.bool_]) -> Floats:
    """Platt's logistic curve as knots. Isotonic steps calibrate little better, and their ties cost order."""
    fitted = LogisticRegression(C=1e6).fit(raw[:, None], wanted)
    grid = np.linspace(raw.min(), raw.max(), KNOTS)
    return np.array([grid, fitted.predict_proba(grid[:, None])[:, 1]])


def widths(raw: dict[str, Floats], f1: Floats) -> Floats:
    """How far each end must move for the interval to hold (conformalised quantile regression)."""
    level = min(1.0, (1 - (1 - COVERAGE) / 2) * (1 + 1 / f1.size))
    return np.array([np.quantile(raw["low"] - f1, level), np.quantile(f1 - raw["high"], level)])


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """What is said of each row by parts of the calibrator that never saw its site."""

    score: Floats
    f1: Floats
    low: Floats
    high: Floats


def calibrate(
    raw: dict[str, Floats], f1: Floats, kinds: NDArray[Any], fold: NDArray[Any], real: NDArray[Any]
) -> Estimates:
    """Knots and widths from the other folds, applied to each fold. `real` rows are no made-up pages."""
    out = {name: np.zeros(f1.size) for name in ("score", "f1", "low", "high")}
    for kind in KINDS:
        for held in range(FOLDS):
            seen, now = (kinds == kind) & (fold != held), (kinds == kind) & (fold == held)
            if not now.any() or not seen.any():
                continue
            usable = curve(raw["usable"][seen], f1[seen] >= USABLE)
            expected = ensembles.knots(raw["f1"][seen], f1[seen])
            widen = widths({k: v[seen & real] for k, v in raw.items()}, f1[seen & real])
            out["score"][now] = np.interp(raw["usable"][now], *usable)
            out["f1"][now] = np.interp(raw["f1"][now], *expected).clip(0, 1)
            out["low"][now] = np.minimum(out["f1"][now], (raw["low"][now] - widen[0]).clip(0, 1))
            out["high"][now] = np.maximum(out["f1"][now], (raw["high"][now] + widen[1]).clip(0, 1))
    return Estimates(out["score"], out["f1"], out["low"], out["high"])


# The report.


def spearman(a: Floats, b: Floats) -> float:
    """Rank correlation, ties sharing their mean rank."""
    return float(np.corrcoef(_ranks(a), _ranks(b))[0, 1])


def _ranks(values: Floats) -> Floats:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse], dtype=np.float64)


def ece(score: Floats, usable: NDArray[Any]) -> float:
    """Expected calibration error over ten bins of equal width."""
    total = 0.0
    for low in np.arange(BINS) / BINS:
        inside = (score >= low) & ((score < low + 1 / BINS) | (low + 1 / BINS >= 1))
        if inside.any():
            total += inside.mean() * abs(score[inside].mean() - usable[inside].mean())
    return float(total)


def measures(said: Estimates, f1: Floats, chosen: NDArray[Any]) -> dict[str, float]:
    """The figures of one slice."""
    score, truth = said.score[chosen], f1[chosen]
    usable = truth >= USABLE
    both = 0 < usable.sum() < usable.size
    return {
        "pages": int(chosen.sum()),
        "usable": round(float(usable.mean()), 4),
        "meanF1": round(float(truth.mean()), 4),
        "auroc": round(float(roc_auc_score(usable, score)), 4) if both else float("nan"),
        "ece": round(ece(score, usable), 4),
        "brier": round(float(brier_score_loss(usable, score)), 4),
        "spearman": round(spearman(said.f1[chosen], truth), 4) if np.ptp(truth) else float("nan"),
        "coverage": round(float(((said.low[chosen] <= truth) & (truth <= said.high[chosen])).mean()), 4),
        "width": round(float((said.high[chosen] - said.low[chosen]).mean()), 4),
    }


def slices(rows: Sequence[Row]) -> dict[str, NDArray[Any]]:
    """The slices of the report: all, and by input kind, language and page type; no made-up pages."""
    real = np.array([r.style not in MADE_UP for r in rows])
    groups: dict[str, list[bool]] = {}
    for name in ("kind", "language", "page_type", "style"):
        for value in sorted({getattr(r, name) for r in rows}):
            groups[f"{name}={value}"] = [getattr(r, name) == value for r in rows]
    groups["language=not English"] = [r.language != "en" for r in rows]
    found = {"all": real}
    for name, chosen in groups.items():
        mask = np.array(chosen) & real
        if mask.sum() >= MIN_GROUP:
            found[name] = mask
    return found


def baselines(rows: Sequence[Row], f1: Floats) -> dict[str, dict[str, float]]:
    """What length alone, and the ratios of document filters, tell."""
    length = np.array([r.signals["wordCount"] for r in rows])
    rules = np.array([_filter_rules(r.text) for r in rows])
    real = np.array([r.style not in MADE_UP for r in rows])
    usable = f1[real] >= USABLE
    return {
        name: {
            "auroc": round(float(roc_auc_score(usable, values[real])), 4),
            "spearman": round(spearman(values[real], f1[real]), 4),
        }
        for name, values in (("length alone", length), ("Gopher and FineWeb ratios", rules))
    }


def _filter_rules(text: str) -> float:
    """Share of the language-independent rules of Gopher and FineWeb that a text passes."""
    words = text.split()
    lines = [line for line in text.split("\n") if line.strip()]
    if not words:
        return 0.0
    letters = [w for w in words if any(map(str.isalpha, w))]
    # not of `service.stops`: what is compared with stays what it was
    ended = sum(line.rstrip()[-1:] in '.!?…。！？؟۔।"”' for line in lines)
    passed = (
        50 <= len(words) <= 100_000,
        3 <= sum(map(len, words)) / len(words) <= 10,
        sum(text.count(mark) for mark in ("#", "...", "…")) / len(words) <= 0.1,
        sum(line.lstrip()[:1] in "•-*" for line in lines) / len(lines) <= 0.9,
        sum(line.rstrip().endswith(("...", "…")) for line in lines) / len(lines) <= 0.3,
        len(letters) / len(words) >= 0.8,
        ended / len(lines) >= 0.12,
        sum(len(line) <= 30 for line in lines) / len(lines) <= 0.67,
        1 - len(set(lines)) / len(lines) <= 0.1,
        "lorem ipsum" not in text.casefold() and re.search(r"[{}]", text) is None,
    )
    return sum(passed) / len(passed)


# The artefact.


def export(heads: dict[str, Any], fitted: dict[str, Floats]) -> dict[str, NDArray[Any]]:
    """The ensembles as arrays, and knots and widths."""
    arrays: dict[str, NDArray[Any]] = dict(fitted)
    for name in HEADS:
        arrays |= ensembles.export(name, heads[name], len(NAMES))
    return arrays


def make(rows: Sequence[Row], *, out_of_fold: bool) -> tuple[dict[str, NDArray[Any]], dict[str, Any], str]:
    """Artefact, report and plot."""
    x = np.stack([vector(r.signals) for r in rows])
    f1 = np.array([r.f1 for r in rows])
    kinds = np.array([r.kind for r in rows])
    fold = np.array([fold_of(r.site, FOLDS) for r in rows])
    real = np.array([r.style not in MADE_UP for r in rows])
    weight = np.where(real, 1.0, MADE_UP_WEIGHT)
    raw = {name: np.zeros(f1.size) for name in HEADS}
    for held in range(FOLDS):
        now = fold == held
        for name, values in raw_of(fit_heads(x[~now], f1[~now], weight[~now]), x[now]).items():
            raw[name][now] = values
    said = calibrate(raw, f1, kinds, fold, real)
    fitted = {}
    for kind in KINDS:
        own = kinds == kind
        if own.any():
            fitted[f"{kind}.usable"] = curve(raw["usable"][own], f1[own] >= USABLE)
            fitted[f"{kind}.f1"] = ensembles.knots(raw["f1"][own], f1[own])
            fitted[f"{kind}.widen"] = widths({k: v[own & real] for k, v in raw.items()}, f1[own & real])
    groups = slices(rows)
    report = {
        "labellerOutOfFold": out_of_fold,
        "splitBy": "site",
        "usableFrom": USABLE,
        "signals": list(NAMES),
        "data": _data(rows),
        "measures": {name: measures(said, f1, chosen) for name, chosen in groups.items()},
        "baselines": baselines(rows, f1),
    }
    return export(fit_heads(x, f1, weight), fitted), report, reliability_svg(_bins(said, f1, groups))


def _data(rows: Iterable[Row]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for r in rows:
        counts[f"{r.kind}, {r.style}"] += 1
    return dict(sorted(counts.items()))


def _bins(
    said: Estimates, f1: Floats, groups: dict[str, NDArray[Any]]
) -> dict[str, list[tuple[float, float, int]]]:
    """Per input kind: mean score, share usable and pages of each bin."""
    found: dict[str, list[tuple[float, float, int]]] = {}
    for kind in KINDS:
        chosen = groups.get(f"kind={kind}")
        if chosen is None:
            continue
        score, usable = said.score[chosen], f1[chosen] >= USABLE
        at = np.minimum((score * BINS).astype(int), BINS - 1)
        found[kind] = [
            (float(score[at == b].mean()), float(usable[at == b].mean()), int((at == b).sum()))
            for b in range(BINS)
            if (at == b).any()
        ]
    return found


def table(report: dict[str, Any]) -> str:
    """The report as Markdown."""
    out = ["| pages | n | usable | AUROC | ECE | Brier | Spearman | coverage | width |", "|---" * 9 + "|"]
    for name, m in report["measures"].items():
        figures = ("usable", "auroc", "ece", "brier", "spearman", "coverage", "width")
        out.append(f"| {name} | {m['pages']} | " + " | ".join(f"{m[k]:.3f}" for k in figures) + " |")
    out += ["", "| baseline | AUROC | Spearman |", "|---|---|---|"]
    out += [f"| {name} | {b['auroc']:.3f} | {b['spearman']:.3f} |" for name, b in report["baselines"].items()]
    return "\n".join(out)


def write(out: Path, docs: Path | None, made: tuple[dict[str, NDArray[Any]], dict[str, Any], str]) -> None:
    """Write artefact and report; the plot and the tables go into the documentation."""
    arrays, report, plot = made
    np.savez_compressed(out / "calibration.npz", **arrays)  # type: ignore[arg-type]
    text = json.dumps(_plain(report), indent=1, ensure_ascii=False)
    (out / "calibration.json").write_text(text + "\n", encoding="utf-8")
    if docs is not None:
        (docs / "score.svg").write_text(plot, encoding="utf-8")
        page = (docs / "score.md").read_text(encoding="utf-8")
        head, _, rest = page.partition("<!-- measured -->")
        _, _, tail = rest.partition("<!-- /measured -->")
        tables = f"<!-- measured -->\n\n{table(report)}\n\n<!-- /measured -->"
        (docs / "score.md").write_text(head + tables + tail, encoding="utf-8")


def _plain(value: Any) -> Any:
    """JSON knows no NaN: what could not be measured is null."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - NaN


def main(collected: Callable[..., list[Row]] = collect) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m service.training.calibrate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled pages")
    parser.add_argument("--folds", type=Path, help="the labeller's artefacts by fold")
    parser.add_argument("--out", type=Path, required=True, help="where the calibrator goes")
    parser.add_argument("--docs", type=Path, help="the folder whose score.md gets the tables")
    parser.add_argument("--every", type=int, default=10, help="use each n-th dump")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    rows = collected(options.data, options.folds, every=options.every, workers=options.workers)
    made = make(rows, out_of_fold=options.folds is not None)
    print(table(made[1]))
    write(options.out, options.docs, made)


if __name__ == "__main__":
    main()
