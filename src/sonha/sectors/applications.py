"""From an issued result to records: a declared table says which answer becomes which field, for every procedure alike.

    Entry(
        ExtractionLicences,
        {"works_name": "works_name", "area_ha": "area", "capacity": "task.appraise.capacity_proposed"},
        areas={"geometry": "location"},
    )

A path names an answer of the applicant's form, or `task.<step>.<field>` what an official entered; several paths parted by `|` are tried
in turn. With `each` the record is made once for every row of a repeated answer, whose own fields begin with a dot.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.process.outcomes import Application, OutcomeRefused
from sonha.registry.declarations import Register
from sonha.registry.records.services import Basis, Changing, changing
from sonha.sectors.places import stored

Values = dict[str, Any]
SYSTEM = Actor.system("outcomes")


@dataclass(frozen=True)
class Entry:
    """One record, or one for `each` row of a repeated answer, that a granted result puts into a register.

    `fields`, `points` and `areas` name answers by the field they fill; `fixed` are values that no answer gives. `number_path` names the
    answer with the number of the licence that the result changes; the record with that number is then amended instead of a new one made.
    `when` and `unless` name answers: the entry is made only where the one says something and the other nothing.
    `links` name fields that point to the record which an earlier entry of the same result made, by that entry's register.
    `finish(application, values)` may settle what no table can say.
    """

    register: type[Register]
    fields: Mapping[str, str]
    points: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, type[Register]] = field(default_factory=dict)
    licence: bool = True
    each: str = ""
    when: str = ""
    unless: str = ""
    number_path: str = ""
    finish: Callable[[Application, Values], None] | None = None


def answer(application: Application, path: str, row: Mapping[str, Any] | None = None) -> Any:
    """The first of the paths that says something; None when none does."""
    for one in path.split("|"):
        value = _at(application, one.strip(), row)
        if value not in (None, "", []):
            return value
    return None


def _at(application: Application, path: str, row: Mapping[str, Any] | None) -> Any:
    if path.startswith("."):
        return (row or {}).get(path[1:])
    value: Any = application.entered if path.startswith("task.") else application.answers
    for part in path.removeprefix("task.").split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def enter(where: str, entries: Sequence[Entry]) -> Callable[[Application], None]:
    """An outcome for `on_issued`: writes the entries' records into the registers of database `where`, as one change."""

    def outcome(application: Application) -> None:
        day = application.issued_on or timezone.localdate()
        basis = Basis("decision", application.number, day, application.code, application.document)
        made: dict[str, Any] = {}
        try:
            with changing(where, SYSTEM, basis, kind="issue", made_by=application.issued_by) as change:
                for entry in entries:
                    for values in values_of(application, entry, made):
                        made[entry.register.code] = _write(change, application, entry, values)
        except ValidationError as refused:
            said = " ".join(refused.messages)
            raise OutcomeRefused(_("Không ghi được kết quả vào cơ sở dữ liệu chuyên ngành: %(why)s") % {"why": said}) from refused

    return outcome


def values_of(application: Application, entry: Entry, made: Mapping[str, Any] | None = None) -> Iterator[Values]:
    """The values of the record (or of each record) that an entry makes of an application."""
    if (entry.when and answer(application, entry.when) is None) or (entry.unless and answer(application, entry.unless) is not None):
        return
    rows: Sequence[Mapping[str, Any] | None] = [None]
    if entry.each:
        rows = [each for each in answer(application, entry.each) or () if isinstance(each, Mapping)]
    model = entry.register.model
    for row in rows:
        values: Values = {}
        for name, path in entry.fields.items():
            said = answer(application, path, row)
            if said is not None:
                values[name] = converted(model._meta.get_field(name), said)
        values |= {name: stored(answer(application, path, row)) for name, path in entry.points.items()}
        values |= {name: stored(answer(application, path, row), areas=True) for name, path in entry.areas.items()}
        values |= {name: (made or {}).get(to.code) for name, to in entry.links.items()}
        values |= dict(entry.fixed)
        values |= _common(application, entry)
        if entry.finish is not None:
            entry.finish(application, values)
        yield values


def _common(application: Application, entry: Entry) -> Values:
    said: Values = {"commune_code": str(application.answers.get("location_commune") or "")[:5], "is_demo": application.is_demo}
    if entry.licence:
        said |= {
            "number": application.number or application.code,
            "issued_on": application.issued_on or timezone.localdate(),
            "expires_on": application.valid_to,
            "holder": application.owner,
            "holder_name": str(application.answers.get("owner_name") or application.owner.name),
            "dossier_code": application.code,
        }
    return said


def _write(change: Changing, application: Application, entry: Entry, values: Values) -> Any:
    day = application.issued_on or timezone.localdate()
    if entry.number_path and (before := _existing(entry, answer(application, entry.number_path))) is not None:
        kept = {name: value for name, value in values.items() if value is not None and name not in {"is_demo"}}
        return change.amend(before, day=max(day, before.valid_from), **kept)
    return change.add(entry.register.model, day=day, **values)


def _existing(entry: Entry, said: Any) -> Any:
    """The newest record whose number stands in what the applicant wrote (`Giấy phép số 12/GP-UBND ngày …`)."""
    if not said:
        return None
    rows = entry.register.model._default_manager.exclude(number="").order_by("-issued_on")  # type: ignore[misc]
    text = models.Value(str(said), output_field=models.TextField())
    return rows.annotate(said=text).filter(said__contains=models.F("number")).first()


def converted(target: Any, said: Any) -> Any:
    """What a form holds as the field's own kind: numbers rounded to the column, texts cut to it, lists joined; else ValidationError."""
    if isinstance(target, models.DecimalField):
        try:
            number = Decimal(str(said))
        except InvalidOperation as error:
            raise ValidationError({target.name: _("Không phải là số: %(said)s") % {"said": said}}) from error
        return number.quantize(Decimal(1).scaleb(-(target.decimal_places or 0)), ROUND_HALF_UP)
    if isinstance(target, models.JSONField):
        return said
    if isinstance(said, (list, tuple)):
        said = ", ".join(str(each) for each in said)
    if isinstance(target, models.CharField) and target.max_length:
        return str(said)[: target.max_length]
    return target.to_python(said)
