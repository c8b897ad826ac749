"""Where GeoDjango finds GDAL and GEOS: inside the wheels of pyogrio and shapely (newer than Debian's, no system package needed)."""

import ctypes.util
from pathlib import Path

import pyogrio  # must be imported before Django registers GDAL drivers, or it refuses to load
import shapely


def _bundled(module_file: str | None, libs: str, pattern: str) -> str | None:
    if module_file is None:
        return None
    found = sorted((Path(module_file).parent.parent / libs).glob(pattern))
    return str(found[0]) if found else None


def gdal_library() -> str | None:
    """Path of libgdal; falls back to the system's, None lets Django search by itself."""
    return _bundled(pyogrio.__file__, "pyogrio.libs", "libgdal*.so*") or ctypes.util.find_library("gdal")


def geos_library() -> str | None:
    """Path of libgeos_c; falls back to the system's, None lets Django search by itself."""
    return _bundled(shapely.__file__, "shapely.libs", "libgeos_c*.so*") or ctypes.util.find_library("geos_c")
