"""page, markup, spans, status -> the failed fetch a page is, or None.

A phrase alone never decides. Every kind of failure asks for three things to agree: words (several of a
family's rules, or markup that only such pages have), form (how much other text is left, and of what
kind), and, where the page is long for its kind, how the words speak to the reader. The HTTP status that
the crawler saw is one more signal.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.article import Article
from schemas.labels import Action, Label
from schemas.verdict import Decision, PageType, VerdictReason
from service import rows, runs
from service.detector import clip, counted
from service.document import Decoded, MediaKind, Page, Span
from service.failures import claims, garbage, markup, notices, phrases
from service.failures.markup import Markup
from service.failures.notices import Sentence
from service.failures.phrases import ADDRESS, EITHER, WEAK, Met
from service.folding import fold
from service.words import folded

# In words as if all scripts were spaced, see `notices.units`. Of 40 failed fetches and 3,800 pages with a
# gold text that were looked at, the first have next to no running text beside the notice.
THIN: Final = 25  # a page of so few words holds no article
BARE: Final = 60  # next to nothing is shown: what the markup tells may decide
LONGEST_ASIDE: Final = 1_000  # characters; a longer text for readers without scripts is the page itself
TOLD: Final = 3  # so many sentences that a wall has no use for tell something
BRIEFEST: Final = 5
ARTICLE: Final = 2  # marks of an article, with `TOLD` sentences, from which it is about notices
REPORTING: Final = 2  # sentences that speak to nobody, which are one mark more
EARLY: Final = 30  # words of other running text that a notice above a site's teasers comes after, at most
ROW: Final = 2, 90  # paragraphs, and words, that follow each other in teasers
BRIEF: Final = 150  # from so much running text on, the markup of a page is no longer asked


@dataclass(frozen=True, slots=True)
class Failure:
    """What was fetched instead of an article."""

    page_type: PageType
    decision: Decision
    confidence: float
    reasons: tuple[VerdictReason, ...]


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


def find(
    decoded: Decoded, page: Page, spans: Sequence[Span], article: Article, status: int | None
) -> Failure | None:
    """The failed fetch a page is; None for a page that is what it should be, however good or bad."""
    if decoded.kind is MediaKind.BINARY:
        return None
    junk = garbage.recognise(page.text if decoded.kind is not MediaKind.HTML else _start(decoded, page))
    if junk is None:
        junk = garbage.made_up(article.articleBody) if page.first_prose >= 0 else None
    if junk is not None:
        kind, decision = PageType.OTHER, Decision.REJECT
        if junk.error:
            kind, decision = PageType.ERROR_PAGE, Decision.RESCRAPE
        return Failure(kind, decision, 0.9, (_reason(junk.code, junk.message, *_extent(page)),))
    size = sum(runs.outline(page).units)
    if size > notices.MAX_UNITS:
        return None
    hinted = phrases.hinted(folded(page).text) if page.blocks else frozenset[str]()
    # blocks and sentences count words in slightly different ways
    if decoded.kind is MediaKind.TEXT and not hinted and size > 4 * THIN:
        return None  # without a word of a notice, only markup could tell
    sentences = notices.read(page, spans, {*hinted, phrases.ADDRESS} if hinted else ())
    running = sum(s.units for s in sentences if s.kept and s.running)
    if running >= notices.MAX_UNITS // 2:
        return None
    asked: Collection[str] = hinted
    found = None
    if decoded.kind is MediaKind.HTML and running < BRIEF:
        asked, found = _RULES, markup.read(decoded.text)
        sentences = notices.read(page, spans, phrases.FAMILIES)
    scene = _scene(found, page, spans, sentences, article, status)
    told = (rule(scene) for family, rule in _RULES.items() if family in asked)
    failures = [failure for failure in told if failure is not None]
    return max(failures, key=lambda f: f.confidence) if failures else _thin(scene)


def _start(decoded: Decoded, page: Page) -> str:
    """A feed that was taken for HTML shows in its source, garbled text in what is left of it."""
    head = decoded.text[:2_000]
    return head if garbage.is_feed(head) else page.text


def _extent(page: Page) -> tuple[int | None, int | None]:
    return (page.blocks[0].start, page.blocks[-1].end) if page.blocks else (None, None)


def _scene(
    found: Markup | None,
    page: Page,
    spans: Sequence[Span],
    sentences: tuple[Sentence, ...],
    article: Article,
    status: int | None,
) -> Scene:
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
    if not (sentence.kept and sentence.closed):
        return False
    quoted = " ".join(_QUOTED.findall(sentence.text))
    own = _QUOTED.sub(" ", sentence.text) if quoted else sentence.text
    if any(m.listed != EITHER and m.phrase in own for m in spoken):
        return False
    return sentence.units >= notices.RUNNING or (bool(quoted) and all(m.phrase in quoted for m in told))


def _reason(code: str, message: str, start: int | None = None, end: int | None = None) -> VerdictReason:
    return VerdictReason(code=code, message=message, start=start, end=end)


def _said(code: str, t: Tally, scene: Scene) -> tuple[VerdictReason, ...]:
    """The reasons that words give, each with the stretch it rests on."""
    reasons = []
    if t.evidence is not None:
        where = "" if t.evidence.start is not None else " (in its title or for readers without scripts)"
        quoted = clip(t.evidence.text, 100)
        reasons.append(_reason(code, f"The page says: “{quoted}”{where}.", t.evidence.start, t.evidence.end))
    shape = f"{counted(t.rest, 'word')} of other running text beside {t.notice} of the notice"
    reasons.append(_reason(f"{code}.shape", shape + "."))
    if scene.status is not None and scene.status >= 400:
        reasons.append(_reason("source_status", f"The crawler got HTTP status {scene.status}."))
    return tuple(reasons)


def _shown(code: str, message: str, scene: Scene) -> tuple[VerdictReason, ...]:
    return (
        _reason(code, message),
        _reason(f"{code}.shape", f"The page shows {counted(scene.total, 'word')}."),
    )


def _refused(scene: Scene, *statuses: int) -> bool:
    return scene.status is not None and scene.status in statuses


def _about(scene: Scene, family: str, least: int = ARTICLE) -> bool:
    """Whether the page is an article about such notices: it looks like one, and tells something."""
    spoken = [s for s in scene.sentences if s.kept and s.closed and s.units >= BRIEFEST]
    if len(spoken) < TOLD:
        return False
    marks = claims.marks(scene.page, scene.spans, scene.article, family)
    # notices speak to their reader, or briefly
    told = sum(s.units >= notices.RUNNING and all(m.family != ADDRESS for m in s.met) for s in spoken)
    return bool(marks) and len(marks) + (told >= REPORTING) >= least


def _bot(scene: Scene) -> Failure | None:
    t = tally(scene, "bot")
    m = scene.markup
    if m is not None and scene.running <= 30 and scene.total <= BRIEF:
        reasons = _challenge(scene, m, t)
        if reasons:
            return Failure(PageType.BOT_CHALLENGE, Decision.RESCRAPE, 0.98, reasons)
    extra = int(_refused(scene, 403, 429, 503)) + int(scene.total <= BARE)
    if not t.strong or 2 * t.strong + t.weak + extra < 4:
        return None
    room = 40 if t.strong < 3 or scene.reported or not t.addressed else min(40 + t.notice, 140)
    if t.rest > room or t.rest > max(15 + 10 * (scene.total <= BARE), 0.75 * t.notice):
        return None  # an article about checks says more than what checks say
    if t.loose > room + 60 or (t.notice + t.rest > 70 and not t.addressed) or _about(scene, "bot"):
        return None
    return Failure(PageType.BOT_CHALLENGE, Decision.RESCRAPE, _sure(t, 0.8), _said("bot_challenge", t, scene))


def _challenge(scene: Scene, m: Markup, t: Tally) -> tuple[VerdictReason, ...]:
    """The reasons to call a page that shows next to nothing a challenge by its markup; empty without any."""
    if m.bot is not None and (t.strong or (m.furniture <= 8 and scene.total <= BARE)):
        reason = _reason("challenge_markup", f"The markup is that of a challenge by {m.bot}.")
        said = _said("bot_challenge", t, scene) if t.strong else ()
        return (reason, *said) if said else (reason, *_shown("no_text", "There is nothing to read.", scene))
    bare = not scene.total and m.scripts and not m.links and m.furniture <= 1 and not m.title
    if bare and (m.hidden_code or m.sets_cookie):
        return _shown("hidden_program", "One program that nobody can read, neither title nor text.", scene)
    if m.sets_cookie and m.size < 20_000 and scene.total <= THIN and m.links <= 1:
        return _shown("cookie_check", "A program sets a cookie and loads the page again.", scene)
    return ()


def _consent(scene: Scene) -> Failure | None:
    t = tally(scene, "consent")
    known = scene.markup is not None and scene.markup.consent is not None
    if t.strong < 3 - known or not t.buttons or t.weak < 3:
        return None
    if t.notice + t.rest > 70 and not t.addressed:
        return None
    if sum(_plain(s, "consent") for s in scene.sentences) >= TOLD:
        return None  # a brief report beneath a banner
    room = 40 if scene.reported else max(40, min(t.notice // 4, 80))
    if t.rest > room or t.loose > room + 80 or t.notice < t.loose // 2:
        return None
    return Failure(PageType.CONSENT_WALL, Decision.RESCRAPE, _sure(t, 0.75), _said("consent_wall", t, scene))


def _plain(sentence: Sentence, family: str) -> bool:
    """Whether it is a sentence of the kept text without a word of a family."""
    spoken = sentence.kept and sentence.closed and sentence.units >= BRIEFEST
    return spoken and all(m.family != family for m in sentence.met)


def _login(scene: Scene) -> Failure | None:
    t = tally(scene, "login")
    m = scene.markup
    form = m is not None and m.password
    points = 2 * t.strong + min(t.weak, 3) + 3 * form + _refused(scene, 401, 403)
    if not t.strong or points < 5:
        return None
    # forms and "log in" stand in many pages' heads: the page must be about them
    titled = any(s.strong("login") for s in scene.aside) or _refused(scene, 401)
    if scene.reported or t.rest > (30 if t.strong > 2 else 20) or t.loose > (100 if titled else 45):
        return None
    if _about(scene, "login", 3):
        return None
    return Failure(PageType.LOGIN_WALL, Decision.REJECT, _sure(t, 0.72), _said("login_wall", t, scene))


def _paywall(scene: Scene) -> Failure | None:
    t = tally(scene, "paywall")
    m = scene.markup
    closed = m is not None and m.not_free
    points = 2 * t.strong + min(t.weak, 4) + 3 * closed + 2 * _refused(scene, 402)
    if not t.strong or points < 5 or not t.last:
        return None
    broken_off = _broken_off(scene)
    room = 60 if not (broken_off or closed) else 250
    if t.rest > room or (t.rest > 30 and t.strong + broken_off < 2):
        return None
    return Failure(PageType.PAYWALL, Decision.REJECT, _sure(t, 0.74), _said("paywall", t, scene))


def _broken_off(scene: Scene) -> bool:
    """Whether the kept text before the last notice breaks off in the middle of a sentence."""
    told = [i for i, s in enumerate(scene.sentences) if s.strong("paywall")]
    before = scene.sentences[: told[-1]] if told else scene.sentences
    kept = [s for s in before if s.kept and s.units >= 8 and not s.strong("paywall")]
    if not kept:
        return True
    end = kept[-1].text.rstrip("\"')]» ")
    return end.endswith(("…", "...")) or end[-1:] not in ".!?؟۔।。！？"


def _error(scene: Scene) -> Failure | None:
    t = tally(scene, "error")
    m = scene.markup
    parked = "parked_domain" in t.lists and (t.strong >= 2 or (m is not None and m.parked is not None))
    if m is not None and m.parked is not None and scene.running <= BARE and scene.total <= BRIEF:
        reasons = (_reason("parked_markup", f"The markup is that of {m.parked}."),)
        return Failure(PageType.ERROR_PAGE, Decision.REJECT, 0.9, reasons + _said("parked_domain", t, scene))
    seen = scene.status is not None and scene.status >= 400
    points = 2 * t.strong + min(t.weak, 3) + 2 * seen + t.headed
    if not t.strong or points < 4:
        return None
    if parked:
        # small print about prices and offers surrounds the notice
        if t.rest > (300 if t.headed else 150) or t.loose > 500 or t.notice < 10:
            return None
        return Failure(PageType.ERROR_PAGE, Decision.REJECT, 0.85, _said("parked_domain", t, scene))
    if not (_alone(scene, t, seen=seen) or _above_teasers(scene, seen=seen)):
        return None
    if _about(scene, "error", ARTICLE + seen):
        return None
    return Failure(PageType.ERROR_PAGE, Decision.RESCRAPE, _sure(t, 0.7), _said(t.lists[0], t, scene))


def _alone(scene: Scene, t: Tally, *, seen: bool) -> bool:
    """Whether the page holds little beside the notice of an error; `seen`: its status tells the same."""
    room = 40 if scene.reported or not t.headed else 40 + 20 * seen
    sure = seen or any(s.strong("error") for s in scene.aside)
    many = 300 if t.headed and (t.strong >= 2 or seen) else 80
    if t.rest > max(15, t.notice) + 20 * sure or t.rest > room or t.loose > many:
        return False
    return t.notice + t.rest <= 70 or t.addressed or seen


def _above_teasers(scene: Scene, *, seen: bool) -> bool:
    """Whether the page is called by a notice, says so once at its top, and goes on with what else there is.

    A site's pages of errors often list its latest articles: no text of their own, but not little either.
    """
    titled = claims.wholly(claims.title(scene.page), "error")
    names = list(claims.headings(scene.page, scene.spans, scene.article))
    headed = any(claims.wholly(name, "error") for name in names)
    if not headed and (not titled or any(notices.units(fold(name)) > claims.NAMED for name in names)):
        return False
    dated, signed = scene.article.datePublishedRaw is not None, bool(scene.article.authors)
    if (dated and not (titled and headed)) or (signed and not (titled and headed and seen)):
        return False
    told = [i for i, s in enumerate(scene.sentences) if s.strong("error") and not s.lifted]
    further = any(scene.sentences[i].running or scene.sentences[i].closed for i in told)
    before = scene.sentences[: told[-1]] if told else ()
    if titled + headed + seen + further < 2 or sum(s.units for s in before if _runs(s)) > EARLY:
        return False
    longest = rows.longest(scene.page, scene.spans)
    return longest.paragraphs <= ROW[0] and longest.words <= ROW[1]


def _runs(sentence: Sentence) -> bool:
    """Whether it is running text that was kept and holds no notice of an error."""
    return sentence.kept and sentence.running and not sentence.strong("error")


def _script(scene: Scene) -> Failure | None:
    t = tally(scene, "script")
    m = scene.markup
    if t.strong and t.rest <= 12 and t.loose <= BARE and 2 * t.strong + t.weak + bool(m) >= 3:
        return Failure(
            PageType.SCRIPT_SHELL,
            Decision.RESCRAPE,
            _sure(t, 0.6 if t.strong < 2 else 0.72),
            _said("script_shell", t, scene),
        )
    if m is None or scene.running > 20 or scene.total > BARE or len(m.without_script) > LONGEST_ASIDE:
        return None
    if m.refresh is not None or (m.moves and m.size < 6_000 and not m.sources and m.furniture <= 2):
        message = "The page only sends its reader elsewhere."
        return Failure(PageType.EMPTY, Decision.RESCRAPE, 0.85, _shown("redirect_stub", message, scene))
    if m.scripts or m.frames or m.furniture >= 3:
        message = f"{counted(m.scripts, 'script')} and {counted(m.frames, 'frame')}, and no text of its own."
        return Failure(PageType.SCRIPT_SHELL, Decision.RESCRAPE, 0.5, _shown("script_shell", message, scene))
    return None


def _redirect(scene: Scene) -> Failure | None:
    t = tally(scene, "redirect")
    alone = t.buttons and t.headed  # a line that says nothing else, near the top
    if not t.strong or t.rest > (60 if alone else 20) or t.loose > 120:
        return None
    if 2 * t.strong + t.weak < 3 and scene.total > THIN:
        return None
    return Failure(PageType.EMPTY, Decision.RESCRAPE, _sure(t, 0.55), _said("redirect_stub", t, scene))


def _viewer(scene: Scene) -> Failure | None:
    t = tally(scene, "viewer")
    if not t.strong or t.rest > 20 or t.loose > 40 or scene.total > BARE:
        return None
    return Failure(PageType.SCRIPT_SHELL, Decision.REJECT, _sure(t, 0.55), _said("viewer_shell", t, scene))


def _thin(scene: Scene) -> Failure | None:
    if scene.total > THIN:
        return None
    if scene.status is not None and scene.status >= 400:
        message = f"The crawler got HTTP status {scene.status}, and the page shows next to nothing."
        return Failure(PageType.ERROR_PAGE, Decision.RESCRAPE, 0.7, _shown("source_status", message, scene))
    if not scene.total:
        return None
    at = [s for s in scene.sentences if s.start is not None]
    reason = _reason("thin_page", f"The page holds {counted(scene.total, 'word')}.", at[0].start, at[-1].end)
    return Failure(PageType.EMPTY, Decision.REJECT, 0.7, (reason,))


_RULES: Final = {
    "bot": _bot,
    "consent": _consent,
    "login": _login,
    "paywall": _paywall,
    "error": _error,
    "script": _script,
    "redirect": _redirect,
    "viewer": _viewer,
}


def _sure(t: Tally, least: float) -> float:
    """More rules and less other text make a verdict surer."""
    return round(
        min(0.97, least + 0.03 * min(t.strong, 5) + 0.01 * min(t.weak, 5) - 0.001 * min(t.rest, 100)), 3
    )
