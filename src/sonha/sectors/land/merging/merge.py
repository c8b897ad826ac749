"""Both systems' parcels side by side: what agrees is written in one change, what does not is reported with both sides; no row is lost.

Every row ends as exactly one of `written`, `same` (said already), `conflict` or `refused`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.search.folding import fold
from sonha.registry.grants.rights import all_rights
from sonha.registry.records.models import Change
from sonha.registry.records.services import Basis, NotYours, changing
from sonha.sectors.land.codes import RightKind, UserKind
from sonha.sectors.land.cutting import geos_of, shape_of
from sonha.sectors.land.finding import certificate
from sonha.sectors.land.hindrances import held_today
from sonha.sectors.land.identification import identification_codes
from sonha.sectors.land.merging.reading import Incoming
from sonha.sectors.land.models import LandCertificate, LandRight, LandUse, LandUser, Parcel
from sonha.sectors.land.registers import LandCertificates, LandRights, LandUsers, LandUses, Parcels

TOLERANCE = Decimal("0.02")
STEP = 500  # rows between two looks at whether somebody asked to stop
WRITTEN = (Parcels, LandUsers, LandUses, LandRights, LandCertificates)
OVERLAP = 1.0
"""m² by which parcels may cover each other; both limits are those of rules TD-05 and TD-07."""


@dataclass(frozen=True)
class Line:
    """One line of the report: what became of a row, and the other side of a conflict."""

    result: str
    why: str
    one: Incoming
    other: Incoming | Parcel | None = None


@dataclass
class Merged:
    lines: list[Line] = field(default_factory=list)
    written: list[Incoming] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return dict(Counter(each.result for each in self.lines))

    def add(self, result: str, one: Incoming, why: str = "", other: Incoming | Parcel | None = None) -> None:
        self.lines.append(Line(result, why, one, other))


def may_merge(actor: Actor) -> bool:
    """Whoever edits every register that a merge writes, everywhere in the province."""
    return all(each.edit_areas is None for each in all_rights(actor, WRITTEN).values())


def merge(
    rows: Iterable[Incoming],
    actor: Actor,
    basis: Basis,
    *,
    dry: bool = False,
    tell: Callable[[int], None] = lambda done: None,
    within: Callable[[Merged, Change], None] = lambda merged, change: None,
) -> Merged:
    """Compares and, unless `dry`, writes. NotYours when the actor may not edit the registers of land everywhere in the province.

    `tell` is told of rows that were compared and may raise to stop; `within` is called in the transaction that writes.
    """
    if not may_merge(actor):
        raise NotYours(_("Chỉ người được cập nhật thửa đất trong toàn tỉnh mới gộp được dữ liệu."))
    merged = Merged()
    everything = list(rows)
    good = _without_faults(everything, merged)
    kept = _one_each(good, merged)
    kept = _against_register(kept, merged)
    tell(len(everything) - len(kept))
    kept = _without_overlaps(kept, merged, tell)
    merged.written = kept
    for row in kept:
        merged.add("written", row)
    if not dry and kept:
        _write(merged, actor, basis, within)
    return merged


def _without_faults(rows: Iterable[Incoming], merged: Merged) -> list[Incoming]:
    good = []
    for row in rows:
        if row.faults:
            merged.add("refused", row, " ".join(row.faults))
        else:
            good.append(row)
    return good


def _one_each(rows: Sequence[Incoming], merged: Merged) -> list[Incoming]:
    """One row for each parcel; rows of the same parcel that say different things are all held back."""
    by_code: dict[str, list[Incoming]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    kept = []
    for found in by_code.values():
        newest = max(found, key=lambda each: each.values["measured_on"] or date.min)
        differing = [(each, why) for each in found if each is not newest and (why := _differences(newest, each))]
        if differing:
            for each, why in differing:
                merged.add("conflict", each, why, newest)
            merged.add("conflict", newest, differing[0][1], differing[0][0])
            same: list[Incoming] = [each for each in found if each is not newest and all(each is not other for other, _why in differing)]
        else:
            kept.append(newest)
            same = [each for each in found if each is not newest]
        for each in same:
            merged.add("same", each, _("Trùng với một dòng khác, nội dung khớp."), newest)
    return kept


def _differences(one: Incoming, other: Incoming) -> str:
    said = []
    if one.area and other.area and abs(one.area - other.area) > TOLERANCE * one.area:
        said.append(_("Khác diện tích: %(one)s và %(other)s m².") % {"one": one.area, "other": other.area})
    if fold(one.values["user"]) != fold(other.values["user"]):
        said.append(_("Khác người sử dụng: %(one)s và %(other)s.") % {"one": one.values["user"], "other": other.values["user"]})
    if one.land_type != other.land_type:
        said.append(_("Khác loại đất: %(one)s và %(other)s.") % {"one": one.land_type, "other": other.land_type})
    if one.shape and other.shape and _common(one.shape, other.shape) < 0.9:
        said.append(_("Khác ranh giới."))
    return " ".join(said)


def _common(one: shapely.Polygon, other: shapely.Polygon) -> float:
    return float(shapely.intersection(one, other).area / max(one.area, other.area))


def _against_register(rows: Sequence[Incoming], merged: Merged) -> list[Incoming]:
    known: dict[str, Parcel] = {}
    codes = [row.code for row in rows]
    for start in range(0, len(codes), 5_000):
        for parcel in Parcel.objects.filter(code__in=codes[start : start + 5_000]).select_related("user"):
            known[parcel.code] = parcel
    kept: list[Incoming] = []
    for row in rows:
        if (there := known.get(row.code)) is None:
            kept.append(row)
        elif why := _differences(row, _as_incoming(there)):
            merged.add("conflict", row, why, there)
        else:
            merged.add("same", row, _("Đã có trong cơ sở dữ liệu, nội dung khớp."), there)
    return kept


def _as_incoming(parcel: Parcel) -> Incoming:
    values = {"user": parcel.user.name if parcel.user else "", "measured_on": parcel.valid_from}
    return Incoming(
        "register", "", 0, parcel.old_commune_code, parcel.commune_code, parcel.sheet_number, parcel.parcel_number, parcel.area,
        parcel.land_type, shape_of(parcel.geometry), values,
    )  # fmt: skip


def _without_overlaps(rows: Sequence[Incoming], merged: Merged, tell: Callable[[int], None]) -> list[Incoming]:
    """Rows that cover another row or a parcel of the register; both sides are held back, the register stays."""
    shapes = np.array([row.shape for row in rows], dtype=object)
    if not len(shapes):
        return []
    bad: dict[int, tuple[str, Incoming | Parcel]] = {}
    tree = shapely.STRtree(shapes)
    for one, other in tree.query(shapes, predicate="intersects").T:
        if one != other and (size := shapely.intersection(shapes[one], shapes[other]).area) > OVERLAP:
            bad[int(one)] = (_("Chồng %(size).1f m² lên thửa %(other)s.") % {"size": size, "other": rows[other].code}, rows[other])
    for at, row in enumerate(rows):
        if at % STEP == 0:
            tell(min(STEP, len(rows) - at))
        if at in bad or row.shape is None:
            continue
        shape = geos_of(row.shape)
        for parcel in Parcel.objects.filter(held_today(), geometry__bboverlaps=shape, geometry__intersects=shape):
            size = shapely.intersection(row.shape, shape_of(parcel.geometry)).area
            if size > OVERLAP:
                bad[at] = (_("Chồng %(size).1f m² lên thửa %(other)s.") % {"size": size, "other": parcel.code}, parcel)
    for at, (why, twin) in bad.items():
        merged.add("conflict", rows[at], why, twin)
    return [row for at, row in enumerate(rows) if at not in bad]


def _write(merged: Merged, actor: Actor, basis: Basis, within: Callable[[Merged, Change], None]) -> None:
    """All rows in one change: parcels, users, uses, rights, certificates."""
    rows = merged.written
    with changing("land", actor, basis, kind="import") as change:
        said = {"change": change.change, "recorded_at": change.change.made_at, "origin": basis.number[:200]}
        users = _users(rows, said)
        identification = identification_codes(np.array([row.shape for row in rows], dtype=object))
        parcels = [_parcel(row, users[_who(row)], code, said) for row, code in zip(rows, identification, strict=True)]
        Parcel.objects.bulk_create(parcels, batch_size=1_000)
        pairs = list(zip(rows, parcels, strict=True))
        LandUse.objects.bulk_create(
            [LandUse(parcel=parcel, land_type=parcel.land_type, area=parcel.area, **_at(parcel), **said) for _row, parcel in pairs],
            batch_size=1_000,
        )
        papers = {
            parcel.pk: LandCertificate(
                serial=row.values["serial"], issued_on=parcel.valid_from, issuer=_("Theo dữ liệu bàn giao"), user=parcel.user,
                parcel=parcel,
                **_at(parcel), **said,
            )
            for row, parcel in pairs if row.values["serial"] and certificate(row.values["serial"]) is None
        }  # fmt: skip
        LandCertificate.objects.bulk_create(papers.values(), batch_size=1_000)
        LandRight.objects.bulk_create(
            [
                LandRight(kind=RightKind.USE, user=parcel.user, parcel=parcel, certificate=papers.get(parcel.pk), **_at(parcel), **said)
                for _row, parcel in pairs if parcel.user
            ],
            batch_size=1_000,
        )  # fmt: skip
        within(merged, change.change)


def _parcel(row: Incoming, user: LandUser | None, identification: str, said: dict[str, Any]) -> Parcel:
    assert row.shape is not None and row.number is not None and row.area is not None  # rows without have faults
    return Parcel(
        code=row.code, commune_code=row.commune, old_commune_code=row.old_commune if row.old_commune != row.commune else "",
        sheet_number=row.sheet, parcel_number=row.number, old_sheet_number=row.values["old_sheet"][:10],
        old_parcel_number=row.values["old_number"][:20], land_type=row.land_type, area=row.area, legal_area=row.values["legal_area"],
        address=row.values["address"][:300], user=user, identification_code=identification, geometry=geos_of(row.shape),
        valid_from=_since(row), **said,
    )  # fmt: skip


def _users(rows: Sequence[Incoming], said: dict[str, Any]) -> dict[tuple[str, str, str], LandUser | None]:
    """Everybody named, by number where there is one, else by name within the commune."""
    users: dict[tuple[str, str, str], LandUser | None] = {}
    numbers = [row.values["id_number"] for row in rows if row.values["id_number"]]
    known = {each.id_number: each for each in LandUser.objects.filter(held_today(), id_number__in=numbers)}
    for row in rows:
        who, name, number = _who(row), row.values["user"], row.values["id_number"]
        if who in users:
            continue
        users[who] = known.get(number) if number else None
        if users[who] is None and name:
            users[who] = LandUser(
                kind=UserKind.PERSON, name=name[:250], id_number=number[:20], commune_code=row.commune, valid_from=_since(row), **said
            )
    new = [each for each in users.values() if each is not None and each.pk is None]
    LandUser.objects.bulk_create(new, batch_size=1_000)  # type: ignore[arg-type]
    return users


def _who(row: Incoming) -> tuple[str, str, str]:
    number = row.values["id_number"]
    return ("", "", number) if number else (row.commune, fold(row.values["user"]), "")


def _at(parcel: Parcel) -> dict[str, Any]:
    return {"commune_code": parcel.commune_code, "valid_from": parcel.valid_from}


def _since(row: Incoming) -> date:
    """The day measured, when the export has one and it has passed."""
    today = timezone.localdate()
    return min(row.values["measured_on"] or today, today)
