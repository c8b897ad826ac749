"""Rows into tables of kept records, fast: COPY, with indexes and keys put back afterwards."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.db import connection, models
from django.utils import timezone

SRID = 9215


@dataclass
class Rows:
    """Rows of one table on their way: `columns` in the order of the tuples. A column `geometry` holds shapely shapes in EPSG:9215."""

    model: type[models.Model]
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)


@contextmanager
def bare(*tables: type[models.Model]) -> Iterator[None]:
    """Inside a transaction: the tables (locked until its end) without secondary indexes and foreign keys, and with them again.

    Building an index over all rows, and checking a key by one join, is several times faster than row by row.
    """
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u') ORDER BY contype DESC",
            [names],
        )
        constraints = cursor.fetchall()
        for table, name, _definition in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary",
            [names],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def reserve(rows: Rows) -> int:
    """What to add to own numbers 1..n so that they are free numbers of the table."""
    if not rows.rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [rows.model._meta.db_table])
        sequence = cursor.fetchone()[0]
        cursor.execute("SELECT nextval(%s)", [sequence])
        first = cursor.fetchone()[0]
        cursor.execute("SELECT setval(%s, %s)", [sequence, first + len(rows.rows)])
    return int(first)


def write(rows: Rows, change: int, origin: str, moved: dict[str, int] | None = None) -> None:
    """COPY of the rows with what every generated record has; `moved`: numbers to be added to columns."""
    columns = ", ".join(f'"{name}"' for name in (*rows.columns, "change_id", "recorded_at", "is_demo", "origin"))
    tail = f"\t{change}\t{timezone.now().isoformat()}\tt\t{origin}\n"
    add = [(moved or {}).get(name, 0) for name in rows.columns]
    shapes = [index for index, name in enumerate(rows.columns) if name == "geometry"]
    table = rows.model._meta.db_table
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:  # type: ignore[attr-defined]
        for batch in _batches(rows.rows, 5_000):
            written = [list(row) for row in batch]
            for at in shapes:
                found = np.array([row[at] for row in written], dtype=object)
                hexes = shapely.to_wkb(shapely.set_srid(found, SRID), hex=True, include_srid=True)
                for row, text in zip(written, hexes, strict=True):
                    row[at] = text
            copy.write("".join("\t".join(map(_text, row, add)) + tail for row in written))


def _batches(rows: list[tuple[Any, ...]], size: int) -> Iterator[Iterable[tuple[Any, ...]]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _text(value: Any, add: int) -> str:
    """A value in PostgreSQL's text form. Texts here are generated and hold neither tabs nor backslashes."""
    if value is None:
        return "\\N"
    return str(value + add) if add else str(value)
