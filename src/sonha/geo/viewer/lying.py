"""Records at a place, across all registers: each with the fields that the reader may see, and its shape to be shown."""

import json
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON, Distance, Transform
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import F, Func, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from sonha.foundation.search.counting import capped_count
from sonha.geo.layers.limits import limits_of, within
from sonha.geo.layers.served import ServedLayer
from sonha.registry.declarations import Register
from sonha.registry.pages.asking import Asked as OfRegister
from sonha.registry.pages.asking import When
from sonha.registry.pages.cells import Cells
from sonha.registry.pages.places import in_system
from sonha.registry.pages.within import PARAMETER, area_text

from .asking import Asked

LISTED = 50  # records of a layer
FIELDS = 8
FINE = 0.5  # metres: how closely a shape is shown
Json = dict[str, Any]


def lying(asked: Asked, *, listed: int = LISTED) -> list[Json]:
    """Of each layer where something lies: `{layer, title, count, more, records: […]}`, in the order of the layers."""
    found, seen = [], set()
    for layer in asked.layers.values():
        key = (layer.register.code, layer.geometry.name)
        if key in seen:
            continue
        seen.add(key)
        with within(limits_of(asked.actor)):
            group = _group(asked, layer, listed)
        if group["count"]:
            found.append(group)
    return found


def rows_at(asked: Asked, layer: ServedLayer) -> QuerySet[Any]:
    """Rows whose place the reader may see and that meet the asked place."""
    geometry = layer.geometry.name
    area = area_for(asked, layer)
    rows = of_register(asked, layer).rows(When(asked.day)).filter(layer.rights.where_shown([geometry]))
    return rows.filter(**{f"{geometry}__intersects": in_system(area, layer.srid)})


def area_for(asked: Asked, layer: ServedLayer) -> GEOSGeometry:
    """The asked place with its surroundings; a press lies in an area or not."""
    if asked.metres > 0 and not (asked.press and "POLYGON" in layer.geometry.geometry_type):
        return asked.place.buffer(asked.metres)
    return asked.place


def addresses(asked: Asked, layer: ServedLayer, within: str) -> dict[str, str]:
    """`narrowed`, the register's list within the asked area, and its `export`; or `list`, the whole, when no address can hold the area."""
    said = ({PARAMETER: within} if within else {}) | ({"day": asked.day.isoformat()} if asked.day else {})
    query = f"?{urlencode(said)}" if said else ""
    slug = layer.register.slug
    found = {"narrowed" if within else "list": f"{reverse('registers:list', args=[slug])}{query}"}
    if within and layer.rights.downloads:
        found["export"] = f"{reverse('formats:export', args=[slug])}{query}"
    return found


def of_register(asked: Asked, layer: ServedLayer) -> OfRegister:
    return OfRegister(asked.actor, layer.register, layer.rights)


def _group(asked: Asked, layer: ServedLayer, listed: int) -> Json:
    rows = rows_at(asked, layer)
    geometry = layer.geometry.name
    nearest = rows.annotate(away=Distance(geometry, in_system(asked.place, layer.srid))).order_by("away", "pk")
    ordered = nearest if asked.place.dims == 0 and layer.srid != 4326 else rows.order_by("pk")
    shown = list(with_shape(ordered, layer)[:listed])
    count, more = (len(shown), False) if len(shown) < listed else capped_count(rows)
    cells = described(OfRegister(asked.actor, layer.register, layer.rights), shown, asked)
    return {
        "layer": layer.name,
        "title": str(layer.title),
        "count": count,
        "more": more,
        **addresses(asked, layer, area_text(area_for(asked, layer)) if not asked.press else ""),
        "records": cells,
    }


def with_shape(rows: QuerySet[Any], layer: ServedLayer) -> QuerySet[Any]:
    """Adds `drawn`: GeoJSON in degrees, thinned to half a metre."""
    name = layer.geometry.name
    shape: Any = F(name)
    if layer.srid not in {4326, 4756} and "POINT" not in layer.geometry.geometry_type:
        shape = Func(F(name), FINE, True, function="ST_Simplify", output_field=layer.register.model._meta.get_field(name).clone())  # type: ignore[union-attr]
    return rows.annotate(drawn=AsGeoJSON(Transform(shape, 4326), precision=7))


def described(of: OfRegister, rows: list[Any], asked: Any) -> list[Json]:
    """What the page shows of records: name, address, a few fields in words, the shape."""
    register, day = of.register, asked.day
    names = columns_of(register)
    cells = Cells(of, rows, names, day)
    found = []
    for row in rows:
        seen = of.rights.fields_of(row)
        drawn = getattr(row, "drawn", None)
        address = reverse("registers:record", args=[register.slug, row.pk])
        found.append(
            {
                "id": row.pk,
                "title": title_of(register, row, seen),
                "url": f"{address}?day={day.isoformat()}" if day else address,
                "fields": [[str(each.field.title), each.with_unit] for each in cells.row(row, names) if each.text and not each.masked],
                "shape": json.loads(drawn) if drawn else None,
            }
        )
    return found


def columns_of(register: type[Register]) -> tuple[str, ...]:
    kinds = {each.name: each.kind for each in register.fields()}
    return tuple(name for name in register.list_columns() if kinds.get(name) not in (None, "geometry", "json"))[:FIELDS]


def title_of(register: type[Register], row: Any, seen: frozenset[str]) -> str:
    """What the record is called, by fields that the reader sees: its name, or all that tells it from others."""
    if register.naming() in seen and getattr(row, register.naming(), None) not in (None, ""):
        return register.named(row)
    told = [str(value) for name in register.identity if name in seen and (value := getattr(row, name, None)) not in (None, "")]
    return " / ".join(told) or f"#{row.pk}"
