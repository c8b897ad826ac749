"""Keys made from Vietnamese titles: `Tiếp nhận hồ sơ` -> `tiep_nhan_ho_so`."""

import re
import unicodedata
from collections.abc import Collection


def plain(text: str) -> str:
    """Lower case without marks; words separated by single spaces."""
    text = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d").lower())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


def slug(text: str, most: int = 50) -> str:
    return plain(text).replace(" ", "_")[:most].strip("_")


def free_key(title: str, taken: Collection[str], otherwise: str, most: int = 50) -> str:
    """A key for `title` that is not taken yet; `otherwise` where the title has no letters."""
    base = slug(title, most) or otherwise
    key, place = base, 2
    while key in taken:
        key, place = f"{base}_{place}", place + 1
    return key
