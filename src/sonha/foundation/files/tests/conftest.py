"""Real files of every kind, a data folder of its own, and scanners: the sandbox always, ClamAV itself where it is installed."""

import hashlib
import io
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from odf.opendocument import OpenDocumentText
from PIL import Image
from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.generic import pdf_name

from sonha.foundation.access.actor import Actor
from sonha.foundation.files import clamd, rules, services
from sonha.foundation.files.models import StoredFile
from sonha.foundation.identity.models import User
from sonha.sandbox.virus_scanner import EICAR

MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> Path:
    settings.SONHA_DATA = tmp_path
    settings.SONHA_CLAMD = ""
    return tmp_path / "files"


@pytest.fixture(autouse=True)
def no_scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests say themselves when a scanner is there, also on a machine that has one."""
    monkeypatch.setattr(clamd, "USUAL_SOCKETS", ())


def send(
    content: bytes, name: str = "giay-to.pdf", accept: str = "pdf,image,docx,xlsx,odt", max_bytes: int = 20 * MEGABYTE, **given: Any
) -> StoredFile:
    values = {"actor_user": None, "purpose": "test"} | given
    return services.store(SimpleUploadedFile(name or "x", content), accept=accept, max_bytes=max_bytes, **values)


def pdf(change: Callable[[writer.PdfFileWriter], None] = lambda made: None, *, compressed: bool = False) -> bytes:
    """A PDF of one empty page; `change` may put more into it. `compressed`: objects sit in object streams."""
    made = writer.PdfFileWriter(stream_xrefs=compressed)
    page = writer.PageObject(contents=made.add_object(generic.StreamObject(stream_data=b"")), media_box=(0, 0, 595, 842))
    made.insert_page(page)
    change(made)
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def action(kind: str) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name("/S"): pdf_name(kind), pdf_name("/JS"): generic.TextStringObject("app.alert(1)")})


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), exif: Image.Exif | None = None, **options: Any) -> bytes:
    made = Image.new("RGB", size, (200, 60, 30))
    made.paste((20, 90, 40), (0, 0, size[0] // 3, size[1] // 3))
    out = io.BytesIO()
    made.save(out, kind, **({"exif": exif} if exif else {}), **options)
    return out.getvalue()


def exif(*, orientation: int = 1, placed: bool = False) -> Image.Exif:
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010F] = "Máy ảnh"
    if placed:
        notes[0x8825] = {1: "N", 2: (21.0, 51.0, 0.0), 3: "E", 4: (106.0, 45.0, 0.0)}
    return notes


def word() -> bytes:
    made, out = docx.Document(), io.BytesIO()
    made.add_paragraph("Đơn đề nghị cấp giấy phép")
    made.save(out)
    return out.getvalue()


def sheet() -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.active["A1"] = "Lưu lượng"
    made.save(out)
    return out.getvalue()


def opendocument() -> bytes:
    out = io.BytesIO()
    OpenDocumentText().write(out)
    return out.getvalue()


def with_entry(archive: bytes, name: str, content: bytes, compression: int = zipfile.ZIP_STORED) -> bytes:
    """The same archive with one more part."""
    out = io.BytesIO(archive)
    with zipfile.ZipFile(out, "a", compression) as opened:
        opened.writestr(name, content)
    return out.getvalue()


def zipped(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def citizen(db: None) -> Actor:
    user = User.objects.create_user("hoa", full_name="Nguyễn Thị Hoà")
    return Actor(user=user, name="Nguyễn Thị Hoà")


@pytest.fixture
def open_purpose() -> Iterator[None]:
    """The purpose `test`: everyone signed in may send, whoever sent it may read."""
    rules.register_upload("test", allowed=lambda actor: True, accept="pdf,image", max_bytes=5 * MEGABYTE)
    rules.register_access("test", lambda actor, file: file.uploaded_by_id is not None and file.uploaded_by_id == actor.user_id)
    yield
    for registered in (rules._uploads, rules._readers, rules._usage):
        registered.pop("test", None)


SCANNERS = ["sandbox", *(["clamd"] if shutil.which("clamd") else [])]


@pytest.fixture(scope="session", params=SCANNERS)
def scanner_process(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The socket of a running scanner."""
    folder = tmp_path_factory.mktemp("scan")
    socket = folder / "clamd.sock"
    if request.param == "sandbox":
        command = [sys.executable, "-m", "sonha.sandbox.virus_scanner", "--socket", str(socket)]
    else:
        (folder / "eicar.hdb").write_text(f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:Eicar-Test\n")
        config = folder / "clamd.conf"
        config.write_text(
            f"LocalSocket {socket}\nDatabaseDirectory {folder}\nForeground yes\nTemporaryDirectory {folder}\nUser {Path.home().owner()}\n"
        )
        command = [shutil.which("clamd") or "clamd", "--config-file", str(config)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        if socket.exists():
            break
        time.sleep(0.1)
    yield socket
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def scanner(scanner_process: Path, settings: Any) -> Path:
    settings.SONHA_CLAMD = str(scanner_process)
    for _ in range(100):
        if clamd.is_alive():
            return scanner_process
        time.sleep(0.1)
    raise RuntimeError("the scanner did not start")
