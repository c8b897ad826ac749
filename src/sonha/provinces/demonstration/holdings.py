"""What the land dossiers of the demonstration say: parcels that are in the generated cadastre, under the name of whoever files.

answers("parcel_split_merge", filer, chance)     -> answers by field, for Writer.chosen; empty while there is no cadastre
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from django.db.models import QuerySet

from sonha.process.forms.schema import Form
from sonha.provinces.demonstration.filers import Filer
from sonha.sectors.land.codes import CertificateState, ParcelStatus
from sonha.sectors.land.cutting import CannotCut, cut_by_line, shape_of, shares_of
from sonha.sectors.land.drawing import in_vn2000, shape_in_wgs84
from sonha.sectors.land.hindrances import held_today, hindrances
from sonha.sectors.land.models import LandCertificate, Parcel
from sonha.services.dossiers.models import Dossier

SERIAL = re.compile(r"[A-ZĐ]{1,2} ?[0-9]{6,8}")
ACROSS = 5.0
"""Metres by which a dividing line is drawn over the boundary, as people do."""
LOOKED_AT = 40


def answers(declaration: str, filer: Filer, form: Form, chance: random.Random) -> dict[str, Any]:
    """What a dossier of this declaration says of land; nothing for other declarations and where no parcel fits."""
    told = TOLD.get(declaration)
    return told(filer, form, chance) if told and Parcel.objects.exists() else {}


def _split_or_merge(filer: Filer, form: Form, chance: random.Random) -> dict[str, Any]:
    mine = list(_free(_own(filer)))
    pairs = [(one, other) for one in mine for other in mine if one.pk < other.pk and _adjoin(one, other)]
    if pairs and chance.random() < 0.35:
        one, other = pairs[0]
        row = _named(other)
        merged = {name: row[name] for name in ("certificate_number", "map_sheet", "parcel_number", "area")}
        return {**_said(one, form), "kind": "merge", "merged_parcels": [merged]}
    return next((found for each in mine if (found := _divided(each, form))), {})


def _divided(parcel: Parcel, form: Form) -> dict[str, Any]:
    """The parcel cut across its middle; nothing when it cannot be."""
    line = shape_in_wgs84(across(shape_of(parcel.geometry)))
    try:
        pieces = cut_by_line(shape_of(parcel.geometry), in_vn2000(line))
        areas = shares_of(parcel.area, [each.area for each in pieces])
    except CannotCut:
        return {}
    said = _said(parcel, form)
    kind = said["land_type"]
    rows = [{"name": f"Thửa mới {number}", "area": float(area), "land_type": kind} for number, area in enumerate(areas, start=1)]
    return {**said, "kind": "split", "split_line": line, "new_parcels": rows, "new_certificates": len(rows),
            "area_measured": float(parcel.area)}  # fmt: skip


def across(shape: shapely.Polygon) -> shapely.LineString:
    """From the middle of one long side of the rectangle about a shape to that of the other, and a little farther."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))[:4]
    if np.hypot(*(corners[1] - corners[0])) < np.hypot(*(corners[2] - corners[1])):
        corners = np.roll(corners, -1, axis=0)
    start, end = (corners[0] + corners[1]) / 2, (corners[2] + corners[3]) / 2
    way = (end - start) / np.hypot(*(end - start)) * ACROSS
    return shapely.LineString([start - way, end + way])


def _renewal(filer: Filer, form: Form, chance: random.Random) -> dict[str, Any]:
    mine = next(_free(_own(filer)), None)
    return {**_said(mine, form), "mortgaged": False} if mine else {}


def _transfer(filer: Filer, form: Form, chance: random.Random) -> dict[str, Any]:
    """Bought of a neighbour: somebody of the commune whose right is whole and whose parcel nothing stands against."""
    others = Parcel.objects.filter(commune_code=filer.place.code, user__party=None, user__kind="person", user__id_number__gt="")
    offered = list(_free(_certified(others)[:LOOKED_AT]))
    if not offered:
        return {}
    parcel = chance.choice(offered)
    assert parcel.user is not None
    giver = {"transferor_name": parcel.user.name, "transferor_id": parcel.user.id_number, "transferor_address": parcel.user.address}
    return {**_said(parcel, form), **giver, "whole": "whole", "relation": "none"}


TOLD: dict[str, Callable[[Filer, Form, random.Random], dict[str, Any]]] = {
    "parcel_split_merge": _split_or_merge,
    "certificate_renewal": _renewal,
    "land_transfer": _transfer,
}


def _own(filer: Filer) -> QuerySet[Parcel]:
    return _certified(Parcel.objects.filter(user__party=filer.party))


def _certified(parcels: QuerySet[Parcel]) -> QuerySet[Parcel]:
    whole = parcels.filter(held_today(), status=ParcelStatus.NORMAL, certificates__state=CertificateState.IN_USE)
    return whole.select_related("user").distinct().order_by("-area", "code")


def _free(parcels: Sequence[Parcel] | QuerySet[Parcel]) -> Iterator[Parcel]:
    """Those that nothing stands against and that no running dossier names already."""
    for each in parcels:
        named = {"location_commune": each.commune_code, "map_sheet": each.sheet_number, "parcel_number": str(each.parcel_number)}
        busy = Dossier.objects.filter(finished_at=None, answers__contains=named).exists()
        if not busy and SERIAL.fullmatch(_paper(each).serial) and not hindrances(each):
            yield each


def _paper(parcel: Parcel) -> LandCertificate:
    return LandCertificate.objects.filter(held_today(), parcel=parcel, state=CertificateState.IN_USE).order_by("pk")[0]


def _adjoin(one: Parcel, other: Parcel) -> bool:
    same = one.commune_code == other.commune_code and one.land_type == other.land_type
    return same and bool(shapely.intersection(shape_of(one.geometry), shape_of(other.geometry)).length > 1)


def _named(parcel: Parcel) -> dict[str, Any]:
    paper = _paper(parcel)
    return {
        "certificate_number": paper.serial, "certificate_book": paper.book_number, "certificate_date": paper.issued_on.isoformat(),
        "location_commune": parcel.commune_code, "site_address": parcel.address, "map_sheet": parcel.sheet_number,
        "parcel_number": str(parcel.parcel_number), "area": float(parcel.area),
    }  # fmt: skip


def _said(parcel: Parcel, form: Form) -> dict[str, Any]:
    listed = {option.value for option in form.by_path["land_type"].options} if "land_type" in form.by_path else set()
    kind = parcel.land_type if parcel.land_type in listed or not listed else "other"
    point = shape_in_wgs84(shapely.point_on_surface(shape_of(parcel.geometry)))
    return {**_named(parcel), "land_type": kind, "location": point, "restriction": False}
