"""A field as every part of the platform needs it: name, title, kind, unit, code list. Read off the model, never declared twice."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.gis.db.models import GeometryField
from django.db import models
from django.utils.functional import Promise

if TYPE_CHECKING:
    from .register import Register

KINDS: tuple[tuple[type[Any], str], ...] = (
    (GeometryField, "geometry"),
    (models.ForeignKey, "reference"),
    (models.BooleanField, "boolean"),
    (models.DateTimeField, "moment"),
    (models.DateField, "date"),
    (models.DecimalField, "decimal"),
    (models.FloatField, "decimal"),
    (models.IntegerField, "integer"),
    (models.JSONField, "json"),
    (models.TextField, "text"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """`kind`: text, line, integer, decimal, date, moment, boolean, choice, code, reference, json or geometry."""

    name: str
    title: str | Promise
    kind: str
    help: str | Promise = ""
    unit: str = ""
    catalogue: str = ""
    choices: tuple[tuple[str, Any], ...] = ()
    required: bool = False
    srid: int = 0
    geometry_type: str = ""
    column: str = ""

    @property
    def is_numeric(self) -> bool:
        return self.kind in {"integer", "decimal"}


def field_of(register: "type[Register]", field: Any) -> Field:
    choices = tuple((str(value), label) for value, label in (field.choices or ()))
    catalogue = register.code_lists.get(field.name, "")
    return Field(
        name=field.name,
        title=field.verbose_name,
        kind="code" if catalogue else "choice" if choices else _kind(field),
        help=field.help_text,
        unit=register.units.get(field.name, ""),
        catalogue=catalogue,
        choices=choices,
        required=not (field.blank or field.null or field.has_default()),
        srid=getattr(field, "srid", 0) or 0,
        geometry_type=getattr(field, "geom_type", ""),
        column=field.column,
    )


def _kind(field: Any) -> str:
    return next((kind for kind_of, kind in KINDS if isinstance(field, kind_of)), "line")
