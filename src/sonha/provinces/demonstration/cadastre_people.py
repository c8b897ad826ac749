"""Who uses the generated parcels: families of a village with a plot and some fields each, the commune, a school."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from sonha.foundation.identity.models import Party
from sonha.provinces.demonstration import people
from sonha.provinces.demonstration.cadastre_parcels import Village
from sonha.sectors.land.codes import UserKind

Array = np.ndarray[Any, Any]
FIELDS_EACH = 2.6
"""Parcels to a family."""


@dataclass(slots=True)
class Owner:
    """One land user as it will be written. `parcels`: indices within the village. `party`: of a demonstration account."""

    kind: str
    name: str
    id_number: str = ""
    birth_year: int | None = None
    sex: str = ""
    spouse_name: str = ""
    spouse_id_number: str = ""
    representative: str = ""
    party: int | None = None
    parcels: list[int] = field(default_factory=list)


def land_types(village: Village, urban: bool, chance: np.random.Generator) -> Array:
    """Codes that both the lists before and after 2024-08-01 know."""
    size = village.size
    roll = chance.random(size)
    near = village.near + chance.normal(0, 0.05, size)
    types = np.where(roll < 0.6, "LUC", np.where(roll < 0.75, "LUK", "HNK")).astype("<U3")
    types[(near > 0.62) & (roll > 0.35)] = "CLN"
    types[(near > 0.8) & (roll > 0.25)] = "RSX"
    types[(near > 0.9) & (roll < 0.06)] = "NTD"
    types[(near > 0.5) & (roll > 0.965)] = "NTS"
    home = village.on_road & (near < 0.62)
    types[home] = "ODT" if urban else "ONT"
    types[home & (roll < 0.02)] = "DGD"
    types[home & (roll > 0.985)] = "DKV"
    if urban:
        types[home & (roll > 0.93) & (roll <= 0.985)] = "TMD"
    types[village.road], types[village.stream] = "DGT", "SON"
    return types


PUBLIC = {"DGT": "commune", "SON": "commune", "NTD": "commune", "DKV": "commune", "DGD": "school"}
HOMES = frozenset({"ONT", "ODT"})


def owners(village: Village, types: Array, commune: str, parties: Sequence[Party], chance: random.Random) -> list[Owner]:
    """Everybody of a village with their parcels; the given parties first, with a home and two fields side by side."""
    committee = Owner(UserKind.STATE_BODY, f"Uỷ ban nhân dân {commune[0].lower()}{commune[1:]}")
    school = Owner(UserKind.STATE_BODY, f"Trường tiểu học {commune.partition(' ')[2]} (minh hoạ)")
    homes: list[int] = []
    fields: list[int] = []
    for index, code in enumerate(types):
        if (owner := PUBLIC.get(code)) is not None:
            (committee if owner == "commune" else school).parcels.append(index)
        else:
            (homes if code in HOMES else fields).append(index)
    families = list(_families(max(1, round((len(homes) + len(fields)) / FIELDS_EACH)), parties, chance))
    known = families[: len(parties)]
    _give_known(known, homes, fields, village, types)
    for number, index in enumerate(homes):
        families[number % len(families)].parcels.append(index)
    start = 0
    while start < len(fields):  # fields of a family often lie side by side
        length = chance.choice((1, 1, 2))
        chance.choice(families).parcels += fields[start : start + length]
        start += length
    return [owner for owner in (committee, school, *families) if owner.parcels]


def _give_known(known: list[Owner], homes: list[int], fields: list[int], village: Village, types: Array) -> None:
    """Each known party gets the roomiest home left and two neighbouring fields of one land type."""
    for owner in known:
        if homes:
            home = max(homes, key=lambda index: village.areas[index])
            homes.remove(home)
            owner.parcels.append(home)
        pair = next((at for at, after in pairwise(fields) if after == at + 1 and _alike(village, types, at)), None)
        if pair is not None:
            owner.parcels += [pair, pair + 1]
            fields.remove(pair)
            fields.remove(pair + 1)


def _alike(village: Village, types: Array, index: int) -> bool:
    return types[index] == types[index + 1] and bool(village.polygons[index].intersection(village.polygons[index + 1]).length > 5)


def _families(count: int, parties: Sequence[Party], chance: random.Random) -> Iterator[Owner]:
    for party in parties:
        kind = UserKind.PERSON if party.kind == Party.Kind.PERSON else UserKind.ORGANISATION
        born = party.birth_date.year if party.birth_date else None
        yield Owner(kind, party.name, party.identifier, born, party=party.pk)
    for _number in range(count):
        sex = chance.choice(("male", "female"))
        birth = people.birth_date(chance)
        owner = Owner(UserKind.PERSON, people.person_name(chance, sex), people.personal_id(chance, sex, birth), birth.year, sex)
        if chance.random() < 0.55:
            other = "female" if sex == "male" else "male"
            owner.kind = UserKind.COUPLE
            owner.spouse_name = people.person_name(chance, other)
            owner.spouse_id_number = people.personal_id(chance, other, people.birth_date(chance))
        elif chance.random() < 0.1:
            owner.kind = UserKind.HOUSEHOLD
        yield owner
