"""Records that lie on each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sonha.registry.declarations import Problem, Register, register

from .kinds import Kind, Sql, chosen, column, figure, found, geometry_of, held, is_blank, place, table


@dataclass(frozen=True)
class NoOverlap(Kind):
    """No other record that is so today covers more than `tolerance_m2` of this one.

    `within`: only records with the same values in these fields are compared. `against`: the code of another register whose records must
    not be covered either (forbidden areas); default: the register itself. Points and lines of the other register count wherever they lie
    inside.
    """

    tolerance_m2: float = 1.0
    within: tuple[str, ...] = ()
    against: str = ""
    geometry: str = ""

    def words(self, register: type[Register]) -> str:
        if self.title:
            return str(self.title)
        if self.against:
            return _("Không chồng lên «%(other)s»") % {"other": self._other(register).title}
        return _("Không chồng lên nhau quá %(most)s m²") % {"most": figure(self.tolerance_m2)}

    def check(self, register: type[Register], row: Any) -> Iterable[Problem]:
        shape = getattr(row, geometry_of(register, self.geometry))
        if is_blank(shape) or not shape.valid:
            return
        names = "".join(f', %s AS "{each}"' for each in self.within)
        one = f"SELECT %s::bigint AS id, ST_GeomFromEWKB(%s) AS shape{names}"
        values = [getattr(row, each) for each in self.within]
        yield from self._covered(register, (one, [row.pk, bytes(shape.ewkb), *values]), "")

    def scan(self, register: type[Register], rows: Any) -> Iterable[Problem]:
        shape = f"r.{column(register, geometry_of(register, self.geometry))}"
        names = "".join(f', r.{column(register, each)} AS "{each}"' for each in self.within)
        ids, params = chosen(rows)
        all_of_them = f"SELECT r.id, {shape} AS shape{names} FROM {table(register)} r WHERE r.id IN ({ids}) AND ST_IsValid({shape})"
        once = "" if self.against else "AND (a.id < b.id OR b.id NOT IN (SELECT id FROM candidates))"
        yield from self._covered(register, (all_of_them, params), once)

    def _covered(self, register: type[Register], candidates: Sql, once: str) -> Iterable[Problem]:
        """Pairs whose common part is too large. `once` leaves out the mirror image of pairs within the candidates."""
        other = self._other(register)
        name = geometry_of(register, self.geometry)
        there = f"b.{column(other, geometry_of(other, self.geometry if other is register else ''))}"
        srid, srid_there = (
            getattr(each.model._meta.get_field(geometry_of(each, self.geometry if each is register else "")), "srid", 0)
            for each in (register, other)
        )
        (sql, params), (today, day) = candidates, held("b")
        asked = "a.shape" if srid == srid_there else f"ST_Transform(a.shape, {int(srid_there)})"
        same = "".join(f' AND b.{column(other, each)} = a."{each}"' for each in self.within)
        itself = "" if self.against else "AND b.id IS DISTINCT FROM a.id"
        statement = f"""
            WITH candidates AS MATERIALIZED ({sql}),
                 touching AS MATERIALIZED (
                     SELECT a.id, b.id AS other, {asked} AS one, {there} AS two FROM candidates a
                     JOIN {table(other)} b ON {there} && {asked}{same} AND {today} {itself} {once}
                     WHERE CASE WHEN ST_IsValid({there}) THEN ST_Relate({asked}, {there}, 'T********') END),
                 parts AS MATERIALIZED (
                     SELECT id, other, least(ST_Dimension(one), ST_Dimension(two)) = 2 AS areal, ST_Intersection(one, two) AS part
                     FROM touching)
            SELECT id, other, ST_Area(part), ST_AsEWKB(ST_Transform(part, {int(srid)})) FROM parts
            WHERE NOT areal OR ST_Area(part) > %s ORDER BY id, other"""
        for pk, twin, size, where in found(statement, [*params, *day, self.tolerance_m2]):
            sentence = self._sentence(other, twin, size)
            yield self.problem(sentence, pk, field=name, other=twin, place=place(where))

    def _other(self, own: type[Register]) -> type[Register]:
        return register(self.against) if self.against else own

    def _sentence(self, other: type[Register], pk: int, size: float) -> str:
        twin = other.model._default_manager.filter(pk=pk).first()
        given = {"size": figure(size), "register": other.title, "name": other.named(twin) if twin is not None else pk}
        if not size:
            return _("Đè lên %(name)s («%(register)s»).") % given
        return _("Chồng %(size)s m² lên %(name)s («%(register)s»).") % given
