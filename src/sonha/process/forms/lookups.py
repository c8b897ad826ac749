"""What a form must ask the rest of the system while it is checked or shown: catalogues, administrative units, stored files, registers.

The form engine stands below the applications that know these, so they hand in an object of this shape.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sonha.process.forms.schema import Option
from sonha.process.forms.sources import Answer, Cut, Own


@dataclass(frozen=True)
class Unit:
    """An administrative unit that may be chosen: `level` is district or commune, `parent` the code of the unit above."""

    code: str
    name: str
    level: str
    parent: str = ""


@dataclass(frozen=True)
class StoredFile:
    """A file already received: size in bytes, declared content type."""

    id: str
    name: str
    size: int
    content_type: str = ""


class Lookups(Protocol):
    """Everything is limited to what the one who fills in may see and to what is in force."""

    def options(self, catalogue: str) -> Sequence[Option] | None:
        """The items of a catalogue; None when there is no such catalogue."""

    def unit(self, code: str) -> Unit | None:
        """The unit of a code, also one no longer in force, so that old answers can be shown."""

    def units(self, level: str) -> Sequence[Unit]:
        """The units that may be chosen, in alphabetical order."""

    def file(self, file_id: str) -> StoredFile | None:
        """A stored file; None when there is none or it is not for this person."""

    def find(self, source: str, given: Mapping[str, Any]) -> Answer | None:
        """What a register holds of what is given; None when too little is given or nobody asks."""

    def own(self, source: str) -> Sequence[Own]:
        """What of it is the owner's of the dossier."""

    def cut(self, source: str, given: Mapping[str, Any], line: Mapping[str, Any]) -> Cut | None:
        """How a line divides what is found."""


@dataclass(frozen=True)
class StaticLookups:
    """Lookups from plain data; for previews and examples. They know no registers."""

    all_units: Sequence[Unit] = ()
    catalogues: Mapping[str, Sequence[Option]] = field(default_factory=dict)
    files: Mapping[str, StoredFile] = field(default_factory=dict)

    def options(self, catalogue: str) -> Sequence[Option] | None:
        return self.catalogues.get(catalogue)

    def unit(self, code: str) -> Unit | None:
        return next((unit for unit in self.all_units if unit.code == code), None)

    def units(self, level: str) -> Sequence[Unit]:
        return [unit for unit in self.all_units if unit.level == level]

    def file(self, file_id: str) -> StoredFile | None:
        return self.files.get(file_id)

    def find(self, source: str, given: Mapping[str, Any]) -> Answer | None:
        return None

    def own(self, source: str) -> Sequence[Own]:
        return ()

    def cut(self, source: str, given: Mapping[str, Any], line: Mapping[str, Any]) -> Cut | None:
        return None


def lookups_from(data: Mapping[str, Any]) -> StaticLookups:
    """`{"units": [{code, name, level, parent}], "catalogues": {key: [{value, label}]}, "files": {id: {name, size}}}`."""
    return StaticLookups(
        [Unit(**unit) for unit in data.get("units", ())],
        {key: [Option(**option) for option in options] for key, options in data.get("catalogues", {}).items()},
        {file_id: StoredFile(id=file_id, **info) for file_id, info in data.get("files", {}).items()},
    )
