"""Files that people and attackers send, made here byte by byte. Each function gives the bytes of one."""

import io
import struct
import zipfile
import zlib

import docx
import openpyxl
from odf.opendocument import OpenDocumentSpreadsheet
from PIL import Image
from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.generic import pdf_name

MEGABYTE = 1024 * 1024
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless line that every scanner reports (eicar.org)."""


def pdf(*, locked: bool = False, script: bool = False) -> bytes:
    """One empty page; `locked` with a password, or with JavaScript that runs when it is opened."""
    made = writer.PdfFileWriter()
    page = writer.PageObject(contents=made.add_object(generic.StreamObject(stream_data=b"")), media_box=(0, 0, 595, 842))
    made.insert_page(page)
    if script:
        act = {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.TextStringObject("app.alert(1)")}
        made.root[pdf_name("/OpenAction")] = generic.DictionaryObject(act)
    if locked:
        made.encrypt("owner", "user")
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (30, 90, 60)).save(out, kind)
    return out.getvalue()


def word() -> bytes:
    out = io.BytesIO()
    docx.Document().save(out)
    return out.getvalue()


def sheet() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def open_sheet() -> bytes:
    out = io.BytesIO()
    OpenDocumentSpreadsheet().write(out)
    return out.getvalue()


def locked_office() -> bytes:
    """What Word and Excel write with a password: an OLE container around the encrypted package."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(2000)


def with_part(archive: bytes, name: str, content: bytes, *, packed: bool = True) -> bytes:
    """The same archive with one more part."""
    out = io.BytesIO(archive)
    with zipfile.ZipFile(out, "a") as opened:
        opened.writestr(name, content, zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED)
    return out.getvalue()


def bomb(archive: bytes = b"", megabytes: int = 40) -> bytes:
    """A document (or a bare zip) that unpacks to a thousand times its size."""
    part = bytes(megabytes * MEGABYTE)
    if archive:
        return with_part(archive, "word/media/a.bin", part)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.txt", part)
    return out.getvalue()


def huge_png(width: int = 50_000, height: int = 50_000) -> bytes:
    """A few hundred bytes that say they are a picture of 2.5 thousand million points."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(3 * 200))) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def picture_and_page() -> bytes:
    """A real picture with a page with script behind it (polyglot)."""
    return picture() + b"<html><script>alert(document.domain)</script></html>"


def page_as_pdf() -> bytes:
    """A page that begins like a PDF so that a careless check takes it."""
    return b"%PDF-1.7\n<html><script>alert(1)</script></html>\n%%EOF"


def drawing() -> bytes:
    return b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def page() -> bytes:
    return b"<!doctype html><script>alert(1)</script>"


def program() -> bytes:
    return b"MZ\x90\x00" + bytes(600)
