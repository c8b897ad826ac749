"""The check of migrations finds what locks, and lets pass what does not."""

import sys
import types
from typing import Any

import pytest
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.functions import Now

from sonha.operations.backup import migration_locks


def fill(apps: Any, editor: Any) -> None:
    """Stands for a function that goes over a table."""


def state() -> ProjectState:
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("code", models.CharField(max_length=20)),
        ("note", models.TextField(null=True)),
    ]
    started = ProjectState()
    started.add_model(ModelState("land", "Parcel", fields))
    return started


def judged(*operations: Operation, atomic: bool = True, reason: str = "") -> list[str]:
    module = types.ModuleType("sonha_test_migration")
    if reason:
        module.LOCKS_ACCEPTED = reason  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    kind = type("Migration", (migrations.Migration,), {"operations": list(operations), "atomic": atomic, "__module__": module.__name__})
    return migration_locks.judge(kind("0009_test", "land"), state())


def add(field: models.Field) -> Operation:
    return migrations.AddField("parcel", "extra", field)


CHECK = models.CheckConstraint(condition=models.Q(code__gt=""), name="code_given")
LOCKING: dict[str, tuple[Operation, str]] = {
    "not null": (add(models.IntegerField(default=0)), "NOT NULL without db_default"),
    "volatile": (add(models.UUIDField(db_default=RandomUUID())), "volatile default"),
    "indexed": (add(models.IntegerField(null=True, db_index=True)), "index under a lock"),
    "unique": (add(models.IntegerField(null=True, unique=True)), "index under a lock"),
    "key": (add(models.ForeignKey("land.Parcel", models.PROTECT, null=True)), "index under a lock"),
    "generated": (
        add(models.GeneratedField(expression=models.F("code"), output_field=models.TextField(), db_persist=True)),
        "rewrites the table",
    ),
    "index": (migrations.AddIndex("parcel", models.Index(fields=["code"], name="parcel_code")), "AddIndexConcurrently"),
    "type": (migrations.AlterField("parcel", "code", models.IntegerField()), "rewrites the table"),
    "narrower": (migrations.AlterField("parcel", "code", models.CharField(max_length=10)), "rewrites the table"),
    "becomes not null": (migrations.AlterField("parcel", "note", models.TextField()), "becomes NOT NULL"),
    "becomes unique": (migrations.AlterField("parcel", "code", models.CharField(max_length=20, unique=True)), "becomes unique"),
    "check": (migrations.AddConstraint("parcel", CHECK), "AddConstraintNotValid"),
    "unique constraint": (migrations.AddConstraint("parcel", models.UniqueConstraint(fields=["code"], name="one")), "index under a lock"),
    "together": (migrations.AlterUniqueTogether("parcel", {("code", "note")}), "index under a lock"),
    "python": (migrations.RunPython(fill), "batches"),
    "sql index": (migrations.RunSQL("CREATE INDEX parcel_code ON land_parcel (code)"), "CONCURRENTLY"),
    "sql update": (migrations.RunSQL("UPDATE land_parcel SET code = upper(code)"), "whole table"),
    "sql type": (migrations.RunSQL("ALTER TABLE land_parcel ALTER COLUMN code TYPE integer USING code::integer"), "rewrites"),
    "hidden": (migrations.SeparateDatabaseAndState(database_operations=[migrations.RunPython(fill)]), "batches"),
}
HARMLESS: dict[str, Operation] = {
    "nullable": add(models.IntegerField(null=True)),
    "constant": add(models.IntegerField(db_default=0)),
    "stable": add(models.DateTimeField(db_default=Now())),
    "wider": migrations.AlterField("parcel", "code", models.CharField(max_length=40)),
    "text": migrations.AlterField("parcel", "code", models.TextField()),
    "choices": migrations.AlterField("parcel", "code", models.CharField(max_length=20, choices=[("a", "A")])),
    "not valid": AddConstraintNotValid("parcel", CHECK),
    "dropped": migrations.RemoveField("parcel", "note"),
    "sql": migrations.RunSQL("UPDATE land_parcel SET code = 'a' WHERE id = 1"),
    "sql concurrently": migrations.RunSQL("CREATE INDEX CONCURRENTLY parcel_code ON land_parcel (code)"),
}


@pytest.mark.parametrize("name", LOCKING)
def test_what_locks_is_named_with_what_to_do_instead(name: str) -> None:
    operation, words = LOCKING[name]
    found = judged(operation)
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize("name", HARMLESS)
def test_what_does_not_lock_passes(name: str) -> None:
    assert judged(HARMLESS[name]) == []


def test_outside_a_transaction_indexes_and_batches_pass() -> None:
    index = AddIndexConcurrently("parcel", models.Index(fields=["code"], name="parcel_code"))
    assert judged(index, migrations.RunPython(fill), atomic=False) == []
    assert judged(AddConstraintNotValid("parcel", CHECK), ValidateConstraint("parcel", "code_given"), atomic=False) == []


def test_a_table_made_by_the_same_migration_is_empty() -> None:
    made = migrations.CreateModel("Well", [("id", models.BigAutoField(primary_key=True))])
    assert judged(made, migrations.AddField("well", "depth", models.IntegerField(default=0))) == []


def test_a_reason_is_accepted_but_not_a_word() -> None:
    assert judged(migrations.RunPython(fill), reason="fills the table that 0008 made, forty rows") == []
    assert judged(migrations.RunPython(fill), reason="ok")


def test_the_products_own_migrations_pass() -> None:
    assert migration_locks.findings() == []


def test_the_first_release_is_still_there() -> None:
    """A migration that a province has run can never be renamed or taken back."""
    from django.db.migrations.loader import MigrationLoader

    assert migration_locks.baseline() <= set(migration_locks.own_migrations(MigrationLoader(None, ignore_no_migrations=True)))
