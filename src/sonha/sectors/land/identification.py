"""The identification code of a parcel - mã định danh thửa đất: GeoHash of twelve characters in WGS 84, unique in the country.

Assumption until the text is at hand (Nghị định 49/2026/NĐ-CP, Thông tư 19/2026/TT-BNNMT): it is taken of a point that lies in the
parcel for sure (ST_PointOnSurface), when the parcel comes into being, and stays for its life.
"""

from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

ALPHABET = np.array(list("0123456789bcdefghjkmnpqrstuvwxyz"))
LENGTH = 12
Array = np.ndarray[Any, Any]


def identification_codes(polygons: Array) -> list[str]:
    """Codes of shapely polygons in EPSG:9215."""
    xy = shapely.get_coordinates(shapely.point_on_surface(polygons))
    longitude, latitude = Transformer.from_crs(9215, 4326, always_xy=True).transform(xy[:, 0], xy[:, 1])
    return geohash(longitude, latitude)


def geohash(longitude: Array, latitude: Array) -> list[str]:
    """GeoHash of each point: 30 bits of longitude and 30 of latitude, taken in turn, five bits a character."""
    bits = LENGTH * 5 // 2
    x = np.floor((np.asarray(longitude) + 180) / 360 * 2**bits).astype(np.uint64)
    y = np.floor((np.asarray(latitude) + 90) / 180 * 2**bits).astype(np.uint64)
    digits = np.zeros((len(x), LENGTH), np.intp)
    for place in range(LENGTH * 5):
        source = x if place % 2 == 0 else y
        bit = (source >> np.uint64(bits - 1 - place // 2)) & np.uint64(1)
        digits[:, place // 5] |= bit.astype(np.intp) << (4 - place % 5)
    return ["".join(row) for row in ALPHABET[digits]]
