"""Wells, officials and clients for the scenarios of pages."""

from datetime import date
from typing import Any

from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import AdminUnit, Position, Unit
from sonha.registry.records.services import Basis, changing
from sonha.testing.example.models import ExampleWell

SYSTEM = Actor.system("test")
DECISION = Basis("decision", number="12/QĐ-STNMT", dated=date(2026, 1, 5))
HERE, THERE = "06112", "05977"
LIST = "/csdl/gieng-vi-du/"


def well(code: str, *, day: date = date(2020, 1, 1), commune: str = HERE, **values: Any) -> Any:
    said = {
        "use": "home",
        "depth": "40.0",
        "owner_name": "Nông Thị Lan",
        "geometry": Point(450_000, 2_420_000, srid=9215),
        "commune_code": commune,
        **values,
    }
    with changing("example_wells", SYSTEM, DECISION, kind="add") as change:
        return change.add(ExampleWell, day=day, code=code, **said)


def amend(row: Any, day: date, basis: Basis = DECISION, **values: Any) -> Any:
    with changing("example_wells", SYSTEM, basis) as change:
        return change.amend(row, day=day, **values)


def official(name: str, role: str, area: str = "") -> Client:
    """A client of an official of the province, or of a commune."""
    kind, level = (Unit.Kind.COMMITTEE, Unit.Level.COMMUNE) if area else (Unit.Kind.DEPARTMENT, Unit.Level.PROVINCE)
    place = AdminUnit.objects.get_or_create(code=area, defaults={"name": f"Xã {area}", "kind": AdminUnit.Kind.COMMUNE})[0] if area else None
    unit = Unit.objects.create(
        code=f"U.{name.upper()}", name=f"Đơn vị {name}", kind=kind, level=level, area=place, path=f"/U.{name.upper()}/", is_agency=True
    )
    user = User.objects.create_user(f"acc-{name}", None, full_name=f"Cán bộ {name}", kind="official")
    Position.objects.create(user=user, unit=unit, role=role, title="Chuyên viên", valid_from=timezone.localdate())
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())
