"""Wells of the example register for tests of what is served: real rows, written by a change."""

from datetime import date
from typing import Any

from django.contrib.gis.geos import Point

from sonha.foundation.access.actor import Actor
from sonha.registry.records.services import Basis, changing
from sonha.testing.example.models import ExampleWell

SYSTEM = Actor.system("test")
DECISION = Basis("decision", number="12/QĐ-STNMT", dated=date(2026, 1, 5))
EAST, NORTH = 450_000, 2_420_000


def well(code: str, *, day: date = date(2020, 1, 1), **values: Any) -> ExampleWell:
    said = {"use": "home", "depth": "40.0", "owner_name": "Nông Thị Lan", "geometry": Point(EAST, NORTH, srid=9215), **values}
    with changing("example_wells", SYSTEM, DECISION, kind="add") as change:
        return change.add(ExampleWell, day=day, code=code, **said)


def amend(row: ExampleWell, day: date, **values: Any) -> ExampleWell:
    with changing("example_wells", SYSTEM, DECISION) as change:
        return change.amend(row, day=day, **values)


def row_of_wells(number: int, step: float = 100.0) -> list[ExampleWell]:
    """`number` wells from west to east, `step` metres apart, deeper and deeper, every third for farming."""
    with changing("example_wells", SYSTEM, DECISION, kind="add") as change:
        return [
            change.add(
                ExampleWell,
                day=date(2020, 1, 1),
                code=f"G-{place:03}",
                use="farm" if place % 3 == 0 else "home",
                depth=10 + place,
                drilled_on=date(2010, 1, 1 + place) if place < 28 else None,
                owner_name="Nông Thị Lan",
                geometry=Point(EAST + place * step, NORTH, srid=9215),
            )
            for place in range(number)
        ]
