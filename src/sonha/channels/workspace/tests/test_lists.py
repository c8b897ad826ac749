"""Lists, boards and exports as officials meet them."""

import csv
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sonha.channels.workspace import exporting, lists, work
from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.foundation.files.models import StoredFile
from sonha.foundation.identity.models import User
from sonha.foundation.jobs.models import Progress
from sonha.foundation.jobs.runner import run_waiting
from sonha.foundation.rendering import exports
from sonha.process.cases.models import Task
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.tests.many import a_dossier_and_copies, renamed
from sonha.services.dossiers.tests.people import citizen, official

pytestmark = pytest.mark.usefixtures("lang_son")
PEOPLE = ["Nông Thị Liên", "=cmd()", "Hoàng Văn Tuấn", "Lộc Thị Bích", "Vi Văn Thành"]


@pytest.fixture
def filed() -> list[Dossier]:
    """Five dossiers of five people waiting at the department's desk; one name would be a formula."""
    named = zip(a_dossier_and_copies(5), PEOPLE, strict=True)
    return [renamed(each, name, f"02018500100{number}") for number, (each, name) in enumerate(named)]


def browsing(actor: Actor) -> Client:
    assert actor.user
    client = Client()
    client.force_login(actor.user)
    return client


def codes(response: Any) -> list[str]:
    return [row["dossier"].code for row in response.context["rows"]]


def test_a_list_is_paged_narrowed_and_costs_the_same_however_long_it_is(filed: list[Dossier], monkeypatch: pytest.MonkeyPatch) -> None:
    client, leader = browsing(official("receptionist", "STNMT.MC")), browsing(official("leader", "STNMT"))
    for name in ("dossiers", "unit_work"):
        leader.get(reverse(name))
        with CaptureQueriesContext(connection) as one:
            leader.get(reverse(name), {"q": filed[0].code})
        with CaptureQueriesContext(connection) as five:
            leader.get(reverse(name))
        assert len(five) <= len(one), [query["sql"][:120] for query in five.captured_queries]

    typed = client.get(reverse("dossiers"), {"q": "hoang van tuan"}, headers={"HX-Request": "true"})
    assert codes(typed) == [filed[2].code] and b"<html" not in typed.content, "while typing, the found rows are enough"
    assert "bỏ bớt" in client.get(reverse("dossiers"), {"q": "không ai tên thế"}).content.decode(), "an empty list says what to do"

    monkeypatch.setattr(lists, "PER_PAGE", 2)
    address, seen = reverse("dossiers") + "?state=submitted&sort=oldest", []
    for _page in range(3):
        page = client.get(address)
        seen += codes(page)
        if page.context["next"]:
            link = page.content.decode().split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
            assert "state=submitted" in link and "sort=oldest" in link, "the filter survives paging"
            address = reverse("dossiers") + link
    assert seen == [dossier.code for dossier in filed]
    assert page.context["next"] is None and page.context["count"] == 5


def test_work_is_narrowed_paged_and_done_in_bulk_row_by_row(filed: list[Dossier], monkeypatch: pytest.MonkeyPatch) -> None:
    desk, stranger = official("receptionist", "STNMT.MC"), official("receptionist", "STP.MC")
    colleague = User.objects.create_user("khac", "mat-khau-dai", full_name="Khác", kind="official")
    client, tasks = browsing(desk), [Task.objects.get(case=dossier.case, state="open") for dossier in filed]

    refused = browsing(stranger).post(reverse("bulk"), {"task": [tasks[0].pk], "action": "claim"})
    assert filed[0].code not in refused.content.decode(), "dossiers of others are not even named"
    assert Task.objects.get(pk=tasks[0].pk).assignee is None

    Task.objects.filter(pk=tasks[1].pk).update(assignee=colleague)
    mixed = client.post(reverse("bulk"), {"task": [tasks[0].pk, tasks[1].pk], "action": "claim", "next": reverse("work")})
    shown = mixed.content.decode()
    assert mixed.status_code == 200 and filed[0].code in shown and filed[1].code in shown
    assert [row["result"].done for row in mixed.context["rows"]] == [True, False]
    assert Task.objects.get(pk=tasks[0].pk).assignee == desk.user
    whole = client.post(reverse("bulk"), {"task": [tasks[2].pk], "action": "claim", "next": "https://example.vn/"})
    assert whole.status_code == 302 and whole["Location"] == reverse("work"), "never sent to another site"

    held = client.get(reverse("work"), {"held": "me"})
    assert {task.pk for task in held.context["tasks"]} == {tasks[0].pk, tasks[2].pk}
    assert client.get(reverse("work"), {"held": "nobody"}).context["count"] == 2
    assert [task.dossier for task in client.get(reverse("work"), {"q": "loc thi bich"}).context["tasks"]] == [filed[3]]
    assert "đến bước của ông/bà" in browsing(official("clerk", "STNMT")).get(reverse("work")).content.decode(), "an empty list teaches"

    monkeypatch.setattr(work, "PER_PAGE", 2)
    seen: list[int] = []
    after: str | None = ""
    while after is not None:
        page = client.get(reverse("work"), {"after": after})
        seen += [task.pk for task in page.context["tasks"]]
        after = page.context["next"]
    assert sorted(seen) == sorted(task.pk for task in tasks if task != tasks[1]), "every page once; what a colleague holds is not mine"


def test_the_file_holds_what_the_page_shows(filed: list[Dossier], monkeypatch: pytest.MonkeyPatch) -> None:
    desk = official("receptionist", "STNMT.MC")
    client, asked = browsing(desk), "?state=submitted&sort=oldest"
    shown = codes(client.get(reverse("dossiers") + asked))
    files = {kind: client.post(reverse("export", args=["dossiers"]) + asked, {"kind": kind}) for kind in ("xlsx", "csv", "ods")}
    assert all(f".{kind}" in response["Content-Disposition"] for kind, response in files.items())

    cells = [list(row) for row in openpyxl.load_workbook(io.BytesIO(files["xlsx"].content)).active.iter_rows()]
    assert [row[1].value for row in cells[-5:]] == shown == [each.code for each in filed]
    assert cells[-4][5].value == "=cmd()" and cells[-4][5].data_type != "f" and cells[-4][9].is_date
    assert "Mới nộp, chờ tiếp nhận" in cells[1][0].value and desk.name in cells[2][0].value, "the filter and who asked stand above"

    rows = list(csv.reader(io.StringIO(files["csv"].content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[-5:]] == shown and rows[-4][5] == "'=cmd()"
    assert all(code in zipfile.ZipFile(io.BytesIO(files["ods"].content)).read("content.xml").decode() for code in shown)

    events = Event.objects.filter(verb="list.exported").order_by("pk")
    assert [(event.actor_user_id, event.payload["rows"], event.payload["kind"]) for event in events] == [
        (desk.user_id, 5, kind) for kind in ("xlsx", "csv", "ods")
    ]

    monkeypatch.setattr(exports, "MOST", 4)
    beyond = client.post(reverse("export", args=["dossiers"]) + "?sort=due", {"kind": "csv"}, follow=True)
    assert "dài hơn 4 dòng" in beyond.content.decode() and beyond.redirect_chain[0][0].endswith("?sort=due")
    assert events.count() == 3 and not Progress.objects.exists()


def test_a_long_list_is_made_by_a_job_for_the_one_who_asked(filed: list[Dossier], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 3)
    desk, other = official("receptionist", "STNMT.MC"), official("leader", "STNMT")
    client = browsing(desk)
    response = client.post(reverse("export", args=["dossiers"]) + "?sort=oldest", {"kind": "csv"})
    row = Progress.objects.get()
    assert response["Location"] == reverse("export_progress", args=[row.pk])
    assert client.get(response["Location"]).status_code == 200
    assert browsing(other).get(response["Location"]).status_code == 404
    run_waiting()
    row.refresh_from_db()
    assert (row.state, row.done, row.percent) == ("done", 5, 100)
    data = b"".join(client.get(row.link).streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert [each[1] for each in rows[-5:]] == [each.code for each in filed]
    assert browsing(other).get(row.link).status_code == 404 and Client().get(row.link).status_code in {302, 404}
    assert StoredFile.objects.get(purpose="export").uploaded_by == desk.user


def test_the_register_and_every_export_are_for_those_who_may(filed: list[Dossier]) -> None:
    client, outsider = browsing(official("receptionist", "STNMT.MC")), browsing(citizen("Một người", "020185001299"))
    for name in exporting.PAGES:
        address = reverse("export", args=[name])
        assert client.post(address, {"kind": "ods"}).status_code == 200
        assert client.post(address, {"kind": "exe"}).status_code == 404
        assert client.get(address).status_code == 405, "a file is made by a button, not by following a link"
        assert outsider.post(address, {"kind": "ods"}).status_code == 403
    page = client.get(reverse("register"))
    assert [row.code for row in page.context["kept"].rows] == [dossier.code for dossier in filed]
    assert "Thông tư số 03/2025/TT-VPCP" in page.content.decode()
    paper = client.get(reverse("register"), {"dang": "pdf"})
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    assert client.get(reverse("register"), {"agency": "STP"}).status_code == 404, "another agency's register is not for this desk"
    assert client.get(reverse("boards"), {"by": "unit"}).status_code == 200
