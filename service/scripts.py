"""text -> how many words it has, in whatever script.

Chinese, Japanese, Thai, Lao, Khmer and Burmese put no space between words: counted by their spaces, a page of
them is one word long, and no check that asks for words ever fires.
"""

import re
from typing import Final

# Inside of a character class: Thai, Lao, Burmese, Khmer, kana, Han
SPACELESS: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_SPACELESS: Final = re.compile(f"[{SPACELESS}]")
_WORDY: Final = re.compile(r"[^\W_]\S*")


def is_spaceless(char: str) -> bool:
    """Whether a character belongs to a script written without spaces."""
    return _SPACELESS.match(char) is not None


def units(text: str) -> int:
    """Words between spaces; two characters of a script written without spaces make one."""
    spaceless = 0 if text.isascii() else len(_SPACELESS.findall(text))
    if not spaceless:
        return len(text.split())
    # between such characters stand words of other scripts, figures, and marks, which count for nothing
    return len(_WORDY.findall(_SPACELESS.sub(" ", text))) + (spaceless + 1) // 2
