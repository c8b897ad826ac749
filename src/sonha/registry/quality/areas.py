"""Where communes lie: whoever keeps their boundaries says so here, and rules about places ask."""

from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True, slots=True)
class Boundaries:
    """A model with one row per commune that is so today: the fields of its code and of its boundary (any coordinate system)."""

    model: type[models.Model]
    code: str = "code"
    geometry: str = "geometry"

    @property
    def srid(self) -> int:
        return int(getattr(self.model._meta.get_field(self.geometry), "srid", 0))

    @property
    def is_dated(self) -> bool:
        return any(each.name == "valid_to" for each in self.model._meta.get_fields())


_known: list[Boundaries] = []


def register(model: type[models.Model], *, code: str = "code", geometry: str = "geometry") -> None:
    """Called once when the site starts; a second call takes the place of the first."""
    _known[:] = [Boundaries(model, code, geometry)]


def boundaries() -> Boundaries | None:
    return _known[0] if _known else None
