"""Who files: the declared accounts, and fictional people and businesses of the same communes."""

import random
from dataclasses import dataclass
from typing import Any

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import Party, Representation, User
from sonha.foundation.organisations.models import AdminUnit
from sonha.provinces.demonstration import people
from sonha.provinces.demonstration.accounts import declaration
from sonha.provinces.demonstration.people import Place

PERSONS, BUSINESSES = 30, 18
HOME = "06112"


@dataclass(frozen=True, slots=True)
class Filer:
    """An owner of dossiers, the account that files for it, and where it lives."""

    party: Party
    user: User
    place: Place

    @property
    def actor(self) -> Actor:
        return Actor.of(self.user)


@dataclass
class Crowd:
    """All filers. `pick` draws one who fits a plan."""

    persons: list[Filer]
    businesses: list[Filer]
    named: dict[str, Filer]

    def pick(self, chance: random.Random, *, username: str = "", business: bool = False, commune: str = "") -> Filer:
        if username in self.named:
            return self.named[username]
        group = self.businesses if business else self.persons
        near = [filer for filer in group if filer.place.code == commune]
        return chance.choice(near or group)


def places() -> list[Place]:
    """The communes of the demonstration that have a point on the map, Bình Gia first."""
    codes = [HOME, *declaration()["communes"]]
    areas = {area.code: area for area in AdminUnit.objects.filter(code__in=codes, valid_to=None, centre__isnull=False)}
    return [Place(code, areas[code].name, (areas[code].centre.x, areas[code].centre.y)) for code in codes if code in areas]  # type: ignore[union-attr]


def gather(chance: random.Random) -> Crowd:
    """The crowd, made on first use; the same people every time."""
    known = {place.code: place for place in places()}
    spots = list(known.values())
    persons = [_person(chance, spots[number % len(spots)], number) for number in range(PERSONS)]
    businesses = [_business(chance, spots[number % len(spots)], number) for number in range(BUSINESSES)]
    return Crowd(persons, businesses, _named(known, spots[0]))


def _named(known: dict[str, Place], otherwise: Place) -> dict[str, Filer]:
    named = {}
    for said in declaration()["applicants"]:
        user = User.objects.select_related("party").get(username=said["username"])
        represented = Representation.objects.filter(user=user).select_related("party").first()
        party = represented.party if represented else user.party
        assert party is not None
        named[user.username] = Filer(party, user, known.get(party.commune_code, otherwise))
    return named


def _person(chance: random.Random, place: Place, number: int) -> Filer:
    sex = chance.choice(["male", "female"])
    born = people.birth_date(chance)
    values = _contact(chance, place) | {"name": people.person_name(chance, sex), "birth_date": born}
    party = _party({"personal_id": people.personal_id(chance, sex, born)}, values | {"kind": Party.Kind.PERSON})
    return Filer(party, _account(f"nguoidan{number + 1:02d}", party), place)


def _business(chance: random.Random, place: Place, number: int) -> Filer:
    values = _contact(chance, place) | {"name": people.company_name(chance)}
    party = _party({"tax_code": people.any_tax_code(chance)}, values | {"kind": Party.Kind.BUSINESS})
    director = _person(chance, place, PERSONS + number)
    Representation.objects.get_or_create(
        party=party, user=director.user, kind=Representation.Kind.LEGAL, valid_from=declaration()["since"], defaults={"basis": "Minh hoạ"}
    )
    return Filer(party, director.user, place)


def _contact(chance: random.Random, place: Place) -> dict[str, Any]:
    return {"address": people.address(chance, place), "commune_code": place.code, "phone": people.phone(chance)}


def _party(identity: dict[str, str], values: dict[str, Any]) -> Party:
    return Party.objects.get_or_create(**identity, defaults={**values, "is_demo": True})[0]


def _account(username: str, party: Party) -> User:
    """An account nobody signs in to: it has no password."""
    values = {"full_name": party.name, "phone": party.phone, "party": party, "is_demo": True, "password": "!"}
    return User.objects.get_or_create(username=username, defaults=values)[0]
