"""text -> its words, as WCXB's scorer counts them.

Lower-cased runs of letters and digits; in scripts written without spaces each character is a word, or
a whole Chinese sentence would be one.
"""

import re
from typing import Final

from service.scripts import SPACELESS

WORD: Final = re.compile(rf"[{SPACELESS}]|[^\W{SPACELESS}]+")


def words(text: str) -> list[str]:
    """Lower-cased words."""
    return WORD.findall(text.lower())
