"""GetFeatureInfo: what lies under a pixel, with the fields that the actor sees."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.limits import Limits, within
from sonha.geo.layers.served import ServedLayer
from sonha.geo.ows.writing import escaped
from sonha.geo.rasters.models import Raster
from sonha.geo.rasters.reading import value_at
from sonha.registry.declarations.fields import Field

from .faults import ServiceException
from .getmap import Sheet, sheets
from .parameters import Parameters, View, day, view
from .projection import Box, reprojected, transformer
from .styles import visible

FORMATS = {
    "text/plain": "text", "text/html": "html", "application/json": "json", "application/geo+json": "json", "geojson": "json",
    "application/vnd.ogc.gml": "gml", "text/xml": "gml", "application/gml+xml": "gml", "gml": "gml",
}  # fmt: skip
OFFERED = ("text/plain", "text/html", "application/json", "application/vnd.ogc.gml")
MOST_FEATURES = 50
REACH = 4  # pixels within which a point or a line counts as touched


@dataclass(frozen=True)
class Feature:
    """A record under the pixel, or the values of a raster's pixel (without `pk`)."""

    layer: str
    title: str
    pk: int | None
    properties: tuple[tuple[Field | None, str, Any], ...]  # field, title, value
    geometry: str | None = None  # GeoJSON in EPSG:4326
    gml: str = ""
    address: str = ""


def answer(given: Parameters, actor: Actor, limits: Limits) -> tuple[str, str]:
    """(document, media type). ServiceException: LayerNotQueryable, InvalidPoint, InvalidFormat and those of GetMap."""
    seen, asked = view(given, limits), day(given)
    drawn = {sheet.name: sheet for sheet in sheets(given, actor, limits, asked)}
    wanted = given.names("QUERY_LAYERS")
    if not wanted:
        raise ServiceException(_("Thiếu tham số QUERY_LAYERS."), "LayerNotDefined", "QUERY_LAYERS")
    for name in wanted:
        if name not in drawn:
            raise ServiceException(
                _("Lớp «%(layer)s» của QUERY_LAYERS không có trong LAYERS.") % {"layer": name[:80]}, "LayerNotDefined", "QUERY_LAYERS"
            )
    form = _form(given)
    column, row = _pixel(given, seen)
    most = given.integer("FEATURE_COUNT", least=1, most=1_000_000) if given.get("FEATURE_COUNT", "") else 1
    with within(limits):
        found = [each for name in wanted for each in _under(drawn[name], seen, column, row, min(most, MOST_FEATURES), asked, form)]
    return WRITERS[form](found)


def _form(given: Parameters) -> str:
    said = " ".join((given.get("INFO_FORMAT", "") or "text/plain").lower().split(";")[0].split())
    if said not in FORMATS:
        raise ServiceException(_("Định dạng %(given)s không được hỗ trợ.") % {"given": said[:80]}, "InvalidFormat", "INFO_FORMAT")
    return FORMATS[said]


def _pixel(given: Parameters, seen: View) -> tuple[int, int]:
    names = ("X", "Y") if given.version == "1.1.1" else ("I", "J")
    try:
        return given.integer(names[0], least=0, most=seen.width - 1), given.integer(names[1], least=0, most=seen.height - 1)
    except ServiceException as fault:
        raise ServiceException(fault.sentence, "InvalidPoint", fault.locator) from None


def _under(sheet: Sheet, seen: View, column: int, row: int, most: int, asked: date | None, form: str) -> list[Feature]:
    across, down = seen.resolution
    x, y = seen.box[0] + (column + 0.5) * across, seen.box[3] - (row + 0.5) * down
    if sheet.raster is not None:
        return _pixel_of(sheet.raster, seen.srid, x, y)
    assert sheet.layer is not None
    if not visible(sheet.layer, seen.scale):
        return []
    reach = REACH
    if sheet.style is not None and "POINT" in sheet.layer.geometry.geometry_type.upper():
        reach = round(max(each.look.size for each in sheet.style.classes) / 2) + 2
    if "POLYGON" in sheet.layer.geometry.geometry_type.upper():
        reach = 0
    box = (x - reach * across, y - reach * down, x + reach * across, y + reach * down)
    native = box if seen.srid == sheet.layer.srid else reprojected(box, seen.srid, sheet.layer.srid)
    return _records(sheet.layer, native, most, asked, form) if native else []


def _records(layer: ServedLayer, box: Box, most: int, asked: date | None, form: str) -> list[Feature]:
    shape = f'r."{layer.geometry.column}"'
    columns, given = ["r.id"], []
    for field in layer.fields:
        sql, params = layer.column(field)
        columns.append(f"({sql})::text")
        given += params
    columns.append(f"ST_AsGeoJSON(ST_Transform({shape}, 4326), 7)" if form == "json" else "NULL")
    columns.append(f"ST_AsGML(3, {shape}, 3, 1)" if form == "gml" else "NULL")
    where, params = layer.where(asked)
    statement = f"""SELECT {", ".join(columns)} FROM {layer.table(asked)} AS r
        WHERE ST_Intersects({shape}, ST_MakeEnvelope(%s, %s, %s, %s, %s)) AND {where} ORDER BY r.id LIMIT %s"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, *box, layer.srid, *params, most])
        rows = cursor.fetchall()
    return [_feature(layer, row, asked) for row in rows]


def _feature(layer: ServedLayer, row: tuple[Any, ...], asked: date | None) -> Feature:
    said = tuple((field, str(field.title), value) for field, value in zip(layer.fields, row[1:-2], strict=True) if value not in (None, ""))
    address = "" if asked else f"/csdl/{layer.register.slug}/{row[0]}/"
    return Feature(layer.name, str(layer.title), row[0], said, row[-2], row[-1] or "", address)


def _pixel_of(raster: Raster, srid: int, x: float, y: float) -> list[Feature]:
    longitude, latitude = transformer(srid, 4326).transform(x, y)
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        return []
    values = value_at(raster, longitude, latitude)
    if values is None:
        return []
    said = tuple((None, _("Kênh %(number)d") % {"number": number}, value) for number, value in enumerate(values, 1))
    return [Feature(raster.layer_name, raster.title, None, said)]


def _shown(field: Field | None, value: Any) -> str:
    """A value as a person reads it: the name of a choice, with its unit."""
    if field is None:
        return str(value)
    if field.kind == "boolean":
        return str(_("có") if value == "true" else _("không"))
    if field.kind == "date" and len(value) == 10:
        return f"{value[8:10]}/{value[5:7]}/{value[:4]}"
    text = str(dict(field.choices).get(value, value))
    return f"{text} {field.unit}" if field.unit else text


def _text(found: list[Feature]) -> tuple[str, str]:
    lines = []
    for each in found:
        lines += [f"{each.title} [{each.layer}]", *(f"  {title}: {_shown(field, value)}" for field, title, value in each.properties), ""]
    return "\n".join(lines) or _("Không có đối tượng nào ở điểm này."), "text/plain"


def _html(found: list[Feature]) -> tuple[str, str]:
    tables, see, nothing = [], escaped(_("Xem bản ghi")), escaped(_("Không có đối tượng nào ở điểm này."))
    for each in found:
        rows = "".join(
            f'<tr><th scope="row">{escaped(title)}</th><td>{escaped(_shown(field, value))}</td></tr>\n'
            for field, title, value in each.properties
        )
        link = f'<p><a href="{escaped(each.address)}">{see}</a></p>\n' if each.address else ""
        tables.append(f"<table>\n<caption>{escaped(each.title)}</caption>\n<tbody>\n{rows}</tbody>\n</table>\n{link}")
    title = escaped(_("Đối tượng tại điểm đã chọn"))
    body = "".join(tables) or f"<p>{nothing}</p>\n"
    return (
        f'<!doctype html>\n<html lang="vi">\n<head><meta charset="utf-8"><title>{title}</title></head>\n<body>\n{body}</body>\n</html>\n',
        "text/html",
    )


def _json(found: list[Feature]) -> tuple[str, str]:
    features = [
        {
            "type": "Feature", "id": f"{each.layer}.{each.pk}" if each.pk else each.layer, "layer": each.layer, "title": each.title,
            "properties": {field.name if field else title: _plain(field, value) for field, title, value in each.properties},
            "geometry": json.loads(each.geometry) if each.geometry else None, **({"url": each.address} if each.address else {}),
        }
        for each in found
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "application/json"


def _plain(field: Field | None, value: Any) -> Any:
    if field is None:
        return value
    if field.kind == "integer":
        return int(value)
    if field.kind == "decimal":
        return float(value)
    return value == "true" if field.kind == "boolean" else value


def _gml(found: list[Feature]) -> tuple[str, str]:
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<sonha:FeatureInfo xmlns:sonha="urn:sonha:gml" xmlns:gml="http://www.opengis.net/gml">'
    ]
    for each in found:
        tag = f"sonha:{each.layer}"
        said = "".join(
            f"<sonha:{name}>{escaped(str(value))}</sonha:{name}>"
            for name, value in (
                (field.name if field else f"band{at}", value) for at, (field, _title, value) in enumerate(each.properties, 1)
            )
        )
        place = f"<sonha:geometry>{each.gml}</sonha:geometry>" if each.gml else ""
        number = f' gml:id="{each.layer}.{each.pk}"' if each.pk else ""
        parts.append(f"<gml:featureMember><{tag}{number}>{place}{said}</{tag}></gml:featureMember>")
    return "".join((*parts, "</sonha:FeatureInfo>\n")), "application/vnd.ogc.gml"


WRITERS = {"text": _text, "html": _html, "json": _json, "gml": _gml}
