"""Archives of every kind that unpack to a thousand times their size, and pictures that claim to be enormous, are refused in words."""

import io
import struct
import zipfile
import zlib

import pytest
from odf.opendocument import OpenDocumentSpreadsheet

from sonha.foundation.files import storage
from sonha.foundation.files.errors import FileRefused
from sonha.foundation.files.models import StoredFile

from .conftest import MEGABYTE, opendocument, send, sheet, with_entry, word, zipped

pytestmark = pytest.mark.django_db


def spreadsheet() -> bytes:
    out = io.BytesIO()
    OpenDocumentSpreadsheet().write(out)
    return out.getvalue()


def shapes() -> bytes:
    return zipped({"a.shp": b"1", "a.shx": b"1", "a.dbf": b"1"})


def huge_png(side: int) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(600))) + chunk(b"IEND", b"")


def is_refused(content: bytes, words: str, accept: str) -> None:
    with pytest.raises(FileRefused, match=words):
        send(content, accept=accept)
    assert not StoredFile.objects.exists()
    assert [path for path in storage.root().rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("whole", "kind"), [(word(), "docx"), (sheet(), "xlsx"), (opendocument(), "odt"), (spreadsheet(), "ods"), (shapes(), "shapefile")]
)
def test_archives_that_unpack_a_thousandfold(whole: bytes, kind: str) -> None:
    is_refused(with_entry(whole, "media/a.bin", bytes(30 * MEGABYTE), zipfile.ZIP_DEFLATED), "phình ra", kind)


@pytest.mark.parametrize("side", [9_400, 50_000])
def test_pictures_that_claim_to_be_enormous(side: int) -> None:
    is_refused(huge_png(side), "quá lớn", "image")
