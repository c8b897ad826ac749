"""Tinos, the free twin of Times New Roman with full Vietnamese cover: where it is, and how a style sheet names it."""

import os
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

FAMILY = "Tinos"
FACES = {"Regular": (400, "normal"), "Bold": (700, "normal"), "Italic": (400, "italic"), "BoldItalic": (700, "italic")}
SYSTEM_FOLDERS = (
    "/usr/share/fonts/truetype/croscore",
    "/usr/share/fonts/croscore",
    "/usr/local/share/fonts/croscore",
)
WEB_FONT = "vendor/fonts/tinos/files/tinos-{subset}-{weight}-{style}.woff2"
SUBSETS = ("latin", "latin-ext", "vietnamese")
# Layout rules and hinting differ from subset to subset and are not needed: accented letters are single glyphs.
DROPPED_TABLES = ["GSUB", "GPOS", "GDEF", "fpgm", "prep", "cvt ", "gasp", "hdmx", "VDMX", "DSIG", "LTSH"]


class FontMissing(RuntimeError):
    """No complete set of Tinos on this machine."""


def _folders() -> Iterator[Path]:
    yield from (Path(folder) for folder in getattr(settings, "SONHA_FONT_DIRS", ()))
    yield from (Path(folder) for folder in SYSTEM_FOLDERS)
    # Without root the launcher unpacks the same Debian package into a private prefix inside the data folder.
    yield from sorted(Path(settings.SONHA_DATA).glob("*/usr/share/fonts/truetype/croscore"))
    yield _joined_folder()


def _joined_folder() -> Path:
    return Path(settings.SONHA_DATA) / "fonts"


def _complete(folder: Path) -> bool:
    return all((folder / f"Tinos-{face}.ttf").is_file() for face in FACES)


def _join_web_fonts() -> Path:
    """Makes whole fonts of the web fonts' subsets (0.2 s a face, once).

    WeasyPrint takes subsets of one font for the same font and mixes up their glyphs.
    """
    from fontTools.merge import Merger, Options  # 0.2 s to load, needed once on a machine

    folder = _joined_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for face, (weight, style) in FACES.items():
        parts = [finders.find(WEB_FONT.format(subset=subset, weight=weight, style=style)) for subset in SUBSETS]
        if not all(isinstance(part, str) for part in parts):
            raise FontMissing(
                "Thiếu phông chữ Tinos để in văn bản. Cài gói fonts-croscore (apt install fonts-croscore) "
                "hoặc chạy lại ./sonha up để tải gói @fontsource/tinos."
            )
        whole = Merger(Options(drop_tables=DROPPED_TABLES)).merge(parts)
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".ttf")
        os.close(handle)
        whole.save(temporary)
        Path(temporary).replace(folder / f"Tinos-{face}.ttf")
    return folder


@lru_cache(maxsize=1)
def font_faces() -> tuple[str, frozenset[str]]:
    """(style sheet declaring Tinos, addresses of the font files it may read). Raises FontMissing with what to do."""
    folder = next((folder for folder in _folders() if _complete(folder)), None) or _join_web_fonts()
    rules, files = [], set()
    for face, (weight, style) in FACES.items():
        address = (folder / f"Tinos-{face}.ttf").as_uri()
        files.add(address)
        rules.append(f"@font-face{{font-family:{FAMILY};font-weight:{weight};font-style:{style};src:url('{address}')}}")
    return "".join(rules), frozenset(files)
