"""Coordinate systems of files: what a .prj or a GML says, as one of the systems that the platform reads; places that cannot be meant."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from pyproj import CRS
from pyproj.exceptions import CRSError

MERIDIANS = {
    102.0: 5896, 103.0: 9205, 104.0: 9206, 104.5: 9207, 104.75: 9208, 105.0: 5897, 105.5: 9209, 105.75: 9210, 106.0: 9211, 106.25: 9212,
    106.5: 9213, 107.0: 9214, 107.25: 9215, 107.5: 9216, 107.75: 5899, 108.0: 5898, 108.25: 9217, 108.5: 9218,
}  # fmt: skip
"""Central meridian -> EPSG of VN-2000 / TM-3 (k = 0.9999, false easting 500,000 m)."""
READ = frozenset({4326, 4756, 3857, 3405, 3406, 32648, 32649, *MERIDIANS.values()})
OFFERED = (9215, 9214, 9213, 9210, 5899, 3405, 3406, 4756, 4326, 3857)
"""To choose from when a file does not say: the province's zone and its neighbours first."""
DEGREES = frozenset({4326, 4756})
WITHDRAWN = range(6956, 6960)
VIETNAM = (102.0, 8.0, 110.0, 23.6)  # degrees, the mainland with the near islands
PLANE = (150_000.0, 880_000.0, 850_000.0, 2_650_000.0)  # metres, any transverse Mercator zone in Viet Nam
MERCATOR = (11_300_000.0, 890_000.0, 12_300_000.0, 2_710_000.0)


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of its coordinates. `srid` 0: nothing that is known; `note` is a sentence for whoever reads it."""

    srid: int
    note: str = ""


def title(srid: int) -> str:
    for meridian, code in MERIDIANS.items():
        if code == srid:
            degrees, minutes = divmod(round(meridian * 60), 60)
            return f"VN-2000, KTT {degrees}°{minutes:02}', múi 3° (EPSG:{srid})"
    names = {4326: "WGS 84", 4756: "VN-2000, kinh vĩ độ", 3857: "Web Mercator", 3405: "VN-2000, UTM 48N", 3406: "VN-2000, UTM 49N"}
    return f"{names.get(srid, 'WGS 84 / UTM')} (EPSG:{srid})"


def said(text: str | None) -> Said:
    """Of a well-known text, `EPSG:n`, or nothing. VN-2000 is known by its central meridian, with or without its datum shift."""
    if not text:
        return Said(0, _("Tệp không ghi hệ toạ độ (thiếu .prj); xin chọn hệ toạ độ của dữ liệu."))
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        return Said(0, _("Không đọc được hệ toạ độ ghi trong tệp; xin chọn hệ toạ độ của dữ liệu."))
    crs = (crs.source_crs or crs) if crs.is_bound else crs  # with a shift of its own, which is not trusted: ours is EPSG:6960
    zone = _zone(crs)
    if zone:
        return Said(
            zone,
            ""
            if "2000" in str(crs.datum and crs.datum.name)
            else _("Tệp ghi múi chiếu 3° không kèm hệ VN-2000; đọc là %(system)s.") % {"system": title(zone)},
        )
    code = crs.to_epsg(min_confidence=60)
    if code in READ:
        return Said(code)
    if crs.is_geographic:
        return Said(4756 if "2000" in crs.name and "vn" in crs.name.lower() else 4326 if "wgs" in crs.name.lower() else 0, _strange(crs))
    return Said(0, _strange(crs))


def _strange(crs: CRS) -> str:
    return _("Hệ toạ độ ghi trong tệp (%(name)s) không phải hệ thường dùng; xin kiểm tra và chọn lại.") % {"name": crs.name[:60]}


def _zone(crs: CRS) -> int:
    """The zone of a transverse Mercator of three degrees; 0 for anything else. Codes withdrawn by EPSG are read by their meridian."""
    operation = crs.coordinate_operation
    if operation is None or "transverse mercator" not in operation.method_name.lower():
        return 0
    values = {each.name.lower(): float(each.value) for each in operation.params}
    scale = next((value for name, value in values.items() if "scale" in name), 0.0)
    meridian = next((value for name, value in values.items() if "longitude" in name), None)
    easting = next((value for name, value in values.items() if "easting" in name), 0.0)
    if meridian is None or abs(scale - 0.9999) > 1e-7 or abs(easting - 500_000) > 1:
        return 0
    return next((code for each, code in MERIDIANS.items() if abs(each - meridian) < 1e-4), 0)


def plausible(srid: int) -> tuple[float, float, float, float]:
    """Where coordinates of a system must lie to be in Viet Nam: x and y from, x and y to."""
    return VIETNAM if srid in DEGREES else MERCATOR if srid == 3857 else PLANE


def judge(srid: int, bounds: tuple[float, float, float, float]) -> str:
    """One sentence when the extent of a layer cannot be meant in this system; empty when it can."""
    west, south, east, north = plausible(srid)
    if west <= bounds[0] and bounds[2] <= east and south <= bounds[1] and bounds[3] <= north:
        return ""
    given = {"system": title(srid)}
    if west <= bounds[1] and bounds[3] <= east and south <= bounds[0] and bounds[2] <= north:
        return _("Toạ độ bị đảo trục: số thứ nhất là hướng bắc, số thứ hai là hướng đông. Xin đánh dấu «Đảo trục» rồi thử lại.")
    in_degrees = all(abs(each) <= 180 for each in bounds)
    if in_degrees and srid not in DEGREES:
        return _("Toạ độ là độ (kinh, vĩ độ) nhưng đang đọc theo %(system)s; xin chọn lại hệ toạ độ.") % given
    if not in_degrees and srid in DEGREES:
        return _("Toạ độ là mét nhưng đang đọc theo %(system)s; xin chọn lại hệ toạ độ.") % given
    return _("Toạ độ nằm ngoài phạm vi Việt Nam theo %(system)s; xin chọn lại hệ toạ độ.") % given
