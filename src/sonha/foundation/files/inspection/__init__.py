"""What is checked inside each kind of file before it is taken.

`inspect` raises FileRefused; it may return a cleaned copy to store instead.
"""

from dataclasses import dataclass
from pathlib import Path

from ..kinds import Kind
from . import archives, geodata, images, pdf


@dataclass(frozen=True)
class Cleaned:
    """A copy of the file without what should not be kept; `how` is a StoredFile.Cleaning."""

    path: Path
    how: str


def inspect(path: Path, kind: Kind) -> Cleaned | None:
    """Checks the file at `path`, of kind `kind`. Photographs with a place or on their side give a cleaned copy beside it."""
    if kind.key == "pdf":
        pdf.check(path)
    elif kind.key in ("jpeg", "png", "webp"):
        copy = path.with_name(path.name + ".clean")
        how = images.clean(path, copy, kind)
        return Cleaned(copy, how) if how else None
    elif kind.key == "geojson":
        geodata.check_geojson(path)
    elif kind.key == "gpkg":
        geodata.check_geopackage(path)
    elif kind.key == "gml":
        geodata.check_gml(path)
    elif kind.key not in ("csv", "dxf", "dgn"):  # which have no inside to hide anything in
        archives.check(path, kind.key)
    return None
