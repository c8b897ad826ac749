"""Programs that people use: OWSLib, and GDAL as QGIS reads maps, against the running site, as a visitor and with a token."""

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from owslib.wms import WebMapService
from PIL import Image

from sonha.foundation.access.tokens import issue_token
from sonha.foundation.identity.models import User
from sonha.registry.grants.models import EVERYBODY, SIGNED_IN, RegisterGrant

from .conftest import FILL


@pytest.fixture
def token(wells: dict[str, Any]) -> str:
    """Of somebody who signed in; to visitors the register is closed."""
    user = User.objects.create_user("ban-do", password="x" * 12)
    RegisterGrant.objects.filter(register="example_wells", audience=EVERYBODY).delete()
    RegisterGrant.objects.create(register="example_wells", audience=SIGNED_IN, fields=["code", "use", "depth", "geometry"], everywhere=True)
    return issue_token(user, "QGIS")


def test_owslib_reads_capabilities_maps_and_features(transactional_db: None, token: str, live_server: Any) -> None:
    address = f"{live_server.url}/ows/wms"
    assert "example_wells" not in WebMapService(address, version="1.3.0").contents, "closed to visitors"
    service = WebMapService(address, version="1.3.0", username="ban-do", password=token)
    layer = service["example_wells"]
    assert layer.title == "Giếng (ví dụ)"
    assert "EPSG:9215" in layer.crsOptions
    assert layer.timepositions
    box = (449_744, 2_419_744, 450_256, 2_420_256)
    picture = service.getmap(layers=["example_wells"], styles=[""], srs="EPSG:9215", bbox=box, size=(256, 256), format="image/png")
    assert Image.open(io.BytesIO(picture.read())).convert("RGB").getpixel((128, 128)) == FILL
    told = service.getfeatureinfo(
        layers=["example_wells"], srs="EPSG:9215", bbox=box, size=(256, 256), format="image/png", query_layers=["example_wells"],
        info_format="text/plain", xy=(128, 128),
    )  # fmt: skip
    assert "G-01" in told.read().decode()


@pytest.mark.parametrize("version", ["1.1.1", "1.3.0"])
def test_gdal_draws_a_map(transactional_db: None, token: str, live_server: Any, tmp_path: Path, version: str) -> None:
    program = shutil.which("gdal_translate")
    assert program, "apt-get install gdal-bin"
    system = "SRS" if version == "1.1.1" else "CRS"
    query = f"SERVICE=WMS&VERSION={version}&REQUEST=GetMap&LAYERS=example_wells&STYLES=&{system}=EPSG:3857&FORMAT=image/png"
    query += "&BBOX=11884815.966,2496076.052,11885915.966,2497176.052"
    target = tmp_path / "map.png"
    command = [program, "-q", "-of", "PNG", "-outsize", "256", "256", f"WMS:{live_server.url}/ows/wms?{query}", str(target)]
    visitor = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert visitor.returncode != 0, "closed to visitors"
    login = ["--config", "GDAL_HTTP_USERPWD", f"ban-do:{token}"]
    done = subprocess.run([*command[:1], *login, *command[1:]], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    picture = Image.open(target).convert("RGB")
    around = [picture.getpixel((x, y)) for x in range(122, 135) for y in range(122, 135)]
    assert any(pixel == pytest.approx(FILL, abs=40) for pixel in around), "GDAL scales what it reads"
