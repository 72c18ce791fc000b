"""a character -> whether a sentence closes with it, in whatever script.

Latin, Greek and Cyrillic, CJK, Arabic, Urdu, Devanagari, Armenian, Ethiopic, Khmer, Burmese and Tibetan. Thai
and Lao close a sentence with nothing: see `service.blocks.measures.STOPLESS_CHARS`.
"""

from typing import Final

FULL_STOPS: Final = ".。．｡۔।॥։።၊။។៕།"
"""What a statement closes with."""
STOPS: Final = f"{FULL_STOPS}!?！？؟՜՞፧‼⁇⁈⁉"
"""What a whole sentence closes with: full stops, question and exclamation marks."""
TERMINALS: Final = f"{STOPS}…"
"""What a sentence closes with, whole or cut off."""
INSIDE: Final = (". ", *FULL_STOPS.replace(".", ""))
"""Full stops as they stand inside a line. A dot alone is as well of a number, an address or an initial."""
