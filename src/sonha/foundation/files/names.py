"""File names made harmless: no path, no control characters, NFC, a bounded length, the ending that fits the content."""

import re
import unicodedata

LONGEST = (
    150  # characters, ending included; together with a path well below 255 bytes per name would not fit Vietnamese, so bytes count too
)
LONGEST_BYTES = 240
UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*]')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # device names of Windows


def clean_name(given: str, ending: str = "") -> str:
    """`../../Đơn đề nghị.PDF` -> `Đơn đề nghị.pdf`. `ending` (with dot) is that of the content and replaces a different one."""
    text = unicodedata.normalize("NFC", given.encode("utf-8", "ignore").decode())
    text = re.split(r"[/\\]", text)[-1]
    text = "".join(" " if unicodedata.category(char) in ("Zl", "Zp", "Zs") else char for char in text if not _invisible(char))
    text = re.sub(r"\s+", " ", UNSAFE.sub(" ", text)).strip(" .")
    stem, dot, given_ending = text.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,8}", given_ending):
        stem, given_ending = text, ""
    wanted = ending or (f".{given_ending.lower()}" if given_ending else "")
    stem = stem.strip(" .")
    if not stem or RESERVED.fullmatch(stem):
        stem = f"tep-{stem}".strip("-")
    return unicodedata.normalize("NFC", _shorten(stem, wanted) + wanted)


def _shorten(stem: str, ending: str) -> str:
    stem = stem[: LONGEST - len(ending)]
    while len((stem + ending).encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    return stem.strip(" .") or "tep"


def _invisible(char: str) -> bool:
    """Format characters (also those that turn the reading direction and so disguise an ending), private and unassigned ones."""
    return unicodedata.category(char) in ("Cf", "Co", "Cn", "Cs")
