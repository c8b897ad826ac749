"""What makes the day shorter, as officials meet it: saved filters, archives, papers beside answers, many rows at once."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from weasyprint import HTML

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.services import store
from sonha.foundation.jobs.models import Progress
from sonha.foundation.jobs.runner import run_waiting
from sonha.process.cases.models import Task
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.tests.many import a_dossier_and_copies
from sonha.services.dossiers.tests.people import official
from sonha.services.handling import bundle
from sonha.services.handling.models import Sentence

pytestmark = pytest.mark.usefixtures("lang_son")


def browsing(actor: Actor) -> Client:
    assert actor.user
    client = Client()
    client.force_login(actor.user)
    return client


@pytest.fixture
def filed() -> list[Dossier]:
    """Three dossiers at the department's desk; the first has two scans, one of two pages, and a paper of the same title."""
    dossiers = a_dossier_and_copies(3)
    first = dossiers[0]
    first.papers.update(title="Đơn đề nghị")
    codes = list(first.papers.values_list("pk", flat=True))
    for pk, pages in zip(codes[:2], (2, 1), strict=True):
        made = HTML(string="<p style='break-after: page'>Trang</p>" * (pages - 1) + "<p>Hết</p>").write_pdf()
        sent = SimpleUploadedFile("Đơn.pdf", made, "application/pdf")
        file = store(sent, actor_user=None, accept="pdf", max_bytes=10**6, purpose="dossier")
        first.papers.filter(pk=pk).update(file=file, on_paper=False, title="Bản vẽ 1/2" if pages == 2 else "Đơn đề nghị")
    return dossiers


def test_a_list_opens_with_the_default_filter_and_shows_the_others_as_chips(filed: list[Dossier]) -> None:
    client, colleague = browsing(official("receptionist", "STNMT.MC")), browsing(official("leader", "STNMT"))
    saved = client.post(reverse("save_filter", args=["dossiers"]), {"name": "Chờ nhận", "query": "state=submitted&after=9", "default": "1"})
    assert saved["Location"] == reverse("dossiers") + "?state=submitted"
    opened = client.get(reverse("dossiers"))
    assert opened.status_code == 302 and opened["Location"].endswith("?state=submitted")
    shown = client.get(opened["Location"])
    assert shown.context["filters"].state == "submitted" and "Chờ nhận" in shown.content.decode()
    assert client.get(reverse("dossiers") + "?q=").status_code == 200, "everything is one click away"
    assert colleague.get(reverse("dossiers")).status_code == 200 and "Chờ nhận" not in colleague.get(reverse("dossiers")).content.decode()
    one = shown.context["saved"][0]["filter"]
    assert colleague.post(reverse("saved_filter", args=[one.pk]), {"do": "forget"}).status_code == 404
    client.post(reverse("saved_filter", args=[one.pk]), {"do": "plain"})
    assert client.get(reverse("dossiers")).status_code == 200
    client.post(reverse("saved_filter", args=[one.pk]), {"do": "forget"})
    assert client.get(reverse("dossiers")).context["saved"] == []


def archive_of(client: Client, asked: str) -> tuple[Progress, zipfile.ZipFile]:
    response = client.post(reverse("export", args=["dossiers"]) + asked, {"kind": "zip"})
    row = Progress.objects.get()
    assert response["Location"] == reverse("export_progress", args=[row.pk])
    run_waiting()
    row.refresh_from_db()
    return row, zipfile.ZipFile(io.BytesIO(b"".join(client.get(row.link).streaming_content)))  # type: ignore[attr-defined]


def test_an_archive_holds_the_table_and_the_papers_of_what_the_page_shows(filed: list[Dossier], monkeypatch: pytest.MonkeyPatch) -> None:
    desk, stranger = official("receptionist", "STNMT.MC"), official("receptionist", "STP.MC")
    client = browsing(desk)
    row, archive = archive_of(client, f"?q={filed[0].code}")
    first = filed[0].code
    assert (row.state, row.done) == ("done", 1)
    inside = sorted(name for name in archive.namelist() if name.startswith(first))
    assert len(inside) == 2 and any("Bản vẽ 1-2.pdf" in name for name in inside), "a title with a stroke is one name"
    table = openpyxl.load_workbook(io.BytesIO(archive.read("danh-sach.xlsx"))).active
    assert [cell.value for cell in list(table.iter_rows())[-1]][1] == first
    assert "bản giấy" in archive.read(bundle.NOT_ENCLOSED).decode(), "what is on paper only is named"
    assert Event.objects.filter(verb="dossier.papers_exported").count() == 1
    assert browsing(stranger).get(row.link).status_code == 404

    empty = browsing(stranger).post(reverse("export", args=["dossiers"]) + f"?q={first}", {"kind": "zip"}, follow=True)
    assert "Không có hồ sơ nào khớp" in empty.content.decode(), "dossiers of others are not packed"
    monkeypatch.setattr(bundle, "MOST_DOSSIERS", 2)
    assert "dài hơn 2 hồ sơ" in client.post(reverse("export", args=["dossiers"]), {"kind": "zip"}, follow=True).content.decode()
    monkeypatch.setattr(bundle, "MOST_DOSSIERS", 200)
    monkeypatch.setattr(bundle, "MOST_BYTES", 10)
    assert "quá mức" in client.post(reverse("export", args=["dossiers"]), {"kind": "zip"}, follow=True).content.decode()
    assert Progress.objects.count() == 1


def test_a_paper_lies_beside_the_answers_for_those_who_may_see_it(filed: list[Dossier]) -> None:
    client, code = browsing(official("receptionist", "STNMT.MC")), filed[0].code
    first = client.get(reverse("papers_beside", args=[code]), follow=True)
    assert first.status_code == 200 and list(first.context["pages"]) in ([1, 2], [1])
    shown = first.content.decode()
    assert "Giếng khoan hộ bà Lan" in shown and 'data-key="n"' in shown, "the answers beside, the next paper one key away"
    after = client.get(reverse("paper_beside", args=[code, first.context["after"].pk]))
    assert 'data-key="p"' in after.content.decode() and Event.objects.filter(verb="dossier.viewed_paper").count() == 2
    two_pages = next(paper for paper in first.context["papers"] if paper.title.startswith("Bản vẽ"))
    picture = client.get(reverse("paper_page", args=[code, two_pages.pk, 2]))
    assert picture["Content-Type"] == "image/png" and "private" in picture["Cache-Control"]
    assert client.get(reverse("paper_page", args=[code, two_pages.pk, 3])).status_code == 404
    assert Event.objects.filter(verb="dossier.viewed_paper").count() == 2, "pictures are not noted one by one"

    stranger = browsing(official("receptionist", "STP.MC"))
    for address in (reverse("paper_beside", args=[code, two_pages.pk]), reverse("paper_page", args=[code, two_pages.pk, 1])):
        assert stranger.get(address).status_code == 404
    assert client.get(reverse("paper_beside", args=[filed[1].code, two_pages.pk])).status_code == 404, "a paper of another dossier"
    StoredFile.objects.filter(pk=two_pages.file_id).update(scan_state="infected")
    locked = client.get(reverse("paper_beside", args=[code, two_pages.pk]))
    assert "mã độc" in locked.content.decode() and client.get(reverse("paper_page", args=[code, two_pages.pk, 1])).status_code == 404
    bare = client.get(reverse("papers_beside", args=[filed[1].code]))
    assert bare["Location"] == reverse("dossier", args=[filed[1].code]), "without scans there is nothing to lay beside"


def test_heads_hand_out_many_tasks_to_one_person(filed: list[Dossier]) -> None:
    head, specialist, other = official("head", "STNMT.NUOC"), official("specialist", "STNMT.NUOC"), official("specialist", "STP")
    tasks: QuerySet[Task] = Task.objects.filter(case__in=[dossier.case_id for dossier in filed], state="open")
    tasks.update(role="specialist", unit_id=specialist.unit_id, step="appraise", title="Thẩm định hồ sơ")
    for dossier in filed:
        dossier.case.access.filter(unit__code="STNMT.MC").update(unit_id=specialist.unit_id)
    client, ids = browsing(head), [task.pk for task in tasks]
    assert specialist.user and other.user
    wrong = client.post(reverse("bulk"), {"task": ids, "action": "assign_to", "person": other.user.pk})
    assert wrong.status_code == 409 and [row["result"].done for row in wrong.context["rows"]] == [False] * 3
    assert client.post(reverse("bulk"), {"task": ids, "action": "assign_to", "person": ""}).status_code == 302
    done = client.post(reverse("bulk"), {"task": ids, "action": "assign_to", "person": specialist.user.pk, "next": reverse("unit_work")})
    assert done.status_code == 302 and set(tasks.values_list("assignee_id", flat=True)) == {specialist.user_id}


def test_own_sentences_are_kept_and_offered_where_a_reason_is_written(filed: list[Dossier]) -> None:
    client = browsing(official("receptionist", "STNMT.MC"))
    said = {"use": "supplement", "text": "Đề nghị bổ sung sơ đồ vị trí giếng.", "stt": "860"}
    assert client.post(reverse("own_sentences"), said).status_code == 302
    wrong = client.post(reverse("own_sentences"), {**said, "stt": "999999"})
    assert wrong.status_code == 422 and "Không có thủ tục nào mang số 999999" in wrong.content.decode()
    page: Any = client.get(reverse("dossier", args=[filed[0].code]))
    offered = [row.text for row in page.context["mine"][0]["sentences"]]
    assert offered[0] == said["text"] and {row.use for row in page.context["mine"][0]["sentences"]} == {"supplement", "refusal"}
    own = Sentence.objects.get(text=said["text"])
    assert browsing(official("leader", "STNMT")).post(reverse("remove_sentence", args=[own.pk])).status_code == 404
    client.post(reverse("remove_sentence", args=[own.pk]))
    assert not Sentence.objects.filter(pk=own.pk).exists()
