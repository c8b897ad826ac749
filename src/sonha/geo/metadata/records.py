"""The metadata records that an actor may know of."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.extents import PROVINCE, Degrees, extent
from sonha.geo.layers.served import ServedLayer, served
from sonha.registry.declarations import Register, registers
from sonha.registry.grants.rights import all_rights
from sonha.registry.records.models import Change

from .models import Description


@dataclass(frozen=True)
class MetadataRecord:
    """`layer` is None for a register that is on no map."""

    id: str
    register: type[Register]
    layer: ServedLayer | None
    description: Description
    modified: date
    box: Degrees

    @property
    def title(self) -> str:
        return str(self.layer.title if self.layer else self.register.title)

    @property
    def abstract(self) -> str:
        return self.description.abstract or str(self.register.description) or self.title

    @property
    def keywords(self) -> list[str]:
        own = [each.strip() for each in self.description.keywords.split(",") if each.strip()]
        return list(dict.fromkeys([str(self.register.database.title), str(self.register.title), *own]))

    @property
    def contact(self) -> str:
        return self.description.contact_unit or _("Uỷ ban nhân dân tỉnh Lạng Sơn")

    @property
    def lineage(self) -> str:
        return self.description.lineage or _("Lập và cập nhật theo %(source)s.") % {"source": self.register.source}

    @property
    def restrictions(self) -> str:
        usual = _("Dữ liệu công khai.") if self.register.public else _("Chỉ cung cấp cho người được giao quyền.")
        return self.description.restrictions or usual


def records(actor: Actor, ids: list[str] | None = None) -> list[MetadataRecord]:
    """Of every register that the actor reads, in the order of the databases: one for each of its layers, or one when it has none."""
    rights = all_rights(actor)
    readable = [each for each in registers() if rights[each.code].reads]
    layers = served(actor)
    described = Description.objects.in_bulk(field_name="register")
    changed = _changed(readable)
    found = []
    for register in readable:
        description = described.get(register.code) or Description(register=register.code)
        modified = max(filter(None, (changed.get(register.code), description.updated_at)), default=timezone.now())
        own: list[ServedLayer | None] = [each for each in layers.values() if each.register is register]
        for layer in own or [None]:
            name = layer.name if layer else register.code
            if ids is None or name in ids:
                box = extent(layer) if layer else PROVINCE
                found.append(MetadataRecord(name, register, layer, description, timezone.localdate(modified), box))
    return found


def _changed(of: list[type[Register]]) -> dict[str, datetime | None]:
    """When each register was last changed, as far as its changes tell."""
    pairs = [(each.code, each.database.code) for each in of]
    latest = f'SELECT made_at FROM "{Change._meta.db_table}" WHERE register = code ORDER BY id DESC LIMIT 1'
    sql = f"SELECT code, ({latest}) FROM unnest(%s::text[]) AS code"
    with connection.cursor() as cursor:
        cursor.execute(sql, [list({each for pair in pairs for each in pair})])
        known = dict(cursor.fetchall())
    return {code: max(filter(None, (known.get(code), known.get(database))), default=None) for code, database in pairs}
