"""Rules about the shape of one record: valid geometry, area, place within its commune."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.registry.declarations import Problem, Register

from ..areas import boundaries
from .kinds import Kind, Sql, chosen, column, figure, found, geometry_of, held, is_blank, place, table, title_of

FAULTS = {
    "self-intersection": gettext_lazy("đường ranh tự cắt"),
    "ring self-intersection": gettext_lazy("đường ranh tự chạm vào mình"),
    "hole lies outside shell": gettext_lazy("lỗ nằm ngoài đường ranh"),
    "holes are nested": gettext_lazy("lỗ nằm trong lỗ khác"),
    "nested holes": gettext_lazy("lỗ nằm trong lỗ khác"),
    "nested shells": gettext_lazy("một phần nằm trong phần khác"),
    "interior is disconnected": gettext_lazy("lỗ cắt hình thành nhiều mảnh"),
    "duplicate rings": gettext_lazy("có hai đường ranh trùng nhau"),
    "too few points in geometry component": gettext_lazy("đường ranh quá ít điểm"),
    "invalid coordinate": gettext_lazy("có toạ độ không phải là số"),
    "ring is not closed": gettext_lazy("đường ranh không khép kín"),
}


def fault(reason: str) -> str:
    """What PostGIS and GEOS say of an invalid shape (`Self-intersection[10 20]`), in words."""
    return str(FAULTS.get(reason.partition("[")[0].strip().lower(), _("hình sai cấu trúc")))


@dataclass(frozen=True)
class ValidGeometry(Kind):
    """The shape is valid (ISO 19107, as PostGIS tests it) and not empty. Records without a place pass: that is `Required`'s to say."""

    geometry: str = ""

    def words(self, register: type[Register]) -> str:
        return str(self.title) or _("Hình học hợp lệ: ranh khép kín, không tự cắt")

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        name = geometry_of(register, self.geometry)
        shape = getattr(row, name)
        if shape is None:
            return
        if shape.empty:
            yield self.problem(self._sentence(_("hình rỗng")), row.pk, field=name)
        elif not shape.valid:
            yield self.problem(self._sentence(fault(shape.valid_reason)), row.pk, field=name, place=_point_of(shape))

    def scan(self, register: type[Register], rows: Any) -> Iterable[Problem]:
        name = geometry_of(register, self.geometry)
        shape = f"r.{column(register, name)}"
        ids, params = chosen(rows)
        srid = getattr(register.model._meta.get_field(name), "srid", 0)
        sql = f"""SELECT id, reason(d), ST_AsEWKB(ST_SetSRID(location(d), %s)) FROM (
                      SELECT r.id, ST_IsValidDetail({shape}) AS d FROM {table(register)} r
                      WHERE r.id IN ({ids}) AND NOT ST_IsValid({shape})) AS wrong
                  UNION ALL SELECT r.id, 'empty', NULL FROM {table(register)} r WHERE r.id IN ({ids}) AND ST_IsEmpty({shape})"""
        for pk, reason, where in found(sql, [srid, *params, *params]):
            said = _("hình rỗng") if reason == "empty" else fault(reason)
            yield self.problem(self._sentence(said), pk, field=name, place=place(where))

    @staticmethod
    def _sentence(said: str) -> str:
        return _("Hình học chưa hợp lệ: %(fault)s.") % {"fault": said}


def _point_of(shape: GEOSGeometry) -> GEOSGeometry | None:
    """Where GEOS found the fault: `Self-intersection[10 20]`."""
    words = shape.valid_reason.partition("[")[2].rstrip("]").split()
    try:
        return GEOSGeometry(f"SRID={shape.srid};POINT({float(words[0])} {float(words[1])})")
    except (IndexError, ValueError):
        return None


@dataclass(frozen=True)
class MinArea(Kind):
    """The area is at least `low` m². The coordinate system must be one in metres."""

    low: float
    geometry: str = ""

    def words(self, register: type[Register]) -> str:
        return str(self.title) or _("Diện tích trên bản đồ từ %(low)s m² trở lên") % {"low": figure(self.low)}

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        name = geometry_of(register, self.geometry)
        shape = getattr(row, name)
        if not is_blank(shape) and shape.area < self.low:
            yield self._problem(name, row.pk, shape.area)

    def scan(self, register: type[Register], rows: Any) -> Iterable[Problem]:
        name = geometry_of(register, self.geometry)
        area, (ids, params) = f"ST_Area(r.{column(register, name)})", chosen(rows)
        sql = f"SELECT r.id, {area} FROM {table(register)} r WHERE r.id IN ({ids}) AND {area} < %s"
        for pk, size in found(sql, [*params, self.low]):
            yield self._problem(name, pk, size)

    def _problem(self, name: str, pk: int | None, size: float) -> Problem:
        given = {"size": figure(size), "low": figure(self.low)}
        return self.problem(_("Diện tích trên bản đồ %(size)s m², nhỏ hơn mức tối thiểu %(low)s m².") % given, pk, field=name)


@dataclass(frozen=True)
class AreaAgrees(Kind):
    """The area written in `field` (m²) agrees with the shape: within `tolerance` of the shape's (0.02 = 2 %) or `least` m², the greater."""

    field: str
    tolerance: float = 0.02
    least: float = 1.0
    geometry: str = ""

    def words(self, register: type[Register]) -> str:
        return str(self.title) or _("«%(field)s» khớp với diện tích trên bản đồ (lệch không quá %(most)s%%)") % {
            "field": title_of(register, self.field),
            "most": figure(self.tolerance * 100),
        }

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        shape, said = getattr(row, geometry_of(register, self.geometry)), getattr(row, self.field)
        if not is_blank(shape) and said is not None and abs(float(said) - shape.area) > max(self.tolerance * shape.area, self.least):
            yield self._problem(register, row.pk, float(said), shape.area)

    def scan(self, register: type[Register], rows: Any) -> Iterable[Problem]:
        area = f"ST_Area(r.{column(register, geometry_of(register, self.geometry))})"
        said, (ids, params) = f"r.{column(register, self.field)}", chosen(rows)
        sql = f"""SELECT r.id, {said}::float8, {area} FROM {table(register)} r
                  WHERE r.id IN ({ids}) AND abs({said}::float8 - {area}) > greatest(%s * {area}, %s)"""
        for pk, written, size in found(sql, [*params, self.tolerance, self.least]):
            yield self._problem(register, pk, written, size)

    def _problem(self, register: type[Register], pk: int | None, said: float, size: float) -> Problem:
        given = {"field": title_of(register, self.field), "said": figure(said), "size": figure(size), "gap": figure(abs(said - size))}
        sentence = _("«%(field)s» ghi %(said)s m², trên bản đồ là %(size)s m²: lệch %(gap)s m².") % given
        return self.problem(sentence, pk, field=self.field)


@dataclass(frozen=True)
class InsideArea(Kind):
    """The shape lies within the commune that the record names (`field`), but for `tolerance` m² (areas) or at all (points, lines).

    Boundaries are those registered in `quality.areas`; records of communes without a boundary pass.
    """

    tolerance: float = 1.0
    geometry: str = ""
    field: str = "commune_code"

    def words(self, register: type[Register]) -> str:
        return str(self.title) or _("Nằm trong địa giới của đơn vị hành chính đã ghi")

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        shape, code = getattr(row, geometry_of(register, self.geometry)), getattr(row, self.field)
        if not (is_blank(shape) or is_blank(code)) and shape.valid:
            one = "SELECT %s::bigint AS id, %s::text AS code, ST_GeomFromEWKB(%s) AS shape"
            yield from self._outside(register, (one, [row.pk, code, bytes(shape.ewkb)]))

    def scan(self, register: type[Register], rows: Any) -> Iterable[Problem]:
        shape, code = (f"r.{column(register, each)}" for each in (geometry_of(register, self.geometry), self.field))
        ids, params = chosen(rows)
        all_of_them = f"""SELECT r.id, {code}::text AS code, {shape} AS shape FROM {table(register)} r
                          WHERE r.id IN ({ids}) AND ST_IsValid({shape}) ORDER BY 2"""  # by commune: its boundary is prepared once
        yield from self._outside(register, (all_of_them, params))

    def _outside(self, register: type[Register], candidates: Sql) -> Iterable[Problem]:
        known = boundaries()
        if known is None:
            return
        name = geometry_of(register, self.geometry)
        model, (sql, params) = known.model._meta, candidates
        code, shape = (f'b."{model.get_field(each).column}"' for each in (known.code, known.geometry))  # type: ignore[union-attr]
        today, day = held("b") if known.is_dated else ("true", [])
        statement = f"""
            WITH candidates AS MATERIALIZED ({sql}),
                 limits AS MATERIALIZED (
                     SELECT {code}::text AS code, ST_Transform({shape}, %s) AS shape FROM "{model.db_table}" b
                     WHERE {today} AND {code}::text IN (SELECT code FROM candidates)),
                 beyond AS MATERIALIZED (
                     SELECT c.id, c.code, c.shape AS whole, l.shape AS allowed FROM candidates c JOIN limits l USING (code)
                     WHERE NOT ST_Covers(l.shape, c.shape)),
                 parts AS MATERIALIZED (
                     SELECT id, code, ST_Dimension(whole) AS dimension, ST_Difference(whole, allowed) AS part FROM beyond)
            SELECT id, code, ST_Area(part), ST_AsEWKB(ST_PointOnSurface(part)) FROM parts WHERE dimension < 2 OR ST_Area(part) > %s"""
        srid = getattr(register.model._meta.get_field(name), "srid", 0)
        for pk, commune, size, where in found(statement, [*params, srid, *day, self.tolerance]):
            yield self._problem(name, pk, commune, size, where)

    def _problem(self, name: str, pk: int | None, code: str, size: float, where: Any) -> Problem:
        if size:
            sentence = _("%(size)s m² nằm ngoài địa giới của %(code)s.") % {"size": figure(size), "code": code}
        else:
            sentence = _("Vị trí nằm ngoài địa giới của %(code)s.") % {"code": code}
        return self.problem(sentence, pk, field=name, place=place(where))
