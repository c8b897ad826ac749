"""The rows of a file on their way: a temporary table with the columns of the register, filled by COPY."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils.translation import gettext as _

from sonha.registry.declarations import Register
from sonha.registry.declarations.fields import Field

from ..reading import Batch
from . import shapes as shapes_of
from .mapping import COMMUNE, Mapping, targets
from .outcome import Refusal
from .values import Converter, Refused, converter, writes_foreign

TABLE = "import_rows"
REFUSED = "import_refused"
TRIAL = 200  # values of a column by which its way of writing numbers is told
Problems = dict[int, list[str]]


@dataclass
class Staging:
    """Converts batches and copies them. `columns` are those that the temporary table gets values in, by name of the field."""

    register: type[Register]
    mapping: Mapping
    day_of: Any
    columns: list[str] = field(default_factory=list)
    _converters: dict[str, Converter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.geometry: Field | None = self.register.field(self.register.geometry()) if self.register.geometry() else None
        self.fields: dict[str, Field | None] = {each.name: each for each in targets(self.register) if each.name in self.mapping.columns}
        if COMMUNE in self.mapping.columns:
            self.fields[COMMUNE] = None
        self.cleans = self.register.model.clean is not models.Model.clean
        self.defaults = {name: value for name, value in _defaults(self.register).items() if name not in self.fields}

    def create(self) -> None:
        """Empty tables for this transaction."""
        with connection.cursor() as cursor:
            names = [f'"{each.column}"' for each in self.register.model._meta.local_concrete_fields if not each.generated]
            main = self.register.model._meta.db_table
            cursor.execute(f"DROP TABLE IF EXISTS {TABLE}, {REFUSED}")
            cursor.execute(f'CREATE TEMP TABLE {TABLE} ON COMMIT DROP AS SELECT 0 AS row_no, {", ".join(names)} FROM "{main}" WITH NO DATA')
            cursor.execute(f"ALTER TABLE {TABLE} ADD act text")
            cursor.execute(f"CREATE TEMP TABLE {REFUSED} (row_no int, reason text) ON COMMIT DROP")

    def add(self, batch: Batch) -> list[Refusal]:
        """Copies the rows that can be; the others are returned with what is wrong in them."""
        problems: Problems = {}
        columns: dict[str, list[str | None]] = {}
        for name, target in self.fields.items():
            given = batch.columns[self.mapping.columns[name]]
            columns[name] = self._column(name, target, given, problems)
        shape = self._shapes(batch, problems)
        if shape is not None and self.geometry is not None:
            columns[self.geometry.name] = shape
        if self.cleans:
            self._clean(columns, batch.count, problems)
        self.columns = list(columns)
        self._copy(batch.first, batch.count, columns, problems)
        return [Refusal(batch.first + at, tuple(why), self.values(batch, at)) for at, why in sorted(problems.items())]

    def values(self, batch: Batch, at: int) -> dict[str, Any]:
        """A row as the file has it, for whoever must mend it."""
        return {name: _plain(values[at]) for name, values in batch.columns.items()}

    def _column(self, name: str, target: Field | None, given: Sequence[Any], problems: Problems) -> list[str | None]:
        """Each different value is converted once."""
        if name not in self._converters:
            foreign = writes_foreign(given[:TRIAL])
            self._converters[name] = converter(self.register, target, foreign=foreign, day_of=self.day_of)
        convert, title = self._converters[name], str(target.title if target else _("xã, phường"))
        seen: dict[Any, str | None] = {}
        refused: dict[Any, str] = {}
        found: list[str | None] = []
        for at, value in enumerate(given):
            key = value if value.__hash__ else str(value)
            if key not in seen:
                try:
                    seen[key] = convert(value)
                except Refused as why:
                    seen[key], refused[key] = None, str(why)
            if refused and key in refused:
                problems.setdefault(at, []).append(f"{title}: {refused[key]}.")
            found.append(seen[key])
        return found

    def _shapes(self, batch: Batch, problems: Problems) -> list[str | None] | None:
        if self.geometry is None:
            return None
        shapes = batch.shapes
        if shapes is None and self.mapping.x and self.mapping.y:
            shapes, wrong = shapes_of.points(batch.columns[self.mapping.x], batch.columns[self.mapping.y])
            for at, why in wrong.items():
                problems.setdefault(at, []).append(why)
        if shapes is None:
            return None
        srid = self.mapping.srid or self.geometry.srid
        texts, wrong = shapes_of.prepared(shapes, self.geometry, srid, swapped=self.mapping.swapped)
        for at, why in wrong.items():
            problems.setdefault(at, []).append(why)
        return texts

    def _clean(self, columns: dict[str, list[str | None]], count: int, problems: Problems) -> None:
        """Lets the model compute what it computes (`clean`): a parcel's code from its sheet and number."""
        model: Any = self.register.model
        names = [name for name in columns if self.geometry is None or name != self.geometry.name]
        written: dict[str, list[str | None]] = {}
        row = _Row(self.defaults)
        for at, values in enumerate(zip(*(columns[name] for name in names), strict=True)):
            if at in problems:
                continue
            try:
                model.clean(row.with_values(zip(names, values, strict=True)))
            except ValidationError as error:
                problems.setdefault(at, []).extend(error.messages)
            except (AttributeError, TypeError):
                self.cleans = False  # it needs more than the values of the row: only single saves compute it
                return
            for name, value in row.said.items():
                written.setdefault(name, [None] * count)[at] = None if value is None else str(value)
        columns.update(written)

    def _copy(self, first: int, count: int, columns: dict[str, list[str | None]], problems: Problems) -> None:
        model = self.register.model
        arrays = [pa.array(range(first, first + count), pa.int64()), *(pa.array(values, pa.string()) for values in columns.values())]
        table = pa.table(arrays, names=["row_no", *columns])
        if problems:
            table = table.filter(pa.array([at not in problems for at in range(count)]))
        out = io.BytesIO()
        pa_csv.write_csv(table, out, pa_csv.WriteOptions(include_header=False, quoting_style="needed"))
        names = ", ".join(["row_no", *(f'"{model._meta.get_field(name).column}"' for name in columns)])  # type: ignore[union-attr]
        with connection.cursor() as cursor, cursor.copy(f"COPY {self._table_for_copy()} ({names}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(out.getbuffer())
        self._transform()

    def _table_for_copy(self) -> str:
        """Shapes in another system than the register's are copied as they are, then transformed by PostGIS like everything else."""
        if self.geometry is None or not self.mapping.srid or self.mapping.srid == self.geometry.srid:
            return TABLE
        with connection.cursor() as cursor:
            column = f'"{self.geometry.column}"'
            cursor.execute("SELECT to_regclass('pg_temp.import_foreign')")
            if cursor.fetchone()[0] is None:
                cursor.execute(f"CREATE TEMP TABLE import_foreign (LIKE {TABLE}) ON COMMIT DROP")
                cursor.execute(f"ALTER TABLE import_foreign ALTER COLUMN {column} TYPE geometry USING {column}::geometry")
        return "import_foreign"

    def _transform(self) -> None:
        if self._table_for_copy() == TABLE or self.geometry is None:
            return
        names = [f'"{each.column}"' for each in self.register.model._meta.local_concrete_fields if not each.generated]
        from_to = f"{int(self.mapping.srid)}), {int(self.geometry.srid)})"
        moved = [f"ST_Transform(ST_SetSRID({each}, {from_to}" if each == f'"{self.geometry.column}"' else each for each in names]
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {TABLE} (row_no, {', '.join(names)}) SELECT row_no, {', '.join(moved)} FROM import_foreign")
            cursor.execute("TRUNCATE import_foreign")


class _Row:
    """Stands for a record while its model computes: values to read, and what is set noted apart."""

    said: dict[str, Any]
    defaults: dict[str, Any]

    def __init__(self, defaults: dict[str, Any]) -> None:
        vars(self).update(defaults, said={}, defaults=defaults)

    def with_values(self, values: Iterable[tuple[str, Any]]) -> "_Row":
        for name in self.said:
            vars(self)[name] = self.defaults.get(name)
        self.said.clear()
        vars(self).update(values)
        return self

    def __setattr__(self, name: str, value: Any) -> None:
        self.said[name] = vars(self)[name] = value


def _defaults(register: type[Register]) -> dict[str, Any]:
    """What fields hold that no column gives."""
    return {
        each.name: each.get_default()
        for each in register.model._meta.local_concrete_fields
        if not each.primary_key and not each.generated and not each.is_relation
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, bool)) or (isinstance(value, float) and value == value) else str(value)


def refuse(sql: str, params: Iterable[Any] = ()) -> None:
    """Refuses the rows that a statement `SELECT row_no, reason` names."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {REFUSED} {sql}", list(params))
        if cursor.rowcount:
            cursor.execute(f"DELETE FROM {TABLE} WHERE row_no IN (SELECT row_no FROM {REFUSED})")
