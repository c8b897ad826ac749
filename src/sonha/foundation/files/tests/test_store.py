"""What is taken, what is refused and in which words, and how it lies on disk."""

import hashlib
import io
import threading
import zipfile
from pathlib import Path
from typing import Any

import numpy
import pyogrio
import pytest
from django.db import connection, transaction
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from shapely import Point, to_wkb

from sonha.foundation.files import services, storage
from sonha.foundation.files.errors import FileDamaged, FileRefused
from sonha.foundation.files.inspection import archives, images
from sonha.foundation.files.kinds import accepted
from sonha.foundation.files.models import StoredFile

from .conftest import action, exif, opendocument, pdf, picture, send, sheet, with_entry, word, zipped

pytestmark = pytest.mark.django_db


def refusal(content: bytes, name: str = "giay-to.pdf", **given: Any) -> str:
    """The sentence with which `content` is refused; nothing is left on disk."""
    with pytest.raises(FileRefused) as refused:
        send(content, name, **given)
    assert not StoredFile.objects.exists()
    assert [path for path in storage.root().rglob("*") if path.is_file()] == []
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "name", "kept", "media_type"),
    [
        (pdf(), "Đơn.pdf", "Đơn.pdf", "application/pdf"),
        (pdf(compressed=True), "Đơn.bin", "Đơn.pdf", "application/pdf"),
        (picture(), "IMG_1.JPEG", "IMG_1.jpg", "image/jpeg"),
        (picture("PNG"), "chụp màn hình.png", "chụp màn hình.png", "image/png"),
        (picture("WEBP"), "a.webp", "a.webp", "image/webp"),
        (word(), "Đơn.docx", "Đơn.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (sheet(), "Bảng.xlsx", "Bảng.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (opendocument(), "Đơn.odt", "Đơn.odt", "application/vnd.oasis.opendocument.text"),
    ],
)
def test_papers_are_taken_by_what_they_are(content: bytes, name: str, kept: str, media_type: str) -> None:
    file = send(content, name)
    assert (file.original_name, file.media_type, file.size) == (kept, media_type, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert services.read_bytes(file) == content
    assert file.scan_state == "unscanned"


def test_the_same_bytes_lie_on_disk_once_and_outside_every_public_path(data_folder: Path) -> None:
    content = pdf()
    first, second = send(content), send(content, "bản-2.pdf")
    assert first.pk != second.pk and first.path == second.path
    assert first.path == data_folder / first.sha256[:2] / first.sha256[2:4] / first.sha256
    assert [path for path in data_folder.rglob("*") if path.is_file()] == [first.path]
    assert first.path.stat().st_mode & 0o777 == 0o440


@pytest.mark.django_db(transaction=True)
def test_eight_people_send_the_same_file_at_once(data_folder: Path) -> None:
    content, kept = pdf(), []

    def one() -> None:
        try:
            kept.append(send(content).sha256)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 8 and len(set(kept)) == 1 and len(list(storage.blobs())) == 1


def test_a_rolled_back_transaction_leaves_no_row() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        send(pdf())
        raise RuntimeError
    assert not StoredFile.objects.exists()


def test_bytes_changed_on_disk_are_noticed() -> None:
    file = send(pdf())
    file.path.chmod(0o640)
    file.path.write_bytes(pdf() + b"!")
    with pytest.raises(FileDamaged):
        services.read_bytes(file)
    file.path.unlink()
    with pytest.raises(FileDamaged):
        services.read_bytes(file)


def test_what_the_platform_made_is_kept_as_it_is() -> None:
    file = services.store_bytes(b"%PDF-made here", name="Phiếu hẹn/01.pdf", media_type="application/pdf", purpose="test")
    assert (services.read_bytes(file), file.original_name, file.scan_state) == (b"%PDF-made here", "01.pdf", "clean")


@pytest.mark.parametrize(
    ("accept", "keys"),
    [
        ("pdf", ["pdf"]),
        (".pdf, .JPG", ["pdf", "jpeg"]),
        ("image/*,application/pdf", ["jpeg", "png", "webp", "pdf"]),
        ("zip", ["shapefile"]),
    ],
)
def test_declarations_may_write_kinds_in_the_usual_ways(accept: str, keys: list[str]) -> None:
    assert [kind.key for kind in accepted(accept)] == keys


def test_an_unknown_kind_in_a_declaration_is_an_error_of_the_declaration() -> None:
    with pytest.raises(ValueError, match="exe"):
        accepted("pdf,exe")


# refusals -------------------------------------------------------------------------------------------------------------------------


def test_nothing_and_too_much() -> None:
    assert "trống" in refusal(b"")
    assert "lớn hơn 2 KB" in refusal(b"x" * 3000, max_bytes=2048)


def test_the_name_does_not_make_the_kind() -> None:
    assert "Tệp này là PNG; ở đây chỉ nhận PDF" in refusal(picture("PNG"), "Đơn.pdf", accept="pdf")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MZ\x90\x00" + b"\x00" * 200, "tệp chương trình"),
        (b"\x7fELF\x02\x01\x01" + b"\x00" * 200, "tệp chương trình"),
        (b"<html><script>alert(1)</script></html>", "Không nhận ra"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 50, "HEIC"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "đời cũ"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (b"Rar!\x1a\x07\x01\x00" + b"\x00" * 50, "giải nén"),
        (zipped({"a.txt": b"a"}), "giải nén"),
        (b"PK\x03\x04 not really", "hỏng"),
        (b"%PDF-1.7\n1 0 obj\n", "hỏng"),
        (pdf()[:-200], "hỏng"),
        (b"%PDF-1.7\nnothing inside\nstartxref\n0\n%%EOF", "Không mở được"),
        (picture()[:300], "hỏng"),
        (word()[:-300], "hỏng"),
    ],
)
def test_other_things_are_refused_in_words(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_a_locked_pdf_asks_for_the_lock_to_be_taken_off() -> None:
    assert "mật khẩu" in refusal(pdf(lambda made: made.encrypt("owner", "user")))


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("kind", ["/JavaScript", "/Launch"])
def test_a_pdf_that_acts_by_itself_is_refused(kind: str, compressed: bool) -> None:
    def act(made: Any) -> None:
        if compressed:
            stream = made.prepare_object_stream()
            made.root[pdf_name("/OpenAction")] = made.add_object(action(kind), obj_stream=stream)
        else:
            made.root[pdf_name("/OpenAction")] = made.add_object(action(kind))

    content = pdf(act, compressed=compressed)
    assert (kind.encode() in content) is not compressed  # else the test would prove nothing about compressed objects
    assert "mã tự chạy" in refusal(content)


def test_escapes_do_not_hide_an_action() -> None:
    content = pdf(lambda made: made.root.__setitem__(pdf_name("/OpenAction"), action("/JavaScript")))
    hidden = content.replace(b"/JavaScript", b"/J#61vaScript")
    assert b"/JavaScript" not in hidden
    assert "mã tự chạy" in refusal(hidden)


def test_a_pdf_that_only_speaks_of_scripts_is_taken() -> None:
    assert send(pdf(lambda made: made.root.__setitem__(pdf_name("/Lang"), generic.TextStringObject("JavaScript")))).size


def test_macros_links_outside_and_bombs_in_office_files() -> None:
    assert "macro" in refusal(with_entry(word(), "word/vbaProject.bin", b"x"))
    relation = (
        b'<Relationships><Relationship Id="1" Type="http://x/attachedTemplate" Target="https://evil.example/t.dotm" TargetMode="External"/>'
    )
    assert "địa chỉ bên ngoài" in refusal(with_entry(word(), "word/_rels/settings.xml.rels", relation + b"</Relationships>"))
    assert "đường dẫn lạ" in refusal(with_entry(word(), "../../etc/cron.d/x", b"x"))
    assert "đường dẫn lạ" in refusal(with_entry(word(), "C:\\x", b"x"))
    bomb = with_entry(word(), "word/media/a.bin", b"\0" * (30 * 1024 * 1024), zipfile.ZIP_DEFLATED)
    assert "phình ra" in refusal(bomb)


def test_too_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_ENTRIES", 10)
    assert "phình ra" in refusal(word())


def test_parts_that_share_bytes_are_a_bomb() -> None:
    out = io.BytesIO(word())
    with zipfile.ZipFile(out, "a") as opened:
        opened.filelist.append(opened.getinfo("word/document.xml"))
        opened._didModify = True  # type: ignore[attr-defined]
    assert "cấu trúc lạ" in refusal(out.getvalue())


def test_a_locked_odt_asks_for_the_lock_to_be_taken_off() -> None:
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "content.xml": b"?",
        "META-INF/manifest.xml": b"<manifest:encryption-data/>",
    }
    assert "mật khẩu" in refusal(zipped(parts))


def test_a_locked_entry_in_a_zip() -> None:
    content = bytearray(word())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = content.find(mark)
        while position >= 0:
            content[position + at] |= 1
            position = content.find(mark, position + 4)
    assert "mật khẩu" in refusal(bytes(content))


# photographs ----------------------------------------------------------------------------------------------------------------------


def test_a_photograph_loses_the_place_but_no_bit_of_its_picture() -> None:
    content = picture(exif=exif(placed=True), quality=80)
    file = send(content, "anh.jpg")
    kept = services.read_bytes(file)
    assert file.cleaning == "location" and len(kept) < len(content)
    with Image.open(io.BytesIO(kept)) as now, Image.open(io.BytesIO(content)) as before:
        assert not now.getexif() and before.getexif().get_ifd(0x8825)
        assert now.tobytes() == before.tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_on_its_side_is_set_upright(kind: str) -> None:
    file = send(picture(kind, (60, 40), exif(orientation=6, placed=True)), "anh.jpg")
    with Image.open(file.path) as now:
        assert now.size == (40, 60) and not now.getexif()
        red, green, _blue = now.convert("RGB").getpixel((38, 2))  # type: ignore[misc]
        assert green > red  # the corner that was top left is now top right
    assert (file.cleaning, file.size) == ("upright", file.path.stat().st_size)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_lose_the_place_too(kind: str) -> None:
    file = send(picture(kind, exif=exif(placed=True), **({"lossless": True} if kind == "WEBP" else {})), "anh.png")
    with Image.open(file.path) as now:
        assert not now.getexif() and now.size == (60, 40)
    assert file.cleaning == "location"


def test_a_picture_that_tells_nothing_stays_bit_for_bit() -> None:
    content = picture(exif=exif())
    file = send(content, "anh.jpg")
    assert (services.read_bytes(file), file.cleaning) == (content, "")


def test_what_hangs_behind_a_placed_picture_goes_too() -> None:
    tail = b"second picture with GPS"
    file = send(picture(exif=exif(placed=True)) + tail, "anh.jpg")
    assert tail not in services.read_bytes(file)


def test_a_picture_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_PIXELS", 1000)
    assert "quá lớn" in refusal(picture())


# maps -----------------------------------------------------------------------------------------------------------------------------


def test_maps_are_taken_where_they_are_asked_for(tmp_path: Path) -> None:
    layer = tmp_path / "gieng.gpkg"
    names = numpy.array(["Giếng 1"], dtype=object)
    pyogrio.raw.write(layer, geometry=numpy.array([to_wkb(Point(106.7, 21.8))], dtype=object), field_data=[names],
                      fields=["ten"], geometry_type="Point", crs="EPSG:4326", driver="GPKG")  # fmt: skip
    assert send(layer.read_bytes(), "gieng.gpkg", accept="gpkg").media_type == "application/geopackage+sqlite3"
    assert send(b'{"type": "Point", "coordinates": [106.7, 21.8]}', "a.json", accept="geojson").original_name == "a.geojson"
    assert send(zipped({"a.shp": b"1", "a.shx": b"1", "a.dbf": b"1"}), "a.zip", accept="shapefile").media_type == "application/zip"
    StoredFile.objects.all().delete()
    with pytest.raises(FileRefused, match="GeoJSON"):
        send(b'{"hello": 1}', accept="geojson")
    with pytest.raises(FileRefused, match="GeoPackage"):
        send(layer.read_bytes()[:5000], accept="gpkg")
