"""Boards and lists: every number is the length of its list, every page and file the same selection, and each actor's own."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sonha.foundation.calendar.selectors import working_calendar
from sonha.process.deadlines import Unit, elapsed
from sonha.services.dossiers.averages import Working, working_days
from sonha.services.dossiers.boards import FIGURES, GROUPINGS, board, own_view
from sonha.services.dossiers.exports import board_of, list_sheet, period_of, standing
from sonha.services.dossiers.filters import LATENESS, NONE, SORTS, Filters, beyond, place_of
from sonha.services.dossiers.models import ENDED, Dossier
from sonha.services.dossiers.selectors import dossiers, find, waiting_at
from sonha.services.dossiers.tests.many import a_year_of_dossiers
from sonha.services.dossiers.tests.people import official

TODAY = timezone.localdate()
START, END = TODAY - timedelta(days=150), TODAY
MANY = 40


@pytest.mark.usefixtures("lang_son")
def test_every_number_of_a_board_is_the_length_of_its_list() -> None:
    a_year_of_dossiers(MANY)
    leader = official("leader", "STNMT")
    totals = []
    for by in GROUPINGS:
        with CaptureQueriesContext(connection) as few:
            board(leader, Filters(procedure="860"), by, START, END)
        with CaptureQueriesContext(connection) as many:
            made = board(leader, Filters(), by, START, END)
        assert len(few) == len(many) <= 9, "a longer board costs no more statements"
        totals.append(made.total)
        for figure in FIGURES:
            assert made.total.counts[figure], f"the example says something about {figure}"
            assert find(leader, Filters.of(made.parameters(figure))).count() == made.total.counts[figure], (by, figure)
            for row in made.rows:
                assert find(leader, Filters.of(made.parameters(figure, row))).count() == row.figures.counts[figure], (by, row.name, figure)
    assert all(total == totals[0] for total in totals), "however dossiers are divided, they are the same dossiers"
    counts = totals[0].counts
    assert counts["open"] == counts["on_time"] + counts["soon"] + counts["late"] + counts["stopped"]
    assert counts["ended"] == counts["ended_on_time"] + counts["late_finished"] + counts["withdrawn"]
    assert sum(month.received for month in made.months) == find(leader, Filters(start=made.months[0].first, end=END)).count()


@pytest.mark.usefixtures("lang_son")
def test_a_board_starts_from_what_the_actor_may_see() -> None:
    a_year_of_dossiers(16)
    for actor in (official("leader", "STNMT"), official("head", "STNMT.NUOC"), official("leader", "STP")):
        running = dossiers(actor).filter(finished_at=None).exclude(state__in=ENDED).count()
        assert board(actor, Filters(), "unit", START, END).total.counts["open"] == running
    specialist = official("specialist", "STNMT.NUOC")
    assert own_view(specialist) == {"officer": str(specialist.user_id)} and own_view(actor) == {}
    made = board_of(specialist, {"by": "officer", "officer": NONE})
    assert made.chosen.officer == str(specialist.user_id), "her address cannot ask for somebody else's"


@pytest.mark.usefixtures("lang_son")
def test_working_time_is_counted_as_the_clock_counts_it() -> None:
    a_year_of_dossiers(MANY)
    leader = official("leader", "STNMT")
    ended = find(leader, Filters()).filter(finished_at__isnull=False, accepted_at__isnull=False, due_at__isnull=False)
    ended = ended.order_by().select_related(None)
    expected = {dossier.pk: _by_the_clock(dossier) for dossier in ended}
    assert len(expected) > 10 and working_days(ended, F("id")) == expected
    ended.update(finished_at=F("accepted_at") - timedelta(days=9))
    assert {each.taken for each in working_days(ended.all(), F("id")).values()} == {0}, "never a time below nothing"


def _by_the_clock(dossier: Dossier) -> Working:
    """The same figures by `process.deadlines`, which knows nothing of SQL: days that have closed by the end of the last day."""
    assert dossier.accepted_at and dossier.finished_at and dossier.due_at
    accepted, stops = dossier.accepted_at, list(dossier.case.suspensions.order_by("started_at").values_list("started_at", "ended_at"))

    def days(until: datetime) -> int:
        night = timezone.localtime(until).replace(hour=23, minute=59)
        return int(elapsed(accepted, night, Unit.working_days, working_calendar(), stops))

    return Working(1, days(dossier.finished_at), days(dossier.due_at))


@pytest.mark.usefixtures("lang_son")
def test_pages_files_and_words_show_the_same_selection() -> None:
    a_year_of_dossiers(16)
    leader = official("leader", "STNMT")
    for sort in SORTS:
        rows = find(leader, Filters(sort=sort))
        seen: list[Dossier] = []
        while page := list((beyond(rows, sort, place_of(seen[-1], sort)) if seen else rows)[:3]):
            seen += page
        assert seen == list(rows) and len(seen) == 16, "pages hold every dossier once, in order"
    for kind in LATENESS:
        broader = {"open": {"on_time", "soon", "late", "stopped"}, "ended": {"ended_on_time", "late_finished", "withdrawn"}}
        for dossier in find(leader, Filters(lateness=kind)):
            assert standing(dossier) in broader.get(kind, {kind}), "the word in a row is the filter that finds it"
    for asked in ({}, {"late": "open", "sort": "due"}, {"q": "lan", "sort": "oldest"}):
        with CaptureQueriesContext(connection) as statements:
            sheet = list_sheet(leader, asked)
            exported: list[Any] = list(sheet.rows)
        assert [row[1] for row in exported] == [dossier.code for dossier in find(leader, Filters.of(asked))] != []
        assert all(len(row) == len(sheet.columns) for row in exported) and leader.name in " ".join(sheet.lines)
        assert len(statements) <= 4, "no statement for each row"


@pytest.mark.usefixtures("lang_son")
def test_conditions_of_procedure_place_step_and_person() -> None:
    a_year_of_dossiers(16)
    leader, specialist = official("leader", "STNMT"), official("specialist", "STNMT.MT")
    assert {each.procedure.stt for each in find(leader, Filters(procedure="nuoc duoi dat"))} == {858, 860}
    assert {each.procedure.stt for each in find(leader, Filters(procedure="836"))} == {836}
    assert not find(leader, Filters(procedure="99999999999999"))
    waiting = find(leader, Filters(step="Thẩm định", unit="STNMT.NUOC"))
    assert waiting and all("Thẩm định" in {task.title for task in tasks} for tasks in waiting_at(list(waiting)).values())
    own, nobody = find(leader, Filters(officer=str(specialist.user_id))), find(leader, Filters(officer=NONE))
    assert own and nobody and not set(own) & set(nobody)
    assert find(leader, Filters(commune="06112")).count() == 16 and not find(leader, Filters(commune="05977"))


def test_an_address_keeps_every_condition_and_refuses_nonsense() -> None:
    full = Filters(
        words="lan", state="submitted", procedure="860", field="x", agency="STNMT", unit="STNMT.NUOC", lateness="late",
        start=date(2026, 1, 1), end=date(2026, 2, 1), channel="desk", division="STNMT.MT", step="Thẩm định", officer="7", commune="06112",
        ended_from=date(2026, 3, 1), ended_to=date(2026, 4, 1), sort="due",
    )  # fmt: skip
    assert Filters.of(full.parameters()) == full
    assert Filters.of({"from": "31/02/2026", "to": "9999-12-31", "officer": "'; --", "sort": "x", "late": "x"}) == Filters()
    assert period_of({"from": "2026-05-01", "to": "2026-04-01"}) == (date(2026, 4, 1), date(2026, 5, 1))
