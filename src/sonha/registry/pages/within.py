"""The area that an address narrows a list to: `area=POLYGON((106.76 21.87,…))`, well-known text in degrees of WGS 84, longitude first.

Short enough to stand in an address, so that lists, exports and links to them all mean the same records.
"""

import math
import re

import shapely
from django.contrib.gis.geos import GEOSGeometry

from .places import VIET_NAM, WGS84, in_system, province_srid

MOST_CORNERS = 150
LONGEST = 6_000  # characters of the text
PARAMETER = "area"
TEXT = re.compile(r"(?:MULTI)?POLYGON ?\([\d.,() ]+\)", re.ASCII)


def read_area(text: str) -> GEOSGeometry | None:
    """In the plane of the province; None when the text is no area in Viet Nam that an address can hold."""
    if not text or len(text) > LONGEST or not TEXT.fullmatch(text):
        return None
    try:
        shape = shapely.from_wkt(text)
    except shapely.errors.ShapelyError:
        return None
    corners = shapely.get_coordinates(shape)
    west, south, east, north = VIET_NAM
    inside = all(math.isfinite(x) and math.isfinite(y) and west <= x <= east and south <= y <= north for x, y in corners)
    if not len(corners) or len(corners) > 2 * MOST_CORNERS or not inside:
        return None
    shape = shape if shape.is_valid else shapely.make_valid(shape)
    if not shape.area:
        return None
    return in_system(GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=WGS84), province_srid())


def area_text(area: GEOSGeometry) -> str:
    """The text of an area, to a decimetre; empty for what is no area, or has too many corners for an address."""
    if area.empty or area.geom_type not in ("Polygon", "MultiPolygon") or area.num_coords > MOST_CORNERS:
        return ""
    degrees = shapely.from_wkb(bytes(in_system(area, WGS84).wkb))
    text = str(shapely.to_wkt(degrees, rounding_precision=6, trim=True)).replace(", ", ",").replace("POLYGON (", "POLYGON(")
    return text if read_area(text) is not None else ""
