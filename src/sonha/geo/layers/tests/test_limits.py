"""The time limit of map services holds for every kind of statement, and for nothing after it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from sonha.foundation.organisations.models import Unit
from sonha.geo.layers.limits import PUBLIC, TooSlow, binary_rows, within

Ask = Callable[[float], list[tuple[object, ...]]]
SHORT = replace(PUBLIC, statement_ms=100)
pytestmark = pytest.mark.django_db(transaction=True)


def limit_now() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


def by_cursor(seconds: float) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 7 FROM pg_sleep(%s)", [seconds])
        return list(cursor.fetchall())


def by_binary_rows(seconds: float) -> list[tuple[object, ...]]:
    return binary_rows("SELECT 7 FROM pg_sleep(%s)", [seconds])


def by_model(seconds: float) -> list[tuple[object, ...]]:
    sleeping = RawSQL("CASE WHEN pg_sleep(%s) IS NOT NULL THEN 7 END", [seconds])
    return list(Unit.objects.annotate(seven=sleeping).values_list("seven"))


@pytest.mark.parametrize("ask", [by_cursor, by_binary_rows, by_model])
def test_a_statement_answers_or_is_ended(ask: Ask) -> None:
    Unit.objects.create(code="STNMT", name="Sở Tài nguyên và Môi trường", path="STNMT/")
    before = limit_now()
    with within(SHORT):
        assert ask(0) == [(7,)] and ask(0) == [(7,)]
    for _time in range(2):
        with pytest.raises(TooSlow), within(SHORT):
            ask(5)
        assert limit_now() == before, "who comes next has his own limit"
        assert ask(0.2) == [(7,)], "the connection goes on"


def test_inside_a_transaction_the_limit_holds_too() -> None:
    for ask in (by_cursor, by_binary_rows):
        with pytest.raises(TooSlow), transaction.atomic(), within(SHORT):
            assert ask(0) == [(7,)]
            ask(5)
    assert Unit.objects.count() == 0
