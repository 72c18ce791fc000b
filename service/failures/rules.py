"""scene -> the failed fetch that a family of notices makes of it, or None: one rule a family."""

from collections.abc import Callable, Mapping
from typing import Final

from schemas.verdict import Decision, PageType, VerdictReason
from service import rows
from service.detector import counted
from service.failures import claims, notices
from service.failures.markup import Markup
from service.failures.notices import Sentence
from service.failures.phrases import ADDRESS
from service.failures.reasons import Failure, reason, said, shown, sureness
from service.failures.scene import BARE, BRIEF, LONGEST_ASIDE, THIN, Scene, Tally, tally
from service.folding import fold
from service.stops import TERMINALS

TOLD: Final = 3  # so many sentences that a wall has no use for tell something
BRIEFEST: Final = 5
ARTICLE: Final = 2  # marks of an article, with `TOLD` sentences, from which it is about notices
REPORTING: Final = 2  # sentences that speak to nobody, which are one mark more
EARLY: Final = 30  # words of other running text that a notice above a site's teasers comes after, at most
ROW: Final = 2, 90  # paragraphs, and words, that follow each other in teasers


def _refused(scene: Scene, *statuses: int) -> bool:
    """Whether the crawler got one of some HTTP statuses."""
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
    """A check that its reader is no program, and little beside it."""
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
    return Failure(
        PageType.BOT_CHALLENGE, Decision.RESCRAPE, sureness(t, 0.8), said("bot_challenge", t, scene)
    )


def _challenge(scene: Scene, m: Markup, t: Tally) -> tuple[VerdictReason, ...]:
    """The reasons to call a page that shows next to nothing a challenge by its markup; empty without any."""
    if m.bot is not None and (t.strong or (m.furniture <= 8 and scene.total <= BARE)):
        known = reason("challenge_markup", f"The markup is that of a challenge by {m.bot}.")
        if t.strong:
            return (known, *said("bot_challenge", t, scene))
        return (known, *shown("no_text", "There is nothing to read.", scene))
    bare = not scene.total and m.scripts and not m.links and m.furniture <= 1 and not m.title
    if bare and (m.hidden_code or m.sets_cookie):
        return shown("hidden_program", "One program that nobody can read, neither title nor text.", scene)
    if m.sets_cookie and m.size < 20_000 and scene.total <= THIN and m.links <= 1:
        return shown("cookie_check", "A program sets a cookie and loads the page again.", scene)
    return ()


def _consent(scene: Scene) -> Failure | None:
    """A consent bar with its buttons, and no text below it."""
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
    return Failure(
        PageType.CONSENT_WALL, Decision.RESCRAPE, sureness(t, 0.75), said("consent_wall", t, scene)
    )


def _plain(sentence: Sentence, family: str) -> bool:
    """Whether it is a sentence of the kept text without a word of a family."""
    spoken = sentence.kept and sentence.closed and sentence.units >= BRIEFEST
    return spoken and all(m.family != family for m in sentence.met)


def _login(scene: Scene) -> Failure | None:
    """A form to log in with, or the demand to, and a page that is about nothing else."""
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
    return Failure(PageType.LOGIN_WALL, Decision.REJECT, sureness(t, 0.72), said("login_wall", t, scene))


def _paywall(scene: Scene) -> Failure | None:
    """An offer to subscribe below the beginning of a text, or below none."""
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
    return Failure(PageType.PAYWALL, Decision.REJECT, sureness(t, 0.74), said("paywall", t, scene))


def _broken_off(scene: Scene) -> bool:
    """Whether the kept text before the last notice breaks off in the middle of a sentence."""
    told = [i for i, s in enumerate(scene.sentences) if s.strong("paywall")]
    before = scene.sentences[: told[-1]] if told else scene.sentences
    kept = [s for s in before if s.kept and s.units >= 8 and not s.strong("paywall")]
    if not kept:
        return True
    end = kept[-1].text.rstrip("\"')]» ")
    return end.endswith(("…", "...")) or end[-1:] not in TERMINALS


def _error(scene: Scene) -> Failure | None:
    """A notice of an error, alone or above a site's teasers; a domain that is for sale."""
    t = tally(scene, "error")
    m = scene.markup
    parked = "parked_domain" in t.lists and (t.strong >= 2 or (m is not None and m.parked is not None))
    if m is not None and m.parked is not None and scene.running <= BARE and scene.total <= BRIEF:
        reasons = (reason("parked_markup", f"The markup is that of {m.parked}."),)
        return Failure(PageType.ERROR_PAGE, Decision.REJECT, 0.9, reasons + said("parked_domain", t, scene))
    seen = scene.status is not None and scene.status >= 400
    points = 2 * t.strong + min(t.weak, 3) + 2 * seen + t.headed
    if not t.strong or points < 4:
        return None
    if parked:
        # small print about prices and offers surrounds the notice
        if t.rest > (300 if t.headed else 150) or t.loose > 500 or t.notice < 10:
            return None
        return Failure(PageType.ERROR_PAGE, Decision.REJECT, 0.85, said("parked_domain", t, scene))
    if not (_alone(scene, t, seen=seen) or _above_teasers(scene, seen=seen)):
        return None
    if _about(scene, "error", ARTICLE + seen):
        return None
    return Failure(PageType.ERROR_PAGE, Decision.RESCRAPE, sureness(t, 0.7), said(t.lists[0], t, scene))


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
    """A page that needs scripts to show its text, or that only moves its reader on."""
    t = tally(scene, "script")
    m = scene.markup
    if t.strong and t.rest <= 12 and t.loose <= BARE and 2 * t.strong + t.weak + bool(m) >= 3:
        return Failure(
            PageType.SCRIPT_SHELL,
            Decision.RESCRAPE,
            sureness(t, 0.6 if t.strong < 2 else 0.72),
            said("script_shell", t, scene),
        )
    if m is None or scene.running > 20 or scene.total > BARE or len(m.without_script) > LONGEST_ASIDE:
        return None
    if m.refresh is not None or (m.moves and m.size < 6_000 and not m.sources and m.furniture <= 2):
        message = "The page only sends its reader elsewhere."
        return Failure(PageType.EMPTY, Decision.RESCRAPE, 0.85, shown("redirect_stub", message, scene))
    if m.scripts or m.frames or m.furniture >= 3:
        message = f"{counted(m.scripts, 'script')} and {counted(m.frames, 'frame')}, and no text of its own."
        return Failure(PageType.SCRIPT_SHELL, Decision.RESCRAPE, 0.5, shown("script_shell", message, scene))
    return None


def _redirect(scene: Scene) -> Failure | None:
    """A page whose words send its reader elsewhere."""
    t = tally(scene, "redirect")
    alone = t.buttons and t.headed  # a line that says nothing else, near the top
    if not t.strong or t.rest > (60 if alone else 20) or t.loose > 120:
        return None
    if 2 * t.strong + t.weak < 3 and scene.total > THIN:
        return None
    return Failure(PageType.EMPTY, Decision.RESCRAPE, sureness(t, 0.55), said("redirect_stub", t, scene))


def _viewer(scene: Scene) -> Failure | None:
    """A frame around a document or a player, without what it shows."""
    t = tally(scene, "viewer")
    if not t.strong or t.rest > 20 or t.loose > 40 or scene.total > BARE:
        return None
    return Failure(PageType.SCRIPT_SHELL, Decision.REJECT, sureness(t, 0.55), said("viewer_shell", t, scene))


def thin(scene: Scene) -> Failure | None:
    """A page that holds next to nothing, whatever it says: asked where no family's rule holds."""
    if scene.total > THIN:
        return None
    if scene.status is not None and scene.status >= 400:
        message = f"The crawler got HTTP status {scene.status}, and the page shows next to nothing."
        return Failure(PageType.ERROR_PAGE, Decision.RESCRAPE, 0.7, shown("source_status", message, scene))
    if not scene.total:
        return None
    at = [s for s in scene.sentences if s.start is not None]
    held = reason("thin_page", f"The page holds {counted(scene.total, 'word')}.", at[0].start, at[-1].end)
    return Failure(PageType.EMPTY, Decision.REJECT, 0.7, (held,))


# In the order in which equals win
RULES: Final[Mapping[str, Callable[[Scene], Failure | None]]] = {
    "bot": _bot,
    "consent": _consent,
    "login": _login,
    "paywall": _paywall,
    "error": _error,
    "script": _script,
    "redirect": _redirect,
    "viewer": _viewer,
}
