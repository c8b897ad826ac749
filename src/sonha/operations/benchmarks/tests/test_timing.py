"""A measurement counts what a page asks of the database, and refuses to time an error page."""

import pytest
from django.urls import reverse

from sonha.foundation.identity.models import User
from sonha.operations.benchmarks.timing import client_of, measure

pytestmark = pytest.mark.django_db


def test_a_page_is_timed_counted_and_weighed() -> None:
    User.objects.create_user("lan", "mat-khau-dai", full_name="Nông Thị Lan")
    took = measure(client_of("lan"), reverse("my_dossiers"), times=3, who="lan")
    assert took.statements > 2, "who signs in is looked up in the database"
    assert 0 < took.median <= took.p95
    assert 500 < took.size < 30_000


def test_a_page_that_fails_has_no_time() -> None:
    with pytest.raises(ValueError, match="302"):
        measure(client_of(""), reverse("my_dossiers"), times=1)
