"""The parcels, users and papers that an application names, as the registers know them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from sonha.foundation.catalogues.models import CatalogueItem
from sonha.foundation.identity.models import Party
from sonha.registry.records.services import Changing
from sonha.sectors.areas.selectors import successors
from sonha.sectors.land.codes import UserKind
from sonha.sectors.land.hindrances import held_today
from sonha.sectors.land.models import LandCertificate, LandRight, LandUser, Parcel, parcel_code

TWO_TIERS = date(2025, 7, 1)
KINDS: dict[str, str] = {Party.Kind.PERSON: UserKind.PERSON, Party.Kind.HOUSEHOLD: UserKind.HOUSEHOLD}


@dataclass(frozen=True)
class Named:
    """A parcel as written down: commune's code, sheet and number, cleaned of words and leading zeros."""

    commune: str
    sheet: str
    number: str

    def __str__(self) -> str:
        return f"thửa {self.number}, tờ {self.sheet}"

    @classmethod
    def of(cls, commune: Any, row: Mapping[str, Any]) -> "Named":
        return cls(str(commune or ""), _bare(row.get("map_sheet")), _bare(row.get("parcel_number")))

    def parcel(self) -> Parcel | None:
        """By today's numbers, ended parcels included; then by what they were called before 2025-07-01."""
        if not self.number.isdigit():
            return None
        codes = [parcel_code(self.commune, self.sheet, self.number)]
        codes += [parcel_code(each, self.sheet, self.number) for each in successors(self.commune, TWO_TIERS - timedelta(days=1))]
        found = Parcel.objects.filter(code__in=codes).select_related("user").first()
        old = Q(old_commune_code=self.commune, old_sheet_number=self.sheet, old_parcel_number=self.number)
        return found or Parcel.objects.filter(old).filter(held_today()).select_related("user").first()


def _bare(text: Any) -> str:
    """`Tờ số 05` -> `5`."""
    found = re.search(r"[0-9][0-9A-Za-z./-]*", str(text or ""))
    return found[0].lstrip("0") or "0" if found else ""


def certificate(serial: Any) -> LandCertificate | None:
    """By its serial, written with or without a space."""
    written = re.sub(r"[^0-9A-ZĐ]", "", str(serial or "").upper())
    found = re.fullmatch(r"([A-ZĐ]{1,2})([0-9]{6,8})", written)
    forms = [written, f"{found[1]} {found[2]}"] if found else [written]
    return LandCertificate.objects.filter(serial__in=forms).select_related("parcel", "user").first()


def is_holder(parcel: Parcel, party: Party) -> bool:
    """Whether a party has a right to the parcel today, by its account or by its number."""
    who = Q(user__party=party)
    if party.identifier:
        who |= Q(user__id_number=party.identifier) | Q(user__spouse_id_number=party.identifier)
    return LandRight.objects.filter(held_today(), who, parcel=parcel).exists()


def user_of(change: Changing, party: Party, commune_code: str) -> LandUser:
    """The land user that a party is; entered now when it is none yet."""
    known = LandUser.objects.filter(held_today(), party=party).first()
    return known or person(
        change, party.name, party.identifier, commune_code, party=party, kind=KINDS.get(party.kind, UserKind.ORGANISATION)
    )


def person(
    change: Changing, name: str, id_number: str, commune_code: str, *, party: Party | None = None, kind: str = UserKind.PERSON
) -> LandUser:
    """The land user of a number; entered now when nobody has it."""
    known = LandUser.objects.filter(held_today(), id_number=id_number).first() if id_number else None
    if known is not None:
        return known if party is None or known.party_id else change.amend(known, party=party)
    values: dict[str, Any] = {"birth_year": party.birth_date.year if party and party.birth_date else None}
    values |= {"address": party.address if party else "", "is_demo": party.is_demo if party else False}
    return change.add(LandUser, kind=kind, name=name, id_number=id_number, commune_code=commune_code, party=party, **values)


def present_land_type(code: str, day: date) -> str | None:
    """The code of the list in force on `day`: itself, or the one that it became; None when that is not said."""
    known = CatalogueItem.objects.filter(catalogue__code="loai-dat", code=code)
    if known.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)).exists():
        return code
    for item in known:
        became = (item.attributes or {}).get("became") or []
        if len(became) == 1:
            return str(became[0])
    return None
