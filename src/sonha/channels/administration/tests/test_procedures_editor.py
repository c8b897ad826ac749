"""The administrator edits a draft: every refusal keeps what was typed, everything is audited, nothing wrong is published."""

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.foundation.organisations.models import Position, Unit
from sonha.process.bpmn.export import to_bpmn
from sonha.provinces.tests.declared import declared
from sonha.services.procedures import services
from sonha.services.procedures.models import Procedure, ProcedureVersion
from sonha.testing.confirming import confirmed

pytestmark = pytest.mark.django_db
DRILLING = next(item for item in declared("procedures") if str(item) == "drilling_practice-v1")
EDITOR = "/quan-tri/thu-tuc/866/soan/{}/"


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(official("administrator"))
    return client


@pytest.fixture
def procedure() -> Procedure:
    """STT 866 with its real declaration in force, and its units."""
    for code in ("UBND", "STNMT", "STNMT.NUOC"):
        Unit.objects.get_or_create(code=code, defaults={"name": code, "kind": Unit.Kind.DEPARTMENT, "valid_from": date(2010, 1, 1)})
    made = Procedure.objects.create(
        stt=866, name="Cấp phép hành nghề khoan nước dưới đất", agency_raw="Sở", declaration="drilling_practice"
    )
    version = {**DRILLING.version, "valid_to": None}
    services.publish_version(made, version, key="drilling_practice", actor=Actor.system("test"))
    return made


@pytest.fixture
def draft(procedure: Procedure) -> ProcedureVersion:
    return services.start_draft(procedure, actor=Actor.system("test"))


def official(role: str) -> Any:
    user = get_user_model().objects.create_user(role, "x", kind="official", full_name=f"Người {role}")
    unit = Unit.objects.create(code=f"U.{role}", name="Văn phòng", kind=Unit.Kind.DEPARTMENT, valid_from=date(2018, 1, 1))
    Position.objects.create(user=user, unit=unit, role=role, valid_from=date(2018, 1, 1))
    return user


def edit(client: Client, section: str, do: str, query: str = "", **values: Any) -> Any:
    """A post as the page would send it, with the revision that the page shows now."""
    address = EDITOR.format(section) + query
    page = client.get(address)
    sent = {name.replace("__", "."): value for name, value in values.items()}
    return client.post(address, {"revision": page.context["revision"], "do": do, **sent})


def whole(draft: ProcedureVersion) -> dict[str, Any]:
    return services.as_declaration(ProcedureVersion.objects.get(pk=draft.pk))


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_a_declaration_with_much_left_out_still_opens_everywhere(administrator: Client, draft: ProcedureVersion) -> None:
    bare = {"key": "x", "flow": {"steps": [], "transitions": []}, "form": {"sections": []}}
    services.save_draft(draft, bare)
    for section in ("thong-tin", "giay-to", "to-khai", "cac-buoc", "thoi-han", "phi", "phan-cong", "ket-qua", "cong-bo"):
        assert administrator.get(EDITOR.format(section)).status_code == 200
        for place in ("about", "papers/new", "fees", "fees/rules/new", "form/sections/new"):
            assert administrator.get(EDITOR.format(section), {"muc": place}).status_code == 200
    assert administrator.get(reverse("administration:procedure_version", args=[866, 2])).status_code == 200
    edit(administrator, "giay-to", "save@papers/new", title="Đơn đề nghị", form="original", required__mode="yes")
    assert whole(draft)["papers"][0]["code"] == "don_de_nghi"


@pytest.mark.parametrize("role", ["specialist", "leader", "auditor"])
def test_only_administrators_edit_procedures(client: Client, draft: ProcedureVersion, role: str) -> None:
    client.force_login(official(role))
    for name, arguments in (
        ("procedure_list", []), ("quality", []), ("reminders", []), ("procedure_card", [866]), ("procedure_draft", [866, "phi"]),
        ("procedure_version", [866, 2]), ("procedure_yaml", [866, 2]), ("procedure_moving", [866]),
    ):  # fmt: skip
        assert client.get(reverse(f"administration:{name}", args=arguments)).status_code == 403


def test_a_draft_begins_from_what_is_in_force(administrator: Client, procedure: Procedure) -> None:
    answer = administrator.post(reverse("administration:procedure_begin", args=[866]))
    assert answer.url == EDITOR.format("thong-tin")
    draft = procedure.versions.get(state="draft")
    assert draft.number == 2 and whole(draft)["key"] == "drilling_practice" and "valid_to" not in whole(draft)
    assert "Chưa có gì khác" in administrator.get(EDITOR.format("cong-bo")).content.decode()
    assert verbs()[-1] == "procedure.drafted"


def test_the_draft_of_a_family_default_gets_a_key_of_its_own(procedure: Procedure) -> None:
    other = Procedure.objects.create(stt=5, name="Thủ tục khác", agency_raw="Sở")
    services.publish_version(other, DRILLING.version, key="generic", family="generic", actor=Actor.system("test"))
    draft = services.start_draft(other, actor=Actor.system("test"))
    assert whole(draft)["key"] == "stt_5" and "family" not in whole(draft)


@pytest.mark.parametrize("section", ["thong-tin", "giay-to", "to-khai", "cac-buoc", "thoi-han", "phi", "phan-cong", "ket-qua", "cong-bo"])
def test_every_section_opens_also_with_each_of_its_elements(administrator: Client, draft: ProcedureVersion, section: str) -> None:
    opened = {
        "thong-tin": ["about", "legal_basis/0", "legal_basis/new"],
        "giay-to": ["papers/1", "papers/new"],
        "to-khai": ["form/sections/0", "form/sections/1/fields/3", "form/sections/2/fields/new", "form/sections/3/fields/0/fields/1"],
        "cac-buoc": [*(f"flow/steps/{place}" for place in range(27)), "flow/transitions/5"],
        "phi": ["fees", "fees/rules/0", "fees/rules/new"],
        "phan-cong": ["routing", "routing/rules/new"],
    }
    for place in ["", *opened.get(section, ()), "papers/99", "nowhere/1"]:
        page = administrator.get(EDITOR.format(section), {"muc": place})
        assert page.status_code == 200
        assert (place in opened.get(section, ())) == (page.context["sheet"] is not None) or section == "ket-qua"


def test_a_fee_is_changed_and_the_audit_log_says_who(administrator: Client, draft: ProcedureVersion) -> None:
    answer = edit(administrator, "phi", "save@fees/rules/0", then__title="Phí thẩm định", then__amount="1.600.000", then__kind="fee")
    assert answer.status_code == 302
    assert whole(draft)["fees"]["rules"][0]["then"]["amount"] == 1600000
    event = Event.objects.latest("pk")
    assert event.verb == "procedure.draft_changed" and event.actor_label.startswith("Người administrator")


def test_a_wrong_amount_comes_back_as_typed(administrator: Client, draft: ProcedureVersion) -> None:
    answer = edit(administrator, "phi", "save@fees/rules/0", then__title="Phí mới", then__amount="một triệu", then__kind="fee")
    page = answer.content.decode()
    assert answer.status_code == 422 and "một triệu" in page and "Phí mới" in page and "không phải là số" in page
    assert whole(draft)["fees"]["rules"][0]["then"]["amount"] == 1400000


def test_a_page_overtaken_by_another_is_refused_and_keeps_what_was_typed(administrator: Client, draft: ProcedureVersion) -> None:
    stale = administrator.get(EDITOR.format("phi")).context["revision"]
    edit(administrator, "phi", "save@fees/rules/0", then__title="Phí", then__amount="1", then__kind="fee")
    sent = {"revision": stale, "do": "save@fees/rules/0", "then.title": "Phí thứ hai", "then.amount": "2", "then.kind": "fee"}
    answer = administrator.post(EDITOR.format("phi"), sent)
    assert answer.status_code == 422 and "sửa ở nơi khác" in answer.content.decode() and "Phí thứ hai" in answer.content.decode()
    assert whole(draft)["fees"]["rules"][0]["then"]["amount"] == 1


def test_rows_are_added_moved_and_taken_away(administrator: Client, draft: ProcedureVersion) -> None:
    edit(administrator, "phi", "save@fees/rules/new", then__title="Lệ phí cấp phép", then__amount="150000", then__kind="charge",
         when__mode="all", **{"when.0.field": "scale", "when.0.op": "eq", "when.0.value": "Quy mô vừa"})  # fmt: skip
    rules = whole(draft)["fees"]["rules"]
    assert rules[1]["then"]["code"] == "le_phi_cap_phep" and rules[1]["when"] == {"field": "scale", "eq": "medium"}
    edit(administrator, "phi", "up@fees/rules/1")
    assert whole(draft)["fees"]["rules"][0]["then"]["code"] == "le_phi_cap_phep"
    edit(administrator, "phi", "remove@fees/rules/0")
    assert [rule["then"]["code"] for rule in whole(draft)["fees"]["rules"]] == ["appraisal"]


def test_the_table_is_tried_without_keeping_anything(administrator: Client, draft: ProcedureVersion) -> None:
    edit(administrator, "phi", "save@fees/rules/new", then__title="Phí quy mô vừa", then__amount="500000", then__kind="fee",
         when__mode="all", **{"when.0.field": "scale", "when.0.op": "eq", "when.0.value": "medium"})  # fmt: skip
    before = whole(draft)
    page = administrator.get(EDITOR.format("phi"), {"thu": "1", "thu:scale": "medium", "ngay": "01/03/2020"})
    assert page.context["trial"]["matched"] == [0, 1] and page.context["trial"]["total"] == 1900000
    page = administrator.get(EDITOR.format("phi"), {"thu": "1", "thu:scale": "small", "ngay": "01/03/2020"})
    assert page.context["trial"]["matched"] == [0]
    assert whole(draft) == before


def test_a_field_is_added_and_drawn_by_the_form_engine(administrator: Client, draft: ProcedureVersion) -> None:
    answer = edit(administrator, "to-khai", "save@form/sections/1/fields/new", label="Số máy khoan", type="integer", unit="máy",
                  required__mode="yes", when__mode="no", min="1")  # fmt: skip
    field = whole(draft)["form"]["sections"][1]["fields"][-1]
    assert field == {"key": "so_may_khoan", "type": "integer", "label": "Số máy khoan", "required": True, "unit": "máy", "min": 1}
    page = administrator.get(answer.url)
    assert 'name="preview:so_may_khoan"' in page.content.decode()


def test_an_official_s_form_is_edited_like_the_citizen_s(administrator: Client, draft: ProcedureVersion) -> None:
    place = next(index for index, step in enumerate(whole(draft)["flow"]["steps"]) if step["key"] == "appraise")
    edit(administrator, "to-khai", f"save@flow/steps/{place}/form/sections/0/fields/new", "?cua=appraise", label="Ghi chú", type="textarea")
    assert whole(draft)["flow"]["steps"][place]["form"]["sections"][0]["fields"][-1]["key"] == "ghi_chu"


def test_a_step_is_added_moved_and_taken_away(administrator: Client, draft: ProcedureVersion) -> None:
    values = {
        "title": "Họp hội đồng",
        "kind": "task",
        "role": "head",
        "unit": "division",
        "limit__amount": "2",
        "limit__unit": "working_days",
    }
    edit(administrator, "cac-buoc", "add-step@", how="after", after="field_check", **values)
    flow = whole(draft)["flow"]
    step = next(step for step in flow["steps"] if step["key"] == "hop_hoi_dong")
    assert step["limit"] == {"amount": 2, "unit": "working_days"}
    assert [way["to"] for way in flow["transitions"] if way["from"] == "field_check"] == ["hop_hoi_dong"]
    place = flow["steps"].index(step)
    edit(administrator, "cac-buoc", f"move-step@flow/steps/{place}", after="draft")
    flow = whole(draft)["flow"]
    assert "hop_hoi_dong" in {way["to"] for way in flow["transitions"] if way["from"] == "draft"}
    place = next(index for index, each in enumerate(flow["steps"]) if each["key"] == "hop_hoi_dong")
    edit(administrator, "cac-buoc", f"remove@flow/steps/{place}")
    assert all(step["key"] != "hop_hoi_dong" for step in whole(draft)["flow"]["steps"])


def test_a_step_others_depend_on_stays_and_the_reason_is_told(administrator: Client, draft: ProcedureVersion) -> None:
    place = next(index for index, step in enumerate(whole(draft)["flow"]["steps"]) if step["key"] == "appraise")
    answer = edit(administrator, "cac-buoc", f"remove@flow/steps/{place}")
    assert answer.status_code == 422 and "có điều kiện dùng thông tin của bước này" in answer.content.decode()


def test_all_limits_are_kept_together_or_not_at_all(administrator: Client, draft: ProcedureVersion) -> None:
    answer = edit(administrator, "thoi-han", "limits@", total__amount="25", total__unit="working_days", total__source="steps",
                  **{"step.assign.amount": "không rõ", "step.assign.unit": "working_days"})  # fmt: skip
    assert answer.status_code == 422 and "không rõ" in answer.content.decode()
    assert whole(draft)["time_limit"]["amount"] == 21
    edit(administrator, "thoi-han", "limits@", total__amount="25", total__unit="working_days", total__source="steps",
         **{"step.assign.amount": "4", "step.assign.unit": "working_hours", "step.assign.stop": "on"})  # fmt: skip
    step = next(step for step in whole(draft)["flow"]["steps"] if step["key"] == "assign")
    assert step["limit"] == {"amount": 4, "unit": "working_hours", "source": "step_limits"} and step["clock"] == "stop"
    assert whole(draft)["time_limit"] == {"amount": 25, "unit": "working_days", "source": "steps"}


def test_what_is_broken_is_told_with_a_link_and_is_not_published(administrator: Client, draft: ProcedureVersion) -> None:
    fields = whole(draft)["form"]["sections"][1]["fields"]
    place = next(index for index, field in enumerate(fields) if field["key"] == "scale")
    edit(administrator, "to-khai", f"remove@form/sections/1/fields/{place}")
    page = administrator.get(EDITOR.format("cong-bo"))
    wrong = [each for each in page.context["told"] if each.finding.level == "error"]
    assert any("answers.scale" in each.finding.message and each.url.startswith(EDITOR.format("ket-qua")) for each in wrong)
    answer = publish(administrator, "01/03/2027")
    assert answer.status_code == 422 and "lỗi phải sửa" in answer.content.decode()
    assert ProcedureVersion.objects.get(pk=draft.pk).state == "draft"


def publish(client: Client, day: str) -> Any:
    seen = client.get(EDITOR.format("cong-bo")).context["seen"]
    return client.post(reverse("administration:procedure_publish", args=[866]), {"valid_from": day, "seen": seen})


def test_an_unchanged_draft_is_not_a_version(administrator: Client, draft: ProcedureVersion) -> None:
    answer = publish(administrator, "01/03/2027")
    assert answer.status_code == 422 and "chưa khác gì" in answer.content.decode()


@pytest.mark.parametrize("day", ["", "hôm nay", "31/02/2027"])
def test_a_day_that_is_none_is_refused_and_kept(administrator: Client, draft: ProcedureVersion, day: str) -> None:
    answer = publish(administrator, day)
    assert answer.status_code == 422 and "ngày bắt đầu áp dụng" in answer.content.decode() and f'value="{day}"' in answer.content.decode()


def test_publishing_makes_a_version_from_its_day_on(administrator: Client, procedure: Procedure, draft: ProcedureVersion) -> None:
    edit(administrator, "phi", "save@fees/rules/0", then__title="Phí thẩm định", then__amount="1.600.000", then__kind="fee")
    assert publish(administrator, "01/03/2020").url == reverse("administration:procedure_card", args=[866])
    procedure.refresh_from_db()
    version = procedure.versions.get(number=2)
    assert version.state == "published" and version.valid_from == date(2020, 3, 1) and version.published_by
    assert procedure.fully_modelled and not procedure.versions.filter(state="draft").exists()
    assert version.content["fees"]["rules"][0]["then"]["amount"] == 1600000
    assert verbs()[-1] == "procedure.published"


def test_a_version_is_retired_with_a_reason_that_names_nobody(administrator: Client, procedure: Procedure) -> None:
    address = reverse("administration:procedure_retire", args=[866, 1])
    for reason, words in (("", "Hãy ghi lý do"), ("gọi 0912345678", "số điện thoại")):
        answer = administrator.post(address, {"reason": reason})
        assert answer.status_code == 422 and words in answer.content.decode() and reason in answer.content.decode()
    assert confirmed(administrator, address, {"reason": "Luật mới có hiệu lực"}).status_code == 302
    assert procedure.versions.get().state == "retired"
    assert Event.objects.latest("pk").payload["reason"] == "Luật mới có hiệu lực"


def test_a_draft_thrown_away_leaves_the_version_in_force(administrator: Client, procedure: Procedure, draft: ProcedureVersion) -> None:
    administrator.post(reverse("administration:procedure_discard", args=[866]))
    assert list(procedure.versions.values_list("number", flat=True)) == [1] and verbs()[-1] == "procedure.draft_discarded"


def bring(client: Client, what: str, name: str, content: bytes) -> Any:
    file = io.BytesIO(content)
    file.name = name
    return client.post(reverse("administration:procedure_bring", args=[866]), {"what": what, "file": file})


def test_bpmn_goes_out_is_redrawn_and_comes_back_only_when_confirmed(administrator: Client, draft: ProcedureVersion) -> None:
    before = whole(draft)
    flow = {
        **before["flow"],
        "steps": [{**step, "title": "Khảo sát"} if step["key"] == "field_check" else step for step in before["flow"]["steps"]],
    }
    shown = bring(administrator, "bpmn", "ve-lai.bpmn", to_bpmn(flow, name="866"))
    assert shown.status_code == 200 and "«Khảo sát»" in shown.content.decode() and whole(draft) == before
    administrator.post(reverse("administration:procedure_confirm", args=[866]), {"token": shown.context["token"]})
    assert any(step.get("title") == "Khảo sát" for step in whole(draft)["flow"]["steps"])


def test_a_whole_declaration_goes_out_and_comes_back(administrator: Client, draft: ProcedureVersion) -> None:
    for name in ("procedure_yaml", "procedure_json"):
        content = administrator.get(reverse(f"administration:{name}", args=[866, 1])).content
        shown = bring(administrator, "declaration", "khai-bao", content)
        assert shown.status_code == 200 and shown.context["changes"] == [] and shown.context["errors"] == []
    whole_file = json.loads(content)
    whole_file["fees"]["rules"][0]["then"]["amount"] = 7
    shown = bring(administrator, "declaration", "khai-bao.json", json.dumps(whole_file).encode())
    administrator.post(reverse("administration:procedure_confirm", args=[866]), {"token": shown.context["token"]})
    assert whole(draft)["fees"]["rules"][0]["then"]["amount"] == 7


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n" + (
    "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\nform: {x: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]}\nflow: {}\n"
)


@pytest.mark.parametrize(
    ("what", "content", "words"),
    [
        ("bpmn", b"<html/>", "không phải là BPMN"),
        ("bpmn", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "DOCTYPE"),
        ("declaration", b"\xff\xfe", "không đọc được"),
        ("declaration", b"form: [", "không đọc được"),
        ("declaration", b"- 1\n- 2\n", "không phải là khai báo"),
        ("declaration", b"form: {sections: 5}\nflow: {steps: []}\n", "form.sections"),
        ("declaration", b"form: {}\nflow: {}\noutcome: permit\n", "outcome"),
        ("declaration", b"form: {}\nflow: {x: !!python/object/apply:os.system [ls]}\n", "không đọc được"),
        ("declaration", BOMB.encode(), "quá nhiều phần tử"),
        ("declaration", b"x" * 1_000_001, "lớn hơn 1 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    administrator: Client, draft: ProcedureVersion, what: str, content: bytes, words: str
) -> None:
    before = whole(draft)
    answer = bring(administrator, what, "tep", content)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert whole(draft) == before


def test_a_proposal_is_not_kept_over_later_work(administrator: Client, draft: ProcedureVersion) -> None:
    content = administrator.get(reverse("administration:procedure_json", args=[866, 1])).content
    token = bring(administrator, "declaration", "khai-bao.json", content).context["token"]
    edit(administrator, "phi", "save@fees/rules/0", then__title="Phí", then__amount="5", then__kind="fee")
    answer = administrator.post(reverse("administration:procedure_confirm", args=[866]), {"token": token})
    assert answer.status_code == 422 and whole(draft)["fees"]["rules"][0]["then"]["amount"] == 5
    assert administrator.post(reverse("administration:procedure_confirm", args=[866]), {"token": "forged"}).status_code == 404


WILD: list[Callable[[], dict[str, str]]] = [
    lambda: {"do": ""},
    lambda: {"do": "save@"},
    lambda: {"do": "save@../../etc"},
    lambda: {"do": "remove@flow"},
    lambda: {"do": "remove@key"},
    lambda: {"do": "up@fees"},
    lambda: {"do": "remove@fees"},
    lambda: {"do": "add-way@flow/steps/999"},
    lambda: {"do": "move-step@flow/steps/0", "after": "nowhere"},
    lambda: {"do": "add-step@", "title": "Bước", "kind": "rocket", "after": "assign"},
    lambda: {"do": "explode@papers/0"},
]


@pytest.mark.parametrize("sent", WILD)
@pytest.mark.parametrize("section", ["cac-buoc", "phi"])
def test_posts_no_page_sends_change_nothing(
    administrator: Client, draft: ProcedureVersion, section: str, sent: Callable[[], dict[str, str]]
) -> None:
    before = whole(draft)
    revision = administrator.get(EDITOR.format(section)).context["revision"]
    assert administrator.post(EDITOR.format(section), {"revision": revision, **sent()}).status_code == 422
    assert whole(draft) == before


def test_the_catalogue_is_found_without_marks_and_filtered(administrator: Client, draft: ProcedureVersion) -> None:
    Procedure.objects.create(stt=5, name="Thủ tục khác", agency_raw="Sở", defects=["code_missing"], code_pattern="missing")
    address = reverse("administration:procedure_list")
    found = {
        query: [each.stt for each in administrator.get(f"{address}?{query}").context["page"]]
        for query in ("q=hanh nghe khoan", "state=draft", "state=defect", "defect=code_missing", "pattern=missing", "state=modelled")
    }
    assert found == {
        "q=hanh nghe khoan": [866], "state=draft": [866], "state=defect": [5], "defect=code_missing": [5], "pattern=missing": [5],
        "state=modelled": [],
    }  # fmt: skip
    assert administrator.get(reverse("administration:quality")).context["report"].rows == 2


def test_reminder_rules_are_kept_together_or_refused_in_words(administrator: Client) -> None:
    from sonha.process.cases.models import ReminderRule

    address = reverse("administration:reminders")
    answer = administrator.post(address, {"0.stage": "before", "0.days": "0", "0.recipient": "holder"})
    assert answer.status_code == 422 and "Số ngày nhắc trước" in answer.content.decode()
    rules = {"0.stage": "before", "0.days": "2", "0.recipient": "holder", "1.stage": "late", "1.days": "", "1.recipient": "head"}
    confirmed(administrator, address, rules)
    assert set(ReminderRule.objects.values_list("stage", "days", "recipient")) == {("before", 2, "holder"), ("late", 0, "head")}
