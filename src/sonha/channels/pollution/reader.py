"""What one person may read of the registers that the page asks, looked up once for the whole page."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sonha.foundation.access.actor import Actor
from sonha.geo.tracing import Direction, NoRiver, Trace, trace
from sonha.registry.declarations import register
from sonha.registry.grants.rights import Rights, all_rights
from sonha.registry.pages.asking import Asked
from sonha.registry.records import selectors

REACHES = "river_reaches"
REGISTERS = (
    REACHES, "monitoring_stations", "abstraction_works", "wastewater_discharges", "facilities", "protection_corridors", "water_licences",
    "environmental_permits", "mineral_forbidden_areas", "extraction_licences", "parcels", "communes",
)  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """`day`: as of which day everything is read; None is today."""

    actor: Actor
    day: date | None = None

    @cached_property
    def held(self) -> dict[str, Rights]:
        return all_rights(self.actor, [register(code) for code in REGISTERS])

    def reads(self, code: str, field: str = "") -> bool:
        return self.held[code].reads and (not field or field in self.held[code].fields())

    def rows(self, code: str) -> Any:
        """Records of a register as far as the reader may read them."""
        return selectors.rows(register(code), day=self.day).filter(self.held[code].condition())

    def asked(self, code: str) -> Asked:
        return Asked(self.actor, register(code), self.held[code])

    def followed(self, place: Any, direction: Direction, metres: float) -> Trace | None:
        """The river from a place, through the reaches that may be read; None where there is no river."""
        try:
            return trace(self.rows(REACHES), place, direction, metres)
        except NoRiver:
            return None
