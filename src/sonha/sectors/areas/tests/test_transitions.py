"""What became of an old commune, by name without marks or by code, both ways; divided ones, codes given again, and two steps in a row."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client

from sonha.foundation.access.actor import Actor
from sonha.foundation.organisations.models import AdminUnit, AdminUnitSuccession
from sonha.registry.records.services import Basis, changing
from sonha.sectors.areas.models import Commune
from sonha.sectors.areas.transitions import transitions

pytestmark = pytest.mark.django_db
PAGE = "/csdl/dia-gioi/chuyen-doi/"
FIRST, SECOND = date(2024, 12, 1), date(2025, 7, 1)
DAY = timedelta(days=1)


def unit(code: str, name: str, kind: str = "commune", **values: Any) -> AdminUnit:
    return AdminUnit.objects.create(code=code, name=name, kind=kind, **values)


def became(old: AdminUnit, new: AdminUnit, day: date, *, partial: bool = False) -> None:
    AdminUnitSuccession.objects.create(old=old, new=new, on_date=day, partial=partial, source=f"Nghị quyết ngày {day:%d/%m/%Y}")


@pytest.fixture(autouse=True)
def communes() -> dict[str, AdminUnit]:
    """Đại Đồng was divided in 2024 between Thất Khê and Quốc Khánh; in 2025 both went into communes of today, one of them with its code."""
    district = unit("180", "Huyện Tràng Định", "district", valid_to=SECOND - DAY)
    made = {
        "dai_dong": unit("06040", "Xã Đại Đồng", parent=district, valid_to=FIRST - DAY),
        "township": unit("05995", "Thị trấn Thất Khê", "township", parent=district, valid_to=SECOND - DAY),
        "khanh": unit("06025", "Xã Quốc Khánh", parent=district, valid_to=SECOND - DAY),
        "that_khe": unit("06040", "Xã Thất Khê", valid_from=SECOND),
        "quoc_khanh": unit("06025", "Xã Quốc Khánh", valid_from=SECOND),
        "alone": unit("06001", "Xã Đoàn Kết"),
    }
    became(made["dai_dong"], made["township"], FIRST, partial=True)
    became(made["dai_dong"], made["khanh"], FIRST, partial=True)
    became(made["township"], made["that_khe"], SECOND)
    became(made["khanh"], made["quoc_khanh"], SECOND)
    return made


def text(response: Any) -> str:
    return str(response.content.decode())


def told(found: list[Any]) -> list[tuple[str, str, str]]:
    return [(each.old.name, each.new.name, ", ".join(last.name for last in each.present)) for each in found]


@pytest.mark.parametrize("words", ["dai dong", "ĐẠI ĐỒNG", "Dai   Dong", "06040"])
def test_an_old_commune_is_found_by_name_without_marks_or_by_its_code(words: str) -> None:
    assert told(transitions(words, "old")) == [
        ("Xã Đại Đồng", "Thị trấn Thất Khê", "Xã Thất Khê"), ("Xã Đại Đồng", "Xã Quốc Khánh", "Xã Quốc Khánh"),
    ]  # fmt: skip


def test_the_other_way_a_commune_of_today_tells_what_it_was_made_of() -> None:
    assert told(transitions("that khe", "new")) == [
        ("Thị trấn Thất Khê", "Xã Thất Khê", "Xã Thất Khê"), ("Xã Đại Đồng", "Thị trấn Thất Khê", "Xã Thất Khê"),
    ]  # fmt: skip
    assert [each.old.name for each in transitions("06040", "new")] == ["Thị trấn Thất Khê"]
    assert len(transitions(district="180")) == 4 and transitions(district="181") == []


def test_every_old_commune_ends_in_communes_of_today() -> None:
    assert all(last.valid_to is None for each in transitions() for last in each.present)


def test_anybody_reads_it_with_its_decision_and_takes_it_home(client: Client) -> None:
    page = client.get(PAGE, {"q": "dai dong", "side": "old"})
    assert "Nghị quyết ngày 01/12/2024" in text(page) and "một phần" in text(page) and "Huyện Tràng Định" in text(page)
    assert "Không có đơn vị nào" in text(client.get(PAGE, {"q": "khong co"}))
    file = client.post(f"{PAGE}bang/?q=dai+dong&side=old", {"kind": "csv"})
    lines = file.content.decode("utf-8-sig").splitlines()
    assert [line for line in lines if line.startswith("06040")] and not [line for line in lines if line.startswith("05995")]
    assert client.post(f"{PAGE}bang/", {"kind": "exe"}).status_code == 404


def test_a_code_that_was_given_again_tells_of_both(client: Client) -> None:
    page = text(client.get(f"{PAGE}06040/"))
    assert "Mã này đã được cấp cho nhiều đơn vị" in page and "Xã Đại Đồng" in page and "Được lập từ" in page
    assert "Chưa từng được sắp xếp lại" in text(client.get(f"{PAGE}06001/"))
    assert client.get(f"{PAGE}99999/").status_code == 404 and client.get(f"{PAGE}khong-co/").status_code == 404


def test_boundaries_of_both_times_are_on_the_map(client: Client) -> None:
    shape = MultiPolygon(Polygon.from_bbox((450_000, 2_420_000, 451_000, 2_421_000)), srid=9215)
    with changing("areas", Actor.system("test"), Basis("decision", number="1/NQ"), kind="add") as change:
        for code, name, kind, since, until in (
            ("06040", "Xã Đại Đồng", "commune", date(2004, 7, 8), FIRST - DAY),
            ("06040", "Xã Thất Khê", "commune", SECOND, None),
            ("06001", "Xã Đoàn Kết", "commune", date(2004, 7, 8), None),
        ):
            row = change.add(Commune, day=since, code=code, name=name, kind=kind, geometry=shape)
            if until:
                change.end(row, day=until + DAY)
    drawn = client.get(f"{PAGE}06040/").context["features"]["features"]
    assert [each["properties"]["name"] for each in drawn] == ["Xã Thất Khê", "Xã Đại Đồng (– 30/11/2024)"]
    assert client.get(PAGE, {"q": "dai dong"}).context["features"] is not None
    assert client.get(PAGE).context["features"] is None, "the whole province is the map page's"


def test_the_database_of_areas_leads_there(client: Client) -> None:
    with changing("areas", Actor.system("test"), Basis("decision", number="1/NQ"), kind="add") as change:
        shape = MultiPolygon(Polygon.from_bbox((450_000, 2_420_000, 451_000, 2_421_000)), srid=9215)
        change.add(Commune, code="06040", name="Xã Thất Khê", kind="commune", geometry=shape)
    assert PAGE in text(client.get("/csdl/dia-gioi/"))
