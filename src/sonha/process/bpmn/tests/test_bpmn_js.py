"""A process drawn with the real bpmn-js runs here, and what we export opens there."""

from typing import TYPE_CHECKING, Any

import pytest

from sonha.foundation.access.actor import Actor
from sonha.process.bpmn.export import to_bpmn
from sonha.process.bpmn.importing import Import, from_bpmn
from sonha.process.bpmn.tests.samples import FILES, PROVINCE, declared_flows
from sonha.process.cases import engine
from sonha.process.cases.models import Case
from sonha.process.cases.tests.kit import act, open_steps, units, verbs, waiting
from sonha.process.flows.services import publish_flow, publishing_errors

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROCEDURES = {path.stem for path in (PROVINCE / "procedures").glob("*.yaml")}
MODELLED = {name.rpartition("-")[0]: flow for name, flow in declared_flows() if name.rpartition("-")[0] in PROCEDURES}
"""The newest version of each of the twelve procedures."""
DRAWN = FILES / "site_check_bpmn_js.bpmn"


def imported() -> Import:
    return from_bpmn(DRAWN.read_bytes())


def started(found: Import, **answers: Any) -> Case:
    version = publish_flow("kiem_tra_thuc_dia", found.flow)
    return engine.start(version, actor=Actor.system("test"), actors=units(), data=answers)


def on(case: Case, *steps: str) -> None:
    for step in steps:
        act(case, step, "hoan_thanh")


def test_what_cannot_be_taken_over_as_drawn_is_told() -> None:
    notes = [note.message for note in imported().notes]
    assert "Các bước trong nhóm «Lập biên bản» được đưa ra quy trình chính." in notes
    assert "Hẹn giờ ở bước «Đo đạc tại chỗ» trở thành thời hạn của bước; hãy kiểm tra là ngày thường hay ngày làm việc." in notes
    assert "Đường đi khi có sự kiện hẹn giờ ở bước «Lấy ý kiến các hộ liền kề» trở thành một hành động để người xử lý chọn." in notes
    assert "Làn «Lãnh đạo Sở» được hiểu là vai trò «Lãnh đạo», đơn vị «Cơ quan»." in notes


@pytest.mark.django_db
def test_it_is_sound_and_comes_back_equal() -> None:
    found = imported()
    assert publishing_errors("kiem_tra_thuc_dia", found.flow) == []
    again = from_bpmn(to_bpmn(found.flow, name="Kiểm tra thực địa", positions=found.positions))
    assert (again.flow, again.notes, again.positions) == (found.flow, [], found.positions)


@pytest.mark.django_db
def test_it_runs_to_its_end_over_the_parallel_branches_and_the_steps_of_the_sub_process() -> None:
    case = started(imported(), area=700, result="pass")
    assert waiting(case, "tiep_nhan_de_nghi").role == "receptionist"
    on(case, "tiep_nhan_de_nghi")
    assert open_steps(case) == ["do_dac_tai_cho", "lay_y_kien_cac_ho_lien_ke"]
    measure = waiting(case, "do_dac_tai_cho")
    assert measure.limit == {"amount": 5, "unit": "calendar_days"} and measure.due_at
    on(case, "do_dac_tai_cho")
    assert open_steps(case) == ["lay_y_kien_cac_ho_lien_ke"]
    act(case, "lay_y_kien_cac_ho_lien_ke", "khong_tra_loi")
    on(case, "viet_bien_ban", "doc_lai_bien_ban")
    assert open_steps(case) == ["ky_thong_bao_ket_qua"]
    on(case, "ky_thong_bao_ket_qua")
    assert (case.state, case.outcome) == ("completed", "granted")
    assert verbs(case).count("task.done") == 6


@pytest.mark.django_db
def test_its_conditions_decide_the_way() -> None:
    case = started(imported(), area=80, result="fail")
    on(case, "tiep_nhan_de_nghi", "kiem_tra_tren_ho_so")
    assert (case.state, case.outcome) == ("completed", "refused")


@pytest.mark.django_db
def test_drawing_it_again_gives_the_same_process_and_our_exports_open_without_a_warning(browser: "Browser") -> None:
    from sonha.process.bpmn.tests import bpmn_js

    assert len(MODELLED) == 12
    page = bpmn_js.modeler(browser)
    assert from_bpmn(bpmn_js.drawn(page).encode()).flow == imported().flow
    for name, flow in [*MODELLED.items(), ("drawn", imported().flow)]:
        told = bpmn_js.opened(page, to_bpmn(flow, name=name))
        assert told["warnings"] == [], name
        kinds = [step["kind"] for step in flow["steps"]]
        drawn = told["shapes"]
        assert drawn.count("bpmn:UserTask") == kinds.count("task"), name
        assert drawn.count("bpmn:EndEvent") == kinds.count("end"), name
        assert drawn.count("bpmn:SequenceFlow") == len(flow["transitions"]) + 1, name
        assert from_bpmn(told["xml"].encode()).flow == flow, name
    page.close()
