"""Layers under an actor's rights, as SQL. WFS, OGC API, tiles and WMS all ask here and nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from sonha.foundation.access.actor import Actor
from sonha.registry.declarations import Layer, Register, registers
from sonha.registry.declarations.fields import Field
from sonha.registry.declarations.known import layers_of
from sonha.registry.grants.rights import Rights, all_rights

Sql = tuple[str, list[Any]]
UNSERVED = frozenset({"json", "geometry"})


@dataclass(frozen=True)
class ServedLayer:
    """A layer as one actor may read it. SQL pieces name the rows `r`."""

    name: str
    layer: Layer
    register: type[Register]
    rights: Rights
    fields: tuple[Field, ...]  # without geometry, secret fields and fields that this actor never sees
    geometry: Field

    @property
    def title(self) -> str | Promise:
        return self.layer.title or self.register.title

    @property
    def srid(self) -> int:
        return self.geometry.srid

    def field(self, name: str) -> Field:
        """LookupError for a field that this actor does not see: to him it does not exist."""
        for each in self.fields:
            if each.name == name:
                return each
        raise LookupError(name)

    def table(self, day: date | None = None, known_at: datetime | None = None) -> str:
        """The current table, or all versions when a day or a moment is asked for."""
        model = self.register.model.Version if day or known_at else self.register.model  # type: ignore[attr-defined]
        return f'"{model._meta.db_table}"'

    def where(self, day: date | None = None, known_at: datetime | None = None) -> Sql:
        """Rows that hold on the day (default today) and that the actor may read; records without a place are left out."""
        at = day or timezone.localdate()
        parts = ["r.valid_from <= %s", "(r.valid_to IS NULL OR r.valid_to >= %s)", f'r."{self.geometry.column}" IS NOT NULL']
        params: list[Any] = [at, at]
        if known_at:
            parts.append("r.recorded_at <= %s AND (r.closed_at IS NULL OR r.closed_at > %s)")
            params += [known_at, known_at]
        elif day:
            parts.append("r.closed_at IS NULL")
        if not self.rights.secret_rows:
            parts.append("NOT r.is_secret")
        elif self.rights.areas is not None:
            parts.append("(NOT r.is_secret OR r.commune_code = ANY(%s))")
            params.append(sorted(self.rights.areas))
        if self.geometry.name not in self.rights.outside and self.rights.areas is not None:
            parts.append("r.commune_code = ANY(%s)")
            params.append(sorted(self.rights.areas))
        return " AND ".join(parts), params

    def column(self, field: Field) -> Sql:
        """The field's value, or NULL in rows where this actor may not see it."""
        plain = f'r."{field.column}"'
        kept = self.geometry.name not in self.rights.outside  # `where` keeps to the areas already, and an index can be used
        if field.name in self.rights.outside or self.rights.areas is None or kept:
            return plain, []
        return f"CASE WHEN r.commune_code = ANY(%s) THEN {plain} END", [sorted(self.rights.areas)]


def served(actor: Actor, names: Sequence[str] | None = None) -> dict[str, ServedLayer]:
    """The layers that the actor may read, by name, in the order of the registers; `names` limits the work to those.

    The rows of one's own (a register's `holder`) are shown on pages, not through map services.
    """
    wanted = [each for each in registers() if each.layers and (names is None or any(name in names for name, _layer in layers_of(each)))]
    found: dict[str, ServedLayer] = {}
    for code, rights in all_rights(actor, wanted).items():
        register = rights.register
        visible = rights.inside | rights.outside
        for name, layer in layers_of(register):
            if (names is not None and name not in names) or layer.geometry not in visible:
                continue
            fields = tuple(each for each in register.fields() if each.name in visible - register.secret and each.kind not in UNSERVED)
            found[name] = ServedLayer(name, layer, register, rights, fields, register.field(layer.geometry))
        assert code == register.code
    return found
