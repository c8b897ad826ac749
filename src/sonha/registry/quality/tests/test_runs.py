"""Runs over a whole register: findings open, close when mended, stay accepted; each sees those of its area and its fields."""

from typing import Any

import pytest
from django.test import Client

from sonha.foundation.access.actor import Actor
from sonha.foundation.jobs.runner import run_waiting
from sonha.registry.declarations import Register
from sonha.registry.pages.tests.wells import HERE, LIST, THERE, amend, official, text_of, well
from sonha.registry.quality.models import Finding, QualityRun
from sonha.registry.quality.rules import InRange, Matches, NoOverlap, Required
from sonha.registry.quality.selectors import findings
from sonha.registry.quality.services import run_now, stop
from sonha.registry.records.services import Basis, changing
from sonha.testing.example.registers import ExampleWells
from sonha.testing.plots import SYSTEM, TestPlot, plot, square

pytestmark = pytest.mark.django_db
PAGE = f"{LIST}chat-luong/"
DEEP = InRange("depth", high=50, code="GK-01", severity="warning", source="Thông tư ví dụ")
NAMED = Matches("owner_name", r"\w+ .*", code="GK-02", severity="warning")


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExampleWells, "rules", (DEEP, NAMED))


def states(register: str = "example_wells") -> list[tuple[str, str]]:
    return list(Finding.objects.filter(register=register).order_by("pk").values_list("rule", "state"))


def test_findings_open_stay_and_close(rules: None) -> None:
    row = well("G-1", depth="60")
    well("G-2", depth="40")
    run = run_now(ExampleWells, SYSTEM)
    (finding,) = Finding.objects.filter(register="example_wells")
    assert (run.state, run.tried) == ("done", ["GK-01", "GK-02"]) and run.records >= 2
    assert (finding.record_id, finding.state, finding.severity, finding.place.srid) == (row.pk, "open", "warning", 4326)
    first = finding.first_seen
    run_now(ExampleWells, SYSTEM)
    finding.refresh_from_db()
    assert finding.first_seen == first and finding.last_seen > first and Finding.objects.filter(register="example_wells").count() == 1
    amend(row, row.valid_from, depth="45")
    run_now(ExampleWells, SYSTEM)
    assert states() == [("GK-01", "fixed")]
    amend(row, row.valid_from, depth="70")
    run_now(ExampleWells, SYSTEM)
    assert states() == [("GK-01", "fixed"), ("GK-01", "open")], "what comes back is a new finding"


def test_what_somebody_accepted_with_a_reason_is_not_opened_again(rules: None) -> None:
    row = well("G-1", depth="60")
    run_now(ExampleWells, SYSTEM)
    client = official("so", "specialist")
    finding = Finding.objects.get(register="example_wells")
    client.post(f"{PAGE}{finding.pk}/chap-nhan/", {"reason": "x"})
    assert states() == [("GK-01", "open")], "a reason of one letter is none"
    client.post(f"{PAGE}{finding.pk}/chap-nhan/", {"reason": "Giếng khoan thăm dò, sâu theo thiết kế"})
    run_now(ExampleWells, SYSTEM)
    assert states() == [("GK-01", "accepted")]
    assert "Giếng khoan thăm dò" in text_of(client.get(f"{PAGE}?state=accepted")) and row.pk


def test_the_report_with_its_map_and_its_spreadsheet(rules: None) -> None:
    well("G-1", depth="60")
    client = official("so", "specialist")
    assert "Chưa kiểm tra lần nào" in text_of(client.get(PAGE))
    assert client.post(f"{PAGE}kiem-tra/").status_code == 302
    run_waiting()
    page = text_of(client.get(PAGE))
    for words in ("GK-01", "Thông tư ví dụ", "không được quá 50 m", "data-record-map"):
        assert words in page, words
    collection = client.get(f"{PAGE}loi.geojson?rule=GK-01").json()
    assert [each["geometry"]["type"] for each in collection["features"]] == ["Point"]
    assert client.get(f"{PAGE}loi.geojson?rule=GK-02").json()["features"] == []
    assert "không được quá 50 m" in client.post(f"{PAGE}bang/", {"kind": "csv"}).content.decode()


def test_who_sees_what(rules: None) -> None:
    well("G-1", depth="60", owner_name="Lan")
    well("G-2", depth="70", commune=THERE)
    run_now(ExampleWells, SYSTEM)
    assert "G-2" in text_of(official("so", "specialist").get(PAGE))
    commune = text_of(official("xa", "specialist", HERE).get(PAGE))
    assert "G-1" in commune and "G-2" not in commune
    desk = text_of(official("mc", "receptionist").get(PAGE))
    assert "GK-01" in desk and "GK-02" not in desk, "owners' names are personal: not even a rule about them is told"
    assert Client().get(PAGE).status_code == 403
    assert official("mc2", "receptionist").post(f"{PAGE}kiem-tra/").status_code == 403
    assert not findings(Actor.anonymous(), ExampleWells).exists()


def test_a_run_goes_on_where_it_broke_off_and_stops_when_asked(rules: None) -> None:
    from sonha.registry.quality.services import carry_out

    well("G-1", depth="60", owner_name="Lan")
    run = QualityRun.objects.create(register="example_wells", tried=["GK-01"])
    carry_out(run, SYSTEM)
    assert states() == [("GK-02", "open")]
    asked = QualityRun.objects.create(register="example_wells")
    stop(asked)
    carry_out(asked, SYSTEM)
    asked.refresh_from_db()
    assert asked.state == "stopped"


def test_pairs_and_rules_that_ended(plots: type[Register], monkeypatch: pytest.MonkeyPatch) -> None:
    tried = (NoOverlap(1, code="TD-07", severity="warning"), Required(("kind",), code="TD-01", severity="note"))
    monkeypatch.setattr(plots, "rules", tried)
    one, two = plot("1", square(0)), plot("2", square(8))
    run_now(plots, SYSTEM)
    pair = Finding.objects.get(register="test_plots", rule="TD-07")
    assert (pair.record_id, pair.other_id) == (one.pk, two.pk) and pair.place.area > 0
    monkeypatch.setattr(plots, "rules", tried[1:])
    with changing("test_plots", SYSTEM, Basis("document", number="BB 02")) as change:
        change.amend(TestPlot.objects.get(pk=one.pk), kind="ONT")
    run_now(plots, SYSTEM)
    found: Any = dict(states("test_plots"))
    assert found["TD-07"] == "fixed" and Finding.objects.filter(register="test_plots", state="open").count() == 1
