"""The kinds of files that are taken, recognised by content: the name and the browser's word count for nothing."""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import magic
from django.utils.translation import gettext as _

from .errors import FileRefused

OFFICE = "application/vnd.openxmlformats-officedocument."
HEAD = 8192  # bytes read for recognition


@dataclass(frozen=True)
class Kind:
    """A kind of file: `key` as used in declarations, its media type and the ending it gets."""

    key: str
    media_type: str
    ending: str
    title: str


KINDS = {
    kind.key: kind
    for kind in (
        Kind("pdf", "application/pdf", ".pdf", "PDF"),
        Kind("jpeg", "image/jpeg", ".jpg", "JPG"),
        Kind("png", "image/png", ".png", "PNG"),
        Kind("webp", "image/webp", ".webp", "WebP"),
        Kind("docx", OFFICE + "wordprocessingml.document", ".docx", "Word (.docx)"),
        Kind("xlsx", OFFICE + "spreadsheetml.sheet", ".xlsx", "Excel (.xlsx)"),
        Kind("odt", "application/vnd.oasis.opendocument.text", ".odt", "OpenDocument (.odt)"),
        Kind("ods", "application/vnd.oasis.opendocument.spreadsheet", ".ods", "OpenDocument (.ods)"),
        Kind("geojson", "application/geo+json", ".geojson", "GeoJSON"),
        Kind("gpkg", "application/geopackage+sqlite3", ".gpkg", "GeoPackage"),
        Kind("shapefile", "application/zip", ".zip", "Shapefile (.zip)"),
        Kind("gml", "application/gml+xml", ".gml", "GML"),
        Kind("dxf", "image/vnd.dxf", ".dxf", "DXF"),
        Kind("dgn", "image/vnd.dgn", ".dgn", "DGN (V7)"),
        Kind("csv", "text/csv", ".csv", "CSV"),
    )
}
WORDS = {
    "jpg": ("jpeg",),
    "image": ("jpeg", "png", "webp"),
    "image/*": ("jpeg", "png", "webp"),
    "zip": ("shapefile",),
    "shp": ("shapefile",),
}
DGN_HEADS = (b"\x08\x09\xfe\x02", b"\xc8\x09\xfe\x02")  # MicroStation V7, two and three dimensions
DXF_HEAD = re.compile(rb"\s*(999[ \t]*\r?\n[^\n]*\n\s*)*0[ \t]*\r?\nSECTION\b|AutoCAD Binary DXF")
GML_ROOT = re.compile(rb"<(?:[\w.-]+:)?FeatureCollection\b")
EVERYTHING = "pdf,image,docx,xlsx,odt"
"""What a declaration that says nothing accepts."""


def accepted(accept: str | Iterable[str]) -> list[Kind]:
    """`".pdf, image/*"` or `["pdf", "jpg"]` -> kinds. ValueError for a word that names no kind."""
    words = accept.split(",") if isinstance(accept, str) else list(accept)
    by_type = {kind.media_type: key for key, kind in KINDS.items()}
    keys: list[str] = []
    for word in (given.strip().lower().lstrip(".") for given in words):
        found = WORDS.get(word) or ((by_type[word],) if word in by_type else (word,))
        if unknown := [key for key in found if key not in KINDS]:
            raise ValueError(f"{unknown[0]!r} is not a kind of file; known are {', '.join(KINDS)}")
        keys += [key for key in found if key not in keys]
    return [KINDS[key] for key in keys]


def recognise(path: Path) -> Kind:
    """The kind of the file at `path`. FileRefused, saying what it is and what to do, when it is none that can be taken."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    found = magic.from_buffer(head, mime=True)
    if head.startswith(b"%PDF-"):
        return KINDS["pdf"]
    for key in ("jpeg", "png", "webp"):
        if found == KINDS[key].media_type:
            return KINDS[key]
    if head.startswith(b"PK\x03\x04"):
        return _inside_zip(path)
    if head.startswith(b"SQLite format 3\x00") and head[68:72] in (b"GPKG", b"GP10", b"GP11"):
        return KINDS["gpkg"]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b"\x00" not in head:
        return KINDS["geojson"]
    if head.startswith(DGN_HEADS):
        return KINDS["dgn"]
    if DXF_HEAD.match(head):
        return KINDS["dxf"]
    if _is_gml(head):
        return KINDS["gml"]
    if found in ("text/plain", "text/csv") and _is_table(head):
        return KINDS["csv"]
    raise FileRefused(_explain(head, found))


def _is_gml(head: bytes) -> bool:
    """The first element is a collection of features; a document type, which may hold entities, is never taken."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    first = re.search(rb"<(?![?!])", text) if text.startswith(b"<") else None
    return first is not None and GML_ROOT.match(text, first.start()) is not None and b"<!DOCTYPE" not in text


def _is_table(head: bytes) -> bool:
    """Lines that a comma, semicolon, tab or bar divides: at least two in a row alike."""
    lines = [line for line in head.splitlines()[:20] if line.strip()]
    return any(one.count(sign) and two.count(sign) for sign in (b",", b";", b"\t", b"|") for one, two in pairwise(lines))


def _inside_zip(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            label = archive.read("mimetype")[:100].decode("ascii", "replace").strip() if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, KeyError):
        raise FileRefused(_("Tệp bị hỏng hoặc tải lên chưa trọn; xin mở lại tệp trên máy, lưu lại rồi gửi lại.")) from None
    for key in ("odt", "ods"):
        if label == KINDS[key].media_type:
            return KINDS[key]
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return KINDS["docx"]
        if "xl/workbook.xml" in names:
            return KINDS["xlsx"]
    endings = {name.lower().rsplit(".", 1)[-1] for name in names}
    if {"shp", "shx", "dbf"} <= endings:
        return KINDS["shapefile"]
    if "shp" in endings:
        missing = ", ".join(f".{part}" for part in ("shx", "dbf") if part not in endings)
        raise FileRefused(
            _("Tệp nén thiếu phần %(parts)s của Shapefile; xin nén đủ .shp, .shx, .dbf, .prj rồi gửi lại.") % {"parts": missing}
        )
    raise FileRefused(_("Không nhận tệp nén; xin giải nén rồi gửi từng tệp bên trong."))


def _explain(head: bytes, media_type: str) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"avif"):
        return _("Ảnh ở định dạng HEIC của điện thoại chưa nhận được; xin chọn lưu ảnh dạng JPG rồi gửi lại.")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in head or media_type == "application/encrypted":
            return password_sentence()
        return _("Tệp Word, Excel đời cũ (.doc, .xls) không nhận được; xin lưu lại dạng .docx, .xlsx hoặc PDF.")
    if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return _("Không nhận tệp nén; xin giải nén rồi gửi từng tệp bên trong.")
    if head.startswith((b"MZ", b"\x7fELF")) or "executable" in media_type:
        return _("Đây là tệp chương trình, không phải giấy tờ, nên không nhận được.")
    return _("Không nhận ra đây là loại giấy tờ nào; xin gửi tệp PDF hoặc ảnh JPG, PNG.")


def password_sentence() -> str:
    return _("Tệp được đặt mật khẩu nên cơ quan không mở được; xin bỏ mật khẩu rồi gửi lại.")
