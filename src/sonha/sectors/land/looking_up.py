"""What the cadastre tells whoever fills in a form (the look-up `parcel`): is there such a parcel, which are mine, how a line divides it.

Everybody is shown what the registers' grants show; nobody's name is ever told here.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import shapely
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.access.actor import Actor
from sonha.foundation.catalogues.selectors import name_of
from sonha.foundation.organisations.selectors import area_name
from sonha.foundation.ui.figures import format_number
from sonha.process.forms.sources import Answer, Asker, Cut, Own, Part, Source
from sonha.registry.grants.rights import rights
from sonha.sectors.land.codes import CertificateState
from sonha.sectors.land.cutting import CannotCut, cut_by_line, shape_of, shares_of
from sonha.sectors.land.drawing import in_vn2000, in_wgs84, shape_in_wgs84
from sonha.sectors.land.finding import Named, certificate
from sonha.sectors.land.hindrances import held_today, hindrances
from sonha.sectors.land.models import LandCertificate, Parcel
from sonha.sectors.land.registers import LandCertificates, Parcels

MOST_OWN, MOST_AROUND, NEAR = 40, 60, 25
"""Of one's own parcels and of neighbours; metres within which a parcel is a neighbour."""


def find(asker: Asker, given: Mapping[str, Any]) -> Answer | None:
    """By commune, sheet and number; else by the serial of a certificate that the asker may see."""
    parcel = _parcel(asker.actor, given)
    if parcel is not None:
        return _told(asker.actor, parcel)
    if not _is_named(given):
        return None
    named = Named.of(given.get("commune"), {"map_sheet": given.get("sheet"), "parcel_number": given.get("number")})
    sentence = _(
        "Chưa thấy thửa %(number)s, tờ bản đồ %(sheet)s ở %(place)s trong cơ sở dữ liệu địa chính."
        " Ông/bà cứ ghi theo Giấy chứng nhận; cán bộ sẽ tra tiếp."
    )
    written = {name: str(given[name]).strip()[:20] for name in ("number", "sheet")}
    told = {"number": named.number or written["number"], "sheet": named.sheet or written["sheet"], "place": _place(named.commune)}
    return Answer(sentence % told, warn=True)


def own(asker: Asker) -> Sequence[Own]:
    """The parcels that the owner of the dossier has a right to, among those that the asker may see whole."""
    parties = {asker.owner_id} if asker.owner_id else asker.actor.party_ids
    if not parties:
        return []
    holding = Q(user__party__in=parties) | Q(pk__in=Parcel.objects.filter(held_today(), rights__user__party__in=parties).values("pk"))
    mine = _readable(asker.actor).filter(held_today()).filter(holding).order_by("commune_code", "sheet_number", "parcel_number")
    seen = rights(asker.actor, Parcels)
    whole = [each for each in mine[:MOST_OWN] if "user" in seen.fields_of(each)]
    papers = _papers(asker.actor, whole)
    shown = {each.pk: seen.fields_of(each) for each in whole}
    return [Own(each.code, _in_words(each, shown[each.pk]), _values(each, papers.get(each.pk), shown[each.pk])) for each in whole]


def cut(asker: Asker, given: Mapping[str, Any], line: Mapping[str, Any]) -> Cut | None:
    """The parts on both sides of a line, with the areas that the register would write."""
    parcel = _parcel(asker.actor, given)
    if parcel is None or not {"geometry", "area"} <= rights(asker.actor, Parcels).fields_of(parcel):
        return None
    try:
        shapes = cut_by_line(shape_of(parcel.geometry), in_vn2000(line))
        areas = shares_of(parcel.area, [each.area for each in shapes])
    except CannotCut as wrong:
        return Cut(str(wrong), warn=True)
    parts = [Part(shape_in_wgs84(shape), float(area)) for shape, area in zip(shapes, areas, strict=True)]
    listed = "; ".join(f"{format_number(area)} m²" for area in areas)
    said = {"number": parcel.parcel_number, "count": len(parts), "areas": listed}
    return Cut(_("Đường vẽ chia thửa %(number)s thành %(count)d phần: %(areas)s.") % said, parts=parts)


def _is_named(given: Mapping[str, Any]) -> bool:
    return all(str(given.get(name) or "").strip() for name in ("commune", "sheet", "number"))


def _readable(actor: Actor) -> QuerySet[Parcel]:
    return Parcel.objects.filter(rights(actor, Parcels).condition()).select_related("user")


def _parcel(actor: Actor, given: Mapping[str, Any]) -> Parcel | None:
    parcel: Parcel | None = None
    if _is_named(given):
        parcel = Named.of(given["commune"], {"map_sheet": given["sheet"], "parcel_number": given["number"]}).parcel()
    elif str(given.get("serial") or "").strip():
        paper = certificate(given["serial"])
        if paper is not None and LandCertificate.objects.filter(rights(actor, LandCertificates).condition(), pk=paper.pk).exists():
            parcel = paper.parcel
    return _readable(actor).filter(pk=parcel.pk).first() if parcel is not None else None


def _papers(actor: Actor, parcels: Sequence[Parcel]) -> dict[int, LandCertificate]:
    """The certificate in use of each parcel, where the asker may see it."""
    papers = LandCertificate.objects.filter(rights(actor, LandCertificates).condition(), held_today(), state=CertificateState.IN_USE)
    return {each.parcel_id: each for each in papers.filter(parcel__in=parcels).order_by("pk") if each.parcel_id}


def _told(actor: Actor, parcel: Parcel) -> Answer:
    shown = rights(actor, Parcels).fields_of(parcel)
    paper = _papers(actor, [parcel]).get(parcel.pk)
    sentence = _in_words(parcel, shown)
    if paper is not None:
        sentence += _("; Giấy chứng nhận %(serial)s") % {"serial": paper.serial}
    against = hindrances(parcel) if "user" in shown else []
    if parcel.valid_to is not None and not against:
        against = [_("%(parcel)s không còn trên bản đồ hiện nay.") % {"parcel": parcel}]
    values = _values(parcel, paper, shown) if parcel.valid_to is None else {}
    on_map = "geometry" in shown
    around = _around(actor, parcel) if on_map else []
    return Answer(" ".join([f"{sentence}.", *against]), bool(against), values, in_wgs84(parcel.geometry) if on_map else None, around)


def _in_words(parcel: Parcel, shown: Collection[str]) -> str:
    """`Thửa 45, tờ bản đồ 12, xã Bình Gia: 320,5 m², đất ở tại nông thôn (ONT)`."""
    said = {"number": parcel.parcel_number, "sheet": parcel.sheet_number, "place": _place(parcel.commune_code)}
    facts = [f"{format_number(parcel.area)} m²"] if "area" in shown else []
    if "land_type" in shown:
        kind = name_of("loai-dat", parcel.land_type)
        facts.append(f"{kind[0].lower()}{kind[1:]} ({parcel.land_type})" if kind != parcel.land_type else kind)
    sentence = _("Thửa %(number)s, tờ bản đồ %(sheet)s, %(place)s") % said
    return f"{sentence}: {', '.join(facts)}" if facts else sentence


def _place(commune_code: str) -> str:
    """`xã Bình Gia`, within a sentence."""
    name = area_name(commune_code)
    return name[:1].lower() + name[1:]


def _values(parcel: Parcel, paper: LandCertificate | None, shown: Collection[str]) -> dict[str, Any]:
    """What may be offered to a form, of what the asker may see."""
    area = parcel.legal_area if "legal_area" in shown and parcel.legal_area else parcel.area
    values: dict[str, Any] = {"commune": parcel.commune_code, "sheet": parcel.sheet_number, "number": str(parcel.parcel_number)}
    offered = {"area": float(area), "land_type": parcel.land_type, "address": parcel.address}
    values |= {name: value for name, value in offered.items() if name in shown}
    if "geometry" in shown:
        values["point"] = shape_in_wgs84(shapely.point_on_surface(shape_of(parcel.geometry)))
    if paper is not None:
        values |= {"serial": paper.serial, "book_number": paper.book_number, "issued_on": paper.issued_on.isoformat()}
    return values


def _around(actor: Actor, parcel: Parcel) -> list[dict[str, Any]]:
    """Outlines and numbers of the neighbours, which are open to all."""
    seen = rights(actor, Parcels)
    near = _readable(actor).filter(held_today(), geometry__dwithin=(parcel.geometry, NEAR)).exclude(pk=parcel.pk)[:MOST_AROUND]
    return [{"geometry": in_wgs84(each.geometry), "label": str(each.parcel_number)} for each in near if "geometry" in seen.fields_of(each)]


SOURCE = Source(
    find,
    own,
    cut,
    title=gettext_lazy("Thửa đất trong cơ sở dữ liệu địa chính"),
    given={
        "commune": gettext_lazy("Xã, phường, thị trấn"),
        "sheet": gettext_lazy("Tờ bản đồ số"),
        "number": gettext_lazy("Thửa đất số"),
        "serial": gettext_lazy("Số phát hành Giấy chứng nhận"),
    },
    fills={
        "area": gettext_lazy("Diện tích (m²)"),
        "land_type": gettext_lazy("Mã loại đất"),
        "book_number": gettext_lazy("Số vào sổ cấp Giấy chứng nhận"),
        "issued_on": gettext_lazy("Ngày cấp Giấy chứng nhận"),
        "address": gettext_lazy("Địa chỉ thửa đất"),
        "point": gettext_lazy("Vị trí thửa đất"),
    },
)
