"""An officer imports a file through the pages: columns, trial, confirmation with its basis; and takes a list home in any kind of file."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from sonha.foundation.jobs.runner import run_waiting
from sonha.registry.formats import services
from sonha.registry.formats.models import ImportRun
from sonha.registry.formats.writing import export
from sonha.registry.pages.tests.wells import HERE, LIST, THERE, official, text_of, well
from sonha.testing.example.models import ExampleWell

pytestmark = pytest.mark.django_db
ROWS = f"""Số hiệu;Mục đích;Chiều sâu;Chủ giếng;X;Y;Mã xã
G-901;Sinh hoạt;40,5;Nông Thị Lan;450000;2420000;{HERE}
G-902;bể bơi;60;Hoàng Văn Nam;450100;2420100;{HERE}
G-903;Tưới;75;Lương Thị Ngọc;450200;2420200;{THERE}
"""
BASIS = {"basis": "import", "number": "BB 12/2025", "day": "2026-02-10"}


def sent(client: Client, content: str | bytes = ROWS, name: str = "gieng.csv") -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return client.post(f"{LIST}nhap/", {"file": SimpleUploadedFile(name, raw)})


def columns_of(run: ImportRun, **changes: str) -> dict[str, str]:
    """What a browser sends of the form of columns."""
    by_column = {column: field for field, column in run.mapping["columns"].items()} | {
        run.mapping[each]: each for each in "xy" if run.mapping[each]
    }
    said = {f"column-{at}": by_column.get(each["name"], "") for at, each in enumerate(services.layer_of(run)["columns"])}
    return {**said, "srid": str(run.mapping["srid"]), "layer": run.layer, "encoding": run.encoding, **changes}


def test_a_file_is_tried_confirmed_and_written_once() -> None:
    client = official("so", "specialist")
    answer = sent(client)
    run = ImportRun.objects.get()
    assert answer.url == f"{LIST}nhap/{run.pk}/"
    page = text_of(client.get(answer.url))
    assert "Chiều sâu" in page and "40,5" in page and "Thử, chưa ghi" in page
    assert client.post(f"{answer.url}anh-xa/", columns_of(run)).status_code == 302
    page = text_of(client.get(answer.url))
    assert "Nếu ghi thì" in page and "bể bơi" in page and "Ghi 2 bản ghi vào sổ" in page
    assert not ExampleWell.objects.filter(code__startswith="G-90").exists()
    run.refresh_from_db()
    refused = client.get(f"/tep/{run.refused_file_id}/")
    rows = list(load_workbook(BytesIO(b"".join(refused.streaming_content) if refused.streaming else refused.content)).active.values)
    assert rows[-1][0] == 3 and "bể bơi" in rows[-1][1] and "G-902" in rows[-1]
    without = client.post(f"{answer.url}ghi/", {**BASIS, "number": ""})
    assert without.status_code == 422 and "Hãy ghi số quyết định" in text_of(without)
    client.post(f"{answer.url}ghi/", BASIS)
    run.refresh_from_db()
    assert (run.state, run.report["new"], run.report["refused"]) == ("done", 2, 1)
    row = ExampleWell.objects.get(code="G-901")
    assert (str(row.depth), row.use, row.valid_from.isoformat(), row.change.number, row.origin) == (
        "40.5",
        "home",
        "2026-02-10",
        "BB 12/2025",
        "gieng.csv",
    )
    assert row.change_id == run.change_id


def test_the_same_file_again_is_mapped_as_before_and_changes_nothing() -> None:
    client = official("so", "specialist")
    renamed = ROWS.replace("Số hiệu", "Cột A")
    url = sent(client, renamed).url
    run = ImportRun.objects.get()
    said = columns_of(run, **{"column-0": "code"})
    client.post(f"{url}anh-xa/", said)
    client.post(f"{url}ghi/", BASIS)
    assert ExampleWell.objects.filter(code="G-901").exists()
    again = sent(client, renamed).url
    second = ImportRun.objects.exclude(pk=run.pk).get()
    assert second.mapping["columns"]["code"] == "Cột A", "remembered"
    client.post(f"{again}anh-xa/", columns_of(second))
    assert "Không có gì để ghi" in text_of(client.get(again))


def test_mistakes_in_the_mapping_are_said() -> None:
    client = official("so", "specialist")
    url = sent(client).url
    run = ImportRun.objects.get()
    twice = client.post(f"{url}anh-xa/", columns_of(run, **{"column-1": "code"}))
    assert twice.status_code == 422 and "Hai cột cùng được chọn" in text_of(twice)
    client.post(f"{url}anh-xa/", columns_of(run, **{"column-0": ""}))
    assert "nhận ra bản ghi đã có" in text_of(client.get(url))


def test_a_file_that_cannot_be_read_is_not_kept() -> None:
    client = official("so", "specialist")
    answer = sent(client, b"MZ" + b"\x00" * 100, "a.exe")
    assert answer.status_code == 422 and "chương trình" in text_of(answer)
    assert client.post(f"{LIST}nhap/").status_code == 422
    assert not ImportRun.objects.exists()


def test_an_officer_of_a_commune_imports_there_only_and_nobody_sees_anothers_file() -> None:
    here, other = official("xa", "specialist", HERE), official("khac", "specialist")
    url = sent(here).url
    run = ImportRun.objects.get()
    here.post(f"{url}anh-xa/", columns_of(run))
    run.refresh_from_db()
    assert (run.report["new"], run.report["refused"]) == (1, 2)
    assert any("địa bàn" in " ".join(reasons) for _row, reasons, _values in run.report["refusals"])
    for path in (url, f"{url}anh-xa/", f"{url}ghi/", f"{url}dung/"):
        assert other.get(path).status_code in (404, 405) and other.post(path).status_code in (404, 405)
    assert Client().get(f"{LIST}nhap/").status_code == 302
    assert official("mc", "receptionist").get(f"{LIST}nhap/").status_code == 403


def test_a_long_file_is_a_job_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 1)
    client = official("so", "specialist")
    url = sent(client).url
    run = ImportRun.objects.get()
    client.post(f"{url}anh-xa/", columns_of(run))
    page = text_of(client.get(url))
    assert "Dừng" in page and "Xem đã xong chưa" in page
    client.post(f"{url}dung/")
    run.refresh_from_db()
    assert run.stop_asked and run.is_running
    run_waiting()
    run.refresh_from_db()
    assert run.state in ("tried", "stopped"), run.problem


@pytest.mark.parametrize("kind", ["xlsx", "csv", "gpkg", "shp", "geojson", "gml", "parquet", "dxf"])
def test_the_list_as_a_file(kind: str) -> None:
    well("G-911")
    well("G-912", use="farm")
    client = official("so", "specialist")
    page = text_of(client.get(f"{LIST}xuat/?use=farm"))
    assert "GeoPackage" in page and "GeoParquet" in page and "Tưới" in page
    answer = client.post(f"{LIST}xuat/?use=farm", {"kind": kind, "srid": "4326"})
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    if kind in ("csv", "geojson", "gml"):
        assert b"G-912" in answer.content and b"G-911" not in answer.content
        assert ("Nông" in answer.content.decode()) and (
            "Nông" not in Client().post(f"{LIST}xuat/?use=farm", {"kind": kind}).content.decode()
        )


def test_long_exports_are_jobs_for_those_who_are_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 1)
    well("G-911")
    well("G-912")
    client = official("so", "specialist")
    answer = client.post(f"{LIST}xuat/", {"kind": "gpkg", "srid": "9215"})
    run_waiting()
    assert "Xem kết quả" in text_of(client.get(answer.url))
    visitor = Client().post(f"{LIST}xuat/", {"kind": "gpkg"}, follow=True)
    assert "đăng nhập" in text_of(visitor)
    assert client.post(f"{LIST}xuat/", {"kind": "exe"}).status_code == 404


def test_columns_are_recognised_whatever_language_the_officer_reads() -> None:
    client = official("so", "specialist")
    client.cookies["django_language"] = "en"
    with translation.override("vi"):  # the request leaves its language behind
        sent(client)
    assert {"code", "use", "depth", "owner_name", "commune_code"} <= set(ImportRun.objects.get().mapping["columns"])
