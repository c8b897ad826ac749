"""Following the water: lengths add up, nothing is counted twice, up and down are each other's mirror."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.gis.db.models import LineStringField
from django.contrib.gis.geos import LineString, Point
from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sonha.geo.tracing import NoRiver, trace

X, Y = 450_000.0, 2_420_000.0


class TestReach(models.Model):
    __test__ = False
    from_node = models.CharField(max_length=30)
    to_node = models.CharField(max_length=30)
    geometry = LineStringField(srid=9215)

    class Meta:
        app_label = "example"
        managed = False


apps.all_models["example"].pop(TestReach._meta.model_name, None)  # type: ignore[arg-type]


@pytest.fixture
def rivers(db: Any) -> Iterator[type[TestReach]]:
    with connection.schema_editor() as editor:
        editor.create_model(TestReach)
    yield TestReach


def draw(*reaches: tuple[str, str, list[tuple[float, float]]]) -> None:
    """Each reach from its upper node to its lower one, by positions from the corner."""
    TestReach.objects.all().delete()
    for number, (upper, lower, places) in enumerate(reaches, 1):
        line = LineString([(X + x, Y + y) for x, y in places], srid=9215)
        TestReach.objects.create(pk=number, from_node=upper, to_node=lower, geometry=line)


def at(x: float, y: float = 0) -> Point:
    return Point(X + x, Y + y, srid=9215)


def fork() -> None:
    """Two brooks of 1,000 m (1 from the north, 2 from the south) meet; the river flows on for 2,000 m as reaches 3 and 4."""
    draw(
        ("a", "m", [(0, 1000), (0, 0)]),
        ("b", "m", [(0, -1000), (0, 0)]),
        ("m", "n", [(0, 0), (1000, 0)]),
        ("n", "sea", [(1000, 0), (2000, 0)]),
    )


def test_downstream_follows_the_river_to_the_asked_length(rivers: Any) -> None:
    fork()
    found = trace(rivers.objects.all(), at(30, 400), "downstream", 1000)
    assert [(each.reach, round(each.from_fraction, 3), round(each.to_fraction, 3), round(each.metres)) for each in found.stretches] == [
        (1, 0.6, 1.0, 0),
        (3, 0.0, 0.6, 400),
    ]
    assert found.start.metres == pytest.approx(30)
    assert found.length == pytest.approx(1000)
    assert found.metres_to(at(500, 20)) == pytest.approx(900)


def test_upstream_takes_both_branches(rivers: Any) -> None:
    fork()
    found = trace(rivers.objects.all(), at(500, 5), "upstream", 700)
    assert {each.reach: (round(each.from_fraction, 3), each.to_fraction) for each in found.stretches} == {
        3: (0.0, 0.5),
        1: (0.8, 1.0),
        2: (0.8, 1.0),
    }
    assert found.metres_to(at(-40, -100)) == pytest.approx(600)


def test_the_corridor_lies_beside_what_was_followed_and_nowhere_else(rivers: Any) -> None:
    fork()
    corridor = trace(rivers.objects.all(), at(500), "downstream", 800).corridor(50)
    assert corridor.srid == 9215
    assert corridor.area == pytest.approx(800 * 100 + 3.14159 * 50**2, rel=0.01)
    assert corridor.contains(at(900, 40))
    assert not corridor.contains(at(400, 0))


def test_a_place_in_degrees_is_the_same_place(rivers: Any) -> None:
    fork()
    found = trace(rivers.objects.all(), Point(106.76805905, 21.87584998, srid=4326), "downstream", 100)
    assert found.start.metres == pytest.approx(0, abs=0.05)


def test_no_river_near_is_said(rivers: Any) -> None:
    fork()
    with pytest.raises(NoRiver):
        trace(rivers.objects.all(), at(50_000, 50_000), "upstream", 1000)
    with pytest.raises(NoRiver):
        trace(rivers.objects.all(), at(0), "upstream", 1000, reach=99)


def test_a_ring_is_gone_round_once(rivers: Any) -> None:
    draw(("a", "b", [(0, 0), (100, 0)]), ("b", "c", [(100, 0), (100, 100)]), ("c", "a", [(100, 100), (0, 0)]))
    found = trace(rivers.objects.all(), at(30), "downstream", 100_000)
    whole = 200 + 100 * 2**0.5
    assert found.length == pytest.approx(whole)


lengths = st.lists(st.integers(1, 3_000), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lengths=lengths, begin=st.floats(0, 1), metres=st.floats(0, 30_000))
def test_on_a_river_without_branches_the_way_is_the_asked_length_or_what_is_left(
    rivers: Any, lengths: list[int], begin: float, metres: float
) -> None:
    ends = [0.0]
    for length in lengths:
        ends.append(ends[-1] + length)
    draw(*((str(number), str(number + 1), [(ends[number], 0), (ends[number + 1], 0)]) for number in range(len(lengths))))
    place = begin * ends[-1]
    down = trace(rivers.objects.all(), at(place), "downstream", metres)
    up = trace(rivers.objects.all(), at(place), "upstream", metres)
    assert down.length == pytest.approx(min(metres, ends[-1] - place), abs=0.01)
    assert up.length == pytest.approx(min(metres, place), abs=0.01)
    for found in (down, up):
        assert len({each.reach for each in found.stretches}) == len(found.stretches)
        assert all(0 <= each.from_fraction <= each.to_fraction <= 1 and 0 <= each.metres <= metres for each in found.stretches)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parents=st.lists(st.integers(0, 100), min_size=1, max_size=10), data=st.data())
def test_from_the_mouth_of_any_tree_everything_is_upstream_and_each_spring_finds_the_mouth(
    rivers: Any, parents: list[int], data: st.DataObject
) -> None:
    places = [(0.0, 0.0)]
    reaches = []
    for number, parent in enumerate(parents, 1):
        onto = parent % number
        x, y = places[onto]
        places.append((x - 100 - 7 * number, y + 13 * number * (-1) ** number))
        reaches.append((str(number), str(onto), [places[number], (x, y)]))
    draw(*reaches)
    if [onto for _upper, onto, _line in reaches].count("0") > 1:
        reaches.append(("0", "sea", [(0, 0), (500, 0)]))
        draw(*reaches)
    mouth = at(500 if reaches[-1][1] == "sea" else 0)
    whole = sum(each.geometry.length for each in rivers.objects.all())
    up = trace(rivers.objects.all(), mouth, "upstream", 100_000)
    assert up.length == pytest.approx(whole)
    spring = data.draw(st.sampled_from(range(1, len(parents) + 1)))
    down = trace(rivers.objects.all(), at(*places[spring]), "downstream", 100_000, reach=spring)
    assert down.length == pytest.approx(up.metres_to(at(*places[spring])), abs=0.01)
