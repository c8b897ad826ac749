"""Which units act on a dossier: from the declaration's names (`division`, `authority`, `@commune_of:…`) to rows."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.organisations.models import AdminUnit, AdminUnitSuccession, Unit
from sonha.foundation.organisations.selectors import area
from sonha.process.cases.errors import ActionRefused
from sonha.process.rules.decisions import evaluate
from sonha.services.procedures.models import Procedure, ProcedureVersion

DESK, DIVISION = Unit.Kind.DESK, Unit.Kind.DIVISION


def receiving_agency(procedure: Procedure, answers: Mapping[str, Any], area_code: str = "") -> Unit:
    """The agency that receives the dossier: the procedure's own, or at district and commune level the one of the area."""
    if procedure.agency is not None:
        return procedure.agency
    area_code = area_code or next((str(value) for name, value in answers.items() if name.endswith("commune") and value), "")
    unit = committee_of(area_code, procedure.level)
    if unit is None:
        raise ActionRefused(_("Hãy chọn xã, phường nơi giải quyết hồ sơ."), {"receiving_commune": _("Hãy chọn xã, phường nơi giải quyết.")})
    return unit


def committee_of(area_code: str, level: str = Unit.Level.COMMUNE) -> Unit | None:
    """The People's Committee of an administrative unit, or of what that unit became."""
    if not area_code:
        return None
    day = timezone.localdate()
    place = area(area_code)
    if place is None:
        return None
    if level == Unit.Level.DISTRICT and place.kind in AdminUnit.COMMUNE_LEVEL:
        place = _district_of(place)
    committees = Unit.objects.filter(kind=Unit.Kind.COMMITTEE, level=level)
    own = committees.filter(area=place).order_by(F("valid_from").desc(nulls_last=True))
    return own.filter(valid_to=None).first() or own.filter(valid_to__gte=day).first() or _successor(committees, place) or own.first()


def _district_of(commune: AdminUnit) -> AdminUnit | None:
    """The (former) district of a commune; today's communes have none, so the district of one that went into it."""
    if commune.parent and commune.parent.kind == AdminUnit.Kind.DISTRICT:
        return commune.parent
    before = (
        AdminUnitSuccession.objects.filter(new=commune, old__parent__kind=AdminUnit.Kind.DISTRICT).select_related("old__parent").first()
    )
    return before.old.parent if before else None


def _successor(committees: Any, area: AdminUnit | None) -> Unit | None:
    if area is None:
        return None
    became = AdminUnitSuccession.objects.filter(old=area).values("new")
    found: Unit | None = committees.filter(area__in=became, valid_to=None).first()
    return found


def desk_of(agency: Unit) -> Unit:
    """The one-stop desk of an agency; the agency itself where it has none."""
    return Unit.objects.filter(parent=agency, kind=DESK).order_by("valid_from").first() or agency


def actors_for(version: ProcedureVersion, agency: Unit, context: Mapping[str, Any], day: date) -> dict[str, int]:
    """Unit ids by the actor names that the flow uses."""
    content = version.content
    named: dict[str, Unit] = {"agency": agency, "desk": desk_of(agency)}
    named["division"] = _unit(content.get("division", ""), agency, context) or _any_division(agency)
    named["authority"] = _unit(content.get("authority", ""), agency, context) or agency
    for name, reference in (content.get("consulted") or {}).items():
        if unit := _unit(reference, agency, context):
            named[name] = unit
    for row in evaluate(content["routing"], context, day) if content.get("routing") else []:
        for name, reference in row.then.items():
            if unit := _unit(reference, agency, context):
                named[name] = unit
    return {name: unit.pk for name, unit in named.items()}


def _any_division(agency: Unit) -> Unit:
    return Unit.objects.filter(parent=agency, kind=DIVISION).order_by("code").first() or agency


def _unit(reference: str, agency: Unit, context: Mapping[str, Any]) -> Unit | None:
    """A unit by code, or `@commune_of:<answer>`, `@district_of:<answer>`; a code that is missing here is an error of the declaration."""
    if not reference:
        return None
    if reference.startswith("@"):
        kind, _colon, path = reference[1:].partition(":")
        level = {"commune_of": Unit.Level.COMMUNE, "district_of": Unit.Level.DISTRICT}[kind]
        return committee_of(str(context.get(path, "")), level)
    return Unit.objects.filter(code=reference).first()
