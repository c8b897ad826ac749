"""Answers against the XML schemas of the standards."""

from typing import Any

import pytest

from sonha.testing.schemas import check

pytestmark = pytest.mark.django_db


def test_capabilities_fit_the_schema(service: Any, wells: Any) -> None:
    root = check(service.get("GetCapabilities").content)
    assert "sonha:example_wells" in [each.text for each in root.iterfind(".//{http://www.opengis.net/wfs}Name")]


@pytest.mark.parametrize(
    "said", [{}, {"propertyname": "code"}, {"srsname": "EPSG:4326"}, {"resulttype": "hits"}, {"featureid": "example_wells.0"}]
)
def test_features_fit_their_own_schema(service: Any, wells: Any, said: dict[str, str]) -> None:
    described = service.get("DescribeFeatureType", typename="sonha:example_wells").content
    check(service.get(typename="sonha:example_wells", **said).content, extra=[described])


def test_exception_reports_fit_the_schema(service: Any) -> None:
    assert check(service.get(typename="sonha:nothing").content).get("language") == "vi"
