"""Acts on the cadastre. Each is one transaction with one basis: parcels, rights, uses, assets, certificates and the book of changes follow.

Refused carries one sentence for whoever acts; nothing is left half-done. Days are those on which the act takes effect.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import shapely
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.registry.records.services import Basis, Changing, changing
from sonha.sectors.land import hindrances as against
from sonha.sectors.land.codes import CertificateState, RegistrationKind, RestrictionKind, RightKind
from sonha.sectors.land.cutting import CannotCut, geos_of, joined, shape_of, shares_of
from sonha.sectors.land.identification import identification_codes
from sonha.sectors.land.models import (
    LandAsset,
    LandCertificate,
    LandRegistration,
    LandRestriction,
    LandRight,
    LandUse,
    LandUser,
    Parcel,
    ParcelDescent,
)

LONGEST = 500


class Refused(ValueError):
    """The act cannot be done; one sentence says why."""


@dataclass(frozen=True)
class Piece:
    """A parcel that comes out of a split. What is None follows from the parcel split: the next free number, its land type and users."""

    shape: shapely.Polygon
    number: int | None = None
    land_type: str | None = None
    user: LandUser | None = None
    serial: str = ""


@dataclass(frozen=True)
class Act:
    """What all acts have: who, on which basis, on which day, for whom the system writes, where a bank's consent is written."""

    actor: Actor
    basis: Basis
    day: date | None = None
    made_by: User | None = None
    consent: str = ""

    @property
    def on(self) -> date:
        return self.day or timezone.localdate()


def split(act: Act, parcel: Parcel, pieces: Sequence[Piece]) -> list[Parcel]:
    """The parcel ends; its pieces (shapes that cover it exactly, see `cutting`) begin, with its rights, uses, assets and limits."""
    if len(pieces) < 2:
        raise Refused(_("Cần ít nhất hai thửa sau khi tách."))
    with _changing(act, "split") as change:
        old = _locked(parcel)
        _refuse(against.hindrances(old, consent=act.consent))
        if abs(sum(each.shape.area for each in pieces) - shape_of(old.geometry).area) > 0.5:
            raise Refused(_("Các thửa mới không phủ kín thửa đang tách."))
        held = _Held.of([old])
        held.end(change, act.on)
        change.end(old, day=act.on)
        areas = shares_of(old.area, [each.shape.area for each in pieces])
        numbers = _numbers(old, [each.number for each in pieces])
        made = []
        for piece, area, number in zip(pieces, areas, numbers, strict=True):
            new = _new_parcel(change, act.on, old, piece.shape, area, number, piece.land_type or old.land_type, piece.user or old.user)
            _uses(change, act.on, new, held.uses, piece.land_type)
            certificate = _certify(change, act, new, piece.serial, held.certificates) if piece.serial else None
            if piece.user is None:
                _rights_again(change, act.on, held.rights, new, certificate)
            else:
                _add_right(change, act.on, new, RightKind.USE, piece.user, Fraction(1), certificate=certificate)
            for limit in held.restrictions:
                _restrict_again(change, act.on, limit, new)
            made.append(new)
        _move_assets(change, act.on, held.assets, made)
        _replace_certificates(change, act.on, held.certificates)
        _register(change, act, RegistrationKind.SPLIT, [old], made)
        return made


def merge(act: Act, parcels: Sequence[Parcel], *, number: int | None = None, serial: str = "") -> Parcel:
    """One parcel out of several that adjoin, of the same users with the same shares and of one land type."""
    if len({each.pk for each in parcels}) < 2:
        raise Refused(_("Cần ít nhất hai thửa để hợp."))
    with _changing(act, "merge") as change:
        old = [_locked(each) for each in sorted(parcels, key=lambda each: each.pk)]
        old.sort(key=lambda each: [one.pk for one in parcels].index(each.pk))
        for each in old:
            _refuse(against.hindrances(each, consent=act.consent))
        first = old[0]
        if len({each.commune_code for each in old}) > 1:
            raise Refused(_("Các thửa không cùng một xã, phường nên không hợp được."))
        if len({each.land_type for each in old}) > 1:
            raise Refused(_("Các thửa khác loại đất nên không hợp được; cần chuyển mục đích sử dụng trước."))
        holders = [{(each.user_id, each.kind, each.share) for each in _Held.of([one]).rights} for one in old]
        if any(each != holders[0] for each in holders):
            raise Refused(_("Các thửa không cùng người sử dụng với phần quyền như nhau nên không hợp được."))
        shape = joined([shape_of(each.geometry) for each in old])
        held, of_first = _Held.of(old), _Held.of([first]).rights
        held.end(change, act.on)
        for each in old:
            change.end(each, day=act.on)
        area = sum((each.area for each in old), Decimal())
        new = _new_parcel(change, act.on, first, shape, area, _numbers(first, [number])[0], first.land_type, first.user)
        _uses_together(change, act.on, new, held.uses)
        certificate = _certify(change, act, new, serial, held.certificates) if serial else None
        _rights_again(change, act.on, of_first, new, certificate)
        for limit in held.restrictions:
            _restrict_again(change, act.on, limit, new)
        _move_assets(change, act.on, held.assets, [new])
        _replace_certificates(change, act.on, held.certificates)
        _register(change, act, RegistrationKind.MERGE, old, [new])
        return new


def transfer(
    act: Act,
    parcel: Parcel,
    receivers: Sequence[tuple[LandUser, Fraction]],
    *,
    giver: LandUser | None = None,
    kind: str = RegistrationKind.SALE,
    serial: str = "",
    content: str = "",
) -> LandRegistration:
    """The right of `giver` (default: of all users together) passes to the receivers, with the assets; shares add up to what passes."""
    with _changing(act, "transfer") as change:
        land = _locked(parcel)
        _refuse(against.hindrances(land, consent=act.consent))
        held = _Held.of([land])
        passing = [each for each in held.rights if giver is None or each.user_id == giver.pk]
        whole = sum((each.share for each in passing), Fraction())
        if not passing:
            raise Refused(_("Bên chuyển quyền không có quyền sử dụng %(parcel)s.") % {"parcel": land})
        if any(each.kind == RightKind.MANAGE for each in passing):
            raise Refused(_("%(parcel)s được giao để quản lý nên không chuyển quyền sử dụng được.") % {"parcel": land})
        if sum((share for _user, share in receivers), Fraction()) != whole:
            raise Refused(_("Các phần quyền của bên nhận cộng lại phải bằng phần quyền được chuyển (%(whole)s).") % {"whole": whole})
        parties = f"{', '.join(str(each.user) for each in passing)} → {', '.join(str(user) for user, _share in receivers)}"
        for each in passing:
            change.end(each, day=act.on)
        main = max(receivers, key=lambda each: each[1])[0]
        if giver is None or land.user_id == giver.pk:
            land = change.amend(land, day=act.on, user=main)
        certificate: LandCertificate | None = None
        if serial:
            certificate = _certify(change, act, land, serial, held.certificates, user=main)
            _replace_certificates(change, act.on, held.certificates)
        else:
            for paper in held.certificates:
                certificate = change.amend(paper, day=act.on, user=main)
        for user, share in receivers:
            _add_right(change, act.on, land, RightKind.USE, user, share, certificate=certificate)
        for asset in held.assets:
            _pass_asset(change, act.on, asset, passing, receivers, certificate)
        return _register(change, act, kind, [land], [land], content=content, parties=parties)


def mortgage(
    act: Act, parcel: Parcel, *, in_favour_of: str, document: str, content: str = "", at: datetime | None = None
) -> LandRestriction:
    """Registers a mortgage from the minute `at` (default now), after those that are there (Nghị định 99/2022/NĐ-CP, Điều 6)."""
    with _changing(act, "mortgage") as change:
        land = _locked(parcel)
        _refuse(against.hindrances(land, mortgages=False))
        there = LandRestriction.objects.filter(against.held_today(), parcel=land, kind=RestrictionKind.MORTGAGE).count()
        made = change.add(
            LandRestriction,
            day=act.on,
            commune_code=land.commune_code,
            parcel=land,
            kind=RestrictionKind.MORTGAGE,
            in_favour_of=in_favour_of,
            document=document,
            registered_at=at or timezone.now(),
            priority=there + 1,
            content=content,
        )
        _register(change, act, RegistrationKind.MORTGAGE, [land], [land], content=content, parties=in_favour_of)
        return made


def release(act: Act, restriction: LandRestriction) -> None:
    """The mortgage is paid off and struck out."""
    with _changing(act, "release") as change:
        change.end(restriction, day=act.on)
        _register(change, act, RegistrationKind.RELEASE, [restriction.parcel], [restriction.parcel], content=restriction.document)


def correct_parcel(act: Act, parcel: Parcel, **values: Any) -> Parcel:
    """What the register said of the parcel was wrong from its first day."""
    with _changing(act, "correct") as change:
        corrected = change.correct(_locked(parcel), **values)
        _register(change, act, RegistrationKind.CORRECTION, [corrected], [corrected], content=act.basis.note)
        return corrected


def renew_certificate(act: Act, certificate: LandCertificate, *, serial: str, book_number: str = "", issuer: str = "") -> LandCertificate:
    """A new certificate in place of one that was worn, lost or outdated; the rights written in it follow."""
    with _changing(act, "renew") as change:
        old = LandCertificate.objects.select_for_update().get(pk=certificate.pk)
        if old.state != CertificateState.IN_USE:
            raise Refused(_("Giấy chứng nhận %(serial)s không còn giá trị nên không cấp đổi được.") % {"serial": old.serial})
        if old.parcel is not None:
            _refuse(against.hindrances(old.parcel, mortgages=False))
        _replace_certificates(change, act.on, [old])
        new = change.add(
            LandCertificate, day=act.on, commune_code=old.commune_code, serial=serial, book_number=book_number, issued_on=act.on,
            issuer=issuer or old.issuer, user=old.user, parcel=old.parcel, replaces=old,
        )  # fmt: skip
        for right in LandRight.objects.filter(against.held_today(), certificate=old):
            change.amend(right, day=act.on, certificate=new)
        parcels = [old.parcel] if old.parcel else []
        _register(change, act, RegistrationKind.RENEWAL, parcels, parcels, content=f"{old.serial} → {new.serial}")
        return new


def note(act: Act, kind: str, parcel: Parcel, *, content: str = "", parties: str = "") -> LandRegistration:
    """Enters in the book what changes neither the parcel nor who has the right: a lease, an extension."""
    with _changing(act, kind) as change:
        land = _locked(parcel)
        _refuse(against.hindrances(land, mortgages=False))
        return _register(change, act, kind, [land], [land], content=content, parties=parties)


def note_pending(act: Act, kind: str, *, commune_code: str, before: str, content: str, parties: str = "") -> LandRegistration:
    """Enters a change of a parcel that the database does not know yet: it waits for the map to be drawn."""
    with _changing(act, kind) as change:
        return change.add(
            LandRegistration, day=act.on, number=_next_number(change, act.on), kind=kind, registered_on=act.on, commune_code=commune_code,
            dossier_code=act.basis.dossier_code, document=act.basis.number[:120], before=before[:LONGEST], content=content,
            parties=parties[:LONGEST], is_pending=True,
        )  # fmt: skip


@dataclass
class _Held:
    """What hangs on parcels today."""

    rights: list[LandRight]
    uses: list[LandUse]
    assets: list[LandAsset]
    restrictions: list[LandRestriction]
    certificates: list[LandCertificate]

    @classmethod
    def of(cls, parcels: Sequence[Parcel]) -> "_Held":
        def all_of(model: Any) -> list[Any]:
            return list(model.objects.filter(against.held_today(), parcel__in=parcels).order_by("pk"))

        certificates = [each for each in all_of(LandCertificate) if each.state == CertificateState.IN_USE]
        return cls(all_of(LandRight), all_of(LandUse), all_of(LandAsset), all_of(LandRestriction), certificates)

    def end(self, change: Changing, day: date) -> None:
        for row in (*self.rights, *self.uses, *self.restrictions):
            change.end(row, day=day)


@contextmanager
def _changing(act: Act, kind: str) -> Iterator[Changing]:
    """A change of the whole database; what its parts refuse becomes one sentence."""
    try:
        with changing("land", act.actor, act.basis, kind=kind, made_by=act.made_by) as change:
            yield change
    except CannotCut as wrong:
        raise Refused(str(wrong)) from wrong
    except ValidationError as wrong:
        raise Refused(" ".join(wrong.messages)) from wrong


def _locked(parcel: Parcel) -> Parcel:
    return Parcel.objects.select_for_update().get(pk=parcel.pk)


def _refuse(sentences: Sequence[str]) -> None:
    if sentences:
        raise Refused(" ".join(sentences))


def _numbers(parcel: Parcel, wanted: Sequence[int | None]) -> list[int]:
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


def _new_parcel(
    change: Changing, day: date, like: Parcel, shape: shapely.Polygon, area: Decimal, number: int, land_type: str, user: LandUser | None
) -> Parcel:
    kept = {name: getattr(like, name) for name in ("commune_code", "sheet_number", "old_commune_code", "address", "origin", "is_demo")}
    return change.add(
        Parcel, day=day, **kept, parcel_number=number, land_type=land_type, area=area, legal_area=area, user=user,
        identification_code=identification_codes(np.array([shape], dtype=object))[0],
        survey_document=change.change.basis_words[:200], geometry=geos_of(shape),
    )  # fmt: skip


def _uses(change: Changing, day: date, parcel: Parcel, uses: Sequence[LandUse], land_type: str | None) -> None:
    """The purposes of the parcel split, in proportion; one alone when the piece is of a land type of its own."""
    if land_type is not None and uses and land_type not in {each.land_type for each in uses}:
        uses = [uses[0]]
    if not uses:
        return
    areas = shares_of(parcel.area, [float(each.area) for each in uses])
    for each, area in zip(uses, areas, strict=True):
        _use(change, day, parcel, each, area, land_type if len(uses) == 1 and land_type else each.land_type)


def _use(change: Changing, day: date, parcel: Parcel, like: LandUse, area: Decimal, land_type: str) -> None:
    change.add(
        LandUse, day=day, commune_code=parcel.commune_code, parcel=parcel, land_type=land_type, area=area, form=like.form, until=like.until,
        land_origin=like.land_origin, is_demo=like.is_demo, origin=like.origin,
    )  # fmt: skip


def _uses_together(change: Changing, day: date, parcel: Parcel, uses: Sequence[LandUse]) -> None:
    alike: dict[tuple[Any, ...], list[LandUse]] = {}
    for each in uses:
        alike.setdefault((each.land_type, each.form, each.until, each.land_origin), []).append(each)
    for found in alike.values():
        _use(change, day, parcel, found[0], sum((each.area for each in found), Decimal()), found[0].land_type)


def _rights_again(change: Changing, day: date, rights: Sequence[LandRight], parcel: Parcel, certificate: LandCertificate | None) -> None:
    for each in rights:
        _add_right(change, day, parcel, each.kind, each.user, each.share, certificate=certificate)


def _add_right(
    change: Changing, day: date, parcel: Parcel, kind: str, user: LandUser, share: Fraction, *,
    asset: LandAsset | None = None, certificate: LandCertificate | None = None,
) -> None:  # fmt: skip
    change.add(
        LandRight, day=day, commune_code=parcel.commune_code, kind=kind, user=user, parcel=None if asset else parcel, asset=asset,
        share_numerator=share.numerator, share_denominator=share.denominator, certificate=certificate, is_demo=parcel.is_demo,
        origin=parcel.origin,
    )  # fmt: skip


def _pass_asset(
    change: Changing, day: date, asset: LandAsset, passing: Sequence[LandRight], receivers: Sequence[tuple[LandUser, Fraction]],
    certificate: LandCertificate | None,
) -> None:  # fmt: skip
    """What the givers own of an asset goes to the receivers in proportion."""
    givers = {each.user_id for each in passing}
    owned = [each for each in LandRight.objects.filter(against.held_today(), asset=asset) if each.user_id in givers]
    whole = sum((each.share for each in owned), Fraction())
    of_land = sum((share for _user, share in receivers), Fraction())
    for each in owned:
        change.end(each, day=day)
    for user, share in receivers if whole else ():
        _add_right(change, day, asset.parcel, RightKind.OWN_ASSET, user, share / of_land * whole, asset=asset, certificate=certificate)


def _restrict_again(change: Changing, day: date, limit: LandRestriction, parcel: Parcel) -> None:
    kept = ("kind", "in_favour_of", "document", "registered_at", "priority", "content", "until", "is_demo", "origin")
    values = {name: getattr(limit, name) for name in kept}
    change.add(LandRestriction, day=day, commune_code=parcel.commune_code, parcel=parcel, **values)


def _move_assets(change: Changing, day: date, assets: Sequence[LandAsset], parcels: Sequence[Parcel]) -> None:
    """Each asset to the parcel it stands on; one without a place to the first."""
    for each in assets:
        stands = next((new for new in parcels if each.geometry and new.geometry.covers(each.geometry)), parcels[0])
        change.amend(each, day=day, parcel=stands)


def _certify(
    change: Changing, act: Act, parcel: Parcel, serial: str, before: Sequence[LandCertificate], user: LandUser | None = None
) -> LandCertificate:
    return change.add(
        LandCertificate, day=act.on, commune_code=parcel.commune_code, serial=serial, issued_on=act.on,
        issuer=before[0].issuer if before else _("Văn phòng đăng ký đất đai"), user=user or parcel.user, parcel=parcel,
        replaces=before[0] if before else None, is_demo=parcel.is_demo, origin=parcel.origin,
    )  # fmt: skip


def _replace_certificates(change: Changing, day: date, certificates: Sequence[LandCertificate]) -> None:
    for each in certificates:
        change.amend(each, day=day, state=CertificateState.REPLACED)


def _register(
    change: Changing, act: Act, kind: str, before: Sequence[Parcel], after: Sequence[Parcel], *, content: str = "", parties: str = ""
) -> LandRegistration:
    """The entry of the book, and which parcels came out of which."""
    entry = change.add(
        LandRegistration, day=act.on, number=_next_number(change, act.on), kind=kind, registered_on=act.on,
        commune_code=before[0].commune_code if before else "", dossier_code=act.basis.dossier_code,
        document=change.change.basis_words[:120], before=in_words(before), after=in_words(after), content=content,
        parties=parties[:LONGEST], is_demo=bool(before) and before[0].is_demo,
    )  # fmt: skip
    if {each.pk for each in before} != {each.pk for each in after}:
        ParcelDescent.objects.bulk_create(ParcelDescent(registration=entry, before=old, after=new) for old in before for new in after)
    return entry


def _next_number(change: Changing, day: date) -> str:
    return f"BĐ-{day.year}-{change.change.pk:07d}"


def in_words(parcels: Sequence[Parcel]) -> str:
    return "; ".join(f"{each} ({each.area} m²)" for each in parcels)[:LONGEST]
