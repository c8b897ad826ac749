"""A leader signs twenty results from a phone: ticked, looked over, confirmed once, and each with what became of it."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.process.cases import engine
from sonha.process.cases.models import CaseAccess, Task
from sonha.services.dossiers import drafting
from sonha.services.dossiers.models import Dossier, OfficialPaper, Result
from sonha.services.dossiers.tests.many import a_dossier_and_copies
from sonha.services.dossiers.tests.people import official
from sonha.testing.browser import PHONE

if TYPE_CHECKING:
    from sonha.testing.browser import Live

TWENTY = 20


@pytest.fixture
def waiting(lang_son: None) -> list[Dossier]:
    """Twenty-one dossiers before the leader; the last one has no draft to be signed."""
    leader, specialist = official("leader", "STNMT"), official("specialist", "STNMT.NUOC")
    dossiers = a_dossier_and_copies(TWENTY + 1)
    for dossier in dossiers:
        dossier.case.access.create(unit_id=leader.unit_id, level=CaseAccess.Level.HANDLE, cause="thử")
    Task.objects.filter(case__in=[each.case_id for each in dossiers]).update(
        step="draft", role="specialist", unit_id=specialist.unit_id, title="Dự thảo giấy phép", due_at=timezone.now() + timedelta(days=3)
    )
    first = dossiers[0]
    task = Task.objects.get(case=first.case)
    first.case.access.create(unit_id=specialist.unit_id, level=CaseAccess.Level.HANDLE, cause="thử")
    made = drafting.draft_result(first, task, actor=specialist, **_body(first, task))
    for other in dossiers[1:TWENTY]:
        OfficialPaper.objects.create(
            dossier=other, kind="draft", number=1, title=made.title, file=made.file, body=made.body, created_by=specialist.user
        )
    Task.objects.filter(case__in=[each.case_id for each in dossiers]).update(
        step="sign", role="leader", unit_id=leader.unit_id, title="Lãnh đạo ký"
    )
    return dossiers


def _body(dossier: Dossier, task: Task) -> dict[str, object]:
    body = drafting.starting_body(dossier, task)
    return {"title": body["title"], "bases": body.get("bases", []), "paragraphs": body["paragraphs"]}


def test_twenty_results_are_signed_with_one_confirmation_and_the_one_that_cannot_says_why(waiting: list[Dossier], live: "Live") -> None:
    leader = official("leader", "STNMT")
    assert isinstance(leader, Actor) and leader.user
    page = live.visitor(leader.user, size=PHONE)
    page.goto("/can-bo/")
    page.get_by_label("Chọn tất cả").last.check()
    page.get_by_role("button", name="Ký", exact=False).first.click()
    assert page.get_by_role("heading", level=1).inner_text().endswith(f"{TWENTY + 1} hồ sơ")
    assert page.get_by_text("chưa có dự thảo").count() == 1, "what cannot be signed is seen before"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing runs out of a narrow screen"
    assert not Result.objects.exclude(signed_at=None).exists(), "nothing is signed before it is confirmed"
    page.set_default_timeout(60_000)
    page.locator("button[name='confirmed']").click()
    page.get_by_role("heading", name="Kết quả xử lý hàng loạt").wait_for()
    assert page.locator(".tag.good").count() == TWENTY and page.locator("td .tag.late").count() == 1
    assert Result.objects.exclude(signed_at=None).count() == TWENTY
    last = Task.objects.get(case=waiting[-1].case, state="open")
    assert last.step == "sign" and engine.available_actions(last), "what was refused waits as before"


def test_keys_are_shown_go_places_and_can_be_turned_off(waiting: list[Dossier], live: "Live") -> None:
    leader = official("leader", "STNMT")
    assert leader.user
    page = live.visitor(leader.user)
    page.goto("/can-bo/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Phím tắt")
    dialog.wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-ticked]").inner_text() == "1"
    page.keyboard.press("Enter")
    page.wait_for_url("**/ho-so/**")
    page.locator("textarea[name='comment']").first.focus()
    page.keyboard.press("Alt+1")
    assert page.locator("textarea[name='comment']").first.input_value() == "Đề nghị bổ sung căn cứ pháp lý vào dự thảo."
    page.locator("h1").first.click()
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/sang-nay/")
    page.keyboard.press("?")
    dialog.get_by_label("Tắt các phím một chữ trên máy này").check()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.keyboard.press("?")
    dialog.wait_for()
    assert page.url.endswith("/sang-nay/"), "who turned the keys off goes nowhere by accident"
