"""A small cadastre for tests: land types, users and square parcels on one sheet."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib.gis.geos import Polygon

from sonha.foundation.access.actor import Actor
from sonha.foundation.catalogues.models import Catalogue, CatalogueItem
from sonha.registry.records.services import Basis, changing
from sonha.sectors.land.acting import Act
from sonha.sectors.land.models import LandAsset, LandCertificate, LandRight, LandUse, LandUser, Parcel

SYSTEM = Actor.system("test")
BEGAN = date(2020, 1, 1)
DECISION = Basis("decision", number="12/QĐ-VPĐK", dated=date(2024, 9, 1))
EAST, NORTH = 450_000, 2_420_000


def land_types(*codes: str) -> None:
    catalogue, _made = Catalogue.objects.get_or_create(code="loai-dat", defaults={"name": "Loại đất", "source": "thử"})
    for code in codes or ("ONT", "CLN", "LUC", "DGT"):
        CatalogueItem.objects.get_or_create(catalogue=catalogue, code=code, defaults={"name": code, "source": "thử"})


def act(day: date | None = None, **values: Any) -> Act:
    return Act(SYSTEM, DECISION, day=day, **values)


def square(column: int, row: int = 0, size: int = 20) -> Polygon:
    x, y = EAST + column * size, NORTH + row * size
    return Polygon(((x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)), srid=9215)


def land_user(name: str = "Nông Thị Lan", **values: Any) -> LandUser:
    with changing("land", SYSTEM, DECISION) as change:
        return change.add(LandUser, day=BEGAN, kind="person", name=name, commune_code="06112", **values)


def parcel(column: int, *, number: int | None = None, user: LandUser | None = None, land_type: str = "ONT", serial: str = "") -> Parcel:
    """400 m² with its use, its right and, when a serial is given, its certificate and a house."""
    user = user or land_user()
    with changing("land", SYSTEM, DECISION) as change:
        where = {"commune_code": "06112"}
        made = change.add(
            Parcel, day=BEGAN, sheet_number="5", parcel_number=number or column + 1, land_type=land_type, area=Decimal(400), user=user,
            geometry=square(column), **where,
        )  # fmt: skip
        change.add(LandUse, day=BEGAN, parcel=made, land_type=land_type, area=Decimal(400), **where)
        paper = None
        if serial:
            paper = change.add(
                LandCertificate, day=BEGAN, serial=serial, issued_on=BEGAN, issuer="Văn phòng đăng ký", user=user, parcel=made, **where
            )
            house = change.add(LandAsset, day=BEGAN, parcel=made, kind="house", name="Nhà ở", geometry=made.geometry.centroid, **where)
            change.add(LandRight, day=BEGAN, kind="own_asset", user=user, asset=house, certificate=paper, **where)
        change.add(LandRight, day=BEGAN, kind="use", user=user, parcel=made, certificate=paper, **where)
        return made


def whole(user: LandUser) -> list[tuple[LandUser, Fraction]]:
    return [(user, Fraction(1))]
