"""What `@kept` adds to a model: the table of superseded versions, the view of all versions, the trigger between them, and search.

The trigger is written with the model's columns (django-pgtrigger puts it into migrations), so that changes made by anybody, in any
way, keep their history. It refuses an UPDATE or DELETE outside of `services.changing`: no change without a basis.
"""

import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pgtrigger
from django.apps import apps
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connections, models
from django.db.models import Q

from sonha.foundation.search.expressions import vector

from .models import Change

M = TypeVar("M", bound=type[models.Model])
KEPT: dict[str, type[models.Model]] = {}
"""Every kept model by its label."""


def kept(*, search: Sequence[str] = (), body: Sequence[str] = ()) -> Callable[[M], M]:
    """Class decorator of a concrete `Record`. `search` and `body` name text fields (short, long) to be found by words without marks."""

    def decorate(model: M) -> M:
        if search or body:
            column = models.GeneratedField(expression=vector(*search, body=body), output_field=SearchVectorField(), db_persist=True)
            model.add_to_class("search", column)
            _add_index(model, GinIndex(fields=["search"], name=f"{model._meta.db_table[:23]}_search"))
        model.searched = (*search, *body)  # type: ignore[attr-defined]
        _add_index(model, models.Index(fields=["commune_code"], name=f"{model._meta.db_table[:22]}_commune"))
        history, versions = _history(model), _versions(model)
        model.History, model.Version = history, versions  # type: ignore[attr-defined]
        pgtrigger.register(_trigger(model, history))(model)
        KEPT[model._meta.label] = model
        return model

    return decorate


def _add_index(model: Any, index: models.Index) -> None:
    model._meta.indexes = [*model._meta.indexes, index]
    model._meta.original_attrs["indexes"] = model._meta.indexes


def _copied(field: Any) -> Any:
    """The same column without uniqueness, keys to other tables unchecked: what a version points to may be gone."""
    if isinstance(field, models.ForeignKey):
        return models.ForeignKey(
            field.remote_field.model, null=field.null, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+",
            verbose_name=field.verbose_name,
        )  # fmt: skip
    copy = field.clone()
    copy._unique, copy.db_index = False, False
    return copy


def _columns(model: Any) -> dict[str, Any]:
    return {each.name: _copied(each) for each in model._meta.local_concrete_fields if not each.primary_key}


def _bare(field: Any) -> tuple[str, Any]:
    """A column of the history: what pointed to another row is the bare number. Nothing reads history but the view and the trigger, and
    a model without keys costs the migrations of all other models nothing.
    """
    if not isinstance(field, models.ForeignKey):
        return field.name, _copied(field)
    target = field.target_field
    kind = models.BigIntegerField if isinstance(target, models.AutoField | models.BigAutoField) else type(target)
    return field.attname, kind(null=field.null, verbose_name=field.verbose_name)


def _read_columns(model: Any) -> dict[str, Any]:
    """The same as a view gives them: what is generated in the tables is a plain column here."""
    generated = {each.name: each.output_field.clone() for each in model._meta.local_concrete_fields if each.generated}
    return {**_columns(model), **generated}


def _made(model: Any, suffix: str, docstring: str, content: dict[str, Any], meta: dict[str, Any]) -> type[models.Model]:
    name = f"{model.__name__}{suffix}"
    inner = type("Meta", (), {"app_label": model._meta.app_label, "db_table": f"{model._meta.db_table}_{suffix.lower()}", **meta})
    made = type(name, (models.Model,), {"__module__": model.__module__, "__doc__": docstring, "Meta": inner, **content})
    setattr(sys.modules[model.__module__], name, made)
    return made


def _history(model: Any) -> type[models.Model]:
    """Superseded versions: rows with `closed_at` were once believed; rows without tell of earlier days, and still are."""
    table = model._meta.db_table[:18]
    content = {
        "version_id": models.BigAutoField(primary_key=True),
        "record_id": models.BigIntegerField(),
        **dict(_bare(each) for each in model._meta.local_concrete_fields if not each.primary_key),
        "closed_at": models.DateTimeField(null=True),
        "closed_by_id": models.BigIntegerField(null=True),
    }
    indexes = [
        models.Index(fields=["record_id", "recorded_at"], name=f"{table}_hist_record"),
        models.Index(fields=["closed_by_id"], name=f"{table}_hist_closed", condition=~Q(closed_by_id=None)),
    ]
    return _made(model, "History", f"Superseded versions of {model.__name__}.", content, {"indexes": indexes})


def _versions(model: Any) -> type[models.Model]:
    """All versions, current ones included. `id` is the record's, unique only among the rows of one day as known at one moment.

    A view, hence of an app without migrations (`versions`): migrations need not know it.
    """
    closed_by = models.ForeignKey(Change, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    content = {
        "id": models.BigIntegerField(primary_key=True),
        **_read_columns(model),
        "closed_at": models.DateTimeField(null=True),
        "closed_by": closed_by,
    }
    return _made(model, "Version", f"All versions of {model.__name__}.", content, {"app_label": "versions"})


def _stored(model: Any) -> list[str]:
    """Columns that a writer gives, without the key."""
    return [each.column for each in model._meta.local_concrete_fields if not each.primary_key and not each.generated]


def _trigger(model: Any, history: Any) -> pgtrigger.Trigger:
    columns, table = _stored(model), history._meta.db_table
    into = ", ".join(f'"{each}"' for each in columns)
    old = ", ".join(f'OLD."{each}"' for each in columns)

    def earlier(source: str) -> str:
        """The version as it is now said to have been before the new one began."""
        said = {"valid_to": "NEW.valid_from - 1", "recorded_at": "moment", "change_id": "act"}
        return ", ".join(said.get(each, f'{source}."{each}"') for each in columns)

    function = f"""
        IF act IS NULL THEN
            RAISE EXCEPTION 'a record is changed only by a change that names its basis' USING ERRCODE = 'SH001';
        END IF;
        moment := nullif(current_setting('sonha.changed_at', true), '')::timestamptz;
        INSERT INTO "{table}" (record_id, {into}, closed_at, closed_by_id) VALUES (OLD.id, {old}, moment, act);
        IF TG_OP = 'DELETE' THEN
            UPDATE "{table}" SET closed_at = moment, closed_by_id = act WHERE record_id = OLD.id AND closed_at IS NULL;
            RETURN OLD;
        END IF;
        IF NEW.valid_from > OLD.valid_from THEN
            INSERT INTO "{table}" (record_id, {into}) VALUES (OLD.id, {earlier("OLD")});
        END IF;
        INSERT INTO "{table}" (record_id, {into}) SELECT OLD.id, {earlier("past")} FROM "{table}" AS past
            WHERE past.record_id = OLD.id AND past.closed_at IS NULL
              AND past.valid_from < NEW.valid_from AND past.valid_to >= NEW.valid_from;
        UPDATE "{table}" SET closed_at = moment, closed_by_id = act
            WHERE record_id = OLD.id AND closed_at IS NULL AND valid_to >= NEW.valid_from;
        NEW.recorded_at := moment;
        NEW.change_id := act;
        RETURN NEW;
    """
    return pgtrigger.Trigger(
        name="keep_versions",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        declare=[("act", "bigint := nullif(current_setting('sonha.change', true), '')::bigint"), ("moment", "timestamptz")],
        func=function,
    )


def create_views(sender: Any = None, using: str = "default", **_: Any) -> None:
    """Handler of post_migrate, also callable alone: the views of all versions, made anew when their columns changed."""
    if sender is not None and sender.label != "records":
        return
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind IN ('r', 'v')")
        there = {row[0] for row in cursor.fetchall()}
        for model in KEPT.values():
            main, history, view = (each._meta.db_table for each in (model, model.History, model.Version))  # type: ignore[attr-defined]
            if view in there or main not in there or history not in there:
                continue
            columns = ", ".join(f'"{each.column}"' for each in model._meta.local_concrete_fields if not each.primary_key)
            cursor.execute(
                f'CREATE VIEW "{view}" AS SELECT id, {columns}, NULL::timestamptz AS closed_at, NULL::bigint AS closed_by_id FROM "{main}"'
                f' UNION ALL SELECT record_id AS id, {columns}, closed_at, closed_by_id FROM "{history}"'
            )


def drop_views(sender: Any = None, using: str = "default", plan: Any = (), **_: Any) -> None:
    """Handler of pre_migrate: a column under a view cannot be altered."""
    if sender is not None and (sender.label != "records" or not plan):
        return
    with connections[using].cursor() as cursor:
        for model in KEPT.values():
            cursor.execute(f'DROP VIEW IF EXISTS "{model.Version._meta.db_table}"')  # type: ignore[attr-defined]


def model_of(label: str) -> type[models.Model]:
    """The kept model of a label such as `land.Parcel`."""
    return apps.get_model(label)
