"""What stands where a page names its author -> names of people: split, turned around, or none at all."""

import re
from typing import Final

from service.detector import phrases
from service.folding import fold
from service.titles import name_like

# "And" between two names, in the languages bylines are read in and with a space on both sides
_AND: Final = (
    "and", "und", "et", "y", "e", "en", "och", "og", "ja", "i", "a", "és", "și", "şi", "и", "і", "та", "ve",
    "και", "و", "ו", "और", "dan", "và", "dhe", "ir", "და", "և", "&",
)  # fmt: skip
_LIST: Final = re.compile(r",\s+(?:(?:" + "|".join(map(re.escape, _AND)) + r")\s+)?")
_LAST: Final = re.compile(r",?\s+(?:" + "|".join(map(re.escape, _AND)) + r")\s+")
_SEMICOLON: Final = re.compile(r"\s*;\s*")
# One word may be a first name that shares the last name behind it, or half of a title
MIN_WORDS: Final = 2
MAX_LIST: Final = 300
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
_FOLDED: Final = frozenset("".join(filter(str.isalnum, fold(role))) for role in _ROLES)


def split(text: str) -> list[str]:
    """The names in a text: several where it is a list of full names beyond doubt, else the text itself."""
    if len(text) > MAX_LIST:
        return [text]
    if len(parts := [part for part in _SEMICOLON.split(text) if part]) > 1:
        return parts if all(map(name_like, parts)) else [text]
    *before, last = _LAST.split(text)
    if not before:
        return [text]
    if "," in text and "&" in text:  # "Ruth Adler, Master Gardener & Teacher"
        return [text]
    names = [name for part in before for name in _LIST.split(part)] + [last]
    return names if all(map(_is_full, names)) else [text]


def _is_full(name: str) -> bool:
    return len(name.split()) >= MIN_WORDS and "," not in name and name_like(name)


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
