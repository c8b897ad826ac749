"""Fixtures for the tests of every app: the database, a live site and a browser."""

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import TransactionTestCase

from sonha.testing import databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django import DjangoDbBlocker
    from pytest_django.live_server_helper import LiveServer

    from sonha.testing.browser import Live


@pytest.fixture(scope="session")
def test_database(django_test_environment: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[databases.TestDatabase]:
    """This process's own database, cloned from the migrated template; after a test with commits it is cloned anew."""
    own = databases.TestDatabase(f"sonha_test_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    with django_db_blocker.unblock():
        own.create(databases.migrated_template())
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = lambda case: own.create(databases.migrated_template())  # type: ignore[attr-defined]
    yield own
    TransactionTestCase._fixture_teardown = flush  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        own.drop()


@pytest.fixture(scope="session")
def django_db_setup(test_database: databases.TestDatabase) -> None:
    """Replaces pytest-django's: no CREATE and migrate per process, a clone instead."""


@pytest.fixture
def lang_son(transactional_db: None, test_database: databases.TestDatabase) -> databases.TestDatabase:
    """A database with commits that already holds the whole Lạng Sơn profile (loaded once, then cloned)."""
    test_database.create(databases.profile_template("lang_son"))
    return test_database


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    from sonha.testing.browser import running_browser

    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with running_browser() as running:
        yield running


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Lets fixtures know how the test ended."""
    report = yield
    if report.when == "call":
        item.broke = report.failed  # type: ignore[attr-defined]
    return report


@pytest.fixture
def live(browser: "Browser", live_server: "LiveServer", request: pytest.FixtureRequest) -> Iterator["Live"]:
    """A live site with browsers in front of it; a script error or a breach of the content security policy fails the test."""
    from sonha.testing.browser import Live

    site = Live(browser, live_server.url)
    yield site
    if getattr(request.node, "broke", False):
        site.keep_pictures(request.node.name)
    site.close()
    assert not site.problems, "\n".join(site.problems)
