"""How are texts compared without case, accents or typography?"""

from __future__ import annotations

import unicodedata

_PLAIN = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'"})


def unaccented(text: str) -> str:
    """Return a text without accents, its ligatures open, its apostrophes plain, its case kept."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def folded(text: str) -> str:
    """Return a text for comparison: lower case, no accents, plain apostrophes, ligatures open."""
    return unaccented(text.casefold())
