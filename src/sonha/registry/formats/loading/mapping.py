"""Which column of a file is which field of the register."""

import difflib
import re
import unicodedata
from collections.abc import Mapping as AnyMapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from sonha.registry.declarations import Register
from sonha.registry.declarations.fields import Field
from sonha.registry.grants.rights import Rights

from ..reading import Layer

COMMUNE = "commune_code"
COMMUNE_NAMES = ("maxa", "madvhcxa", "xa", "xaphuong", "maxaphuong", "madonvihanhchinh", "dvhc", "communecode", "communeco")
EAST = ("x", "e", "dong", "toadox", "kinhdo", "longitude", "lon", "lng", "easting", "xvn2000")
NORTH = ("y", "n", "bac", "toadoy", "vido", "latitude", "lat", "northing", "yvn2000")
CLOSE = 0.86  # likeness of two names from which a typing mistake is assumed
LONGEST_OF_SHAPEFILES = 10


@dataclass(slots=True)
class Mapping:
    """`columns`: field -> column of the file. `srid`: coordinate system of the shapes; 0 takes what the file says.

    `swapped`: the file writes north before east. `x`, `y`: columns of a table that hold a point's coordinates.
    """

    columns: dict[str, str] = field(default_factory=dict)
    srid: int = 0
    swapped: bool = False
    x: str = ""
    y: str = ""

    @classmethod
    def of(cls, said: AnyMapping[str, Any]) -> Self:
        known = {name: said[name] for name in ("columns", "srid", "swapped", "x", "y") if name in said}
        return cls(**known)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def folded(text: Any) -> str:
    """`Số tờ bản đồ` -> `sotobando`: names are compared without marks, case and signs."""
    apart = unicodedata.normalize("NFD", str(text).lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]", "", apart)


def targets(register: type[Register], rights: Rights | None = None) -> list[Field]:
    """The fields that an import may write: content that is typed, and that the actor sees; not places, which come from shapes."""
    shown = None if rights is None else rights.inside | rights.outside
    return [
        each
        for each in register.fields()
        if each.kind != "geometry"
        and (each.name not in register.computed or each.name in register.identity)
        and (shown is None or each.name in shown)
    ]


def titles(title: Any) -> list[str]:
    """A title in every language of the platform: files are not written in the language of whoever reads them."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append(str(title))
    return found


def names_of(register: type[Register], target: Field) -> list[str]:
    """All that a column of this field may be called, folded, the surest first."""
    exchange = register.exchange_names.get(target.name, "")
    names = [folded(each) for each in (exchange, target.name, *titles(target.title)) if each]
    return [*names, *(each[:LONGEST_OF_SHAPEFILES] for each in names if len(each) > LONGEST_OF_SHAPEFILES)]


def guess(register: type[Register], layer: Layer, rights: Rights | None = None) -> Mapping:
    """By names, then by near names; each column once."""
    free = {folded(each.name): each.name for each in reversed(layer.columns)}
    found: dict[str, str] = {}
    wanted = [(each.name, names_of(register, each)) for each in targets(register, rights)]
    wanted.append((COMMUNE, list(COMMUNE_NAMES)))
    for name, called in wanted:
        for each in called:
            if each in free:
                found[name] = free.pop(each)
                break
    for name, called in wanted:
        if name in found or name == COMMUNE:
            continue
        long = [each for each in free if len(each) > 3]
        near = next((close for each in called if (close := difflib.get_close_matches(each, long, n=1, cutoff=CLOSE))), [])
        if near:
            found[name] = free.pop(near[0])
    x = y = ""
    if not layer.has_shapes and register.geometry():
        x = next((free[each] for each in EAST if each in free), "")
        y = next((free[each] for each in NORTH if each in free), "")
    srid = layer.srid or (register.field(register.geometry()).srid if x and y else 0)
    return Mapping(found, srid, False, x, y)


def check(register: type[Register], layer: Layer, mapping: Mapping, rights: Rights | None = None) -> list[str]:
    """Sentences that say why an import cannot begin with this mapping; empty when it can."""
    said: list[str] = []
    allowed = {each.name for each in targets(register, rights)} | {COMMUNE}
    columns = {each.name for each in layer.columns}
    if unknown := [each for each in mapping.columns if each not in allowed]:
        said.append(_("Không nhập được vào trường %(fields)s.") % {"fields": ", ".join(unknown)})
    if lost := [each for each in (*mapping.columns.values(), mapping.x, mapping.y) if each and each not in columns]:
        said.append(_("Tệp không có cột %(columns)s.") % {"columns": ", ".join(f"«{each}»" for each in lost)})
    missing = [name for name in register.identity if name not in mapping.columns and name not in register.computed]
    if missing:
        titles = ", ".join(f"«{_title(register, name)}»" for name in missing)
        said.append(_("Hãy chọn cột cho %(fields)s: nhờ đó nhận ra bản ghi đã có.") % {"fields": titles})
    if layer.has_shapes and register.geometry() and not mapping.srid:
        said.append(_("Hãy chọn hệ toạ độ của dữ liệu."))
    if bool(mapping.x) != bool(mapping.y):
        said.append(_("Hãy chọn cả hai cột toạ độ, hướng đông và hướng bắc."))
    if not mapping.columns and not layer.has_shapes:
        said.append(_("Chưa chọn cột nào."))
    return said


def _title(register: type[Register], name: str) -> str:
    return str(_("xã, phường")) if name == COMMUNE else str(register.field(name).title)
