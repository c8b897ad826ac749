"""Filters as SQL with parameters. A field is asked for as the caller sees it: what is hidden in a row cannot be guessed by filters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import shapely
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from sonha.geo.layers.served import ServedLayer, Sql
from sonha.geo.ows.filters import All, Between, Compare, Either, Ids, Like, Name, Node, Not, Null, Spatial, Value
from sonha.geo.ows.reports import Refused
from sonha.geo.ows.shapes import Shape
from sonha.registry.declarations.fields import Field

KINDS = {"integer": "number", "decimal": "number", "reference": "number", "date": "date", "moment": "moment", "boolean": "boolean"}
DEGREES = frozenset({4326, 4756})
WORLD = shapely.box(-180, -85.06, 180, 85.06)
COUNTRY = shapely.box(90, 0, 130, 40)  # far around: beyond it the country's plane systems have no meaning
PLANE = 1e8  # metres
RELATIONS = {
    "BBOX": "ST_Intersects", "Intersects": "ST_Intersects", "Equals": "ST_Equals", "Touches": "ST_Touches", "Crosses": "ST_Crosses",
    "Within": "ST_Within", "Contains": "ST_Contains", "Overlaps": "ST_Overlaps", "Disjoint": "ST_Disjoint",
}  # fmt: skip


def kind_of(field: Field) -> str:
    """How values of a field are compared: text, number, date, moment or boolean."""
    return KINDS.get(field.kind, "text")


def condition(layer: ServedLayer, node: Node, locator: str = "filter") -> Sql:
    """SQL over rows `r`. Refused when a name or value does not fit the layer."""
    return _Conditions(layer, locator).of(node)


def ids_of(layer: ServedLayer, ids: tuple[str, ...]) -> list[int]:
    """Numbers of the records named `<layer>.<number>`; those of other layers are left out."""
    found = []
    for each in ids:
        name, _dot, number = each.strip().rpartition(".")
        if name.rpartition(":")[2] == layer.name and number.isascii() and number.isdigit() and len(number) < 19:
            found.append(int(number))
    return found


def placed(shape: Shape, srid: int) -> Sql:
    """A shape in the system of a layer. What lies beyond the reach of the country's plane systems is cut off first."""
    geometry, given = shape.geometry, shape.srid
    if given == srid:
        return "ST_GeomFromWKB(%s, %s)", [shapely.to_wkb(geometry), srid]
    if given in DEGREES or given == 3857:
        reach = WORLD if srid in DEGREES or srid == 3857 else COUNTRY
        reach = shapely.transform(reach, _mercator) if given == 3857 else reach
        if not shapely.covers(reach, geometry):
            geometry = shapely.intersection(geometry, reach)
    elif max(map(abs, geometry.bounds), default=0) > PLANE:
        geometry = shapely.intersection(geometry, shapely.box(-PLANE, -PLANE, PLANE, PLANE))
    if geometry.is_empty:
        return "ST_GeomFromText('POLYGON EMPTY', %s)", [srid]
    longest = 0.25 if given in DEGREES else 20_000.0  # straight lines of one system are bent in another
    geometry = shapely.segmentize(geometry, max(longest, geometry.length / 1_000))
    return "ST_Transform(ST_GeomFromWKB(%s, %s), %s)", [shapely.to_wkb(geometry), given, srid]


def _mercator(points: Any) -> Any:
    radius = 6378137.0
    x, y = np.radians(points[:, 0]) * radius, np.log(np.tan(np.pi / 4 + np.radians(points[:, 1]) / 2)) * radius
    return np.column_stack([x, y])


@dataclass(frozen=True)
class _Conditions:
    layer: ServedLayer
    locator: str

    def of(self, node: Node) -> Sql:
        writers: dict[type, Callable[[Any], Sql]] = {
            All: self.joined, Either: self.joined, Not: self.negated, Compare: self.compared, Like: self.like, Null: self.null,
            Between: self.between, Ids: self.ids, Spatial: self.spatial,
        }  # fmt: skip
        return writers[type(node)](node)

    def joined(self, node: All | Either) -> Sql:
        parts = [self.of(each) for each in node.parts]
        word = " AND " if isinstance(node, All) else " OR "
        return f"({word.join(sql for sql, _params in parts)})", [each for _sql, params in parts for each in params]

    def negated(self, node: Not) -> Sql:
        sql, params = self.of(node.part)
        return f"NOT coalesce({sql}, false)", params

    def compared(self, node: Compare) -> Sql:
        fields = [self.field(each) for each in (node.left, node.right) if isinstance(each, Name)]
        kind = kind_of(fields[0])
        if len({kind_of(each) for each in fields}) > 1:
            raise self.wrong(_("Hai trường khác kiểu không so sánh được."))
        left, right = (self.side(each, kind, fields[0]) for each in (node.left, node.right))
        fold = "lower(%s)" if kind == "text" and not node.exact else "%s"
        sql = f"{fold.replace('%s', left[0])} {node.sign} {fold.replace('%s', right[0])}"
        return sql, [*left[1], *right[1]]

    def side(self, operand: Name | Value, kind: str, field: Field) -> Sql:
        if isinstance(operand, Name):
            return self.column(self.field(operand))
        return "%s", [self.value(operand.text, kind, field)]

    def like(self, node: Like) -> Sql:
        sql, params = self.column(self.field(node.name))
        marks = {None: "%", True: "_"}
        pattern = "".join(_unmarked(each) if isinstance(each, str) else marks[each] for each in node.pattern)
        return f"({sql})::text {'LIKE' if node.exact else 'ILIKE'} %s", [*params, pattern]

    def null(self, node: Null) -> Sql:
        if node.name.name == self.layer.layer.geometry:
            return "false", []  # records without a place are not served
        sql, params = self.column(self.field(node.name))
        return f"({sql}) IS NULL", params

    def between(self, node: Between) -> Sql:
        field = self.field(node.name)
        sql, params = self.column(field)
        low, high = (self.value(each.text, kind_of(field), field) for each in (node.low, node.high))
        return f"{sql} BETWEEN %s AND %s", [*params, low, high]

    def ids(self, node: Ids) -> Sql:
        return "r.id = ANY(%s)", [ids_of(self.layer, node.ids)]

    def spatial(self, node: Spatial) -> Sql:
        if node.name is not None and node.name.name != self.layer.layer.geometry:
            raise self.wrong(_("«%(name)s» không phải trường hình của lớp %(layer)s.") % self.said(node.name.name))
        shape, params = placed(node.shape, self.layer.srid)
        column = f'r."{self.layer.geometry.column}"'
        if node.relation in RELATIONS:
            return f"{RELATIONS[node.relation]}({column}, {shape})", params
        cast = "::geography" if self.layer.srid == 4326 else ""
        if self.layer.srid == 4756:
            column, shape, cast = f"ST_Transform({column}, 4326)", f"ST_Transform({shape}, 4326)", "::geography"
        within = f"ST_DWithin({column}{cast}, ({shape}){cast}, %s)"
        return within if node.relation == "DWithin" else f"NOT {within}", [*params, node.metres]

    def column(self, field: Field) -> Sql:
        """Texts are compared as text whatever column keeps them: choices may be numbers."""
        sql, params = self.layer.column(field)
        return (f"({sql})::text" if kind_of(field) == "text" else f"({sql})"), params

    def field(self, name: Name | Value) -> Field:
        assert isinstance(name, Name)
        if name.name == self.layer.layer.geometry:
            raise self.wrong(_("Trường hình chỉ dùng được với điều kiện không gian."))
        try:
            return self.layer.field(name.name)
        except LookupError as unknown:
            raise self.wrong(_("Lớp %(layer)s không có trường «%(name)s».") % self.said(name.name)) from unknown

    def value(self, text: str, kind: str, field: Field) -> Any:
        try:
            return READERS[kind](text)
        except (ValueError, InvalidOperation) as mistake:
            said = {"value": text[:60], "name": field.name, "kind": str(KIND_WORDS[kind]())}
            raise self.wrong(_("«%(value)s» không phải %(kind)s, trường «%(name)s» cần như vậy.") % said) from mistake

    def said(self, name: str) -> dict[str, str]:
        return {"layer": self.layer.name, "name": name[:60]}

    def wrong(self, sentence: str) -> Refused:
        return Refused(sentence, self.locator)


def _unmarked(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _number(text: str) -> Decimal:
    number = Decimal(text.strip())
    if not number.is_finite() or abs(number.adjusted()) > 30 or len(number.as_tuple().digits) > 60:
        raise ValueError(text)
    return number


def _boolean(text: str) -> bool:
    if (word := text.strip().lower()) not in TRUTHS:
        raise ValueError(text)
    return TRUTHS[word]


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text.strip())
    return (found if found.tzinfo else found.replace(tzinfo=get_current_timezone())).astimezone(UTC)


def _date(text: str) -> date:
    return date.fromisoformat(text.strip()[:10])


TRUTHS = {"true": True, "1": True, "false": False, "0": False}
READERS: dict[str, Callable[[str], Any]] = {"text": str, "number": _number, "date": _date, "moment": _moment, "boolean": _boolean}
KIND_WORDS: dict[str, Callable[[], str]] = {
    "text": lambda: _("chữ"), "number": lambda: _("số"), "date": lambda: _("ngày (năm-tháng-ngày)"),
    "moment": lambda: _("thời điểm (năm-tháng-ngàyTgiờ:phút)"), "boolean": lambda: _("đúng hay sai (true, false)"),
}  # fmt: skip
