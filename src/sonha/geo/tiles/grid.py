"""Where a tile of the web's grid lies (EPSG:3857, y downwards), and which zoom shows which scale."""

import math
from dataclasses import dataclass

WORLD = 20037508.342789244  # half the width of the world in metres of EPSG:3857
DEEPEST = 22
EXTENT = 4096  # steps across a tile
MARGIN = 96  # steps around it that are drawn too, so that strokes and labels meet
SCREEN = 512  # pixels across a tile on the page
ZOOM_0 = 2 * WORLD / SCREEN / 0.00028  # scale denominator at the equator; a pixel is 0.28 mm
LATITUDE = 21.85  # of the province: where denominators of layers are meant
VIET_NAM = (101.0, 5.0, 119.0, 25.0)  # degrees; beyond, a plane of VN-2000 means nothing

Box = tuple[float, float, float, float]


class OutOfGrid(ValueError):
    """No such tile."""


@dataclass(frozen=True, slots=True)
class Tile:
    """OutOfGrid when the numbers name no tile."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not (0 <= self.z <= DEEPEST and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z):
            raise OutOfGrid

    @property
    def width(self) -> float:
        """Metres of EPSG:3857."""
        return 2 * WORLD / 2**self.z

    @property
    def step(self) -> float:
        """One step of the tile's own grid in metres on the ground, in the latitude of the province."""
        return self.width / EXTENT * math.cos(math.radians(LATITUDE))

    def degrees(self) -> Box | None:
        """West, south, east, north with the margin, cut to Viet Nam; None when the tile lies elsewhere."""
        around = self.width * MARGIN / EXTENT
        west, north = self.x * self.width - WORLD, WORLD - self.y * self.width
        corners = (west - around, north - self.width - around, west + self.width + around, north + around)
        w, e = (corners[index] / WORLD * 180 for index in (0, 2))
        s, n = (_latitude(corners[index]) for index in (1, 3))
        box = (max(w, VIET_NAM[0]), max(s, VIET_NAM[1]), min(e, VIET_NAM[2]), min(n, VIET_NAM[3]))
        return box if box[0] < box[2] and box[1] < box[3] else None


def _latitude(northing: float) -> float:
    return math.degrees(2 * math.atan(math.exp(northing / WORLD * math.pi)) - math.pi / 2)


def zoom_of(denominator: float) -> float:
    """The zoom of MapLibre (tiles of 512 px) at which a map has this scale in the province."""
    return math.log2(ZOOM_0 * math.cos(math.radians(LATITUDE)) / denominator)


def zooms(smallest: int, largest: int) -> tuple[float, float]:
    """First and last zoom of a layer by its denominators (0: always)."""
    return (zoom_of(smallest) if smallest else 0.0, zoom_of(largest) if largest else float(DEEPEST))
