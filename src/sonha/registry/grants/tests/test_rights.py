"""Grants add up, but never to more than one of them gives at a place."""

from typing import Any

import pytest
from django.contrib.gis.geos import Point
from hypothesis import given
from hypothesis import strategies as st

from sonha.foundation.access.actor import Actor, Post
from sonha.registry.grants import rights as module
from sonha.registry.grants.models import RegisterGrant
from sonha.registry.grants.rights import Rights
from sonha.registry.records.services import Basis, changing
from sonha.testing.example.models import ExampleWell
from sonha.testing.example.registers import ExampleWells

ROLES = ("clerk", "specialist", "head", "leader")
COMMUNES = ("X", "Y", "Z")
areas = st.sampled_from([None, frozenset({"X"}), frozenset({"Y"}), frozenset({"X", "Y"}), frozenset()])
grant = st.builds(
    RegisterGrant,
    register=st.just("example_wells"),
    audience=st.sampled_from([*ROLES, "everybody"]),
    level=st.sampled_from([1, 2, 3]),
    personal=st.booleans(),
    secret=st.booleans(),
    everywhere=st.booleans(),
    fields=st.sampled_from([[], ["code"], ["code", "owner_name"]]),
)


class Known:
    """Areas of posts as the test says them."""

    def __init__(self, by_role: dict[str, Any]) -> None:
        self.by_role = by_role

    def of(self, posts: tuple[Post, ...]) -> Any:
        return self.by_role[posts[0].role]


@given(st.lists(grant, max_size=6), st.fixed_dictionaries(dict.fromkeys(ROLES, areas)))
def test_no_field_and_no_secret_row_shows_where_no_single_grant_shows_it(grants: list[RegisterGrant], by_role: dict[str, Any]) -> None:
    for each in grants:
        if each.audience == "everybody":
            each.everywhere, each.personal, each.secret = True, False, False
    actor = Actor(posts=tuple(Post(role, 1, "U", "/U/", "") for role in ROLES), name="x")
    held: Rights = module._joined(actor, ExampleWells, grants, Known(by_role), {})  # type: ignore[arg-type]

    def reaches(each: RegisterGrant, commune: str) -> bool:
        area = None if each.everywhere else by_role[each.audience]
        return area is None or commune in area

    for commune in COMMUNES:
        shown = held.inside | held.outside if held.is_inside(commune) else held.outside
        given_here = [module._fields(ExampleWells, each) for each in grants if reaches(each, commune)]
        assert shown <= set().union(*given_here)
        if held.secret_rows and held.is_inside(commune):
            assert any(each.secret and reaches(each, commune) for each in grants)
        if held.edit_areas is None or commune in held.edit_areas:
            assert any(each.level == 3 and reaches(each, commune) for each in grants if each.audience != "everybody")


def test_one_post_with_personal_data_in_a_commune_and_one_without_in_the_province() -> None:
    grants = [
        RegisterGrant(register="example_wells", audience="specialist", level=1, personal=True),
        RegisterGrant(register="example_wells", audience="clerk", level=1, everywhere=True),
    ]
    actor = Actor(posts=(Post("specialist", 1, "U", "/U/", ""), Post("clerk", 2, "V", "/V/", "")), name="x")
    held = module._joined(actor, ExampleWells, grants, Known({"specialist": frozenset({"X"}), "clerk": None}), {})  # type: ignore[arg-type]
    assert held.is_inside("Z") and "owner_name" not in held.inside and "code" in held.inside


@pytest.mark.django_db
def test_secret_rows_show_within_the_areas_only() -> None:
    with changing("example_wells", Actor.system("test"), Basis("decision", number="1"), kind="add") as change:
        for code, commune, secret in (("open-Z", "Z", False), ("secret-Z", "Z", True), ("secret-X", "X", True)):
            place = Point(450_000, 2_420_000, srid=9215)
            values = {"code": code, "use": "home", "depth": "1.0", "owner_name": "Lan", "geometry": place}
            change.add(ExampleWell, commune_code=commune, is_secret=secret, **values)
    held = Rights(ExampleWells, frozenset({"X"}), inside=frozenset({"code"}), outside=frozenset({"code"}), secret_rows=True)
    assert sorted(ExampleWell.objects.filter(held.condition()).values_list("code", flat=True)) == ["open-Z", "secret-X"]
