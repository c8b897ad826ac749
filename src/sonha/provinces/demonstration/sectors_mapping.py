"""Survey marks, organisations, certificates and supplies of data for the demonstration."""

from datetime import date

import shapely

from sonha.provinces.demonstration import people
from sonha.provinces.demonstration.country import Country, Sheaf, geos, many
from sonha.sectors.mapping import models as mapping

MARKS, ORGANISATIONS, CERTIFICATES, REQUESTS = 300, 12, 25, 15
ACTIVITIES = (
    "Đo đạc, thành lập bản đồ địa chính",
    "Đo đạc, thành lập bản đồ địa hình tỷ lệ 1:2.000 và lớn hơn",
    "Khảo sát địa hình, đo đạc công trình",
    "Thành lập bản đồ hành chính",
)
NATIONAL = (("coordinate", "II"), ("coordinate", "III"), ("height", "II"), ("height", "III"), ("gravity", "III"))
PROVINCIAL = (("cadastral", "base"), ("cadastral", "base"), ("coordinate", "local"), ("height", "IV"))


def tell(sheaf: Sheaf, country: Country) -> None:
    _marks(sheaf, country)
    organisations = [_organisation(sheaf, country, number) for number in range(1, ORGANISATIONS + 1)]
    for number in range(1, CERTIFICATES + 1):
        _certificate(sheaf, country, number, organisations)
    for number in range(1, REQUESTS + 1):
        _request(sheaf, country, number)


def _marks(sheaf: Sheaf, country: Country) -> None:
    """Each fifth mark is of a national network: kept, and hidden from whoever may not read secrets."""
    chance = country.chance
    for number in range(1, MARKS + 1):
        national = number % 5 == 0
        kind, grade = chance.choice(NATIONAL if national else PROVINCIAL)
        place, built = country.anywhere(), country.day(1998, 2020)
        commune = country.commune(place)[1]
        sheaf.add(
            mapping.SurveyMark,
            date(2021, 1, 1),
            place=place,
            number=f"{'QG' if national else 'LS'}-{number:04}",
            name=f"Mốc {commune}",
            kind=kind,
            grade=grade,
            sheet=f"6{chance.randint(250, 255)} {chance.choice(('I', 'II', 'III', 'IV'))}",
            state=chance.choices(("good", "damaged", "lost", "moved"), (80, 10, 7, 3))[0],
            height=round(chance.uniform(120, 900), 3),
            built_on=built,
            checked_on=country.day(2021, 2026),
            keeper=f"Uỷ ban nhân dân {commune}",
            is_secret=national,
        )


def _organisation(sheaf: Sheaf, country: Country, number: int) -> mapping.SurveyingOrganisation:
    party, place = country.businesses[number], country.anywhere(near=(106.761, 21.853), spread=1_500)
    chance = country.chance
    row = sheaf.add(
        mapping.SurveyingOrganisation,
        date(2021, 1, 1),
        place=place,
        code=party.tax_code,
        name=party.name,
        form="enterprise",
        party=party,
        address=party.address,
        chief_name=country.person(),
        staff=chance.randint(4, 30),
        equipment="Máy toàn đạc điện tử, máy thu GNSS, UAV",
    )
    day = country.day(2021, 2025)
    sheaf.add(
        mapping.SurveyingLicence,
        day,
        number=f"{number:05}",
        issued_on=day,
        expires_on=date(day.year + 5, 12, 31),
        issuer="Cục Đo đạc, Bản đồ và Thông tin địa lý Việt Nam",
        holder=party,
        holder_name=party.name,
        state="in_force",
        organisation=row,
        activities="; ".join(chance.sample(ACTIVITIES, 2)),
        commune_code=row.commune_code,
    )
    assert isinstance(row, mapping.SurveyingOrganisation)
    return row


def _certificate(sheaf: Sheaf, country: Country, number: int, organisations: list[mapping.SurveyingOrganisation]) -> None:
    chance, day = country.chance, country.day(2021, 2026)
    sheaf.add(
        mapping.PracticeCertificate,
        day,
        number=f"LSO-{number:05}",
        person_name=people.person_name(chance, "male"),
        certificate_class="II",
        content=chance.choice(ACTIVITIES),
        issued_on=day,
        expires_on=date(day.year + 5, day.month, min(day.day, 28)),
        state="in_force",
        organisation=chance.choice(organisations),
    )


def _request(sheaf: Sheaf, country: Country, number: int) -> None:
    chance, day, party = country.chance, country.day(2024, 2026), country.business()
    centre = country.anywhere()
    area = shapely.box(centre.x - 1_500, centre.y - 1_000, centre.x + 1_500, centre.y + 1_000)
    sheaf.add(
        mapping.DataRequest,
        day,
        code=f"CCDL-{day.year}-{number:03}",
        supplied_on=day,
        requester=party,
        requester_name=party.name,
        purpose=chance.choice(("planning", "construction", "cadastre", "research")),
        kinds="coordinate_points, vector_maps",
        inventory="Điểm toạ độ và mảnh bản đồ số trong khu vực (minh hoạ)",
        points=chance.randint(2, 30),
        sheets=chance.randint(1, 12),
        area=geos(many(area)),
        commune_code=country.commune(centre)[0],
    )
