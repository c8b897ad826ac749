"""Which family of default declarations a catalogue row belongs to.

Pure functions over data: the rules are in `<profile>/families/index.yaml`, the rows in `<profile>/catalogue/procedures.csv`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

PROFILE = Path(__file__).parent / "lang_son"
_LEVELS = (("ubnd huyen", "district"), ("ubnd xa", "commune"))


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case, without diacritics and punctuation, single spaces: "Cấp Giấy phép; đổi" -> "cap giay phep doi"."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.findall(r"[a-z0-9]+", letters))


def level_of(agency: str) -> str:
    """`province`, `district` or `commune`, told by the agency's name in the catalogue."""
    folded = fold(agency)
    return next((level for words, level in _LEVELS if folded.startswith(words)), "province")


@lru_cache(maxsize=4096)
def subject_of(name: str) -> str:
    """The folded name without a leading "thủ tục", so that it starts with what the procedure does."""
    return re.sub(r"^(thu tuc )+", "", fold(name))


def _contains(text: str, words: Sequence[str]) -> bool:
    padded = f" {text} "
    return any(f" {word} " in padded for word in words)


def _holds(rule: Mapping[str, Sequence[str]], row: Mapping[str, Any]) -> bool:
    subject = subject_of(row["name"])
    checks = {
        "agency": lambda words: _contains(fold(row["agency"]), words),
        "field": lambda words: _contains(fold(row["field"]), words),
        "name": lambda words: _contains(subject, words),
        "not_name": lambda words: not _contains(subject, words),
        "starts": lambda words: any(f"{subject} ".startswith(f"{word} ") for word in words),
        "level": lambda words: (row.get("level") or level_of(row["agency"])) in words,
    }
    return all(checks[condition](words) for condition, words in rule.items())


@lru_cache(maxsize=8)
def family_rules(profile: Path = PROFILE) -> tuple[tuple[str, tuple[Mapping[str, Sequence[str]], ...]], ...]:
    """The ordered rules of a province profile: (family key, alternatives)."""
    index = yaml.safe_load((profile / "families" / "index.yaml").read_text(encoding="utf-8"))
    return tuple((family["key"], tuple(family["match"])) for family in index["families"])


def family_of(row: Mapping[str, Any], profile: Path = PROFILE) -> str:
    """The family of a catalogue row with `agency`, `field`, `name` and optionally `level`.

    Raises LookupError when no rule holds, which only happens when the index has no rule for everything at its end.
    """
    for key, alternatives in family_rules(profile):
        if any(_holds(rule, row) for rule in alternatives):
            return key
    raise LookupError(f"Thủ tục “{row['name']}” không thuộc nhóm nào trong families/index.yaml.")
