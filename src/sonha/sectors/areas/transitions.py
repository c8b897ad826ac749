"""What became of old communes, by which resolution, from which day; and from what the present ones were made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sonha.foundation.organisations.models import AdminUnit, AdminUnitSuccession
from sonha.foundation.search.folding import fold

SIDES = ("old", "new")
LONGEST = 80  # letters of a question


@dataclass(frozen=True, slots=True)
class Transition:
    """An old unit, wholly or in part, went into a new one. `present`: the units of today that its people and land belong to by this way."""

    old: AdminUnit
    new: AdminUnit
    on_date: date
    partial: bool
    source: str
    assumption: bool
    present: tuple[AdminUnit, ...]

    @property
    def district(self) -> AdminUnit | None:
        return district_of(self.old)

    @property
    def went_on(self) -> bool:
        """The new unit is itself no more."""
        return self.present != (self.new,)


def district_of(unit: AdminUnit) -> AdminUnit | None:
    parent = unit.parent
    return parent if parent is not None and parent.kind == AdminUnit.Kind.DISTRICT else None


def transitions(words: str = "", side: str = "", district: str = "") -> list[Transition]:
    """Those whose old or new unit (`side`) has these words in its name, without diacritics, or this code; newest first, then by name."""
    rows = list(_all())
    onward: dict[int, list[AdminUnit]] = {}
    for each in rows:
        onward.setdefault(each.old_id, []).append(each.new)
    wanted = fold(words[:LONGEST])
    found = [
        Transition(each.old, each.new, each.on_date, each.partial, each.source, each.assumption, tuple(_present(each.new, onward)))
        for each in rows
        if _asked(each, wanted, side) and _within(each.old, district)
    ]
    return sorted(found, key=lambda each: (-each.on_date.toordinal(), fold(each.old.name), each.old.code, fold(each.new.name)))


def _all() -> Iterable[AdminUnitSuccession]:
    kinds = AdminUnit.COMMUNE_LEVEL
    rows = AdminUnitSuccession.objects.filter(old__kind__in=kinds, new__kind__in=kinds)
    return rows.select_related("old__parent", "new__parent").order_by("pk")


def _present(unit: AdminUnit, onward: Mapping[int, list[AdminUnit]]) -> Iterable[AdminUnit]:
    after = onward.get(unit.pk)
    if unit.valid_to is None or not after:
        return [unit]
    found = {last.pk: last for each in after for last in _present(each, onward)}
    return sorted(found.values(), key=lambda last: (last.code, last.pk))


def _asked(row: AdminUnitSuccession, wanted: str, side: str) -> bool:
    if not wanted:
        return True
    units = [getattr(row, each) for each in (side,)] if side in SIDES else [row.old, row.new]
    return any(wanted == unit.code or wanted in fold(unit.name) for unit in units)


def _within(unit: AdminUnit, district: str) -> bool:
    found = district_of(unit)
    return not district or (found is not None and found.code == district)


def districts() -> list[AdminUnit]:
    return list(AdminUnit.objects.filter(kind=AdminUnit.Kind.DISTRICT).order_by("name"))


def holders(code: str) -> list[AdminUnit]:
    """Every commune that ever had this code, newest first: codes are given again."""
    units = AdminUnit.objects.filter(code=code, kind__in=AdminUnit.COMMUNE_LEVEL).select_related("parent")
    return sorted(units, key=lambda each: each.valid_from or date.min, reverse=True)
