"""Row history (django-pghistory): which tables are tracked, their digests, and rows that do not agree with their history."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pghistory
import pgtrigger
from django.apps import apps
from django.db import connection, models, transaction

LOCK_PATIENCE = "3s"
LOCK_ATTEMPTS = 5
STABLE_TEXT = (
    ("TimeZone", "UTC"),
    ("DateStyle", "ISO, YMD"),
    ("IntervalStyle", "postgres"),
    ("extra_float_digits", "1"),
    ("bytea_output", "hex"),
)
"""Session settings under which a row always has the same text."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """A tracked table and its history. `columns` are compared; `deletes`: labels of snapshots taken at a deletion."""

    table: str
    key: str
    history: str
    columns: tuple[str, ...]
    deletes: tuple[str, ...]
    contexts: bool


def tracked() -> list[Tracked]:
    """Tables whose every insertion and change leaves a snapshot, by name."""
    found = []
    for model in apps.get_models():
        origin = getattr(model, "pgh_tracked_model", None)
        if origin is None or not model._meta.managed or not hasattr(model, "pgh_obj"):
            continue
        trackers = [tracker for tracker in getattr(model, "pgh_trackers", ()) if isinstance(tracker, pghistory.RowEvent)]
        if not (_takes(trackers, "INSERT") and _takes(trackers, "UPDATE")):
            continue
        found.append(
            Tracked(
                table=origin._meta.db_table,
                key=origin._meta.pk.column,
                history=model._meta.db_table,
                columns=_columns(origin, model),
                deletes=tuple(str(tracker.label) for tracker in trackers if "DELETE" in str(tracker.operation)),
                contexts=any(field.column == "pgh_context_id" for field in model._meta.concrete_fields),
            )
        )
    return sorted(found, key=lambda entry: entry.history)


def histories() -> dict[str, tuple[str, ...]]:
    """Every history table with all its columns: what a seal covers."""
    return {
        model._meta.db_table: tuple(sorted(str(field.column) for field in model._meta.concrete_fields))
        for model in apps.get_models()
        if hasattr(model, "pgh_tracked_model") and model._meta.managed
    }


def changed_by_people(model: type[models.Model]) -> set[int]:
    """Keys of the rows whose newest snapshot a signed-in person made: what a loader leaves alone."""
    history = next(each for each in apps.get_models() if getattr(each, "pgh_tracked_model", None) is model)
    sql = f"""
        SELECT n.pgh_obj_id FROM (
            SELECT DISTINCT ON (pgh_obj_id) pgh_obj_id, pgh_context_id FROM {_q(history._meta.db_table)} ORDER BY pgh_obj_id, pgh_id DESC) n
        JOIN pghistory_context c ON c.id = n.pgh_context_id WHERE c.metadata ? 'user'"""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()}


def exists(table: str) -> bool:
    with connection.cursor() as cursor:
        return _exists(cursor, table)


def last_settled(table: str, key: str) -> int | None:
    """Highest `key` of `table` below which no row can appear any more; waits a little for writers in flight, else None."""
    for _attempt in range(LOCK_ATTEMPTS):
        try:
            with transaction.atomic(durable=True), connection.cursor() as cursor:  # durable: the lock must end here
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_PATIENCE])
                cursor.execute(f"LOCK TABLE {_q(table)} IN SHARE MODE")
                cursor.execute(f"SELECT coalesce(max({_q(key)}), 0) FROM {_q(table)}")
                return int(cursor.fetchone()[0])
        except Exception as error:
            if getattr(error.__cause__, "sqlstate", "") != "55P03":
                raise
    return None


def digest(table: str, columns: tuple[str, ...] | list[str], first: int, last: int) -> tuple[int, str]:
    """Count and sha256 over the rows `first` < pgh_id <= `last` in order. LookupError naming a column that the table no longer has."""
    with transaction.atomic(), connection.cursor() as cursor:
        present = (
            {column.name for column in connection.introspection.get_table_description(cursor, table)} if _exists(cursor, table) else set()
        )
        missing = sorted(set(columns) - present)
        if missing:
            raise LookupError(", ".join(missing))
        for name, value in STABLE_TEXT:
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        row = ", ".join(_q(column) for column in columns)
        cursor.execute(
            f"""SELECT count(*), encode(sha256(coalesce(
                    string_agg(sha256(convert_to(ROW({row})::text, 'UTF8')), ''::bytea ORDER BY pgh_id), ''::bytea)), 'hex')
                FROM {_q(table)} WHERE pgh_id > %s AND pgh_id <= %s""",
            [first, last],
        )
        count, value = cursor.fetchone()
        return count, value


def disagreeing(entry: Tracked, limit: int) -> Iterator[Mapping[str, Any]]:
    """Rows that differ from their newest snapshot: {key, what, columns}; `what` is changed, unrecorded, or removed."""
    differing = ", ".join(f"CASE WHEN t.{_q(c)}::text IS DISTINCT FROM n.{_q(c)}::text THEN '{c}' END" for c in entry.columns)
    ours, theirs = (", ".join(f"{alias}.{_q(c)}" for c in entry.columns) for alias in ("t", "n"))
    sql = f"""
        WITH newest AS (SELECT DISTINCT ON (pgh_obj_id) * FROM {_q(entry.history)} ORDER BY pgh_obj_id, pgh_id DESC)
        SELECT coalesce(t.{_q(entry.key)}::text, n.pgh_obj_id::text),
               CASE WHEN t.{_q(entry.key)} IS NULL THEN 'removed'
                    WHEN n.pgh_id IS NULL OR n.pgh_label = ANY(%s) THEN 'unrecorded' ELSE 'changed' END,
               array_remove(ARRAY[{differing}], NULL)
        FROM {_q(entry.table)} t FULL JOIN newest n ON n.pgh_obj_id = t.{_q(entry.key)}
        WHERE (t.{_q(entry.key)} IS NOT NULL
               AND (n.pgh_id IS NULL OR n.pgh_label = ANY(%s) OR ROW({ours})::text IS DISTINCT FROM ROW({theirs})::text))
           OR (t.{_q(entry.key)} IS NULL AND n.pgh_label <> ALL(%s) AND %s)
        ORDER BY 1 LIMIT %s"""
    deletes = list(entry.deletes)
    with connection.cursor() as cursor:
        cursor.execute(sql, [deletes, deletes, deletes, bool(deletes), limit])
        for key, what, columns in cursor.fetchall():
            yield {"key": key, "what": what, "columns": tuple(columns) if what == "changed" else ()}


def without_context(entry: Tracked, accepted: list[int], limit: int) -> Iterator[Mapping[str, Any]]:
    """Snapshots of changes that no request, job or command of the application made: {key, id, columns}, oldest first."""
    if not entry.contexts:
        return
    differing = ", ".join(
        f"CASE WHEN p.pgh_id IS NOT NULL AND n.{_q(c)}::text IS DISTINCT FROM p.{_q(c)}::text THEN '{c}' END" for c in entry.columns
    )
    sql = f"""
        SELECT n.pgh_obj_id::text, n.pgh_id, array_remove(ARRAY[{differing}], NULL)
        FROM {_q(entry.history)} n LEFT JOIN LATERAL (
            SELECT * FROM {_q(entry.history)} b WHERE b.pgh_obj_id = n.pgh_obj_id AND b.pgh_id < n.pgh_id
            ORDER BY b.pgh_id DESC LIMIT 1) p ON true
        WHERE n.pgh_context_id IS NULL AND n.pgh_id <> ALL(%s) ORDER BY n.pgh_id LIMIT %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [accepted, limit])
        for key, number, columns in cursor.fetchall():
            yield {"key": key, "id": number, "columns": tuple(columns)}


def size(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {_q(table)}")
        return int(cursor.fetchone()[0])


def _takes(trackers: list[Any], operation: str) -> bool:
    """A tracker for `operation` that misses no change of the kept columns."""
    return any(
        operation in str(tracker.operation)
        and tracker.row == "NEW"
        and (tracker.condition is None or isinstance(tracker.condition, pgtrigger.AnyChange))
        for tracker in trackers
    )


def _columns(origin: type[models.Model], history: type[models.Model]) -> tuple[str, ...]:
    kept = {field.name for field in history._meta.concrete_fields}
    return tuple(
        str(field.column) for field in origin._meta.concrete_fields if field.name in kept and not isinstance(field, models.GeneratedField)
    )


def _exists(cursor: Any, table: str) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [_q(table)])
    return bool(cursor.fetchone()[0])


def _q(name: str) -> str:
    return connection.ops.quote_name(name)
