"""Facilities, what they discharge and the papers they hold, for the demonstration."""

from datetime import date
from typing import Any

from sonha.provinces.demonstration.country import Country, Sheaf
from sonha.provinces.demonstration.sectors_rivers import TOWNS
from sonha.sectors.environment import models as environment

KINDS: tuple[tuple[str, str, str, float, str], ...] = (
    ("mining", "Mỏ và trạm nghiền đá", "Khai thác, chế biến đá vôi", 60, "II"),
    ("mining", "Mỏ than Na Dương (minh hoạ)", "Khai thác than nâu", 900, "I"),
    ("industry", "Nhà máy xi măng", "Sản xuất clanhke, xi măng", 250, "I"),
    ("industry", "Nhà máy chế biến gỗ", "Ván ghép thanh, dăm gỗ", 40, "II"),
    ("industry", "Nhà máy chế biến tinh bột", "Tinh bột sắn", 600, "I"),
    ("industry", "Xưởng chế biến hồi, quế", "Tinh dầu hồi", 25, "III"),
    ("construction", "Nhà máy gạch tuy nen", "Gạch đất sét nung", 20, "II"),
    ("agriculture", "Trang trại chăn nuôi lợn", "Lợn thịt 3.000 con", 90, "II"),
    ("medical", "Bệnh viện đa khoa", "Khám, chữa bệnh", 350, "II"),
    ("medical", "Trung tâm y tế khu vực", "Khám, chữa bệnh", 60, "III"),
    ("service", "Khách sạn", "Lưu trú, ăn uống", 80, "III"),
    ("service", "Chợ đầu mối cửa khẩu", "Kinh doanh chợ", 150, "II"),
    ("zone", "Cụm công nghiệp", "Hạ tầng cụm công nghiệp", 1_200, "I"),
    ("waste", "Bãi xử lý chất thải", "Chôn lấp, xử lý nước rỉ rác", 120, "I"),
    ("service", "Gara sửa chữa ô tô", "Sửa chữa, rửa xe", 12, "IV"),
)
RIVERS = ("KC", "KC", "KC", "KC", "TH", "TH", "BG", "ND", "LL", "NT", "TR", "BK")
WASTES = (
    ("17 02 03", "Dầu động cơ, hộp số và bôi trơn tổng hợp thải", "liquid"),
    ("18 02 01", "Chất hấp thụ, vật liệu lọc, giẻ lau nhiễm thành phần nguy hại", "solid"),
    ("16 01 06", "Bóng đèn huỳnh quang thải", "solid"),
    ("18 01 03", "Bao bì cứng thải bằng nhựa", "solid"),
    ("19 06 01", "Pin, ắc quy chì thải", "solid"),
    ("12 06 05", "Bùn thải từ xử lý nước thải có thành phần nguy hại", "sludge"),
)
MEDICAL = ("13 01 01", "Chất thải lây nhiễm", "solid")


def tell(sheaf: Sheaf, country: Country) -> None:
    chance = country.chance
    for number in range(1, 31):
        sector, name, activity, flow, group = KINDS[(number - 1) % len(KINDS)]
        river = "ND" if "Na Dương" in name else chance.choice(RIVERS)
        among = TOWNS if river in {"KC", "TH"} and chance.random() < 0.7 else ()
        _reach, place, _share = country.beside(river, 150, 900, among=among)
        _code, commune = country.commune(place)
        owner = country.business()
        since = country.day(2008, 2024)
        facility = sheaf.add(
            environment.Facility,
            since,
            place=place,
            code=f"CS-{number:03}",
            name=f"{name} {commune}",
            owner=owner,
            owner_name=owner.name,
            sector=sector,
            activity=activity,
            group=group,
            address=f"{commune}, tỉnh Lạng Sơn",
            since=since,
            state="operating",
            land_area=round(chance.uniform(0.3, 25), 2),
            is_serious=number in {5, 14},
        )
        _streams(sheaf, country, facility, flow, since)
        if group in {"I", "II"}:
            _papers(sheaf, country, facility, flow)
        if sector in {"industry", "mining", "construction", "waste"}:
            _stacks(sheaf, country, facility, place)
        if chance.random() < 0.7:
            _book(sheaf, country, facility)


def _streams(sheaf: Sheaf, country: Country, facility: environment.Facility, flow: float, since: date) -> None:
    chance = country.chance
    standard = "QCVN 28:2010/BTNMT, cột B" if facility.sector == "medical" else "QCVN 40:2011/BTNMT, cột B"
    listed: list[tuple[str, str, float, str, str, str]] = [
        ("wastewater", "Nước thải sản xuất, sinh hoạt", flow, "m³/ngày đêm", "Hệ thống xử lý nước thải tập trung", standard),
        ("solid", "Chất thải rắn thông thường", chance.uniform(5, 900), "tấn/năm", "Chuyển giao đơn vị có chức năng", ""),
        ("hazardous", "Chất thải nguy hại", chance.uniform(50, 4_000), "kg/năm", "Lưu giữ, chuyển giao", ""),
    ]
    if facility.sector in {"industry", "mining", "construction"}:
        listed.append(("air", "Bụi, khí thải", chance.uniform(2_000, 90_000), "Nm³/giờ", "Lọc bụi túi vải", "QCVN 19:2009/BTNMT"))
    for index, (kind, name, amount, unit, treatment, norm) in enumerate(listed, start=1):
        sheaf.add(
            environment.WasteStream,
            since,
            code=f"{facility.code}-DT{index}",
            facility=facility,
            kind=kind,
            name=name,
            amount=round(amount, 2),
            unit=unit,
            treatment=treatment,
            standard=norm,
            commune_code=facility.commune_code,
        )


def _licence(country: Country, facility: environment.Facility, number: str, first: int, last: int, years: int = 0) -> dict[str, Any]:
    day = country.day(first, last)
    return {
        "number": number,
        "issued_on": day,
        "expires_on": date(day.year + years, day.month, min(day.day, 28)) if years else None,
        "issuer": "Uỷ ban nhân dân tỉnh Lạng Sơn",
        "holder": facility.owner,
        "holder_name": facility.owner_name,
        "works_name": facility.name,
        "geometry": facility.geometry,
        "commune_code": facility.commune_code,
    }


def _papers(sheaf: Sheaf, country: Country, facility: environment.Facility, flow: float) -> None:
    order = int(facility.code[3:])
    eia = _licence(country, facility, f"{700 + order}/QĐ-UBND", 2016, 2022)
    sheaf.add(
        environment.EiaDecision,
        eia["issued_on"],
        **eia,
        sector=facility.sector,
        group=facility.group,
        capacity=facility.activity,
        land_ha=facility.land_area,
        forest_ha=0,
        rice_ha=0,
        wastewater=flow,
        consultant="Trung tâm tư vấn môi trường (minh hoạ)",
    )
    permit = _licence(country, facility, f"{20 + order}/GPMT-UBND", 2023, 2026, 7 if facility.group == "I" else 10)
    sheaf.add(
        environment.EnvironmentalPermit,
        permit["issued_on"],
        **permit,
        facility=facility,
        group=facility.group,
        flow=flow,
        receiving_water="Sông, suối gần cơ sở",
        standard="QCVN 40:2011/BTNMT, cột B",
        has_emission=facility.sector in {"industry", "mining"},
        hazardous_kg=round(country.chance.uniform(50, 4_000), 2),
        eia_number=eia["number"],
    )


def _stacks(sheaf: Sheaf, country: Country, facility: environment.Facility, place: Any) -> None:
    chance = country.chance
    for index in range(1, chance.randint(1, 2) + 1):
        sheaf.add(
            environment.EmissionStack,
            facility.valid_from,
            place=type(place)(place.x + 15 * index, place.y - 10),
            code=f"{facility.code}-OK{index}",
            facility=facility,
            name="Lò đốt, nghiền" if index == 1 else "Trạm nghiền",
            height_m=round(chance.uniform(12, 60), 1),
            diameter_m=round(chance.uniform(0.4, 2.5), 2),
            flow=round(chance.uniform(3_000, 120_000)),
            standard="QCVN 19:2009/BTNMT, cột B",
            kp=chance.choice((0.8, 0.9, 1)),
            kv=chance.choice((0.8, 1, 1.2)),
            automatic=facility.group == "I",
        )


def _book(sheaf: Sheaf, country: Country, facility: environment.Facility) -> None:
    chance, order = country.chance, int(facility.code[3:])
    chosen = chance.sample(WASTES, chance.randint(2, 4)) + ([MEDICAL] if facility.sector == "medical" else [])
    lines = [(code, name, state, round(chance.uniform(5, 900), 2)) for code, name, state in chosen]
    said = _licence(country, facility, f"20.{order:06}.T", 2016, 2021)
    book = sheaf.add(
        environment.HazardousWasteGenerator,
        said["issued_on"],
        **said,
        facility=facility,
        activity=facility.activity,
        total_kg=round(sum(each[3] for each in lines), 2),
        storage_m2=round(chance.uniform(6, 60), 1),
        self_treatment=False,
        transporter="Công ty xử lý chất thải (minh hoạ)",
    )
    for code, name, state, quantity in lines:
        sheaf.add(
            environment.HazardousWaste,
            said["issued_on"],
            book=book,
            code=code,
            group=code[:2],
            name=name,
            state=state,
            quantity=quantity,
            treatment="transfer",
            commune_code=facility.commune_code,
        )
