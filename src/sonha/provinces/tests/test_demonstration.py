"""The demonstration: accounts that can be used, dossiers that are true to the audit log, and doors that stay shut."""

import json
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.foundation.audit.verification import verify
from sonha.foundation.calendar.workdays import LOCAL, WorkCalendar
from sonha.foundation.identity.models import Party, User
from sonha.foundation.identity.numbers import is_personal_id, is_tax_code
from sonha.foundation.notifications.models import Delivery
from sonha.foundation.notifications.selectors import unread_count
from sonha.foundation.organisations.models import Position, Unit
from sonha.process.cases.models import CaseAccess, Task
from sonha.provinces.demonstration import people
from sonha.provinces.demonstration.accounts import accounts, load_accounts, password
from sonha.provinces.demonstration.clock import at, in_office
from sonha.provinces.demonstration.story import FIRST_DAY, tell
from sonha.services.dossiers import selectors
from sonha.services.dossiers.models import Dossier


def said(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("lang_son")
def test_accounts_are_made_once_and_can_sign_in() -> None:
    said("load_demo", "--accounts-only")
    before = (User.objects.count(), Position.objects.count(), Party.objects.count())
    User.objects.filter(username="motcua").update(full_name="Tên đã sửa")
    said("load_demo", "--accounts-only")
    assert (User.objects.count(), Position.objects.count(), Party.objects.count()) == before
    assert User.objects.get(username="motcua").full_name == "Tên đã sửa", "what was changed by hand stays"
    user = authenticate(RequestFactory().post("/"), username="congdan", password=password())
    assert user is not None
    assert all(User.objects.values_list("is_demo", flat=True))
    firm = User.objects.get(username="doanhnghiep").representations.get(kind="legal").party
    assert is_tax_code(firm.tax_code) and "minh hoạ" in firm.name
    assert all(is_personal_id(party.personal_id) for party in Party.objects.filter(kind="person"))


@pytest.mark.usefixtures("lang_son")
def test_every_post_of_the_accounts_is_in_a_unit_that_exists() -> None:
    wanted = {post["unit"] for account in accounts() for post in account.posts}
    assert wanted == set(Unit.objects.filter(code__in=wanted).values_list("code", flat=True))


@pytest.mark.usefixtures("lang_son")
def test_the_accounts_are_listed_for_people_and_for_programs() -> None:
    assert "load_demo" in said("demo_accounts")
    load_accounts()
    table = said("demo_accounts")
    assert "chutich" in table and password() in table and "canboxa.05977" not in table
    assert "canboxa.05977" in said("demo_accounts", "--all")
    listed = json.loads(said("demo_accounts", "--json"))
    assert {"congdan", "vanthu.ubnd"} <= {line["username"] for line in listed["accounts"] if line["main"]}


@pytest.mark.usefixtures("lang_son")
def test_the_sign_in_page_names_accounts_that_exist(client: Any) -> None:
    load_accounts()
    page = client.get(reverse("account_login")).content.decode()
    named = {name for listed in re.findall(r'<dd class="code">([^<]+)</dd>', page) for name in listed.split(", ")}
    assert named == {account.username for account in accounts() if account.main}
    assert named <= set(User.objects.values_list("username", flat=True)) and password() in page


def test_a_production_system_takes_no_demonstration(settings: Any) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError):
        call_command("load_demo")


@pytest.mark.usefixtures("lang_son", "own_pki")
def test_dossiers_are_lived_through_on_their_own_days_and_the_log_holds() -> None:
    load_accounts()
    assert tell(8) == 8
    assert tell(8) == 0, "a second run changes nothing"
    assert verify().ok
    dossiers = list(Dossier.objects.select_related("case"))
    assert all(dossier.is_demo and FIRST_DAY <= dossier.submitted_at < timezone.now() - timedelta(days=30) for dossier in dossiers)
    for dossier in dossiers:
        said_at = Event.objects.get(verb="dossier.submitted", payload__dossier=dossier.code).at
        assert said_at == dossier.submitted_at
        times = [task.opened_at for task in Task.objects.filter(case=dossier.case).order_by("pk")]
        assert times == sorted(times)
        for task in Task.objects.filter(case=dossier.case, state="done", kind="task"):
            assert task.closed_at and task.opened_at <= task.closed_at <= timezone.now()
    assert all(dossier.result.issued_on for dossier in dossiers if dossier.state == "granted")
    assert any(dossier.state == "granted" for dossier in dossiers)
    congdan = Actor.of(User.objects.get(username="congdan"))
    assert selectors.my_drafts(congdan).count() == 1 and unread_count(congdan) == 0
    assert not Delivery.objects.filter(message__created_at__lt=timezone.now() - timedelta(days=4)).exists(), "no mail about long ago"
    _each_sees_its_own(dossiers)


def _each_sees_its_own(dossiers: list[Dossier]) -> None:
    def seen(username: str) -> set[int]:
        return set(selectors.dossiers(Actor.of(User.objects.get(username=username))).values_list("pk", flat=True))

    everything = {dossier.pk for dossier in dossiers}
    assert seen("motcua") and seen("motcua") <= everything
    assert seen("congdan") == {dossier.pk for dossier in dossiers if dossier.applicant and dossier.applicant.username == "congdan"} != set()
    assert seen("doanhnghiep") and not seen("doanhnghiep") & seen("congdan")
    assert seen("kiemtoan") == everything and not seen("quantri")
    for official in User.objects.filter(username__startswith="canboxa"):
        own = {position.unit_id for position in official.positions.all()}
        involved = set(CaseAccess.objects.filter(unit__in=own).values_list("case__dossier", "case__parent_task__case__dossier"))
        assert seen(official.username) <= {pk for pair in involved for pk in pair}


@given(st.datetimes(timezones=st.just(LOCAL), min_value=FIRST_DAY.replace(tzinfo=None)))
def test_offices_act_only_when_they_are_open(moment: Any) -> None:
    if moment.year > 9000:
        return
    calendar = WorkCalendar()
    then = timezone.localtime(in_office(moment, calendar), LOCAL)
    assert then >= moment.replace(second=0, microsecond=0) and calendar.is_workday(then.date())
    assert calendar.opens(then.date()) <= then <= calendar.closes(then.date())


def test_another_day_holds_only_inside_the_block() -> None:
    with at(FIRST_DAY):
        assert timezone.now() == FIRST_DAY
        assert Event._meta.get_field("at").get_default() == FIRST_DAY
        assert timezone.localdate() == FIRST_DAY.date()
    assert timezone.now() > FIRST_DAY


@given(st.integers(min_value=0, max_value=999_999_999))
def test_made_tax_codes_are_well_formed(body: int) -> None:
    try:
        assert is_tax_code(people.tax_code(f"{body:09d}"))
    except ValueError:
        assert not any(is_tax_code(f"{body:09d}{digit}") for digit in range(10))
