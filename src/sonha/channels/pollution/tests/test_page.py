"""A pollution report on the Kỳ Cùng: what the page gathers for whom, in a browser and on paper."""

from datetime import date
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, MultiPolygon, Point, Polygon
from django.test import Client
from django.urls import reverse

from sonha.channels.pollution.places import meant, pointed
from sonha.channels.pollution.reader import Reader
from sonha.channels.pollution.situation import situation
from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.foundation.catalogues.loading import load_folder
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import AdminUnit, Position, Unit
from sonha.foundation.rendering.tests.paper_reading import text_of
from sonha.registry.declarations import register
from sonha.registry.records.services import Basis, changing
from sonha.sectors.places import shown
from sonha.testing.browser import PHONE, Live

EAST, NORTH = 450_000.0, 2_420_000.0
SYSTEM = Actor.system("test")
HERE, THERE = "05977", "06040"
COLOUR = "Nước sông Kỳ Cùng đoạn cầu Kỳ Lừa đổi màu đen, cá chết"


def point(east: float, north: float = 0) -> Point:
    return Point(EAST + east, NORTH + north, srid=9215)


def box(east: float, north: float, size: float) -> Polygon:
    return Polygon.from_bbox((EAST + east, NORTH + north, EAST + east + size, NORTH + north + size))


def add(name_of_register: str, /, **values: Any) -> Any:
    of = register(name_of_register)
    if values.get("geometry") is not None and values["geometry"].srid is None:
        values["geometry"].srid = 9215
    with changing(of.database.code, SYSTEM, Basis("decision", number="1/QĐ-UBND"), kind="add") as change:
        return change.add(of.model, day=date(2024, 1, 1), **{"commune_code": HERE, **values})


@pytest.fixture
def river(db: None) -> None:
    """Water runs from west to east: two outlets above, a waterworks below, parcels on the bank."""
    load_folder(SYSTEM)
    for code, upper, lower, begin, end in (("KC-04", "A", "B", -5_000, 0), ("KC-05", "B", "C", 0, 5_000)):
        line = LineString((EAST + begin, NORTH), (EAST + end, NORTH), srid=9215)
        name = "Mai Pha - cầu Kỳ Lừa" if begin else "Cầu Kỳ Lừa - Bản Ngà"
        add("river_reaches", code=code, river="Sông Kỳ Cùng", name=name, from_node=upper, to_node=lower,
            stream_order=1, length_km=5, quality_target="A", geometry=line)  # fmt: skip
    outlet = {"kind": "production", "owner_name": "Công ty A", "standard": "QCVN 40:2011/BTNMT", "column": "B"}
    add(
        "wastewater_discharges",
        code="X1",
        name="Nhà máy giấy",
        flow=500,
        licence_number="9/GPMT",
        licence_until=date(2030, 1, 1),
        geometry=point(-1_000, 30),
        **outlet,
    )
    add("wastewater_discharges", code="X2", name="Xưởng rửa than", flow=80, geometry=point(-3_000, -40), **outlet)
    add("wastewater_discharges", code="X3", name="Lò mổ hạ lưu", flow=20, geometry=point(900, -40), commune_code=THERE, **outlet)
    add("environmental_permits", number="9/GPMT", issued_on=date(2024, 1, 1), expires_on=date(2030, 1, 1), holder_name="Công ty A",
        works_name="Nhà máy giấy", flow=300, group="II", geometry=point(-1_000, 30))  # fmt: skip
    add("abstraction_works", code="C1", name="Nhà máy nước Kỳ Lừa", kind="pumping", use="domestic", owner_name="Công ty nước",
        capacity=9000, households=4200, protected_m=200, geometry=point(2_500, 20))  # fmt: skip
    add("monitoring_stations", code="T1", name="Trạm cầu Kỳ Cùng", kind="surface", automatic=True, geometry=point(400, 10))
    add("protection_corridors", code="H1", name="Hành lang sông Kỳ Cùng", function="pollution", width_m=20, decision="1/QĐ",
        geometry=MultiPolygon(box(1_000, 20, 800), srid=9215))  # fmt: skip
    add("mineral_forbidden_areas", code="K1", name="Di tích Nhị Thanh", kind="forbidden", reason="heritage", decision="2/QĐ", area_ha=16,
        geometry=MultiPolygon(box(-2_000, 300, 400), srid=9215))  # fmt: skip
    user = add("land_users", kind="person", name="Hoàng Văn Bền")
    add("parcels", sheet_number="5", parcel_number=17, land_type="LUK", area=1600, user=user, geometry=box(200, 10, 40))


def official(role: str, name: str = "", *, area: str = "") -> User:
    user = User.objects.create_user(name or role, None, full_name=name or role, kind="official")
    unit, _made = Unit.objects.get_or_create(
        code=f"U{area}", defaults={"name": "Sở", "kind": "department", "is_agency": True, "level": "province"}
    )
    if area:
        unit.area, unit.level = AdminUnit.objects.create(code=area, name="Xã", kind="commune"), "commune"
        unit.save()
    Position.objects.create(user=user, unit=unit, role=role, valid_from=date(2020, 1, 1))
    return user


def reader(role: str = "specialist", *, area: str = "") -> Reader:
    return Reader(Actor.of(official(role, area=area)).in_office())


def at(east: float) -> str:
    longitude, latitude = shown(point(east))["coordinates"]
    return f"{longitude:.6f},{latitude:.6f}"


def names(found: Any, key: str) -> list[str]:
    return [line.cells[0].text for line in found.table(key).lines]


@pytest.mark.django_db
def test_what_lies_above_and_below_in_the_order_of_the_water(river: None) -> None:
    place = pointed(at(0))
    assert place is not None
    found = situation(reader(), place)
    assert found is not None
    assert names(found, "discharges") == ["Nhà máy giấy", "Xưởng rửa than"]
    assert [round(line.metres, -2) for line in found.table("discharges").lines] == [1000, 3000]
    assert [line.marks for line in found.table("discharges").lines] == [["Xả vượt lưu lượng cho phép"], ["Chưa có giấy phép"]]
    assert names(found, "works") == ["Nhà máy nước Kỳ Lừa"]
    assert found.table("works").lines[0].marks == ["Cấp nước sinh hoạt"]
    assert names(found, "stations") == ["Trạm cầu Kỳ Cùng"]
    assert names(found, "corridors") == ["Hành lang sông Kỳ Cùng"]
    assert names(found, "forbidden") == ["Di tích Nhị Thanh"]
    assert [(count, area) for _name, count, area in found.banks.kinds] == [(1, 1600.0)]
    assert [line.number for table in found.tables for line in table.lines] == list(range(1, 7))


@pytest.mark.django_db
def test_a_shorter_stretch_shows_less_and_far_from_a_river_there_is_nothing(river: None) -> None:
    asked = reader()
    place = pointed(at(0))
    assert place is not None
    near = situation(asked, place, up_km=2, down_km=1)
    assert near is not None
    assert (names(near, "discharges"), names(near, "works")) == (["Nhà máy giấy"], [])
    longitude, latitude = shown(point(0, 5_000))["coordinates"]
    away = pointed(f"{longitude},{latitude}")
    assert away is not None
    assert situation(asked, away) is None


@pytest.mark.django_db
def test_who_may_not_read_people_sees_the_parcels_without_them(river: None) -> None:
    place = pointed(at(0))
    assert place is not None
    for role, shows in (("specialist", True), ("clerk", False)):
        found = situation(reader(role), place)
        assert found is not None
        assert found.banks.table is not None
        texts = [cell.text for line in found.banks.table.lines for cell in line.cells]
        assert ("Hoàng Văn Bền" in texts) is shows


@pytest.mark.django_db
def test_a_commune_official_learns_nothing_hidden_of_other_communes(river: None) -> None:
    place = pointed(at(1_500))
    assert place is not None
    found = situation(reader(area=THERE), place)
    assert found is not None
    marks = {line.cells[0].text: line.marks for line in found.table("discharges").lines}
    assert marks == {"Lò mổ hạ lưu": ["Chưa có giấy phép"], "Nhà máy giấy": [], "Xưởng rửa than": []}


@pytest.mark.django_db
def test_the_words_of_a_citizen_lead_to_the_river(river: None) -> None:
    asked = reader()
    assert meant(asked, COLOUR)[0].title.startswith("Sông Kỳ Cùng")
    assert meant(asked, "Khói ở nhà máy giấy rất hôi")[0].title == "Nhà máy giấy"
    assert meant(asked, "Mất điện cả ngày") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", ["?diem=x", "?diem=1,2", "?diem=nan,nan", "?len=-5&xuong=1e9&bo=x", "?ngay=31-12", "?noi-dung=" + "a" * 3000]
)
def test_bad_questions_get_a_page_in_words(river: None, client: Client, asked: str) -> None:
    client.force_login(official("specialist"))
    assert client.get(reverse("pollution:page") + asked).status_code == 200


@pytest.mark.django_db
def test_the_dossier_on_paper_says_the_same_and_is_logged(river: None, client: Client) -> None:
    client.force_login(official("specialist", "Lê Thị Hoa"))
    answer = client.get(reverse("pollution:dossier"), {"diem": at(0), "noi-dung": COLOUR})
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content, "-raw")
    for words in ("Nhà máy giấy", "Nhà máy nước Kỳ Lừa", "Chưa có giấy phép", "Hoàng Văn Bền", "Lê Thị Hoa", "cá chết"):
        assert words in " ".join(text.split())
    assert Event.objects.filter(verb="pollution.printed").exists()
    assert client.get(reverse("pollution:dossier")).status_code == 404
    client.logout()
    assert client.get(reverse("pollution:page")).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_in_a_browser_words_become_a_map_with_tables(live: Live, river: None) -> None:
    page = live.visitor(official("specialist"))
    page.goto("/can-bo/su-co-o-nhiem/")
    page.get_by_label("Nội dung phản ánh").fill(COLOUR)
    page.get_by_role("button", name="Xem tình hình").click()
    page.get_by_role("heading", name="Điểm xả nước thải ở thượng lưu").wait_for()
    page.locator("#pollution-map[data-ready]").wait_for()
    assert page.locator("#part-discharges").text_content() is not None
    assert page.get_by_role("link", name="Xưởng rửa than").is_visible()
    page.get_by_role("link", name="In hồ sơ cho đoàn kiểm tra").get_attribute("href")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
