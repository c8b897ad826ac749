"""What may happen to a permit: which act from which state, each with its grounds, nothing of the past lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.foundation.identity.models import Party, User
from sonha.foundation.organisations.models import Position, Unit
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.services.permits.models import Permit, PermitEvent, PermitState
from sonha.services.permits.selectors import PermitFilters, beyond, permits, permits_matching, place_of
from sonha.services.permits.services import MOVES, REASONED, act_on_permit, expire_due, possible_acts

pytestmark = pytest.mark.django_db
Act, State = PermitEvent.Kind, PermitState
SYSTEM = Actor.system("test")
TODAY = timezone.localdate()
ENDED = {State.REVOKED, State.RETURNED}


def unit(code: str, parent: Unit | None = None, *, agency: bool = True) -> Unit:
    return Unit.objects.get_or_create(
        code=code, defaults={"name": f"Đơn vị {code}", "kind": "department", "is_agency": agency, "parent": parent}
    )[0]


def party(number: str = "020185001234") -> Party:
    return Party.objects.get_or_create(personal_id=number, defaults={"kind": "person", "name": f"Người {number[-3:]}"})[0]


def permit(**values: Any) -> Permit:
    committee = unit("TUBND")
    given: dict[str, Any] = {
        "number": "01/GP-TUBND",
        "permit_type": "groundwater_abstraction",
        "kind": "permit",
        "title": "Giấy phép khai thác nước dưới đất",
        "holder": party(),
        "holder_name": "Nông Thị Lan",
        "issuer": committee,
        "keeper": unit("TSTN", committee),
        "issued_on": TODAY - timedelta(days=400),
        "valid_from": TODAY - timedelta(days=400),
        "valid_to": TODAY + timedelta(days=400),
    }
    return Permit.objects.create(**{**given, **values})


def official(role: str, where: Unit) -> Actor:
    user = User.objects.create_user(f"{role}.{where.code}".lower(), "mat-khau-dai", full_name=f"{role} {where.code}", kind="official")
    Position.objects.create(user=user, unit=where, role=role, valid_from=date(2020, 1, 1))
    return Actor.of(user)


def changes_for(kind: str, of: Permit) -> dict[str, Any]:
    later = max(TODAY, of.valid_to or TODAY) + timedelta(days=365)
    return {
        Act.EXTEND: {"valid_to": later},
        Act.AMEND: {"details": {"flow": 80}},
        Act.TRANSFER: {"holder": party("020185001235" if of.holder.personal_id.endswith("4") else "020185001234").pk},
    }.get(Act(kind), {})


def act(of: Permit, kind: str, **said: Any) -> Permit:
    given = {"actor": SYSTEM, "basis": "Quyết định 15/QĐ-UBND", "reason": "Theo đề nghị", "changes": changes_for(kind, of), **said}
    return act_on_permit(of.pk, kind, **given)


@contextmanager
def undone() -> Iterator[None]:
    """Each example of a property starts from the same database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


acts = st.lists(st.sampled_from([str(kind) for kind in MOVES]), max_size=8)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(acts=acts)
def test_whatever_is_tried_only_allowed_moves_happen_and_all_of_them_are_kept(acts: list[str]) -> None:
    with undone():
        held = permit()
        PermitEvent.objects.create(permit=held, kind=Act.ISSUE, on_date=held.issued_on, basis=held.number)
        expected: list[str] = [Act.ISSUE]
        for kind in acts:
            before = Permit.objects.get(pk=held.pk)
            allowed = before.state in MOVES[kind][0]
            if allowed:
                act(before, kind)
                expected.append(kind)
            else:
                with pytest.raises(ActionRefused):
                    act(before, kind)
            after = Permit.objects.get(pk=held.pk)
            assert after.state == (MOVES[kind][1] if allowed else before.state)
            assert before.state not in ENDED or after.state == before.state, "what was revoked or handed back stays so"
            assert after.valid_to is None or after.valid_to >= after.valid_from
        kept = list(held.events.values_list("kind", flat=True))
        assert kept == expected
        assert all(event.basis for event in held.events.all())
        assert Event.objects.filter(subject_kind="permit", subject_ref=str(held.pk), verb="permit.changed").count() == len(expected) - 1


def test_every_state_but_the_start_is_reached_only_by_its_own_act() -> None:
    reached = {target for _allowed, target in MOVES.values()}
    assert reached == {State.IN_FORCE, State.SUSPENDED, State.REVOKED, State.RETURNED, State.EXPIRED}
    assert not any(ENDED & allowed for allowed, _target in MOVES.values())


def test_an_act_keeps_its_document_its_date_and_what_it_changed() -> None:
    held = permit()
    end = held.valid_to + timedelta(days=365)  # type: ignore[operator]
    day = TODAY - timedelta(days=3)
    act(held, Act.EXTEND, changes={"valid_to": end}, decided_on=TODAY - timedelta(days=5), on_date=day, reason="Giếng còn khai thác tốt")
    event = held.events.get()
    assert (event.decided_on, event.on_date, event.reason) == (TODAY - timedelta(days=5), day, "Giếng còn khai thác tốt")
    assert event.changes["valid_to"] == [held.valid_to.isoformat(), end.isoformat()]  # type: ignore[union-attr]
    assert held.row_events.count() == 2, "the row as it was stays in the history of the table"


def test_transferring_keeps_who_held_it_before() -> None:
    held = permit()
    other = party("020185001235")
    act(held, Act.TRANSFER, changes={"holder": other.pk})
    held.refresh_from_db()
    assert (held.holder, held.holder_name, held.state) == (other, other.name, State.IN_FORCE)
    assert held.events.get().changes["holder_name"] == ["Nông Thị Lan", other.name]


@pytest.mark.parametrize("kind", sorted(REASONED - {Act.RESUME}))
def test_what_takes_a_right_away_must_say_why(kind: str) -> None:
    with pytest.raises(ActionRefused) as refused:
        act(permit(), kind, reason=" ")
    assert set(refused.value.errors) == {"reason"}


def test_every_wrong_ground_is_named_at_once_and_nothing_has_changed() -> None:
    held = permit()
    with pytest.raises(ActionRefused) as refused:
        act(held, Act.REVOKE, basis="", reason="", on_date=TODAY + timedelta(days=1), decided_on=TODAY + timedelta(days=2))
    assert set(refused.value.errors) == {"basis", "reason", "on_date", "decided_on"}
    held.refresh_from_db()
    assert held.state == State.IN_FORCE and not held.events.exists()


def test_an_extension_must_lead_beyond_today_and_beyond_the_old_end() -> None:
    old = permit(valid_to=TODAY - timedelta(days=30), state=State.EXPIRED)
    with pytest.raises(ActionRefused):
        act(old, Act.EXTEND, changes={"valid_to": TODAY - timedelta(days=1)})
    with pytest.raises(ActionRefused):
        act(old, Act.EXTEND, changes={})
    assert act(old, Act.EXTEND, changes={"valid_to": TODAY}).state == State.IN_FORCE


def test_a_suspended_permit_whose_time_has_passed_cannot_come_back() -> None:
    held = permit(valid_to=TODAY - timedelta(days=1), state=State.SUSPENDED)
    with pytest.raises(ActionRefused):
        act(held, Act.RESUME)


def test_the_night_marks_what_ended_the_day_before_and_nothing_else() -> None:
    ended = permit(number="1", valid_to=TODAY - timedelta(days=1))
    suspended = permit(number="2", valid_to=TODAY - timedelta(days=1), state=State.SUSPENDED)
    last_day = permit(number="3", valid_to=TODAY)
    endless = permit(number="4", valid_to=None)
    revoked = permit(number="5", valid_to=TODAY - timedelta(days=1), state=State.REVOKED)
    assert expire_due() == 2
    assert expire_due() == 0, "a second run finds nothing"
    states = {each.pk: each.state for each in Permit.objects.all()}
    assert states == {
        ended.pk: State.EXPIRED, suspended.pk: State.EXPIRED, last_day.pk: State.IN_FORCE, endless.pk: State.IN_FORCE,
        revoked.pk: State.REVOKED,
    }  # fmt: skip
    assert ended.events.get().kind == Act.EXPIRE


def test_those_who_keep_or_issued_it_see_and_manage_it_and_nobody_else() -> None:
    held = permit()
    committee, department = held.issuer, held.keeper
    division = unit("TSTN.KS", department, agency=False)
    other = unit("TSXD", committee)
    holder = Actor.of(User.objects.create_user("chu.giay.phep", "mat-khau-dai", full_name="Lan", party=held.holder))
    people = {
        "leader of the committee": (official("leader", committee), True, True),
        "clerk of the committee": (official("clerk", committee), True, True),
        "head in the department": (official("head", division), True, True),
        "specialist in the department": (official("specialist", division), True, False),
        "leader of another department": (official("leader", other), False, False),
        "head of another department": (official("head", other), False, False),
        "the holder": (holder, True, False),
        "anybody": (Actor.anonymous(), False, False),
    }
    assert {name: (permits(actor).exists(), bool(possible_acts(actor, held))) for name, (actor, _sees, _acts) in people.items()} == {
        name: (sees, may) for name, (_actor, sees, may) in people.items()
    }
    with pytest.raises(NotAllowed):
        act(held, Act.SUSPEND, actor=people["leader of another department"][0])


def test_the_register_is_searched_by_number_holder_place_and_expiry() -> None:
    soon = permit(number="01/GP-UBND", valid_to=TODAY + timedelta(days=20), commune_code="06112")
    permit(number="02/GP-UBND", holder_name="Công ty Đá Đồng Mỏ", valid_to=TODAY + timedelta(days=200))
    permit(number="03/GP-UBND", kind="certificate", valid_to=None)
    find = lambda **said: [each.number for each in permits_matching(SYSTEM, PermitFilters(**said))]  # noqa: E731
    assert find(words="da dong mo") == ["02/GP-UBND"]
    assert find(words="03/gp") == ["03/GP-UBND"]
    assert find(expiring="30") == ["01/GP-UBND"] and find(expiring="365", sort="valid_to") == ["01/GP-UBND", "02/GP-UBND"]
    assert find(kind="certificate") == ["03/GP-UBND"]
    assert find(commune="06112") == [soon.number]
    assert find(agency="TUBND") == ["03/GP-UBND", "02/GP-UBND", "01/GP-UBND"] and find(agency="TSXD") == []


@pytest.mark.parametrize("sort", ["", "valid_to", "number"])
def test_pages_by_place_hold_every_permit_once(sort: str) -> None:
    for number in range(7):
        permit(number=f"{number % 3:02}/GP-{number}", valid_to=None if number % 3 == 0 else TODAY + timedelta(days=number // 2))
    rows = permits_matching(SYSTEM, PermitFilters(sort=sort))
    seen: list[Permit] = []
    while page := list((beyond(rows, sort, place_of(seen[-1], sort)) if seen else rows)[:2]):
        seen += page
    assert seen == list(rows)
