"""Selectors of cases against a naive oracle in Python, for random posts, leaves, rights to act for others, grants and tasks.

Lists, counts, `seen_by` and `may_act` must all say the same of the same rows.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role
from sonha.foundation.identity.models import Party, Representation, User
from sonha.foundation.organisations.models import Position, Substitution, Unit
from sonha.foundation.search.counting import capped_count
from sonha.process.cases import access
from sonha.process.cases.models import Case, CaseAccess, Task
from sonha.process.flows.models import Flow, FlowVersion

WORKING = {"receptionist", "specialist", "head", "leader", "clerk"}
LOOKING = {"head", "leader", "auditor"}
TREE = {  # unit: (unit above, whether it has a seal of its own)
    "P": ("", True), "D": ("P", True), "D.a": ("D", False), "D.b": ("D", False), "D.b.x": ("D.b", False),
    "E": ("P", True), "E.a": ("E", False), "C1": ("P", True), "C1.a": ("C1", False), "C2": ("P", True),
}  # fmt: skip
UNITS = list(TREE)
PEOPLE, PARTIES, CASES = 5, 3, 4

person, party, case, unit = (st.integers(0, count - 1) for count in (PEOPLE, PARTIES, CASES, len(UNITS)))
when = st.sampled_from(["now", "ended", "to come"])
holder = st.one_of(st.tuples(st.just("unit"), unit), st.tuples(st.just("user"), person), st.tuples(st.just("party"), party))
worlds = st.fixed_dictionaries(
    {
        "posts": st.lists(st.tuples(person, st.sampled_from(list(Role.values)), unit, when), max_size=8, unique_by=lambda row: row[:3]),
        "leaves": st.lists(st.tuples(person, person, when).filter(lambda row: row[0] != row[1]), max_size=3, unique_by=lambda row: row[:2]),
        "rights": st.lists(st.tuples(person, party, when), max_size=3, unique_by=lambda row: row[:2]),
        "grants": st.lists(st.tuples(case, holder, st.booleans()), max_size=8, unique_by=lambda row: row[:2]),
        "tasks": st.lists(
            st.tuples(case, st.sampled_from([*sorted(WORKING), "applicant"]), unit, st.none() | person, st.booleans()), max_size=8
        ),
    }
)


@dataclass
class World:
    """Rows in the database, and the same facts as plain Python."""

    said: dict[str, Any]
    users: list[User] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    units: dict[str, Unit] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    tasks: list[tuple[Task, Any]] = field(default_factory=list)
    granted: dict[int, list[tuple[str, Any, str]]] = field(default_factory=dict)

    def posts(self, who: int) -> list[tuple[str, str, int | None]]:
        """(role, unit, for whom) of a person today; standing in for who is on leave, except in administration."""
        absent = [away for away, standing_in, time in self.said["leaves"] if standing_in == who and time == "now"]
        held = [(role, UNITS[at], None) for holder, role, at, time in self.said["posts"] if holder == who and time == "now"]
        lent = [
            (role, UNITS[at], holder)
            for holder, role, at, time in self.said["posts"]
            if holder in absent and time == "now" and role != "administrator"
        ]
        return held + lent

    def sees_inside(self, who: int, number: int) -> bool:
        rows = [(kind, holder, level) for kind, holder, level in self.granted.get(number, []) if kind == "unit"]
        return any(
            at == holder and ((role in WORKING and level == "handle") or role in LOOKING)
            for role, at, _for in self.posts(who)
            for _kind, holder, level in rows
        )

    def sees_own(self, who: int, number: int) -> bool:
        acts_for = {to for by, to, time in self.said["rights"] if by == who and time == "now"}
        if who < len(self.parties) and self.users[who].party_id:
            acts_for.add(who)
        return any(
            (kind == "user" and holder == who) or (kind == "party" and holder in acts_for)
            for kind, holder, _level in self.granted.get(number, [])
        )

    def may_act(self, who: int, row: tuple[int, str, int, int | None, bool]) -> bool:
        number, role, at, assignee, _open = row
        if role == "applicant":
            return self.sees_own(who, number)
        capacities = [for_whom for held, place, for_whom in self.posts(who) if held == role and place == UNITS[at]]
        return bool(capacities) and (assignee is None or assignee in {who, *capacities})


def build(said: dict[str, Any]) -> World:
    world = World(said)
    today = timezone.localdate()
    dates = {"now": (today - timedelta(days=9), today), "ended": (today - timedelta(days=9), today - timedelta(days=1)),
             "to come": (today + timedelta(days=1), today + timedelta(days=9))}  # fmt: skip
    for code, (above, seal) in TREE.items():
        world.units[code] = Unit.objects.create(code=code, name=code, kind="other", is_agency=seal, parent=world.units.get(above))
    world.parties = [
        Party.objects.create(kind="person", name=f"p{number}", personal_id=f"02030000{number:04d}") for number in range(PARTIES)
    ]
    for number in range(PEOPLE):
        own = world.parties[number] if number < 2 else None
        world.users.append(User.objects.create(username=f"u{number}", full_name=f"u{number}", kind="official", party=own))
    for who, role, at, time in said["posts"]:
        start, end = dates[time]
        Position.objects.create(user=world.users[who], role=role, unit=world.units[UNITS[at]], valid_from=start, valid_to=end)
    for absent, standing_in, time in said["leaves"]:
        start, end = dates[time]
        Substitution.objects.create(absent=world.users[absent], substitute=world.users[standing_in], valid_from=start, valid_to=end)
    for who, to, time in said["rights"]:
        start, end = dates[time]
        Representation.objects.create(user=world.users[who], party=world.parties[to], kind="proxy", valid_from=start, valid_to=end)
    version = FlowVersion.objects.create(flow=Flow.objects.create(key="oracle", title="x"), number=1, definition={})
    world.cases = [Case.objects.create(flow_version=version, subject_kind="internal", title=f"c{number}") for number in range(CASES)]
    _grant(world)
    for row in said["tasks"]:
        number, role, at, assignee, is_open = row
        task = Task.objects.create(
            case=world.cases[number], step="s", title="t", role=role, unit=None if role == "applicant" else world.units[UNITS[at]],
            assignee=world.users[assignee] if assignee is not None and role != "applicant" else None, state="open" if is_open else "done",
        )  # fmt: skip
        world.tasks.append((task, row))
    return world


def _grant(world: World) -> None:
    """Grants through the service; the oracle notes what they mean: the unit handles, and those above up to its agency look on."""
    for place, (number, (kind, holder), ended) in enumerate(world.said["grants"]):
        case_row, cause = world.cases[number], f"cause {place}"
        if kind == "unit":
            code = UNITS[holder]
            before = set(CaseAccess.objects.filter(case=case_row, ended_at=None).values_list("unit__code", "level"))
            access.grant(case_row, unit=world.units[code], cause=cause)
            meant = [("unit", code, "handle")]
            while not TREE[code][1]:
                code = TREE[code][0]
                meant.append(("unit", code, "oversee"))
            meant = [row for row in meant if (row[1], row[2]) not in before]  # granting twice is once
        elif kind == "user":
            access.grant(case_row, user=world.users[holder], cause=cause)
            meant = [("user", holder, "own")]
        else:
            access.grant(case_row, party_id=world.parties[holder].pk, cause=cause)
            meant = [("party", holder, "own")]
        if ended:
            access.revoke(case_row, cause=cause)
        else:
            world.granted.setdefault(number, []).extend(meant)


def numbers(rows: Any, of: list[Case]) -> set[int]:
    return {of.index(row) for row in rows}


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(worlds)
def test_selectors_agree_with_a_naive_reading_of_the_rows(said: dict[str, Any]) -> None:
    with transaction.atomic():
        agree(build(said))
        transaction.set_rollback(True)


def agree(world: World) -> None:
    everything = range(CASES)
    for who, user in enumerate(world.users):
        actor = Actor.of(user)
        own = {number for number in everything if world.sees_own(who, number)}
        inside = {number for number in everything if world.sees_inside(who, number)}
        visible = access.visible_cases(actor)
        assert numbers(visible, world.cases) == own | inside
        assert capped_count(visible) == (len(own | inside), False)
        assert numbers(access.visible_cases(actor.in_office()), world.cases) == inside, "in office by posts alone"
        assert numbers(access.visible_cases(actor.in_person()), world.cases) == own, "in person without posts"
        listed = Task.objects.filter(access.seen_by(actor, "case_id"))
        assert set(listed) == {task for task, row in world.tasks if row[0] in own | inside}
        may = {task for task, row in world.tasks if world.may_act(who, row)}
        assert {task for task, _row in world.tasks if access.may_act(actor, task)} == may
        assert set(access.open_tasks_for(actor)) == {task for task in may if task.state == "open" and not task.is_applicant}
        below = [world.units[at].path for role, at, _for in world.posts(who) if role in LOOKING]
        overseen = {
            task
            for task, row in world.tasks
            if row[4] and task.unit and row[0] in own | inside and any(task.unit.path.startswith(path) for path in below)
        }
        assert set(access.unit_tasks_for(actor)) == overseen
    nobody = Actor.anonymous()
    assert not access.visible_cases(nobody).exists() and not access.open_tasks_for(nobody).exists()
    assert access.visible_cases(Actor.system("test")).count() == CASES
