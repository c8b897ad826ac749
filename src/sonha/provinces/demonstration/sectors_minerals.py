"""Mineral areas, licences, reserves, fees and forbidden areas for the demonstration."""

from datetime import date
from typing import Any

import shapely

from sonha.provinces.demonstration.country import TODAY, Country, Sheaf, corners, hectares, many
from sonha.sectors.minerals import models as minerals

LIMESTONE, RIVER = ((106.40, 21.55), (106.52, 21.62), (106.36, 21.62), (106.47, 21.75), (106.60, 21.72)), ("KC", "KC", "TH", "BG")
KINDS: tuple[tuple[str, str, str, float], ...] = (
    ("limestone", "III", "Mỏ đá vôi", 12),
    ("limestone", "III", "Mỏ đá vôi", 8),
    ("sand_gravel", "III", "Bãi cát, sỏi", 6),
    ("clay", "III", "Mỏ sét gạch ngói", 9),
    ("fill", "IV", "Mỏ đất san lấp", 7),
)
COAL = (106.985, 21.675)
PRICES = {"limestone": 90_000, "sand_gravel": 120_000, "clay": 60_000, "fill": 40_000}
RATES = {"limestone": 3, "sand_gravel": 5, "clay": 3, "fill": 3}
FORBIDDEN: tuple[tuple[str, str, str, tuple[float, float], float], ...] = (
    ("forbidden", "heritage", "Khu di tích, danh thắng Nhị - Tam Thanh", (106.738, 21.852), 90),
    ("forbidden", "heritage", "Khu di tích lịch sử Chi Lăng", (106.535, 21.605), 320),
    ("forbidden", "heritage", "Khu di tích khởi nghĩa Bắc Sơn", (106.315, 21.905), 150),
    ("forbidden", "forest", "Khu bảo tồn thiên nhiên Hữu Liên", (106.365, 21.665), 900),
    ("forbidden", "forest", "Rừng đặc dụng Mẫu Sơn", (106.930, 21.865), 700),
    ("forbidden", "corridor", "Hành lang đường sắt Hà Nội - Đồng Đăng, đoạn Chi Lăng", (106.590, 21.690), 60),
    ("forbidden", "corridor", "Hành lang hồ chứa Tà Keo", (106.985, 21.720), 140),
    ("temporary", "disaster", "Khu vực nguy cơ sạt lở bờ sông Kỳ Cùng, Na Sầm", (106.618, 22.055), 45),
    ("temporary", "heritage", "Khu vực đang khảo cổ Mai Pha", (106.785, 21.825), 25),
)
AREAS, EXTRACTIONS, EXPLORATIONS = 25, 15, 5


def tell(sheaf: Sheaf, country: Country) -> None:
    taken = _forbidden(sheaf, country)
    areas = [_area(sheaf, country, number, taken) for number in range(1, AREAS + 1)]
    for number, (area, shape) in enumerate(areas[:EXTRACTIONS], start=1):
        _extraction(sheaf, country, number, area, shape)
    for number, (area, shape) in enumerate(areas[EXTRACTIONS : EXTRACTIONS + EXPLORATIONS], start=1):
        _exploration(sheaf, country, number, area, shape)


def _forbidden(sheaf: Sheaf, country: Country) -> list[shapely.Polygon]:
    shapes = []
    for number, (kind, reason, name, near, size) in enumerate(FORBIDDEN, start=1):
        shape = country.field_shape(country.anywhere(near=near, spread=50), size)
        shapes.append(shape)
        sheaf.add(
            minerals.ForbiddenArea,
            date(2021, 3, 1),
            place=many(shape),
            code=f"KC-{number:02}",
            name=name,
            kind=kind,
            reason=reason,
            decision="Quyết định phê duyệt khu vực cấm, tạm thời cấm hoạt động khoáng sản (minh hoạ)",
            area_ha=hectares(shape),
            until=date(2027, 12, 31) if kind == "temporary" else None,
        )
    return shapes


def _place(country: Country, mineral: str, size: float, taken: list[shapely.Polygon]) -> shapely.Polygon:
    """An area that meets none of those before it."""
    chance = country.chance
    while True:
        if mineral == "sand_gravel":
            _reach, point, _share = country.beside(chance.choice(RIVER), 60, 220)
        elif mineral == "limestone":
            point = country.anywhere(near=chance.choice(LIMESTONE), spread=4_500)
        else:
            point = country.anywhere(near=chance.choice((*LIMESTONE, COAL)), spread=9_000)
        shape = country.field_shape(point, size * chance.uniform(0.6, 1.6))
        if country.outline.contains(shape) and not any(shape.intersects(each) for each in taken):
            taken.append(shape)
            return shape


def _area(sheaf: Sheaf, country: Country, number: int, taken: list[shapely.Polygon]) -> tuple[Any, shapely.Polygon]:
    chance = country.chance
    mineral, group, name, size = KINDS[(number - 1) % len(KINDS)]
    shape = _place(country, mineral, size * 1.5, taken)
    planning = "extraction" if number <= EXTRACTIONS else chance.choice(("exploration", "exploration", "reserve", "scattered"))
    row = sheaf.add(
        minerals.MineralArea,
        date(2024, 3, 29),
        place=many(shape),
        code=f"QH-{number:02}",
        name=f"{name} {country.commune(shape)[1]} {number}",
        mineral=mineral,
        group=group,
        planning=planning,
        access=chance.choice(("auction", "no_auction")),
        decision="Quyết định số 236/QĐ-TTg ngày 19/3/2024 (quy hoạch tỉnh, số liệu minh hoạ)",
        area_ha=hectares(shape),
        corners=corners(shape),
        resource_m3=round(shape.area * chance.uniform(15, 40)),
    )
    return row, shape


def _inner(shape: shapely.Polygon, share: float) -> shapely.Polygon:
    centre = shape.centroid
    return shapely.Polygon(
        [(round(centre.x + (x - centre.x) * share, 2), round(centre.y + (y - centre.y) * share, 2)) for x, y in shape.exterior.coords]
    )


def _extraction(sheaf: Sheaf, country: Country, number: int, area: Any, around: shapely.Polygon) -> None:
    chance, shape = country.chance, _inner(around, 0.85)
    day, owner, years = country.day(2012, 2025), country.business(), chance.randint(8, 28)
    until = date(day.year + years, day.month, min(day.day, 28))
    reserve = round(shape.area * chance.uniform(18, 35))
    extractable = round(reserve * chance.uniform(0.7, 0.9))
    state = "expired" if until < TODAY else "suspended" if number == 4 else "in_force"
    top = chance.randint(280, 420)
    licence = sheaf.add(
        minerals.ExtractionLicence,
        day,
        place=many(shape),
        number=f"{10 + number}/GP-UBND",
        issued_on=day,
        expires_on=until,
        issuer="Uỷ ban nhân dân tỉnh Lạng Sơn",
        holder=owner,
        holder_name=owner.name,
        state=state,
        works_name=area.name,
        area=area,
        mineral=area.mineral,
        group=area.group,
        area_ha=hectares(shape),
        level_from=top,
        level_to=top - chance.randint(30, 120),
        reserve_decision=f"{400 + number}/QĐ-UBND",
        reserve_m3=reserve,
        extractable_m3=extractable,
        capacity=round(extractable / years),
        years=years,
        method="river" if area.mineral == "sand_gravel" else "open",
        director=country.person(),
        deposit=round(shape.area * 12_000, -6),
        corners=corners(shape),
    )
    _reserves(sheaf, country, number, licence, reserve)
    _fee(sheaf, country, number, licence, extractable, day)
    if number % 6 == 0:
        _closure(sheaf, country, number, licence, shape)


def _reserves(sheaf: Sheaf, country: Country, number: int, licence: Any, reserve: int) -> None:
    chance, mined_in_all, lost_in_all = country.chance, 0, 0
    for year in (2023, 2024, 2025):
        mined = round(float(licence.capacity) * chance.uniform(0.5, 1.02))
        lost = round(mined * 0.03)
        mined_in_all, lost_in_all = mined_in_all + mined, lost_in_all + lost
        sheaf.add(
            minerals.ProductionReport,
            date(year + 1, 2, 1),
            licence=licence,
            year=year,
            mined_m3=mined,
            lost_m3=lost,
            sold_m3=round(mined * 0.95),
            revenue=mined * PRICES[licence.mineral],
            resource_tax=round(mined * PRICES[licence.mineral] * 0.1),
            workers=chance.randint(8, 60),
            reported_on=date(year + 1, 1, 28),
            commune_code=licence.commune_code,
        )
    blocks = (("121", 0.4, mined_in_all, lost_in_all), ("122", 0.6, 0, 0))
    for reserve_class, share, mined, lost in blocks:
        approved = max(round(reserve * share), mined + lost)
        sheaf.add(
            minerals.Reserve,
            licence.valid_from,
            code=f"TL-{number:02}-{reserve_class}",
            works_name=licence.works_name,
            licence=licence,
            mineral=licence.mineral,
            reserve_class=reserve_class,
            decision=licence.reserve_decision,
            approved_on=licence.issued_on,
            approved_m3=approved,
            mined_m3=mined,
            lost_m3=lost,
            remaining_m3=approved - mined - lost,
            commune_code=licence.commune_code,
        )


def _fee(sheaf: Sheaf, country: Country, number: int, licence: Any, reserve: int, day: date) -> None:
    price, rate, k1, k2 = PRICES[licence.mineral], RATES[licence.mineral], 90, 95  # hundredths
    amount = round(reserve * price * k1 * k2 * rate / 1_000_000)
    sheaf.add(
        minerals.RightFee,
        day,
        decision=f"{800 + number}/QĐ-UBND",
        decided_on=day,
        licence=licence,
        reserve_m3=reserve,
        price=price,
        k1=k1 / 100,
        k2=k2 / 100,
        rate=rate,
        amount=amount,
        instalments=max(licence.years // 2, 1),
        paid=round(amount * country.chance.uniform(0.1, 0.9)),
        commune_code=licence.commune_code,
    )


def _closure(sheaf: Sheaf, country: Country, number: int, licence: Any, shape: shapely.Polygon) -> None:
    part = _inner(shape, 0.6)
    sheaf.add(
        minerals.MineClosure,
        date(2026, 3, 2),
        place=many(part),
        decision=f"{900 + number}/QĐ-UBND",
        decided_on=date(2026, 3, 2),
        works_name=licence.works_name,
        licence=licence,
        state="under_way",
        area_ha=hectares(part),
        restored_ha=round(hectares(part) * 0.4, 2),
    )


def _exploration(sheaf: Sheaf, country: Country, number: int, area: Any, around: shapely.Polygon) -> None:
    chance, shape = country.chance, _inner(around, 0.9)
    day, owner = country.day(2025, 2026), country.business()
    months = chance.randint(12, 36)
    sheaf.add(
        minerals.ExplorationLicence,
        day,
        place=many(shape),
        number=f"{60 + number}/GP-UBND",
        issued_on=day,
        expires_on=date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, min(day.day, 28)),
        issuer="Uỷ ban nhân dân tỉnh Lạng Sơn",
        holder=owner,
        holder_name=owner.name,
        state="in_force",
        works_name=area.name,
        area=area,
        mineral=area.mineral,
        group=area.group,
        area_ha=hectares(shape),
        depth=chance.randint(20, 80),
        months=months,
        project=f"Đề án thăm dò {area.name}",
        contractor="Liên đoàn địa chất (minh hoạ)",
        corners=corners(shape),
    )
