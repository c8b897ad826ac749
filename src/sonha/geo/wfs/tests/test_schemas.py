"""Answers against the XML schemas of the standards."""

from typing import Any

import pytest
from lxml import etree

from sonha.testing.schemas import check

pytestmark = pytest.mark.django_db
XSD = "{http://www.w3.org/2001/XMLSchema}"


def test_capabilities_fit_the_schema(service: Any, wells: Any) -> None:
    root = check(service.get("GetCapabilities").content)
    assert "sonha:example_wells" in [each.text for each in root.iterfind(".//{http://www.opengis.net/wfs}Name")]


def test_what_officials_see_more_of_fits_too(colleague: Any) -> None:
    check(colleague.get("GetCapabilities").content)


def test_the_types_of_all_layers_are_one_valid_schema(service: Any) -> None:
    """Whatever is declared: names are XML names, types are those of GML 3.1.1, nothing is told twice."""
    described = service.get("DescribeFeatureType").content
    names = {each.get("name") for each in etree.fromstring(described).iterfind(f"{XSD}element")}
    offered = {each.text for each in check(service.get("GetCapabilities").content).iterfind(".//{http://www.opengis.net/wfs}Name")}
    assert {f"sonha:{name}" for name in names} == offered
    empty = service.get(typename=",".join(sorted(offered)), maxfeatures="1", resulttype="hits").content
    check(empty, extra=[described])


@pytest.mark.parametrize(
    "said", [{}, {"propertyname": "code"}, {"srsname": "EPSG:4326"}, {"resulttype": "hits"}, {"featureid": "example_wells.0"}]
)
def test_features_fit_their_own_schema(service: Any, wells: Any, said: dict[str, str]) -> None:
    described = service.get("DescribeFeatureType", typename="sonha:example_wells").content
    check(service.get(typename="sonha:example_wells", **said).content, extra=[described])


def test_exception_reports_fit_the_schema(service: Any) -> None:
    assert check(service.get(typename="sonha:nothing").content).get("language") == "vi"
