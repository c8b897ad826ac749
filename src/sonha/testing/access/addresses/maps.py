"""The map page and the map services: WMS, WFS, OGC API Features, tiles, catalogue, open data."""

from sonha.testing.access.expected import holders
from sonha.testing.access.rules import ADMINISTRATORS, IN_REGISTERS, NOBODY, OFFICIALS, PUBLIC, Address


def _map_page() -> list[Address]:
    layer = {"layer": "example_wells"}
    where = {**layer, "z": 3, "x": 6, "y": 3}
    return [
        Address("ban-do/", PUBLIC),
        Address("ban-do/tim.json", PUBLIC, queries=("?q=nuoc", "?q={name}", "?q={code}"), reveals_all_to=IN_REGISTERS),
        Address("ban-do/tai-day.json", PUBLIC, PUBLIC, queries=("?lng=106.76&lat=21.87&metres=5000",), open_forms=True),
        Address("ban-do/doc-song.json", PUBLIC, queries=("?lng=106.76&lat=21.87&direction=upstream",)),
        Address("ban-do/in/", PUBLIC, queries=("?lng=106.76&lat=21.87&layers=example_wells",)),
        Address("ban-do/mo-tep/", NOBODY, PUBLIC, open_forms=True),
        Address("ban-do/chong-lan/", PUBLIC, PUBLIC, open_forms=True),
        Address("tiles/<slug:layer>.json", PUBLIC, arguments=layer),
        Address("tiles/<slug:layer>/style.json", PUBLIC, arguments=layer),
        Address("tiles/<slug:layer>/<int:z>/<int:x>/<int:y>", PUBLIC, arguments=where),
        Address("tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.mvt", PUBLIC, arguments=where),
    ]


def _drawn_maps() -> list[Address]:
    """WMS (what it shows of which register: geo/wms/tests) and rasters, of which there is none here."""
    keepers = frozenset(holders("head")) | {"specialist", "other_specialist", "substitute", "former_substitute", "applying_official"}
    keepers |= {"officer_a", "officer_b"}
    name = {"name": "khong-co"}
    place = {**name, "z": 3, "x": 6, "y": 3, "form": "png"}
    return [
        Address("ows/wms", PUBLIC, PUBLIC, queries=("?service=WMS&request=GetCapabilities",), open_forms=True),
        Address("tiles/raster/<slug:name>.json", PUBLIC, arguments=name, absent=True),
        Address("tiles/raster/<slug:name>.tif", PUBLIC, arguments=name, absent=True),
        Address("tiles/raster/<slug:name>/<int:z>/<int:x>/<int:y>.<slug:form>", PUBLIC, arguments=place, absent=True),
        Address("csdl/anh/", OFFICIALS),
        Address("csdl/anh/them/", keepers, keepers, data={"title": "x"}),
        Address("csdl/anh/<slug:name>/", OFFICIALS, OFFICIALS, arguments=name, data={"title": "x"}, absent=True),
        Address("csdl/anh/<slug:name>/go-bo/", NOBODY, keepers, arguments=name, data={"reason": "x"}),
    ]


def _map_services() -> list[Address]:
    """WFS and the catalogue answer everybody, each by its rights (geo/wfs/tests, geo/metadata/tests); nothing is written there."""
    wfs, catalogue, name = "?service=WFS&request=", "?service=CSW&version=2.0.2&request=", {"name": "example_wells"}
    return [
        Address(
            "ows/wfs", PUBLIC, PUBLIC, open_forms=True,
            queries=tuple(f"{wfs}{each}" for each in ("GetCapabilities", "DescribeFeatureType", "GetFeature&typename=example_wells")),
        ),
        Address(
            "csw", PUBLIC, PUBLIC, open_forms=True,
            queries=tuple(f"{catalogue}{each}" for each in ("GetCapabilities", "GetRecords&resultType=results&maxRecords=100")),
        ),
        Address("sieu-du-lieu/", PUBLIC, queries=("", "?q={name}")),
        Address("sieu-du-lieu/<slug:name>/", PUBLIC, arguments=name),
        Address("sieu-du-lieu/<slug:name>/iso19139.xml", PUBLIC, arguments=name),
        Address("sieu-du-lieu/<slug:name>/sua/", ADMINISTRATORS, ADMINISTRATORS, arguments=name, data={"lineage": "x"}),
    ]  # fmt: skip


def _features() -> list[Address]:
    """OGC API Features and open data: what everybody may read of the example register; the rest by rights (their own tests)."""
    base, example = "ogc/collections/<str:name>", {"name": "example_wells"}
    return [
        *(Address(f"ogc/{each}", PUBLIC, queries=("", "?f=html")) for each in ("", "api", "conformance", "collections")),
        *(
            Address(f"{base}{each}", PUBLIC, arguments=example, queries=("", "?f=html"))
            for each in ("", "/queryables", "/schema", "/items")
        ),
        Address(f"{base}/items/<str:pk>", PUBLIC, arguments={**example, "pk": "0"}, absent=True),
        Address("ogc/^.*$", NOBODY),
        *(Address(f"du-lieu-mo/{each}", PUBLIC) for each in ("", "catalog.jsonld", "catalog.ttl")),
        Address("du-lieu-mo/<slug:slug>/", PUBLIC, arguments={"slug": "gieng-vi-du"}),
        Address("du-lieu-mo/<slug:slug>/<slug:kind>", PUBLIC, arguments={"slug": "gieng-vi-du", "kind": "khong-co"}, absent=True),
    ]


def addresses() -> list[Address]:
    return [*_map_page(), *_drawn_maps(), *_map_services(), *_features()]
