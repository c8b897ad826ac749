"""Coordinate systems as clients name them, and the order of axes that each way of naming implies.

`EPSG:n` is x,y (WFS 1.1.0, as GeoServer and GDAL read it; WMS 1.3.0 asks for the authority's order, see `axes_of_wms`); the URN and
the OGC URL mean the authority's own order: latitude first for 4326 and 4756, easting first for every VN-2000 / TM-3 zone.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

LATITUDE_FIRST = frozenset({4326, 4756})
ZONES = (5896, 5897, 5898, 5899, *range(9205, 9219))  # VN-2000 / TM-3; 6956-6959 are withdrawn by EPSG as wrong, and refused
UTM = (3405, 3406)
SUPPORTED = frozenset({4326, 3857, 4756, *ZONES, *UTM})
NEAR = (9215, 9214, 9213, 9210, 5899, 3405)  # the province's zone and its neighbours': what capabilities offer beside 4326 and 3857

PATTERNS = (
    (re.compile(r"(?:urn:(?:x-)?ogc:def:crs:|urn:x-)?EPSG:(?P<version>[\d.]*:)?(?P<code>\d{4,6})", re.IGNORECASE), None),
    (re.compile(r"https?://www\.opengis\.net/gml/srs/epsg\.xml#(?P<code>\d{4,6})", re.IGNORECASE), False),
    (re.compile(r"https?://www\.opengis\.net/def/crs/EPSG/[\d.]+/(?P<code>\d{4,6})", re.IGNORECASE), True),
)
CRS84 = re.compile(r"CRS:84|urn:ogc:def:crs:OGC:[\d.]*:?CRS84|https?://www\.opengis\.net/def/crs/OGC/[\d.]+/CRS84", re.IGNORECASE)


class UnknownSystem(LookupError):
    """A coordinate system that is not offered; the text is how it was named."""


@dataclass(frozen=True, slots=True)
class System:
    """`flipped`: coordinates are written north, east (latitude first)."""

    srid: int
    flipped: bool
    name: str

    @property
    def urn(self) -> str:
        return f"urn:ogc:def:crs:EPSG::{self.srid}"

    @property
    def url(self) -> str:
        return f"http://www.opengis.net/def/crs/EPSG/0/{self.srid}"


@lru_cache(maxsize=256)
def system(name: str) -> System:
    """UnknownSystem when it is none of those offered."""
    text = name.strip()
    if CRS84.fullmatch(text):
        return System(4326, False, text)
    for pattern, authority in PATTERNS:
        if found := pattern.fullmatch(text):
            srid = int(found["code"])
            if srid not in SUPPORTED:
                break
            formal = text.lower().startswith("urn:") if authority is None else authority
            return System(srid, formal and srid in LATITUDE_FIRST, text)
    raise UnknownSystem(text)


def axes_of_wms(name: str) -> System:
    """The same in a WMS 1.3.0 BBOX, where even `EPSG:4326` is latitude first."""
    found = system(name)
    return System(found.srid, found.srid in LATITUDE_FIRST and not CRS84.fullmatch(name.strip()), found.name)
