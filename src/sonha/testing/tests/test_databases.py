"""The databases of the tests themselves: migrated, isolated, and fresh again after real commits."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from sonha.foundation.identity.models import User
from sonha.testing.databases import TestDatabase

NAME = "vết-của-kiểm-thử"


@pytest.mark.django_db(transaction=True)
def test_commits_are_real(test_database: TestDatabase) -> None:
    User.objects.create(username=NAME, full_name=NAME)
    assert connection.settings_dict["NAME"] == test_database.name
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_nothing_of_another_test_is_left_and_what_migrations_filled_is_there() -> None:
    assert not User.objects.filter(username=NAME).exists()
    assert ContentType.objects.exists()


@pytest.mark.django_db
def test_every_model_has_its_table() -> None:
    from django.apps import apps

    tables = set(connection.introspection.table_names(include_views=True))
    missing = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in tables
    ]
    assert not missing
