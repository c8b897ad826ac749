"""Requests of those who mean no good, or know no better: always a picture or a report, never a failure."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import MAP, Wms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wells")]
HOSTILE: list[dict[str, Any]] = [
    {"width": "1000000000"},
    {"width": "16384", "height": "16384"},
    {"width": "-1"},
    {"width": "0"},
    {"width": "1e3"},
    {"width": "٣٠٠"},
    {"width": "9" * 400},
    {"bbox": "nan,nan,nan,nan"},
    {"bbox": "-inf,-inf,inf,inf"},
    {"bbox": "1e400,1,2,3"},
    {"bbox": ",,,"},
    {"bbox": "1" * 5000},
    {"bbox": "450000,2420000,450000.0000000000001,2420001"},
    {"layers": "example_wells' OR 1=1 --"},
    {"layers": 'example_wells"; DROP TABLE x; --'},
    {"layers": "example_wells\x00"},
    {"layers": "../../etc/passwd"},
    {"layers": ",,,"},
    {"layers": "raster.../../x"},
    {"styles": "'; DROP TABLE x"},
    {"crs": "EPSG:0000009215"},
    {"crs": "urn:ogc:def:crs:EPSG::" + "9" * 300},
    {"format": "image/png;" * 200},
    {"bgcolor": "0x" + "F" * 500},
    {"time": "9999-99-99"},
    {"time": "0000-00-00"},
    {"time": "0001-01-01T00:00:00+14:00"},
    {"exceptions": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
    {"map": "/etc/passwd", "layers": "example_wells"},
]


@pytest.mark.parametrize("said", HOSTILE, ids=lambda each: " ".join(f"{name}={str(value)[:24]!r}" for name, value in each.items()))
def test_it_is_answered(wms: Wms, said: dict[str, Any]) -> None:
    for request in ("GetMap", "GetFeatureInfo", "GetLegendGraphic"):
        answer = wms.get(**{"request": request, "query_layers": "example_wells", "layer": "example_wells", "i": "1", "j": "1", **said})
        assert answer.status_code == 200
        assert answer["Content-Type"].split(";")[0] in {"image/png", "text/xml", "text/plain"}


def test_a_picture_as_large_as_that_costs_nothing(wms: Wms) -> None:
    assert wms.fault(width="16384", height="16384") == "InvalidParameterValue"
    assert wms.fault(width="1000000000", exceptions="INIMAGE") == "InvalidParameterValue"


WORDS = st.text(max_size=30) | st.sampled_from([
    *MAP.values(), "", "TRUE", "default", "GetFeatureInfo", "GetLegendGraphic", "GetCapabilities", "1.1.1", "EPSG:4326", "CRS:84",
    "INIMAGE", "BLANK", "current", "nan", "-1", "0x12", "text/html", "image/jpeg", "1,2,3,4", "a,b",
])  # fmt: skip
NAMES = st.sampled_from([
    *MAP, "srs", "exceptions", "time", "transparent", "bgcolor", "sld_body", "query_layers", "i", "j", "x", "y", "info_format",
    "feature_count", "layer", "style",
])  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.dictionaries(NAMES, WORDS, max_size=6), dropped=st.sets(NAMES, max_size=2))
def test_whatever_is_sent(wms: Wms, said: dict[str, str], dropped: set[str]) -> None:
    clean = {name: value.encode("utf-8", "replace").decode() for name, value in {**MAP, **said}.items() if name not in dropped}
    assert wms.client.get("/ows/wms", clean).status_code == 200
