"""PDF: not locked, not cut off, and nothing in it that acts by itself.

The bytes are searched rather than the object tree walked, because a viewer may find objects that the cross-reference table hides.
Names may be written with #xx escapes, and objects may sit compressed in object streams: both are undone before the search.
"""

import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

from ..errors import FileRefused
from ..kinds import password_sentence

MOST_UNPACKED = 256 * 1024 * 1024  # bytes of object streams in one file
DICTIONARY = 4096  # bytes before `stream` in which its dictionary is looked for
STREAM = re.compile(rb"stream\r?\n")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
OBJECT_STREAM = re.compile(rb"/First\s*\d")


def _name(word: str) -> re.Pattern[bytes]:
    """`/word` with any of its letters possibly written as #xx."""
    letters = b"".join(rb"(?:%b|#%02X|#%02x)" % (re.escape(char.encode()), ord(char), ord(char)) for char in word)
    return re.compile(rb"/" + letters + rb"(?![A-Za-z0-9])")


ACTING = [_name(word) for word in ("JavaScript", "Launch", "RichMedia", "ImportData")]
ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")


def check(path: Path) -> None:
    data = path.read_bytes()
    if ENCRYPTED.search(data):
        raise FileRefused(password_sentence())
    if b"%%EOF" not in data[-2048:] or b"startxref" not in data[-4096:]:
        raise FileRefused(_("Tệp PDF bị hỏng hoặc tải lên chưa trọn; xin mở lại trên máy, lưu lại rồi gửi lại."))
    for part in _parts(data):
        if any(name.search(part) for name in ACTING):
            raise FileRefused(_("Tệp PDF có chứa mã tự chạy nên không nhận được; xin in lại ra PDF rồi gửi."))
    _open(data)


def _parts(data: bytes) -> Iterator[bytes]:
    """The file itself, then every object stream unpacked."""
    yield data
    left = MOST_UNPACKED
    for found in STREAM.finditer(data):
        before = ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), data[max(0, found.start() - DICTIONARY) : found.start()])
        dictionary = before[before.rfind(b" obj") :]
        if not OBJECT_STREAM.search(dictionary):
            continue
        if b"/FlateDecode" not in dictionary and b"/Fl" not in dictionary:
            if b"/Filter" in dictionary:
                raise FileRefused(_("Tệp PDF có cấu trúc lạ nên không kiểm tra được; xin in lại ra PDF rồi gửi."))
            continue  # not compressed: searched with the file itself
        unpacker = zlib.decompressobj()
        try:
            unpacked = unpacker.decompress(data[found.end() :], left)
        except zlib.error:
            continue  # a viewer cannot read it either
        left -= len(unpacked)
        if left <= 0:
            raise FileRefused(_("Tệp PDF phình ra quá lớn khi mở; xin in lại ra PDF rồi gửi."))
        yield unpacked


def _open(data: bytes) -> None:
    try:
        pages = PdfFileReader(io.BytesIO(data), strict=False).root["/Pages"]["/Count"]
    except (PdfReadError, KeyError, ValueError, TypeError, IndexError, AttributeError, RecursionError, OSError, zlib.error):
        pages = 0
    if not isinstance(pages, int) or pages < 1:
        raise FileRefused(_("Không mở được tệp PDF này; xin mở lại trên máy, lưu lại rồi gửi lại."))
