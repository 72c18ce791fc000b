"""page, markup, spans -> the page as the rules see it, and what a family's words come to on it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schemas.article import Article
from schemas.labels import Action, Label
from service.document import Page, Span
from service.failures import notices
from service.failures.markup import Markup
from service.failures.notices import Sentence
from service.failures.phrases import ADDRESS, EITHER, WEAK, Met

# In words as if all scripts were spaced, see `notices.units`. Of 40 failed fetches and 3,800 pages with a
# gold text that were looked at, the first have next to no running text beside the notice.
THIN: Final = 25  # a page of so few words holds no article
BARE: Final = 60  # next to nothing is shown: what the markup tells may decide
BRIEF: Final = 150  # from so much running text on, the markup of a page is no longer asked
LONGEST_ASIDE: Final = 1_000  # characters; a longer text for readers without scripts is the page itself


@dataclass(frozen=True, slots=True)
class Scene:
    """The page as the rules see it; all lengths in words."""

    sentences: tuple[Sentence, ...]
    """Of the page."""
    aside: tuple[Sentence, ...]
    """Of its title and of what it says where scripts don't run."""
    total: int
    running: int
    """Of running text that was kept."""
    markup: Markup | None
    status: int | None
    reported: bool
    """Whether it carries an article's marks: a headline with a date or an author, and paragraphs."""
    article: Article
    page: Page
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Tally:
    """What a family's words come to."""

    family: str
    strong: int
    """Different telling rules met."""
    weak: int
    lists: tuple[str, ...]
    notice: int
    """Words of the sentences that hold a notice."""
    rest: int
    """Words of kept running text that hold none."""
    loose: int
    """Words of kept text that hold none."""
    addressed: bool
    headed: bool
    """Whether the title, the headline or one of the first lines is the notice."""
    buttons: int
    """Notices that are all a line says."""
    last: bool
    """Whether the notice stands after the kept running text."""
    evidence: Sentence | None


def scene_of(
    found: Markup | None,
    page: Page,
    spans: Sequence[Span],
    sentences: tuple[Sentence, ...],
    article: Article,
    status: int | None,
) -> Scene:
    """The page as the rules see it. `found`: its markup, where that is asked."""
    running = sum(s.units for s in sentences if s.kept and s.running)
    aside: tuple[Sentence, ...] = ()
    if found is not None:
        aside = notices.of_text(found.title)
        if len(found.without_script) <= LONGEST_ASIDE:
            aside += notices.of_text(found.without_script)
    labels = {span.label for span in spans if span.action is Action.LIFTED}
    signed = bool(labels & {Label.DATELINE, Label.BYLINE, Label.SOURCE_CREDIT})
    return Scene(
        sentences=sentences,
        aside=aside,
        total=sum(s.units for s in sentences),
        running=running,
        markup=found,
        status=status,
        reported=signed and article.headline is not None and running >= BARE,
        article=article,
        page=page,
        spans=spans,
    )


def tally(scene: Scene, family: str) -> Tally:
    """Count what a family's words come to on a page."""
    everything = scene.sentences + scene.aside
    telling = (m for s in everything for m in s.met if m.family != ADDRESS and m.listed != WEAK)
    languages = {m.language for m in telling} | {"und"}
    strong: dict[tuple[str, str], None] = {}
    weak: set[str] = set()
    notice = rest = loose = buttons = 0
    evidence: Sentence | None = None
    addressed = headed = False
    last_notice = last_running = -1
    first_lines = 0
    for i, s in enumerate(everything):
        told = s.strong(family)
        faint = {
            m.phrase for m in s.met if m.family == family and m.listed == WEAK and m.language in languages
        }
        weak |= faint
        spoken = [m for m in s.met if m.family == ADDRESS and m.language in languages]
        speaks = bool(spoken)
        if family in _REPORTED and _reports(s, told, spoken):
            told, faint = (), set()
        if told or (len(faint) >= 2 and s.units <= notices.LONGEST):
            notice += s.units
            addressed |= speaks
            last_notice = i
        elif s.kept:
            loose += s.units
            if s.running:
                rest += s.units
                last_running = i
        if told:
            strong.update(((m.listed, f"{m.language}:{m.phrase}"), None) for m in told)
            evidence = evidence if evidence and evidence.start is not None else s
            buttons += s.units <= 5
            headed |= s.start is None or s.lifted or first_lines < 12
        first_lines += s.units > 0
    return Tally(
        family=family,
        strong=len(strong),
        weak=len(weak),
        lists=tuple(dict.fromkeys(listed for listed, _ in strong)),
        notice=notice,
        rest=rest,
        loose=loose,
        addressed=addressed,
        headed=headed,
        buttons=buttons,
        last=last_notice > last_running,
        evidence=evidence,
    )


_REPORTED: Final = frozenset({"consent", "paywall"})
"""Families whose words articles use, too: there a long sentence that speaks to nobody is no notice, nor one
that quotes what a notice says."""
_QUOTED: Final = re.compile(r'"[^"]+"')


def _reports(sentence: Sentence, told: Sequence[Met], spoken: Sequence[Met]) -> bool:
    """Whether an article tells of a notice there; `spoken`: words of it that speak to the reader."""
    if not (sentence.kept and sentence.closed):
        return False
    quoted = " ".join(_QUOTED.findall(sentence.text))
    own = _QUOTED.sub(" ", sentence.text) if quoted else sentence.text
    if any(m.listed != EITHER and m.phrase in own for m in spoken):
        return False
    return sentence.units >= notices.RUNNING or (bool(quoted) and all(m.phrase in quoted for m in told))
