"""Photographs: really pictures, of bearable size, upright, and without the place where they were taken (nhà riêng là dữ liệu cá nhân)."""

from pathlib import Path

from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from .. import storage
from ..errors import FileRefused
from ..kinds import Kind
from ..models import StoredFile

MOST_PIXELS = 80_000_000
QUALITY = 92
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
APP1, APP13, START_OF_SCAN, END = 0xE1, 0xED, 0xDA, 0xD9


def clean(path: Path, copy: Path, kind: Kind) -> str:
    """Writes to `copy` when the picture lies on its side or tells a place, and says how it was cleaned; empty when it may stay as it is."""
    try:
        with Image.open(path, formats=[FORMATS[kind.key]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _too_large()
            picture.load()
            exif = picture.getexif()
            turned = exif.get(ExifTags.Base.Orientation, 1) not in (0, 1)
            placed = bool(exif.get_ifd(ExifTags.IFD.GPSInfo)) or _mentions_place(picture)
            if not turned and not placed:
                return StoredFile.Cleaning.NONE
            with storage.room():
                if kind.key == "jpeg" and not turned:
                    copy.write_bytes(without_metadata(path.read_bytes()))
                else:
                    _rewrite(picture, copy, kind)
    except FileRefused:
        raise
    except Image.DecompressionBombError:  # so large that it is not even opened
        raise _too_large() from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError):
        raise FileRefused(_("Ảnh bị hỏng hoặc tải lên chưa trọn; xin chụp hoặc chọn lại ảnh.")) from None
    return StoredFile.Cleaning.UPRIGHT if turned else StoredFile.Cleaning.LOCATION


def _too_large() -> FileRefused:
    return FileRefused(_("Ảnh quá lớn (trên 80 triệu điểm ảnh); xin giảm kích thước rồi gửi lại."))


def without_metadata(jpeg: bytes) -> bytes:
    """The same picture, bit for bit, without EXIF, XMP and IPTC blocks and without anything after its end. ValueError when malformed."""
    kept, position = [jpeg[:2]], 2
    while True:
        if position + 4 > len(jpeg) or jpeg[position] != 0xFF:
            raise ValueError("not a JPEG segment")
        marker, length = jpeg[position + 1], int.from_bytes(jpeg[position + 2 : position + 4], "big")
        if marker == 0xFF:  # fill byte
            position += 1
            continue
        if marker == START_OF_SCAN:
            return b"".join([*kept, jpeg[position : _end_of_picture(jpeg, position)]])
        segment = jpeg[position : position + 2 + length]
        if marker not in (APP1, APP13) and not (marker == 0xE2 and segment[4:8] == b"MPF\x00"):
            kept.append(segment)
        position += 2 + length


def _end_of_picture(jpeg: bytes, position: int) -> int:
    """Index after the first end marker: what follows (a second picture, a video) has its own metadata."""
    found = jpeg.find(bytes([0xFF, END]), position)
    return found + 2 if found >= 0 else len(jpeg)


def _mentions_place(picture: Image.Image) -> bool:
    notes = [value for key, value in picture.info.items() if str(key).lower() in ("xmp", "xml:com.adobe.xmp", "raw profile type xmp")]
    return any("gps" in (note.decode("utf-8", "replace") if isinstance(note, bytes) else str(note)).lower() for note in notes)


def _rewrite(picture: Image.Image, copy: Path, kind: Kind) -> None:
    upright = ImageOps.exif_transpose(picture)
    profile = picture.info.get("icc_profile")
    if upright.mode == "P":
        upright = upright.convert("RGBA")
    bare = Image.new(upright.mode, upright.size)  # carries no metadata of any sort
    bare.paste(upright)
    options = {"quality": QUALITY} if kind.key in ("jpeg", "webp") else {}
    bare.save(copy, FORMATS[kind.key], icc_profile=profile, **options)
