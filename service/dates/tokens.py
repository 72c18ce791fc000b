"""text -> its words and numbers, with their places."""

import re
from typing import Final

from service.dates.values import Token

_PUNCTUATION: Final = (
    "!-/:-@\\[-`{-~\u00a1-\u00b4\u00b6-\u00bf\u2010-\u206f\u060c\u061b\u061f"
    "\u3000-\u303f\uff01-\uff0f\uff1a-\uff20।"
)
_TOKEN: Final = re.compile(rf"\d+|[^\s\d{_PUNCTUATION}]+")


def tokenize(text: str) -> list[Token]:
    """Its words and numbers, in order; a number of nine digits or more counts as a word."""
    return [
        Token(m[0], m.start(), m.end(), int(m[0]) if m[0].isdecimal() and len(m[0]) < 9 else -1)
        for m in _TOKEN.finditer(text)
    ]
