"""The book of changes - sổ đăng ký biến động: one entry for each act, and which parcels came out of which."""

from collections.abc import Sequence
from datetime import date

from sonha.registry.records.services import Changing
from sonha.sectors.land.acting import Act
from sonha.sectors.land.models import LandRegistration, Parcel, ParcelDescent

LONGEST = 500


def enter(
    change: Changing, act: Act, kind: str, before: Sequence[Parcel], after: Sequence[Parcel], *, content: str = "", parties: str = ""
) -> LandRegistration:
    """The entry of the book, and which parcels came out of which."""
    entry = change.add(
        LandRegistration, day=act.on, number=next_number(change, act.on), kind=kind, registered_on=act.on,
        commune_code=before[0].commune_code if before else "", dossier_code=act.basis.dossier_code,
        document=change.change.basis_words[:120], before=in_words(before), after=in_words(after), content=content,
        parties=parties[:LONGEST], is_demo=bool(before) and before[0].is_demo,
    )  # fmt: skip
    if {each.pk for each in before} != {each.pk for each in after}:
        ParcelDescent.objects.bulk_create(ParcelDescent(registration=entry, before=old, after=new) for old in before for new in after)
    return entry


def next_number(change: Changing, day: date) -> str:
    return f"BĐ-{day.year}-{change.change.pk:07d}"


def in_words(parcels: Sequence[Parcel]) -> str:
    return "; ".join(f"{each} ({each.area} m²)" for each in parcels)[:LONGEST]
