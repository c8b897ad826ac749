"""The demonstration accounts of accounts.yaml: users, the parties behind them, positions and representations."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from sonha.foundation.access.roles import Role
from sonha.foundation.identity.models import Party, Representation, User
from sonha.foundation.organisations.models import AdminUnit, Position, Unit
from sonha.provinces.demonstration.people import person_name, tax_code
from sonha.provinces.profiles import read_yaml

STAFF = {
    "receptionist": ("motcua", ".MC"),
    "specialist": ("chuyenvien", ".CM"),
    "head": ("truongphong", ".CM"),
    "leader": ("lanhdao", ""),
    "clerk": ("vanthu", ""),
}
COMMUNE_TITLES = {"specialist": "Công chức chuyên môn", "receptionist": "Công chức một cửa", "head": "Phụ trách bộ phận chuyên môn",
                  "leader": "Phó Chủ tịch", "clerk": "Văn thư"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """One account as declared: what `demo_accounts` shows and `load_demo` makes."""

    username: str
    name: str
    main: bool = False
    what: str = ""
    posts: tuple[dict[str, str], ...] = ()
    party: dict[str, Any] | None = None
    represents: tuple[dict[str, Any], ...] = field(default=())


@cache
def declaration() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(Path(__file__).with_name("accounts.yaml"))
    return loaded


def password() -> str:
    return str(declaration()["password"])


def accounts() -> list[Account]:
    """Every account of the demonstration, the main ones first."""
    said = declaration()
    listed = [*_applicants(said["applicants"]), *_officials(said["officials"])]
    for staff in said["staffs"]:
        listed += _staff(staff, said["titles"])
    listed += [_commune_official(code) for code in said["communes"]]
    return sorted(listed, key=lambda account: not account.main)


def _applicants(rows: list[dict[str, Any]]) -> Iterator[Account]:
    for row in rows:
        represents = tuple(row.get("represents", ()))
        yield Account(row["username"], row["party"]["name"], row.get("main", False), row["what"], (), row["party"], represents)


def _officials(rows: list[dict[str, Any]]) -> Iterator[Account]:
    for row in rows:
        yield Account(row["username"], row["name"], row.get("main", False), posts=tuple(row["posts"]))


def _staff(staff: dict[str, Any], titles: dict[str, dict[str, str]]) -> Iterator[Account]:
    """One person for each role of an agency; the specialist also works for the agency itself, where consultations arrive."""
    unit, divisions = staff["unit"], [f".{suffix}" for suffix in staff.get("divisions", ["CM"])]
    said = titles["committee" if unit.startswith("H.") else "department"]
    for role, (prefix, place) in STAFF.items():
        places = divisions if place == ".CM" else [place]
        posts = [{"role": role, "unit": unit + each, "title": said[role]} for each in places]
        if role == "specialist":
            posts.append({"role": role, "unit": unit, "title": said[role]})
        username = f"{prefix}.{staff['suffix']}"
        yield Account(username, _name_for(username), posts=tuple(posts))


def _commune_official(code: str) -> Account:
    username, unit = f"canboxa.{code}", f"X.{code}"
    places = {"specialist": ["", ".CM"], "receptionist": [".MC"], "head": [".CM"], "leader": [""], "clerk": [""]}
    posts = [{"role": role, "unit": unit + each, "title": COMMUNE_TITLES[role]} for role, suffixes in places.items() for each in suffixes]
    return Account(username, _name_for(username), posts=tuple(posts))


def _name_for(username: str) -> str:
    chance = random.Random(username)  # noqa: S311 - a name, not a secret
    return person_name(chance, chance.choice(["male", "female"]))


@transaction.atomic
def load_accounts() -> int:
    """Makes the accounts that are missing and brings positions to what is declared; returns how many accounts were new.

    An existing account keeps its password and whatever was changed by hand.
    """
    known = set(User.objects.values_list("username", flat=True))
    listed = accounts()
    units = {unit.code: unit for unit in Unit.objects.filter(code__in={post["unit"] for account in listed for post in account.posts})}
    secret = make_password(password())  # once: the demonstration's password is no secret, and hashing is slow on purpose
    new = [account for account in listed if account.username not in known]
    for account in new:
        _create(account, secret, units)
    return len(new)


def _create(account: Account, secret: str, units: dict[str, Unit]) -> None:
    since: date = declaration()["since"]
    party = _party(account.party) if account.party else None
    user = User.objects.create(
        username=account.username,
        password=secret,
        full_name=account.name,
        email=f"{account.username}@example.vn",
        phone=party.phone if party else "",
        kind=User.Kind.OFFICIAL if account.posts else User.Kind.CITIZEN,
        party=party,
        is_demo=True,
    )
    for post in account.posts:
        Position.objects.create(user=user, unit=units[post["unit"]], role=Role(post["role"]), title=post["title"], valid_from=since)
    for represented in account.represents:
        Representation.objects.create(
            user=user, party=_party(represented["party"]), kind=represented["kind"], basis=represented["basis"], valid_from=since
        )


def _party(said: dict[str, Any]) -> Party:
    values = dict(said)
    if body := values.pop("tax_body", ""):
        values["tax_code"] = tax_code(body)
    values.setdefault("email", "")
    identity = {name: values[name] for name in ("personal_id", "tax_code") if values.get(name)}
    party, _created = Party.objects.get_or_create(**identity, defaults={**values, "is_demo": True})
    return party


@dataclass(frozen=True, slots=True)
class Line:
    """One account as listed for people."""

    username: str
    name: str
    role: str
    unit: str
    main: bool


def listing() -> list[Line]:
    """The accounts that exist, with what they may be used for, main ones first."""
    existing = set(User.objects.filter(is_demo=True, is_active=True).values_list("username", flat=True))
    names = dict(Unit.objects.values_list("code", "name"))
    areas = dict(AdminUnit.objects.filter(valid_to=None).values_list("code", "name"))
    return [_line(account, names, areas) for account in accounts() if account.username in existing]


def _line(account: Account, units: dict[str, str], areas: dict[str, str]) -> Line:
    if not account.posts:
        represented = ", ".join(each["party"]["name"] for each in account.represents)
        place = areas.get((account.party or {}).get("commune_code", ""), "")
        return Line(account.username, account.name, account.what, represented or place, account.main)
    roles = dict.fromkeys(str(Role(post["role"]).label) for post in account.posts)
    first = account.posts[0]["unit"]
    return Line(account.username, account.name, ", ".join(roles), units.get(first, first), account.main)
