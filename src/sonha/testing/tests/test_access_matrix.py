"""Every address, asked as everybody, about everything (DESIGN 3.5). Rules and people are in sonha/testing/access."""

import logging
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from sonha.testing import databases
from sonha.testing.access.addresses import declared
from sonha.testing.access.checking import Checker, undeclared
from sonha.testing.access.people import dismiss, populate
from sonha.testing.access.things import furnish


@pytest.fixture(scope="module")
def checker(test_database: databases.TestDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[Checker]:
    """The small province, built once on a copy of the real profile."""
    with django_db_blocker.unblock():
        test_database.create(databases.profile_template("lang_son"))
        people = populate()
        things = furnish(people)
        dismiss(people)
        logging.disable(logging.WARNING)  # thousands of refusals are the point here
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
