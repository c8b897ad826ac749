"""Ways of files into a register that know what the files are, beside the general one by columns. A sector declares one.

    way(Way(code="dia-chinh", register="parcels", title=_("Dữ liệu xuất từ Elis, VBDLIS"), kinds=(("elis", "Elis"), …), …))

Its pages, jobs, progress, files and confirmation are those of every import: files are received, tried, told of, confirmed, written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.functional import Promise

from sonha.foundation.access.actor import Actor
from sonha.registry.records.services import Basis

Words = str | Promise
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Given:
    """One file: where it is, what its sender called it, and of which of the way's kinds it is."""

    path: Path
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is not taken: why, what it is called, its file and row, its place (GeoJSON, WGS 84), and the record that stands against
    it. `clash`: another row or record says otherwise; else the row itself is wrong.
    """

    sentence: str
    name: str
    file: str
    row: int
    clash: bool = False
    place: Any = None
    record: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {each: getattr(self, each) for each in self.__slots__}


@dataclass(slots=True)
class Found:
    """What a way did, or on trial would do. `table(path)` writes the whole report as xlsx."""

    new: int = 0
    same: int = 0
    clashes: int = 0
    refused: int = 0
    change: int | None = None
    faults: list[Fault] = field(default_factory=list)
    table: Callable[[Path], Any] | None = None


Load = Callable[[Sequence[Given], Actor, Basis, bool, Tell, Callable[[Found], None]], Found]
"""`load(given, actor, basis, dry, tell, within)`: reads all files together and, unless `dry`, writes what may be written in one change.
`tell(done, failed)` counts rows and raises when somebody asks to stop. `within(found)` is called in the transaction that writes."""


@dataclass(frozen=True)
class Way:
    """`check(given)` opens a file and counts its rows; FileRefused when it is not of its kind. `passes`: how often each row is counted."""

    code: str
    register: str
    title: Words
    about: Words
    kinds: Sequence[tuple[str, Words]]
    permitted: Callable[[Actor], bool]
    check: Callable[[Given], int]
    load: Load
    passes: int = 1


_ways: dict[tuple[str, str], Way] = {}


def way(declared: Way) -> None:
    _ways[declared.register, declared.code] = declared


def ways_of(register: str, actor: Actor) -> list[Way]:
    """Ways into a register that the actor may take."""
    return [each for (code, _name), each in _ways.items() if code == register and each.permitted(actor)]


def known_way(register: str, code: str) -> Way:
    """LookupError for one that nobody declared."""
    return _ways[register, code]
