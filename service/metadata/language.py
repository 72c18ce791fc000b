"""What a page, its words and its caller say of its language -> the language (BCP 47)."""

import re
from typing import Final

from service import dates
from service.document import Head
from service.metadata.found import Found

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def stated(head: Head) -> Found | None:
    """The language that the page says it is in."""
    for value, source in (
        (head.language, "html:lang"),
        (head.metas.get("og:locale"), "meta:og:locale"),
        (head.metas.get("language"), "meta:language"),
    ):
        if value and _LANGUAGE.fullmatch(value.strip()):
            return Found(value.strip().replace("_", "-"), source)
    return None


def of_text(told: str | None, hint: str | None) -> Found | None:
    """The language by the words of a text; by the caller's hint where that says more, or they say nothing."""
    hinted = hint.replace("_", "-") if hint and _LANGUAGE.fullmatch(hint.strip()) else None
    if told is None:
        return Found(hinted, "hint") if hinted else None
    same = hinted is not None and dates.base_of(hinted) == dates.base_of(told)
    return Found(hinted if hinted and same else told, "text")


def regional(told: str | None, stated: Found | None) -> str | None:
    """The language of the text, of the region that the page names with it."""
    if stated and (told is None or dates.base_of(told) == dates.base_of(stated.value)):
        return stated.value
    return told
