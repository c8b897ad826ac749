"""The API definition (OpenAPI 3.0) with the layers that the caller may see and the parameters of each."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from sonha.geo.layers.limits import DEFAULT_FEATURES, Limits
from sonha.geo.layers.served import ServedLayer

from .describing import GEOJSON, HTML, JSON, SCHEMA
from .properties import Property, shown

PROBLEM = {
    "description": "What is wrong, in words.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}},
}
TYPES = {"number": {"type": "number"}, "boolean": {"type": "boolean"}, "date": {"type": "string", "format": "date"}}


def definition(root: str, layers: Iterable[ServedLayer], limits: Limits) -> dict[str, Any]:
    paths: dict[str, Any] = {
        "/": {"get": _get("getLandingPage", "Landing page", JSON)},
        "/api": {"get": _get("getApi", "This document", "application/vnd.oai.openapi+json;version=3.0")},
        "/conformance": {"get": _get("getConformance", "Conformance classes", JSON)},
        "/collections": {"get": _get("getCollections", "The layers", JSON)},
    }
    for layer in layers:
        paths |= _paths(layer)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": _("Dữ liệu bản đồ tỉnh Lạng Sơn"),
            "version": "1.0.0",
            "description": "OGC API Features, parts 1 to 3. Each caller sees the layers, rows and properties that it may read.",
        },
        "servers": [{"url": root.rstrip("/")}],
        "tags": [{"name": "service"}, {"name": "data"}],
        "paths": paths,
        "components": {"parameters": _parameters(limits), "schemas": SCHEMAS},
    }


def _get(operation: str, summary: str, kind: str, parameters: list[Any] | None = None, tag: str = "service") -> dict[str, Any]:
    return {
        "operationId": operation,
        "summary": summary,
        "tags": [tag],
        "parameters": [_ref("f"), *(parameters or [])],
        "responses": {
            "200": {"description": summary, "content": {kind: {"schema": {"type": "object"}}, HTML: {"schema": {"type": "string"}}}},
            "400": PROBLEM,
            "404": PROBLEM,
        },
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


def _paths(layer: ServedLayer) -> dict[str, Any]:
    base, title = f"/collections/{layer.name}", str(layer.title)
    asked = [_ref(name) for name in ("limit", "bbox", "bbox-crs", "datetime", "known_at", "crs", "filter", "filter-lang", "filter-crs",
                                     "after", "count")]  # fmt: skip
    feature_id = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
    one = [feature_id, *(_ref(name) for name in ("crs", "datetime", "known_at"))]
    return {
        base: {"get": _get(f"describe_{layer.name}", title, JSON, tag="data")},
        f"{base}/queryables": {"get": _get(f"queryables_{layer.name}", title, SCHEMA, tag="data")},
        f"{base}/schema": {"get": _get(f"schema_{layer.name}", title, SCHEMA, tag="data")},
        f"{base}/items": {"get": _get(f"items_{layer.name}", title, GEOJSON, [*asked, *map(_equal, shown(layer))], "data")},
        f"{base}/items/{{featureId}}": {"get": _get(f"item_{layer.name}", title, GEOJSON, one, "data")},
    }


def _equal(known: Property) -> dict[str, Any]:
    schema: dict[str, Any] = dict(TYPES.get(known.type, {"type": "string"}))
    if known.field.choices:
        schema["enum"] = [value for value, _label in known.field.choices]
    unit = f" ({known.field.unit})" if known.field.unit else ""
    return _query(known.name, f"{known.field.title}{unit}", schema)


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema, "style": "form",
            "explode": False}  # fmt: skip


def _parameters(limits: Limits) -> dict[str, Any]:
    text, uri, whole = {"type": "string"}, {"type": "string", "format": "uri"}, {"type": "integer"}
    numbers = {"type": "array", "items": {"type": "number"}, "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]}
    most = {**whole, "minimum": 1, "maximum": limits.features, "default": DEFAULT_FEATURES}
    languages = {**text, "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"}
    described: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("f", "json or html; without it, by the Accept header.", {**text, "enum": ["json", "html"]}),
        ("limit", "Features in a page.", most),
        ("bbox", "Only features that meet this box; by default longitude and latitude.", numbers),
        ("bbox-crs", "Coordinate system of bbox.", uri),
        ("datetime", "What was so on a day, or at last within an interval (start/end, .. is open).", text),
        ("known_at", "As the register said at this moment (RFC 3339).", {**text, "format": "date-time"}),
        ("crs", "Coordinate system of the answer.", uri),
        ("filter", "CQL2, e.g. depth > 40 AND S_INTERSECTS(geometry, BBOX(106,21,107,22)).", text),
        ("filter-lang", "Form of the filter.", languages),
        ("filter-crs", "Coordinate system of geometries in the filter.", uri),
        ("after", "Id after which the page begins; follow the next link instead of writing it.", whole),
        ("count", "Whether to count what matches (numberMatched), up to 10,000.", {"type": "boolean", "default": False}),
    )
    return {name: _query(name, description, schema) for name, description, schema in described}


SCHEMAS = {
    "problem": {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("type", "title", "detail")} | {"status": {"type": "integer"}},
    }
}
