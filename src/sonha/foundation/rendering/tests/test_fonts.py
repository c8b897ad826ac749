"""Tinos is found, or put together from the web fonts, or its absence is explained."""

import unicodedata
from pathlib import Path

import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from sonha.foundation.rendering import fonts

RANGES = {"latin": range(0x20, 0x100), "latin-ext": range(0x100, 0x2BB), "vietnamese": range(0x1EA0, 0x1EFA)}
VIETNAMESE = [
    unicodedata.normalize("NFC", letter + mark)
    for letter in "aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐ"
    for mark in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    if len(unicodedata.normalize("NFC", letter + mark)) == 1
]


@pytest.fixture(autouse=True)
def fresh(settings, tmp_path: Path):
    settings.SONHA_DATA = tmp_path
    fonts.font_faces.cache_clear()
    yield
    fonts.font_faces.cache_clear()


@pytest.fixture
def web_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Subsets cut from the installed font, as the npm package has them; the installed one is then hidden."""
    installed = next(Path(folder) for folder in fonts.SYSTEM_FOLDERS if fonts._complete(Path(folder)))
    folder = tmp_path / "web"
    folder.mkdir()
    for face, (weight, style) in fonts.FACES.items():
        for subset, letters in RANGES.items():
            font = TTFont(installed / f"Tinos-{face}.ttf")
            cutter = Subsetter(Options(hinting=False))
            cutter.populate(unicodes=letters)
            cutter.subset(font)
            font.flavor = "woff2"
            font.save(folder / f"tinos-{subset}-{weight}-{style}.woff2")
    monkeypatch.setattr(fonts, "SYSTEM_FOLDERS", ())
    monkeypatch.setattr(fonts.finders, "find", lambda path: str(folder / Path(path).name))
    return installed


def outline(font: TTFont, letter: str) -> tuple[int, int, int]:
    name = font.getBestCmap()[ord(letter)]
    glyph = font["glyf"][name]
    return font["hmtx"][name][0], glyph.xMax, glyph.yMax


def test_the_joined_web_fonts_have_every_vietnamese_letter_in_its_own_shape(web_fonts: Path, tmp_path: Path):
    assert len(VIETNAMESE) == 146
    _, files = fonts.font_faces()
    assert len(files) == 4
    for face in fonts.FACES:
        whole, joined = TTFont(web_fonts / f"Tinos-{face}.ttf"), TTFont(tmp_path / "fonts" / f"Tinos-{face}.ttf")
        assert all(outline(joined, letter) == outline(whole, letter) for letter in VIETNAMESE)


def test_without_any_tinos_the_reason_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fonts, "SYSTEM_FOLDERS", ())
    monkeypatch.setattr(fonts.finders, "find", lambda path: None)
    with pytest.raises(fonts.FontMissing, match="fonts-croscore"):
        fonts.font_faces()


def test_a_folder_of_the_province_comes_first(settings, tmp_path: Path):
    for face in fonts.FACES:
        (tmp_path / f"Tinos-{face}.ttf").write_bytes(b"")
    settings.SONHA_FONT_DIRS = [tmp_path]
    rules, files = fonts.font_faces()
    assert files == {(tmp_path / f"Tinos-{face}.ttf").as_uri() for face in fonts.FACES}
    assert rules.count("@font-face") == 4
