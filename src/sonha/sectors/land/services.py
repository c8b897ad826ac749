"""Acts on the cadastre. Each is one transaction with one basis: parcels, rights, uses, assets, certificates and the book of changes follow.

Refused carries one sentence for whoever acts; nothing is left half-done. Days are those on which the act takes effect. The steps are
in `carrying` (what goes over to new parcels and holders) and `book` (the entry); what all acts share is in `acting`.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.sectors.land.acting import Act, Piece, Refused, acting, locked, refuse
from sonha.sectors.land.book import LONGEST, enter, next_number
from sonha.sectors.land.carrying import (
    Held,
    add_right,
    certify,
    free_numbers,
    move_assets,
    new_parcel,
    pass_asset,
    replace_certificates,
    restrict_again,
    rights_again,
    uses_of_piece,
    uses_together,
)
from sonha.sectors.land.codes import CertificateState, RegistrationKind, RestrictionKind, RightKind
from sonha.sectors.land.cutting import joined, shape_of, shares_of
from sonha.sectors.land.hindrances import held_today, hindrances
from sonha.sectors.land.models import LandCertificate, LandRegistration, LandRestriction, LandRight, LandUser, Parcel


def split(act: Act, parcel: Parcel, pieces: Sequence[Piece]) -> list[Parcel]:
    """The parcel ends; its pieces (shapes that cover it exactly, see `cutting`) begin, with its rights, uses, assets and limits."""
    if len(pieces) < 2:
        raise Refused(_("Cần ít nhất hai thửa sau khi tách."))
    with acting(act, "split") as change:
        old = locked(parcel)
        refuse(hindrances(old, consent=act.consent))
        if abs(sum(each.shape.area for each in pieces) - shape_of(old.geometry).area) > 0.5:
            raise Refused(_("Các thửa mới không phủ kín thửa đang tách."))
        held = Held.of([old])
        held.end(change, act.on)
        change.end(old, day=act.on)
        areas = shares_of(old.area, [each.shape.area for each in pieces])
        numbers = free_numbers(old, [each.number for each in pieces])
        made = []
        for piece, area, number in zip(pieces, areas, numbers, strict=True):
            new = new_parcel(change, act.on, old, piece.shape, area, number, piece.land_type or old.land_type, piece.user or old.user)
            uses_of_piece(change, act.on, new, held.uses, piece.land_type)
            certificate = certify(change, act, new, piece.serial, held.certificates) if piece.serial else None
            if piece.user is None:
                rights_again(change, act.on, held.rights, new, certificate)
            else:
                add_right(change, act.on, new, RightKind.USE, piece.user, Fraction(1), certificate=certificate)
            for limit in held.restrictions:
                restrict_again(change, act.on, limit, new)
            made.append(new)
        move_assets(change, act.on, held.assets, made)
        replace_certificates(change, act.on, held.certificates)
        enter(change, act, RegistrationKind.SPLIT, [old], made)
        return made


def merge(act: Act, parcels: Sequence[Parcel], *, number: int | None = None, serial: str = "") -> Parcel:
    """One parcel out of several that adjoin, of the same users with the same shares and of one land type."""
    if len({each.pk for each in parcels}) < 2:
        raise Refused(_("Cần ít nhất hai thửa để hợp."))
    with acting(act, "merge") as change:
        old = [locked(each) for each in sorted(parcels, key=lambda each: each.pk)]
        old.sort(key=lambda each: [one.pk for one in parcels].index(each.pk))
        for each in old:
            refuse(hindrances(each, consent=act.consent))
        first = old[0]
        if len({each.commune_code for each in old}) > 1:
            raise Refused(_("Các thửa không cùng một xã, phường nên không hợp được."))
        if len({each.land_type for each in old}) > 1:
            raise Refused(_("Các thửa khác loại đất nên không hợp được; cần chuyển mục đích sử dụng trước."))
        holders = [{(each.user_id, each.kind, each.share) for each in Held.of([one]).rights} for one in old]
        if any(each != holders[0] for each in holders):
            raise Refused(_("Các thửa không cùng người sử dụng với phần quyền như nhau nên không hợp được."))
        shape = joined([shape_of(each.geometry) for each in old])
        held, of_first = Held.of(old), Held.of([first]).rights
        held.end(change, act.on)
        for each in old:
            change.end(each, day=act.on)
        area = sum((each.area for each in old), Decimal())
        new = new_parcel(change, act.on, first, shape, area, free_numbers(first, [number])[0], first.land_type, first.user)
        uses_together(change, act.on, new, held.uses)
        certificate = certify(change, act, new, serial, held.certificates) if serial else None
        rights_again(change, act.on, of_first, new, certificate)
        for limit in held.restrictions:
            restrict_again(change, act.on, limit, new)
        move_assets(change, act.on, held.assets, [new])
        replace_certificates(change, act.on, held.certificates)
        enter(change, act, RegistrationKind.MERGE, old, [new])
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
    with acting(act, "transfer") as change:
        land = locked(parcel)
        refuse(hindrances(land, consent=act.consent))
        held = Held.of([land])
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
            certificate = certify(change, act, land, serial, held.certificates, user=main)
            replace_certificates(change, act.on, held.certificates)
        else:
            for paper in held.certificates:
                certificate = change.amend(paper, day=act.on, user=main)
        for user, share in receivers:
            add_right(change, act.on, land, RightKind.USE, user, share, certificate=certificate)
        for asset in held.assets:
            pass_asset(change, act.on, asset, passing, receivers, certificate)
        return enter(change, act, kind, [land], [land], content=content, parties=parties)


def mortgage(
    act: Act, parcel: Parcel, *, in_favour_of: str, document: str, content: str = "", at: datetime | None = None
) -> LandRestriction:
    """Registers a mortgage from the minute `at` (default now), after those that are there (Nghị định 99/2022/NĐ-CP, Điều 6)."""
    with acting(act, "mortgage") as change:
        land = locked(parcel)
        refuse(hindrances(land, mortgages=False))
        there = LandRestriction.objects.filter(held_today(), parcel=land, kind=RestrictionKind.MORTGAGE).count()
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
        enter(change, act, RegistrationKind.MORTGAGE, [land], [land], content=content, parties=in_favour_of)
        return made


def release(act: Act, restriction: LandRestriction) -> None:
    """The mortgage is paid off and struck out."""
    with acting(act, "release") as change:
        change.end(restriction, day=act.on)
        enter(change, act, RegistrationKind.RELEASE, [restriction.parcel], [restriction.parcel], content=restriction.document)


def correct_parcel(act: Act, parcel: Parcel, **values: Any) -> Parcel:
    """What the register said of the parcel was wrong from its first day."""
    with acting(act, "correct") as change:
        corrected = change.correct(locked(parcel), **values)
        enter(change, act, RegistrationKind.CORRECTION, [corrected], [corrected], content=act.basis.note)
        return corrected


def renew_certificate(act: Act, certificate: LandCertificate, *, serial: str, book_number: str = "", issuer: str = "") -> LandCertificate:
    """A new certificate in place of one that was worn, lost or outdated; the rights written in it follow."""
    with acting(act, "renew") as change:
        old = LandCertificate.objects.select_for_update().get(pk=certificate.pk)
        if old.state != CertificateState.IN_USE:
            raise Refused(_("Giấy chứng nhận %(serial)s không còn giá trị nên không cấp đổi được.") % {"serial": old.serial})
        if old.parcel is not None:
            refuse(hindrances(old.parcel, mortgages=False))
        replace_certificates(change, act.on, [old])
        new = change.add(
            LandCertificate, day=act.on, commune_code=old.commune_code, serial=serial, book_number=book_number, issued_on=act.on,
            issuer=issuer or old.issuer, user=old.user, parcel=old.parcel, replaces=old,
        )  # fmt: skip
        for right in LandRight.objects.filter(held_today(), certificate=old):
            change.amend(right, day=act.on, certificate=new)
        parcels = [old.parcel] if old.parcel else []
        enter(change, act, RegistrationKind.RENEWAL, parcels, parcels, content=f"{old.serial} → {new.serial}")
        return new


def note(act: Act, kind: str, parcel: Parcel, *, content: str = "", parties: str = "") -> LandRegistration:
    """Enters in the book what changes neither the parcel nor who has the right: a lease, an extension."""
    with acting(act, kind) as change:
        land = locked(parcel)
        refuse(hindrances(land, mortgages=False))
        return enter(change, act, kind, [land], [land], content=content, parties=parties)


def note_pending(act: Act, kind: str, *, commune_code: str, before: str, content: str, parties: str = "") -> LandRegistration:
    """Enters a change of a parcel that the database does not know yet: it waits for the map to be drawn."""
    with acting(act, kind) as change:
        return change.add(
            LandRegistration, day=act.on, number=next_number(change, act.on), kind=kind, registered_on=act.on, commune_code=commune_code,
            dossier_code=act.basis.dossier_code, document=act.basis.number[:120], before=before[:LONGEST], content=content,
            parties=parties[:LONGEST], is_pending=True,
        )  # fmt: skip
