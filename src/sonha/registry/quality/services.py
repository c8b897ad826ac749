"""Trying rules on whole registers, and closing what they found."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record as audit
from sonha.foundation.jobs import progress
from sonha.foundation.jobs.services import enqueue
from sonha.registry.declarations import Problem, Register, Rule
from sonha.registry.declarations import register as declared
from sonha.registry.grants.rights import rights
from sonha.registry.records.selectors import rows
from sonha.registry.records.services import NotYours

from .models import Finding, QualityRun

STEP = 2_000
State = QualityRun.State


class _Stopped(Exception):
    """Somebody asked the run to stop."""


def start(actor: Actor, register: type[Register]) -> QualityRun:
    """Begins a run by a job, or gives the one that is under way. NotYours for whoever edits nothing of the register."""
    if not rights(actor, register).edits:
        raise NotYours(_("Ông/bà không được giao cập nhật «%(register)s».") % {"register": register.title})
    with transaction.atomic():
        under_way = QualityRun.objects.select_for_update().filter(register=register.code, state=State.RUNNING).first()
        if under_way is not None:
            return under_way
        rules = applied(register)
        bar = progress.start((_("Kiểm tra chất lượng: %(register)s") % {"register": register.title})[:200], total=len(rules), actor=actor)
        run = QualityRun.objects.create(register=register.code, progress=bar, started_by=actor.user)
        enqueue("quality.check_register", run=str(run.pk), lock=f"quality-{register.code}")
    return run


def stop(run: QualityRun) -> None:
    """Asks a run to stop after the rows it is at; what it found so far stays."""
    QualityRun.objects.filter(pk=run.pk, state=State.RUNNING).update(stop_asked=True)


def applied(register: type[Register]) -> list[Rule]:
    today = timezone.localdate()
    return [rule for rule in register.rules if rule.applies(today)]


def run_now(register: type[Register], actor: Actor) -> QualityRun:
    """All rules here and now, for commands and tests."""
    run = QualityRun.objects.create(register=register.code, started_by=actor.user)
    carry_out(run, actor)
    return run


def carry_out(run: QualityRun, actor: Actor) -> None:
    """Rule by rule, each with its findings in one transaction. A run that broke off goes on where it was."""
    register = declared(run.register)
    run.records = rows(register).count()
    run.save(update_fields=["records"])
    try:
        for rule in applied(register):
            if rule.code not in run.tried:
                _try(run, register, rule)
    except _Stopped:
        _end(run, State.STOPPED)
        return
    _forget_old_rules(register)
    _end(run, State.DONE)
    found = Finding.objects.filter(register=register.code, state=Finding.State.OPEN).count()
    audit("quality.run", subject=("register", register.code), actor=actor, payload={"register": register.code, "found": found})


@transaction.atomic
def _try(run: QualityRun, register: type[Register], rule: Rule) -> None:
    moment = timezone.now()
    seen: Counter[str] = Counter()
    problems = iter(rule.scan(register, rows(register)))
    while piece := list(islice(problems, STEP)):
        if QualityRun.objects.filter(pk=run.pk, stop_asked=True).exists():
            raise _Stopped
        _keep(register, rule, piece, moment, seen)
    _close_missing(register, rule.code, moment)
    _give_places(register, rule.code)
    run.tried = [*run.tried, rule.code]
    run.save(update_fields=["tried"])
    if run.progress_id:
        progress.advance(run.progress_id, done=1)


def _keep(register: type[Register], rule: Rule, problems: Iterable[Problem], moment: datetime, seen: Counter[str]) -> None:
    """New ones are written, known ones seen again; what somebody accepted stays accepted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO quality_finding (register, rule, key, severity, state, record_id, other_id, field, sentence, place,
                                            first_seen, last_seen, reason)
               SELECT %s, %s, each.key, %s, 'open', each.record_id, each.other_id, each.field, each.sentence,
                      ST_Transform(ST_GeomFromEWKB(decode(each.place, 'hex')), 4326), %s, %s, ''
               FROM jsonb_to_recordset(%s::jsonb)
                    AS each (key text, record_id bigint, other_id bigint, field text, sentence text, place text)
               ON CONFLICT (register, rule, key) WHERE NOT (state = 'fixed')
               DO UPDATE SET last_seen = excluded.last_seen, sentence = excluded.sentence, severity = excluded.severity,
                   place = excluded.place""",
            [register.code, rule.code, rule.severity, moment, moment, json.dumps(list(_values(problems, seen)))],
        )


def _values(problems: Iterable[Problem], seen: Counter[str]) -> Iterator[dict[str, Any]]:
    for each in problems:
        key = f"{each.record_id}:{each.other or ''}:{each.field}"
        seen[key] += 1
        place = bytes(each.place.ewkb).hex() if isinstance(each.place, GEOSGeometry) and each.place.srid and not each.place.empty else None
        yield {
            "key": key if seen[key] == 1 else f"{key}:{seen[key]}",
            "record_id": each.record_id or 0,
            "other_id": each.other,
            "field": each.field,
            "sentence": each.sentence,
            "place": place,
        }


def _close_missing(register: type[Register], rule: str, moment: datetime) -> None:
    gone = Finding.objects.filter(register=register.code, rule=rule, last_seen__lt=moment).exclude(state=Finding.State.FIXED)
    gone.update(state=Finding.State.FIXED, closed_at=moment)


def _give_places(register: type[Register], rule: str) -> None:
    """A breach without a place of its own lies where its record does."""
    name = register.geometry()
    if not name:
        return
    meta = register.model._meta
    shape = f'm."{meta.get_field(name).column}"'  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE quality_finding f SET place = ST_Transform(ST_PointOnSurface({shape}), 4326) FROM "{meta.db_table}" m
                WHERE f.register = %s AND f.rule = %s AND f.state = 'open' AND f.place IS NULL AND m.id = f.record_id
                  AND {shape} IS NOT NULL AND ST_IsValid({shape})""",
            [register.code, rule],
        )


def _forget_old_rules(register: type[Register]) -> None:
    """What rules found that no longer apply is closed."""
    codes = [rule.code for rule in applied(register)]
    old = Finding.objects.filter(register=register.code, state=Finding.State.OPEN).exclude(rule__in=codes)
    old.update(state=Finding.State.FIXED, closed_at=timezone.now())


def _end(run: QualityRun, state: str) -> None:
    run.state, run.finished_at = state, timezone.now()
    run.save(update_fields=["state", "finished_at"])
    if run.progress_id:
        progress.finish(run.progress_id, stopped=state == State.STOPPED)


def accept(actor: Actor, finding: Finding, reason: str) -> Finding:
    """Somebody who may edit the record says why it stays as it is. ValidationError without a reason; NotYours without the right."""
    register = declared(finding.register)
    row = register.model._default_manager.filter(pk=finding.record_id).first()
    if row is None or not rights(actor, register).may_edit(row):
        raise NotYours(_("Ông/bà không được giao cập nhật bản ghi này của «%(register)s».") % {"register": register.title})
    if len(reason.strip()) < 5:
        raise ValidationError({"reason": _("Hãy ghi lý do chấp nhận lỗi này.")})
    with transaction.atomic():
        locked = Finding.objects.select_for_update().get(pk=finding.pk)
        locked.state, locked.reason = Finding.State.ACCEPTED, reason.strip()[:500]
        locked.closed_at, locked.closed_by = timezone.now(), actor.user
        locked.save()
        audit(
            "quality.accepted", subject=("register", register.code), actor=actor,
            payload={"register": register.code, "rule": locked.rule, "record": locked.record_id, "reason": locked.reason},
        )  # fmt: skip
    return locked
