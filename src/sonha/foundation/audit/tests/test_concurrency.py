"""Many write about one thing at once, and the night's seal comes in between: the chain has no gap and no fork, the seal no hole."""

import json
import threading

import pytest
from django.db import connection, transaction

from sonha.foundation.audit import seals, services, verbs
from sonha.foundation.audit.models import Event
from sonha.foundation.audit.verification import verify

verbs.register("test.counted", "{actor} đếm {n}", n=int)
WRITERS, EACH = 4, 15


def record(n: int, thing: str = "a") -> Event:
    return services.record("test.counted", subject=("thing", thing), actor=None, payload={"n": n})


def in_threads(*works) -> list[BaseException]:
    """Runs each work in a thread with its own connection; returns what they raised."""
    raised: list[BaseException] = []

    def run(work) -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_parallel_writers_form_one_chain(settings, tmp_path) -> None:
    settings.SONHA_DATA = tmp_path

    def write() -> None:
        for n in range(EACH):
            with transaction.atomic():
                record(n)

    assert in_threads(*[write] * WRITERS, lambda: [seals.seal() for _ in range(2)]) == []
    seals.seal()
    assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, WRITERS * EACH + 1))
    assert verify().ok


@pytest.mark.django_db(transaction=True)
def test_the_seal_waits_for_an_event_in_flight(settings, tmp_path) -> None:
    """An event with a lower id that commits after a higher one would otherwise slip between two seals."""
    settings.SONHA_DATA = tmp_path
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record(1, "slow")
            written.set()
            go_on.wait(30)

    def quick_then_seal() -> None:
        written.wait(30)
        record(2, "quick")
        threading.Timer(1, go_on.set).start()
        seals.seal()

    assert in_threads(slow, quick_then_seal) == []
    sealed = json.loads(seals.Seal.objects.get().body)["events"]
    assert sealed["count"] == 2
    assert verify().ok
