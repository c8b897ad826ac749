"""Places as officers type them: coordinates of a point, corner points one per line, or pasted GeoJSON or WKT.

Coordinates are VN-2000 (E, N in metres, of a zone) or WGS 84 (latitude, longitude in degrees); an empty line begins another part or ring.
Whatever cannot be a place is answered by one sentence.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry import shape as from_geojson

from sonha.foundation.organisations.selectors import communes
from sonha.foundation.ui.figures import parse_coordinate
from sonha.registry.declarations.fields import Field

WGS84 = 4326
ZONES = {
    9205: "103°00′", 9206: "104°00′", 9207: "104°30′", 9208: "104°45′", 5897: "105°00′", 9209: "105°30′", 9210: "105°45′",
    9211: "106°00′", 9212: "106°15′", 9213: "106°30′", 9214: "107°00′", 9215: "107°15′", 9216: "107°30′", 5899: "107°45′",
    5898: "108°00′", 9217: "108°15′", 9218: "108°30′",
}  # fmt: skip
"""VN-2000 / TM-3 by EPSG number, with the central meridian (Thông tư 973/2001/TT-TCĐC, appendix 2)."""
VIET_NAM = (102.0, 8.0, 110.0, 23.6)
AROUND = 0.3  # degrees around the centres of the communes: still the province
MOST_CORNERS = 10_000
MOST_TEXT = 600_000
PARTS = ("crs", "x", "y", "lines", "pasted")
KINDS = {
    "POINT": gettext_lazy("một điểm"), "LINESTRING": gettext_lazy("một đường"), "POLYGON": gettext_lazy("một vùng"),
    "MULTIPOINT": gettext_lazy("các điểm"), "MULTILINESTRING": gettext_lazy("các đường"), "MULTIPOLYGON": gettext_lazy("các vùng"),
    "GEOMETRYCOLLECTION": gettext_lazy("một tập hợp hình"),
}  # fmt: skip
CORNER = re.compile(r"\[(\S+) (\S+)\]")


def province_srid() -> int:
    """The province's VN-2000 zone: EPSG:9215 for Lạng Sơn."""
    return int(getattr(settings, "SONHA_VN2000_EPSG", 9215))


def in_system(geometry: GEOSGeometry, srid: int) -> GEOSGeometry:
    """The same place in another coordinate system, by the database's own figures."""
    if geometry.srid == srid:
        return geometry
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_AsHEXEWKB(ST_Transform(ST_GeomFromEWKB(%s), %s))", [bytes(geometry.ewkb), srid])
        return GEOSGeometry(cursor.fetchone()[0])


def systems() -> list[tuple[str, str]]:
    """(value, words) of the coordinate systems to choose from, the province's own first."""
    own = province_srid()
    named = [(str(own), _("VN-2000, kinh tuyến trục %(meridian)s (của tỉnh): E, N") % {"meridian": ZONES.get(own, own)})]
    named.append((str(WGS84), _("WGS 84: vĩ độ, kinh độ")))
    others = [
        (str(srid), _("VN-2000, kinh tuyến trục %(meridian)s: E, N") % {"meridian": name}) for srid, name in ZONES.items() if srid != own
    ]
    return named + others


def as_typed(geometry: Any, field: Field, system: str = "") -> dict[str, str]:
    """What the inputs of a place hold for a record: its coordinates in its own system, or in that which was chosen (`system`)."""
    srid = field.srid if field.srid in ZONES or field.srid == WGS84 else province_srid()
    if system:
        srid = _system(system)
    found = dict.fromkeys(PARTS, "") | {"crs": str(srid)}
    if geometry is None or geometry.empty:
        return found
    if geometry.srid != srid:
        geometry = in_system(geometry, srid)
    if geometry.geom_type == "Point":
        first, second = _pair(geometry.x, geometry.y, srid)
        return found | {"x": first, "y": second}
    rings = _rings(json.loads(geometry.geojson)["coordinates"])
    blocks = ["\n".join(" ".join(_pair(x, y, srid)) for x, y, *_z in ring) for ring in rings]
    return found | {"lines": "\n\n".join(blocks)}


def _rings(coordinates: Any) -> list[Any]:
    """Lists of positions, however deep they lie."""
    if coordinates and isinstance(coordinates[0], (int, float)):
        return [[coordinates]]
    if coordinates and isinstance(coordinates[0][0], (int, float)):
        return [coordinates]
    return [ring for part in coordinates for ring in _rings(part)]


def _pair(x: float, y: float, srid: int) -> tuple[str, str]:
    if srid == WGS84:
        return _text(y, 8), _text(x, 8)
    return _text(x, 3), _text(y, 3)


def _text(number: float, places: int) -> str:
    return f"{number:.{places}f}".rstrip("0").rstrip(".").replace(".", ",")


def is_blank(typed: Mapping[str, str]) -> bool:
    return not any(typed.get(part, "").strip() for part in PARTS if part != "crs")


def read(typed: Mapping[str, str], field: Field) -> GEOSGeometry | None:
    """The place that was typed, in the field's own system; None when nothing was. ValidationError with one sentence otherwise."""
    if is_blank(typed):
        return None
    srid = _system(typed.get("crs", ""))
    pasted = typed.get("pasted", "").strip()
    if pasted:
        srid, geometry = _pasted(pasted, srid)
    else:
        geometry = _typed(typed, field, srid)
    _check_numbers(geometry)
    geometry = _as_declared(shapely.force_2d(geometry), field)
    _check_place(geometry, srid)
    _check_valid(geometry, srid)
    return _stored(geometry, srid, field.srid)


def _system(text: str) -> int:
    srid = int(text) if text.isdecimal() and len(text) < 7 else province_srid()
    if srid != WGS84 and srid not in ZONES and srid != province_srid():
        raise ValidationError(_("Hãy chọn hệ toạ độ trong danh sách."))
    return srid


def _typed(typed: Mapping[str, str], field: Field, srid: int) -> Any:
    kind = field.geometry_type.upper()
    if typed.get("x", "").strip() or typed.get("y", "").strip():
        return shapely.Point(_position([typed.get("x", ""), typed.get("y", "")], srid, ""))
    blocks = _blocks(typed.get("lines", ""), srid)
    if kind.endswith("POINT"):
        return shapely.MultiPoint([position for block in blocks for position in block])
    if kind.endswith("LINESTRING"):
        if any(len(block) < 2 for block in blocks):
            raise ValidationError(_("Một đường cần ít nhất hai điểm."))
        return shapely.MultiLineString(blocks)
    if any(len(block) < 3 for block in blocks):
        raise ValidationError(_("Một vùng cần ít nhất ba đỉnh."))
    return _areas(blocks)


def _areas(blocks: list[list[tuple[float, float]]]) -> Any:
    """Rings into areas: a ring that lies within an earlier one is its hole."""
    areas: list[tuple[Any, list[Any]]] = []
    for block in blocks:
        ring = shapely.Polygon(block)
        _check_crossing(ring)
        around = next((each for each in areas if each[0].contains(ring)), None)
        if around:
            around[1].append(block)
        else:
            areas.append((ring, []))
    return shapely.MultiPolygon([shapely.Polygon(shell.exterior.coords, holes) for shell, holes in areas])


def _blocks(text: str, srid: int) -> list[list[tuple[float, float]]]:
    if len(text) > MOST_TEXT:
        raise ValidationError(_("Quá nhiều đỉnh; xin nhập từ tệp dữ liệu thay cho gõ tay."))
    blocks: list[list[tuple[float, float]]] = [[]]
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [part for part in re.split(r"[;\t ]+", line.strip()) if part]
        if parts:
            blocks[-1].append(_position(parts, srid, _("Dòng %(n)d") % {"n": number}))
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _position(parts: list[str], srid: int, where: str) -> tuple[float, float]:
    """(x, y) of two numbers as typed: E N, or latitude longitude."""
    numbers = [parse_coordinate(part) for part in parts]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        wanted = _("vĩ độ và kinh độ") if srid == WGS84 else _("E và N tính bằng mét")
        place = f"{where}: " if where else ""
        raise ValidationError(
            place + _("cần đúng hai số, %(wanted)s; ở đây là «%(given)s».") % {"wanted": wanted, "given": " ".join(parts)[:60]}
        )
    return (numbers[1], numbers[0]) if srid == WGS84 else (numbers[0], numbers[1])


def _pasted(text: str, srid: int) -> tuple[int, Any]:
    """(srid, geometry) of GeoJSON or WKT."""
    if len(text) > MOST_TEXT:
        raise ValidationError(_("Đoạn dán quá dài; xin nhập từ tệp dữ liệu."))
    try:
        if text.startswith("{"):
            found = json.loads(text)
            if found.get("type") == "FeatureCollection":
                features = found.get("features") or []
                if len(features) != 1:
                    raise ValidationError(_("GeoJSON dán vào phải có đúng một đối tượng; ở đây có %(n)d.") % {"n": len(features)})
                found = features[0]
            geometry = from_geojson(found.get("geometry") if found.get("type") == "Feature" else found)
        else:
            named = re.match(r"SRID=(\d{4,6});", text, re.IGNORECASE)
            srid = _system(named[1]) if named else srid
            geometry = shapely.from_wkt(text[named.end() :] if named else text)
    except ValidationError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, shapely.errors.ShapelyError):
        raise ValidationError(_("Đoạn dán không phải GeoJSON hay WKT đọc được.")) from None
    return srid, geometry


def _check_numbers(geometry: Any) -> None:
    if geometry is None or geometry.is_empty:
        raise ValidationError(_("Hình trống, không có toạ độ nào."))
    if shapely.get_num_coordinates(geometry) > MOST_CORNERS:
        raise ValidationError(_("Quá nhiều đỉnh; xin nhập từ tệp dữ liệu thay cho gõ tay."))
    if not all(math.isfinite(number) for position in shapely.get_coordinates(geometry) for number in position):
        raise ValidationError(_("Có toạ độ không phải là số (NaN hoặc vô cùng)."))


def _as_declared(geometry: Any, field: Field) -> Any:
    """In the kind of geometry that the register declares: one part alone, or several."""
    wanted, given = field.geometry_type.upper(), geometry.geom_type.upper()
    if wanted in ("GEOMETRY", "GEOMETRYCOLLECTION") or wanted == given:
        return geometry
    if wanted == f"MULTI{given}":
        return shapely.geometry.shape({"type": f"Multi{geometry.geom_type}", "coordinates": [geometry.__geo_interface__["coordinates"]]})
    if given == f"MULTI{wanted}" and len(geometry.geoms) == 1:
        return geometry.geoms[0]
    raise ValidationError(
        _("Ở đây cần %(wanted)s, hình đã nhập là %(given)s.") % {"wanted": KINDS.get(wanted, wanted), "given": KINDS.get(given, given)}
    )


def _check_place(geometry: Any, srid: int) -> None:
    """Whether it lies in the province; when not, says whether two columns or the zone were mistaken."""
    frame = province_frame()
    x, y = geometry.centroid.x, geometry.centroid.y
    if _within(x, y, srid, frame):
        return
    if _within(y, x, srid, frame):
        raise ValidationError(
            _("Hai cột toạ độ có lẽ bị đổi chỗ: cần vĩ độ trước, kinh độ sau.")
            if srid == WGS84
            else _("Hai cột toạ độ có lẽ bị đổi chỗ: cần E (đông) trước, N (bắc) sau.")
        )
    other = WGS84 if srid != WGS84 else province_srid()
    for first, second in ((x, y), (y, x)):
        if _within(first, second, other, frame):
            given = _("độ (WGS 84)") if other == WGS84 else _("mét (VN-2000)")
            raise ValidationError(_("Toạ độ có vẻ tính bằng %(given)s; hãy chọn lại hệ toạ độ.") % {"given": given})
    fitting = [name for zone, name in ZONES.items() if srid != WGS84 and zone != srid and _within(x, y, zone, frame)]
    if fitting:
        raise ValidationError(
            _("Theo kinh tuyến trục đã chọn, vị trí nằm ngoài tỉnh; có lẽ số liệu thuộc kinh tuyến trục %(zones)s.")
            % {"zones": ", ".join(fitting[:3])}
        )
    raise ValidationError(_("Vị trí nằm ngoài tỉnh; hãy kiểm tra lại các số và hệ toạ độ."))


def province_frame() -> tuple[float, float, float, float]:
    """West, south, east, north in degrees: around the communes' centres; the whole country while they are not known."""
    centres = [area.centre for area in communes() if area.centre]
    if not centres:
        return VIET_NAM
    xs, ys = [each.x for each in centres], [each.y for each in centres]
    return min(xs) - AROUND, min(ys) - AROUND, max(xs) + AROUND, max(ys) + AROUND


def _within(x: float, y: float, srid: int, frame: tuple[float, float, float, float]) -> bool:
    if srid == WGS84:
        longitude, latitude = x, y
    elif not (100_000 < x < 900_000 and 500_000 < y < 3_000_000):
        return False
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT ST_X(g), ST_Y(g) FROM ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), %s), 4326) AS g", [x, y, srid])
            longitude, latitude = cursor.fetchone()
    west, south, east, north = frame
    return bool(west <= longitude <= east and south <= latitude <= north)


def _check_crossing(ring: Any) -> None:
    if not ring.is_valid:
        raise ValidationError(_why_invalid(ring))


def _check_valid(geometry: Any, srid: int) -> None:
    if not geometry.is_valid:
        raise ValidationError(_why_invalid(geometry))


def _why_invalid(geometry: Any) -> str:
    reason = shapely.is_valid_reason(geometry)
    place = CORNER.search(reason)
    where = _(" gần điểm %(x)s %(y)s") % {"x": place[1].replace(".", ","), "y": place[2].replace(".", ",")} if place else ""
    if "self-intersection" in reason.lower():
        return _("Ranh giới tự cắt%(where)s; hãy kiểm tra thứ tự các đỉnh.") % {"where": where}
    if "hole" in reason.lower():
        return _("Phần trống nằm ngoài vùng chứa nó%(where)s.") % {"where": where}
    if "few points" in reason.lower():
        return _("Hình có quá ít đỉnh khác nhau%(where)s.") % {"where": where}
    return _("Hình không hợp lệ%(where)s; các phần chồng lên nhau hoặc chạm nhau.") % {"where": where}


def _stored(geometry: Any, srid: int, wanted: int) -> GEOSGeometry:
    found = GEOSGeometry(memoryview(shapely.to_wkb(geometry)), srid=srid)
    if srid == wanted:
        return found
    return in_system(found, wanted)
