"""A request as it was sent: names without regard to case, values checked, coordinates in x, y order."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.geo.layers.limits import Limits
from sonha.geo.layers.systems import System, UnknownSystem, axes_of_wms, system

from .faults import ServiceException

MOST_LAYERS = 30
LONGEST_SIDE = 16_384  # pixels
PICTURES = {
    "image/png": "png",
    "image/png; mode=8bit": "png8",
    "image/png8": "png8",
    "image/jpeg": "jpeg",
    "image/jpg": "jpeg",
}
OFFERED_PICTURES = ("image/png", "image/png; mode=8bit", "image/jpeg")
EXCEPTIONS = {
    "": "xml", "xml": "xml", "inimage": "inimage", "blank": "blank", "application/vnd.ogc.se_xml": "xml",
    "application/vnd.ogc.se_inimage": "inimage", "application/vnd.ogc.se_blank": "blank", "text/xml": "xml",
}  # fmt: skip
Box = tuple[float, float, float, float]


class Parameters(Mapping[str, str]):
    """Key-value pairs of the query string and of a posted form, by upper-case names; the first of repeated ones counts."""

    def __init__(self, request: HttpRequest) -> None:
        self._values: dict[str, str] = {}
        for source in (request.GET, request.POST if request.method == "POST" else {}):
            for name in source:
                self._values.setdefault(name.upper(), str(source.get(name) or "").strip().replace("\x00", ""))

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def said(self, name: str) -> str:
        """The value; ServiceException when the parameter is missing or empty."""
        if value := self.get(name, ""):
            return value
        raise ServiceException(_("Thiếu tham số %(name)s.") % {"name": name}, "MissingParameterValue", name)

    def names(self, name: str) -> list[str]:
        """A list separated by commas; empty when nothing is said."""
        value = self.get(name, "")
        return [each.strip() for each in value.split(",")] if value else []

    def integer(self, name: str, *, least: int, most: int) -> int:
        value = self.said(name)
        if re.fullmatch(r"[+-]?\d{1,12}", value, re.ASCII) and least <= int(value) <= most:
            return int(value)
        raise ServiceException(
            _("%(name)s phải là số nguyên từ %(least)d đến %(most)d.") % {"name": name, "least": least, "most": most},
            "InvalidParameterValue", name,
        )  # fmt: skip

    @property
    def version(self) -> str:
        """The version spoken, as both standards negotiate it: the highest that is not above the one asked for, else the lowest."""
        asked = re.fullmatch(r"(\d{1,3})\.(\d{1,3})(?:\.\d{1,3})?", self.get("VERSION", "") or self.get("WMTVER", ""), re.ASCII)
        return "1.1.1" if asked and (int(asked[1]), int(asked[2])) < (1, 3) else "1.3.0"

    @property
    def exceptions(self) -> str:
        """xml, inimage or blank; ServiceException for a form that is not offered."""
        given = self.get("EXCEPTIONS", "").lower()
        if given not in EXCEPTIONS:
            raise ServiceException(
                _("EXCEPTIONS %(given)s không được hỗ trợ.") % {"given": given[:80]}, "InvalidParameterValue", "EXCEPTIONS"
            )
        return EXCEPTIONS[given]


@dataclass(frozen=True)
class View:
    """What part of the world, how large. `box` is x, y, x, y in `srid`; `units` metres of one unit of the system."""

    srid: int
    box: Box
    width: int
    height: int
    system: System

    @property
    def scale(self) -> float:
        """Denominator at 0.28 mm a pixel, as the standard computes it."""
        return (self.box[2] - self.box[0]) / self.width * metres(self.srid) / 0.00028

    @property
    def resolution(self) -> tuple[float, float]:
        """Units of the system per pixel, across and down."""
        return (self.box[2] - self.box[0]) / self.width, (self.box[3] - self.box[1]) / self.height


@dataclass(frozen=True)
class Ground:
    """How the picture is written."""

    form: str  # png, png8, jpeg
    media_type: str
    transparent: bool
    colour: tuple[int, int, int]


def metres(srid: int) -> float:
    return 111_319.490793 if srid in (4326, 4756) else 1.0


def view(given: Parameters, limits: Limits) -> View:
    """ServiceException for an unknown system, a box that encloses nothing, or a picture that is too large for the audience."""
    found = _system(given)
    width = given.integer("WIDTH", least=1, most=LONGEST_SIDE)
    height = given.integer("HEIGHT", least=1, most=LONGEST_SIDE)
    if width * height > limits.pixels:
        side = math.isqrt(limits.pixels)
        raise ServiceException(
            _("Bản đồ %(width)d × %(height)d điểm ảnh quá lớn; nhiều nhất là %(side)d × %(side)d.")
            % {"width": width, "height": height, "side": side}, "InvalidParameterValue", "WIDTH",
        )  # fmt: skip
    return View(found.srid, box(given, found), width, height, found)


def _system(given: Parameters) -> System:
    name = "SRS" if given.version == "1.1.1" and "SRS" in given else "CRS" if "CRS" in given else "SRS" if "SRS" in given else "CRS"
    said = given.said(name)
    try:
        return system(said) if given.version == "1.1.1" else axes_of_wms(said)
    except UnknownSystem:
        raise ServiceException(_("Hệ tọa độ %(given)s không được hỗ trợ.") % {"given": said[:80]}, "InvalidCRS", name) from None


def box(given: Parameters, found: System) -> Box:
    parts = given.said("BBOX").split(",")
    try:
        if len(parts) != 4 or any(len(part) > 40 or "_" in part for part in parts):
            raise ValueError
        first, second, third, fourth = (float(part) for part in parts)
    except ValueError:
        raise ServiceException(_("BBOX phải là bốn số cách nhau bằng dấu phẩy."), "InvalidParameterValue", "BBOX") from None
    values = (second, first, fourth, third) if found.flipped else (first, second, third, fourth)
    if not all(math.isfinite(each) and abs(each) < 1e12 for each in values):
        raise ServiceException(_("BBOX phải là bốn số hữu hạn."), "InvalidParameterValue", "BBOX")
    if not (values[2] - values[0] > 1e-12 and values[3] - values[1] > 1e-12):
        raise ServiceException(_("BBOX phải có cạnh nhỏ trước, cạnh lớn sau và diện tích khác không."), "InvalidParameterValue", "BBOX")
    return values


def ground(given: Parameters) -> Ground:
    """ServiceException InvalidFormat for a picture that is not offered."""
    said = " ".join(given.said("FORMAT").lower().replace(";", "; ").split())
    if said not in PICTURES:
        raise ServiceException(_("Định dạng ảnh %(given)s không được hỗ trợ.") % {"given": said[:80]}, "InvalidFormat", "FORMAT")
    form = PICTURES[said]
    media_type = "image/jpeg" if form == "jpeg" else "image/png; mode=8bit" if form == "png8" else "image/png"
    return Ground(form, media_type, _transparent(given) and form != "jpeg", _colour(given))


def _transparent(given: Parameters) -> bool:
    said = given.get("TRANSPARENT", "").upper()
    if said not in {"", "TRUE", "FALSE"}:
        raise ServiceException(_("TRANSPARENT phải là TRUE hoặc FALSE."), "InvalidParameterValue", "TRANSPARENT")
    return said == "TRUE"


def _colour(given: Parameters) -> tuple[int, int, int]:
    said = given.get("BGCOLOR", "") or "0xFFFFFF"
    found = re.fullmatch(r"(?:0x|#)?([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})", said)
    if not found:
        raise ServiceException(_("BGCOLOR phải ở dạng 0xRRGGBB."), "InvalidParameterValue", "BGCOLOR")
    red, green, blue = (int(part, 16) for part in found.groups())
    return red, green, blue


def day(given: Parameters) -> date | None:
    """The day that TIME asks for: None is today. A moment counts as its day; ServiceException for lists, intervals and nonsense."""
    said = given.get("TIME", "")
    if not said or said.lower() == "current":
        return None
    found = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2})(T\d{2}(?::?\d{2}(?::?\d{2}(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?", said, re.ASCII)
    try:
        if not found:
            raise ValueError
        if found[4]:
            moment = datetime.fromisoformat(said)
            asked = (
                (moment if timezone.is_aware(moment) else timezone.make_aware(moment)).astimezone(timezone.get_current_timezone()).date()
            )
        else:
            asked = date(int(found[1]), int(found[2]), int(found[3] or 1))
    except (ValueError, OverflowError):
        raise ServiceException(_("TIME phải là một ngày dạng YYYY-MM-DD, hoặc “current”."), "InvalidDimensionValue", "TIME") from None
    if asked > timezone.localdate():
        raise ServiceException(_("TIME không được sau hôm nay."), "InvalidDimensionValue", "TIME")
    return None if asked == timezone.localdate() else asked
