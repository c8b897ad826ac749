"""Each kind of rule, on one row about to be saved and on whole registers: both ways find the same."""

from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sonha.foundation.catalogues.loading import load_folder
from sonha.registry.declarations import Problem, Register, Rule
from sonha.registry.quality import areas
from sonha.registry.quality.rules import (
    AreaAgrees,
    InCodeList,
    InRange,
    InsideArea,
    Link,
    Matches,
    MinArea,
    NoGap,
    NoOverlap,
    Ordered,
    Required,
    SumTo,
    Unique,
    ValidGeometry,
    When,
)  # fmt: skip
from sonha.registry.quality.rules.gaps import holes
from sonha.registry.records.services import Basis, changing
from sonha.registry.records.tests.test_two_times import well
from sonha.testing.plots import SYSTEM, TestArea, TestPlot, plot, square

pytestmark = pytest.mark.django_db


def scanned(rule: Rule, register: type[Register]) -> list[Problem]:
    return list(rule.scan(register, TestPlot.objects.all()))


def checked(rule: Rule, register: type[Register]) -> list[Problem]:
    return [each for row in TestPlot.objects.order_by("pk") for each in rule.check(register, row)]


@pytest.mark.parametrize(
    ("rule", "good", "bad", "says"),
    [
        (Required(("owner",), code="T-1"), {"owner": "Lan"}, {"owner": ""}, "Thiếu «chủ sử dụng»"),
        (Required(("area",), code="T-1"), {"area": 1}, {"area": None}, "Thiếu «diện tích»"),
        (InRange("area", low=10, high=500, code="T-1"), {"area": 500}, {"area": "500.1"}, "trong khoảng 10 đến 500"),
        (InRange("area", low=10, code="T-1"), {"area": None}, {"area": "9.9"}, "từ 10"),
        (Matches("number", r"\d+", example="12", code="T-1"), {"number": "12"}, {"number": "12a"}, "ví dụ đúng: 12"),
        (Ordered("began", "ended", code="T-1"), {"began": date(2020, 1, 1), "ended": date(2020, 1, 1)},
         {"began": date(2020, 1, 2), "ended": date(2020, 1, 1)}, "không được trước"),
        (When("kind", ("ONT", "ODT"), ("area",), code="T-1"), {"kind": "LUC"}, {"kind": "ONT"}, "bắt buộc khi"),
        (InCodeList("kind", "loai-dat", code="T-1"), {"kind": "LUC"}, {"kind": "XYZ"}, "XYZ: không có trong danh mục"),
        (MinArea(50, code="T-1"), {"geometry": square(0)}, {"geometry": square(100, size=7)}, "49 m²"),
        (AreaAgrees("area", 0.02, code="T-1"), {"area": "101.9"}, {"area": "104"}, "lệch 4 m²"),
    ],
)  # fmt: skip
def test_values(plots: type[Register], rule: Rule, good: dict[str, Any], bad: dict[str, Any], says: str) -> None:
    load_folder(SYSTEM)
    day = date(2024, 1, 1)  # the list of land types of those days
    plot(**{"number": "1", "geometry": square(0), "day": day, **good})
    row = plot(**{"number": "2", "geometry": square(100), "day": day, **bad})
    for problems in (scanned(rule, plots), checked(rule, plots)):
        assert [each.record_id for each in problems] == [row.pk]
        assert says in problems[0].sentence
        assert problems[0].rule == "T-1"
    assert rule.words(plots)


def test_the_same_number_twice_on_a_sheet(plots: type[Register]) -> None:
    rule = Unique(("sheet", "number"), code="T-2")
    plot("1", square(0))
    plot("1", square(100), sheet=2)
    first, second = plot("2", square(200)), plot("2", square(300))
    for problems in (scanned(rule, plots), checked(rule, plots)):
        assert [(each.record_id, each.other) for each in problems] == [(first.pk, second.pk), (second.pk, first.pk)]
    ended = plot("3", square(400), day=date(2020, 1, 1))
    with changing("test_plots", SYSTEM, Basis("document", number="BB 02"), kind="end") as change:
        change.end(ended)
    plot("3", square(400))
    assert len(scanned(rule, plots)) == 2, "what has ended is no twin"


def test_a_ring_that_crosses_itself_is_shown_where_it_does(plots: type[Register]) -> None:
    plot("1", square(0))
    bow = Polygon(((450_000, 2_420_000), (450_010, 2_420_010), (450_010, 2_420_000), (450_000, 2_420_010), (450_000, 2_420_000)), srid=9215)
    row = plot("2", bow)
    for problems in (scanned(ValidGeometry(code="T-3"), plots), checked(ValidGeometry(code="T-3"), plots)):
        assert [each.record_id for each in problems] == [row.pk]
        assert "tự cắt" in problems[0].sentence
        assert (problems[0].place.x, problems[0].place.y) == pytest.approx((450_005, 2_420_005))


def test_plots_that_touch_do_not_overlap_and_those_that_do_are_told_once(plots: type[Register]) -> None:
    rule = NoOverlap(1, code="T-4")
    one, two, three = plot("1", square(0)), plot("2", square(10)), plot("3", square(18))
    plot("4", square(28, y=9.95))  # corners: 0.1 m², less than the tolerance
    (problem,) = scanned(rule, plots)
    assert (problem.record_id, problem.other) == (two.pk, three.pk)
    assert problem.place.area == pytest.approx(20) and "20 m²" in problem.sentence and "«Thửa (thử)»" in problem.sentence
    assert {(each.record_id, each.other) for each in checked(rule, plots)} == {(two.pk, three.pk), (three.pk, two.pk)}
    assert list(rule.scan(plots, TestPlot.objects.filter(pk=one.pk))) == []
    assert [each.other for each in rule.scan(plots, TestPlot.objects.filter(pk=three.pk))] == [two.pk]
    assert scanned(NoOverlap(1, within=("sheet",), code="T-4"), plots)
    with changing("test_plots", SYSTEM, Basis("document", number="BB 02")) as change:
        change.amend(three, sheet=2)
    assert not scanned(NoOverlap(1, within=("sheet",), code="T-4"), plots)


def test_a_new_plot_over_a_well_of_another_register(plots: type[Register]) -> None:
    well("G-1")
    area = plot("1", square(-5, -5))
    far = plot("2", square(100))
    rule = NoOverlap(against="example_wells", code="T-4")
    assert list(rule.check(plots, far)) == []
    assert [each.record_id for each in scanned(rule, plots)] == [area.pk] == [each.record_id for each in checked(rule, plots)]


def test_a_hole_between_plots_of_a_sheet(plots: type[Register]) -> None:
    for number, (x, y) in enumerate([(0, 0), (10, 0), (20, 0), (0, 10), (20, 10), (0, 20), (10, 20), (20, 20)]):
        plot(str(number), square(x, y))
    (problem,) = scanned(NoGap(("sheet",), code="T-5"), plots)
    assert "100 m²" in problem.sentence and problem.place.area == pytest.approx(100)
    assert not scanned(NoGap(("sheet",), largest_m2=90, code="T-5"), plots)
    plot("8", square(10, 10))
    assert not scanned(NoGap(("sheet",), code="T-5"), plots)


@settings(max_examples=60, deadline=None)
@given(
    missing=st.sets(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=4),
    pushed=st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.sampled_from([-3.0, -0.4, 0.0004, 0.4, 3.0]), max_size=3),
)
def test_holes_are_those_of_the_exact_union(missing: set[tuple[int, int]], pushed: dict[tuple[int, int], float]) -> None:
    """Neighbours that fit, lie on each other, or stand apart: the quick way never says anything else than the general one."""
    cells = [(x, y) for x in range(6) for y in range(6) if (x, y) not in missing]
    shapes = np.array([shapely.box(x * 10 + (by := pushed.get((x, y), 0)), y * 10, x * 10 + 10 + by, y * 10 + 10) for x, y in cells])
    whole = shapely.union_all(shapes, grid_size=0.001)
    exact = [shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors]
    assert sum(each.area for each in holes(shapes)) == pytest.approx(sum(each.area for each in exact), abs=0.1)
    assert len([each for each in holes(shapes) if each.area > 1]) == len([each for each in exact if each.area > 1])


def test_a_plot_beyond_its_commune(plots: type[Register]) -> None:
    rule = InsideArea(1, code="T-6")
    inside = plot("1", square(0))
    beyond = plot("2", square(95))
    plot("3", square(500), commune_code="06999")  # no boundary is known
    assert scanned(rule, plots) == [], "no boundaries, nothing to say"
    areas.register(TestArea)
    try:
        TestArea.objects.create(code="06000", geometry=square(0, size=100))
        for problems in (scanned(rule, plots), checked(rule, plots)):
            assert [each.record_id for each in problems] == [beyond.pk]
            assert "50 m²" in problems[0].sentence and "06000" in problems[0].sentence
        assert list(rule.check(plots, inside)) == []
    finally:
        areas._known.clear()


def test_links_to_another_register(plots: type[Register]) -> None:
    well("G-1")
    plot("1", square(0), owner="G-1")
    plot("2", square(20))
    lost = plot("3", square(40), owner="G-9")
    rule = Link("owner", "example_wells", code="T-7")
    for problems in (scanned(rule, plots), checked(rule, plots)):
        assert [each.record_id for each in problems] == [lost.pk]
        assert "«chủ sử dụng» ghi G-9: không có trong «Giếng (ví dụ)»" in problems[0].sentence


def test_shares_add_up(plots: type[Register]) -> None:
    rule = SumTo("share", by=("sheet",), code="T-8")
    plot("1", square(0), share="0.5")
    short = TestPlot.objects.get()
    assert [each.record_id for each in scanned(rule, plots)] == [short.pk]
    assert checked(rule, plots) == [], "the other half may follow"
    plot("2", square(20), share="0.5")
    assert scanned(rule, plots) == [] == checked(rule, plots)
    over = plot("3", square(40), share="0.25")
    assert "1,25" in next(iter(rule.check(plots, over))).sentence
    assert len(scanned(rule, plots)) == 1


def test_an_error_refuses_the_save_and_a_warning_does_not(plots: type[Register], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plots, "rules", (Required(("owner",), code="T-1"), MinArea(200, code="T-2", severity="warning")))
    with pytest.raises(ValidationError) as raised:
        plot("1", square(0))
    assert raised.value.message_dict == {"owner": ["Thiếu «chủ sử dụng»."]}
    with changing("test_plots", SYSTEM, Basis("document", number="BB 03"), kind="add") as change:
        change.add(TestPlot, number="2", sheet=1, owner="Lan", geometry=square(0))
    assert [each.rule for each in change.problems] == ["T-2"]
    monkeypatch.setattr(plots, "rules", (Required(("owner",), code="T-1", since=date(2999, 1, 1)),))
    assert plot("3", square(50)).pk, "a rule to come refuses nothing yet"


sides = st.integers(0, 40)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(corners=st.lists(st.tuples(sides, sides, st.integers(1, 12)), min_size=2, max_size=6))
def test_overlaps_are_those_that_geometry_says(plots: type[Register], corners: list[tuple[int, int, int]]) -> None:
    with transaction.atomic():
        rows = [plot(str(number), square(x, y, size=size)) for number, (x, y, size) in enumerate(corners)]
        shapes: dict[int, GEOSGeometry] = {row.pk: row.geometry for row in rows}
        expected = {(a, b) for a in shapes for b in shapes if a < b and shapes[a].intersection(shapes[b]).area > 1}
        found = scanned(NoOverlap(1, code="T-4"), plots)
        assert {(each.record_id, each.other) for each in found} == expected
        transaction.set_rollback(True)
