"""What all kinds of rules share: problems with a sentence, rows as SQL, figures as they are written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from sonha.registry.declarations import Problem, Register, Rule

Sql = tuple[str, list[Any]]


@dataclass(frozen=True)
class Kind(Rule):
    """A rule of this package. `words` says in general what it asks; the page shows it where the declaration gives no title."""

    def words(self, register: type[Register]) -> str:
        return str(self.title)

    def problem(
        self, sentence: str, record_id: int | None = None, *, field: str = "", other: int | None = None, place: Any = None
    ) -> Problem:
        return Problem(self.code, self.severity, sentence, record_id, field, other, place)


@dataclass(frozen=True)
class FieldRule(Kind):
    """A rule about the values of one row: a condition on rows, the same in Python and in SQL."""

    def breaches(self, register: type[Register]) -> Iterable[tuple[str, Q]]:
        """(field, condition of the rows that break the rule)."""
        raise NotImplementedError(f"{type(self).__name__} names no condition")  # pragma: no cover

    def sentence(self, register: type[Register], field: str) -> str:
        return str(self.title)

    def scan(self, register: type[Register], rows: Any) -> Iterable[Problem]:
        for field, condition in self.breaches(register):
            sentence = self.sentence(register, field)
            for pk in rows.filter(condition).order_by().values_list("pk", flat=True).iterator(chunk_size=10_000):
                yield self.problem(sentence, pk, field=field)


def title_of(register: type[Register], field: str) -> str:
    """The title of a field, the engine's own (`commune_code`) included."""
    return str(register.model._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


def titles_of(register: type[Register], fields: Iterable[str]) -> str:
    return ", ".join(f"«{title_of(register, each)}»" for each in fields)


def is_blank(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, GEOSGeometry) and value.empty)


def table(register: type[Register]) -> str:
    return f'"{register.model._meta.db_table}"'


def column(register: type[Register], name: str) -> str:
    """The quoted column of a field, the engine's own (`commune_code`) included."""
    return f'"{register.model._meta.get_field(name).column}"'  # type: ignore[union-attr]


def geometry_of(register: type[Register], name: str) -> str:
    return name or register.geometry()


def held(alias: str) -> Sql:
    """The rows that are so today."""
    return f"({alias}.valid_to IS NULL OR {alias}.valid_to >= %s)", [timezone.localdate()]


def chosen(rows: QuerySet[Any]) -> Sql:
    """The ids of a queryset as a subquery."""
    sql, params = rows.order_by().values("pk").query.sql_with_params()
    return sql, list(params)


def found(sql: str, params: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows of a statement, in pieces."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        while piece := cursor.fetchmany(5_000):
            yield from piece


def place(wkb: Any) -> GEOSGeometry | None:
    return None if wkb is None else GEOSGeometry(memoryview(wkb))


def figure(number: float | Decimal, digits: int = 1) -> str:
    """`1.234,5`: as figures are written in Vietnamese, without needless zeros."""
    text = f"{number:,.{digits}f}".translate(str.maketrans(",.", ".,"))
    return text.rstrip("0").rstrip(",") if "," in text else text
