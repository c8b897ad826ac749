"""Old Vietnamese texts to Unicode: which encoding a text is in, and the text as it was meant.

    recognise(texts) -> "utf-8", "tcvn3", "vni", "windows-1258" …     texts as Latin-1 shows their bytes, or as a file gives them
    convert(text, "tcvn3") -> text in Unicode, composed (NFC)

Pure: no database, no files.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

from .tables import CODAS, ONSETS, TCVN3, VNI_MARKED, VNI_SINGLE, VNI_TONES, VOWELS

UTF8, LATIN, CP1258, TCVN, VNI = "utf-8", "unicode", "windows-1258", "tcvn3", "vni"
TITLES = {UTF8: "Unicode (UTF-8)", LATIN: "Unicode", CP1258: "Windows-1258", TCVN: "TCVN3 (ABC)", VNI: "VNI-Windows"}
ENOUGH = 4_000  # words that are looked at

_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_SPACES = re.compile("[ \\t\\r\\n]+")
_WORD = re.compile(r"[^\W\d_]+|\S+")
_SYLLABLE = re.compile(f"(?:{'|'.join(ONSETS)})?(?:{'|'.join(sorted(VOWELS, key=len, reverse=True))})(?:{'|'.join(CODAS)})?")


def _vni_pairs() -> dict[str, str]:
    found = {}
    for base in "aeouyAEOUY":
        for byte, tone in VNI_TONES.items():
            found[base + byte] = base + tone
    for base in "aeoAEO":
        for byte, marks in VNI_MARKED.items():
            if base in "aA" or marks[0] == "\u0302":
                found[base + byte] = base + marks
    for base, letter in (("ô", "ơ"), ("ö", "ư")):
        for byte, tone in VNI_TONES.items():
            found[base + byte] = letter + tone
    upper = {pair.upper(): letters.upper() for pair, letters in found.items()}
    mixed = {pair[0].upper() + pair[1]: letters[0].upper() + letters[1:] for pair, letters in found.items()}
    return {pair: unicodedata.normalize("NFC", letters) for pair, letters in (mixed | upper | found).items()}


VNI_PAIRS = _vni_pairs()
VNI_LONE = VNI_SINGLE | {one.upper(): other.upper() for one, other in VNI_SINGLE.items()}
_VNI = re.compile("|".join(map(re.escape, [*VNI_PAIRS, *VNI_LONE])))
_TCVN = str.maketrans(TCVN3)


def _from_tcvn3(text: str) -> str:
    """In capital fonts the small letters with tones stand for capitals: a word whose other letters are all capitals is one."""
    return _WORD.sub(lambda word: _capital(word[0].translate(_TCVN)), text)


def _capital(word: str) -> str:
    plain = [letter for letter in word if letter.isascii() and letter.isalpha()]
    return word.upper() if len(word) > 1 and plain and all(letter.isupper() for letter in plain) and len(plain) > _lead(word) else word


def _lead(word: str) -> int:
    """`Ất`, `Đỗ`: one capital in front of small letters says nothing about the rest."""
    return 1 if word[:1].isupper() and len(word) > 1 and not word[1].isascii() else 0


def _from_vni(text: str) -> str:
    return _VNI.sub(lambda found: VNI_PAIRS.get(found[0]) or VNI_LONE[found[0]], text)


def _from_bytes(encoding: str) -> Callable[[str], str]:
    def convert(text: str) -> str:
        try:
            return text.encode("latin-1").decode(encoding)
        except UnicodeError:
            return text

    return convert


_CONVERTERS: dict[str, Callable[[str], str]] = {
    UTF8: _from_bytes("utf-8"),
    LATIN: lambda text: text,
    CP1258: _from_bytes("cp1258"),
    TCVN: _from_tcvn3,
    VNI: _from_vni,
}


def convert(text: str, encoding: str) -> str:
    """The text as it was meant, NFC. KeyError for an unknown encoding."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _CONVERTERS[encoding](text))


def recognise(texts: Iterable[str]) -> str:
    """The encoding in which most words with marks are Vietnamese syllables; `unicode` when nothing says otherwise.

    `texts` are what the file gives: already Unicode, or bytes shown as Latin-1.
    """
    words: list[str] = []
    for text in texts:
        if not text.isascii():
            words += [word for word in _SPACES.split(text) if not word.isascii()]
        if len(words) >= ENOUGH:
            break
    if not words:
        return LATIN
    if _all_utf8(words):
        return UTF8
    scores = {encoding: sum(_score(convert(word, encoding)) for word in words) for encoding in (LATIN, TCVN, VNI, CP1258)}
    best = max(scores, key=lambda encoding: scores[encoding])
    return best if scores[best] > scores[LATIN] else LATIN


def _all_utf8(words: list[str]) -> bool:
    try:
        return all(word.encode("latin-1").decode("utf-8") != word for word in words)
    except UnicodeError:
        return False


@lru_cache(maxsize=20_000)
def _score(word: str) -> int:
    """+1 for each Vietnamese syllable with marks in it, -1 for a run of letters that is none, -2 for signs within letters."""
    total = 0
    for piece in re.findall(r"[^\W\d_]+", word):
        if not piece.isascii():
            total += 1 if is_syllable(piece) else -1
    odd = sum(1 for sign in word if ord(sign) > 127 and not sign.isalpha() and not unicodedata.combining(sign))
    return total - 2 * odd


def is_syllable(word: str) -> bool:
    """Whether letters make a Vietnamese syllable: onset, vowels, coda, at most one tone."""
    if not (word.islower() or word.isupper() or word.istitle() or word[1:].islower()):
        return False
    apart = unicodedata.normalize("NFD", word.lower())
    bare = apart.translate(_TONES)
    return len(apart) - len(bare) <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None
