"""What a broken template, a script or a paste left in the text.

Finds:
    One to three Latin capitals glued to the front of a line in another script; template variables that
    were never filled; lines of script, style sheet or JSON on a page of prose; lines that hold only
    orphan tags, brackets, entities, replacement or control characters; "Loading…" alone.

Keeps:
    Brand names written together with the article's script, weapons and viruses with numbers, code on
    pages that explain code.

Signals:
    Shape, and the position at the beginning of a line or alone on it; neighbours of the same kind.

Rules:
    glued_capitals: Stray Latin capitals stick to the first word of a line in another script.
    template: A template's variable was never filled.
    loading: "Loading …" is all the line says.
    script: A line of script, style sheet or JSON.
    lone_mark: Nothing but a bracket, a slash or the like.
    nothing: What programs write for nothing: "undefined", "null", "[object Object]".
    control: Nothing but replacement or control characters.
    mark_up: Nothing but tags, entities or comment marks.
    token: One long string of letters and digits, such as a key or a checksum.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from schemas.labels import Label
from service.detector import Hits, clip
from service.document import LINE_BEGINS, Block, Finding, Page, Signal

# The same capital twice or thrice, or one alone: what an icon font or a text-size button leaves. Two
# different capitals may be an abbreviation that the writer glued on.
_GLUED: Final = re.compile(
    r"(?P<stray>[A-Z]{1,3})(?=[\u0590-\u05ff\u0620-\u064a\u066e-\u06d3\u0400-\u04ff\u0900-\u0dff]{2})"
)
# Only a page that holds one of these is searched for scripts.
_SCRIPT_MARKS: Final = (
    "{", "window.", "document.", "dataLayer", "googletag", "adsbygoogle", "var ", "gtag(", "fbq(", "ga(",
    "$(", "jQuery(", "[CDATA", "]]>", "<script", "<style", "<iframe", "<noscript", "<link", "<meta",
)  # fmt: skip
# Each match of `_SCRIPT` holds one of these; to look for them first takes a tenth of the time.
_SCRIPT_PARTS: Final = ("var", "!function(", "})()", *(m for m in _SCRIPT_MARKS if m != "var "))
_TEMPLATE: Final = re.compile(
    r"\{\{[^{}\n]{0,80}\}\}|\$\{[\w.\[\]'\"() ]{1,60}\}|%[A-Z][A-Z0-9_]{2,40}%|\[object Object\]|"
    r"<%[^\n%]{0,80}%>|\[\[[\w.]{1,40}\]\]|\{%[^\n%]{0,80}%\}"
)
_NOTHING: Final = frozenset(
    (
        "undefined",
        "null",
        "nan",
        "[object object]",
        "none null",
        "undefined undefined",
        "(null)",
        "nil",
        "nan undefined",
    )
)
_SCRIPT: Final = re.compile(
    r"function\s*\w{0,40}\s*\([^)\n]{0,80}\)\s*\{|\bwindow\.\w+\s*(?:=|\.push|\|\|)|\bdocument\.(?:write|getElementById|createElement|querySelector)\s*\(|"
    r"\bdataLayer\b|\bgoogletag\.|\(adsbygoogle|\bvar\s+\w{1,30}\s*=|\bgtag\(|\bfbq\(|\bga\(['\"]|\$\(document\)|jQuery\(|<!\[CDATA\[|\]\]>|"
    r"[.#][\w-]{2,40}(?:\s+[.#]?[\w-]{1,40}){0,3}\s*\{[^}\n]{0,400}[:;]|@media\s*[^{\n]{0,60}\{|^\s*\{\s*\"[@\w-]{1,40}\"\s*:|!function\(|\}\)\(\)|"
    r"<(?:script|style|iframe|noscript|link|meta)\b"
)
_CODE: Final = re.compile(
    r"[;{}]\s*$|^\s*(?:[$#>]|>>>)\s+\w|^\s*(?:import|from|def|class|return|const|let|var|public|private|#include|if|for|while)\b.*[:;({]\s*$|"
    r"=>|::|\)\s*\{|</?[a-zA-Z][\w-]*(?:\s[^>]{0,80})?>"
)
_TAGS: Final = re.compile(
    r"(?:\s*(?:</?[a-zA-Z][\w-]{0,15}(?:\s[^<>]{0,200})?/?>|&(?:[a-zA-Z]{2,8}|#\d{2,5});|<!--|-->)\s*){1,20}"
)
_CONTROL: Final = re.compile(
    r"[\ufffd\ufffc\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufffe\uffff\ue000-\uf8ff\s?]+"
)
_TOKEN: Final = re.compile(
    r"(?=[^\s]*\d)(?=[^\s]*[a-f])[0-9a-f]{24,128}|(?=[^\s]*\d)(?=[^\s]*[A-Z])[A-Za-z0-9+/]{60,}={0,2}"
)
_LONE: Final = frozenset("[]{}()<>|\\/_^~`¦")

# A page with this many code-like lines explains code, and keeps all of it.
CODE_LINES: Final = 3
MAX_SCRIPT: Final = 4_000
MAX_STRAYS: Final = 50


def find(page: Page, hits: Hits) -> Iterator[Finding]:
    """Glued capitals, unfilled templates, residue of scripts and mark-up."""
    yield from _glued(page)
    if "{" in page.text or "%" in page.text or "[" in page.text:
        yield from _templates(page)
    yield from _residue(page)
    for index in sorted(hits.by_block):
        block = page.blocks[index]
        if hits.whole(block, "loading") and page.line(block).first == page.line(block).last:
            dotted = block.text.rstrip().endswith(("...", "…")) or len(hits.by_block) > 1
            yield _whole(block, "loading", 0.82 if dotted else 0.58, {Signal.PHRASE, Signal.SHAPE})


def _glued(page: Page) -> Iterator[Finding]:
    opening = (page.blocks[line.first] for line in page.lines)
    candidates = ((b.start, _GLUED.match(b.text)) for b in opening if "A" <= b.text[0] <= "Z")
    met = [(start, m["stray"]) for start, m in candidates if m is not None]
    counts = Counter(stray for _, stray in met)
    # an abbreviation of this page is written elsewhere, too; only a hostile page has many kinds
    elsewhere = {stray: page.text.count(stray) > times + 1 for stray, times in counts.most_common(MAX_STRAYS)}
    for start, stray in met:
        same = len(set(stray)) == 1
        # one letter may be a plan B or a vitamin; it needs company
        confidence = 0.82 if same and len(stray) > 1 else 0.5
        if elsewhere.get(stray, True):
            confidence = min(confidence, 0.5)
        yield Finding(
            start,
            start + len(stray),
            Label.ARTIFACT,
            confidence,
            "artifact.glued_capitals",
            clip(page.text[start : start + 20]),
            frozenset({Signal.SHAPE, Signal.POSITION}),
        )


def _templates(page: Page) -> Iterator[Finding]:
    """Unfilled variables: the whole block where it says nothing else, else the variable alone."""
    met = list(_TEMPLATE.finditer(page.text))
    if not met:
        return
    code = _explains_code(page)
    starts = [b.start for b in page.blocks]
    for index, group in groupby(met, key=lambda m: bisect_right(starts, m.start()) - 1):
        block = page.blocks[index]
        alone = sum(c.isalpha() for c in _TEMPLATE.sub("", block.text)) <= 3
        confidence = (0.9 if alone else 0.64) - (0.4 if code else 0.0)
        if alone:
            yield _whole(block, "template", confidence, {Signal.SHAPE, Signal.POSITION})
            continue
        for m in group:
            yield Finding(
                m.start(), min(m.end(), block.end), Label.ARTIFACT, min(confidence, 0.5), "artifact.template",
                clip(m[0]), frozenset({Signal.SHAPE}),
            )  # fmt: skip


def _residue(page: Page) -> Iterator[Finding]:
    forms = [(b, *form) for b in page.blocks if (form := _form(b)) is not None]
    if any(mark in page.text for mark in _SCRIPT_MARKS):
        known = {b.index for b, *_ in forms}
        parts = [part for part in _SCRIPT_PARTS if part in page.text]
        forms += [
            (b, "script", 0.84 if _dense(b.text) else 0.4)
            for b in page.blocks
            if any(part in b.text for part in parts)
            and b.index not in known
            and len(b.text) < MAX_SCRIPT
            and _SCRIPT.search(b.text)
        ]
    code = any(rule in _CODED for _, rule, _ in forms) and _explains_code(page)
    for block, rule, confidence in forms:
        lowered = 0.4 if code and rule in _CODED else 0.0
        yield _whole(block, rule, confidence - lowered, {Signal.SHAPE, Signal.POSITION})


_CODED: Final = ("lone_mark", "mark_up", "script")


def _form(block: Block) -> tuple[str, float] | None:
    """What kind of residue a block is, by its own look, and how surely."""
    text = block.text
    size = len(text)
    if size <= 3 and text[0] in _LONE and all(c in _LONE for c in text):
        return "lone_mark", 0.66 if text[0] in "{}[]" and block.cut in LINE_BEGINS else 0.45
    if size <= 20 and block.folded in _NOTHING:
        return "nothing", 0.8
    if not block.letters and not block.digits and _CONTROL.fullmatch(text) and text.strip("? \t"):
        return "control", 0.9
    if text[0] in "<&-" and size < 2_000 and _TAGS.fullmatch(text):
        return "mark_up", 0.85
    if block.words <= 2 and size >= 24 and _TOKEN.fullmatch(text):
        return "token", 0.78
    return None


def _dense(text: str) -> bool:
    """Whether every twelfth character is a sign that scripts are made of."""
    return sum(map(text.count, "{}();=<>\"':")) * 12 >= len(text)


def _explains_code(page: Page) -> bool:
    """Whether code stands between prose: several code-like lines, not all of them scripts of the page."""
    count = 0
    for line in page.lines:
        if line.end - line.start < 300:
            text = page.text[line.start : line.end]
            count += bool(_CODE.search(text)) and not _TEMPLATE.fullmatch(text.strip())
            if count >= CODE_LINES:
                return True
    return False


def _whole(block: Block, rule: str, confidence: float, signals: set[Signal]) -> Finding:
    return Finding(
        block.start,
        block.end,
        Label.ARTIFACT,
        confidence,
        f"artifact.{rule}",
        clip(block.text),
        frozenset(signals),
    )
