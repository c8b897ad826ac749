"""Writes the tree of CQL2 JSON as SQL with parameters, over the fields of one layer as far as its reader sees them."""

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.validation import explain_validity

from sonha.geo.features.properties import properties
from sonha.geo.layers.limits import Limits
from sonha.geo.layers.served import ServedLayer, Sql
from sonha.geo.layers.systems import System

from .errors import FilterError

Tree = Any
MOST_VALUES = 1_000  # of IN
COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
ARITHMETIC = {"+": "+", "-": "-", "*": "*", "/": "/", "%": "%%", "^": "^", "div": "div"}
SPATIAL = {
    "s_intersects": "ST_Intersects", "s_equals": "ST_Equals", "s_disjoint": "ST_Disjoint", "s_touches": "ST_Touches",
    "s_within": "ST_Within", "s_overlaps": "ST_Overlaps", "s_crosses": "ST_Crosses", "s_contains": "ST_Contains",
}  # fmt: skip
TEMPORAL = {
    "t_after": "{a0} > {b1}",
    "t_before": "{a1} < {b0}",
    "t_contains": "{a0} < {b0} AND {a1} > {b1}",
    "t_disjoint": "({a1} < {b0} OR {a0} > {b1})",
    "t_during": "{a0} > {b0} AND {a1} < {b1}",
    "t_equals": "{a0} = {b0} AND {a1} = {b1}",
    "t_finishedBy": "{a0} < {b0} AND {a1} = {b1}",
    "t_finishes": "{a0} > {b0} AND {a1} = {b1}",
    "t_intersects": "{a0} <= {b1} AND {a1} >= {b0}",
    "t_meets": "{a1} = {b0}",
    "t_metBy": "{a0} = {b1}",
    "t_overlappedBy": "{a0} > {b0} AND {a0} < {b1} AND {a1} > {b1}",
    "t_overlaps": "{a0} < {b0} AND {a1} > {b0} AND {a1} < {b1}",
    "t_startedBy": "{a0} = {b0} AND {a1} > {b1}",
    "t_starts": "{a0} = {b0} AND {a1} < {b1}",
}
"""Allen's relations; {a0} {a1} are first and last moment of the one, {b0} {b1} of the other."""
SQL_TYPES = {"number": "numeric", "text": "text", "date": "date", "moment": "timestamptz", "boolean": "boolean"}
PLACED = re.compile(r"\{([ab][01])\}")


@dataclass(frozen=True)
class Typed:
    """An expression with its kind: number, text, date, moment, boolean, geometry. A literal may still become another kind."""

    sql: str
    params: list[Any]
    kind: str
    literal: Any = None


def condition(tree: Tree, layer: ServedLayer, system: System, limits: Limits) -> Sql:
    """A condition on the rows `r`. `system`: of the geometries in the filter. FilterError for everything that cannot be."""
    said = _Writer(layer, system, limits).truth(tree, 0)
    return said.sql, said.params


def names_in(tree: Tree) -> Iterator[str]:
    """Names of the properties that a filter mentions."""
    waiting = [tree]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if isinstance(each.get("property"), str):
                yield each["property"]
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


class _Writer:
    def __init__(self, layer: ServedLayer, system: System, limits: Limits) -> None:
        self.layer, self.system, self.limits = layer, system, limits
        self.known = {each.name: each for each in properties(layer)}
        self.vertices = 0

    def truth(self, tree: Tree, depth: int) -> Typed:
        said = self.expression(tree, depth)
        if said.kind != "boolean":
            raise FilterError(_("Bộ lọc phải là một điều kiện đúng hoặc sai."))
        return said

    def expression(self, tree: Tree, depth: int) -> Typed:
        if depth > self.limits.depth:
            raise FilterError(_("Bộ lọc lồng nhau quá sâu."))
        if isinstance(tree, dict):
            return self._object(tree, depth)
        return _literal(tree)

    def _object(self, tree: dict[str, Any], depth: int) -> Typed:
        if "op" in tree:
            return self._operation(tree, depth)
        if "property" in tree:
            return self._property(tree["property"])
        if "date" in tree:
            return _day(tree["date"])
        if "timestamp" in tree:
            return _moment(tree["timestamp"])
        if "bbox" in tree:
            return self._box(tree["bbox"])
        if tree.get("type") and ("coordinates" in tree or "geometries" in tree):
            return self._geometry(tree)
        raise FilterError(_("Bộ lọc có phần không hiểu được: %(part)s.") % {"part": json.dumps(tree, ensure_ascii=False)[:60]})

    def _property(self, name: Any) -> Typed:
        known = self.known.get(name) if isinstance(name, str) else None
        if known is None:
            raise FilterError(_("Lớp này không có thuộc tính «%(name)s».") % {"name": str(name)[:60]})
        sql, params = known.sql(self.layer)
        return Typed(sql, params, known.type)

    def _operation(self, tree: dict[str, Any], depth: int) -> Typed:
        name, arguments = tree["op"], tree.get("args")
        if not isinstance(name, str) or not isinstance(arguments, list):
            raise FilterError(_("Bộ lọc có phép tính thiếu «op» hoặc «args»."))
        if name in {"and", "or"}:
            return _joined(f" {name.upper()} ", [self.truth(each, depth + 1) for each in _some(arguments, 1, None)])
        if name in TEMPORAL:
            return self._temporal(name, _some(arguments, 2, 2), depth)
        if name in COMPARISONS:
            left, right = _alike([self.expression(each, depth + 1) for each in _some(arguments, 2, 2)])
            if left.kind == "geometry":
                raise FilterError(_("Hình học chỉ so được bằng các hàm S_…"))
            return Typed(f"({left.sql} {name} {right.sql})", left.params + right.params, "boolean")
        if name in SPATIAL:
            parts = [self._kind(each, "geometry", depth) for each in _some(arguments, 2, 2)]
            return Typed(f"{SPATIAL[name]}({parts[0].sql}, {parts[1].sql})", parts[0].params + parts[1].params, "boolean")
        if name in ARITHMETIC:
            return self._arithmetic(name, arguments, depth)
        writer: Callable[[list[Any], int], Typed] | None = {
            "not": self._not, "isNull": self._is_null, "like": self._like, "between": self._between, "in": self._in,
            "casei": self._casei, "accenti": self._accenti,
        }.get(name)  # fmt: skip
        if writer is None:
            raise FilterError(_("Bộ lọc không có hàm «%(name)s».") % {"name": name[:40]})
        return writer(arguments, depth)

    def _kind(self, tree: Tree, kind: str, depth: int) -> Typed:
        said = self.expression(tree, depth + 1)
        if said.kind != kind:
            raise FilterError(_("Kiểu giá trị trong bộ lọc không khớp: cần %(wanted)s.") % {"wanted": kind})
        return said

    def _not(self, arguments: list[Any], depth: int) -> Typed:
        said = self.truth(_some(arguments, 1, 1)[0], depth + 1)
        return Typed(f"(NOT {said.sql})", said.params, "boolean")

    def _is_null(self, arguments: list[Any], depth: int) -> Typed:
        said = self.expression(_some(arguments, 1, 1)[0], depth + 1)
        return Typed(f"({said.sql} IS NULL)", said.params, "boolean")

    def _like(self, arguments: list[Any], depth: int) -> Typed:
        left, right = (self._kind(each, "text", depth) for each in _some(arguments, 2, 2))
        return Typed(f"({left.sql} LIKE {right.sql})", left.params + right.params, "boolean")

    def _between(self, arguments: list[Any], depth: int) -> Typed:
        value, low, high = _alike([self.expression(each, depth + 1) for each in _some(arguments, 3, 3)])
        if value.kind == "geometry":
            raise FilterError(_("Hình học chỉ so được bằng các hàm S_…"))
        return Typed(f"({value.sql} BETWEEN {low.sql} AND {high.sql})", value.params + low.params + high.params, "boolean")

    def _in(self, arguments: list[Any], depth: int) -> Typed:
        left, options = _some(arguments, 2, 2)
        if not isinstance(options, list) or not 0 < len(options) <= MOST_VALUES:
            raise FilterError(_("IN cần một danh sách có từ 1 đến %(most)d giá trị.") % {"most": MOST_VALUES})
        value, *alike = _alike([self.expression(each, depth + 1) for each in (left, *options)])
        listed = ", ".join(each.sql for each in alike)
        return Typed(f"({value.sql} IN ({listed}))", [*value.params, *(param for each in alike for param in each.params)], "boolean")

    def _casei(self, arguments: list[Any], depth: int) -> Typed:
        said = self._kind(_some(arguments, 1, 1)[0], "text", depth)
        return Typed(f"lower({said.sql})", said.params, "text")

    def _accenti(self, arguments: list[Any], depth: int) -> Typed:
        said = self._kind(_some(arguments, 1, 1)[0], "text", depth)
        return Typed(f"sonha_unaccent({said.sql})", said.params, "text")

    def _arithmetic(self, name: str, arguments: list[Any], depth: int) -> Typed:
        left, right = (self._kind(each, "number", depth) for each in _some(arguments, 2, 2))
        params = left.params + right.params
        if name == "div":
            return Typed(f"div({left.sql}::numeric, {right.sql}::numeric)", params, "number")
        return Typed(f"({left.sql}::numeric {ARITHMETIC[name]} {right.sql}::numeric)", params, "number")

    def _temporal(self, name: str, arguments: list[Any], depth: int) -> Typed:
        ends = [end for each in arguments for end in self._span(each, depth + 1)]
        moments = any(each.kind == "moment" for each in ends)
        ends = [_as_moment(each) for each in ends] if moments else ends
        by_name = dict(zip(("a0", "a1", "b0", "b1"), ends, strict=True))
        pattern = TEMPORAL[name]
        params = [param for place in PLACED.findall(pattern) for param in by_name[place].params]
        return Typed(f"({pattern.format(**{place: each.sql for place, each in by_name.items()})})", params, "boolean")

    def _span(self, tree: Tree, depth: int) -> tuple[Typed, Typed]:
        """First and last moment of an instant or interval."""
        if not (isinstance(tree, dict) and "interval" in tree):
            said = self._instant(tree, depth)
            return said, said
        ends = tree["interval"]
        if not isinstance(ends, list) or len(ends) != 2:
            raise FilterError(_("INTERVAL cần hai thời điểm."))
        return self._end(ends[0], "-infinity", depth), self._end(ends[1], "infinity", depth)

    def _end(self, tree: Tree, otherwise: str, depth: int) -> Typed:
        if tree in ("..", ""):
            return Typed(f"'{otherwise}'::date", [], "date")
        said = self._instant(tree, depth)
        return Typed(f"coalesce({said.sql}, '{otherwise}')", said.params, said.kind)

    def _instant(self, tree: Tree, depth: int) -> Typed:
        said = self.expression(tree, depth)
        if said.kind == "text" and said.literal is not None:
            said = _moment(said.literal) if "T" in said.literal.upper() else _day(said.literal)
        if said.kind not in {"date", "moment"}:
            raise FilterError(_("Các hàm T_… chỉ so thời điểm: ngày hoặc ngày giờ."))
        return said

    def _box(self, numbers: Any) -> Typed:
        if not isinstance(numbers, list) or len(numbers) not in (4, 6):
            raise FilterError(_("BBOX cần 4 hoặc 6 số."))
        if len(numbers) == 6:
            numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
        x0, y0, x1, y1 = numbers
        return self._geometry({"type": "Polygon", "coordinates": [[[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]]})

    def _geometry(self, tree: dict[str, Any]) -> Typed:
        flat = json.loads(json.dumps({name: tree[name] for name in ("type", "coordinates", "geometries") if name in tree}))
        self._check_coordinates(flat)
        try:
            drawn = shape(flat)
            problem = "" if drawn.is_valid else explain_validity(drawn)
        except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
            raise FilterError(_("Hình học trong bộ lọc không đúng.")) from None
        if problem or drawn.is_empty:
            raise FilterError(_("Hình học trong bộ lọc trống, tự cắt hoặc không khép kín. %(why)s") % {"why": problem})
        placed = "ST_SetSRID(ST_GeomFromGeoJSON(%s), %s)"
        params: list[Any] = [json.dumps(flat), self.system.srid]
        if self.system.srid != self.layer.srid:
            placed, params = f"ST_Transform({placed}, %s)", [*params, self.layer.srid]
        return Typed(placed, params, "geometry")

    def _check_coordinates(self, tree: Any) -> None:
        """Flips latitude-first positions in place; FilterError when a number is no coordinate or there are too many."""
        waiting = [tree.get("coordinates", [])]
        for each in tree.get("geometries") or []:
            if not isinstance(each, dict):
                raise FilterError(_("Hình học trong bộ lọc không đúng."))
            self._check_coordinates(each)
        limit = (180.0, 90.0) if self.system.srid in (4326, 4756) else (5e7, 5e7)
        while waiting:
            each = waiting.pop()
            if not isinstance(each, list):
                raise FilterError(_("Hình học trong bộ lọc không đúng."))
            if each and not isinstance(each[0], list):
                self.vertices += 1
                if self.system.flipped and len(each) > 1:
                    each[0], each[1] = each[1], each[0]
                numbers = all(isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) for value in each)
                if not numbers or not 2 <= len(each) <= 4 or any(abs(each[place]) > limit[place] for place in (0, 1)):
                    raise FilterError(_("Toạ độ trong bộ lọc nằm ngoài hệ toạ độ đã nêu; xin xem thứ tự trục và filter-crs."))
            else:
                waiting += each
            if self.vertices > self.limits.vertices:
                raise FilterError(_("Hình học trong bộ lọc có hơn %(most)d đỉnh.") % {"most": self.limits.vertices})


def _some(arguments: list[Any], least: int, most: int | None) -> list[Any]:
    if len(arguments) < least or (most is not None and len(arguments) > most):
        raise FilterError(_("Bộ lọc có phép tính với số toán hạng không đúng."))
    return arguments


def _joined(word: str, parts: list[Typed]) -> Typed:
    return Typed(f"({word.join(each.sql for each in parts)})", [param for each in parts for param in each.params], "boolean")


def _literal(value: Any) -> Typed:
    if isinstance(value, bool):
        return Typed("TRUE" if value else "FALSE", [], "boolean", value)
    if isinstance(value, int | float) and math.isfinite(value):
        return Typed("%s", [value], "number", value)
    if isinstance(value, str):
        if "\x00" in value:
            raise FilterError(_("Bộ lọc có ký tự không được phép."))
        return Typed("%s::text", [value], "text", value)
    raise FilterError(_("Bộ lọc có phần không hiểu được: %(part)s.") % {"part": str(value)[:60]})


def _day(value: Any) -> Typed:
    try:
        return Typed("%s::date", [date.fromisoformat(value)], "date", value)
    except (ValueError, TypeError):
        raise FilterError(_("Ngày trong bộ lọc phải có dạng yyyy-mm-dd.")) from None


def _moment(value: Any) -> Typed:
    try:
        found = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        found = None
    if found is None or found.tzinfo is None:
        raise FilterError(_("Thời điểm trong bộ lọc phải có dạng yyyy-mm-ddThh:mm:ssZ."))
    return Typed("%s::timestamptz", [found], "moment", value)


def _as_moment(said: Typed) -> Typed:
    """A day as its first moment in Viet Nam."""
    if said.kind == "moment":
        return said
    return Typed(f"(({said.sql})::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')", said.params, "moment")


def _alike(parts: list[Typed]) -> list[Typed]:
    """Expressions of one kind; text literals become the days and numbers that they are compared with."""
    kinds = {each.kind for each in parts if not (each.kind == "text" and each.literal is not None)}
    if kinds == {"date", "moment"}:
        parts, kinds = [each if each.kind == "text" else _as_moment(each) for each in parts], {"moment"}
    if len(kinds) > 1:
        raise FilterError(_("Bộ lọc so hai giá trị khác kiểu: %(kinds)s.") % {"kinds": ", ".join(sorted(kinds))})
    wanted = next(iter(kinds), "text")
    return [each if each.kind == wanted else _become(each, wanted) for each in parts]


def _become(said: Typed, kind: str) -> Typed:
    if kind == "date":
        return _day(said.literal)
    if kind == "moment":
        return _moment(said.literal) if "T" in said.literal.upper() else _as_moment(_day(said.literal))
    raise FilterError(_("Bộ lọc so hai giá trị khác kiểu: %(kinds)s.") % {"kinds": f"text, {kind}"})
