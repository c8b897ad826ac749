"""What signed results of land procedures do to the cadastre. Each runs in the transaction that issues the result.

A parcel that the database does not know yet (its commune is not digitised) cannot be drawn: the change is entered in the book as
pending, and the map follows later.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import shapely
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.process.outcomes import Application, OutcomeRefused
from sonha.registry.records.services import Basis, Changing, changing
from sonha.sectors.land import finding, services
from sonha.sectors.land.acting import Act, Piece, Refused
from sonha.sectors.land.codes import RegistrationKind
from sonha.sectors.land.cutting import CannotCut, cut_by_line, cut_by_polygons, shape_of
from sonha.sectors.land.drawing import in_vn2000
from sonha.sectors.land.finding import Named
from sonha.sectors.land.hindrances import held_today
from sonha.sectors.land.models import LandUse, LandUser, Parcel

PASSING = ("sale", "gift", "inheritance", "contribution", "couple")
"""Kinds of the transfer procedure by which the right itself passes."""


def split_or_merge(application: Application) -> None:
    """parcel_split_merge (STT 816)."""
    answers = application.answers
    named = Named.of(answers.get("location_commune"), answers)
    parcel = named.parcel()
    merging = answers.get("kind") == "merge"
    others = [Named.of(answers.get("location_commune"), row) for row in answers.get("merged_parcels") or ()] if merging else []
    found = [each.parcel() for each in others]
    kind = RegistrationKind.MERGE if merging else RegistrationKind.SPLIT
    with _in_words():
        if parcel is None or None in found:
            _pending(application, kind, [named, *others])
        elif merging:
            services.merge(_act(application), [parcel, *(each for each in found if each)], serial=_serial(application, "appraise", ""))
        else:
            services.split(_act(application), parcel, list(pieces(application, parcel)))


def pieces(application: Application, parcel: Parcel) -> Iterator[Piece]:
    """The new parcels: the boundaries drawn at the inspection, else the dividing line. Refused or CannotCut when they cannot be cut so."""
    drawn = _entered(application, "field_check").get("drawn_parcels") or []
    asked = application.answers.get("new_parcels") or []
    whole, boundaries = shape_of(parcel.geometry), [in_vn2000(row["boundary"]) for row in drawn if row.get("boundary")]
    rows: Sequence[Mapping[str, Any]] = [*(row for row in drawn if row.get("boundary")), *(row for row in drawn if not row.get("boundary"))]
    if boundaries:
        shapes = cut_by_polygons(whole, boundaries)
    elif line := dividing_line(application):
        shapes = in_order_of([row.get("area") for row in asked], cut_by_line(whole, in_vn2000(line)))
    else:
        raise Refused(_("Chưa có ranh giới thửa mới: chuyên viên cần vẽ đường tách hoặc các thửa mới ở bước kiểm tra thực địa."))
    for number, shape in enumerate(shapes):
        row = rows[number] if number < len(rows) else {}
        said = asked[number] if number < len(asked) else {}
        yield Piece(shape, _whole(row.get("number")), _land_type(row, said, parcel, application), serial=_paper(application, row, number))


def dividing_line(application: Application) -> Mapping[str, Any] | None:
    """As the inspection left it; before there was one, as the applicant drew it."""
    inspected = application.entered.get("field_check")
    line = (application.answers if inspected is None else inspected).get("split_line")
    return line if isinstance(line, Mapping) else None


def in_order_of(areas: Sequence[Any], shapes: Sequence[shapely.Polygon]) -> list[shapely.Polygon]:
    """The shapes so that the largest comes where the largest area was asked for; as they are when the areas say nothing."""
    if len(areas) != len(shapes) or any(not isinstance(area, int | float) for area in areas):
        return list(shapes)
    by_size = iter(sorted(shapes, key=lambda shape: shape.area))
    places = {place: next(by_size) for place in sorted(range(len(areas)), key=lambda place: areas[place])}
    return [places[place] for place in range(len(areas))]


def _land_type(row: Mapping[str, Any], said: Mapping[str, Any], parcel: Parcel, application: Application) -> str | None:
    """The main type of a piece, among those that the parcel has: a split is no change of purpose."""
    wanted = row.get("land_type") or said.get("land_type")
    if wanted in (None, "", "other", parcel.land_type) or application.issued_on is None:
        return None
    present = finding.present_land_type(str(wanted), application.issued_on)
    return present if LandUse.objects.filter(held_today(), parcel=parcel, land_type=present).exists() else None


def pass_on(application: Application) -> None:
    """land_transfer (STT 827): the owner of the dossier receives, with those it names beside it."""
    answers = application.answers
    named = Named.of(answers.get("location_commune"), answers)
    parcel, kind = named.parcel(), str(answers.get("kind") or "sale")
    with _in_words():
        if parcel is None or kind == "enlarge":
            _pending(application, RegistrationKind.MERGE if kind == "enlarge" else kind, [named])
            return
        if answers.get("whole") == "part":
            raise Refused(_("Chuyển quyền một phần thửa đất thì phải tách thửa trước."))
        act = _act(application)
        if kind not in PASSING:
            services.note(act, kind, parcel, content=str(answers.get("contract_number") or ""))
            return
        with _changing(act) as change:
            receivers = _receivers(change, application, parcel)
        serial = _serial(application, "appraise", application.number) if answers.get("new_certificate") else ""
        services.transfer(act, parcel, receivers, kind=kind, serial=serial, content=str(answers.get("contract_number") or ""))


def _receivers(change: Changing, application: Application, parcel: Parcel) -> list[tuple[LandUser, Fraction]]:
    """The owner and those named with it; who has no share written shares alike in what is left."""
    main = finding.user_of(change, application.owner, parcel.commune_code)
    others = [
        (
            finding.person(change, str(row.get("name") or ""), str(row.get("personal_id") or ""), parcel.commune_code),
            _share(row.get("share")),
        )
        for row in application.answers.get("owners") or ()
    ]
    left = 1 - sum((share for _user, share in others if share), Fraction())
    unsaid = 1 + sum(1 for _user, share in others if not share)
    if left <= 0:
        raise Refused(_("Phần quyền của những người cùng nhận cộng lại đã đủ 1, không còn phần cho người đứng đơn."))
    each = left / unsaid
    return [(main, each), *((user, share or each) for user, share in others)]


def _share(text: Any) -> Fraction | None:
    try:
        return Fraction(str(text).strip().replace(",", ".")) if text else None
    except (ValueError, ZeroDivisionError):
        raise Refused(_("Phần quyền “%(text)s” viết chưa đúng; ví dụ đúng: 1/2.") % {"text": text}) from None


def renew(application: Application) -> None:
    """certificate_renewal (STT 817)."""
    answers = application.answers
    paper = finding.certificate(answers.get("certificate_number"))
    with _in_words():
        if paper is None:
            _pending(application, RegistrationKind.RENEWAL, [Named.of(answers.get("location_commune"), answers)])
            return
        serial = _serial(application, "appraise", application.number)
        services.renew_certificate(_act(application), paper, serial=serial, book_number=application.number[:20])


def _act(application: Application) -> Act:
    basis = Basis(
        "decision", number=application.number, dated=application.issued_on, dossier_code=application.code, document=application.document
    )
    consent = str(_entered(application, "appraise").get("consent") or "")
    return Act(Actor.system("land"), basis, day=application.issued_on, made_by=application.issued_by, consent=consent)


def _pending(application: Application, kind: str, named: Sequence[Named]) -> None:
    act = _act(application)
    known = kind if kind in RegistrationKind.values else RegistrationKind.CORRECTION
    content = _("Thửa đất chưa có trong cơ sở dữ liệu địa chính; chờ chỉnh lý bản đồ.")
    services.note_pending(
        act, known, commune_code=named[0].commune, before="; ".join(map(str, named)), content=content, parties=application.owner.name
    )


@contextmanager
def _changing(act: Act) -> Iterator[Changing]:
    with changing("land", act.actor, act.basis, kind="add", made_by=act.made_by) as change:
        yield change


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (Refused, CannotCut) as wrong:
        raise OutcomeRefused(_("Cơ sở dữ liệu địa chính chưa nhận được kết quả này: %(why)s") % {"why": wrong}) from wrong


def _entered(application: Application, step: str) -> Mapping[str, Any]:
    return application.entered.get(step) or {}


def _serial(application: Application, step: str, otherwise: str) -> str:
    """The number printed on the blank certificate when the officer wrote it down; else the number under which it was issued."""
    return str(_entered(application, step).get("new_serial") or otherwise)[:15]


def _paper(application: Application, row: Mapping[str, Any], number: int) -> str:
    return str(row.get("new_serial") or f"{application.number[:11]}-{number + 1}")[:15]


def _whole(value: Any) -> int | None:
    return int(value) if value not in (None, "") else None
