"""A record as JSON, and JSON as values of a record: numbers as numbers, days as yyyy-mm-dd, references as ids, places as GeoJSON."""

import json
import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.registry.declarations.fields import Field
from sonha.registry.pages import places
from sonha.registry.pages.asking import Asked
from sonha.registry.pages.references import meant, reachable
from sonha.registry.pages.typed import COMMUNE, SECRET, editable_fields

WGS84 = 4326
DIGITS = {WGS84: 8}  # of degrees; metres have four
ENGINE = ("uid", "commune_code", "valid_from", "valid_to", "recorded_at", "origin", "is_demo")


def told(asked: Asked, rows: Iterable[Any], srid: int = WGS84) -> list[dict[str, Any]]:
    """Records or versions that were read through the actor's rights. Fields that it may not see are left out of `values`."""
    shown = list(rows)
    fields = asked.register.fields()
    drawn = {each.name: _drawn(shown, each, srid) for each in fields if each.kind == "geometry"}
    return [_told(asked, row, fields, drawn) for row in shown]


def _told(asked: Asked, row: Any, fields: Iterable[Field], drawn: Mapping[str, dict[int, Any]]) -> dict[str, Any]:
    seen = asked.rights.fields_of(row)
    values = {
        each.name: drawn[each.name].get(id(row)) if each.kind == "geometry" else _plain(each, row) for each in fields if each.name in seen
    }
    secret = {SECRET: row.is_secret} if asked.rights.secret_rows else {}
    return {"id": row.pk, **{name: getattr(row, name) for name in ENGINE}, **secret, "values": values}


def _plain(field: Field, row: Any) -> Any:
    if field.kind == "reference":
        return getattr(row, f"{field.name}_id")
    value = getattr(row, field.name)
    return float(value) if isinstance(value, Decimal) else value


def _drawn(rows: list[Any], field: Field, srid: int) -> dict[int, Any]:
    """GeoJSON of all rows by one statement: the database transforms as everywhere else."""
    placed = [row for row in rows if getattr(row, field.name, None)]
    if not placed:
        return {}
    sql = "SELECT ST_AsGeoJSON(ST_Transform(g::geometry, %s), %s, 0) FROM unnest(%s::text[]) WITH ORDINALITY AS given(g, n) ORDER BY n"
    with connection.cursor() as cursor:
        cursor.execute(sql, [srid, DIGITS.get(srid, 4), [getattr(row, field.name).hexewkb.decode() for row in placed]])
        return {id(row): json.loads(text) for row, (text,) in zip(placed, cursor.fetchall(), strict=True)}


def read(asked: Asked, given: Mapping[str, Any], *, shown: Iterable[str], srid: int) -> dict[str, Any]:
    """Values of the fields that are given; ValidationError by field, also for fields that do not exist or are not the actor's to write."""
    known = {each.name: each for each in editable_fields(asked.register, shown)}
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in given.items():
        if name not in known:
            errors[name] = _("Sổ này không có trường «%(name)s» mà ông/bà được ghi.") % {"name": name[:60]}
            continue
        try:
            values[name] = _value(asked, known[name], value, srid)
        except ValidationError as wrong:
            errors[name] = " ".join(wrong.messages)
    if errors:
        raise ValidationError(errors)  # type: ignore[arg-type]
    return values


def _value(asked: Asked, field: Field, value: Any, srid: int) -> Any:
    if value is None:
        return _none(asked, field)
    if field.kind == "geometry":
        if not isinstance(value, dict):
            raise ValidationError(_("Vị trí phải là một hình GeoJSON."))
        return places.read({"crs": str(srid), "pasted": json.dumps(value)}, field)
    if field.kind == "reference":
        return _referenced(asked, field, value)
    if field.kind == "json":
        return value
    if field.kind == "boolean":
        return _of_type(value, bool, _("Giá trị phải là true hoặc false."))
    if field.is_numeric:
        return _number(field, value)
    text = _of_type(value, str, _("Giá trị phải là chuỗi ký tự."))
    return _time(field, text) if field.kind in ("date", "moment") else text


def _none(asked: Asked, field: Field) -> Any:
    model_field: Any = asked.register.model._meta.get_field(field.name)
    if model_field.null:
        return None
    if field.kind in ("line", "text", "choice", "code") and model_field.blank:
        return ""
    raise ValidationError(_("Trường này không được để trống."))


def _of_type(value: Any, kind: type[Any], sentence: str) -> Any:
    if not isinstance(value, kind):
        raise ValidationError(sentence)
    return value


def _number(field: Field, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValidationError(_("Giá trị phải là số."))
    if field.kind == "integer":
        if value != int(value):
            raise ValidationError(_("Giá trị phải là số nguyên."))
        return int(value)
    return Decimal(str(value))


def _time(field: Field, text: str) -> date | datetime:
    try:
        if field.kind == "date":
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        wanted = "yyyy-mm-dd" if field.kind == "date" else "yyyy-mm-ddThh:mm:ssZ"
        raise ValidationError(_("Giá trị phải có dạng %(wanted)s.") % {"wanted": wanted}) from None
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _referenced(asked: Asked, field: Field, value: Any) -> Any:
    """The record or person that is meant: an id that the actor may know, or what a form takes, such as the number on a paper."""
    if isinstance(value, str) and value.strip():
        return meant(asked, field, value)
    known = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
    row = reachable(asked, field, value) if known else None
    if row is None:
        raise ValidationError(_("Không có bản ghi mang số này, hoặc ông/bà không được xem."))
    return row


__all__ = ["COMMUNE", "SECRET", "read", "told"]
