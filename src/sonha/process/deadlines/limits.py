"""`Limit`: an amount of time as a procedure declares it (`{amount: 30, unit: working_days}`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

LONGEST = Decimal(36_600)
"""A century of days: whatever is longer is a mistake in the declaration."""


class Unit(StrEnum):
    working_days = "working_days"
    working_hours = "working_hours"
    calendar_days = "calendar_days"


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit (thời hạn giải quyết). ValueError when the amount is not positive, absurd, or a fraction of calendar days."""

    amount: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", Decimal(str(self.amount)))
        object.__setattr__(self, "unit", Unit(self.unit))
        if not self.amount.is_finite() or not 0 < self.amount <= LONGEST:
            raise ValueError(f"a time limit must be above 0 and at most {LONGEST}, not {self.amount}")
        if self.unit is Unit.calendar_days and self.amount % 1:
            raise ValueError(f"calendar days are counted whole, not {self.amount}")

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Reads the declaration form `{amount: 30, unit: working_days, source: ...}`; other keys are ignored."""
        return cls(Decimal(str(data["amount"])), Unit(data["unit"]))
