"""What a signed mineral licence writes, what follows when it is suspended, transferred, revoked …, and what the registers say of an
application for one (procedures 875 and 870).
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.process.outcomes import Application, Finding, OutcomeRefused, on_asked, on_issued, on_permit_changed
from sonha.sectors import applications
from sonha.sectors.applications import Entry, answer
from sonha.sectors.findings import covering, hectares, readable
from sonha.sectors.licences import ACTIVE
from sonha.sectors.life_cycle import follow
from sonha.sectors.places import SQUARE_METRES, stored

from .registers import MINERALS, ExplorationLicences, ExtractionLicences

AREA = {"works_name": "works_name", "mineral": "mineral", "group": "mineral_group", "area_ha": "area", "corners": "corners"}
AGREES = 0.02
"""How far the area that the applicant wrote may differ from the one drawn."""


def _needs_area(application: Application, values: dict[str, Any]) -> None:
    if values.get("geometry") is None:
        raise OutcomeRefused(_("Hồ sơ không có ranh giới khu vực; không thể ghi giấy phép vào cơ sở dữ liệu khoáng sản."))


EXPLORATION = Entry(
    ExplorationLicences,
    {
        **AREA,
        "depth": "depth",
        "months": "task.appraise.months_proposed | months",
        "project": "project_name",
        "contractor": "contractor",
    },
    areas={"geometry": "location"},
    finish=_needs_area,
)
EXTRACTION = Entry(
    ExtractionLicences,
    {
        **AREA,
        "level_from": "level_from",
        "level_to": "level_to",
        "reserve_decision": "reserve_decision",
        "reserve_m3": "reserve",
        "extractable_m3": "extractable",
        "capacity": "capacity",
        "years": "task.appraise.years_proposed | years",
        "method": "method",
        "director": "director",
        "deposit": "restoration_deposit",
    },
    areas={"geometry": "location"},
    number_path="old_permit",
    finish=_needs_area,
)


def about_area(actor: Actor, application: Application) -> Iterator[Finding]:
    """Forbidden areas, licences of others and of one's own, the planning, protected waters, and the area as written and drawn.

    Law on minerals 60/2010/QH12, articles 28 and 40 (from 01/7/2025 law 54/2024/QH15): no licence in a forbidden area or in another's.
    """
    area = stored(application.answers.get("location"), areas=True)
    if area is None:
        yield Finding(_("Hồ sơ chưa có ranh giới khu vực trên bản đồ nên chưa đối chiếu được với các khu vực khác."), "warn")
        return
    yield from _as_written(application, area)
    yield from covering(actor, "mineral_forbidden_areas", area, "stop")
    for code in ("extraction_licences", "exploration_licences"):
        rows = readable(actor, code)
        if rows is not None:
            rows = rows.filter(state__in=ACTIVE)
            yield from covering(actor, code, area, "stop", rows=rows.exclude(holder=application.owner))
            yield from covering(actor, code, area, "plain", rows=rows.filter(holder=application.owner))
    yield from covering(actor, "protection_corridors", area, "warn")
    planned = list(covering(actor, "mineral_areas", area, "plain"))
    yield from planned or [Finding(_("Khu vực đề nghị không nằm trong khu vực khoáng sản nào đã được khoanh định, quy hoạch."), "warn")]


def _as_written(application: Application, area: Any) -> Iterator[Finding]:
    said, drawn = answer(application, "area"), area.area / SQUARE_METRES
    if said is not None and abs(float(said) - drawn) > AGREES * drawn:
        given = {"said": hectares(float(said)), "drawn": hectares(drawn)}
        yield Finding(_("Diện tích khai %(said)s ha, ranh giới vẽ trên bản đồ là %(drawn)s ha.") % given, "warn")


on_issued("mineral_exploration", applications.enter(MINERALS.code, [EXPLORATION]))
on_issued("mineral_extraction", applications.enter(MINERALS.code, [EXTRACTION]))
on_asked("mineral_exploration", about_area)
on_asked("mineral_extraction", about_area)
on_permit_changed("mineral_exploration", follow(MINERALS.code, ExplorationLicences, details={"area": "area_ha", "months": "months"}))
on_permit_changed(
    "mineral_extraction",
    follow(
        MINERALS.code,
        ExtractionLicences,
        details={
            "area": "area_ha",
            "level_from": "level_from",
            "level_to": "level_to",
            "reserve": "reserve_m3",
            "extractable": "extractable_m3",
            "capacity": "capacity",
        },
    ),
)
