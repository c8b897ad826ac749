"""Finding PostgreSQL with PostGIS: the system's, or the one unpacked into the private prefix."""

from dataclasses import dataclass
from pathlib import Path

OLDEST = 15


@dataclass(frozen=True)
class Postgres:
    """One installed server that has PostGIS."""

    version: int
    bin: Path


def find(prefix: Path) -> list[Postgres]:
    """All usable servers, newest version first, the system's before the private one of the same version."""
    found = []
    for root in (Path("/"), prefix):
        for folder in (root / "usr/lib/postgresql").glob("*/bin"):
            number = folder.parent.name
            control = root / "usr/share/postgresql" / number / "extension/postgis.control"
            if number.isdigit() and int(number) >= OLDEST and (folder / "initdb").exists() and control.exists():
                found.append(Postgres(int(number), folder))
    return sorted(found, key=lambda server: -server.version)
