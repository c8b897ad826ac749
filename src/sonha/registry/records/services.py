"""Writing records: always inside a change, which names its basis, is audited, and is one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record as audit
from sonha.foundation.files.models import StoredFile
from sonha.foundation.identity.models import User
from sonha.registry.declarations import Problem, Severity, of_model
from sonha.registry.grants.rights import rights

from .models import Change

M = TypeVar("M", bound=models.Model)
BASIS = Change.Basis


class NotYours(Exception):
    """The actor may not write this record. One sentence."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a change rests on: a document's number and date, a dossier's code, or a stored document."""

    kind: str
    number: str = ""
    dated: date | None = None
    dossier_code: str = ""
    document: StoredFile | None = None
    note: str = ""

    def check(self) -> None:
        """ValidationError by field when the basis says nothing, or lies ahead."""
        errors: dict[str, str] = {}
        if self.kind not in BASIS.values:
            errors["basis"] = _("Hãy chọn loại căn cứ.")
        if not (self.number.strip() or self.dossier_code or self.document or (self.kind == BASIS.CORRECTION and self.note.strip())):
            errors["number"] = _("Hãy ghi số quyết định, văn bản hoặc mã hồ sơ làm căn cứ; khi đính chính có thể ghi lý do thay cho số.")
        if self.dated and self.dated > timezone.localdate():
            errors["dated"] = _("Ngày của văn bản không được sau hôm nay.")
        if errors:
            raise ValidationError(errors)


@contextmanager
def changing(where: str, actor: Actor, basis: Basis, *, kind: str = "amend", made_by: User | None = None) -> Iterator["Changing"]:
    """Opens a change of a register (its code) or of several of one database (the database's code), in one transaction.

    ValidationError (by field) when the basis says nothing. `made_by`: the person on whose act the system writes. Whatever is raised
    inside leaves nothing behind.
    """
    basis.check()
    with transaction.atomic():
        change = Change.objects.create(
            register=where,
            kind=kind,
            basis=basis.kind,
            number=basis.number.strip(),
            dated=basis.dated,
            dossier_code=basis.dossier_code,
            document=basis.document,
            note=basis.note.strip(),
            made_by=actor.user or made_by,
            made_by_label=str(made_by) if made_by is not None and actor.user is None else actor.label,
        )
        _announce(change)
        try:
            yield Changing(change, actor)
        finally:
            if not connection.needs_rollback:
                _announce(None)
        payload = {"register": where, "kind": kind, "basis": str(BASIS(basis.kind).value), "change": change.pk}
        audit("register.changed", subject=("register", where), actor=actor, payload=payload)


def _announce(change: Change | None) -> None:
    """Tells the triggers which change is under way, for this transaction only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('sonha.change', %s, true), set_config('sonha.changed_at', %s, true)",
            [str(change.pk), change.made_at.isoformat()] if change else ["", ""],
        )


class Changing:
    """A change under way. Every act checks the actor's rights, the model, and the register's rules; errors are ValidationError by field.

    Breaches that do not refuse a save (warnings, notes) gather in `problems`.
    """

    def __init__(self, change: Change, actor: Actor) -> None:
        self.change = change
        self.actor = actor
        self.problems: list[Problem] = []

    def add(self, model: type[M], *, day: date | None = None, **values: Any) -> M:
        """A new record, so since `day` (default today)."""
        row = model(**values, valid_from=_past(day), recorded_at=self.change.made_at, change=self.change)
        self._permit(row)
        self._check(row)
        row.save(force_insert=True)
        return row

    def amend(self, row: M, *, day: date | None = None, **values: Any) -> M:
        """The record became so on `day` (default today). With the day it began, the whole version was wrong: a correction.

        Nothing is written when nothing differs. A day before the present version began replaces what was said of the time since.
        """
        self._permit(row)
        locked = self._locked(row)
        before = {name: getattr(locked, name) for name in values}
        if all(before[name] == value for name, value in values.items()) and (day is None or day >= locked.valid_from):  # type: ignore[attr-defined]
            return locked
        for name, value in values.items():
            setattr(locked, name, value)
        locked.valid_from = _past(day)  # type: ignore[attr-defined]
        self._permit(locked)
        self._check(locked)
        locked.save(force_update=True)
        return locked

    def uphold(self, row: M, *, day: date | None = None) -> M:
        """The record stays as it is, and this change is what it rests on from `day` on (default today): an amendment of conditions that
        the register does not hold.
        """
        self._permit(row)
        locked, since = self._locked(row), _past(day)
        locked.valid_from = max(since, locked.valid_from)  # type: ignore[attr-defined]
        locked.save(force_update=True)
        return locked

    def correct(self, row: M, **values: Any) -> M:
        """The present version was wrong from its first day."""
        return self.amend(row, day=row.valid_from, **values)  # type: ignore[attr-defined]

    def end(self, row: M, *, day: date | None = None) -> M:
        """The record is so no longer from `day` on (default today): its last day is the one before. It stays readable."""
        self._permit(row)
        locked, until = self._locked(row), _past(day)
        if until <= locked.valid_from:  # type: ignore[attr-defined]
            raise ValidationError({"day": _("Ngày chấm dứt phải sau ngày bắt đầu hiệu lực.")})
        if locked.valid_to is None or locked.valid_to >= until:  # type: ignore[attr-defined]
            locked.valid_to = date.fromordinal(until.toordinal() - 1)  # type: ignore[attr-defined]
            locked.save(force_update=True)
        return locked

    def withdraw(self, row: M) -> None:
        """The record was never so: entered in error. It leaves the register; what was believed stays in its history."""
        self._permit(row)
        self._locked(row).delete()

    def _locked(self, row: M) -> M:
        return type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)

    def _permit(self, row: Any) -> None:
        register = of_model(type(row))
        if register is not None and not rights(self.actor, register).may_edit(row):
            raise NotYours(_("Ông/bà không được giao cập nhật bản ghi này của «%(register)s».") % {"register": register.title})

    def _check(self, row: Any) -> None:
        row.full_clean(exclude=["change"])
        register = of_model(type(row))
        if register is None:
            return
        today = timezone.localdate()
        found = [each for rule in register.rules if rule.applies(today) for each in rule.check(register, row)]
        errors: dict[str, list[str]] = {}
        for each in found:
            if each.severity == Severity.ERROR:
                errors.setdefault(each.field or "__all__", []).append(each.sentence)
        if errors:
            raise ValidationError(errors)  # type: ignore[arg-type]
        self.problems += found


def _past(day: date | None) -> date:
    """ValidationError for a day to come: the register tells what is so, not what will be."""
    today = timezone.localdate()
    if day is not None and day > today:
        raise ValidationError({"day": _("Ngày có hiệu lực không được sau hôm nay.")})
    return day or today
