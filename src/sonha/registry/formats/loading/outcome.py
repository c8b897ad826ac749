"""What an import did or, on trial, would do."""

from dataclasses import dataclass, field
from typing import Any

MOST_KEPT = 20_000
"""Refused rows that are kept with their values; all are counted."""


class Stopped(Exception):
    """Somebody asked the import to stop; nothing was written."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken: its number in the file, why (sentences), and its values by column."""

    row: int
    reasons: tuple[str, ...]
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    total: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    refused: int = 0
    warnings: dict[str, int] = field(default_factory=dict)  # by code of the rule, on trial only
    change: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Without the refused rows."""
        return {name: getattr(self, name) for name in ("total", "new", "changed", "same", "refused", "warnings", "change")}
