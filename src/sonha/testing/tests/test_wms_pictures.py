"""Drawn parcels against MapServer's picture of the same rows, and the colours of their code list."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from sonha.foundation.access.actor import Actor
from sonha.foundation.catalogues.models import CatalogueItem
from sonha.geo.layers.served import served
from sonha.geo.wms import mapserver, styles
from sonha.sectors.land.tests.cadastre import land_types, land_user, parcel

MAP = "SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=parcels&STYLES=&FORMAT=image/png"
LOOK = {"ONT": "#ffd0e0", "CLN": "#c0ffc0"}
VIEWS = {
    "EPSG:9215": "449990,2419990,450110,2420030",
    "EPSG:3857": "11885355,2496614,11885485,2496658",
    "EPSG:4326": "21.8750,106.7655,21.8770,106.7715",
}


@pytest.fixture
def parcels(transactional_db: None) -> None:
    styles._coded.clear()
    land_types("ONT", "CLN")
    for code, colour in LOOK.items():
        CatalogueItem.objects.filter(catalogue__code="loai-dat", code=code).update(attributes={"color": colour})
    user = land_user()
    for column in range(5):
        parcel(column, user=user, land_type="CLN" if column % 2 else "ONT")


def pixels(data: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


@pytest.mark.parametrize("system", VIEWS)
def test_the_picture_is_as_mapserver_draws_it(parcels: None, client: Client, tmp_path: Path, system: str) -> None:
    assert mapserver.program(), "apt-get install cgi-mapserver"
    query = f"{MAP}&CRS={system}&BBOX={VIEWS[system]}&WIDTH=600&HEIGHT=200"
    ours = client.get(f"/ows/wms?{query}")
    assert ours["Content-Type"] == "image/png", ours.content
    made = mapserver.mapfile(served(Actor.anonymous(), ["parcels"]).values(), mapserver.connection_string(), tmp_path)
    theirs = mapserver.ask(made, query)
    difference = np.abs(pixels(ours.content) - pixels(theirs)).max(axis=2)
    assert (pixels(theirs) < 250).any(), "there is something to compare"
    assert (difference > 96).mean() < 0.012, "but for the edges and our labels the same"
    assert difference.mean() < 4


def test_each_land_type_has_its_colour(parcels: None, client: Client) -> None:
    answer = client.get(f"/ows/wms?{MAP}&CRS=EPSG:9215&BBOX=450000,2420000,450100,2420020&WIDTH=500&HEIGHT=100")
    picture = pixels(answer.content)
    opacity = 0.75
    for column in range(5):
        colour = np.array([int(LOOK["CLN" if column % 2 else "ONT"][at : at + 2], 16) for at in (1, 3, 5)])
        expected = colour * opacity + 255 * (1 - opacity)
        assert picture[80, column * 100 + 15] == pytest.approx(expected, abs=3)
