"""Tinos, the free twin of Times New Roman with full Vietnamese cover: where it is, and how a style sheet names it."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

FAMILY = "Tinos"
FACES = {"Regular": (400, "normal"), "Bold": (700, "normal"), "Italic": (400, "italic"), "BoldItalic": (700, "italic")}
SYSTEM_FOLDERS = ("/usr/share/fonts/truetype/croscore", "/usr/share/fonts/croscore", "/usr/local/share/fonts/croscore")
WEB_FONT = "vendor/fonts/tinos/files/tinos-{subset}-{weight}-{style}.woff2"
# The subsets of the npm package, with the ranges its own style sheet states.
SUBSETS = {
    "vietnamese": "U+0102-0103, U+0110-0111, U+0128-0129, U+0168-0169, U+01A0-01A1, U+01AF-01B0, U+0300-0301, "
    "U+0303-0304, U+0308-0309, U+0323, U+0329, U+1EA0-1EF9, U+20AB",
    "latin-ext": "U+0100-0101, U+0104-010F, U+0112-0127, U+012A-0167, U+016A-019F, U+01A2-01AE, U+01B1-02BA",
    "latin": "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, "
    "U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
}


class FontMissing(RuntimeError):
    """No complete set of Tinos on this machine."""


def _folders() -> Iterator[Path]:
    yield from (Path(folder) for folder in getattr(settings, "SONHA_FONT_DIRS", ()))
    yield from (Path(folder) for folder in SYSTEM_FOLDERS)
    # Without root the launcher unpacks the same Debian package into a private prefix inside the data folder.
    yield from sorted(Path(settings.SONHA_DATA).glob("*/usr/share/fonts/truetype/croscore"))


def _installed() -> Path | None:
    return next((folder for folder in _folders() if all((folder / f"Tinos-{face}.ttf").is_file() for face in FACES)), None)


def _face(path: Path, weight: int, style: str, extra: str = "") -> str:
    return f"@font-face{{font-family:{FAMILY};font-weight:{weight};font-style:{style};src:url('{path.as_uri()}');{extra}}}"


@lru_cache(maxsize=1)
def font_faces() -> tuple[str, frozenset[str]]:
    """(style sheet declaring Tinos, addresses of the font files it may read). Raises FontMissing with what to do."""
    if folder := _installed():
        faces = [(folder / f"Tinos-{face}.ttf", *look, "") for face, look in FACES.items()]
    else:
        faces = []
        for weight, style in FACES.values():
            for subset, ranges in SUBSETS.items():
                found = finders.find(WEB_FONT.format(subset=subset, weight=weight, style=style))
                if not isinstance(found, str):
                    raise FontMissing(
                        "Thiếu phông chữ Tinos để in văn bản. Cài gói fonts-croscore (apt install fonts-croscore) "
                        "hoặc chạy lại ./sonha up để tải gói @fontsource/tinos."
                    )
                faces.append((Path(found), weight, style, f"unicode-range:{ranges};"))
    return "".join(_face(*face) for face in faces), frozenset(face[0].as_uri() for face in faces)
