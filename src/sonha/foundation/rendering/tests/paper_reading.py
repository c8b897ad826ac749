"""Reads PDFs back with poppler, as a reader's machine would."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

POINTS_PER_MM = 72 / 25.4


def _poppler(tool: str, *arguments: str, pdf: bytes) -> str:
    done = subprocess.run([tool, *arguments, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def text_of(pdf: bytes, order: str = "-layout") -> str:
    return _poppler("pdftotext", order, pdf=pdf)


def pages_of(pdf: bytes) -> list[str]:
    return text_of(pdf).split("\f")[:-1]


def words_in(text: str) -> str:
    return " ".join(text.split())


def fonts_of(pdf: bytes, folder: Path) -> list[tuple[str, bool]]:
    """(name without subset tag, embedded) of every font."""
    path = folder / "fonts.pdf"
    path.write_bytes(pdf)
    lines = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    return [(line.split()[0].split("+")[-1], line.split()[-5] == "yes") for line in lines]


@dataclass(frozen=True)
class Word:
    """A word with its box in millimetres from the upper left corner of its page (0 = first)."""

    text: str
    page: int
    left: float
    top: float
    right: float
    bottom: float


def boxes_of(pdf: bytes) -> list[Word]:
    html = _poppler("pdftotext", "-bbox", pdf=pdf)
    found = []
    for number, page in enumerate(html.split("<page ")[1:]):
        for match in re.finditer(r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>', page):
            edges = [float(value) / POINTS_PER_MM for value in match.groups()[:4]]
            found.append(Word(match[5], number, *edges))
    return found
