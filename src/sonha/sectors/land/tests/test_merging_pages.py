"""An officer merges exports of two cadastral systems through the pages of imports: tried, compared, confirmed, and once only."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from sonha.foundation.jobs.runner import run_waiting
from sonha.registry.formats import services
from sonha.registry.formats.models import ImportRun
from sonha.registry.pages.tests.wells import official, text_of
from sonha.sectors.land.merging.samples import write_samples
from sonha.sectors.land.models import Parcel
from sonha.sectors.land.tests.test_merging import communes  # noqa: F401  its communes and land types

pytestmark = pytest.mark.django_db
PAGE = "/csdl/thua-dat/nhap/cach/dia-chinh/"
BASIS = {"basis": "import", "number": "Biên bản bàn giao số 5"}


def sent(client: Client, folder: Path) -> Any:
    elis, vbdlis = write_samples(folder)
    return client.post(PAGE, {
        "elis": [SimpleUploadedFile("van-quan.zip", elis.read_bytes())],
        "vbdlis": [SimpleUploadedFile("cao-loc.geojson", vbdlis.read_bytes())],
    })  # fmt: skip


def test_two_systems_are_compared_and_what_agrees_is_written_once(tmp_path: Path) -> None:
    client = official("so", "specialist")
    assert PAGE in text_of(client.get("/csdl/thua-dat/nhap/")), "found from the page of imports"
    answer = sent(client, tmp_path)
    run = ImportRun.objects.get()
    assert (run.state, run.title) == ("tried", "van-quan.zip + 1")
    assert {name: run.report[name] for name in ("new", "same", "clashes", "refused")} == {"new": 8, "same": 1, "clashes": 6, "refused": 4}
    page = client.get(answer.url)
    assert "Ghi 8 bản ghi vào sổ" in text_of(page) and "Khác diện tích: 400.0 và 455.0" in text_of(page)
    assert not Parcel.objects.exists()
    drawn = page.context["features"]["features"]
    assert len(drawn) == 9 and {each["geometry"]["type"] for each in drawn} == {"Polygon"}
    assert "06622.7.70" not in {each["properties"]["name"].partition(":")[0] for each in drawn}, (
        "far outside of the country: in the table only"
    )
    anchors = {each["properties"]["url"].removeprefix("#") for each in drawn}
    assert all(f'id="{each}"' in text_of(page) for each in anchors)

    table = client.get(f"/tep/{run.refused_file_id}/")
    rows = list(load_workbook(BytesIO(b"".join(table.streaming_content) if table.streaming else table.content)).active.values)
    assert sum(1 for row in rows if row[0] == "Xung đột") == 6 and any("cao-loc.geojson" in row for row in rows)

    refused = client.post(f"{answer.url}ghi/", {**BASIS, "number": ""})
    assert refused.status_code == 422 and not Parcel.objects.exists()
    client.post(f"{answer.url}ghi/", BASIS)
    run.refresh_from_db()
    assert run.state == "done" and run.change is not None and run.change.made_by == run.created_by
    assert Parcel.objects.filter(change=run.change).count() == 8
    assert "Biên bản bàn giao số 5" in text_of(client.get(answer.url))

    again = sent(client, tmp_path)
    assert "Không có gì để ghi" in text_of(client.get(again.url))
    assert Parcel.objects.count() == 8


def test_what_clashes_with_the_register_leads_to_its_record(tmp_path: Path) -> None:
    client = official("so", "specialist")
    elis, vbdlis = write_samples(tmp_path)
    first = client.post(PAGE, {"vbdlis": [SimpleUploadedFile("cao-loc.geojson", vbdlis.read_bytes())]})
    client.post(f"{first.url}ghi/", BASIS)
    second = client.post(PAGE, {"elis": [SimpleUploadedFile("van-quan.zip", elis.read_bytes())]})
    page = text_of(client.get(second.url))
    there = Parcel.objects.get(code="06400.7.2")
    assert "xem bản ghi" in page and f"/csdl/thua-dat/{there.pk}/" in page and there.area == 455


@pytest.mark.django_db(transaction=True)
def test_a_large_export_is_compared_by_a_job_that_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 1)
    client = official("so", "specialist")
    answer = sent(client, tmp_path)
    run = ImportRun.objects.get()
    assert run.is_running and run.progress is not None and run.progress.total == 2 * 19
    assert "Xem đã xong chưa" in text_of(client.get(answer.url))
    run_waiting()
    run.refresh_from_db()
    run.progress.refresh_from_db()
    assert (run.state, run.progress.done) == ("tried", 38)
    client.post(f"{answer.url}ghi/", BASIS)
    client.post(f"{answer.url}dung/")
    run_waiting()
    run.refresh_from_db()
    assert run.state == "stopped" and not Parcel.objects.exists()
    client.post(f"{answer.url}anh-xa/")
    run_waiting()
    run.refresh_from_db()
    assert run.state == "tried", "tried again from the same files"


def test_what_is_no_export_of_its_system_is_refused_by_name_and_not_kept(tmp_path: Path) -> None:
    client = official("so", "specialist")
    elis, _vbdlis = write_samples(tmp_path)
    wrong = client.post(PAGE, {"vbdlis": [SimpleUploadedFile("nham.zip", elis.read_bytes())]})
    assert wrong.status_code == 422 and "nham.zip không phải dữ liệu xuất từ VBDLIS" in text_of(wrong)
    assert "chọn ít nhất một tệp" in text_of(client.post(PAGE))
    assert not ImportRun.objects.exists()


def test_only_those_who_edit_the_cadastre_everywhere_may(tmp_path: Path) -> None:
    here, other, seat = official("xa", "specialist", "06400"), official("khac", "specialist"), official("mc", "receptionist")
    assert here.get(PAGE).status_code == 404 and sent(here, tmp_path).status_code == 404
    assert PAGE not in text_of(here.get("/csdl/thua-dat/nhap/"))
    assert seat.get(PAGE).status_code == 403 and Client().get(PAGE).status_code == 302
    url = sent(other, tmp_path).url
    assert official("nua", "specialist").get(url).status_code == 404, "nobody sees another's files"
