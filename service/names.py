"""What stands where a page names its author -> names of people: split, turned around, or none at all."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from service.detector import phrases
from service.folding import fold
from service.titles import name_like

# "And" between two names, in the languages bylines are read in and with a space on both sides
_AND: Final = (
    "and", "und", "et", "y", "e", "en", "och", "og", "ja", "i", "a", "és", "și", "şi", "и", "і", "та", "ve",
    "και", "و", "ו", "और", "dan", "và", "dhe", "ir", "და", "և", "&",
)  # fmt: skip
# ... and in capitals, or as titles are set. No single letter, which may be a middle name, and none that
# is a name itself: Dan, En, Ja, Ve
_SET: Final = ("AND", "And", "UND", "Und", "ET", "Et", "OCH", "OG", "ΚΑΙ")
_ANY: Final = "|".join(map(re.escape, (*_AND, *_SET)))
_LIST: Final = re.compile(rf",\s+(?:(?:{_ANY})\s+)?")
_LAST: Final = re.compile(rf",?\s+(?:{_ANY})\s+")
_SEMICOLON: Final = re.compile(r"\s*;\s*")
# What stands in brackets behind a name: a place, an office, a signature
_ASIDE: Final = re.compile(r"\s*[(（][^()（）]*[)）]\s*")
# Before these a name ends: a dash, or the place it is written in and the house it is written for
_BEHIND: Final = re.compile(r"\s[—–-]+\s+|\s(?:in|em|for|für|pour|para)\s+(?:the\s+)?")
# Shorter words of a name in capitals are initials; behind one, titles: J. K. Rowling, ANN LEE Jr
MIN_SET: Final = 3
# One word may be a first name that shares the last name behind it, or half of a title
MIN_WORDS: Final = 2
MAX_PERSON: Final = 4
MAX_LIST: Final = 300
# Words of a phrase that opens a byline
MAX_PHRASE: Final = 4
# From here on scripts part no words, or few: a name has at most so many letters in one
UNPARTED: Final = "\u2e80"
MAX_UNPARTED: Final = 6
# A word before a name without the space, and letters that no name has: ByIda, ChatGPT
_GLUED: Final = re.compile(r"^By[A-Z]|[a-z][A-Z]{2}")
# Words of names that are set small
_PARTICLES: Final = frozenset((
    "de", "da", "di", "do", "dos", "das", "du", "del", "della", "van", "von", "der", "den", "la", "le", "el",
    "al", "bin", "ibn", "y", "e", "ter", "ten", "zu", "af", "av",
))  # fmt: skip
_SUFFIXES: Final = frozenset(
    ("jr", "sr", "ii", "iii", "iv", "md", "phd", "dr", "esq", "mba", "rn", "ma", "ba")
)
# What a content system calls whoever posts
_ROLES: Final = frozenset((
    "admin", "administrator", "adminuser", "siteadmin", "webadmin", "webmaster", "root", "superuser", "user",
    "editor", "editors", "theeditor", "theeditors", "editorial", "editorialteam", "editorialstaff", "staff",
    "staffwriter", "staffreporter", "newsdesk", "newsroom", "webdesk", "author", "writer", "guest",
    "anonymous", "unknown", "unknownauthor", "noauthor", "none", "null", "undefined", "wordpress", "blogger",
    "redaktion", "redaction", "redacción", "redaccion", "redazione", "redação", "redacao", "redactie",
    "rédaction", "larédaction", "redakcja", "redakce", "редакция", "редакція", "администратор",
    "administrateur", "administrador", "amministratore", "beheerder", "yönetici", "editör", "المحرر",
    "محرر", "مدير", "الإدارة", "管理员", "管理員", "编辑", "編輯", "編集部", "관리자", "편집자",
))  # fmt: skip
# What the author of a text is to the house that publishes it
_OFFICES: Final = frozenset((
    "correspondent", "correspondents", "reporter", "editor", "writer", "columnist", "journalist",
    "contributor", "producer", "analyst", "critic", "founder", "ceo", "coo", "cfo", "cto", "president",
    "director", "manager", "professor", "author", "korrespondent", "korrespondentin", "redakteur",
    "redakteurin", "reporterin", "journalistin", "autor", "autorin", "correspondant", "correspondante",
    "journaliste", "rédacteur", "rédactrice", "envoyé", "envoyée", "corresponsal", "periodista", "redactor",
    "redactora", "enviado", "enviada", "corrispondente", "giornalista", "inviato", "inviata",
    "correspondente", "jornalista", "repórter", "redacteur", "verslaggever",
    "корреспондент", "обозреватель", "журналист", "редактор", "кореспондент", "оглядач", "muhabir",
    "muhabiri", "مراسل", "مراسلة", "صحفي", "صحفية", "محرر", "محررة",
))  # fmt: skip
# What looks like a name and is a section's, a house's or a place's
_NO_NAMES: Final = frozenset((
    "news", "world", "sport", "sports", "politics", "business", "culture", "opinion", "editorial",
    "science", "health", "travel", "review", "reviews", "magazine", "daily", "weekly", "times", "post",
    "press", "agency", "media", "online", "team", "staff", "desk", "feature", "features", "interview",
    "local", "national", "international", "breaking", "latest", "live", "video", "photo", "photos", "story",
    "report", "standard", "time", "today", "university", "institute", "council", "company", "club",
    "nachrichten", "politik", "wirtschaft", "kultur", "noticias", "deportes", "economía", "cultura",
    "sociedad", "actualité", "actualités", "société", "notizie", "notícias", "haber", "haberleri",
    "новости", "агентство", "новини", "أخبار", "الأخبار", "اخبار", "وكالة", "وكالات", "صحيفة", "جريدة",
    "وزارة", "مجلة", "قناة", "خبرگزاری", "روزنامه", "نیوز", "חדשות", "new", "san", "santa", "los", "las",
    "st", "saint", "port", "fort", "cape", "north", "south", "east", "west", "city", "beach", "county",
    "state", "states", "kingdom", "republic", "street", "tel", "abu", "hong", "kuala", "buenos", "rio",
    "são", "ciudad", "nueva", "bad", "ho", "addis", "sri", "washington", "bay", "hill", "hills", "lake",
    "park", "river", "island", "islands", "valley", "springs", "falls", "fact", "checked", "checker", "key",
    "takeaways", "summary", "overview", "introduction", "conclusion", "contents", "highlights", "deadline",
    "application", "advertiser", "disclosure", "quick", "final", "thoughts", "getting", "started",
))  # fmt: skip
_WIDGETS: Final = (
    "access_notice", "advertisement", "comment_prompt", "cookie_banner", "forum_chrome", "headline_ticker",
    "inline_related", "keyword_list", "legal_footer", "media_reference", "navigation", "newsletter",
    "related_tail", "report_widget", "share_widget", "source_credit", "source_link", "dateline",
)  # fmt: skip
MARKS: Final = "|•·⋅—"
"""What parts a name from what else a byline says."""
# Words that stand behind a name, before the date
_BEFORE_DATE: Final = ("on", "ON", "in", "at", "le", "el", "am", "a", "yayınlandı")
_FOLDED: Final = frozenset("".join(filter(str.isalnum, fold(role))) for role in _ROLES)


def split(text: str) -> list[str]:
    """The names in a text: several where it is a list of full names beyond doubt, else the text itself.

    Each without the place, the office or the house that follows it.
    """
    if len(text) > MAX_LIST:
        return [text]
    return [alone(name) for name in _split(_ASIDE.sub(" ", text).strip() or text)]


def _split(text: str) -> list[str]:
    if len(parts := [part for part in _SEMICOLON.split(text) if part]) > 1:
        return parts if all(map(name_like, parts)) else [text]
    *before, last = _LAST.split(text)
    if not before:
        return [text]
    if "," in text and "&" in text:  # "Ruth Adler, Master Gardener & Teacher"
        return [text]
    names = [name for part in before for name in _LIST.split(part)] + [last]
    return names if all(map(_is_full, names)) else [text]


def alone(text: str) -> str:
    """A name without the place, the office or the house behind it, where a full name is left."""
    words = text.split()
    capitals = next((i for i, word in enumerate(words) if not word.isupper()), 0)
    behind = all(word.istitle() for word in words[capitals:])
    if capitals >= MIN_WORDS and behind and min(map(len, words)) >= MIN_SET:
        return " ".join(words[:capitals])
    name, comma, office = text.partition(",")
    if comma and _is_set(name) and not _OFFICES.isdisjoint(re.split(r"[\s,-]+", fold(office))):
        return name.rstrip()
    for cut in _BEHIND.finditer(text):
        after = text[cut.end() : cut.end() + 1]
        if _is_set(text[: cut.start()]) and after.isalpha() and not after.islower():
            return text[: cut.start()].rstrip(" ,")
    return text


def _is_set(name: str) -> bool:
    """Whether a name is a full one that begins and ends as names are set: "by the way" is none."""
    words = name.split()
    return _is_full(name) and not (words[0][0].islower() or words[-1][0].islower())


def _is_full(name: str) -> bool:
    return len(name.split()) >= MIN_WORDS and "," not in name and name_like(name)


def is_person(text: str) -> bool:
    """Whether a text that nothing introduces looks like one person's full name and like nothing else."""
    words = text.split()
    if not MIN_WORDS <= len(words) <= MAX_PERSON or not _is_set(text) or text.isupper():
        return False
    own = [word for word in words if word not in _PARTICLES]
    if any(word[0].islower() or len(word) == 1 or _GLUED.search(word) for word in own):
        return False
    if any(word[0] >= UNPARTED and len(word) > MAX_UNPARTED for word in own):
        return False
    return _no_names().isdisjoint(fold(word).strip(".'’") for word in own)


@cache
def _no_names() -> frozenset[str]:
    """Words, folded, that menus, widgets and sections are made of."""
    said = (word for name in _WIDGETS for phrase in phrases(name) for word in phrase.split())
    return frozenset((*map(fold, _NO_NAMES), *said))


def behind_phrase(text: str) -> str:
    """The name in what follows a phrase that opens a byline; "" where a dump lost it, or it is no name's.

    What stands next on the line may be glued to it, or all that is left: "Ann LeeUpdated", "Posted by on".
    """
    if len(text) > MAX_LIST:
        return text
    words = _without_glued(text).split()
    while words and _is_label(words[-1]):
        words.pop()
    while size := _opening(words):
        words = words[size:]
    return "" if _is_middle(words) else " ".join(words)


def _without_glued(text: str) -> str:
    seams = (i for i in range(1, len(text)) if text[i].isupper() and text[i - 1].islower())
    glued = (i for i in seams if _is_label((words := text[i:].split())[0]) or _opening(words))
    return text[: next(glued, len(text))]


def _is_label(word: str) -> bool:
    """Whether a word stands between a name and a date, or is a mark."""
    plain = fold(word).strip("|:-–—·")
    if not plain or word in (*_AND, *_BEFORE_DATE):
        return True
    # "le" stands before a date, and Le is a name
    return plain in phrases("dateline", "published", "updated") and plain not in _BEFORE_DATE


def _opening(words: Sequence[str]) -> int:
    """How many of the words are a phrase that opens a byline, and names nobody."""
    known = phrases("byline", "sure", "word")
    sizes = range(min(len(words), MAX_PHRASE), 0, -1)
    return next((size for size in sizes if fold(" ".join(words[:size])) in known), 0)


def _is_middle(words: Sequence[str]) -> bool:
    """Whether words are none, or go on with what stood before them: "of A TITLE"."""
    small = [word.islower() and word not in _PARTICLES for word in words]
    return not words or (small[0] and not all(small))


def turned(name: str) -> str:
    """A name as libraries write it, "Adler, Ruth", as it is read."""
    last, comma, first = name.partition(",")
    plain = fold(first).replace(".", "").strip()
    if not comma or "," in first or not plain or plain in _SUFFIXES or not name_like(f"{first} {last}"):
        return name
    return f"{first.strip()} {last.strip()}"


def is_house(name: str, site: frozenset[str]) -> bool:
    """Whether a name is the site's, or that of a role in it: `site` are the site's names, as keys."""
    letters = "".join(filter(str.isalnum, fold(name)))
    return letters in site or letters in _FOLDED


def is_credit(text: str) -> bool:
    """Whether a text opens like the credit of a picture."""
    folded = fold(text)
    return any(
        folded.startswith(phrase) and not folded[len(phrase) : len(phrase) + 1].isalpha()
        for phrase in phrases("media_reference", "credit")
    )
