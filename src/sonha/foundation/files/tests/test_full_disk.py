"""A full disk: who sends a file is told to keep it and come again, what was there stays, and nothing of the new file is left behind."""

import contextlib
import io
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from sonha.foundation.access.actor import Actor
from sonha.foundation.files import services, storage, uploads
from sonha.foundation.files.errors import StorageFull
from sonha.foundation.files.models import StoredFile, Upload
from sonha.foundation.files.uploads import UploadProblem

from .conftest import exif, pdf, picture, send

pytestmark = pytest.mark.django_db
ROOM = 512 * 1024  # bytes of the small disk


def _mount(folder: Path, size: int, *options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", ",".join([*options, f"size={size}"]), "tmpfs", str(folder)]
    try:
        return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


@pytest.fixture
def more_room(data_folder: Path) -> Iterator[Callable[[], None]]:
    """The files lie on a disk of 512 KB (a limit on the size of files where mounting is not allowed); call it to make the disk larger."""
    data_folder.mkdir()
    if _mount(data_folder, ROOM):
        yield lambda: subprocess.run(["mount", "-o", "remount,size=20m", str(data_folder)], check=True) and None
        with contextlib.suppress(OSError):
            subprocess.run(["umount", "-l", str(data_folder)], check=True)
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, before[1]))
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before)
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def left_over() -> list[Path]:
    return [path for folder in ("incoming", "uploads") for path in storage.aside(folder).iterdir()]


def large() -> bytes:
    return pdf() + b"\n%" + b"x" * 2 * ROOM + b"\nstartxref\n0\n%%EOF"


def test_a_full_disk_refuses_a_file_and_keeps_everything_else(more_room: Callable[[], None]) -> None:
    content = pdf()
    kept = send(content, "Đơn.pdf")
    with pytest.raises(StorageFull, match="hết chỗ lưu"):
        send(large(), "Bản vẽ.pdf")
    assert list(StoredFile.objects.all()) == [kept] and services.read_bytes(kept) == content
    assert left_over() == []
    more_room()
    assert send(picture(), "Ảnh.jpg").size


def test_no_room_for_the_cleaned_copy_of_a_photograph(more_room: Callable[[], None]) -> None:
    """The photograph itself still fits, turning it upright does not: it is not called damaged."""
    noise, out = Image.effect_noise((1000, 800), 90).convert("RGB"), io.BytesIO()
    noise.save(out, "JPEG", quality=20, exif=exif(orientation=6))
    assert len(out.getvalue()) < ROOM * 0.9
    with pytest.raises(StorageFull, match="hết chỗ lưu"):
        send(out.getvalue(), "Ảnh.jpg")
    assert not StoredFile.objects.exists() and left_over() == []


def test_a_file_in_pieces_goes_on_when_there_is_room_again(more_room: Callable[[], None], citizen: Actor, open_purpose: None) -> None:
    content = picture("PNG", (60, 40))
    content = content + bytes(2 * ROOM)
    upload = uploads.begin(citizen, purpose="test", name="Ảnh.png", length=len(content))
    first = ROOM // 2
    assert uploads.append(upload, at=0, source=io.BytesIO(content[:first]), length=first) == first
    with pytest.raises(UploadProblem, match="hết chỗ lưu") as full:
        uploads.append(upload, at=first, source=io.BytesIO(content[first:]), length=len(content) - first)
    assert full.value.status == 507
    upload = Upload.objects.get(pk=upload.pk)
    assert (upload.refusal, uploads.offset(upload)) == ("", first), "what was received stays, to the byte"
    more_room()
    uploads.append(upload, at=first, source=io.BytesIO(content[first:]), length=len(content) - first)
    upload.refresh_from_db()
    assert upload.file is not None and services.read_bytes(upload.file) == content
