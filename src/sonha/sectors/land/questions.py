"""What the cadastre says of an application to whoever appraises it: is the parcel there, whose is it, do areas agree."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.process.outcomes import Application, Finding
from sonha.registry.grants.rights import rights
from sonha.sectors.land.acting import Refused
from sonha.sectors.land.codes import CertificateState
from sonha.sectors.land.cutting import CannotCut, joined, shape_of, shares_of
from sonha.sectors.land.drawing import in_wgs84
from sonha.sectors.land.finding import Named, certificate, is_holder
from sonha.sectors.land.hindrances import hindrances
from sonha.sectors.land.models import Parcel
from sonha.sectors.land.outcomes import dividing_line, pieces
from sonha.sectors.land.registers import Parcels

TOLERANCE = Decimal("0.02")
"""By which an area on paper may differ from the register's; an assumption that the province confirms."""


def of_split_or_merge(actor: Actor, application: Application) -> Iterator[Finding]:
    answers = application.answers
    parcel = yield from _parcel(actor, application, Named.of(answers.get("location_commune"), answers), answers.get("area"))
    if parcel is None:
        return
    yield from _holder(actor, application, parcel)
    yield from _certificate(answers.get("certificate_number"), parcel)
    if answers.get("kind") == "merge":
        yield from _merged(actor, application, parcel)
    else:
        yield from _split(application, parcel)


def of_transfer(actor: Actor, application: Application) -> Iterator[Finding]:
    answers = application.answers
    parcel = yield from _parcel(actor, application, Named.of(answers.get("location_commune"), answers), answers.get("area"))
    if parcel is None:
        return
    yield from _certificate(answers.get("certificate_number"), parcel)
    if answers.get("whole") == "part":
        yield Finding(_("Chuyển một phần thửa đất: phải tách thửa trước khi đăng ký chuyển quyền."), "warn", Parcels.code, _url(parcel))
    giver = str(answers.get("transferor_id") or "").strip()
    numbers = {each.user.id_number for each in parcel.rights.filter(valid_to=None).select_related("user")}
    if giver and numbers and giver not in numbers:
        yield Finding(
            _("Bên chuyển quyền không phải là người có quyền sử dụng thửa đất này theo cơ sở dữ liệu."), "stop", Parcels.code, _url(parcel)
        )


def of_renewal(actor: Actor, application: Application) -> Iterator[Finding]:
    answers = application.answers
    parcel = yield from _parcel(actor, application, Named.of(answers.get("location_commune"), answers), answers.get("area"), changing=False)
    if parcel is not None:
        yield from _holder(actor, application, parcel)
        yield from _certificate(answers.get("certificate_number"), parcel)


def _parcel(actor: Actor, application: Application, named: Named, area: Any, *, changing: bool = True) -> Any:
    """Yields what is said of one parcel; returns it when it is there and still is."""
    parcel = named.parcel()
    if parcel is None:
        sentence = _("Chưa có %(parcel)s trong cơ sở dữ liệu địa chính của xã này; kết quả sẽ vào sổ biến động và chờ chỉnh lý bản đồ.")
        yield Finding(sentence % {"parcel": named}, "warn", Parcels.code)
        return None
    said = {"parcel": parcel, "area": _square(parcel.area), "type": parcel.land_type}
    yield Finding(_("%(parcel)s: %(area)s m², loại đất %(type)s.") % said, "plain", Parcels.code, _url(parcel), in_wgs84(parcel.geometry))
    consent = str((application.entered.get("appraise") or {}).get("consent") or "")
    for sentence in hindrances(parcel, consent=consent, mortgages=changing):
        yield Finding(sentence, "stop", Parcels.code, _url(parcel))
    written = _number(area)
    if written is not None and abs(written - parcel.area) > max(TOLERANCE * parcel.area, Decimal(1)):
        given = {"written": _square(written), "area": _square(parcel.area)}
        yield Finding(_("Diện tích kê khai %(written)s m², cơ sở dữ liệu ghi %(area)s m².") % given, "warn", Parcels.code, _url(parcel))
    return parcel if parcel.valid_to is None else None


def _holder(actor: Actor, application: Application, parcel: Parcel) -> Iterator[Finding]:
    if is_holder(parcel, application.owner):
        yield Finding(_("Người đề nghị là người có quyền sử dụng thửa đất."), "plain", Parcels.code, _url(parcel))
        return
    shown = "user" in rights(actor, Parcels).fields_of(parcel) and parcel.user is not None
    sentence = _("Người đề nghị không phải là người có quyền sử dụng thửa đất theo cơ sở dữ liệu.")
    if shown:
        sentence += " " + _("Cơ sở dữ liệu ghi: %(user)s.") % {"user": parcel.user}
    yield Finding(sentence, "stop", Parcels.code, _url(parcel))


def _certificate(serial: Any, parcel: Parcel) -> Iterator[Finding]:
    paper = certificate(serial)
    if paper is None:
        yield Finding(_("Chưa có Giấy chứng nhận %(serial)s trong cơ sở dữ liệu.") % {"serial": serial or ""}, "warn", "land_certificates")
    elif paper.state != CertificateState.IN_USE:
        given = {"serial": paper.serial, "state": paper.get_state_display().lower()}
        yield Finding(_("Giấy chứng nhận %(serial)s: %(state)s.") % given, "stop", "land_certificates", _paper_url(paper.pk))
    elif paper.parcel_id not in (None, parcel.pk):
        given = {"serial": paper.serial, "parcel": str(paper.parcel)}
        yield Finding(_("Giấy chứng nhận %(serial)s cấp cho %(parcel)s.") % given, "warn", "land_certificates", _paper_url(paper.pk))


def _split(application: Application, parcel: Parcel) -> Iterator[Finding]:
    areas = [_number(row.get("area")) for row in application.answers.get("new_parcels") or ()]
    together = sum((each for each in areas if each is not None), Decimal())
    if areas and abs(together - parcel.area) > max(TOLERANCE * parcel.area, Decimal(1)):
        given = {"sum": _square(together), "area": _square(parcel.area)}
        yield Finding(_("Các thửa mới cộng lại %(sum)s m², thửa đang tách %(area)s m².") % given, "warn", Parcels.code, _url(parcel))
    drawn = (application.entered.get("field_check") or {}).get("drawn_parcels")
    if not drawn and dividing_line(application) is None:
        return
    try:
        cut = list(pieces(application, parcel))
        sizes = shares_of(parcel.area, [each.shape.area for each in cut])
    except (CannotCut, Refused) as wrong:
        yield Finding(str(wrong), "stop", Parcels.code, _url(parcel))
        return
    for number, size in enumerate(sizes):
        given = {"number": str(number + 1), "area": _square(size)}
        asked = areas[number] if number < len(areas) else None
        agrees = asked is None or abs(asked - size) <= max(TOLERANCE * asked, Decimal(1))
        sentence = _("Thửa mới thứ %(number)s vẽ trên bản đồ: %(area)s m².") % given
        if not agrees and asked is not None:
            sentence += " " + _("Đơn ghi %(asked)s m².") % {"asked": _square(asked)}
        yield Finding(sentence, "plain" if agrees else "warn", Parcels.code, _url(parcel))


def _merged(actor: Actor, application: Application, parcel: Parcel) -> Iterator[Finding]:
    found = [parcel]
    for row in application.answers.get("merged_parcels") or ():
        other = yield from _parcel(actor, application, Named.of(application.answers.get("location_commune"), row), row.get("area"))
        if other is None:
            return
        if other.land_type != parcel.land_type:
            given = {"parcel": other, "type": other.land_type, "other": parcel.land_type}
            yield Finding(_("%(parcel)s là loại đất %(type)s, khác %(other)s.") % given, "stop", Parcels.code, _url(other))
        found.append(other)
    try:
        joined([shape_of(each.geometry) for each in found])
    except CannotCut as wrong:
        yield Finding(str(wrong), "stop", Parcels.code, _url(parcel))


def _url(parcel: Parcel) -> str:
    return reverse("registers:record", args=[Parcels.slug, parcel.pk])


def _paper_url(pk: int) -> str:
    return reverse("registers:record", args=["giay-chung-nhan-dat", pk])


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None


def _square(area: Decimal) -> str:
    """`1.234,5`."""
    return f"{area.quantize(Decimal('0.1')):,}".replace(",", " ").replace(".", ",").replace(" ", ".")
