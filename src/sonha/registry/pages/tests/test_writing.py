"""Writing: every change names its basis, keeps what was typed, tells the later of two officers, and is refused outside one's commune."""

from datetime import date
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from sonha.registry.pages import typed
from sonha.registry.pages.asking import Asked
from sonha.registry.records.models import Change
from sonha.registry.records.selectors import versions
from sonha.testing.example.models import ExampleWell
from sonha.testing.example.registers import ExampleWells

from .wells import HERE, LIST, SYSTEM, THERE, amend, official, text_of, well

pytestmark = pytest.mark.django_db
BASIS = {"basis": "decision", "number": "77/QĐ-STNMT", "dated": "2026-02-03", "day": "2026-02-10"}


def form_of(row: Any) -> dict[str, str]:
    """What a browser would send back of the form of a record, untouched."""
    from sonha.registry.grants.rights import rights

    asked = Asked(SYSTEM, ExampleWells, rights(SYSTEM, ExampleWells))
    fresh = ExampleWell.objects.get(pk=row.pk)
    return {**typed.as_typed(asked, fresh, ExampleWells.fields()), "seen": fresh.recorded_at.isoformat(), "act": "amend"}


def test_a_change_is_so_from_its_day_and_a_correction_from_the_first() -> None:
    row, client = well("G-01"), official("so", "specialist")
    said = {**form_of(row), **BASIS, "depth": "1.055,5"}
    assert client.post(f"{LIST}{row.pk}/sua/", said).status_code == 302
    fresh = ExampleWell.objects.get(pk=row.pk)
    assert (str(fresh.depth), fresh.valid_from) == ("1055.5", date(2026, 2, 10))
    assert fresh.change.number == "77/QĐ-STNMT"
    said = {**form_of(row), "act": "correct", "basis": "correction", "note": "đo nhầm", "depth": "60"}
    assert client.post(f"{LIST}{row.pk}/sua/", said).status_code == 302
    fresh = ExampleWell.objects.get(pk=row.pk)
    assert (str(fresh.depth), fresh.valid_from, fresh.change.kind) == ("60.0", date(2026, 2, 10), "correct")


def test_nothing_is_lost_by_a_mistake() -> None:
    row, client = well("G-01"), official("so", "specialist")
    scan = SimpleUploadedFile("quyet-dinh.png", PNG, "image/png")
    said = {**form_of(row), "owner_name": "Tên vừa gõ", "depth": "sâu lắm", "document": scan, **BASIS, "number": ""}
    page = client.post(f"{LIST}{row.pk}/sua/", said)
    assert page.status_code == 422
    shown = text_of(page)
    assert "Tên vừa gõ" in shown
    assert "«sâu lắm» không phải là số" in shown
    assert "Đã nhận tệp «quyet-dinh.png»" in shown
    kept = page.context["form"].data["kept_document"]
    said = {**form_of(row), "owner_name": "Tên vừa gõ", **BASIS, "number": "", "kept_document": kept}
    assert client.post(f"{LIST}{row.pk}/sua/", said).status_code == 302  # the document alone is a basis
    change = ExampleWell.objects.get(pk=row.pk).change
    assert change.document is not None
    assert client.get(f"/tep/{change.document_id}/").status_code == 200
    assert official("xa", "specialist", THERE).get(f"/tep/{change.document_id}/").status_code in (403, 404)


def test_a_change_without_basis_or_of_tomorrow_is_refused_in_words() -> None:
    row, client = well("G-01"), official("so", "specialist")
    page = client.post(f"{LIST}{row.pk}/sua/", {**form_of(row), "depth": "9"})
    assert page.status_code == 422
    assert "Hãy chọn loại căn cứ." in text_of(page)
    page = client.post(f"{LIST}{row.pk}/sua/", {**form_of(row), **BASIS, "depth": "9", "day": "2999-01-01"})
    assert page.status_code == 422
    assert "không được sau hôm nay" in text_of(page)
    assert versions(ExampleWells, row.pk).count() == 1


def test_the_later_of_two_officers_is_told_and_loses_nothing() -> None:
    row, client = well("G-01"), official("so", "specialist")
    mine = {**form_of(row), **BASIS, "owner_name": "Chủ mới"}
    amend(row, date(2026, 1, 15), depth="88", use="farm")
    page = client.post(f"{LIST}{row.pk}/sua/", mine)
    assert page.status_code == 409
    assert "người khác vừa cập nhật" in text_of(page)
    entries = {entry.name: entry.value for _title, rows in page.context["sections"] for entry in rows}
    assert (entries["owner_name"], entries["depth"], entries["use"]) == ("Chủ mới", "88,0", "farm")
    again = {**mine, **{name: entries[name] for name in ("depth", "use", "owner_name", "code")}, "seen": page.context["seen"]}
    assert client.post(f"{LIST}{row.pk}/sua/", again).status_code == 302
    fresh = ExampleWell.objects.get(pk=row.pk)
    assert (fresh.owner_name, str(fresh.depth), fresh.use) == ("Chủ mới", "88.0", "farm")


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ({"geometry:x": "2.420.000", "geometry:y": "450.000"}, "bị đổi chỗ"),
        ({"geometry:crs": "4326", "geometry:x": "106,76", "geometry:y": "21,87"}, "bị đổi chỗ"),
        ({"geometry:x": "21,87", "geometry:y": "106,76"}, "hãy chọn lại hệ toạ độ"),
        ({"geometry:x": "abc", "geometry:y": "2.420.000"}, "cần đúng hai số"),
        ({"geometry:pasted": "POINT (NaN 2420000)"}, "không phải là số"),
        ({"geometry:pasted": "POINT EMPTY"}, "Hình trống"),
        ({"geometry:pasted": '{"type": "Point"'}, "không phải GeoJSON"),
        ({"geometry:pasted": "LINESTRING (450000 2420000, 450010 2420010)"}, "Ở đây cần một điểm"),
        ({"geometry:x": "", "geometry:y": ""}, "Hãy nhập vị trí"),
    ],
)
def test_a_place_that_cannot_be_one_is_answered_by_a_sentence(place: dict[str, str], sentence: str) -> None:
    row, client = well("G-01"), official("so", "specialist")
    page = client.post(f"{LIST}{row.pk}/sua/", {**form_of(row), **BASIS, **place})
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert ExampleWell.objects.get(pk=row.pk).geometry.x == 450_000


def test_a_new_well_by_degrees_its_end_and_one_entered_in_error() -> None:
    client = official("so", "specialist")
    said = {
        **BASIS, "code": "G-77", "use": "home", "depth": "12,5", "drilled_on": "2026-01-02", "owner_name": "Lý Thị Mai",
        "geometry:crs": "4326", "geometry:x": "21,87584998", "geometry:y": "106,76805905", "commune_code": HERE,
    }  # fmt: skip
    assert client.post(f"{LIST}them/", said).status_code == 302
    row = ExampleWell.objects.get(code="G-77")
    assert row.geometry.distance(Point(450_000, 2_420_000, srid=9215)) < 0.01
    assert client.post(f"{LIST}{row.pk}/cham-dut/", {**BASIS, "seen": "long ago"}).status_code == 409
    seen = row.recorded_at.isoformat()
    assert client.post(f"{LIST}{row.pk}/cham-dut/", {**BASIS, "day": "2026-03-01", "seen": seen}).status_code == 302
    assert ExampleWell.objects.get(pk=row.pk).valid_to == date(2026, 2, 28)
    seen = ExampleWell.objects.get(pk=row.pk).recorded_at.isoformat()
    assert client.post(f"{LIST}{row.pk}/xoa-nham/", {"basis": "correction", "seen": seen}).status_code == 422
    assert client.post(f"{LIST}{row.pk}/xoa-nham/", {"basis": "correction", "note": "nhập trùng", "seen": seen}).status_code == 302
    assert not ExampleWell.objects.filter(pk=row.pk).exists()


def test_nobody_writes_outside_its_commune_nor_without_the_role() -> None:
    mine, other = well("G-01", commune=HERE), well("G-02", commune=THERE)
    commune = official("xa", "specialist", HERE)
    assert commune.get(f"{LIST}{other.pk}/sua/").status_code == 403
    assert commune.post(f"{LIST}{other.pk}/cham-dut/", {**BASIS, "seen": other.recorded_at.isoformat()}).status_code == 403
    assert commune.get(f"{LIST}{mine.pk}/sua/").status_code == 200
    moved = commune.post(f"{LIST}{mine.pk}/sua/", {**form_of(mine), **BASIS, "commune_code": THERE})
    assert moved.status_code == 422  # nor gives its own away
    for client, wanted in ((Client(), 302), (official("mc", "receptionist"), 403), (official("kt", "auditor"), 403)):
        assert client.get(f"{LIST}{mine.pk}/sua/").status_code == wanted
        assert client.post(f"{LIST}them/", BASIS).status_code == wanted
    assert Change.objects.exclude(made_by=None).count() == 0


def test_many_at_once_are_tried_first_and_written_in_one_change() -> None:
    rows = [well(f"G-{number:02}") for number in range(3)]
    foreign = well("G-09", commune=THERE)
    client = official("xa", "specialist", HERE)
    said = {"row": [row.pk for row in (*rows, foreign)], "field": "use", "use": "farm", **BASIS}
    tried = client.post(f"{LIST}hang-loat/", {**said, "step": "try"})
    assert [name for _pk, name in tried.context["outcome"].changed] == ["G-00", "G-01", "G-02"]
    assert ExampleWell.objects.filter(use="farm").count() == 0
    assert client.post(f"{LIST}hang-loat/", {**said, "step": "apply"}).status_code == 302
    assert {(row.code, row.change_id) for row in ExampleWell.objects.filter(use="farm")} == {
        (row.code, Change.objects.latest("pk").pk) for row in rows
    }
    early = {**said, "field": "depth", "depth": "99999999", "step": "try", "day": str(timezone.localdate())}
    refused = client.post(f"{LIST}hang-loat/", early).context["outcome"]
    assert (len(refused.changed), len(refused.refused)) == (0, 3)


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)
