"""A whole cadastre for demonstration: boundaries, sheets, parcels, users, rights, certificates. Everything is labelled as generated.

load(200_000)                          writes it by COPY, commune by commune; what is there already stays
load(200_000, communes=homes())        first where the people of the demonstration live, so that their dossiers name parcels that exist

Each commune is drawn by chance of its own: in which order and in how many goes they are made does not change them.
"""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import shapely
from django.db import connection, transaction
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import Party
from sonha.foundation.organisations.models import AdminUnit
from sonha.provinces.demonstration import people
from sonha.provinces.demonstration.cadastre_areas import CODES_SINCE, Cell, cells, district_of
from sonha.provinces.demonstration.cadastre_loading import Rows, bare, reserve, write
from sonha.provinces.demonstration.cadastre_parcels import Village, villages
from sonha.provinces.demonstration.cadastre_people import HOMES, PUBLIC, Owner, land_types, owners
from sonha.registry.records.services import Basis, changing
from sonha.sectors.areas.models import Commune, District
from sonha.sectors.land import models as land
from sonha.sectors.land.codes import AssetKind, Origin, RestrictionKind, RightKind
from sonha.sectors.land.identification import identification_codes
from sonha.sectors.land.models import parcel_code

USUAL = 200_000
LABEL = "Dữ liệu tạo ra để trình diễn, không phải số liệu thật"
BASIS = Basis("generated", number="Bộ dữ liệu địa chính trình diễn")
SEED = 20_250_701
MOST_PAPERS = 900_000
"""Numbers of certificates there are; the communes have an equal part of them."""
LAST_PAPER = date(2025, 6, 30)
CERTIFIED, MORTGAGED, DISPUTED, BLOCKED = 0.2, 0.06, 0.002, 0.001
URBAN = frozenset({AdminUnit.Kind.WARD})
OFFICE = "Chi nhánh Văn phòng đăng ký đất đai"
BANKS = (
    "Ngân hàng Nông nghiệp và Phát triển nông thôn (minh hoạ)",
    "Ngân hàng Chính sách xã hội (minh hoạ)",
    "Quỹ tín dụng nhân dân (minh hoạ)",
)
SERIES = ("BM", "BX", "CA", "CH", "CS", "DA", "DD", "DG")


def homes() -> frozenset[str]:
    """Codes of the communes where people of the demonstration live."""
    return frozenset(Party.objects.filter(is_demo=True).exclude(commune_code="").values_list("commune_code", flat=True))


def load(parcels: int = USUAL, *, communes: Collection[str] | None = None, say: Callable[[str], None] = lambda text: None) -> int:
    """Parcels made of a cadastre of so many, in the `communes` named (default all) that have none yet."""
    there = set(land.MapSheet.objects.values_list("commune_code", flat=True).distinct())
    wanted = {unit.code for unit, _share in _shares(parcels) if unit.code not in there and (communes is None or unit.code in communes)}
    pieces = cells(np.random.default_rng(SEED)) if wanted else []
    if not pieces:
        return 0
    with transaction.atomic():
        shapes, units = boundaries(pieces)
        if not Commune.objects.exists():
            load_boundaries(pieces, shapes, units)
        now = {unit.code: shapes[key] for key, unit in units.items() if unit.valid_to is None}
        say(f"Địa giới: {len(now)} xã, phường hiện nay")
        with changing("land", Actor.system("demo_cadastre"), BASIS, kind="generate") as change:
            made = _load_land(parcels, pieces, now, wanted, change.change.pk, say)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made


def boundaries(pieces: Sequence[Cell]) -> tuple[dict[int, shapely.Geometry], dict[int, AdminUnit]]:
    """Shapes of all communes that ever were, and the communes, by their keys."""
    by_unit: dict[int, list[shapely.Polygon]] = {}
    units: dict[int, AdminUnit] = {}
    for piece in pieces:
        for unit in piece.path:
            units[unit.pk] = unit
            by_unit.setdefault(unit.pk, []).append(piece.polygon)
    return {key: shapely.coverage_union_all(polygons) for key, polygons in by_unit.items()}, units


def load_boundaries(pieces: Sequence[Cell], shapes: Mapping[int, shapely.Geometry], units: Mapping[int, AdminUnit]) -> None:
    """Writes the boundaries of all communes, districts and the province."""
    by_district: dict[str, list[shapely.Polygon]] = {}
    for piece in pieces:
        by_district.setdefault(district_of(piece.path), []).append(piece.polygon)
    became: dict[int, dict[str, None]] = {}
    for piece in pieces:
        for unit in piece.path[:-1]:
            became.setdefault(unit.pk, {})[piece.path[-1].name] = None
    with changing("areas", Actor.system("demo_cadastre"), BASIS, kind="generate") as change:
        communes = Rows(Commune, (*BOUNDARY, "district_code", "became"))
        for key, unit in units.items():
            parent = unit.parent.code if unit.parent and unit.parent.kind == AdminUnit.Kind.DISTRICT else ""
            communes.rows.append((*_boundary(unit, shapes[key]), parent, ", ".join(became.get(key, ()))))
        districts = Rows(District, BOUNDARY)
        wholes = {code: shapely.coverage_union_all(polygons) for code, polygons in by_district.items() if code}
        for unit in AdminUnit.objects.filter(kind=AdminUnit.Kind.DISTRICT, code__in=wholes):
            districts.rows.append(_boundary(unit, wholes[unit.code]))
        for unit in AdminUnit.objects.filter(kind=AdminUnit.Kind.PROVINCE, valid_to=None)[:1]:
            districts.rows.append(_boundary(unit, shapely.coverage_union_all([piece.polygon for piece in pieces])))
        write(communes, change.change.pk, LABEL)
        write(districts, change.change.pk, LABEL)


BOUNDARY = ("commune_code", "valid_from", "valid_to", "code", "name", "kind", "area", "geometry")


def _boundary(unit: AdminUnit, shape: shapely.Geometry) -> tuple[Any, ...]:
    whole = shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])
    commune = unit.code if unit.kind in AdminUnit.COMMUNE_LEVEL else ""
    return (commune, unit.valid_from or CODES_SINCE, unit.valid_to, unit.code, unit.name, unit.kind, round(shape.area / 10_000, 2), whole)


def _load_land(
    parcels: int,
    pieces: Sequence[Cell],
    shapes: Mapping[str, shapely.Geometry],
    wanted: Collection[str],
    change: int,
    say: Callable[[str], None],
) -> int:
    cadastre = Cadastre(change, np.array([piece.polygon for piece in pieces], dtype=object), pieces)
    shares = _shares(parcels)
    for number, (unit, share) in enumerate(shares):
        if unit.code in wanted and unit.code in shapes:
            cadastre.begin(unit, number * MOST_PAPERS // len(shares))
            for sheet, village in enumerate(villages(shapes[unit.code], share, cadastre.chance), start=1):
                cadastre.add(unit, sheet, village)
        if number % 10 == 9:
            say(f"Thửa đất: {len(cadastre.parcels.rows):,}".replace(",", "."))
    cadastre.write()
    return len(cadastre.parcels.rows)


def _shares(parcels: int) -> list[tuple[AdminUnit, int]]:
    """How many parcels each commune gets: the same everywhere, and of few parcels enough for a village each.

    The best known first, so that a small cadastre lies where the demonstration's people live.
    """
    units = list(AdminUnit.objects.filter(kind__in=AdminUnit.COMMUNE_LEVEL, valid_to=None))
    units.sort(key=lambda unit: (unit.code != "06112", unit.centre is None, unit.code))
    each = max(-(-parcels // max(len(units), 1)), min(parcels, 250))
    shares = [(unit, min(each, parcels - number * each)) for number, unit in enumerate(units)]
    return [(unit, share) for unit, share in shares if share > 0]


class Cadastre:
    """Gathers the rows of all villages and writes them table by table."""

    def __init__(self, change: int, polygons: Any, pieces: Sequence[Cell]) -> None:
        self.change = change
        self.pieces, self.tree = pieces, shapely.STRtree(polygons)
        self.parties: dict[str, list[Party]] = {}
        for party in Party.objects.filter(is_demo=True).exclude(commune_code="").order_by("pk"):
            self.parties.setdefault(party.commune_code, []).append(party)
        self.today = timezone.localdate()
        self.now = timezone.now()
        self.sheets = Rows(land.MapSheet, ("commune_code", "valid_from", "number", "scale", "measured_on", "measured_by", "geometry"))
        self.users = Rows(land.LandUser, ("id", "commune_code", "valid_from", *USER))
        self.parcels = Rows(land.Parcel, ("id", "commune_code", "valid_from", *PARCEL))
        self.uses = Rows(land.LandUse, ("commune_code", "valid_from", "parcel_id", "land_type", "area", "form", "until", "land_origin"))
        self.assets = Rows(land.LandAsset, ("id", "commune_code", "valid_from", *ASSET))
        self.certificates = Rows(land.LandCertificate, ("id", "commune_code", "valid_from", *CERTIFICATE))
        self.rights = Rows(land.LandRight, ("commune_code", "valid_from", *RIGHT))
        self.restrictions = Rows(land.LandRestriction, ("commune_code", "valid_from", *RESTRICTION))

    def begin(self, unit: AdminUnit, papers: int) -> None:
        """A commune with chance of its own; its certificates are numbered after `papers` others."""
        self.chance = np.random.default_rng([SEED, int(unit.code)])
        self.dice = random.Random(f"{SEED}.{unit.code}")  # noqa: S311 - fiction, not secrets
        self.papers = papers

    def add(self, unit: AdminUnit, sheet: int, village: Village) -> None:
        """A village of a commune as its sheet of this number."""
        measured = date(2019, 4, 1) + timedelta(days=self.dice.randrange(1_500))  # within the days of the list of land types
        whole = shapely.coverage_union_all(village.polygons)
        self.sheets.rows.append((unit.code, measured, str(sheet), 1000, measured, "Đơn vị đo đạc trình diễn", whole))
        types = land_types(village, unit.kind in URBAN, self.chance)
        parties = self.parties.pop(unit.code, []) if sheet == 1 else []
        place = f"{people.village(self.dice)}, {unit.name[0].lower()}{unit.name[1:]}"
        held = Sheet(unit.code, sheet, self._old_commune(village), measured, place, village, types)
        codes = identification_codes(village.polygons)
        first = len(self.parcels.rows) + 1
        for owner in owners(village, types, unit.name, parties, self.dice):
            user = len(self.users.rows) + 1
            address = place if owner.kind != "state_body" else unit.name
            self.users.rows.append((user, unit.code, measured, *_user(owner, address)))
            for index in owner.parcels:
                self._parcel(held, index, first + index, user, owner, codes[index])

    def _old_commune(self, village: Village) -> str:
        found = self.tree.query(shapely.Point(*village.middle), predicate="within")
        path = self.pieces[int(found[0])].path if len(found) else ()
        return next((unit.code for unit in reversed(path) if unit.valid_to is not None), "")

    def _parcel(self, sheet: "Sheet", index: int, pk: int, user: int, owner: Owner, identification: str) -> None:
        land_type, area = str(sheet.types[index]), max(round(float(sheet.village.areas[index]), 1), 0.1)
        public = land_type in PUBLIC
        roll = self.dice.random()
        doubted = not public and owner.party is None
        status = "disputed" if doubted and roll < DISPUTED else "blocked" if doubted and roll < DISPUTED + BLOCKED else "normal"
        legal = area if roll > 0.08 or owner.party else round(area * self.dice.uniform(0.985, 1.015), 1)
        where = (sheet.commune, sheet.measured)
        self.parcels.rows.append(
            (pk, *where, parcel_code(sheet.commune, str(sheet.number), index + 1), str(sheet.number), index + 1, str(sheet.number),
             str(index + 1), sheet.old_commune, land_type, area, legal, sheet.place, user, status, identification,
             f"Bản đồ địa chính đo năm {sheet.measured.year}", False, sheet.village.polygons[index])
        )  # fmt: skip
        self._uses(where, pk, land_type, area, public)
        certificate = None
        if not public and (owner.party or self.dice.random() < CERTIFIED):
            certificate = self._certificate(sheet, pk, user, owner)
        right = RightKind.MANAGE if land_type in ("DGT", "SON", "NTD", "DKV") else RightKind.USE
        self.rights.rows.append((*where, right, user, pk, None, 1, 1, certificate))
        if land_type in HOMES and self.dice.random() < 0.75:
            self._house(where, pk, user, area, certificate, sheet.village.polygons[index])
        if certificate and not owner.party and self.dice.random() < MORTGAGED:
            self._mortgage(sheet, pk)

    def _uses(self, where: tuple[Any, ...], parcel: int, land_type: str, area: float, public: bool) -> None:
        origin = Origin.GIVEN_MANAGE if public else self.dice.choice((Origin.KNOWN_FREE, Origin.KNOWN_FREE, Origin.GIVEN_FREE))
        if land_type in HOMES:
            origin = self.dice.choice((Origin.KNOWN_PAID, Origin.GIVEN_PAID, Origin.KNOWN_FREE))
            if area > 320:  # a home with its garden
                home = self.dice.choice((150.0, 200.0, 300.0))
                self.uses.rows.append((*where, parcel, land_type, home, "own", None, origin))
                self.uses.rows.append((*where, parcel, "CLN", round(area - home, 1), "own", date(2064, 7, 1), Origin.KNOWN_FREE))
                return
        until = None if public or land_type in HOMES else date(2064, 7, 1)
        self.uses.rows.append((*where, parcel, land_type, area, "own", until, origin))

    def _certificate(self, sheet: "Sheet", parcel: int, user: int, owner: Owner) -> int:
        pk = len(self.certificates.rows) + 1
        issued = min(sheet.measured + timedelta(days=self.dice.randrange(60, 1_400)), self.today)
        if owner.party:  # they file dossiers from the first day of the demonstration
            issued = min(issued, LAST_PAPER)
        self.papers += 1
        serial = f"{SERIES[self.papers % len(SERIES)]} {100_000 + self.papers * 7_919 % MOST_PAPERS}"
        self.certificates.rows.append(
            (pk, sheet.commune, issued, serial, f"CH {self.papers:05d}", issued, OFFICE, "", "", "in_use", user, parcel, None)
        )
        return pk

    def _house(
        self, where: tuple[Any, ...], parcel: int, user: int, area: float, certificate: int | None, polygon: shapely.Polygon
    ) -> None:
        pk = len(self.assets.rows) + 1
        built = round(min(area * 0.6, self.dice.uniform(55, 140)), 1)
        floors = self.dice.choice((1, 1, 1, 2, 2, 3))
        year = self.dice.randint(1996, where[1].year)
        self.assets.rows.append(
            (pk, *where, parcel, AssetKind.HOUSE, "Nhà ở", built, round(built * floors, 1), floors, "IV" if floors == 1 else "III",
             "Tường gạch, mái ngói" if floors == 1 else "Khung bê tông cốt thép", year, None, polygon.point_on_surface())
        )  # fmt: skip
        self.rights.rows.append((*where, RightKind.OWN_ASSET, user, None, pk, 1, 1, certificate))

    def _mortgage(self, sheet: "Sheet", parcel: int) -> None:
        day = self.today - timedelta(days=self.dice.randrange(30, 1_200))
        minute = timezone.make_aware(datetime(day.year, day.month, day.day, self.dice.randint(8, 16), self.dice.randint(0, 59)))
        number = f"{self.dice.randint(100, 9_999)}/{day.year}/HĐTC"
        self.restrictions.rows.append(
            (
                sheet.commune,
                day,
                parcel,
                RestrictionKind.MORTGAGE,
                self.dice.choice(BANKS),
                number,
                minute,
                1,
                "Bảo đảm khoản vay (minh hoạ)",
                None,
            )
        )

    def write(self) -> None:
        """Own numbers become those of the database, which gives them in one row.

        Into empty tables without indexes, which is fastest; into others as they are, since people look at them meanwhile.
        """
        offsets = {rows.model: reserve(rows) for rows in (self.users, self.parcels, self.assets, self.certificates)}
        keys = {"user_id": land.LandUser, "parcel_id": land.Parcel, "asset_id": land.LandAsset, "certificate_id": land.LandCertificate}
        tables = (self.sheets, self.users, self.parcels, self.uses, self.assets, self.certificates, self.rights, self.restrictions)
        empty = not land.Parcel.objects.exists()
        with bare(*(rows.model for rows in tables)) if empty else nullcontext():
            for rows in tables:
                moved = {name: offsets[model] for name, model in keys.items()} | {"id": offsets.get(rows.model, 0)}
                write(rows, self.change, LABEL, moved)


@dataclass(frozen=True)
class Sheet:
    commune: str
    number: int
    old_commune: str
    measured: date
    place: str
    village: Village
    types: Any


USER = ("kind", "name", "id_number", "birth_year", "sex", "spouse_name", "spouse_id_number", "representative", "address", "party_id")
PARCEL = ("code", "sheet_number", "parcel_number", "old_sheet_number", "old_parcel_number", "old_commune_code", "land_type", "area",
          "legal_area", "address", "user_id", "status", "identification_code", "survey_document", "is_occupied", "geometry")  # fmt: skip
ASSET = ("parcel_id", "kind", "name", "built_area", "floor_area", "floors", "grade", "structure", "completed_year", "until", "geometry")
CERTIFICATE = ("serial", "book_number", "issued_on", "issuer", "signer", "barcode", "state", "user_id", "parcel_id", "replaces_id")
RIGHT = ("kind", "user_id", "parcel_id", "asset_id", "share_numerator", "share_denominator", "certificate_id")
RESTRICTION = ("parcel_id", "kind", "in_favour_of", "document", "registered_at", "priority", "content", "until")


def _user(owner: Owner, address: str) -> tuple[Any, ...]:
    return (owner.kind, owner.name, owner.id_number, owner.birth_year, owner.sex, owner.spouse_name, owner.spouse_id_number,
            owner.representative, address, owner.party)  # fmt: skip
