"""Fictional names, numbers and addresses, drawn from the profile's `people/` folder with a given source of chance."""

import random
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sonha.foundation.identity.numbers import TAX_WEIGHTS
from sonha.provinces.profiles import HERE, read_yaml

SEX_AND_CENTURY = {("male", 1900): 0, ("female", 1900): 1, ("male", 2000): 2, ("female", 2000): 3}
"""Fourth digit of a personal identification number (Nghị định 137/2015/NĐ-CP, Điều 13)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A commune with a point in it: where demonstration people live and dig. `point` is (longitude, latitude) in EPSG:4326."""

    code: str
    name: str
    point: tuple[float, float]


@cache
def _parts(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(HERE / "lang_son" / "people" / name)
    return loaded


def person_name(chance: random.Random, sex: str) -> str:
    """A name as common in the province; `sex` is male or female."""
    parts = _parts("names.yaml")
    group = chance.choices(parts["groups"], [each["weight"] for each in parts["groups"]])[0]
    return " ".join([chance.choice(group["surnames"]), chance.choice(parts[sex]["middle"]), chance.choice(parts[sex]["given"])])


def company_name(chance: random.Random) -> str:
    """A business that does not exist, and says so."""
    parts = _parts("companies.yaml")
    kind = chance.choices(parts["kinds"], [each["weight"] for each in parts["kinds"]])[0]
    return f"{kind['prefix']} {chance.choice(parts['trades'])} {chance.choice(parts['names'])} {parts['suffix']}"


def birth_date(chance: random.Random) -> date:
    return date(chance.randint(1955, 2004), chance.randint(1, 12), chance.randint(1, 28))


def personal_id(chance: random.Random, sex: str, born: date) -> str:
    """12 digits: province of birth 020, sex and century, year, six of chance."""
    return f"020{SEX_AND_CENTURY[sex, born.year // 100 * 100]}{born.year % 100:02d}{chance.randrange(10**6):06d}"


def tax_code(body: str) -> str:
    """Nine digits completed by their check digit. ValueError when they have none (weighted sum divisible by 11)."""
    check = 10 - sum(weight * int(digit) for weight, digit in zip(TAX_WEIGHTS, body, strict=True)) % 11
    if check == 10:
        raise ValueError(f"{body} has no check digit")
    return f"{body}{check}"


def any_tax_code(chance: random.Random) -> str:
    while True:
        try:
            return tax_code(f"49009{chance.randrange(10**4):04d}")
        except ValueError:
            continue


def phone(chance: random.Random) -> str:
    return f"09{chance.randrange(10**8):08d}"


def village(chance: random.Random) -> str:
    parts = _parts("places.yaml")
    name = chance.choice(parts["villages"])
    return f"Thôn {name}" if name.startswith("Bản ") else f"{chance.choice(parts['village_kinds'])} {name}"


def street(chance: random.Random) -> str:
    return f"Số {chance.randint(2, 268)} đường {chance.choice(_parts('places.yaml')['streets'])}"


def address(chance: random.Random, place: Place) -> str:
    """A house number in a ward, a village in a commune."""
    return f"{street(chance) if place.name.startswith('Phường') else village(chance)}, {place.name[0].lower()}{place.name[1:]}"
