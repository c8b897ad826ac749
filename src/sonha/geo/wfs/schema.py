"""DescribeFeatureType: the GML 3.1.1 schema of layers, with the fields that this caller sees."""

from collections.abc import Iterable

from django.db import models

from sonha.geo.layers.served import ServedLayer
from sonha.geo.ows.writing import escaped
from sonha.registry.declarations.fields import Field

from .conditions import kind_of
from .requests import NAMESPACE, PREFIX

TYPES = {"number": "xsd:decimal", "date": "xsd:date", "moment": "xsd:dateTime", "boolean": "xsd:boolean", "text": "xsd:string"}
GEOMETRIES = {
    "POINT": "gml:PointPropertyType", "LINESTRING": "gml:LineStringPropertyType", "POLYGON": "gml:PolygonPropertyType",
    "MULTIPOINT": "gml:MultiPointPropertyType", "MULTILINESTRING": "gml:MultiLineStringPropertyType",
    "MULTIPOLYGON": "gml:MultiPolygonPropertyType",
}  # fmt: skip
"""Straight-edged shapes only: curves and surfaces, which these could be called too, become curve polygons in GDAL and in what it writes."""


def type_of(layer: ServedLayer, field: Field) -> str:
    """The XSD type in which values of a field are written."""
    if field.kind in {"integer", "reference"}:
        return "xsd:integer"
    if isinstance(layer.register.model._meta.get_field(field.name), models.FloatField):
        return "xsd:double"
    return TYPES[kind_of(field)]


def schema(layers: Iterable[ServedLayer]) -> str:
    """Every property may be left out: a row may lack it, the caller may not see it there, or a request may not ask for it."""
    types = "".join(_type(layer) for layer in layers)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:gml="http://www.opengis.net/gml" xmlns:{PREFIX}="{NAMESPACE}"'
        f' targetNamespace="{NAMESPACE}" elementFormDefault="qualified" version="1.0">\n'
        '  <xsd:import namespace="http://www.opengis.net/gml" schemaLocation="http://schemas.opengis.net/gml/3.1.1/base/gml.xsd"/>\n'
        f"{types}</xsd:schema>\n"
    )


def _type(layer: ServedLayer) -> str:
    shape = GEOMETRIES.get(layer.geometry.geometry_type.upper(), "gml:GeometryPropertyType")
    properties = [(layer.layer.geometry, shape, str(layer.geometry.title))]
    properties += [(field.name, type_of(layer, field), _titled(field)) for field in layer.fields]
    elements = "".join(
        f'          <xsd:element name="{name}" type="{kind}" minOccurs="0">'
        f"<xsd:annotation><xsd:documentation>{escaped(title)}</xsd:documentation></xsd:annotation></xsd:element>\n"
        for name, kind, title in properties
    )
    return (
        f'  <xsd:element name="{layer.name}" type="{PREFIX}:{layer.name}Type" substitutionGroup="gml:_Feature"/>\n'
        f'  <xsd:complexType name="{layer.name}Type">\n    <xsd:complexContent>\n'
        '      <xsd:extension base="gml:AbstractFeatureType">\n        <xsd:sequence>\n'
        f"{elements}        </xsd:sequence>\n      </xsd:extension>\n    </xsd:complexContent>\n  </xsd:complexType>\n"
    )


def _titled(field: Field) -> str:
    return f"{field.title} ({field.unit})" if field.unit else str(field.title)
