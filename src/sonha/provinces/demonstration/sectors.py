"""Registers of minerals, water, pollution sources and surveying for the demonstration: invented, plausible, and labelled as generated.

    load()      a few seconds; nothing when it is there already

The rivers are sketched near the true places and in the true direction; everything else is drawn by a fixed chance.
"""

import random
from collections.abc import Iterable

import numpy as np
import shapely
from django.db import transaction

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import Party
from sonha.foundation.organisations.models import AdminUnit
from sonha.provinces.demonstration import (
    people,
    sectors_environment,
    sectors_mapping,
    sectors_minerals,
    sectors_rivers,
    sectors_water,
)
from sonha.provinces.demonstration.cadastre import SEED as CADASTRE
from sonha.provinces.demonstration.cadastre_areas import OUTLINE, cells
from sonha.provinces.demonstration.country import Country, Sheaf, metres
from sonha.registry.records.services import Basis, changing
from sonha.sectors.water.models import RiverReach

BASIS = Basis("generated", number="Bộ dữ liệu chuyên ngành trình diễn")
ACTOR = Actor.system("demo_registers")
SEED = "registers"
BUSINESSES = 40


@transaction.atomic
def load() -> int:
    """Records made; 0 when there are rivers already or the profile's communes are not those of the sketch."""
    if RiverReach._default_manager.exists():
        return 0
    country = _country()
    if country is None:
        return 0
    made = 0
    for database, story in (
        ("water_survey", sectors_rivers.tell),
        ("pollution_sources", sectors_environment.tell),
        ("water_supervision", sectors_water.tell),
        ("minerals", sectors_minerals.tell),
        ("surveying", sectors_mapping.tell),
    ):
        with changing(database, ACTOR, BASIS, kind="generate") as change:
            sheaf = Sheaf(change.change, country)
            story(sheaf, country)
            made += sheaf.write()
    with changing("water_supervision", ACTOR, BASIS, kind="amend") as change:
        sectors_water.grow(change)
    return made


def _country() -> Country | None:
    pieces = cells(np.random.default_rng(CADASTRE))
    if not pieces:
        return None
    names = {unit.code: unit.name for unit in AdminUnit.objects.filter(kind__in=AdminUnit.COMMUNE_LEVEL, valid_to=None)}
    communes = [(piece.path[-1].code, names.get(piece.path[-1].code, ""), piece.polygon) for piece in pieces]
    chance = random.Random(SEED)  # noqa: S311 - fiction, not secrets
    outline = shapely.Polygon([metres(*each) for each in OUTLINE])
    return Country(chance, outline, communes, list(_businesses(chance)))


def _businesses(chance: random.Random) -> Iterable[Party]:
    """Those of the demonstration's dossiers first, then as many more as are needed."""
    known = list(Party.objects.filter(is_demo=True, kind=Party.Kind.BUSINESS).order_by("pk")[: BUSINESSES // 2])
    yield from known
    taken = set(Party.objects.exclude(tax_code="").values_list("tax_code", flat=True))
    while len(known) < BUSINESSES:
        code = people.any_tax_code(chance)
        if code in taken:
            continue
        taken.add(code)
        made = Party(kind=Party.Kind.BUSINESS, name=people.company_name(chance), tax_code=code, address="Tỉnh Lạng Sơn", is_demo=True)
        known.append(made)
        made.save()
        yield made
