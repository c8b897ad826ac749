"""People's own words for what the catalogue calls otherwise: `khoan giếng` is `nước dưới đất`. The list is data: own_words.yaml."""

from functools import cache
from pathlib import Path

import yaml

from sonha.foundation.search.folding import fold


@cache
def _phrases() -> list[tuple[str, tuple[str, ...]]]:
    """(what is said, what it means), without marks, longer sayings first."""
    rows = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    said = [(fold(each), tuple(fold(phrase) for phrase in row["means"])) for row in rows for each in row["say"]]
    return sorted(said, key=lambda pair: (-len(pair[0].split()), -len(pair[0])))


def meant(words: str) -> list[str]:
    """Phrases of procedure names (without marks) that these words stand for, the likeliest first; empty for the catalogue's own words.

    A longer saying explains its words: `sổ đỏ bị mất` is about a lost certificate, and `sổ đỏ` within it says nothing more.
    """
    folded = f" {fold(words)} "
    found: list[str] = []
    for said, means in _phrases():
        if f" {said} " in folded:
            folded = folded.replace(f" {said} ", " | ")
            found += [phrase for phrase in means if phrase not in found]
    return found
