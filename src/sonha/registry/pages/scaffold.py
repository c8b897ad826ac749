"""What `./sonha manage new_register` writes: a model, its register and a test, ready to be made into the real thing."""

import re
from dataclasses import dataclass
from pathlib import Path

from sonha.foundation.search.folding import unaccented

GEOMETRIES = {
    "point": ("PointField", "Point(450_000, 2_420_000, srid=9215)"),
    "line": ("LineStringField", "LineString((450_000, 2_420_000), (450_100, 2_420_050), srid=9215)"),
    "polygon": (
        "PolygonField",
        "Polygon(((450_000, 2_420_000), (450_100, 2_420_000), (450_100, 2_420_100), (450_000, 2_420_000)), srid=9215)",
    ),
}
NAME = re.compile(r"[A-Z][A-Za-z]{1,40}")


@dataclass(frozen=True)
class Wanted:
    """`sector`: a folder of sectors, new or there already; `model`: a class name; `title`: Vietnamese, in the singular."""

    sector: str
    model: str
    title: str
    geometry: str = "point"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z_]{1,30}", self.sector):
            raise ValueError("the sector is a folder's name: lower case letters, such as water")
        if not NAME.fullmatch(self.model):
            raise ValueError("the model is a class name in English, such as MonitoringWell")
        if self.geometry not in GEOMETRIES:
            raise ValueError(f"the geometry is one of {', '.join(GEOMETRIES)}")

    @property
    def code(self) -> str:
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.model).lower() + "s"

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", unaccented(self.title).lower()).strip("-")


def write(folder: Path, package: str, wanted: Wanted) -> list[Path]:
    """Writes or extends the sector's files in `folder`, importable as `package`. FileExistsError when the model is there already."""
    models = folder / "models.py"
    if models.exists() and f"class {wanted.model}(" in models.read_text(encoding="utf-8"):
        raise FileExistsError(f"{wanted.model} is already in {models}")
    (folder / "migrations").mkdir(parents=True, exist_ok=True)
    (folder / "tests").mkdir(exist_ok=True)
    touched = [_once(folder / name, text) for name, text in _frame(package, wanted).items()]
    touched.append(_joined(models, _model(wanted)))
    touched.append(_joined(folder / "registers.py", _register(package, wanted)))
    touched.append(_once(folder / "tests" / f"test_{wanted.code}.py", _test(package, wanted)))
    return [path for path in touched if path is not None]


def _once(path: Path, text: str) -> Path | None:
    """Leaves alone what is there."""
    if path.exists():
        return None
    path.write_text(text, encoding="utf-8")
    return path


def _joined(path: Path, text: str) -> Path:
    """Adds classes at the end of a module, and those of its imports that are missing."""
    if not path.exists():
        path.write_text(text, encoding="utf-8")
        return path
    there, (imports, body) = path.read_text(encoding="utf-8"), text.split("\n\n\n", 1)
    missing = "".join(f"{line}\n" for line in imports.splitlines() if line.startswith("from ") and line not in there)
    first = there.find("\nfrom ") + 1
    path.write_text(f"{there[:first]}{missing}{there[first:].rstrip()}\n\n\n{body}", encoding="utf-8")
    return path


def _frame(package: str, wanted: Wanted) -> dict[str, str]:
    config = "".join(part.title() for part in wanted.sector.split("_"))
    return {
        "__init__.py": f'"""Registers of {wanted.sector}, declared. Imports registry; imported by provinces and channels."""\n',
        "migrations/__init__.py": "",
        "tests/__init__.py": "",
        "apps.py": f"""from django.apps import AppConfig


class {config}Config(AppConfig):
    name = "{package}"
    label = "{wanted.sector}"

    def ready(self) -> None:
        from {package} import registers  # noqa: F401  declares its registers
""",
    }


def _model(wanted: Wanted) -> str:
    field, _sample = GEOMETRIES[wanted.geometry]
    return f"""from django.contrib.gis.db.models import {field}
from django.db import models
from django.utils.translation import gettext_lazy as _

from sonha.registry.records.models import Record
from sonha.registry.records.versions import kept


@kept(search=["code", "name"])
class {wanted.model}(Record):
    \"\"\"{wanted.title}.\"\"\"

    code = models.CharField(_("số hiệu"), max_length=30, unique=True)
    name = models.CharField(_("tên"), max_length=200)
    owner_name = models.CharField(_("chủ quản lý"), max_length=200, blank=True)
    built_on = models.DateField(_("ngày xây dựng"), null=True, blank=True)
    geometry = {field}(_("vị trí"), srid=9215)
"""


def _register(package: str, wanted: Wanted) -> str:
    database = f"{wanted.sector}_{wanted.code}".upper()
    return f"""from django.utils.translation import gettext_lazy as _

from sonha.registry.declarations import Database, Layer, Look, Register, Statistic, declare
from {package}.models import {wanted.model}


{database} = Database("{wanted.sector}_{wanted.code}", "csdl-{wanted.slug}", _("CSDL {wanted.title}"))


@declare
class {wanted.model}s(Register):
    code, slug, database, model = "{wanted.code}", "{wanted.slug}", {database}, {wanted.model}
    title, source = _("{wanted.title}"), "Ghi số văn bản quy định sổ này"
    identity, name, numbers = ("code",), "name", ("code",)
    columns, sorts, filters = ("name", "code", "owner_name", "built_on"), ("code", "name"), ("built_on",)
    layers = (Layer(Look(fill="#1f6f8b", opacity=0.4, stroke="#0f6b76"), label="code"),)
    statistics = (Statistic(_("Theo năm xây dựng"), by=("built_on",)),)
    public, open_fields, personal = True, ("code", "name", "built_on", "geometry"), frozenset({{"owner_name"}})
"""


def _test(package: str, wanted: Wanted) -> str:
    _field, sample = GEOMETRIES[wanted.geometry]
    kind = sample.split("(")[0]
    return f"""from datetime import date

import pytest
from django.contrib.gis.geos import {kind}
from django.test import Client

from sonha.foundation.access.actor import Actor
from sonha.registry.records.services import Basis, changing
from {package}.models import {wanted.model}


@pytest.mark.django_db
def test_everybody_finds_what_is_public_and_no_owner() -> None:
    place = {sample}
    with changing("{wanted.code}", Actor.system("test"), Basis("document", number="1/BB"), kind="add") as change:
        said = {{"code": "X-01", "name": "Một bản ghi", "owner_name": "Nông Thị Lan", "geometry": place}}
        change.add({wanted.model}, day=date(2020, 1, 1), **said)
    page = Client().get("/csdl/{wanted.slug}/", {{"q": "mot ban ghi"}}).content.decode()
    assert "X-01" in page
    assert "Nông Thị Lan" not in page
"""
