"""The desk's slips, and the files that answers and drafts keep alive."""

import os
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.purging import purge
from sonha.foundation.files.services import read_bytes, store_bytes
from sonha.foundation.rendering.tests.paper_reading import text_of
from sonha.process.cases.errors import ActionRefused
from sonha.services.dossiers import reception, register
from sonha.services.dossiers.models import Dossier, Draft
from sonha.services.dossiers.papers import masked
from sonha.services.dossiers.tests.people import citizen, draft_for, groundwater_answers
from sonha.services.dossiers.tests.permits import Office, accepted, task_at


@pytest.fixture
def office(lang_son: Any) -> Office:
    return Office.open()


def test_slips_say_everything_once_and_show_only_the_last_digits_of_a_personal_number(office: Office) -> None:
    dossier = accepted(office)
    receipt = text_of(read_bytes(dossier.official_papers.get(kind="receipt").file))
    assert "********1234" in receipt and "020301001234" not in receipt
    assert dossier.code in receipt and "Nông Thị Lan" in receipt and "400.000 đồng" in receipt

    request = reception.prepare_supplement(dossier, [], "Bổ sung bản đồ\nKý từng trang", office.desk)
    request.items = [{"subject": "", "title": line, "reason": line} for line in request.note.splitlines()]
    asked = words(reception.supplement_form(dossier, request, office.desk).file)
    assert asked.count("Bổ sung bản đồ") == 1 and "Ký từng trang" in asked

    sheet = " ".join(text_of(reception.control_sheet(dossier, office.desk)).split())
    assert "Người nhận: Nông Thị Lan" in sheet and "Kiểm tra và" in sheet

    day = timezone.localdate()
    kept = register.pdf(office.desk, register.kept(office.desk, dossier.agency, day, day))
    book = " ".join(text_of(kept).replace("\u200b", "").split())
    assert "0912345678" in book and "Tại quầy" in book


def words(file: StoredFile) -> str:
    return " ".join(text_of(read_bytes(file)).split())


def test_a_short_number_is_not_made_longer() -> None:
    assert (masked("020301001234"), masked("123"), masked("")) == ("********1234", "123", "")


def test_an_apology_needs_lateness_a_reason_and_a_later_day(office: Office) -> None:
    dossier = accepted(office)
    later = timezone.now() + timedelta(days=5)
    with pytest.raises(ActionRefused, match="đã quá hạn"):
        reception.apologise(dossier, office.desk, reason="Nhiều hồ sơ", new_due_at=later)
    Dossier.objects.filter(pk=dossier.pk).update(due_at=timezone.now() - timedelta(days=1))
    dossier.refresh_from_db()
    with pytest.raises(ActionRefused, match="lý do"):
        reception.apologise(dossier, office.desk, reason=" ", new_due_at=later)
    with pytest.raises(ActionRefused, match="sau hôm nay"):
        reception.apologise(dossier, office.desk, reason="Nhiều hồ sơ", new_due_at=timezone.now() - timedelta(hours=1))
    kept = reception.apologise(dossier, office.desk, reason="Nhiều hồ sơ", new_due_at=later)
    assert kept.public and "Nhiều hồ sơ" in text_of(read_bytes(kept.file))


def old_file(actor: Any, name: str) -> StoredFile:
    file = store_bytes(name.encode(), name=name, media_type="application/pdf", purpose="dossier", actor_user=actor.user)
    StoredFile.objects.filter(pk=file.pk).update(created_at=timezone.now() - timedelta(days=30))
    os.utime(file.path, (time.time() - 30 * 86400,) * 2)
    return file


def test_the_sweep_of_unused_files_leaves_what_drafts_answers_papers_and_steps_name(office: Office) -> None:
    lan = citizen()
    names = ("paper", "answer", "draft", "draft-paper", "step", "unused")
    files = {name: old_file(lan, name) for name in names}
    filing_draft = draft_for(lan, 860, {**groundwater_answers(), "note_file": [str(files["draft"].pk)]})
    Draft.objects.filter(pk=filing_draft.pk).update(papers={"site_map": [str(files["draft-paper"].pk)]})
    dossier = accepted(office, lan)
    dossier.official_papers.update(file=files["paper"])
    Dossier.objects.filter(pk=dossier.pk).update(answers={"plan": {"file": str(files["answer"].pk)}})
    StoredFile.objects.filter(pk=files["step"].pk).update(uploaded_by=office.desk.user)
    task = task_at(dossier, "payment")
    type(task).objects.filter(case=task.case, step="reception").update(data={"scan": [str(files["step"].pk)]})

    purge()
    left = {name for name in names if StoredFile.objects.filter(pk=files[name].pk).exists()}
    assert left == set(names) - {"unused"}
