"""Reading and writing records by REST, under the rights of the caller."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from sonha.foundation.access.tokens import issue_token
from sonha.foundation.identity.models import Party, User
from sonha.foundation.organisations.models import Position, Unit
from sonha.registry.records.models import Change
from sonha.testing.example.models import ExampleWell

pytestmark = pytest.mark.django_db
WELLS = "/api/v1/registers/example_wells"
BASIS = {"kind": "decision", "number": "12/QĐ-STNMT", "dated": "2026-01-05"}
PLACE = {"type": "Point", "coordinates": [450_000, 2_420_000]}
WELL = {"code": "G-01", "use": "home", "depth": 40.5, "owner_name": "Nông Thị Lan", "geometry": PLACE}


class Caller:
    """A program with a token."""

    def __init__(self, user: User | None, scope: str = "write", at: str = WELLS) -> None:
        self.client, self.at = Client(), at
        self.headers = {"authorization": f"Bearer {issue_token(user, f'máy {scope}', scope=scope)}"} if user else {}

    def get(self, path: str = "", status: int = 200, **query: Any) -> Any:
        return self._told(self.client.get(self.at + path, query, headers=self.headers), status)

    def send(self, path: str = "", body: Any = None, status: int = 200, method: str = "POST", key: str = "") -> Any:
        headers = {**self.headers, **({"idempotency-key": key} if key else {})}
        sent = self.client.generic(method, self.at + path, _json(body), content_type="application/json", headers=headers)
        return self._told(sent, status)

    def _told(self, answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content.decode()
        if status >= 400:
            assert answer["Content-Type"] == "application/problem+json" and answer.json()["detail"]
        return answer.json() if answer.content else None


def _json(body: Any) -> str:
    import json

    return json.dumps(body)


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(code="STNMT", name="Sở Tài nguyên và Môi trường", level=Unit.Level.PROVINCE, path="STNMT/")


def person(unit: Unit, role: str) -> User:
    user = User.objects.create_user(f"can-bo-{role}", "mat-khau-dai", full_name="Lý Văn Sơn", kind="official")
    Position.objects.create(user=user, unit=unit, role=role, title="Công chức", valid_from=date(2020, 1, 1))
    return user


@pytest.fixture
def specialist(unit: Unit) -> Caller:
    return Caller(person(unit, "specialist"))


@pytest.fixture
def public() -> Caller:
    return Caller(None)


def new(**values: Any) -> dict[str, Any]:
    return {"basis": BASIS, "values": {**WELL, **values}, "valid_from": "2020-01-01", "crs": 9215}


def test_a_record_lives_its_life(specialist: Caller) -> None:
    made = specialist.send("", new(), 201)
    pk = made["id"]
    assert made["values"]["depth"] == 40.5 and made["valid_from"] == "2020-01-01" and made["valid_to"] is None
    assert made["values"]["geometry"]["coordinates"] == pytest.approx([450_000, 2_420_000])
    change = {"basis": BASIS, "values": {"depth": 55}, "valid_from": "2024-06-01"}
    amended = specialist.send(f"/{pk}", change, method="PATCH")
    assert amended["values"]["depth"] == 55.0 and amended["values"]["code"] == "G-01"
    assert specialist.get(f"/{pk}", day="2024-05-31")["values"]["depth"] == 40.5
    corrected = {"basis": {"kind": "correction", "note": "gõ nhầm"}, "values": {"depth": 54}, "correct": True}
    assert specialist.send(f"/{pk}", corrected, method="PATCH")["valid_from"] == "2024-06-01"
    ended = specialist.send(f"/{pk}/end", {"basis": BASIS, "day": "2025-01-01"})
    assert ended["valid_to"] == "2024-12-31"
    assert specialist.get()["items"] == [] and len(specialist.get(ended="true")["items"]) == 1
    kinds = {each["change"]["kind"] for each in specialist.get(f"/{pk}/versions")["items"]}
    assert kinds == {"add", "amend", "correct", "end"}
    specialist.send(f"/{pk}/withdraw", {"basis": {"kind": "correction", "note": "nhập trùng"}}, 204)
    specialist.get(f"/{pk}", 404)
    assert Change.objects.filter(register="example_wells").count() == 5


def test_a_place_in_degrees_is_the_same_place(specialist: Caller) -> None:
    degrees = {"type": "Point", "coordinates": [106.76805905, 21.87584998]}
    made = specialist.send("", {**new(geometry=degrees), "crs": 4326}, 201)
    there = specialist.get(f"/{made['id']}", crs=9215)["values"]["geometry"]["coordinates"]
    assert there == pytest.approx([450_000, 2_420_000], abs=0.01)


def test_people_are_named_by_the_number_on_their_paper_and_not_by_trying_ids(unit: Unit) -> None:
    met = Party.objects.create(kind="person", name="Lương Văn Hải", personal_id="020085001234")
    other = Party.objects.create(kind="person", name="Lương Thị Hoa", personal_id="020085009999")
    works = Caller(person(unit, "specialist"), at=WELLS.replace("example_wells", "abstraction_works"))
    said = {"code": "CT-1", "name": "Hồ", "kind": "reservoir", "use": "irrigation", "owner_name": "x", "capacity": 1, "geometry": PLACE}
    made = works.send("", {**new(), "values": {**said, "owner": met.personal_id}}, 201)
    assert made["values"]["owner"] == met.pk
    for wrong in (other.pk, "Lương Thị Hoa", 2**70, True):
        refused = works.send(f"/{made['id']}", {"basis": BASIS, "values": {"owner": wrong}}, 422, method="PATCH")
        assert "Lương Thị Hoa #" not in str(refused), "nobody is listed by asking"
    assert works.send(f"/{made['id']}", {"basis": BASIS, "values": {"owner": met.pk}}, method="PATCH")["values"]["owner"] == met.pk


def test_the_same_key_writes_once(specialist: Caller) -> None:
    first = specialist.send("", new(), 201, key="mot-lan-thoi")
    again = specialist.send("", new(), 200, key="mot-lan-thoi")
    assert again["id"] == first["id"] and ExampleWell.objects.count() == 1
    assert specialist.send("", new(code="G-02"), 409, key="mot-lan-thoi")["type"].endswith("repeated-key")
    change = {"basis": BASIS, "values": {"depth": 55}, "valid_from": "2024-06-01"}
    for _time in range(2):
        specialist.send(f"/{first['id']}", change, method="PATCH", key="sua-mot-lan")
    assert Change.objects.filter(kind="amend").count() == 1
    specialist.send("", new(code="G-03"), 422, key="x" * 101)


@pytest.mark.parametrize(
    ("spoiled", "place"),
    [
        ({"basis": {"kind": "decision"}}, "basis.number"),
        ({"basis": {"kind": "rumour", "number": "1"}}, "basis.kind"),
        ({"basis": {**BASIS, "dated": "2999-01-01"}}, "basis.dated"),
        ({"valid_from": "2999-01-01"}, "valid_from"),
        ({"values": {**WELL, "depth": "sâu"}}, "values.depth"),
        ({"values": {**WELL, "depth": 123456789}}, "values.depth"),
        ({"values": {**WELL, "depth": None}}, "values.depth"),
        ({"values": {**WELL, "use": "pool"}}, "values.use"),
        ({"values": {**WELL, "drilled_on": "hôm qua"}}, "values.drilled_on"),
        ({"values": {**WELL, "geometry": "POINT(1 2)"}}, "values.geometry"),
        ({"values": {**WELL, "geometry": {"type": "Point", "coordinates": [1, 2]}}}, "values.geometry"),
        ({"values": {**WELL, "geometry": {"type": "LineString", "coordinates": [[450_000, 2_420_000], [1, 2]]}}}, "values.geometry"),
        ({"values": {**WELL, "khong_co": 1}}, "values.khong_co"),
        ({"values": {**WELL, "uid": "x"}}, "values.uid"),
        ({"values": {"code": "G-9"}}, "values.use"),
        ({"crs": 32648}, "crs"),
        ({"is_secret": True}, "is_secret"),
        ({"khong_co": 1}, "khong_co"),
        ({"commune_code": "x"}, "commune_code"),
    ],
)
def test_mistakes_are_named_by_their_place(specialist: Caller, spoiled: dict[str, Any], place: str) -> None:
    said = specialist.send("", {**new(), **spoiled}, 422)
    assert place in {each["field"] for each in said["errors"]}, said
    assert not ExampleWell.objects.exists() and not Change.objects.filter(register="example_wells").exists()


def test_who_may_write(specialist: Caller, public: Caller, unit: Unit) -> None:
    pk = specialist.send("", new(), 201)["id"]
    change = {"basis": BASIS, "values": {"depth": 1}}
    auditor, clerk = Caller(person(unit, "auditor")), Caller(person(unit, "clerk"))
    reading = Caller(User.objects.get(username="can-bo-specialist"), scope="read")
    for caller, status in ((public, 401), (auditor, 403), (clerk, 403), (reading, 403)):
        caller.send("", new(code="G-02"), status)
        caller.send(f"/{pk}", change, status, method="PATCH")
        caller.send(f"/{pk}/end", {"basis": BASIS}, status)
        caller.send(f"/{pk}/withdraw", {"basis": BASIS}, status)
    assert ExampleWell.objects.count() == 1 and str(ExampleWell.objects.get().depth) == "40.5"
    assert reading.get(f"/{pk}")["id"] == pk


def test_the_public_sees_open_fields_only(specialist: Caller, public: Caller) -> None:
    pk = specialist.send("", new(), 201)["id"]
    assert set(public.get(f"/{pk}")["values"]) == {"code", "use", "depth", "geometry"}
    assert "owner_name" in specialist.get(f"/{pk}")["values"]
    assert public.get("", q="Nông Thị Lan")["items"] == [] and len(specialist.get("", q="nong thi lan")["items"]) == 1
    public.get(f"/{pk}/versions", 401)
    public.get("/changes", 401)
    ExampleWell.objects.none()
    said = Client().get("/api/v1/registers").json()
    ours = next(each for each in said["items"] if each["code"] == "example_wells")
    assert {each["name"] for each in ours["fields"]} == {"code", "use", "depth", "geometry"} and not ours["rights"]["edits"]
    assert next(each for each in ours["fields"] if each["name"] == "depth")["unit"] == "m"
    wrong = Client().get(WELLS, headers={"authorization": "Bearer sonha_sai"})
    assert wrong.status_code == 401


def test_lists_narrow_sort_and_page(specialist: Caller, public: Caller) -> None:
    for number in range(7):
        place = {"type": "Point", "coordinates": [450_000 + number * 100, 2_420_000]}
        specialist.send("", new(code=f"G-{number}", depth=10 + number, use="farm" if number % 3 == 0 else "home", geometry=place), 201)
    assert [each["values"]["code"] for each in public.get("", use="farm", sort="depth")["items"]] == ["G-0", "G-3", "G-6"]
    assert [each["values"]["depth"] for each in public.get("", sort="-depth", limit=2)["items"]] == [16.0, 15.0]
    seen: list[str] = []
    after = ""
    while True:
        answer = public.get("", sort="code", limit=3, **({"after": after} if after else {}))
        seen += [each["values"]["code"] for each in answer["items"]]
        if not (after := answer["next"]):
            break
    assert seen == [f"G-{number}" for number in range(7)] and answer["count"] == 7
    boxed = public.get("", bbox="450150,2419000,450350,2421000", crs=9215)
    assert {each["values"]["code"] for each in boxed["items"]} == {"G-2", "G-3"}
    assert len(public.get("", bbox="106.7,21.8,106.8,21.9")["items"]) == 7
    assert public.get("", bbox="-10,40,0,50")["items"] == [] and len(public.get("", bbox="-180,-90,180,90")["items"]) == 7
    assert [each["values"]["code"] for each in public.get("", q="G-5")["items"]] == ["G-5"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"use": "pool"}, "use"), ({"sort": "owner_name"}, "sort"), ({"sort": "password"}, "sort"), ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "1,2,nan,4"}, "bbox"), ({"bbox": "5,5,1,1"}, "bbox"), ({"crs": "32648"}, "crs"), ({"crs": "x"}, "crs"),
        ({"day": "hôm qua"}, "day"), ({"known_at": "x"}, "known_at"),
        ({"known_at": "0001-01-01T00:00:00Z"}, "known_at"), ({"known_at": "1700000000"}, "known_at"),
        ({"known_at": "2024-01-01T00:00:00"}, "known_at"),
        ({"limit": "0"}, "limit"), ({"commune": "x"}, "commune"),
    ],
)  # fmt: skip
def test_lists_refuse_what_makes_no_sense(public: Caller, query: dict[str, str], field: str) -> None:
    assert field in {each["field"] for each in public.get("", 422, **query)["errors"]}


def test_what_somebody_changed_meanwhile_is_not_overwritten(specialist: Caller) -> None:
    made = specialist.send("", new(), 201)
    change = {"basis": BASIS, "values": {"depth": 55}, "valid_from": "2024-06-01", "seen": made["recorded_at"]}
    specialist.send(f"/{made['id']}", change, method="PATCH")
    late = {**change, "values": {"depth": 60}}
    assert specialist.send(f"/{made['id']}", late, 409, method="PATCH")["type"].endswith("already-done")


def test_the_document_has_each_register_with_its_fields(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert WELLS in document["paths"] and f"{WELLS}/{{record_id}}" in document["paths"] and f"{WELLS}/changes" in document["paths"]
    values = document["components"]["schemas"]["ExampleWellsValues"]["properties"]
    assert values["depth"] == {"type": "number", "x-unit": "m", "title": "chiều sâu (m)"}
    assert values["use"]["enum"] == ["home", "farm"] and "Tưới" in values["use"]["description"]
    assert values["drilled_on"]["anyOf"][0] == {"type": "string", "format": "date"}
    names = {each.get("name") for each in document["paths"][WELLS]["get"]["parameters"]}
    assert {"use", "sort"} <= names
    assert not [address for address in document["paths"] if "{code}" in address and "registers" in address]


def test_an_unknown_register_is_not_there(client: Client) -> None:
    for path in ("/khong_co", "/khong_co/schema", "/khong_co/1", "/gieng-vi-du"):
        assert client.get(f"/api/v1/registers{path}").status_code in (404, 422)
