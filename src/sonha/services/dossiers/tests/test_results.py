"""Drafts in versions, the signed result, its number, and how it reaches the applicant."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from sonha.foundation.files.services import FileRefused, read_bytes
from sonha.foundation.organisations.models import Unit
from sonha.foundation.rendering.docx import office_program, text_of
from sonha.foundation.rendering.tests.paper_reading import text_of as printed_words
from sonha.foundation.signing import services as signing
from sonha.process.cases import engine
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.services.dossiers import drafting, feedback, printing, results
from sonha.services.dossiers.codes import next_document_number
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.tests.people import citizen
from sonha.services.dossiers.tests.permits import Office, at_draft, task_at, to_sign


@pytest.fixture
def office(lang_son: Any) -> Office:
    return Office.open()


def signed_file(dossier: Dossier) -> bytes:
    dossier.refresh_from_db()
    file = dossier.result.file
    assert file is not None
    return read_bytes(file)


def sent(document: bytes, name: str = "sua.docx") -> Any:
    return SimpleUploadedFile(name, document)


def edited(document: bytes, old: str, new: str) -> bytes:
    """The docx as a person hands it back after changing some words."""
    opened = Document(io.BytesIO(document))
    for run in (run for paragraph in opened.paragraphs for run in paragraph.runs):
        run.text = run.text.replace(old, new)
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def test_a_draft_goes_through_versions_and_the_newest_is_signed(office: Office) -> None:
    dossier = at_draft(office)
    task = task_at(dossier, "draft")
    assert not drafting.has_draft(dossier)
    body = drafting.starting_body(dossier, task)
    assert body["bases"][-1] == f"Xét hồ sơ số {dossier.code} của Nông Thị Lan"
    assert len(body["bases"]) == len(set(body["bases"]))
    assert not any("61/2018" in line for line in body["bases"]), "a basis that is not printed"

    first = drafting.draft_result(dossier, task, actor=office.specialist, note="Theo mẫu")
    second = drafting.draft_result(
        dossier, task, actor=office.specialist, bases=["Căn cứ Luật A;"], paragraphs=["Điều 1. Cho phép bà Lan.", "Điều 2. Hiệu lực."]
    )
    assert [each.number for each in drafting.versions(dossier)] == [2, 1]
    assert first.body["note"] == "Theo mẫu" and second.created_by == office.specialist.user
    assert b"/SonhaMark" in read_bytes(second.file), "the preview bears the mark of a draft"

    third = drafting.restore_draft(dossier, task, 1, actor=office.specialist)
    assert third.number == 3 and third.body["paragraphs"] == first.body["paragraphs"]
    pieces = [piece for line in drafting.compare(*(drafting.words_of(dossier, each) for each in (second, third))) for piece in line]
    assert any(piece.change == "gone" and "A." in piece.words.split() for piece in pieces)
    assert any(piece.change == "new" and "khai thác" in piece.words for piece in pieces)
    with pytest.raises(ActionRefused, match="Không có bản"):
        drafting.restore_draft(dossier, task, 9, actor=office.specialist)
    with pytest.raises(NotAllowed):
        drafting.draft_result(dossier, task, actor=office.clerk)

    engine.act(to_sign(office, dossier).pk, "sign", actor=office.leader)
    engine.act(task_at(dossier, "number").pk, "number", actor=office.clerk)
    dossier.refresh_from_db()
    printed = " ".join(printed_words(signed_file(dossier)).split())
    assert b"/SonhaMark" not in signed_file(dossier) and "TM. ỦY BAN NHÂN DÂN TỈNH" not in printed
    assert all(line in printed for line in ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lê Văn Sơn"))
    assert "PHỤ LỤC" in printed and "GK1" in printed, "the wells that the text promises"
    assert signing.verify_pdf(signed_file(dossier)).valid


@pytest.mark.skipif(office_program() is None, reason="needs LibreOffice, which is optional")
def test_a_docx_edited_elsewhere_is_what_gets_signed(office: Office) -> None:
    dossier = at_draft(office)
    task = task_at(dossier, "draft")
    template = drafting.draft_docx(dossier, drafting.starting_body(dossier, task))
    assert any("Giếng khoan hộ bà Lan" in line for line in text_of(template))

    plain = io.BytesIO()
    other = Document()
    other.add_paragraph("Một văn bản khác")
    other.save(plain)
    with pytest.raises(ActionRefused, match="chỗ đặt số và chữ ký"):
        drafting.upload_draft(dossier, task, sent(plain.getvalue()), actor=office.specialist)
    with pytest.raises(FileRefused):
        drafting.upload_draft(dossier, task, sent(b"%PDF-1.7 not a docx"), actor=office.specialist)
    assert not drafting.has_draft(dossier)

    changed = edited(template, "Giếng khoan hộ bà Lan", "Giếng khoan số 2")
    draft = drafting.upload_draft(dossier, task, sent(changed), actor=office.specialist, note="Sửa tên")
    assert draft.source and draft.printable and draft.body["name"] == "sua.docx"
    assert drafting.docx_of(dossier, draft) == read_bytes(draft.source)
    assert drafting.has_draft(dossier)

    engine.act(to_sign(office, dossier).pk, "sign", actor=office.leader)
    engine.act(task_at(dossier, "number").pk, "number", actor=office.clerk)
    dossier.refresh_from_db()
    signed = signed_file(dossier)
    printed = printed_words(signed)
    assert "Giếng khoan số 2" in printed and "Số: 01/GP-UBND" in printed and dossier.result.check_code in printed
    report = signing.verify_pdf(signed)
    assert report.valid and not report.altered and len(report.signatures) == 3


def test_a_leader_signs_several_at_once_and_hears_of_each(office: Office) -> None:
    lan = citizen()
    dossiers = [at_draft(office, lan), at_draft(office, lan)]
    tasks = []
    for dossier in dossiers:
        drafting.draft_result(dossier, task_at(dossier, "draft"), actor=office.specialist)
        tasks.append(to_sign(office, dossier).pk)
    outcome = engine.act_on_many([*tasks, tasks[0], 10**9], "sign", actor=office.leader)
    assert [each.done for each in outcome] == [True, True, False, False]
    assert all(each.sentence for each in outcome if not each.done)
    for dossier in dossiers:
        dossier.refresh_from_db()
        assert signing.verify_pdf(signed_file(dossier)).signatures[0].signer_name == "Lê Văn Sơn"


def at_hand_over(office: Office) -> Dossier:
    dossier = at_draft(office)
    drafting.draft_result(dossier, task_at(dossier, "draft"), actor=office.specialist)
    engine.act(to_sign(office, dossier).pk, "sign", actor=office.leader)
    engine.act(task_at(dossier, "number").pk, "number", actor=office.clerk)
    return dossier


def test_a_result_is_handed_to_a_person_or_sent_with_a_number(office: Office) -> None:
    dossier = at_hand_over(office)
    task = task_at(dossier, "hand_over")
    with pytest.raises(ActionRefused) as missing:
        results.return_result(dossier, task, actor=office.desk, how="post", details={"address": ""})
    assert set(missing.value.errors) == {"address", "parcel"}
    with pytest.raises(ActionRefused) as nobody:
        results.return_result(dossier, task, actor=office.desk, how="desk", to="  ")
    assert set(nobody.value.errors) == {"to"}

    details = {"identity": "020301001234", "relation": "con", "parcel": "không dùng"}
    result = results.return_result(dossier, task, actor=office.desk, how="desk", to="Nông Văn Minh", details=details)
    dossier.refresh_from_db()
    assert dossier.state == "granted" and result.handed_over_at and result.handed_over_how == "desk"
    assert (result.handed_over_to, result.handed_over_details) == ("Nông Văn Minh", {"identity": "1234", "relation": "con"})
    feedback.rate(dossier, office.desk, score="5", comment="Tốt")
    with pytest.raises(ActionRefused):
        feedback.rate(dossier, office.desk, score="4", comment="")


def test_a_result_by_post_keeps_the_parcel(office: Office) -> None:
    dossier = at_hand_over(office)
    details = {"address": "Thôn Nà Chuông", "carrier": "VNPost", "parcel": "RL123456789VN"}
    result = results.return_result(dossier, task_at(dossier, "hand_over"), actor=office.desk, how="post", details=details)
    assert (result.handed_over_how, result.handed_over_details, result.handed_over_to) == ("post", details, dossier.owner_name)


def test_document_numbers_have_no_gaps_by_body_year_and_symbol(lang_son: Any) -> None:
    committee, department = Unit.objects.get(code="UBND"), Unit.objects.get(code="STNMT")

    @transaction.atomic
    def number(unit: Unit, pattern: str, year: int) -> str:
        return next_document_number(unit, pattern, year)

    assert [number(committee, "{number}/GP-UBND", 2026) for _ in range(3)] == ["01/GP-UBND", "02/GP-UBND", "03/GP-UBND"]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        next_document_number(committee, "{number}/GP-UBND", 2026)
        raise ZeroDivisionError
    assert number(committee, "{number}/GP-UBND", 2026) == "04/GP-UBND", "a number that was not used is given to the next"
    assert number(committee, "{number}/QĐ-UBND", 2026) == "01/QĐ-UBND"
    assert number(department, "{number}/GP-UBND", 2026) == "01/GP-UBND"
    assert number(committee, "{number}/GP-UBND", 2027) == "01/GP-UBND"
    assert number(committee, "{number}/{year}/GP", 2027) == "01/2027/GP"


@given(st.lists(st.text(alphabet="ab ", max_size=8), max_size=8), st.lists(st.text(alphabet="ab ", max_size=8), max_size=8))
def test_a_comparison_loses_no_word_of_either_version(old: list[str], new: list[str]) -> None:
    shown = [piece for line in drafting.compare(old, new) for piece in line]
    before = " ".join(piece.words for piece in shown if piece.change != "new").split()
    after = " ".join(piece.words for piece in shown if piece.change != "gone").split()
    assert after == " ".join(new).split()
    assert sorted(before) == sorted(" ".join(old).split())


def test_polygons_are_printed_with_their_corners() -> None:
    square = {"type": "Polygon", "coordinates": [[[106.7, 21.8], [106.8, 21.8], [106.8, 21.9], [106.7, 21.8]]]}
    assert list(printing._points(square)) == [(106.7, 21.8), (106.8, 21.8), (106.8, 21.9)]
