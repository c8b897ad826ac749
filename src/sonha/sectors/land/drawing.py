"""Shapes of answers (GeoJSON in WGS 84) on the plane of the cadastre (VN-2000) and back."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from pyproj import Transformer

from sonha.sectors.land.cutting import SRID


def in_vn2000(geometry: Mapping[str, Any]) -> shapely.Geometry:
    return _moved(shapely.from_geojson(json.dumps(geometry)), 4326, SRID)


def in_wgs84(geometry: GEOSGeometry | None) -> dict[str, Any] | None:
    """GeoJSON with seven decimals, about a centimetre."""
    return None if geometry is None else shape_in_wgs84(shapely.from_wkb(bytes(geometry.wkb)))


def shape_in_wgs84(shape: shapely.Geometry) -> dict[str, Any]:
    moved = _moved(shape, SRID, 4326)
    rounded = shapely.transform(moved, lambda points: points.round(7))
    found: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return found


def _moved(shape: shapely.Geometry, source: int, target: int) -> shapely.Geometry:
    transformer = Transformer.from_crs(source, target, always_xy=True)
    return shapely.transform(shape, lambda points: _columns(transformer, points))


def _columns(transformer: Transformer, points: Any) -> Any:
    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))
