"""What the service says of itself: landing page, conformance, collections, queryables, schemas. Addresses are absolute."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from sonha.geo.layers.extents import extent
from sonha.geo.layers.served import ServedLayer

from .properties import properties, shown
from .queries import CRS84, OFFERED, system_urls

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
OPENAPI, SCHEMA = "application/vnd.oai.openapi+json;version=3.0", "application/schema+json"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
SCHEMA_RELATION = "http://www.opengis.net/def/rel/ogc/1.0/schema"
FEATURES, CQL2 = "http://www.opengis.net/spec/ogcapi-features-{part}/1.0/conf/{name}", "http://www.opengis.net/spec/cql2/1.0/conf/{name}"
CONFORMANCE = [
    *(FEATURES.format(part=1, name=name) for name in ("core", "oas30", "html", "geojson")),
    FEATURES.format(part=2, name="crs"),
    *(FEATURES.format(part=3, name=name) for name in ("filter", "features-filter", "queryables", "queryables-query-parameters")),
    *(
        CQL2.format(name=name)
        for name in (
            "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison",
            "accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions",
            "temporal-functions", "property-property", "arithmetic",
        )
    ),
    *(f"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/{name}" for name in ("core", "landing-page", "json", "html", "oas30")),
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
]  # fmt: skip


def link(href: str, relation: str, kind: str, title: str = "", **more: Any) -> dict[str, Any]:
    return {"href": href, "rel": relation, "type": kind, **({"title": title} if title else {}), **more}


def both(address: str, kind: str, is_html: bool) -> list[dict[str, Any]]:
    """Links to this very document and to its other form."""
    html, machine = link(f"{address}{_mark(address)}f=html", "", HTML), link(f"{address}{_mark(address)}f=json", "", kind)
    html |= {"rel": "self" if is_html else "alternate", "title": _("Trang này để đọc")}
    machine |= {"rel": "alternate" if is_html else "self", "title": _("Trang này cho máy")}
    return [html, machine] if is_html else [machine, html]


def _mark(address: str) -> str:
    return "&" if "?" in address else "?"


def landing(root: str, is_html: bool = False) -> dict[str, Any]:
    return {
        "title": _("Dữ liệu bản đồ tỉnh Lạng Sơn"),
        "description": _("Dữ liệu tài nguyên và môi trường theo OGC API Features; mỗi người gọi thấy những gì mình được xem."),
        "links": [
            *both(root, JSON, is_html),
            link(f"{root}api", "service-desc", OPENAPI, _("Định nghĩa giao diện lập trình")),
            link(f"{root}api?f=html", "service-doc", HTML, _("Mô tả giao diện lập trình")),
            link(f"{root}conformance", "conformance", JSON, _("Các lớp tiêu chuẩn được tuân theo")),
            link(f"{root}conformance", "http://www.opengis.net/def/rel/ogc/1.0/conformance", JSON, _("Các lớp tiêu chuẩn được tuân theo")),
            link(f"{root}collections", "data", JSON, _("Các lớp dữ liệu")),
            link(f"{root}collections", "http://www.opengis.net/def/rel/ogc/1.0/data", JSON, _("Các lớp dữ liệu")),
        ],
    }


def conformance() -> dict[str, Any]:
    return {"conformsTo": CONFORMANCE}


def collections(root: str, layers: Iterable[ServedLayer], is_html: bool = False) -> dict[str, Any]:
    """All layers."""
    return {
        "links": both(f"{root}collections", JSON, is_html),
        "crs": [CRS84, *(f"http://www.opengis.net/def/crs/EPSG/0/{code}" for code in OFFERED)],
        "collections": [collection(root, layer) for layer in layers],
    }


def collection(root: str, layer: ServedLayer, is_html: bool | None = None) -> dict[str, Any]:
    """One layer. Its box is that of the database's statistics, rounded outward."""
    here = f"{root}collections/{layer.name}"
    own = [link(here, "self", JSON)] if is_html is None else both(here, JSON, is_html)
    register = layer.register
    said: dict[str, Any] = {
        "id": layer.name,
        "title": str(layer.title),
        "description": str(register.description) or _("Căn cứ: %(source)s") % {"source": register.source},
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [list(extent(layer))], "crs": CRS84},
            "temporal": {"interval": [[None, None]], "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"},
        },
        "crs": system_urls(layer),
        "storageCrs": f"http://www.opengis.net/def/crs/EPSG/0/{layer.srid}",
        "links": [
            *own,
            link(f"{here}/items", "items", GEOJSON, str(layer.title)),
            link(f"{here}/items?f=html", "items", HTML, str(layer.title)),
            link(f"{here}/queryables", QUERYABLES, SCHEMA, _("Thuộc tính để lọc")),
            link(f"{here}/schema", SCHEMA_RELATION, SCHEMA, _("Cấu trúc dữ liệu")),
        ],
    }
    return said


def queryables(root: str, layer: ServedLayer) -> dict[str, Any]:
    return _schema(f"{root}collections/{layer.name}/queryables", layer, {each.name: each.schema() for each in properties(layer)})


def schema(root: str, layer: ServedLayer) -> dict[str, Any]:
    """The structure of a feature's properties, with titles, units and code lists."""
    fields = {each.name: each.schema() for each in shown(layer)}
    identity = {"id": {"type": "integer", "x-ogc-role": "id", "readOnly": True}}
    geometry = {each.name: each.schema() for each in properties(layer) if each.type == "geometry"}
    return _schema(f"{root}collections/{layer.name}/schema", layer, {**identity, **fields, **geometry})


def _schema(address: str, layer: ServedLayer, fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": str(layer.title),
        "properties": fields,
        "additionalProperties": False,
    }
