"""What the tests of declarations read: every declared version with its file, and the walks over it."""

import csv
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sonha.process.flows.durations import longest_way, working_days
from sonha.process.forms import schema
from sonha.provinces.matching import PROFILE

__all__ = [
    "ABOUT_DOSSIER", "MODELLED", "Declared", "citizen_fields", "declared", "documents", "every_dict", "every_text", "is_nfc", "longest_way",
    "read", "rows", "step_forms", "working_days",
]  # fmt: skip

MODELLED = {816, 817, 827, 836, 848, 858, 860, 864, 866, 868, 870, 875}
ABOUT_DOSSIER = {
    "dossier.channel": {"type": "text"},
    "dossier.owner_kind": {"type": "text"},
    "dossier.fee_due": {"type": "money"},
}


@dataclass(frozen=True)
class Declared:
    """One version of one declaration."""

    key: str
    path: Path
    document: Mapping[str, Any]
    version: Mapping[str, Any]

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        return schema.known_fields(self.version["form"])

    @property
    def flow(self) -> Mapping[str, Any]:
        return self.version["flow"]

    def __str__(self) -> str:
        return f"{self.key}-v{self.version['number']}"


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def documents(folder: str) -> tuple[tuple[Path, dict[str, Any]], ...]:
    return tuple((path, read(path)) for path in sorted((PROFILE / folder).glob("*.yaml")) if path.name != "index.yaml")


def declared(*folders: str) -> list[Declared]:
    """Every version of the declarations in the folders (procedures and families when none is named)."""
    return [
        Declared(document["key"], path, document, version)
        for folder in folders or ("procedures", "families")
        for path, document in documents(folder)
        for version in document["versions"]
    ]


def rows(name: str) -> list[dict[str, str]]:
    with (PROFILE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def every_dict(value: Any) -> Iterator[Mapping[str, Any]]:
    """All mappings anywhere inside a declaration."""
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from every_dict(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from every_dict(inner)


def every_text(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from every_text(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from every_text(inner)


def citizen_fields(form: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The fields of a form, those inside repeated groups too."""
    waiting = [field for section in form["sections"] for field in section["fields"]]
    while waiting:
        field = waiting.pop()
        yield field
        waiting.extend(field.get("fields", []))


def is_nfc(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)


def step_forms(flow: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {step["key"]: step["form"] for step in flow["steps"] if "form" in step}
