"""Counts -> one page of HTML that needs nothing else: no script, no network; light and dark."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from math import log2
from typing import Any, Final

from service.batch.tally import BINS, Tally

NAME: Final = "report.html"
ENOUGH: Final = 5
"""Pages a site needs to be compared: below it, one odd page is an odd site."""
ODD: Final = 0.01
"""The least distance worth a look: what a tenth of a page cut otherwise comes to."""
_ROWS: Final = 15
_STYLE: Final = """
:root{color-scheme:light dark;--ink:#1c1b1a;--dim:#5f5b55;--line:#d9d4cc;--paper:#fbfaf7;--bar:#2f6f6b}
@media (prefers-color-scheme:dark){
:root{--ink:#ece8e1;--dim:#a8a29a;--line:#3b3834;--paper:#171614;--bar:#6bb3ad}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:2rem 1.25rem 4rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic",sans-serif}
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:2.25rem 0 .5rem}
p{margin:.25rem 0;max-width:46rem}.dim{color:var(--dim)}
.key{display:flex;flex-wrap:wrap;gap:.5rem 2.5rem;margin:1.25rem 0 0;padding:0}
.key div{display:flex;flex-direction:column-reverse}.key dt{color:var(--dim);font-size:.85rem}
.key dd{margin:0;font-size:1.7rem;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:start;color:var(--dim);font-size:.85rem;padding-bottom:.25rem}
th,td{text-align:start;padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600}td.n,th.n{text-align:end;white-space:nowrap}td.w{overflow-wrap:anywhere}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(19rem,1fr));gap:0 3rem}
svg{width:100%;height:auto;display:block}.bar{fill:var(--bar)}.axis{stroke:var(--line)}
text{fill:var(--dim);font-size:11px}
meter{width:100%;min-width:4rem}
"""


def render(total: Tally, run: Mapping[str, Any], files: Sequence[str], rate: float | None) -> str:
    """The report. `rate` is pages a second of this run, None where it made none."""
    profile = run["options"]["profile"]
    made = f"Ghirbal {run['version']}, model {run['model'] or 'none'}, profile {profile}"
    accepted = total.decisions["accept"] / total.pages if total.pages else 0.0
    key = [
        ("pages", f"{total.pages:,}"),
        ("accepted", f"{accepted:.0%}"),
        ("problems", f"{total.problems.total():,}"),
        ("files", f"{len(files):,}"),
        *([("pages a second", f"{rate:.1f}")] if rate is not None else []),
    ]
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Ghirbal: {total.pages:,} pages</title><style>{_STYLE}</style></head><body><main>
<h1>What the batch holds</h1><p class="dim">{escape(made)}</p>
<dl class="key">{"".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in key)}</dl>
<h2>Scores</h2>{_histogram(total)}
<div class="two"><section><h2>Verdicts</h2>{_counts("decision", total.decisions)}</section>
<section><h2>Page types</h2>{_counts("page type", total.page_types)}</section>
<section><h2>Languages</h2>{_counts("language", total.languages)}</section>
<section><h2>Problems</h2>{_counts("type", total.problems)}</section></div>
<h2>Sites with an odd mix of labels</h2>{_odd_sites(total)}
<h2>Slowest pages</h2>{_slowest(total)}
<h2>Files</h2>{_files(files)}
</main></body></html>
"""


def odd_sites(total: Tally) -> list[tuple[str, int, float, str, float, float]]:
    """Sites whose cuts differ most from all others'.

    Name, pages, distance, the label that differs most, its share here, its share everywhere.

    The distance is the Jensen-Shannon divergence, 0 to 1, of what becomes of a page's characters (kept, or
    cut as this label or that) on the site and on all pages together.
    """
    everywhere = sum(map(Counter, total.sites.values()), Counter[str]())
    overall = _shares(everywhere)
    found = []
    for name, site in total.sites.items():
        if site["pages"] < ENOUGH or not name:
            continue
        here = _shares(site)
        label = max(here | overall, key=lambda one: (abs(here.get(one, 0) - overall.get(one, 0)), one))
        found.append(
            (
                name,
                site["pages"],
                _divergence(here, overall),
                label,
                here.get(label, 0),
                overall.get(label, 0),
            )
        )
    odd = [one for one in found if one[2] >= ODD]
    return sorted(odd, key=lambda one: (-one[2], one[0]))


def _shares(site: Mapping[str, int]) -> dict[str, float]:
    length = site.get("length", 0)
    if not length:
        return {}
    cut = {label: chars / length for label, chars in site.items() if label not in ("pages", "length")}
    return {**cut, "kept": max(0.0, 1 - sum(cut.values()))}


def _divergence(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    middle = {name: (one.get(name, 0) + other.get(name, 0)) / 2 for name in {*one, *other}}
    return sum(
        share * log2(share / middle[name]) / 2
        for shares in (one, other)
        for name, share in shares.items()
        if share
    )


def _histogram(total: Tally) -> str:
    counts = [total.scores[str(number)] for number in range(BINS)]
    most = max(counts) or 1
    width, height = 30, 120
    bars = []
    for number, count in enumerate(counts):
        tall = round(height * count / most, 1)
        told = f"score {number / BINS:.2f} to {(number + 1) / BINS:.2f}: {count:,} pages"
        bars.append(
            f'<rect class="bar" x="{number * width + 2}" y="{height - tall + 14}" width="{width - 4}" '
            f'height="{tall}"><title>{told}</title></rect>'
        )
        if count:
            bars.append(
                f'<text x="{number * width + width / 2}" y="{height - tall + 10}" '
                f'text-anchor="middle">{count:,}</text>'
            )
    marks = "".join(
        f'<text x="{share * BINS * width}" y="{height + 30}" text-anchor="{anchor}">{share:g}</text>'
        for share, anchor in ((0, "start"), (0.25, "middle"), (0.5, "middle"), (0.75, "middle"), (1, "end"))
    )
    line = f'<line class="axis" x1="0" x2="{BINS * width}" y1="{height + 14.5}" y2="{height + 14.5}"/>'
    words = "; ".join(f"{n / BINS:.2f}: {count}" for n, count in enumerate(counts) if count)
    return (
        f'<p class="dim">Calibrated probability that the article is usable; pages a bar.</p>'
        f'<svg viewBox="0 0 {BINS * width} {height + 36}" role="img" aria-label="Pages by score. {words}">'
        f"{''.join(bars)}{line}{marks}</svg>"
    )


def _counts(what: str, counts: Mapping[str, int]) -> str:
    if not counts:
        return '<p class="dim">None.</p>'
    whole = sum(counts.values())
    most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    rows = [
        (escape(name.removeprefix("/problems/")), f"{n:,}", f"{n / whole:.1%}") for name, n in most[:_ROWS]
    ]
    if len(most) > _ROWS:
        rest = sum(n for _, n in most[_ROWS:])
        rows.append((f"{len(most) - _ROWS} more", f"{rest:,}", f"{rest / whole:.1%}"))
    return _table((what, "pages", "share"), rows, "wnn")


def _odd_sites(total: Tally) -> str:
    rows = [
        (escape(name), f"{pages:,}", f"{distance:.3f}", escape(label), f"{here:.0%}", f"{there:.0%}")
        for name, pages, distance, label, here, there in odd_sites(total)[:_ROWS]
    ]
    if not rows:
        return f'<p class="dim">None among those with {ENOUGH} pages or more.</p>'
    heads = ("site", "pages", "distance", "what differs most", "here", "everywhere")
    note = "Distance: Jensen-Shannon divergence of characters kept or cut by label, against all pages."
    return _table(heads, rows, "wnnwnn", note)


def _slowest(total: Tally) -> str:
    rows = [
        (f"{seconds * 1000:,.0f}", f"{escape(file)} @ {offset}", escape(url))
        for seconds, file, offset, url in total.slowest[:_ROWS]
    ]
    return _table(("ms", "file @ offset", "address"), rows, "nww") if rows else '<p class="dim">None.</p>'


def _files(files: Sequence[str]) -> str:
    shown = "".join(f"<li>{escape(name)}</li>" for name in files[:_ROWS])
    more = f'<p class="dim">and {len(files) - _ROWS:,} more</p>' if len(files) > _ROWS else ""
    return f"<ul>{shown}</ul>{more}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], kinds: str, note: str = "") -> str:
    head = "".join(
        f'<th scope="col" class="{kind}">{name}</th>' for name, kind in zip(heads, kinds, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f'<td class="{kind}" dir="auto">{cell}</td>' for cell, kind in zip(row, kinds, strict=True))
        + "</tr>"
        for row in rows
    )
    caption = f"<caption>{note}</caption>" if note else ""
    return (
        f'<div class="wide"><table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
