"""text -> its words, as WCXB's scorer counts them.

Lower-cased runs of letters and digits; in scripts written without spaces each character is a word, or
a whole Chinese sentence would be one.
"""

import re
from typing import Final

_SPACELESS: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
WORD: Final = re.compile(rf"[{_SPACELESS}]|[^\W{_SPACELESS}]+")


def words(text: str) -> list[str]:
    """Lower-cased words."""
    return WORD.findall(text.lower())
