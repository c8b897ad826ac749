"""Every address, asked as everybody, about everything (DESIGN 3.5). Rules and people are in sonha/testing/access."""

import logging
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from pytest_django import DjangoDbBlocker

from sonha import urls
from sonha.foundation.access.guards import officials_only
from sonha.services.dossiers.models import Dossier, Note
from sonha.testing import databases
from sonha.testing.access.addresses import declared
from sonha.testing.access.checking import Checker, undeclared
from sonha.testing.access.people import dismiss, populate
from sonha.testing.access.rules import HANDLERS, NOBODY, OFFICIALS, Address
from sonha.testing.access.things import furnish


@pytest.fixture(scope="module")
def checker(test_database: databases.TestDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[Checker]:
    """The small province, built once on a copy of the real profile."""
    with django_db_blocker.unblock():
        test_database.create(databases.profile_template("lang_son"))
        people = populate()
        things = furnish(people)
        dismiss(people)
        logging.disable(logging.ERROR)  # thousands of refusals are the point here
        yield Checker(people, things)
        logging.disable(logging.NOTSET)
        test_database.create(databases.migrated_template())


def told(problems: list[str]) -> str:
    return f"{len(problems)} problems of access:\n" + "\n".join(problems[:60])


def test_every_address_has_a_rule() -> None:
    problems = undeclared(declared())
    assert not problems, told(problems)


def test_nobody_reads_what_is_not_theirs(checker: Checker) -> None:
    problems = [problem for lines in declared().values() for line in lines for problem in checker.reading(line)]
    assert not problems, told(problems)


def test_nobody_changes_what_is_not_theirs(checker: Checker) -> None:
    problems = [problem for lines in declared().values() for line in lines for problem in checker.writing(line)]
    assert not problems, told(problems)


# Tests of the tests: what the three above must notice.


def every_dossier(request: HttpRequest, **named: Any) -> HttpResponse:
    """A view as somebody might write it in a hurry."""
    return HttpResponse(", ".join(Dossier.objects.values_list("code", flat=True)))


def forget_notes(request: HttpRequest, code: str) -> HttpResponse:
    if request.method == "POST":
        Note.objects.filter(dossier__code=code).delete()
    return HttpResponse(status=404)


@contextmanager
def with_address(route: str, view: Any) -> Iterator[None]:
    """The product with one more address."""
    module = types.ModuleType("sonha.testing.tests.more_urls")
    module.urlpatterns = [path(route, view), *urls.urlpatterns]  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=module):
        yield


def test_a_new_address_without_a_rule_is_reported_with_what_to_do() -> None:
    with with_address("can-bo/vua-them/", every_dossier):
        found = undeclared(declared())
    new = [problem for problem in found if problem.startswith("/can-bo/vua-them/")]
    assert len(new) == 1
    assert "add a line to sonha/testing/access/addresses" in new[0]


def test_a_view_without_a_guard_is_reported(checker: Checker) -> None:
    with with_address("can-bo/vua-them/", every_dossier):
        problems = "\n".join(checker.reading(Address("can-bo/vua-them/", OFFICIALS, shows={"specialist": set()})))
    assert "as anonymous is answered (200), though only for: officials" in problems
    assert "as former_official is answered" in problems
    assert f"as lan shows code of elsewhere: '{checker.things.dossiers['elsewhere'].code}'" in problems


def test_a_guarded_view_that_lists_everything_is_reported(checker: Checker) -> None:
    with with_address("can-bo/vua-them/", officials_only()(every_dossier)):
        problems = "\n".join(checker.reading(Address("can-bo/vua-them/", OFFICIALS, shows={"specialist": set()})))
    assert "as anonymous" not in problems, "the guard holds"
    assert f"as officer_a shows code of commune_b: '{checker.things.dossiers['commune_b'].code}'" in problems


def test_a_list_that_leaves_something_out_is_reported(checker: Checker) -> None:
    with with_address("can-bo/vua-them/", officials_only()(lambda request: HttpResponse("Chưa có hồ sơ nào."))):
        problems = checker.reading(Address("can-bo/vua-them/", OFFICIALS, shows={"specialist": {"permitted"}}))
    assert problems == ["GET /can-bo/vua-them/ as specialist does not show the dossier 'permitted'"]


def test_a_view_that_writes_for_strangers_is_reported(checker: Checker) -> None:
    with with_address("can-bo/vua-them/<str:code>/", forget_notes):
        problems = checker.writing(Address("can-bo/vua-them/<str:code>/", NOBODY, HANDLERS, of="dossier"))
    assert any("as former_proxy (404) wrote to dossiers_note" in problem for problem in problems)
    assert any("as auditor (404) wrote to dossiers_note" in problem for problem in problems)
    assert all("as specialist" not in problem or checker.things.dossiers["permitted"].code not in problem for problem in problems)
    assert Note.objects.count() == len(checker.things.dossiers), "and nothing of it stays"
