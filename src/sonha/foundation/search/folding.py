"""The Python twins of the SQL functions `sonha_fold` and `sonha_number`: same result for Vietnamese and ASCII text."""

import re
import unicodedata

STROKES = str.maketrans({"đ": "d", "Đ": "D"})
SPACES = re.compile(r"\s+")


def unaccented(text: str) -> str:
    """Without diacritical marks; case is kept."""
    decomposed = unicodedata.normalize("NFD", text.translate(STROKES))
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))


def fold(text: str) -> str:
    """For comparing names: "  Đất  đai" -> "dat dai"."""
    return SPACES.sub(" ", unaccented(text).lower()).strip()


def number_key(text: str) -> str:
    """For document, dossier and parcel numbers: "473/QĐ-BTTTT " -> "473/QD-BTTTT"."""
    return SPACES.sub("", unaccented(text).upper())
