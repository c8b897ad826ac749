"""What signed environmental results write, what follows from later acts on them, and what the registers say of an application (procedures
836, 848 and, since 2022, 864).
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.catalogues.selectors import name_of
from sonha.process.outcomes import Application, Finding, OutcomeRefused, on_asked, on_issued, on_permit_changed
from sonha.registry.declarations import register
from sonha.sectors import applications
from sonha.sectors.applications import Entry, Values, answer
from sonha.sectors.findings import containing, covering, named, readable, record_url
from sonha.sectors.life_cycle import follow
from sonha.sectors.places import nearest, stored

from .registers import SOURCES, EiaDecisions, EnvironmentalPermits, Facilities, HazardousWasteGenerators, HazardousWastes
from .rules import WASTE_CODE

GROUPS = "nhom-chat-thai-nguy-hai"
SAME_PLACE = 150
"""Metres within which a facility of the same owner is taken for the same."""
SENSITIVE = ("mineral_forbidden_areas", "protection_corridors")


def _needs_place(application: Application, values: Values) -> None:
    if values.get("geometry") is None:
        raise OutcomeRefused(_("Hồ sơ không có vị trí cơ sở; không thể ghi kết quả vào cơ sở dữ liệu nguồn thải."))


def _permit(application: Application, values: Values) -> None:
    _needs_place(application, values)
    values["facility"] = _facility(application, values)


def _book(application: Application, values: Values) -> None:
    _permit(application, values)
    values.setdefault("total_kg", sum(float(each.get("quantity") or 0) for each in answer(application, "wastes") or ()))
    values["total_kg"] = applications.converted(HazardousWasteGenerators.model._meta.get_field("total_kg"), values["total_kg"])


def _waste(application: Application, values: Values) -> None:
    values["group"] = str(values.get("code", ""))[:2]


def _facility(application: Application, values: Values) -> object:
    """The facility of that owner at that place, when the register has it."""
    known = Facilities.model._default_manager.filter(owner=application.owner)
    return nearest(known, values["geometry"], SAME_PLACE).first()


EIA = Entry(
    EiaDecisions,
    {
        "works_name": "works_name",
        "sector": "sector",
        "group": "project_group",
        "capacity": "capacity",
        "land_ha": "land_area",
        "forest_ha": "forest_area",
        "rice_ha": "rice_area",
        "wastewater": "wastewater",
        "hazardous_kg": "hazardous_waste",
        "consultant": "consultant",
        "measures": "measures",
    },
    points={"geometry": "location"},
    areas={"area": "area_polygon"},
    finish=_needs_place,
)
PERMIT = Entry(
    EnvironmentalPermits,
    {
        "works_name": "works_name",
        "group": "project_group",
        "flow": "task.appraise.flow_proposed | flow",
        "receiving_water": "receiving_water",
        "standard": "standard",
        "has_emission": "has_emission",
        "hazardous_kg": "hazardous_waste",
        "solid_kg": "solid_waste",
        "eia_number": "eia_number",
    },
    points={"geometry": "location"},
    when="project_group",  # asked since the Law 72/2020/QH14; before, the same procedure gave a licence of water resources
    finish=_permit,
)
BOOK = Entry(
    HazardousWasteGenerators,
    {
        "works_name": "works_name",
        "activity": "activity",
        "total_kg": "total",
        "storage_m2": "storage_area",
        "self_treatment": "self_treatment",
        "transporter": "transporter",
    },
    points={"geometry": "location"},
    number_path="old_code",
    finish=_book,
)
WASTES = Entry(
    HazardousWastes,
    {"code": ".code", "name": ".name", "state": ".state", "quantity": ".quantity", "treatment": ".treatment"},
    links={"book": HazardousWasteGenerators},
    licence=False,
    each="wastes",
    finish=_waste,
)


def about_place(actor: Actor, application: Application) -> Iterator[Finding]:
    """Sensitive areas that the project touches, and facilities near by."""
    area = stored(application.answers.get("area_polygon"), areas=True)
    place = stored(application.answers.get("location"))
    if area is not None:
        for code in SENSITIVE:
            yield from covering(actor, code, area, "warn")
    elif place is not None:
        for code in SENSITIVE:
            for row in containing(actor, code, place):
                of = register(code)
                given = {"name": named(actor, of, row), "register": of.title}
                yield Finding(_("Vị trí dự án nằm trong %(name)s («%(register)s»).") % given, "warn", code, record_url(of, row.pk))
    known = readable(actor, Facilities.code)
    if place is not None and known is not None:
        for row in nearest(known.exclude(owner=application.owner), place, 500)[:5]:
            given = {"name": named(actor, Facilities, row), "metres": round(row.away), "sector": row.get_sector_display()}
            sentence = _("Cách %(name)s (%(sector)s) %(metres)d m.") % given
            yield Finding(sentence, "plain", Facilities.code, record_url(Facilities, row.pk))


def about_wastes(actor: Actor, application: Application) -> Iterator[Finding]:
    """Whether every waste code is of a known group, and what the register already holds of that owner."""
    for each in answer(application, "wastes") or ():
        code = str(each.get("code") or "")
        if not re.fullmatch(WASTE_CODE, code) or name_of(GROUPS, code[:2]) == code[:2]:
            said = _("Mã chất thải nguy hại «%(code)s» không thuộc nhóm nào của danh mục.") % {"code": code}
            yield Finding(said, "warn", HazardousWastes.code)
    held = readable(actor, HazardousWasteGenerators.code)
    if held is not None:
        for row in held.filter(holder=application.owner, state="in_force")[:5]:
            given = {"number": row.number, "works": row.works_name}
            sentence = _("Chủ nguồn thải đã có Sổ đăng ký %(number)s cho cơ sở %(works)s.") % given
            yield Finding(sentence, "plain", HazardousWasteGenerators.code, record_url(HazardousWasteGenerators, row.pk))


on_issued("eia_appraisal", applications.enter(SOURCES.code, [EIA]))
on_asked("eia_appraisal", about_place)
on_issued("hazardous_waste_generator", applications.enter(SOURCES.code, [BOOK, WASTES]))
on_asked("hazardous_waste_generator", about_wastes)
on_issued("wastewater_discharge", applications.enter(SOURCES.code, [PERMIT]))
on_asked("wastewater_discharge", about_place)
on_permit_changed("eia_approval", follow(SOURCES.code, EiaDecisions, details={"capacity": "capacity", "measures": "measures"}))
on_permit_changed("hazardous_waste_generator", follow(SOURCES.code, HazardousWasteGenerators, details={"activity": "activity"}))
on_permit_changed(
    "environmental_permit",
    follow(SOURCES.code, EnvironmentalPermits, details={"flow": "flow", "receiving_water": "receiving_water", "standard": "standard"}),
)
