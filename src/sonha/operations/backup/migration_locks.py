"""Migrations that would hold up a running province: those that lock or rewrite a large table, or run over it in one transaction.

Migrations of the first release (first_release.txt) run on empty tables and pass. A later one passes when it does none of this, or when it
says in a module constant why it is harmless: `LOCKS_ACCEPTED = "fills the table that it creates, forty rows"`.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

BASELINE = Path(__file__).with_name("first_release.txt")
SHORTEST_REASON = 15
VOLATILE = re.compile(r"random|clock_timestamp|nextval|uuid", re.I)
HEAVY_SQL = (
    (re.compile(r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)", re.I), "builds an index under a lock: CREATE INDEX CONCURRENTLY"),
    (re.compile(r"\bALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE\b", re.I), "changes a type, which rewrites the table"),
    (re.compile(r"\bSET\s+NOT\s+NULL\b", re.I), "reads the whole table under a lock: add a NOT VALID check and validate it first"),
    (re.compile(r"\b(VACUUM\s+FULL|CLUSTER|LOCK\s+TABLE)\b", re.I), "locks the table"),
    (re.compile(r"\b(UPDATE\s+\S+\s+SET|DELETE\s+FROM)\b(?![^;]*\bWHERE\b)", re.I | re.S), "runs over the whole table: go in batches"),
)


def baseline() -> frozenset[str]:
    """`app.migration` of the first release."""
    return frozenset(BASELINE.read_text().split())


def own_migrations(loader: MigrationLoader) -> list[str]:
    """Those of the product, sorted."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("sonha.")}
    return sorted(f"{app}.{name}" for app, name in loader.disk_migrations if app in ours)


def findings() -> list[str]:
    """`app.migration: what and what instead`, for each of the product's migrations after the first release."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found = []
    for key in own_migrations(loader):
        if key in baseline():
            continue
        app, _, name = key.partition(".")
        migration = loader.disk_migrations[(app, name)]
        state = loader.project_state((app, name), at_end=False)
        found += [f"{key}: {finding}" for finding in judge(migration, state)]
    return found


def judge(migration: Migration, state: ProjectState) -> list[str]:
    """What is wrong with one migration that starts from `state`; empty when its module accepts its locks with a reason."""
    module = sys.modules.get(type(migration).__module__)
    if len(str(getattr(module, "LOCKS_ACCEPTED", ""))) >= SHORTEST_REASON:
        return []
    return list(_walk(migration.operations, migration, state.clone(), set()))


def _walk(operations: Sequence[Operation], migration: Migration, state: ProjectState, created: set[str]) -> Iterator[str]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _walk(operation.database_operations, migration, state.clone(), created)
        elif isinstance(operation, migrations.CreateModel):
            created.add(operation.name_lower)
        else:
            table = getattr(operation, "model_name", None) or getattr(operation, "name", "")
            if str(table).lower() not in created:
                yield from _judge(operation, migration, state)
        operation.state_forwards(migration.app_label, state)


def _judge(operation: Operation, migration: Migration, state: ProjectState) -> Iterator[str]:
    match operation:
        case migrations.AddField():
            yield from (f"AddField {operation.model_name}.{operation.name} {why}" for why in _added(operation.field))
        case migrations.AlterField():
            before = state.models[migration.app_label, operation.model_name_lower].fields[operation.name]
            yield from (f"AlterField {operation.model_name}.{operation.name} {why}" for why in _altered(before, operation.field, state))
        case AddIndexConcurrently() | AddConstraintNotValid():
            pass
        case migrations.AddIndex():
            yield f"AddIndex {operation.index.name} keeps writers out while it is built: AddIndexConcurrently, atomic = False"
        case migrations.AddConstraint():
            yield from _constrained(operation.constraint)
        case migrations.AlterUniqueTogether() if operation.option_value:
            yield f"AlterUniqueTogether {operation.name} builds an index under a lock: build it concurrently, then attach it"
        case migrations.RunPython() if migration.atomic and operation.atomic is not False:
            yield f"RunPython {getattr(operation.code, '__name__', '')} runs in the migration's transaction: atomic = False and batches"
        case migrations.RunSQL():
            text = str(operation.sql)
            yield from (f"RunSQL {why}" for pattern, why in HEAVY_SQL if pattern.search(text))


def _added(field: models.Field) -> Iterator[str]:
    has_db_default = field.db_default is not models.NOT_PROVIDED
    if isinstance(field, models.ManyToManyField):
        return
    if isinstance(field, models.GeneratedField):
        yield "is computed for every row, which rewrites the table: nullable field, fill in batches"
    elif has_db_default and VOLATILE.search(repr(field.db_default)):
        yield "has a volatile default, which rewrites the table: nullable field, fill in batches"
    elif not field.null and not has_db_default:
        yield "is NOT NULL without db_default: processes of the version before could not insert; give it a constant db_default or null=True"
    if field.unique or getattr(field, "db_index", False):
        yield "builds its index under a lock: db_index=False (unique=False), then AddIndexConcurrently"


def _altered(before: models.Field, after: models.Field, state: ProjectState) -> Iterator[str]:
    if _kind(before) != _kind(after) and not _widened(before, after):
        yield f"changes the type from {_kind(before)} to {_kind(after)}, which rewrites the table: new field, fill in batches"
    if before.null and not after.null:
        yield "becomes NOT NULL, which reads the whole table under a lock: validate a NOT VALID check first"
    for option, words in (("unique", "becomes unique"), ("db_index", "gets an index")):
        if getattr(after, option, False) and not getattr(before, option, False):
            yield f"{words}, built under a lock: AddIndexConcurrently"


def _kind(field: models.Field) -> str:
    """The column's type; of a foreign key just that it is one: its target is not resolved here."""
    if field.is_relation and field.remote_field:
        return f"key to {field.remote_field.model}".lower()
    return str(field.db_parameters(connection)["type"])


def _widened(before: models.Field, after: models.Field) -> bool:
    """A longer varchar, or text instead of varchar: the catalogue changes, no row does."""
    if not isinstance(before, models.CharField):
        return False
    if isinstance(after, models.CharField):
        return after.max_length is None or (before.max_length is not None and after.max_length >= before.max_length)
    return type(after) is models.TextField


def _constrained(constraint: models.BaseConstraint) -> Iterator[str]:
    if isinstance(constraint, models.CheckConstraint):
        yield f"AddConstraint {constraint.name} reads the whole table under a lock: AddConstraintNotValid, then ValidateConstraint"
    else:
        yield f"AddConstraint {constraint.name} builds an index under a lock: build it concurrently, then attach it"
