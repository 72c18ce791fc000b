"""Result -> what a person reads on a terminal: a summary of a page, or the page with its labels."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from schemas.labels import Action
from schemas.result import Result, Severity
from schemas.segment import Segment
from schemas.verdict import Decision
from service.detector import clip, counted

_DECISION_STYLE: Final = {
    Decision.ACCEPT: "bold green",
    Decision.REVIEW: "bold yellow",
    Decision.RESCRAPE: "bold yellow",
    Decision.REJECT: "bold red",
}
_ACTION_STYLE: Final = {
    Action.KEPT: "",
    Action.LIFTED: "cyan",
    Action.REMOVED: "red",
    Action.FLAGGED: "yellow",
}
_SEVERITY_STYLE: Final = {Severity.INFO: "dim", Severity.WARNING: "yellow", Severity.ERROR: "red"}
# Control characters would steer the terminal, direction overrides would hide what stands there.
_UNSEEN: Final = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)],
    "\N{REPLACEMENT CHARACTER}",
) | {ord("\t"): "    "}
_GUTTER: Final = 18
"""Columns of the longest label that can be in doubt, and its question mark."""


def summary(name: str, result: Result, page_text: str) -> RenderableType:
    """What a person wants to know of one page. `result` is complete, offsets in code points."""
    return Group(
        _title(name, result),
        _facts(result),
        *_cuts("Cut", result, page_text, Action.REMOVED),
        *_cuts("In doubt, and kept", result, page_text, Action.FLAGGED),
        *_findings(result),
    )


def labelled(result: Result, page_text: str) -> Iterator[Text]:
    """The page, a row for each line or labelled piece of a line, its label in front.

    As in a `.page` case: what was kept has no label, and what is in doubt has one with a question mark.
    """
    at = 0
    ends = iter(result.segments)
    segment = next(ends, None)
    for line in page_text.split("\n"):
        end = at + len(line)
        while segment is not None and segment.end <= at:
            segment = next(ends, None)
        row = False
        while segment is not None and segment.start < end:
            yield _row(segment, page_text[max(at, segment.start) : min(end, segment.end)])
            row = True
            if segment.end > end:
                break
            segment = next(ends, None)
        if not row:
            yield Text(f"{'':{_GUTTER}} |")
        at = end + 1


def _title(name: str, result: Result) -> Text:
    verdict, quality = result.verdict, result.quality
    estimate = "" if quality.calibrated else ", a first estimate"
    return Text.assemble(
        (clean_line(name), "bold"),
        "  ",
        (verdict.decision, _DECISION_STYLE[verdict.decision]),
        f"  {verdict.pageType}, score {quality.score:.2f} ({quality.grade}{estimate})",
    )


def _facts(result: Result) -> Table:
    article, counts = result.article, result.accounting
    date = " = ".join(filter(None, (article.datePublishedRaw, article.datePublishedLocal)))
    encoding = ", ".join((f"{result.encoding.charset} ({result.encoding.source})", *result.encoding.repairs))
    language = (
        f"{article.inLanguage or 'unknown'}, {article.textDirection}, {counted(article.wordCount, 'word')}"
    )
    share = f" ({counts.kept / counts.length:.0%})" if counts.length else ""
    kept = (
        f"{counts.kept} of {counted(counts.length, 'character')}{share}, {counts.lifted} lifted into fields"
    )
    rows = (
        ("headline", article.headline),
        ("by", ", ".join(author.nameRaw for author in article.authors)),
        ("date", date),
        ("source", article.sourceCredit),
        ("keywords", article.keywordsRaw),
        ("language", language),
        ("encoding", encoding),
        ("kept", kept),
        ("parts", str(len(article.parts)) if article.parts else ""),
    )
    return _table((Text(label, "dim"), Text(clip(value, 200))) for label, value in rows if value)


def _cuts(title: str, result: Result, page_text: str, action: Action) -> Iterator[RenderableType]:
    """A row a label: how many pieces, how many characters, the rule, the largest piece's words."""
    cut = sorted((s for s in result.segments if s.action is action), key=lambda s: s.label)
    if not cut:
        return
    counts = result.accounting
    chars = counts.removed if action is Action.REMOVED else counts.flagged
    yield Text.assemble(
        "  ", (title, "bold"), f": {counted(len(cut), 'piece')}, {counted(chars, 'character')}"
    )
    groups = [list(found) for _, found in groupby(cut, key=lambda s: s.label)]
    groups.sort(key=_chars, reverse=True)
    yield _table(_cut_row(group, page_text, action) for group in groups)


def _cut_row(group: Sequence[Segment], page_text: str, action: Action) -> tuple[Text, ...]:
    largest = max(group, key=lambda s: s.end - s.start)
    rule = largest.reasons[0].rule if largest.reasons else ""
    example = clip(page_text[largest.start : largest.end], 60)
    return (
        Text(largest.label, _ACTION_STYLE[action]),
        Text(f"{len(group)} ×", justify="right"),
        Text(counted(_chars(group), "char"), justify="right"),
        Text(rule, "dim"),
        Text(f"“{example}”", no_wrap=True, overflow="ellipsis"),
    )


def _findings(result: Result) -> Iterator[RenderableType]:
    reasons = [(Text("verdict", "dim"), Text(clip(r.message, 200))) for r in result.verdict.reasons]
    checks = [
        (Text(f"{m.field}: {m.code}", _SEVERITY_STYLE[m.severity]), Text(clip(m.message, 200)))
        for m in result.validation
    ]
    if reasons or checks:
        yield Text.assemble("  ", ("Why", "bold"))
        yield _table([*reasons, *checks])


def _table(rows: Iterable[tuple[Text, ...]]) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.pad_edge = True
    for row in rows:
        grid.add_row(Text("  "), *row)
    return grid


def _chars(group: Iterable[Segment]) -> int:
    return sum(segment.end - segment.start for segment in group)


def _row(segment: Segment, text: str) -> Text:
    label = {Action.KEPT: "", Action.FLAGGED: f"{segment.label}?"}.get(segment.action, segment.label.value)
    style = _ACTION_STYLE[segment.action]
    return Text.assemble((f"{label:{_GUTTER}} | ", style), (clean_line(text), style), end="")


def clean_line(text: str) -> str:
    """Text that can be shown on a terminal without steering it."""
    return text.translate(_UNSEEN)
