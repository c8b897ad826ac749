"""Parts 1 and 2, as the executable tests of OGC (ets-ogcapi-features10) put them, on the wells of the example register."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from sonha.foundation.access.tokens import issue_token
from sonha.foundation.identity.models import User
from sonha.geo.features.describing import CONFORMANCE
from sonha.testing.example.models import ExampleWell

from .wells import amend, row_of_wells, well

pytestmark = pytest.mark.django_db
WELLS = "/ogc/collections/example_wells"
ITEMS = f"{WELLS}/items"
CRS = "http://www.opengis.net/def/crs/"
CRS84, E4326, E9215, E3857 = f"{CRS}OGC/1.3/CRS84", f"{CRS}EPSG/0/4326", f"{CRS}EPSG/0/9215", f"{CRS}EPSG/0/3857"


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "ban-do.example"})


def got(client: Client, address: str, status: int = 200, **query: Any) -> Any:
    answer = client.get(address, query)
    assert answer.status_code == status, answer.content.decode()
    if status >= 400:
        assert answer["Content-Type"] == "application/problem+json" and answer.json()["detail"]
    return answer.json()


def by_relation(document: dict[str, Any], relation: str) -> list[dict[str, Any]]:
    return [each for each in document["links"] if each["rel"] == relation]


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/ogc/", "application/json"),
        ("/ogc/conformance", "application/json"),
        ("/ogc/api", "application/vnd.oai.openapi+json;version=3.0"),
        ("/ogc/collections", "application/json"),
        (WELLS, "application/json"),
        (f"{WELLS}/queryables", "application/schema+json"),
        (f"{WELLS}/schema", "application/schema+json"),
        (ITEMS, "application/geo+json"),
    ],
)
class TestEveryAddress:
    def test_answers_json_and_html(self, client: Client, address: str, kind: str) -> None:
        row_of_wells(2)
        assert client.get(address)["Content-Type"] == kind
        assert client.get(address, headers={"accept": "*/*"})["Content-Type"] == kind
        assert client.get(address, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})["Content-Type"].startswith("text/html")
        assert client.get(address, headers={"accept": "application/json, text/html;q=0.1"})["Content-Type"] == kind
        page = client.get(address, {"f": "html"})
        assert page.status_code == 200 and b"<h1>" in page.content and page["Content-Type"].startswith("text/html")
        assert client.get(address, {"f": "json"}, headers={"accept": "text/html"})["Content-Type"] == kind

    def test_refuses_unknown_parameters_and_forms(self, client: Client, address: str, kind: str) -> None:
        assert "khong_co" in got(client, address, 400, khong_co="1")["detail"]
        got(client, address, 400, f="xml")

    def test_head_and_no_writing(self, client: Client, address: str, kind: str) -> None:
        assert client.head(address).status_code == 200
        for method in (client.post, client.put, client.delete):
            assert method(address).status_code == 405


class TestDescriptions:
    def test_landing_page_has_the_links_of_the_standard(self, client: Client) -> None:
        document = got(client, "/ogc/")
        for relation in ("self", "alternate", "service-desc", "service-doc", "conformance", "data"):
            for each in by_relation(document, relation):
                assert each["href"].startswith("http://ban-do.example/ogc/") and each["type"]
            assert by_relation(document, relation), relation
        assert client.get(by_relation(document, "service-desc")[0]["href"]).status_code == 200

    def test_conformance_names_the_three_parts(self, client: Client) -> None:
        said = got(client, "/ogc/conformance")["conformsTo"]
        assert said == CONFORMANCE and len(set(said)) == len(said)
        for part, name in ((1, "core"), (1, "oas30"), (1, "html"), (1, "geojson"), (2, "crs"), (3, "filter"), (3, "queryables")):
            assert f"http://www.opengis.net/spec/ogcapi-features-{part}/1.0/conf/{name}" in said

    def test_api_definition_describes_every_address(self, client: Client) -> None:
        document = got(client, "/ogc/api")
        assert document["openapi"].startswith("3.0") and document["info"]["title"] and document["info"]["version"]
        operation = document["paths"]["/collections/example_wells/items"]["get"]
        names = {each.get("name") or each["$ref"].rpartition("/")[2] for each in operation["parameters"]}
        assert {"limit", "bbox", "datetime", "crs", "bbox-crs", "filter", "filter-lang", "filter-crs", "use", "depth"} <= names
        shared = document["components"]["parameters"]
        assert shared["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
        assert (
            shared["bbox"]["schema"]["items"] == {"type": "number"} and shared["bbox"]["style"] == "form" and not shared["bbox"]["explode"]
        )
        assert "owner_name" not in names, "the public does not see it"
        addresses = {path.replace("{featureId}", "0") for path in document["paths"]}
        assert all(client.get(f"/ogc{path}").status_code in (200, 404) for path in addresses)

    def test_collections_list_what_the_caller_may_see(self, client: Client) -> None:
        document = got(client, "/ogc/collections")
        assert {each["rel"] for each in document["links"]} >= {"self", "alternate"}
        ours = next(each for each in document["collections"] if each["id"] == "example_wells")
        kinds = {each["type"] for each in by_relation(ours, "items")}
        assert kinds >= {"application/geo+json", "text/html"}
        assert ours["storageCrs"] == E9215 and ours["crs"][0] == CRS84 and {E4326, E9215, E3857} <= set(ours["crs"])
        assert ours["itemType"] == "feature" and ours["title"] and ours["description"]

    def test_collection_tells_where_and_when(self, client: Client) -> None:
        document = got(client, WELLS)
        west, south, east, north = document["extent"]["spatial"]["bbox"][0]
        assert 105 < west < 106.768 < east < 108 and 21 < south < 21.876 < north < 23
        assert document["extent"]["spatial"]["crs"] == CRS84 and document["extent"]["temporal"]["interval"] == [[None, None]]

    def test_an_unknown_collection_is_not_there(self, client: Client) -> None:
        for address in (
            "/ogc/collections/khong-co",
            "/ogc/collections/khong-co/items",
            f"{ITEMS}/999999999",
            f"{ITEMS}/x",
            "/ogc/khong-co",
        ):
            got(client, address, 404)

    def test_queryables_and_schema_speak_of_titles_units_and_codes(self, client: Client) -> None:
        fields = got(client, f"{WELLS}/queryables")["properties"]
        assert fields["depth"] == {"title": "chiều sâu", "type": "number", "x-ogc-unit": "m"}
        assert fields["use"]["enum"] == ["home", "farm"] and fields["use"]["x-labels"]["farm"] == "Tưới"
        assert fields["geometry"]["format"] == "geometry-point" and fields["geometry"]["x-ogc-role"] == "primary-geometry"
        document = got(client, f"{WELLS}/schema")
        assert document["$id"].endswith(f"{WELLS}/schema") and document["type"] == "object"
        assert document["properties"]["id"]["x-ogc-role"] == "id" and "owner_name" not in document["properties"]


class TestItems:
    def test_is_a_feature_collection(self, client: Client) -> None:
        row_of_wells(3)
        document = got(client, ITEMS)
        assert document["type"] == "FeatureCollection"
        assert document["numberReturned"] == document["numberMatched"] == len(document["features"]) == 3
        assert document["timeStamp"].endswith("Z")
        first = document["features"][0]
        assert first["type"] == "Feature" and isinstance(first["id"], int)
        assert list(first["properties"]) == ["code", "use", "depth", "commune_code", "valid_from", "valid_to"]
        assert first["properties"] | {"commune_code": ""} == {
            "code": "G-000", "use": "farm", "depth": 10.0, "commune_code": "", "valid_from": "2020-01-01", "valid_to": None,
        }  # fmt: skip
        assert first["geometry"]["coordinates"] == pytest.approx([106.76805905, 21.87584998], abs=1e-7)
        assert by_relation(document, "self") and by_relation(document, "alternate")[0]["type"] == "text/html"

    def test_an_empty_collection_is_a_collection(self, client: Client) -> None:
        document = got(client, ITEMS)
        assert document["features"] == [] and document["numberReturned"] == 0 and not by_relation(document, "next")

    def test_following_next_gives_everything_once(self, client: Client) -> None:
        wells = row_of_wells(7)
        seen, address = [], f"{ITEMS}?limit=3&use=home"
        while address:
            document = client.get(address).json()
            assert document["numberReturned"] <= 3
            seen += [each["id"] for each in document["features"]]
            following = by_relation(document, "next")
            assert all("use=home" in each["href"] and each["type"] == "application/geo+json" for each in following)
            address = following[0]["href"] if following else ""
        assert seen == [each.pk for each in wells if each.use == "home"]

    def test_counts_only_on_request(self, client: Client) -> None:
        row_of_wells(5)
        assert "numberMatched" not in got(client, ITEMS, limit=2)
        assert got(client, ITEMS, limit=2, count="true")["numberMatched"] == 5

    @pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5", "", "99999999999999999999999"])
    def test_a_wrong_limit_is_refused(self, client: Client, limit: str) -> None:
        got(client, ITEMS, 400, limit=limit)

    def test_a_limit_beyond_the_greatest_is_cut(self, client: Client) -> None:
        row_of_wells(2)
        assert got(client, ITEMS, limit=1_000_000)["numberReturned"] == 2

    def test_one_feature(self, client: Client) -> None:
        row = well("G-1")
        answer = client.get(f"{ITEMS}/{row.pk}")
        document = answer.json()
        assert answer["Content-Type"] == "application/geo+json" and answer["Content-Crs"] == f"<{CRS84}>"
        assert document["id"] == row.pk and document["type"] == "Feature" and document["properties"]["code"] == "G-1"
        assert by_relation(document, "collection")[0]["href"].endswith(WELLS) and by_relation(document, "self")
        assert b"G-1" in client.get(f"{ITEMS}/{row.pk}", {"f": "html"}).content

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"use": "farm"}, [0, 3]),
            ({"depth": "12"}, [2]),
            ({"depth": "12.0"}, [2]),
            ({"drilled_on": "2010-01-02"}, [1]),
            ({"code": "G-004", "use": "home"}, [4]),
            ({"code": "' OR 1=1 --"}, []),
            ({"valid_from": "2020-01-01", "use": "farm"}, [0, 3]),
        ],
    )
    def test_property_parameters(self, client: Client, query: dict[str, str], found: list[int]) -> None:
        row_of_wells(5)
        if "drilled_on" in query:
            client.force_login(official())
        assert codes(got(client, ITEMS, **query)) == [f"G-{place:03}" for place in found]

    @pytest.mark.parametrize("query", [{"depth": "sâu"}, {"depth": "nan"}, {"valid_from": "hôm qua"}, {"geometry": "POINT(1 2)"},
                                       {"owner_name": "Lan"}, {"code": "a\x00"}])  # fmt: skip
    def test_wrong_property_parameters_are_refused(self, client: Client, query: dict[str, str]) -> None:
        got(client, ITEMS, 400, **query)


def official() -> User:
    from sonha.foundation.organisations.models import Position, Unit

    unit = Unit.objects.create(code="STNMT", name="Sở Tài nguyên và Môi trường", level=Unit.Level.PROVINCE, path="STNMT/")
    user = User.objects.create_user("chuyenvien", "mat-khau-dai", full_name="Lý Văn Sơn", kind="official")
    Position.objects.create(user=user, unit=unit, role="specialist", title="Chuyên viên", valid_from=date(2020, 1, 1))
    return user


def codes(document: dict[str, Any]) -> list[str]:
    return [each["properties"]["code"] for each in document["features"]]


def around(place: int, step: float = 100.0) -> tuple[float, float, float, float]:
    x, y = 450_000 + place * step, 2_420_000
    return x - 10, y - 10, x + 10, y + 10


class TestBoxes:
    @pytest.mark.parametrize(
        ("bbox", "crs", "found"),
        [
            ("106.7,21.8,106.8,21.9", "", 5),
            ("106.7,21.8,0,106.8,21.9,100", "", 5),
            ("21.8,106.7,21.9,106.8", E4326, 5),
            ("106.7,21.8,106.8,21.9", CRS84, 5),
            ("449990,2419990,450110,2420010", E9215, 2),
            ("11885000,2490000,11890000,2500000", E3857, 5),
            ("-180,-90,180,90", "", 5),
            ("170,-90,-170,90", "", 0),
            ("100,0,-170,90", "", 5),
            ("-10,40,0,50", "", 0),
            ("-20037508,-20037508,20037508,20037508", E3857, 5),
            ("-49999999,-49999999,49999999,49999999", E9215, 5),
            ("-49999999,-49999999,49999999,49999999", f"{CRS}EPSG/0/9214", 5),
            ("106.76805905,21.87584998,106.76805905,21.87584998", "", 0),
        ],
    )
    def test_bbox(self, client: Client, bbox: str, crs: str, found: int) -> None:
        row_of_wells(5)
        query = {"bbox": bbox, **({"bbox-crs": crs} if crs else {})}
        assert got(client, ITEMS, **query)["numberReturned"] == found

    @pytest.mark.parametrize(
        ("bbox", "crs"),
        [
            ("1,2,3", ""), ("1,2,3,4,5", ""), ("a,b,c,d", ""), ("", ""), ("nan,1,2,3", ""), ("1,2,inf,4", ""), ("200,0,210,10", ""),
            ("106,30,107,20", ""), ("106.7,21.8,106.8,91", ""), ("106.7,21.8,106.8,21.9", E4326), ("1,2,3,4", f"{CRS}EPSG/0/6957"),
            ("1,2,3,4", "EPSG"), ("2,2,1,4", E9215), ("1e300,1,2e300,3", E9215),
        ],
    )  # fmt: skip
    def test_wrong_boxes_are_refused(self, client: Client, bbox: str, crs: str) -> None:
        got(client, ITEMS, 400, **{"bbox": bbox, **({"bbox-crs": crs} if crs else {})})

    def test_a_box_in_degrees_and_its_twin_in_metres_find_the_same(self, client: Client) -> None:
        row_of_wells(9)
        metres = got(client, ITEMS, **{"bbox": "450150,2419000,450450,2421000", "bbox-crs": E9215})
        west = got(client, f"{ITEMS}/{metres['features'][0]['id']}")["geometry"]["coordinates"][0] - 0.0001
        east = got(client, f"{ITEMS}/{metres['features'][-1]['id']}")["geometry"]["coordinates"][0] + 0.0001
        degrees = got(client, ITEMS, bbox=f"{west},21.87,{east},21.88")
        assert codes(degrees) == codes(metres) == ["G-002", "G-003", "G-004"]


class TestSystems:
    @pytest.mark.parametrize(
        ("crs", "position", "near"),
        [
            (CRS84, [106.76805905, 21.87584998], 1e-7),
            (E4326, [21.87584998, 106.76805905], 1e-7),
            ("urn:ogc:def:crs:EPSG::4326", [21.87584998, 106.76805905], 1e-7),
            ("EPSG:4326", [106.76805905, 21.87584998], 1e-7),
            (E9215, [450_000, 2_420_000], 1e-4),
            (E3857, [11885365.97, 2496626.05], 0.02),
        ],
    )
    def test_answers_in_the_system_asked_for(self, client: Client, crs: str, position: list[float], near: float) -> None:
        row = well("G-1")
        for address in (ITEMS, f"{ITEMS}/{row.pk}"):
            answer = client.get(address, {"crs": crs})
            assert answer["Content-Crs"] == f"<{crs}>"
            found = answer.json()
            geometry = found["features"][0]["geometry"] if "features" in found else found["geometry"]
            assert geometry["coordinates"] == pytest.approx(position, abs=near)

    @pytest.mark.parametrize("crs", ["", "EPSG:6957", f"{CRS}EPSG/0/32648", f"{CRS}OGC/1.3/CRS27", "x" * 500])
    def test_systems_that_are_not_offered_are_refused(self, client: Client, crs: str) -> None:
        got(client, ITEMS, 400, crs=crs)

    def test_every_system_that_is_offered_works(self, client: Client) -> None:
        well("G-1")
        for crs in got(client, WELLS)["crs"]:
            there = got(client, ITEMS, crs=crs)["features"][0]["geometry"]["coordinates"]
            x, y = there
            box = f"{x - 1e-5},{y - 1e-5},{x + 1e-5},{y + 1e-5}" if max(abs(x), abs(y)) < 200 else f"{x - 1},{y - 1},{x + 1},{y + 1}"
            assert got(client, ITEMS, **{"bbox": box, "bbox-crs": crs})["numberReturned"] == 1, crs


class TestTime:
    @pytest.mark.parametrize(
        ("moment", "depth"),
        [
            ("2019-12-31", None),
            ("2020-01-01", 40.0),
            ("2024-05-31T12:00:00Z", 40.0),
            ("2024-05-31T17:00:00Z", 55.0),  # midnight in Viet Nam
            ("2024-06-01", 55.0),
            ("2020-01-01/2024-05-31", 40.0),
            ("../2024-05-31", 40.0),
            ("/2024-05-31", 40.0),
            ("2023-01-01/2024-07-01", 55.0),
            ("2024-06-01/..", 55.0),
            ("../..", 55.0),
            ("2018-01-01/2019-01-01", None),
        ],
    )
    def test_what_was_so_then(self, client: Client, moment: str, depth: float | None) -> None:
        amend(well("G-1"), date(2024, 6, 1), depth="55.0")
        found = got(client, ITEMS, datetime=moment)["features"]
        assert [each["properties"]["depth"] for each in found] == ([] if depth is None else [depth])

    @pytest.mark.parametrize("moment", ["hôm nay", "2024", "2024-13-01", "2024-06-01T00:00:00", "2024-06-02/2024-06-01", "a/b/c", "9999"])
    def test_wrong_moments_are_refused(self, client: Client, moment: str) -> None:
        got(client, ITEMS, 400, datetime=moment)

    def test_what_the_register_said_then(self, client: Client) -> None:
        from django.utils import timezone

        row = well("G-1")
        before = timezone.now().isoformat()
        amend(row, date(2024, 6, 1), depth="55.0")
        assert got(client, ITEMS, known_at=before)["features"][0]["properties"]["depth"] == 40.0
        assert got(client, f"{ITEMS}/{row.pk}", known_at=before, datetime="2025-01-01")["properties"]["depth"] == 40.0
        got(client, ITEMS, 400, known_at="hôm qua")


class TestRights:
    def test_a_token_sees_more_than_a_visitor(self, client: Client) -> None:
        row = well("G-1")
        assert "owner_name" not in got(client, f"{ITEMS}/{row.pk}")["properties"]
        token = issue_token(official(), "QGIS")
        headers = {"authorization": f"Bearer {token}"}
        said = client.get(f"{ITEMS}/{row.pk}", headers=headers).json()
        assert said["properties"]["owner_name"] == "Nông Thị Lan"
        assert client.get("/ogc/api", headers=headers).json()["components"]["parameters"]["limit"]["schema"]["maximum"] == 10_000

    def test_a_wrong_token_is_refused(self, client: Client) -> None:
        assert client.get(ITEMS, headers={"authorization": "Bearer sonha_sai"}).status_code == 401

    def test_secret_records_are_nowhere(self, client: Client) -> None:
        row = well("G-1", is_secret=True)
        assert got(client, ITEMS)["features"] == []
        got(client, f"{ITEMS}/{row.pk}", 404)
        assert ExampleWell.objects.count() == 1
