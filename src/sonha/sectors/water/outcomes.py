"""What a signed water licence writes, what follows from later acts on it, and what the registers say of an application for one (procedures
858, 860, 864, 866).
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.process.outcomes import Application, Finding, OutcomeRefused, PermitChange, on_asked, on_issued, on_permit_changed
from sonha.registry.declarations import register
from sonha.registry.records.selectors import rows
from sonha.registry.records.services import Changing
from sonha.sectors import applications
from sonha.sectors.applications import Entry, Values, answer
from sonha.sectors.findings import MOST, containing, named, readable, record_url
from sonha.sectors.life_cycle import changes_of, follow
from sonha.sectors.places import nearest, stored

from .models import Well
from .registers import SUPERVISION, AbstractionBans, DrillingLicences, RiverReaches, WastewaterDischarges, WaterLicences, Wells
from .river import along

REACH = 2_000  # metres within which an outlet belongs to a river
NEAR_RIVER = 100  # metres from a corridor at which whoever appraises should look
INFLUENCE = ((3_000, 1_000), (200, 500), (10, 200))
"""From this flow (m³ a day) on, this distance (m) around a well matters: Decree 53/2024/NĐ-CP, article 36, clause 2, which sets the
restricted zone around wells so; taken here as the distance within which other wells are shown (assumption)."""
LEAST_INFLUENCE = 100
PRACTICE = {
    "scale": "scale",
    "chief_name": "chief_name",
    "chief_years": "chief_years",
    "workers": "workers",
    "years": "task.appraise.years_proposed | years",
}


def _coded(application: Application, values: Values) -> None:
    """Codes of wells and outlets are the applicant's own (GK1): unique with the dossier's."""
    values["code"] = f"{application.code}/{values.get('code', '')}"[:40]


def _well(application: Application, values: Values) -> None:
    _coded(application, values)
    values.setdefault("kind", Well.Kind.DRILLED)
    values |= {"owner": application.owner, "owner_name": str(application.answers.get("owner_name") or application.owner.name)}


def _outlet(application: Application, values: Values) -> None:
    _coded(application, values)
    place = values.get("geometry") or stored(application.answers.get("location"))
    reach = nearest(rows(RiverReaches), place, REACH).first() if place is not None else None
    values |= {
        "geometry": place,
        "reach": reach,
        "licence_number": application.number,
        "licence_until": application.valid_to,
        "column": _column(values.get("standard", "")),
        "owner": application.owner,
        "owner_name": str(application.answers.get("owner_name") or application.owner.name),
    }


def _column(standard: str) -> str:
    """`A`, `B` or `C` as written in `QCVN 40:2011/BTNMT, cột A`; empty when none is."""
    said = standard.lower()
    return next((letter for letter in "ABC" if f"cột {letter.lower()}" in said or f"({letter.lower()})" in said), "")


def _rigs(application: Application, values: Values) -> None:
    values["rigs"] = sum(int(each.get("quantity") or 0) for each in answer(application, "rigs") or ())


def _licence(kind: str, unless: str = "") -> Entry:
    fields = {
        "works_name": "works_name",
        "flow": "task.appraise.flow_proposed | flow",
        "source_name": "aquifer | receiving_water",
        "purposes": "purposes | activity",
        "years": "task.appraise.years_proposed | years",
    }
    return Entry(WaterLicences, fields, points={"geometry": "location"}, fixed={"kind": kind}, unless=unless, finish=_needs_place)


def _needs_place(application: Application, values: Values) -> None:
    if values.get("geometry") is None:
        raise OutcomeRefused(_("Hồ sơ không có vị trí công trình; không thể ghi giấy phép vào cơ sở dữ liệu tài nguyên nước."))


def _wells(state: str) -> Entry:
    fields = {
        "code": ".code",
        "kind": "works_type",
        "aquifer": "aquifer",
        "depth": ".depth",
        "diameter": ".diameter",
        "flow": ".flow",
        "static_level": ".static_level",
        "dynamic_level": ".dynamic_level",
    }
    return Entry(
        Wells, fields, points={"geometry": ".position | location"}, fixed={"state": state}, links={"licence": WaterLicences}, licence=False,
        each="wells", finish=_well,
    )  # fmt: skip


OUTLETS = Entry(
    WastewaterDischarges,
    {
        "code": ".code",
        "name": "works_name",
        "kind": "activity",
        "receiving_water": "receiving_water",
        "flow": ".flow",
        "standard": "standard",
        "regime": ".regime",
    },
    points={"geometry": ".position | location"},
    licence=False,
    each="outlets",
    finish=_outlet,
)
DRILLING = Entry(DrillingLicences, PRACTICE, points={"geometry": "location"}, finish=_rigs)


def about_wells(actor: Actor, application: Application) -> Iterator[Finding]:
    """Zones where groundwater is forbidden or restricted, wells of others near by, protection corridors."""
    wells = answer(application, "wells") or [
        {"code": "", "position": application.answers.get("location"), "flow": answer(application, "flow")}
    ]
    placed = [(str(each.get("code") or ""), stored(each.get("position")), float(each.get("flow") or 0)) for each in wells]
    if not any(place for _code, place, _flow in placed):
        yield Finding(_("Hồ sơ chưa có vị trí giếng nên chưa đối chiếu được với vùng cấm, vùng hạn chế."), "warn")
    for code, place, flow in placed:
        if place is not None:
            label = _("Giếng %(code)s") % {"code": code} if code else _("Công trình")
            yield from _bans(actor, label, place)
            yield from _other_wells(actor, application, label, place, flow)
            yield from _corridors(actor, label, place)


def _bans(actor: Actor, label: str, place: Any) -> Iterator[Finding]:
    for row in containing(actor, AbstractionBans.code, place):
        given = {"label": label, "kind": row.get_kind_display(), "name": named(actor, AbstractionBans, row), "decision": row.decision}
        tone = "stop" if row.kind == "forbidden" else "warn"
        yield Finding(
            _("%(label)s nằm trong %(name)s (%(kind)s khai thác nước dưới đất, %(decision)s).") % given,
            tone,
            AbstractionBans.code,
            record_url(AbstractionBans, row.pk),
        )


def _other_wells(actor: Actor, application: Application, label: str, place: Any, flow: float) -> Iterator[Finding]:
    metres = next((away for least, away in INFLUENCE if flow >= least), LEAST_INFLUENCE)
    known = readable(actor, Wells.code)
    if known is None:
        return
    others = known.exclude(state="sealed").exclude(code__startswith=f"{application.code}/")
    for row in nearest(others, place, metres)[:MOST]:
        given = {"label": label, "metres": round(row.away), "code": named(actor, Wells, row), "flow": f"{row.flow:g}".replace(".", ",")}
        yield Finding(
            _("%(label)s cách giếng %(code)s %(metres)d m (giếng đó khai thác %(flow)s m³/ngày đêm).") % given,
            "warn",
            Wells.code,
            record_url(Wells, row.pk),
        )


def _corridors(actor: Actor, label: str, place: Any) -> Iterator[Finding]:
    of = register("protection_corridors")
    for row in containing(actor, of.code, place):
        given = {"label": label, "name": named(actor, of, row)}
        yield Finding(_("%(label)s nằm trong hành lang bảo vệ nguồn nước %(name)s.") % given, "warn", of.code, record_url(of, row.pk))


def about_discharge(actor: Actor, application: Application) -> Iterator[Finding]:
    """The receiving reach with its quality target, works that supply homes downstream, corridors, other outlets on the same reach."""
    outlets = answer(application, "outlets") or [{"code": "", "position": application.answers.get("location")}]
    for each in outlets:
        place = stored(each.get("position")) or stored(application.answers.get("location"))
        if place is None:
            continue
        label = _("Cửa xả %(code)s") % {"code": each.get("code")} if each.get("code") else _("Cửa xả")
        yield from _receiving(actor, label, place)
        yield from _corridors(actor, label, place)
        yield from _supply_downstream(actor, label, place)


def _receiving(actor: Actor, label: str, place: Any) -> Iterator[Finding]:
    known = readable(actor, RiverReaches.code)
    reach = nearest(known, place, REACH).first() if known is not None else None
    if reach is None:
        yield Finding(
            _("%(label)s cách mọi sông, suối trong cơ sở dữ liệu hơn 2 km; cần làm rõ nguồn tiếp nhận.") % {"label": label}, "warn"
        )
        return
    target = reach.get_quality_target_display() or _("chưa quy định mục tiêu chất lượng nước")
    others = readable(actor, WastewaterDischarges.code)
    given = {
        "label": label,
        "reach": named(actor, RiverReaches, reach),
        "metres": round(reach.away),
        "target": target,
        "count": others.filter(reach=reach).count() if others is not None else 0,
    }
    yield Finding(
        _("%(label)s ở gần đoạn %(reach)s (%(metres)d m; %(target)s); đoạn này đã có %(count)d điểm xả khác.") % given,
        "plain",
        RiverReaches.code,
        record_url(RiverReaches, reach.pk),
    )


def _supply_downstream(actor: Actor, label: str, place: Any) -> Iterator[Finding]:
    of = register("abstraction_works")
    found = along(actor, place, "downstream", 10_000, of.code)
    for each in found[:MOST]:
        if each.row.use != "domestic":
            continue
        given = {"label": label, "name": named(actor, of, each.row), "km": f"{each.metres / 1000:.1f}".replace(".", ",")}
        yield Finding(
            _("%(label)s ở thượng lưu công trình cấp nước sinh hoạt %(name)s, cách %(km)s km theo sông.") % given,
            "warn",
            of.code,
            record_url(of, each.row.pk),
        )


def wells_follow(change: Changing, act: PermitChange, licence: Any) -> None:
    """Wells go to the new holder with their licence. What a well is (in use, sealed) no act on paper says."""
    if act.act == "transfer":
        for well in rows(Wells).filter(licence=licence).order_by("pk"):
            change.amend(well, day=act.on_date, owner=act.holder, owner_name=act.holder_name)


def outlets_follow(change: Changing, act: PermitChange, licence: Any = None) -> None:
    """Outlets tell until when they are licensed, and whose they are."""
    said: Values = {}
    if act.act == "extend":
        said = {"licence_until": act.valid_to}
    elif act.act == "transfer":
        said = {"owner": act.holder, "owner_name": act.holder_name}
    if said:
        mine = rows(WastewaterDischarges).filter(licence_number=act.number)
        if act.dossier_code:
            mine = mine.filter(code__startswith=f"{act.dossier_code}/")
        for outlet in mine.order_by("pk"):
            change.amend(outlet, day=act.on_date, **said)


def outlets_of_a_permit(act: PermitChange) -> None:
    """Since 2022 the environmental permit, which another database holds, is what outlets are licensed by."""
    if act.act in ("extend", "transfer") and rows(WastewaterDischarges).filter(licence_number=act.number).exists():
        with changes_of(SUPERVISION.code, WastewaterDischarges, act) as change:
            outlets_follow(change, act)


for key, state, kind in (("groundwater_exploration", "planned", "gw_exploration"), ("groundwater_abstraction", "in_use", "groundwater")):
    on_issued(key, applications.enter(SUPERVISION.code, [_licence(kind), _wells(state)]))
    on_asked(key, about_wells)
    on_permit_changed(key, follow(SUPERVISION.code, WaterLicences, details={"flow": "flow"}, alongside=wells_follow))
on_issued("wastewater_discharge", applications.enter(SUPERVISION.code, [_licence("discharge", unless="project_group"), OUTLETS]))
on_asked("wastewater_discharge", about_discharge)
on_issued("drilling_practice", applications.enter(SUPERVISION.code, [DRILLING]))
on_permit_changed("wastewater_discharge", follow(SUPERVISION.code, WaterLicences, details={"flow": "flow"}, alongside=outlets_follow))
on_permit_changed("environmental_permit", outlets_of_a_permit)
on_permit_changed("drilling_practice", follow(SUPERVISION.code, DrillingLicences, details={"scale": "scale", "chief": "chief_name"}))
