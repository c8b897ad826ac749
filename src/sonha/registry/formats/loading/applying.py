"""The import itself: stage, check, write as one change, try the rules on what was written; rows that break one are left out."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.registry.declarations import Register, Severity
from sonha.registry.grants.rights import rights
from sonha.registry.records.services import Basis, NotYours, changing

from ..reading import FileRefused, Layer, Source
from . import mapping as mappings
from . import matching
from .mapping import Mapping
from .outcome import MOST_KEPT, Outcome, Refusal
from .staging import REFUSED, TABLE, Staging

ROUNDS = 4  # a refused row may make another one wrong; after so many rounds the whole import is refused
WARNED_AT_MOST = 5_000


class _Undone(Exception):
    """Takes back what a round wrote."""


def load(
    register: type[Register],
    source: Source,
    layer: Layer,
    mapping: Mapping,
    *,
    actor: Actor,
    basis: Basis,
    day: date | None = None,
    dry: bool = False,
    origin: str = "",
    is_demo: bool = False,
    made_by: User | None = None,
    tell: Callable[[int, int], None] = lambda done, failed: None,
    within: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Imports a layer. `day`: since when it is so (default today). `dry`: everything is tried, nothing stays.

    `tell(done, failed)` hears of progress and may raise to stop; `within` is called in the same transaction when all is written.
    FileRefused when the mapping cannot be used or the file breaks; ValidationError for the basis; NotYours without rights.
    """
    held = rights(actor, register)
    if not held.edits:
        raise NotYours(_("Ông/bà không được giao cập nhật «%(register)s».") % {"register": register.title})
    mapping = replace(mapping, srid=mapping.srid or layer.srid)
    if said := mappings.check(register, layer, mapping, None if actor.is_system else held):
        raise FileRefused(" ".join(said))
    basis.check()
    day = day or timezone.localdate()
    outcome = Outcome()
    try:
        with transaction.atomic():
            staging = Staging(register, mapping, day)
            _stage(staging, source, layer, outcome, tell)
            matching.identify(register, staging.columns)
            matching.permit(register, held, staging.columns)
            matching.complete(register, staging.columns)
            matching.unrepeated(register, staging.columns)
            matching.within_limits(register, staging.columns)
            matching.compare(register, staging.columns)
            _write(staging, actor, basis, day, outcome, dry=dry, origin=origin, is_demo=is_demo, made_by=made_by)
            _gather(source, layer, staging, outcome)
            within(outcome)
            if dry:
                raise _Undone
    except _Undone:
        outcome.change = None
    return outcome


def _stage(staging: Staging, source: Source, layer: Layer, outcome: Outcome, tell: Callable[[int, int], None]) -> None:
    staging.create()
    for batch in source.batches(layer):
        refusals = staging.add(batch)
        outcome.total += batch.count
        outcome.refused += len(refusals)
        outcome.refusals += refusals[: max(0, MOST_KEPT - len(outcome.refusals))]
        tell(batch.count - len(refusals), len(refusals))
    if not staging.columns:
        raise FileRefused(_("Tệp không có dòng dữ liệu nào."))


def _write(staging: Staging, actor: Actor, basis: Basis, day: date, outcome: Outcome, **more: Any) -> None:
    """In rounds: what breaks an error rule is taken back with the whole round and left out of the next."""
    for _round in range(ROUNDS):
        try:
            with transaction.atomic():
                _write_once(staging, actor, basis, day, outcome, **more)
            return
        except _Broken as broken:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {REFUSED} SELECT (row->>0)::int, row->>1 FROM jsonb_array_elements(%s::jsonb) AS row",
                    [json.dumps(broken.refused)],
                )
                cursor.execute(f"DELETE FROM {TABLE} WHERE row_no IN (SELECT row_no FROM {REFUSED})")
    raise FileRefused(_("Các dòng của tệp làm sai lẫn nhau theo quy tắc chất lượng nên không nhập được; xin sửa những dòng đã nêu."))


class _Broken(Exception):
    def __init__(self, refused: list[tuple[int, str]]) -> None:
        super().__init__()
        self.refused = refused


def _write_once(
    staging: Staging,
    actor: Actor,
    basis: Basis,
    day: date,
    outcome: Outcome,
    *,
    dry: bool,
    origin: str,
    is_demo: bool,
    made_by: User | None,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT act, count(*) FROM {TABLE} GROUP BY act")
        counts = dict(cursor.fetchall())
    outcome.new, outcome.changed, outcome.same = (counts.get(each, 0) for each in ("new", "changed", "same"))
    if not outcome.new and not outcome.changed:
        return
    register = staging.register
    with changing(register.code, actor, basis, kind="import", made_by=made_by) as change:
        outcome.change = change.change.pk
        _insert(staging, change.change, day, origin, is_demo)
        _update(staging, day)
        _try_rules(staging, change.change.pk, outcome, dry=dry)


def _insert(staging: Staging, change: Any, day: date, origin: str, is_demo: bool) -> None:
    register = staging.register
    meta = register.model._meta
    constants = {
        name: value
        for name, value in staging.defaults.items()
        if name not in staging.columns and name != "uid" and not meta.get_field(name).has_db_default() and value is not None  # type: ignore[union-attr]
    }
    constants |= {"valid_from": day, "recorded_at": change.made_at, "change": change.pk, "origin": origin, "is_demo": is_demo}
    constants = {name: value for name, value in constants.items() if name not in staging.columns}
    copied = [matching.column(register, name) for name in staging.columns]
    into = [*copied, *(matching.column(register, name) for name in constants)]
    values = [meta.get_field(name).get_prep_value(value) if name != "change" else value for name, value in constants.items()]  # type: ignore[union-attr]
    marks = ", ".join([_filled(register, name) for name in staging.columns] + ["%s"] * len(constants))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {matching.main(register)} ({', '.join(into)}) SELECT {marks} FROM {TABLE} WHERE act = 'new' ORDER BY row_no",
            values,
        )


def _filled(register: type[Register], name: str) -> str:
    """A column of the file; what is empty in a text that knows no NULL is the empty text."""
    field: Any = register.model._meta.get_field(name)
    own = matching.column(register, name)
    if field.null or field.get_internal_type() not in ("CharField", "TextField", "SlugField", "BooleanField"):
        return own
    return f"coalesce({own}, {'false' if field.get_internal_type() == 'BooleanField' else chr(39) * 2})"


def _update(staging: Staging, day: date) -> None:
    """The trigger of kept records writes what was believed before; what is said anew never begins before the record itself."""
    register = staging.register
    pairs = [f"{matching.column(register, name)} = {_filled_of('s', register, name)}" for name in staging.columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {matching.main(register)} m SET {", ".join(pairs)}, valid_from = greatest(m.valid_from, %s) FROM {TABLE} s
                WHERE s.id = m.id AND s.act = 'changed'""",
            [day],
        )


def _filled_of(alias: str, register: type[Register], name: str) -> str:
    own = matching.column(register, name)
    return _filled(register, name).replace(own, f"{alias}.{own}")


def _try_rules(staging: Staging, change: int, outcome: Outcome, *, dry: bool) -> None:
    """Errors refuse rows; warnings are counted on trial."""
    register = staging.register
    today = timezone.localdate()
    written = register.model._default_manager.filter(change=change)
    broken: dict[int, list[str]] = {}
    outcome.warnings = {}
    for rule in register.rules:
        if not rule.applies(today) or (rule.severity != Severity.ERROR and not dry):
            continue
        for problem in rule.scan(register, written):
            if rule.severity == Severity.ERROR and problem.record_id is not None:
                broken.setdefault(problem.record_id, []).append(f"{rule.code}: {problem.sentence}")
            elif outcome.warnings.get(rule.code, 0) < WARNED_AT_MOST:
                outcome.warnings[rule.code] = outcome.warnings.get(rule.code, 0) + 1
    if broken:
        raise _Broken(_rows_of(staging, broken))


def _rows_of(staging: Staging, broken: dict[int, list[str]]) -> list[tuple[int, str]]:
    """The rows of the file that became these records."""
    register = staging.register
    same = " AND ".join(f"m.{each} = s.{each}" for each in (matching.column(register, name) for name in register.identity))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.row_no, m.id FROM {TABLE} s JOIN {matching.main(register)} m ON {same} WHERE m.id = ANY(%s)", [list(broken)]
        )
        found = cursor.fetchall()
    return [(row, sentence) for row, pk in found for sentence in broken[pk]]


def _gather(source: Source, layer: Layer, staging: Staging, outcome: Outcome) -> None:
    """Rows that were refused by the database, with their values read again from the file."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row_no, array_agg(reason) FROM {REFUSED} GROUP BY row_no ORDER BY row_no")
        why = {row: tuple(dict.fromkeys(reasons)) for row, reasons in cursor.fetchall()}
    if not why:
        return
    outcome.refused += len(why)
    room = max(0, MOST_KEPT - len(outcome.refusals))
    wanted = dict(list(why.items())[:room])
    for batch in source.batches(layer):
        for at in range(batch.count):
            if batch.first + at in wanted:
                outcome.refusals.append(Refusal(batch.first + at, wanted[batch.first + at], staging.values(batch, at)))
    outcome.refusals.sort(key=lambda each: each.row)
