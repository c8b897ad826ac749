"""From the page of an official to tiles and WMS: who may do and see what."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from sonha.foundation.access.actor import Actor
from sonha.geo.rasters import demonstration, services
from sonha.geo.rasters.models import Raster
from sonha.geo.rasters.selectors import kept, rasters
from sonha.geo.rasters.tasks import convert_upload

from .test_converting import geotiff

SYSTEM = Actor.system("test")
SAID = {"name": "anh-thu", "title": "Ảnh thử", "source": "Hợp đồng 1/2026", "sensor": "máy bay"}
TILE = "/tiles/raster/anh-thu/12/3262/1792"


@pytest.fixture
def raster(db: None, tmp_path: Path, settings: Any) -> Raster:
    settings.SONHA_DATA = tmp_path
    made = services.add(upload(tmp_path), SYSTEM, **SAID)
    assert not rasters(SYSTEM).exists(), "not before it is converted"
    convert_upload(made.pk)
    return Raster.objects.get(pk=made.pk)


def upload(tmp_path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile("anh.tif", geotiff(tmp_path / "s.tif").read_bytes())


def opened(raster: Raster, is_public: bool) -> None:
    services.change(raster, SYSTEM, is_public=is_public)


def test_an_upload_becomes_a_raster_with_two_files(raster: Raster) -> None:
    assert raster.state == Raster.State.READY
    assert raster.progress is not None and raster.progress.state == "done"
    assert (raster.srid, raster.width, raster.bands, raster.resolution) == (9215, 200, 3, 10.0)
    assert raster.size > 0 and len(raster.checksum) == 64
    assert raster.footprint is not None and raster.footprint.extent == pytest.approx((106.758, 21.866, 106.778, 21.885), abs=0.002)


def test_visitors_see_public_ones_only(raster: Raster, client: Client) -> None:
    addresses = (f"{TILE}.png", "/tiles/raster/anh-thu.json", "/tiles/raster/anh-thu.tif")
    capabilities = "/ows/wms?service=WMS&request=GetCapabilities"
    assert [client.get(each).status_code for each in addresses] == [404] * 3
    assert b"raster.anh-thu" not in client.get(capabilities).content
    opened(raster, True)
    assert [client.get(each).status_code for each in addresses] == [200] * 3
    assert b"raster.anh-thu" in client.get(capabilities).content
    assert list(kept(Actor.anonymous())) == [raster]


def test_tiles(raster: Raster, client: Client) -> None:
    opened(raster, True)
    for form, media_type in (("png", "image/png"), ("jpg", "image/jpeg")):
        answer = client.get(f"{TILE}.{form}")
        assert answer["Content-Type"] == media_type
        assert Image.open(io.BytesIO(answer.content)).size == (256, 256)
        assert client.get(f"{TILE}.{form}", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get("/tiles/raster/anh-thu/12/0/0.png").status_code == 204
    for wrong in ("12/4096/0.png", "30/0/0.png", "12/0/0.gif"):
        assert client.get(f"/tiles/raster/anh-thu/{wrong}").status_code == 404


def test_it_lies_under_the_shapes_of_wms(raster: Raster, client: Client) -> None:
    opened(raster, True)
    asked = {"service": "WMS", "version": "1.3.0", "request": "GetMap", "layers": "raster.anh-thu", "styles": "", "crs": "EPSG:9215",
             "bbox": "449000,2419000,451000,2421000", "width": "100", "height": "100", "format": "image/png"}  # fmt: skip
    picture = Image.open(io.BytesIO(client.get("/ows/wms", asked).content)).convert("RGB")
    assert picture.getpixel((20, 50)) == pytest.approx((200, 0, 0), abs=30)
    said = {**asked, "request": "GetFeatureInfo", "query_layers": "raster.anh-thu", "i": "20", "j": "50", "info_format": "text/plain"}
    assert ": 200" in client.get("/ows/wms", said).content.decode()
    legend = {"service": "WMS", "version": "1.3.0", "request": "GetLegendGraphic", "layer": "raster.anh-thu", "format": "image/png"}
    assert client.get("/ows/wms", legend)["Content-Type"] == "image/png"


def test_windows_are_cut_within_limits(raster: Raster, client: Client) -> None:
    opened(raster, True)
    whole = client.get("/tiles/raster/anh-thu.tif")
    assert b"".join(whole.streaming_content)[:2] in (b"II", b"MM")  # type: ignore[attr-defined]
    assert client.get("/tiles/raster/anh-thu.tif?bbox=106.76,21.87,106.77,21.88").status_code == 200
    for wrong in ("x", "1,2,3", "nan,1,2,3", "106.77,21.87,106.76,21.88", "1,1,2,2"):
        answer = client.get(f"/tiles/raster/anh-thu.tif?bbox={wrong}")
        assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (400, "text/plain")


def test_a_removed_raster_is_gone_and_its_name_is_free(raster: Raster, client: Client, tmp_path: Path) -> None:
    opened(raster, True)
    with pytest.raises(ValueError):
        services.remove(raster, SYSTEM, " ")
    services.remove(raster, SYSTEM, "sai hệ tọa độ")
    assert client.get(f"{TILE}.png").status_code == 404
    assert services.add(upload(tmp_path), SYSTEM, **SAID).name == "anh-thu"


def test_a_file_that_cannot_be_converted_leaves_a_sentence(
    db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SONHA_DATA = tmp_path
    made = services.add(upload(tmp_path), SYSTEM, **SAID)
    path = services._incoming(made)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(Exception, match=r"."):
        convert_upload(made.pk)
    made.refresh_from_db()
    assert (made.state, bool(made.refusal)) == (Raster.State.FAILED, True)
    assert not path.exists()


def test_the_demonstration_is_made_once_and_says_what_it_is(db: None, tmp_path: Path, settings: Any) -> None:
    settings.SONHA_DATA = tmp_path
    made = demonstration.load()
    assert demonstration.load() == made
    assert made.is_demo and "do máy tạo ra" in made.title
