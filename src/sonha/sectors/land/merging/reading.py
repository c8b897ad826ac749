"""An export as parcels: texts in Unicode, commune codes followed to today's, figures as numbers; faults of a row stay with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _

from sonha.registry.formats.reading import FileRefused, Layer, Source, opened
from sonha.sectors.areas.models import Commune
from sonha.sectors.areas.selectors import successors
from sonha.sectors.land.finding import present_land_type
from sonha.sectors.land.merging.layouts import NEEDED, Layout
from sonha.sectors.land.models import parcel_code

SRID = 9215


@dataclass
class Incoming:
    """One row of an export. `commune` is today's code, empty when it cannot be told; `faults` are sentences."""

    system: str
    file: str
    line: int
    old_commune: str
    commune: str
    sheet: str
    number: int | None
    area: Decimal | None
    land_type: str
    shape: shapely.Polygon | None
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        return parcel_code(self.commune, self.sheet, self.number) if self.commune and self.number else ""

    @property
    def named(self) -> str:
        return f"{self.old_commune}.{self.sheet}.{self.number if self.number is not None else '?'}"


def read(path: Path, layout: Layout, today: date, name: str = "") -> Iterator[Incoming]:
    """Every row of every layer with shapes. FileRefused when the file as a whole is not an export of that layout. `name`: of its sender."""
    name = name or path.name
    with opened(path, encoding=layout.encoding) as source:
        for layer, names in _layers(source, layout, name):
            for batch in source.batches(layer):
                for at in range(batch.count):
                    row = {ours: batch.columns[column][at] for ours, column in names.items()}
                    yield _incoming(layout, name, batch.first + at, row, batch.shapes[at], today)


def checked(path: Path, layout: Layout, name: str) -> int:
    """How many rows the file has; FileRefused when it is not an export of that layout."""
    with opened(path, encoding=layout.encoding) as source:
        return sum(layer.count for layer, _names in _layers(source, layout, name))


def _layers(source: Source, layout: Layout, name: str) -> list[tuple[Layer, dict[str, str]]]:
    """The layers with shapes, each with its columns by our names for them."""
    found = []
    for layer in source.layers:
        if not layer.has_shapes:
            continue
        there = {each.name.casefold(): each.name for each in layer.columns}
        names = {ours: there[column.casefold()] for ours, column in layout.columns.items() if column.casefold() in there}
        if missing := [layout.columns[each] for each in NEEDED if each not in names]:
            given = {"file": name, "title": layout.title, "columns": ", ".join(missing)}
            raise FileRefused(_("Tệp %(file)s không phải dữ liệu xuất từ %(title)s: thiếu cột %(columns)s.") % given)
        found.append((layer, names))
    if not found:
        raise FileRefused(_("Tệp %(file)s không có lớp bản đồ nào.") % {"file": name})
    return found


def _incoming(layout: Layout, file: str, line: int, row: dict[str, Any], shape: Any, today: date) -> Incoming:
    faults: list[str] = []
    polygon = _polygon(shape, faults)
    old = _text(row["commune"]).zfill(5) if _text(row["commune"]) else ""
    number = _whole(row["number"])
    if number is None:
        faults.append(_("Thiếu số thứ tự thửa."))
    area = _decimal(row["area"])
    if area is None or area <= 0:
        faults.append(_("Thiếu diện tích."))
    values: dict[str, Any] = {name: _text(row.get(name)) for name in ("old_sheet", "old_number", "address", "user", "id_number", "serial")}
    values["legal_area"], values["measured_on"] = _decimal(row.get("legal_area")), _day(row.get("measured_on"))
    return Incoming(
        layout.code, file, line, old, _commune(old, layout, polygon, faults), _text(row["sheet"]).lstrip("0") or "0", number, area,
        _land_type(layout, _text(row["land_type"]), today, faults), polygon, values, faults,
    )  # fmt: skip


def _polygon(shape: Any, faults: list[str]) -> shapely.Polygon | None:
    if shape is None or shape.is_empty:
        faults.append(_("Thiếu ranh giới thửa."))
        return None
    parts = shapely.get_parts(shape)
    if len(parts) != 1 or parts[0].geom_type != "Polygon":
        faults.append(_("Ranh giới gồm nhiều mảnh rời."))
        return None
    if not parts[0].is_valid:
        faults.append(_("Ranh giới tự cắt nhau."))
    return shapely.force_2d(parts[0])


def _commune(old: str, layout: Layout, polygon: shapely.Polygon | None, faults: list[str]) -> str:
    """Today's code. Of a commune that was divided, the part in which the parcel lies."""
    found = successors(old, layout.codes_of) if old else ()
    if not found:
        faults.append(_("Mã xã “%(code)s” không có trong danh mục đơn vị hành chính.") % {"code": old})
        return ""
    if len(found) == 1:
        return found[0]
    if polygon is not None:
        inside = GEOSGeometry(memoryview(shapely.to_wkb(polygon.point_on_surface())), srid=SRID)
        lies = Commune.objects.filter(code__in=found, valid_to=None, geometry__covers=inside).values_list("code", flat=True).first()
        if lies:
            return lies
    faults.append(_("Xã cũ %(code)s đã chia cho %(parts)s; chưa rõ thửa thuộc xã nào.") % {"code": old, "parts": ", ".join(found)})
    return ""


def _land_type(layout: Layout, written: str, today: date, faults: list[str]) -> str:
    code = layout.land_types.get(written, written).upper()
    present = present_land_type(code, today) if code else None
    if present is None:
        faults.append(_("Mã loại đất “%(code)s” không có trong danh mục.") % {"code": written})
    return present or code[:3]


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _whole(value: Any) -> int | None:
    found = re.fullmatch(r"[0-9]{1,6}", _text(value))
    return int(found[0]) if found else None


def _decimal(value: Any) -> Decimal | None:
    try:
        return Decimal(_text(value).replace(",", ".")).quantize(Decimal("0.1")) if _text(value) else None
    except InvalidOperation:
        return None


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2}).*", _text(value))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
