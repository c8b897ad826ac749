"""The list of each morning: once, at its hour, on working days, to those who have something on it and want it."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.calendar.workdays import LOCAL
from sonha.foundation.notifications.models import Delivery, Message
from sonha.foundation.notifications.services import choose
from sonha.foundation.organisations.models import Substitution
from sonha.process.cases.models import Suspension, Task
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.tests.many import a_dossier_and_copies
from sonha.services.dossiers.tests.people import official
from sonha.services.handling import morning

pytestmark = pytest.mark.usefixtures("lang_son")
MONDAY = datetime(2026, 11, 23, settings.MORNING_HOUR, 5, tzinfo=LOCAL)


@pytest.fixture
def standing() -> list[Dossier]:
    """Five dossiers at the desk: two late, one due tomorrow, one opened two weeks ago without hurry, one whose clock stands."""
    dossiers = a_dossier_and_copies(5)
    dues = (-5, -1, 1, 20, -3)
    for dossier, days in zip(dossiers, dues, strict=True):
        opened = MONDAY - timedelta(days=14 if days == 20 else 3)
        Task.objects.filter(case=dossier.case).update(due_at=MONDAY + timedelta(days=days), opened_at=opened)
    Suspension.objects.create(case=dossiers[4].case, reason="chờ bổ sung", started_at=MONDAY - timedelta(days=4))
    return dossiers


def names(part: morning.Part) -> list[str]:
    return [morning.dossier_of(task).code for task in part[0]]


def test_the_list_names_what_is_late_what_will_be_and_what_stands(standing: list[Dossier]) -> None:
    codes = [dossier.code for dossier in standing]
    for actor in (official("receptionist", "STNMT.MC"), official("leader", "STNMT")):
        made = morning.morning(actor, MONDAY)
        assert (names(made.late), names(made.soon), names(made.standing)) == (codes[:2], [codes[2]], [codes[3]]), actor.name
    assert morning.morning(official("specialist", "STNMT.NUOC"), MONDAY).empty
    assert morning.morning(official("leader", "STP"), MONDAY).empty, "another department's are not told"


def test_it_is_told_once_at_the_set_hour_of_a_working_day_by_the_chosen_channels(standing: list[Dossier]) -> None:
    desk, leader, away, stand_in = (
        official("receptionist", "STNMT.MC"), official("leader", "STNMT"), official("head", "STNMT.MC"), official("clerk", "STNMT"),
    )  # fmt: skip
    assert desk.user and leader.user and away.user and stand_in.user
    leader.user.email = "lanh-dao@example.vn"
    leader.user.save()
    choose(desk.user, {("task.morning", "app"): False, ("task.morning", "email"): False})
    day = {"valid_from": MONDAY.date(), "valid_to": MONDAY.date()}
    Substitution.objects.create(absent=away.user, substitute=stand_in.user, **day)

    for moment in (MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=1), MONDAY - timedelta(days=1)):
        assert morning.tell(moment) == 0, "another hour, or a Sunday"
    assert morning.tell(MONDAY) == 2, "the leader, and who stands in for the head"
    assert morning.tell(MONDAY + timedelta(minutes=40)) == 0, "a second run in the hour tells nobody twice"
    told = {message.user_id: message for message in Message.objects.filter(kind="task.morning")}
    assert told.keys() == {leader.user.pk, stand_in.user.pk}
    message = told[leader.user.pk]
    assert message.title == "Sáng 23/11/2026: 2 việc quá hạn, 1 việc sắp đến hạn" and message.link == "/can-bo/sang-nay/"
    assert standing[0].code in message.body and "Đứng lâu nhất: 1" in message.body and standing[4].code not in message.body
    assert standing[0].owner_name not in message.body, "no names in a mail box"
    assert Delivery.objects.get(message=message).address == "lanh-dao@example.vn"

    Task.objects.filter(case__in=[dossier.case_id for dossier in standing]).update(state="done", closed_at=timezone.now())
    assert morning.tell(MONDAY + timedelta(days=1)) == 0, "nothing to say, nothing said"
    assert Actor.of(leader.user).has_role("leader")
