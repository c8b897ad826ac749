"""The change stream: whoever follows it keeps exactly what the register says, whatever is written meanwhile."""

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.contrib.gis.geos import Point
from django.db import connection, connections

from sonha.foundation.access.actor import Actor
from sonha.registry.api.feed import Place, bookmark, piece, place_of
from sonha.registry.grants.rights import rights
from sonha.registry.pages.asking import Asked
from sonha.registry.records.services import Basis, changing
from sonha.testing.example.models import ExampleWell
from sonha.testing.example.registers import ExampleWells

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system("test")
DECISION = Basis("decision", number="12/QĐ-STNMT")
START: Place = (0, 0, 0)


def asked(actor: Actor = SYSTEM) -> Asked:
    return Asked(actor, ExampleWells, rights(actor, ExampleWells))


def add(code: str, **values: Any) -> ExampleWell:
    said = {"use": "home", "depth": "40.0", "owner_name": "Nông Thị Lan", "geometry": Point(450_000, 2_420_000, srid=9215), **values}
    with changing("example_wells", SYSTEM, DECISION, kind="add") as change:
        return change.add(ExampleWell, day=date(2020, 1, 1), code=code, **said)


def followed(limit: int = 3, after: Place = START) -> Iterator[tuple[list[dict[str, Any]], Place]]:
    """Pieces until there is no more."""
    while True:
        found = piece(asked(), after, limit)
        after = place_of(bookmark(found.place))
        yield found.events, after
        if not found.more:
            return


def kept(events: list[dict[str, Any]]) -> dict[int, list[Any]]:
    """What a warehouse holds that replaces all of a record by what each event says."""
    held: dict[int, list[Any]] = {}
    for event in events:
        held[event["id"]] = [(each["valid_from"], each["valid_to"], each["values"]["depth"]) for each in event["versions"]]
    return {key: value for key, value in held.items() if value}


def held_by_the_register() -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in ExampleWell.Version.objects.filter(closed_at=None).order_by("valid_from"):  # type: ignore[attr-defined]
        found.setdefault(row.pk, []).append((row.valid_from, row.valid_to, float(row.depth)))
    return found


def test_every_act_is_told_once_in_order_with_the_whole_record() -> None:
    row = add("G-1")
    other = add("G-2")
    with changing("example_wells", SYSTEM, DECISION) as change:
        change.amend(row, day=date(2024, 6, 1), depth="55.0")
    with changing("example_wells", SYSTEM, DECISION, kind="end") as change:
        change.end(row, day=date(2025, 1, 1))
    with changing("example_wells", SYSTEM, Basis("correction", note="nhập trùng"), kind="withdraw") as change:
        change.withdraw(other)
    events = [event for part, _place in followed(limit=2) for event in part]
    assert [(event["act"], event["id"]) for event in events] == [
        ("added", row.pk), ("added", other.pk), ("amended", row.pk), ("ended", row.pk), ("withdrawn", other.pk),
    ]  # fmt: skip
    assert [len(event["versions"]) for event in events] == [1, 1, 2, 2, 0]
    assert kept(events) == held_by_the_register()

    *_rest, (_events, place) = followed()
    assert piece(asked(), place, 10).events == [], "a bookmark goes on where it was"
    with changing("example_wells", SYSTEM, Basis("import", number="BG-01"), kind="import") as change:
        for number in range(25):
            many = {"use": "home", "depth": 5, "owner_name": "x", "geometry": Point(450_000, 2_420_000, srid=9215)}
            change.add(ExampleWell, code=f"N-{number}", is_secret=number == 7, **many)
    assert [len(part) for part, _place in followed(limit=10, after=place)] == [10, 10, 5], "one change of many records comes in pieces"

    public = piece(asked(Actor.anonymous()), place, 100).events
    codes = [event["versions"][0]["values"]["code"] for event in public]
    assert codes == [f"N-{number}" for number in range(25) if number != 7], "secret records are not told to everybody"
    assert set(public[0]["versions"][0]["values"]) == {"code", "use", "depth", "geometry"}


def test_what_runs_in_another_database_of_the_cluster_holds_nothing_up() -> None:
    here = connection.get_connection_params()
    said = {name: here[name] for name in ("user", "password", "host", "port") if here.get(name)}
    with psycopg.connect(**said, dbname="postgres") as other:
        other.execute("SELECT pg_current_xact_id()")
        row = add("G-1")
        told = [event["id"] for part, _place in followed() for event in part]
        assert told == [row.pk]


def test_what_is_still_being_written_is_not_told_and_nothing_is_lost() -> None:
    """A slow writer begins first and ends last; meanwhile another is quick."""
    begun, end = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with changing("example_wells", SYSTEM, DECISION, kind="add") as change:
                place = Point(450_000, 2_420_000, srid=9215)
                change.add(ExampleWell, code="G-slow", use="home", depth=5, owner_name="x", geometry=place)
                begun.set()
                assert end.wait(20)
        finally:
            connections.close_all()

    writer = threading.Thread(target=slow)
    writer.start()
    assert begun.wait(20)
    quick = add("G-quick")
    parts = list(followed())
    assert [event for part, _place in parts for event in part] == [], "the quick one began later: it waits for the slow one"
    place = parts[-1][1]
    end.set()
    writer.join(20)
    later = [event for part, _place in followed(after=place) for event in part]
    assert [event["versions"][0]["values"]["code"] for event in later] == ["G-slow", "G-quick"]
    assert quick.pk in {event["id"] for event in later}


def test_many_writers_and_one_reader_lose_and_double_nothing() -> None:
    wells = [add(f"G-{number}") for number in range(4)]
    writers, rounds = 4, 8
    told: list[dict[str, Any]] = []
    done = threading.Event()

    def write(number: int) -> None:
        try:
            for turn in range(rounds):
                with changing("example_wells", SYSTEM, DECISION) as change:
                    change.amend(wells[(number + turn) % 4], day=date(2021 + turn % 3, 1 + number, 1), depth=f"{number}{turn}.5")
                add(f"N-{number}-{turn}", depth=f"{turn}.0")
        finally:
            connections.close_all()

    def read() -> None:
        try:
            place = START
            while True:
                last = done.is_set()
                pieces = list(followed(limit=5, after=place))
                told.extend(event for part, _place in pieces for event in part)
                place = pieces[-1][1]
                if last:
                    return
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    reader = threading.Thread(target=read)
    reader.start()
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    done.set()
    reader.join(60)
    pairs = [(event["change"].pk, event["id"]) for event in told]
    assert len(pairs) == len(set(pairs)), "doubled"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_change WHERE register = 'example_wells'")
        assert len(pairs) == cursor.fetchone()[0] == 4 + writers * rounds * 2, "lost"
    assert {pk for _change, pk in pairs} == {row.pk for row in ExampleWell.objects.all()}
    fresh = [event for part, _place in followed(limit=50) for event in part]
    assert [(event["change"].pk, event["id"]) for event in fresh] == pairs, "the order never changes"
