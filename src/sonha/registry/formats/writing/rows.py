"""Rows for a file: the selection of the page, what may be shown of each, shapes in the system asked for; in pieces."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.gis.db.models.functions import AsWKB, Transform

from sonha.foundation.rendering.exports import Parameters
from sonha.registry.declarations.fields import Field
from sonha.registry.pages.asking import Asked, When
from sonha.registry.pages.cells import Cells
from sonha.registry.pages.exports import selection

STEP = 2_000
ENGINE = ("commune_code", "valid_from", "valid_to")


@dataclass(frozen=True)
class Selection:
    """What is to be written. `fields`: content that the actor sees of some row and that may leave; `geometry` likewise, or None."""

    asked: Asked
    parameters: Parameters
    srid: int

    @property
    def fields(self) -> list[Field]:
        shown = self.asked.rights.fields() - self.asked.register.secret
        return [each for each in self.asked.register.fields() if each.name in shown and each.kind != "geometry"]

    @property
    def geometry(self) -> Field | None:
        name = self.asked.register.geometry()
        return self.asked.register.field(name) if name and name in self.asked.rights.fields() - self.asked.register.secret else None

    def count(self, cap: int) -> int:
        return int(selection(self.asked, self.parameters).order_by()[: cap + 1].count())

    def pieces(self) -> Iterator[list[tuple[dict[str, Any], bytes | None]]]:
        """Lists of (values by field, shape as WKB); what the actor may not see of a row is None."""
        rows = selection(self.asked, self.parameters)
        if self.geometry is not None:
            rows = rows.annotate(wkb=AsWKB(Transform(self.geometry.name, self.srid))).defer(self.geometry.name)
        remaining = rows.iterator(chunk_size=STEP)
        when = When.of(self.parameters)
        while shown := list(islice(remaining, STEP)):
            references = [each.name for each in self.fields if each.kind == "reference"]
            cells = Cells(self.asked, shown, references, when.day)
            yield [self._row(row, cells) for row in shown]

    def _row(self, row: Any, cells: Cells) -> tuple[dict[str, Any], bytes | None]:
        seen = self.asked.rights.fields_of(row)
        values: dict[str, Any] = {}
        for field in self.fields:
            if field.name not in seen:
                values[field.name] = None
            elif field.kind == "reference":
                cell = cells.of(row, field.name)
                values[field.name] = None if cell.masked else cell.text or None
            else:
                values[field.name] = getattr(row, field.name)
        values |= {name: getattr(row, name) for name in ENGINE}
        shape = getattr(row, "wkb", None) if self.geometry is not None and self.geometry.name in seen else None
        return values, bytes(shape) if shape is not None else None
