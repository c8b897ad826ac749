"""Works, wells, outlets and licences of water for the demonstration."""

from datetime import date
from typing import Any

from sonha.provinces.demonstration.country import TODAY, Country, Sheaf
from sonha.provinces.demonstration.sectors_rivers import TOWNS
from sonha.registry.records.services import Changing
from sonha.sectors.environment.models import EnvironmentalPermit, Facility
from sonha.sectors.water import models as water

WORKS, WELLS, OUTLETS, DRILLERS = 40, 200, 60, 8
AQUIFERS = ("khe nứt - karst C-P", "khe nứt T₂", "lỗ hổng Q", "khe nứt J")
CENTRES = (
    (106.761, 21.853),
    (106.577, 21.661),
    (106.345, 21.508),
    (106.926, 21.758),
    (106.617, 22.063),
    (106.473, 22.256),
    (106.318, 21.897),
)
PLACES: tuple[tuple[str, str, str, float], ...] = (
    ("pumping", "domestic", "Nhà máy nước", 8_000),
    ("sluice", "irrigation", "Đập dâng", 2_500),
    ("pumping", "irrigation", "Trạm bơm tưới", 3_200),
    ("reservoir", "irrigation", "Hồ chứa nước", 12_000),
    ("sluice", "power", "Thuỷ điện nhỏ", 90_000),
    ("pumping", "industry", "Trạm bơm cấp nước sản xuất", 900),
    ("spring", "domestic", "Cấp nước tự chảy", 180),
)
HOMES = ("KC-06", "KC-08", "KC-04", "KC-07", "TH-02", "TH-05")
"""Reaches from which the towns' waterworks draw."""
RECEIVING = {"mining": "mining", "medical": "medical", "service": "service", "zone": "production", "agriculture": "livestock"}
SMALL = (
    ("domestic", "Khu dân cư", 45),
    ("service", "Nhà hàng, khách sạn", 25),
    ("livestock", "Trại chăn nuôi", 30),
    ("production", "Cơ sở chế biến nông sản", 60),
    ("aquaculture", "Trại cá nước lạnh", 400),
)


def tell(sheaf: Sheaf, country: Country) -> None:
    _works(sheaf, country)
    _wells(sheaf, country)
    _outlets(sheaf, country)
    _drillers(sheaf, country)


def _licence(
    sheaf: Sheaf, country: Country, place: Any, number: str, kind: str, name: str, source: str, flow: float, owner: Any
) -> water.WaterLicence:
    day = country.day(2019, 2026)
    until = date(day.year + 10, day.month, min(day.day, 28))
    row = sheaf.add(
        water.WaterLicence,
        day,
        place=place,
        number=number,
        issued_on=day,
        expires_on=until,
        issuer="Uỷ ban nhân dân tỉnh Lạng Sơn",
        holder=owner,
        holder_name=owner.name,
        state="in_force",
        kind=kind,
        works_name=name[:200],
        source_name=source,
        flow=flow,
        years=10,
    )
    assert isinstance(row, water.WaterLicence)
    return row


def _works(sheaf: Sheaf, country: Country) -> None:
    chance = country.chance
    for number in range(1, WORKS + 1):
        kind, use, name, size = PLACES[(number - 1) % len(PLACES)]
        homes = use == "domestic" and kind == "pumping"
        home = HOMES[number // len(PLACES) % len(HOMES)]
        river = home[:2] if homes else chance.choice(("KC", "KC", "KC", "TH", "BG", "BK", "TR", "HO", "BT"))
        among = {home} if homes else TOWNS if river == "KC" and chance.random() < 0.6 else ()
        reach, place, _share = country.beside(river, 20, 260, among=among)
        owner, (_code, commune) = country.business(), country.commune(place)
        capacity = round(size * chance.uniform(0.5, 1.4), 2)
        title = f"{name} {commune}"
        licence = _licence(sheaf, country, place, f"{100 + number}/GP-UBND", "surface", title, reach.river, capacity, owner)
        sheaf.add(
            water.AbstractionWorks,
            licence.issued_on,
            place=place,
            code=f"CT-{number:03}",
            name=title,
            kind=kind,
            use=use,
            reach=reach,
            licence=licence,
            owner=owner,
            owner_name=owner.name,
            capacity=capacity,
            since=country.day(2005, 2019),
            households=chance.randint(120, 9_000) if use == "domestic" else None,
            protected_m=200 if use == "domestic" else None,
        )


def _wells(sheaf: Sheaf, country: Country) -> None:
    chance = country.chance
    for number in range(1, WELLS + 1):
        place = country.anywhere(near=chance.choice(CENTRES), spread=6_500)
        depth = round(chance.uniform(25, 110), 1)
        still = round(chance.uniform(2, min(20, depth - 5)), 2)
        flow = round(chance.choice((2, 4, 8, 15, 40, 120)) * chance.uniform(0.7, 1.3), 2)
        state = chance.choices(("in_use", "unused", "sealed", "planned"), (80, 10, 7, 3))[0]
        owner = country.business() if flow >= 10 else None
        since = country.day(2012, 2026)
        licence = None
        if owner is not None and state == "in_use":
            licence = _licence(
                sheaf, country, place, f"{300 + number}/GP-UBND", "groundwater", f"Giếng khai thác số {number}", "", flow, owner
            )
        sheaf.add(
            water.Well,
            since,
            place=place,
            code=f"G-{number:04}",
            kind="drilled_well" if depth > 30 else "dug_well",
            state=state,
            licence=licence,
            owner=owner,
            owner_name=owner.name if owner else country.person(),
            aquifer=chance.choice(AQUIFERS),
            depth=depth,
            diameter=chance.choice((90, 110, 140, 200)),
            flow=flow,
            static_level=still,
            dynamic_level=round(min(still + chance.uniform(3, 20), depth), 2),
            sealed_on=min(date(since.year + 2, 6, 1), TODAY) if state == "sealed" else None,
        )


def _outlets(sheaf: Sheaf, country: Country) -> None:
    """Each facility has one at the river below it; the rest are small."""
    chance = country.chance
    facilities = list(Facility.objects.filter(is_demo=True).order_by("code"))
    permits = {row.facility_id: row for row in EnvironmentalPermit.objects.filter(is_demo=True)}
    lines = [(reach, line) for reaches in country.rivers.values() for reach, line in reaches]
    for facility in facilities:
        at = facility.geometry
        reach, line = min(lines, key=lambda pair: pair[1].distance(type(pair[1].interpolate(0))(at.x, at.y)))
        place = line.interpolate(line.project(type(line.interpolate(0))(at.x, at.y)))
        permit = permits.get(facility.pk)
        medical = facility.sector == "medical"
        sheaf.add(
            water.WastewaterDischarge,
            facility.since or facility.valid_from,
            place=place,
            code=f"XT-{facility.code[3:]}",
            name=facility.name,
            facility_code=facility.code,
            kind=RECEIVING.get(facility.sector, "production"),
            reach=reach,
            receiving_water=reach.river,
            licence_number=permit.number if permit else "",
            licence_until=permit.expires_on if permit else None,
            owner=facility.owner,
            owner_name=facility.owner_name,
            flow=permit.flow if permit else round(chance.uniform(8, 80), 2),
            standard="QCVN 28:2010/BTNMT" if medical else "QCVN 40:2011/BTNMT",
            column="A" if reach.quality_target == "A" and chance.random() < 0.4 else "B",
            automatic=bool(permit and permit.flow and permit.flow >= 500),
        )
    for number in range(len(facilities) + 1, OUTLETS + 1):
        kind, name, size = SMALL[number % len(SMALL)]
        river = chance.choice(("KC", "KC", "KC", "LL", "NT", "TH", "BG", "MP"))
        reach, place, _share = country.beside(river, 5, 60, among=TOWNS if river == "KC" else ())
        owner = country.business()
        flow = round(size * chance.uniform(0.5, 1.6), 2)
        licensed = chance.random() < 0.6
        licence = None
        if licensed:
            licence = _licence(
                sheaf, country, place, f"{600 + number}/GP-UBND", "discharge", f"{name} số {number}", reach.river, flow, owner
            )
        sheaf.add(
            water.WastewaterDischarge,
            country.day(2010, 2025),
            place=place,
            code=f"XT-{number:03}",
            name=f"{name} {country.commune(place)[1]} {number}",
            kind=kind,
            reach=reach,
            receiving_water=reach.river,
            licence_number=licence.number if licence else "",
            licence_until=licence.expires_on if licence else None,
            owner=owner,
            owner_name=owner.name,
            flow=flow,
            standard="QCVN 14:2008/BTNMT" if kind == "domestic" else "QCVN 40:2011/BTNMT",
            column="B",
            regime="intermittent" if flow < 20 else "continuous",
        )


def _drillers(sheaf: Sheaf, country: Country) -> None:
    chance = country.chance
    for number in range(1, DRILLERS + 1):
        day, owner = country.day(2021, 2026), country.business()
        place = country.anywhere(near=chance.choice(CENTRES), spread=2_000)
        sheaf.add(
            water.DrillingLicence,
            day,
            place=place,
            number=f"{40 + number}/GP-UBND",
            issued_on=day,
            expires_on=date(day.year + 5, day.month, min(day.day, 28)),
            issuer="Uỷ ban nhân dân tỉnh Lạng Sơn",
            holder=owner,
            holder_name=owner.name,
            state="in_force",
            scale=chance.choice(("small", "small", "medium")),
            chief_name=country.person(),
            chief_years=chance.randint(3, 20),
            rigs=chance.randint(1, 4),
            workers=chance.randint(3, 15),
            years=5,
        )


def grow(change: Changing) -> None:
    """What changed since, so that looking back shows another picture: outlets that discharge more, a well that was sealed."""
    for row in water.WastewaterDischarge.objects.filter(is_demo=True).order_by("code")[:12]:
        change.amend(row, day=TODAY, flow=round(row.flow * 2, 2))
    for well in water.Well.objects.filter(is_demo=True, state="unused", valid_from__lt=TODAY).order_by("code")[:3]:
        change.amend(well, day=TODAY, state="sealed", sealed_on=TODAY)
