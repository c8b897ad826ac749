"""ZIP archives inside (Office, OpenDocument, zipped shapefiles): no bomb, no way out of the folder, no macros, no password."""

import posixpath
import re
import zipfile
import zlib
from pathlib import Path

from django.utils.translation import gettext as _

from ..errors import FileRefused
from ..kinds import password_sentence

MOST_ENTRIES = 5000
MOST_UNPACKED = 512 * 1024 * 1024  # bytes in all
HIGHEST_RATIO = 200  # unpacked to packed, for files above SMALL
SMALL = 5 * 1024 * 1024
CHUNK = 256 * 1024
MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml)$|^(basic|scripts)/", re.IGNORECASE)
OUTSIDE_TEMPLATE = re.compile(rb"<Relationship\b(?=[^>]*attachedTemplate)(?=[^>]*Target=\"(?:https?|ftp):)[^>]*>", re.IGNORECASE)


def check(path: Path, key: str) -> None:
    """Checks the archive at `path`, recognised as the kind `key`. Everything is unpacked once in memory pieces, nothing to disk."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_entries(entries, path.stat().st_size)
            _check_contents(archive, entries, key)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, KeyError):
        raise FileRefused(_("Tệp bị hỏng hoặc tải lên chưa trọn; xin mở lại tệp trên máy, lưu lại rồi gửi lại.")) from None


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise FileRefused(password_sentence())
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > HIGHEST_RATIO * size):
        raise FileRefused(_("Tệp phình ra quá lớn khi mở nên không nhận được; xin lưu lại thành tệp nhỏ hơn hoặc PDF."))
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:  # parts that share bytes: only a bomb is built so
            raise FileRefused(_("Tệp có cấu trúc lạ nên không nhận được; xin lưu lại rồi gửi lại."))
        end = entry.header_offset + 30 + entry.compress_size
        if _leads_outside(entry):
            raise FileRefused(_("Tệp có chứa đường dẫn lạ bên trong nên không nhận được; xin lưu lại rồi gửi lại."))


def _leads_outside(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename.replace("\\", "/")
    is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    return is_link or name.startswith("/") or ":" in name or "\x00" in name or ".." in posixpath.normpath(name).split("/")


def _check_contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], key: str) -> None:
    if any(MACROS.search(entry.filename) for entry in entries):
        raise FileRefused(_("Tệp có chứa macro nên không nhận được; xin lưu lại không kèm macro hoặc dạng PDF."))
    for entry in entries:
        wanted = entry.filename in ("META-INF/manifest.xml", "word/_rels/settings.xml.rels")
        text = _unpack(archive, entry, keep=wanted)
        if key in ("odt", "ods") and b"encryption-data" in text:
            raise FileRefused(password_sentence())
        if OUTSIDE_TEMPLATE.search(text):
            raise FileRefused(_("Tệp Word lấy mẫu từ một địa chỉ bên ngoài nên không nhận được; xin lưu lại dạng PDF."))


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, keep: bool) -> bytes:
    """Reads an entry to its end, which also proves its checksum; gives its first megabyte when `keep`."""
    head = b""
    with archive.open(entry) as part:
        while piece := part.read(CHUNK):
            if keep and len(head) < 1024 * 1024:
                head += piece
    return head
