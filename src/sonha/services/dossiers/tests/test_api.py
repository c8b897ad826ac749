"""A machine does through the API what people do on the pages, under the same rules."""

import threading
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import Party, Representation, User
from sonha.services.dossiers.models import Dossier, Draft
from sonha.services.dossiers.tests.machine import Machine
from sonha.services.dossiers.tests.people import citizen, filed, groundwater_answers, official

pytestmark = pytest.mark.usefixtures("lang_son")


@pytest.fixture(autouse=True)
def forgotten_rates() -> None:
    cache.clear()


def filing_of(machine: Machine, **changes: Any) -> dict[str, Any]:
    return {"stt": 860, "answers": groundwater_answers(), "papers": machine.papers_for(860), **changes}


def waiting_task(machine: Machine, code: str) -> dict[str, Any]:
    return next(task for task in machine.get("/tasks")["items"] if task["dossier"] == code)


def test_a_machine_files_an_official_accepts_and_anybody_tracks() -> None:
    lan, desk = Machine(citizen()), Machine(official("receptionist", "STNMT.MC"))
    asked = lan.get("/procedures/860")["version"]
    assert asked["form"]["sections"] and asked["papers"] and asked["steps"] and asked["legal_basis"]

    dossier = lan.post("/dossiers", filing_of(lan), 201)
    code = dossier["code"]
    assert dossier["state"] == "submitted" and dossier["clock"]["started_at"] is None and dossier["papers"]
    assert lan.get("/dossiers")["items"][0]["code"] == code
    assert desk.get("/dossiers", state="submitted", procedure=860)["count"] == 1

    task = desk.get(f"/tasks/{waiting_task(desk, code)['id']}")
    assert task["may_act"] and "accept" in {action["action"] for action in task["actions"]}
    assert desk.post(f"/tasks/{task['id']}/claim", {})["assignee"]["name"]
    assert desk.post(f"/tasks/{task['id']}/act", {"action": "accept"})["state"] == "done"

    accepted = lan.get(f"/dossiers/{code}")
    assert accepted["accepted_at"] and accepted["state"] == "payment" and accepted["clock"]["stopped"]
    assert [paper["kind"] for paper in accepted["official_papers"]] == ["receipt"]
    assert accepted["invoices"][0]["total"] == 400_000
    assert "dossier.accepted" in {event["verb"] for event in lan.get(f"/dossiers/{code}/events")["items"]}

    tracked = Machine().get(f"/tracking/{code}")
    assert tracked["state"] == "payment" and tracked["stopped"] and tracked["steps"]
    assert not {"Nông Thị Lan", "020301001234", "0912345678"} & set(str(tracked).split("'")), tracked
    assert "Lan" not in str(tracked)


def test_two_officials_at_once_one_is_told_who_was_first() -> None:
    dossier = filed(citizen(), 860, groundwater_answers())
    first, second = two_receptionists()
    task = waiting_task(first, dossier.code)["id"]
    outcomes: list[tuple[int, str]] = []
    ready = threading.Barrier(2)

    def accept(machine: Machine) -> None:
        ready.wait()
        answer = machine.client.post(
            f"/api/v1/tasks/{task}/act", '{"action": "accept"}', content_type="application/json", headers=machine.headers
        )
        outcomes.append((answer.status_code, answer.json().get("detail", "")))
        connections.close_all()

    threads = [threading.Thread(target=accept, args=(machine,)) for machine in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(status for status, _said in outcomes) == [200, 409], outcomes
    assert "đã được" in next(said for status, said in outcomes if status == 409)
    dossier.refresh_from_db()
    assert dossier.official_papers.filter(kind="receipt").count() == 1


def two_receptionists() -> tuple[Machine, Machine]:
    from sonha.foundation.organisations.models import Position, Unit

    one = official("receptionist", "STNMT.MC")
    other = User.objects.create_user("thu-hai", "mat-khau-dai", full_name="Triệu Thị Hai", kind="official")
    Position.objects.create(user=other, unit=Unit.objects.get(code="STNMT.MC"), role="receptionist")
    return Machine(one), Machine(Actor.of(other))


def test_the_same_key_gives_the_same_dossier_and_another_content_is_refused() -> None:
    lan = Machine(citizen())
    body, key = filing_of(lan), f"don-{uuid.uuid4()}"
    first = lan.post("/dossiers", body, 201, **{"idempotency-key": key})
    again = lan.post("/dossiers", body, 200, **{"idempotency-key": key})
    assert again["code"] == first["code"] and Dossier.objects.count() == 1

    other = lan.post("/dossiers", {**body, "return_channel": "desk"}, 409, **{"idempotency-key": key})
    assert other["type"].endswith("repeated-key")
    somebody = Machine(citizen("Lương Văn Bảo", "020301005678"))
    assert somebody.post("/dossiers", filing_of(somebody), 201, **{"idempotency-key": key})["code"] != first["code"]


def test_the_same_call_twice_at_once_files_once() -> None:
    lan = Machine(citizen())
    body, key = filing_of(lan), "don-hai-lan-cung-luc"
    codes: list[tuple[int, str]] = []
    ready = threading.Barrier(2)

    def file() -> None:
        ready.wait()
        headers = {**lan.headers, "idempotency-key": key}
        answer = lan.client.post("/api/v1/dossiers", body, content_type="application/json", headers=headers)
        codes.append((answer.status_code, answer.json().get("code", answer.content.decode())))
        connections.close_all()

    threads = [threading.Thread(target=file) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status for status, _code in codes) == [200, 201], codes
    assert len({code for _status, code in codes}) == 1 and Dossier.objects.count() == 1


def test_what_is_wrong_is_said_value_by_value_and_nothing_is_kept() -> None:
    lan, stranger = Machine(citizen()), Machine(citizen("Lương Văn Bảo", "020301005678"))
    wrong = lan.post("/dossiers", {"stt": 860, "answers": {**groundwater_answers(), "flow": "rất nhiều"}, "papers": {}}, 422)
    fields = {each["field"] for each in wrong["errors"]}
    assert "answers.flow" in fields and any(field.startswith("papers.") for field in fields)

    foreign = stranger.upload()["id"]
    papers = {**lan.papers_for(860)}
    first = next(iter(papers))
    said = lan.post("/dossiers", filing_of(lan, papers={**papers, first: [foreign]}), 422)
    assert [each["field"] for each in said["errors"]] == [f"papers.{first}.0"]
    said = lan.post("/dossiers", filing_of(lan, papers={**papers, "khong-co": []}), 422)
    assert [each["field"] for each in said["errors"]] == ["papers.khong-co"]
    said = lan.post("/dossiers", filing_of(lan, papers={**papers, first: ["on_paper"]}), 422)
    assert [each["field"] for each in said["errors"]] == [f"papers.{first}.0"]
    assert lan.post("/dossiers", filing_of(lan, stt=999_999), 422)["errors"][0]["field"] == "stt"
    assert lan.post("/dossiers", filing_of(lan, contact_email="khong-phai-thu"), 422)["errors"][0]["field"] == "contact_email"
    assert not Dossier.objects.exists() and not Draft.objects.exists()


def test_filing_for_another_needs_their_mandate() -> None:
    lan = citizen()
    company = Party.objects.create(kind="business", name="Công ty TNHH Mẫu Sơn", tax_code="4900123403")
    machine = Machine(lan)
    assert machine.post("/dossiers", filing_of(machine, party=company.pk), 422)["errors"][0]["field"] == "party"
    Representation.objects.create(party=company, user=lan.user, kind="legal")
    assert {"id": company.pk, "kind": "business", "name": company.name} in machine.get("/me")["parties"]
    answers = {**groundwater_answers(), "tax_code": "4900123403", "representative": "Nông Thị Lan"}
    assert machine.post("/dossiers", filing_of(machine, party=company.pk, answers=answers), 201)["owner"]["name"] == company.name


def test_the_desk_files_for_who_stands_there_and_nobody_else_may() -> None:
    desk, lan = Machine(official("receptionist", "STNMT.MC")), Machine(citizen())
    papers = {code: ["on_paper"] for code in lan.papers_for(860)}
    owner = {"kind": "person", "name": "Hoàng Văn Thụ", "personal_id": "020075001122", "address": "Thôn Nà Lốc"}
    body = {"stt": 860, "answers": groundwater_answers(), "papers": papers, "channel": "desk", "owner": owner}
    lan.post("/dossiers", body, 403)
    filed_there = desk.post("/dossiers", body, 201)
    assert filed_there["owner"]["name"] == "Hoàng Văn Thụ" and filed_there["channel"] == "desk"
    assert all(paper["on_paper"] for paper in filed_there["papers"])


def test_a_supplement_through_the_api_stops_and_starts_the_clock() -> None:
    lan, desk = Machine(citizen()), Machine(official("receptionist", "STNMT.MC"))
    papers = lan.papers_for(860)
    code = lan.post("/dossiers", filing_of(lan, papers=papers), 201)["code"]
    task = waiting_task(desk, code)["id"]
    assert desk.post(f"/tasks/{task}/act", {"action": "request_supplement"}, 422)["errors"]
    missing = [{"subject": "", "title": "Bản vẽ", "reason": "Thiếu toạ độ"}]
    desk.post(f"/tasks/{task}/act", {"action": "request_supplement", "missing": missing})
    told = lan.get(f"/dossiers/{code}")
    assert told["state"] == "supplement" and told["supplements"][0]["items"] == missing

    mine = waiting_task(lan, code)
    assert mine["role"] == "applicant"
    foreign = {next(iter(papers)): [desk.upload()["id"]]}
    refused = lan.post(f"/tasks/{mine['id']}/act", {"action": "submit_supplement", "papers": foreign}, 422)
    assert refused["errors"][0]["field"].startswith("papers.")
    added = {next(iter(papers)): [lan.upload()["id"], lan.upload()["id"]]}
    lan.post(f"/tasks/{mine['id']}/act", {"action": "submit_supplement", "papers": added, "comment": "Đã bổ sung"})
    supplemented = lan.get(f"/dossiers/{code}")
    assert supplemented["state"] == "submitted"
    assert {paper["file"]["id"] for paper in supplemented["papers"] if paper["requirement"] in added} == set(next(iter(added.values())))
    again = lan.post(f"/tasks/{mine['id']}/act", {"action": "submit_supplement"}, 409)
    assert again["type"].endswith("already-done")


def test_a_withdrawn_dossier_cannot_be_withdrawn_again() -> None:
    lan, stranger = Machine(citizen()), Machine(citizen("Lương Văn Bảo", "020301005678"))
    code = lan.post("/dossiers", filing_of(lan), 201)["code"]
    stranger.post(f"/dossiers/{code}/withdraw", {}, 404)
    assert lan.post(f"/dossiers/{code}/withdraw", {"reason": "Đổi ý"})["state"] == "withdrawn"
    assert lan.post(f"/dossiers/{code}/withdraw", {}, 409)["detail"]


def test_strangers_see_and_do_nothing() -> None:
    lan = Machine(citizen())
    code = lan.post("/dossiers", filing_of(lan), 201)["code"]
    desk = Machine(official("receptionist", "STNMT.MC"))
    task = waiting_task(desk, code)["id"]
    for other in (Machine(citizen("Lương Văn Bảo", "020301005678")), Machine(official("specialist", "UBND"))):
        assert other.get("/dossiers")["items"] == [] and other.get("/dossiers", q=code)["count"] == 0
        other.get(f"/dossiers/{code}", 404)
        other.get(f"/dossiers/{code}/events", 404)
        other.get(f"/tasks/{task}", 404)
        other.post(f"/tasks/{task}/act", {"action": "accept"}, 404)
    lan.get(f"/tasks/{task}", 404)  # the desk's own step is not the applicant's business
    head = Machine(official("head", "STNMT.MC"))
    head.post(f"/tasks/{task}/act", {"action": "accept"}, 403)
    wrong = desk.post(f"/tasks/{task}/assign", {"user": citizen("X", "020301009999").user_id}, 403)
    assert wrong["type"].endswith("forbidden")


def test_an_official_who_files_for_oneself_reads_it_as_an_applicant() -> None:
    """Not the desk's steps, nor who works on it or what they noted: the same as everybody else."""
    specialist = official("specialist", "UBND")
    party = Party.objects.create(kind="person", name="Hoàng Văn Thụ", personal_id="020075001122", phone="0912345678")
    User.objects.filter(pk=specialist.user_id).update(party=party)
    applying = Actor.of(User.objects.get(pk=specialist.user_id))
    code = filed(applying, 860, groundwater_answers()).code
    desk, own = Machine(official("receptionist", "STNMT.MC")), Machine(applying)
    task = waiting_task(desk, code)["id"]
    desk.post(f"/tasks/{task}/claim", {})
    own.get(f"/tasks/{task}", 404)
    step = own.get(f"/dossiers/{code}")["timeline"][0]
    assert step["assignee"] is None and desk.get(f"/dossiers/{code}")["timeline"][0]["assignee"]
    assert "task.claimed" not in {event["verb"] for event in own.get(f"/dossiers/{code}/events")["items"]}


def test_pages_of_dossiers_follow_each_other_without_gaps() -> None:
    lan = citizen()
    codes = [filed(lan, 860, groundwater_answers()).code for _each in range(5)]
    machine = Machine(lan)
    for sort, order in (("newest", codes[::-1]), ("oldest", codes), ("due", codes)):
        seen: list[str] = []
        query: dict[str, Any] = {"limit": 2, "sort": sort}
        while True:
            page = machine.get("/dossiers", **query)
            seen += [each["code"] for each in page["items"]]
            if page["next"] is None:
                break
            query["after"] = page["next"]
        assert seen == order and page["count"] == 5
    desk = Machine(official("receptionist", "STNMT.MC"))
    first = desk.get("/tasks", limit=3)
    second = desk.get("/tasks", limit=3, after=first["next"])
    assert len({each["id"] for each in first["items"] + second["items"]}) == 5 and second["next"] is None


def test_tracking_is_limited_by_address() -> None:
    anybody = Machine()
    statuses = [anybody.client.get("/api/v1/tracking/H37.99-010101-0001").status_code for _each in range(61)]
    assert statuses[:60] == [404] * 60 and statuses[60] == 429
    limited = anybody.client.get("/api/v1/tracking/H37.99-010101-0001", headers={"x-forwarded-for": "10.9.8.7"})
    assert limited.status_code == 429 and int(limited["Retry-After"]) > 0
