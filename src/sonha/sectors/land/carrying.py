"""What goes over to new parcels and holders: numbers, purposes, rights, assets, limits, certificates. Steps of the acts in services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import shapely
from django.db.models import Max
from django.utils.translation import gettext as _

from sonha.registry.records.services import Changing
from sonha.sectors.land.acting import Act, Refused
from sonha.sectors.land.codes import CertificateState, RightKind
from sonha.sectors.land.cutting import geos_of, shares_of
from sonha.sectors.land.hindrances import held_today
from sonha.sectors.land.identification import identification_codes
from sonha.sectors.land.models import LandAsset, LandCertificate, LandRestriction, LandRight, LandUse, LandUser, Parcel


@dataclass
class Held:
    """What hangs on parcels today."""

    rights: list[LandRight]
    uses: list[LandUse]
    assets: list[LandAsset]
    restrictions: list[LandRestriction]
    certificates: list[LandCertificate]

    @classmethod
    def of(cls, parcels: Sequence[Parcel]) -> "Held":
        def all_of(model: Any) -> list[Any]:
            return list(model.objects.filter(held_today(), parcel__in=parcels).order_by("pk"))

        certificates = [each for each in all_of(LandCertificate) if each.state == CertificateState.IN_USE]
        return cls(all_of(LandRight), all_of(LandUse), all_of(LandAsset), all_of(LandRestriction), certificates)

    def end(self, change: Changing, day: date) -> None:
        for row in (*self.rights, *self.uses, *self.restrictions):
            change.end(row, day=day)


def free_numbers(parcel: Parcel, wanted: Sequence[int | None]) -> list[int]:
    """Numbers on the parcel's sheet: those asked for when free, else the next that were never given."""
    sheet = Parcel.objects.filter(commune_code=parcel.commune_code, sheet_number=parcel.sheet_number)
    following = (sheet.aggregate(last=Max("parcel_number"))["last"] or 0) + 1
    asked = [number for number in wanted if number is not None]
    taken = set(sheet.filter(parcel_number__in=asked).values_list("parcel_number", flat=True))
    if taken or len(set(asked)) < len(asked):
        named = ", ".join(map(str, sorted(taken or asked)))
        raise Refused(_("Số thửa %(numbers)s của tờ %(sheet)s đã có.") % {"numbers": named, "sheet": parcel.sheet_number})
    free = (number for number in range(following, following + 10_000) if number not in asked)
    return [next(free) if number is None else number for number in wanted]


def new_parcel(
    change: Changing, day: date, like: Parcel, shape: shapely.Polygon, area: Decimal, number: int, land_type: str, user: LandUser | None
) -> Parcel:
    kept = {name: getattr(like, name) for name in ("commune_code", "sheet_number", "old_commune_code", "address", "origin", "is_demo")}
    return change.add(
        Parcel, day=day, **kept, parcel_number=number, land_type=land_type, area=area, legal_area=area, user=user,
        identification_code=identification_codes(np.array([shape], dtype=object))[0],
        survey_document=change.change.basis_words[:200], geometry=geos_of(shape),
    )  # fmt: skip


def uses_of_piece(change: Changing, day: date, parcel: Parcel, uses: Sequence[LandUse], land_type: str | None) -> None:
    """The purposes of the parcel split, in proportion; one alone when the piece is of a land type of its own."""
    if land_type is not None and uses and land_type not in {each.land_type for each in uses}:
        uses = [uses[0]]
    if not uses:
        return
    areas = shares_of(parcel.area, [float(each.area) for each in uses])
    for each, area in zip(uses, areas, strict=True):
        add_use(change, day, parcel, each, area, land_type if len(uses) == 1 and land_type else each.land_type)


def add_use(change: Changing, day: date, parcel: Parcel, like: LandUse, area: Decimal, land_type: str) -> None:
    change.add(
        LandUse, day=day, commune_code=parcel.commune_code, parcel=parcel, land_type=land_type, area=area, form=like.form, until=like.until,
        land_origin=like.land_origin, is_demo=like.is_demo, origin=like.origin,
    )  # fmt: skip


def uses_together(change: Changing, day: date, parcel: Parcel, uses: Sequence[LandUse]) -> None:
    alike: dict[tuple[Any, ...], list[LandUse]] = {}
    for each in uses:
        alike.setdefault((each.land_type, each.form, each.until, each.land_origin), []).append(each)
    for found in alike.values():
        add_use(change, day, parcel, found[0], sum((each.area for each in found), Decimal()), found[0].land_type)


def rights_again(change: Changing, day: date, rights: Sequence[LandRight], parcel: Parcel, certificate: LandCertificate | None) -> None:
    for each in rights:
        add_right(change, day, parcel, each.kind, each.user, each.share, certificate=certificate)


def add_right(
    change: Changing, day: date, parcel: Parcel, kind: str, user: LandUser, share: Fraction, *,
    asset: LandAsset | None = None, certificate: LandCertificate | None = None,
) -> None:  # fmt: skip
    change.add(
        LandRight, day=day, commune_code=parcel.commune_code, kind=kind, user=user, parcel=None if asset else parcel, asset=asset,
        share_numerator=share.numerator, share_denominator=share.denominator, certificate=certificate, is_demo=parcel.is_demo,
        origin=parcel.origin,
    )  # fmt: skip


def pass_asset(
    change: Changing, day: date, asset: LandAsset, passing: Sequence[LandRight], receivers: Sequence[tuple[LandUser, Fraction]],
    certificate: LandCertificate | None,
) -> None:  # fmt: skip
    """What the givers own of an asset goes to the receivers in proportion."""
    givers = {each.user_id for each in passing}
    owned = [each for each in LandRight.objects.filter(held_today(), asset=asset) if each.user_id in givers]
    whole = sum((each.share for each in owned), Fraction())
    of_land = sum((share for _user, share in receivers), Fraction())
    for each in owned:
        change.end(each, day=day)
    for user, share in receivers if whole else ():
        add_right(change, day, asset.parcel, RightKind.OWN_ASSET, user, share / of_land * whole, asset=asset, certificate=certificate)


def restrict_again(change: Changing, day: date, limit: LandRestriction, parcel: Parcel) -> None:
    kept = ("kind", "in_favour_of", "document", "registered_at", "priority", "content", "until", "is_demo", "origin")
    values = {name: getattr(limit, name) for name in kept}
    change.add(LandRestriction, day=day, commune_code=parcel.commune_code, parcel=parcel, **values)


def move_assets(change: Changing, day: date, assets: Sequence[LandAsset], parcels: Sequence[Parcel]) -> None:
    """Each asset to the parcel it stands on; one without a place to the first."""
    for each in assets:
        stands = next((new for new in parcels if each.geometry and new.geometry.covers(each.geometry)), parcels[0])
        change.amend(each, day=day, parcel=stands)


def certify(
    change: Changing, act: Act, parcel: Parcel, serial: str, before: Sequence[LandCertificate], user: LandUser | None = None
) -> LandCertificate:
    return change.add(
        LandCertificate, day=act.on, commune_code=parcel.commune_code, serial=serial, issued_on=act.on,
        issuer=before[0].issuer if before else _("Văn phòng đăng ký đất đai"), user=user or parcel.user, parcel=parcel,
        replaces=before[0] if before else None, is_demo=parcel.is_demo, origin=parcel.origin,
    )  # fmt: skip


def replace_certificates(change: Changing, day: date, certificates: Sequence[LandCertificate]) -> None:
    for each in certificates:
        change.amend(each, day=day, state=CertificateState.REPLACED)
