"""The properties of a feature: the fields of its layer that the actor sees, and the two days between which it is so."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from sonha.foundation.catalogues import selectors as catalogues
from sonha.geo.layers.served import ServedLayer, Sql
from sonha.registry.declarations.fields import Field

TYPES = {
    "integer": "number", "decimal": "number", "reference": "number", "date": "date", "moment": "moment", "boolean": "boolean",
    "geometry": "geometry",
}  # fmt: skip
SCHEMAS: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "reference": {"type": "integer"},
    "decimal": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "boolean": {"type": "boolean"},
}
MOST_CODES = 200  # of a code list that is written into a schema
VALID_FROM = Field("valid_from", _("có hiệu lực từ"), "date", column="valid_from")
VALID_TO = Field("valid_to", _("đến hết ngày"), "date", column="valid_to")
COMMUNE = Field("commune_code", _("xã, phường"), "line", column="commune_code")
SHAPES = {"POINT": "point", "LINESTRING": "linestring", "POLYGON": "polygon", "MULTIPOINT": "multipoint",
          "MULTILINESTRING": "multilinestring", "MULTIPOLYGON": "multipolygon"}  # fmt: skip


@dataclass(frozen=True)
class Property:
    """`type`: number, text, date, moment, boolean or geometry, as filters compare it."""

    field: Field
    own: bool = True  # a field of the register; otherwise the engine's, which every reader of the row sees

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def type(self) -> str:
        return TYPES.get(self.field.kind, "text")

    def sql(self, layer: ServedLayer) -> Sql:
        return layer.column(self.field) if self.own else (f'r."{self.field.column}"', [])

    def schema(self) -> dict[str, Any]:
        """JSON schema with title, unit and code list."""
        field = self.field
        if field.kind == "geometry":
            shape = SHAPES.get(field.geometry_type, "any")
            return {"title": str(field.title), "x-ogc-role": "primary-geometry", "format": f"geometry-{shape}"}
        said: dict[str, Any] = {"title": str(field.title), **SCHEMAS.get(field.kind, {"type": "string"})}
        if field.help:
            said["description"] = str(field.help)
        if field.unit:
            said["x-ogc-unit"] = field.unit
        if field.choices:
            said |= {"enum": [value for value, _label in field.choices], "x-labels": {value: str(label) for value, label in field.choices}}
        elif field.catalogue:
            said["x-code-list"] = field.catalogue
            codes = list(catalogues.items(field.catalogue).values_list("code", "name")[: MOST_CODES + 1])
            if 0 < len(codes) <= MOST_CODES:
                said["x-labels"] = dict(codes)
        return said


def shown(layer: ServedLayer) -> list[Property]:
    """What stands in a feature's `properties`, in order."""
    return [*(Property(each) for each in layer.fields), *(Property(each, own=False) for each in (COMMUNE, VALID_FROM, VALID_TO))]


def properties(layer: ServedLayer) -> list[Property]:
    """The same with the geometry: what may be asked about."""
    return [Property(layer.geometry), *shown(layer)]
