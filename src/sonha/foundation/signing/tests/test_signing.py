"""A leader signs, the agency seals, and every reader can see and check it."""

import asyncio
import re
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader

from sonha.foundation.rendering import docx, papers
from sonha.foundation.rendering.samples import samples
from sonha.foundation.rendering.tests.paper_reading import boxes_of, fonts_of, text_of, words_in
from sonha.foundation.rendering.tests.test_docx import CONTEXT
from sonha.foundation.rendering.words import place_and_date
from sonha.foundation.signing import pki, services
from sonha.foundation.signing.models import Certificate
from sonha.foundation.signing.pades import Box, sign_pdf
from sonha.foundation.signing.signers import SigningFailed, SoftwareSigner
from sonha.foundation.signing.stamps import POINTS_PER_MM, StampContext, draw
from sonha.foundation.signing.tests.conftest import software_credential
from sonha.foundation.signing.timestamps import local_timestamper
from sonha.foundation.signing.verification import verify


def annotation_boxes(pdf: bytes) -> dict[str, list[float]]:
    """Field name to rectangle in mm, origin lower left."""
    fields = PdfFileReader(BytesIO(pdf)).root["/AcroForm"]["/Fields"]
    return {str(one["/T"]): [float(edge) / POINTS_PER_MM for edge in one["/Rect"]] for one in map(fields.__getitem__, range(len(fields)))}


def test_both_signatures_hold_and_say_who_signed(signed: bytes, signed_between: tuple[datetime, datetime]):
    verdict = services.verify_pdf(signed)
    assert verdict.valid and not verdict.altered
    leader, seal = verdict.signatures
    assert (leader.signer_name, leader.position, leader.unit) == (
        "Nguyễn Trọng Khuyến",
        "Phó Chủ tịch",
        "Ủy ban nhân dân tỉnh Lạng Sơn",
    )
    assert leader.modification_level == "extended" and not leader.covers_whole_document
    assert seal.modification_level == "none" and seal.covers_whole_document
    assert "THỬ NGHIỆM" in leader.issuer and leader.test
    begun, ended = signed_between
    assert all(one.timestamp_at and begun <= one.timestamp_at <= ended for one in verdict.signatures)
    assert any("thử nghiệm" in str(message) for message in verdict.messages)


def test_poppler_finds_both_signatures_valid(signed: bytes, tmp_path: Path):
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    said = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    assert "Nguyễn Trọng Khuyến" in said
    assert "Total document signed" in said


def test_the_stamps_can_be_read_and_bring_their_fonts(signed: bytes, tmp_path: Path):
    text = words_in(text_of(signed))
    assert "Ký bởi: Nguyễn Trọng Khuyến" in text
    assert "Chức vụ: Phó Chủ tịch" in text
    assert re.search(r"Ngày ký: \d\d/\d\d/\d{4} \d\d:\d\d:\d\d \+07:00", text)
    assert all(embedded and face.startswith("Tinos") for face, embedded in fonts_of(signed, tmp_path))


def test_the_stamp_stands_between_position_and_name_and_the_seal_covers_a_third_of_itself(signed: bytes):
    boxes = annotation_boxes(signed)
    person, seal = boxes["LanhDao"], boxes["CoQuan"]
    words = [word for word in boxes_of(signed) if word.page == 0]
    name = max((word for word in words if word.text == "Khuyến"), key=lambda word: word.top)
    position = max((word for word in words if word.text == "TỊCH"), key=lambda word: word.top)
    assert 297 - person[1] <= name.top + 3
    assert 297 - person[3] >= position.bottom - 1
    assert (seal[2] - person[0]) / (seal[2] - seal[0]) == pytest.approx(1 / 3, abs=0.06)


def test_the_clerk_numbers_and_dates_what_the_leader_has_signed(leader, seal, sign):
    head = replace(samples()["permit"].letterhead, number="", day=None, awaits_number=True)
    open_paper = papers.render(replace(samples()["permit"], letterhead=head))
    assert "15/GP-UBND" not in text_of(open_paper).split("PHỤ LỤC")[0]
    by_leader = sign(open_paper, leader)
    numbered = services.sign_number(
        by_leader, seal, number="15/GP-UBND", place="Lạng Sơn", reason="Cấp số", location="Lạng Sơn", field_name="So"
    )
    done = sign(numbered, seal)
    verdict = services.verify_pdf(done)
    assert verdict.valid and not verdict.altered
    assert [(one.reason, one.modification_level) for one in verdict.signatures] == [
        ("Phê duyệt", "extended"),
        ("Cấp số", "extended"),
        ("Phê duyệt", "none"),
    ]
    head_of_page = [word for word in boxes_of(done) if word.page == 0 and word.top < 60]
    number = next(word for word in head_of_page if word.text == "15/GP-UBND")
    place = next(word for word in head_of_page if word.text == "Lạng" and word.left > 100)
    state = next(word for word in head_of_page if word.text == "CỘNG")
    assert number.right < state.left and state.left < place.left
    assert abs(number.top - place.top) < 1.5 and number.top > state.bottom
    assert place_and_date("Lạng Sơn", timezone.localdate()) in words_in(text_of(done))


def test_a_docx_draft_is_signed_at_its_bookmark(leader, seal, sign):
    draft = docx.docx_to_pdf(docx.draft("decision", CONTEXT))
    both = sign(sign(draft, leader), seal)
    assert services.verify_pdf(both).valid
    boxes = annotation_boxes(both)
    assert boxes["CoQuan"][0] < boxes["LanhDao"][0] < boxes["CoQuan"][2]


def test_a_foreign_pdf_is_signed_in_the_corner_or_where_one_says(leader, seal, sign):
    plain = papers.render(samples()["register"])
    boxes = annotation_boxes(sign(sign(plain, leader), seal, page=0, position=Box(100, 100, 102, 102)))
    assert boxes["LanhDao"][2] <= 297
    assert boxes["CoQuan"][:2] == pytest.approx([100 / POINTS_PER_MM] * 2)


def test_an_invisible_signature_leaves_the_page_as_it_was(paper: bytes, leader):
    invisible = sign_pdf(paper, SoftwareSigner(leader), reason="x", location="y", field_name="A", stamp=None)
    assert services.verify_pdf(invisible).valid
    assert text_of(invisible) == text_of(paper)


def test_what_cannot_be_signed_is_explained(paper: bytes, leader, sign):
    with pytest.raises(SigningFailed, match="không có vị trí ký"):
        sign(paper, leader, position="nowhere")
    with pytest.raises(SigningFailed, match="có 4 trang"):
        sign(paper, leader, page=9)
    with pytest.raises(SigningFailed, match="đã có chữ ký"):
        sign(sign(paper, leader), leader)
    with pytest.raises(SigningFailed, match="Không ký được"):
        sign(b"%PDF-1.7 nothing", leader)


def test_a_hostile_name_is_only_text_on_the_stamp():
    name = "<img src=x> Nguyễn & Ánh"
    text = words_in(text_of(draw(StampContext(kind="person", name=name, unit="Đơn vị " * 20, position="P"))))
    assert name in text


@pytest.mark.parametrize("unit", ["UBND xã", "Trung tâm Phục vụ hành chính công và Kiểm soát thủ tục hành chính tỉnh Lạng Sơn"])
def test_a_seal_is_drawn_for_short_and_long_agencies(unit: str):
    letters = [word.text for word in boxes_of(draw(StampContext(kind="seal", name=unit, unit=unit)))]
    assert sum(map(len, letters)) >= len(unit.replace(" ", ""))


def test_inside_an_event_loop_one_can_sign_and_check_as_well(paper: bytes, data_folder: Path):
    signer = SoftwareSigner(software_credential(pki.Subject(name="Lò Thị Mai", unit="Sở")))
    trust_now = services.current_trust()

    async def page() -> bool:
        done = sign_pdf(paper, signer, reason="x", location="y", field_name="A", stamp=None)
        return verify(done, trust_now).valid

    with ThreadPoolExecutor(1) as another_thread:  # browser tests leave a loop in this one
        assert another_thread.submit(lambda: asyncio.run(page())).result()


def test_a_certificate_is_issued_once_and_again_when_the_position_changes(leader):
    again = services.certificate_for("u-1", "Nguyễn Trọng Khuyến", "Phó Chủ tịch", "Ủy ban nhân dân tỉnh Lạng Sơn")
    promoted = services.certificate_for("u-1", "Nguyễn Trọng Khuyến", "Chủ tịch", "Ủy ban nhân dân tỉnh Lạng Sơn")
    assert again == leader
    assert promoted.serial != leader.serial
    assert Certificate.objects.filter(owner_ref="u-1").count() == 2


def test_a_lost_key_file_leads_to_a_new_certificate(leader, data_folder: Path):
    leader.key_file.unlink()
    assert services.certificate_for("u-1", leader.name, leader.position, leader.unit).serial != leader.serial


def test_an_agency_with_a_very_long_name_gets_a_certificate_that_keeps_the_whole_name(db, paper: bytes, sign):
    agency = "Trung tâm Phục vụ hành chính công và Kiểm soát thủ tục hành chính trực thuộc Văn phòng Ủy ban nhân dân tỉnh Lạng Sơn"
    report = services.verify_pdf(sign(paper, services.seal_for("a-2", agency))).signatures[0]
    assert report.unit == agency
    assert len(report.signer_name.encode()) <= 64


def test_keys_are_encrypted_and_private(leader, data_folder: Path):
    folder = data_folder / "pki"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    keys = [path for path in files if path.suffix == ".key"]
    assert len(keys) >= 4
    assert all(b"BEGIN ENCRYPTED PRIVATE KEY" in path.read_bytes() for path in keys)


def test_every_name_of_the_test_ca_says_that_it_is_a_test(leader):
    certificates = [pki.certificate(name) for name in ("root", "issuing", "tsa")]
    certificates.append(x509.load_pem_x509_certificate(leader.pem))
    assert all("THỬ NGHIỆM" in one.subject.rfc4514_string() for one in certificates)


def test_the_ca_is_made_once(data_folder: Path):
    before = pki.fingerprint(pki.certificate("root"))
    services.ensure_pki()
    assert pki.fingerprint(pki.certificate("root")) == before


def test_a_revoked_certificate_signs_no_more(paper: bytes, leader, sign):
    services.revoke(leader.serial, "affiliation_changed")
    with pytest.raises(SigningFailed, match="thu hồi"):
        sign(paper, leader)
    assert services.certificate_for("u-1", leader.name, leader.position, leader.unit).serial != leader.serial


def test_the_time_comes_from_the_authority_not_from_the_signer(paper: bytes, leader):
    told = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    stamped = sign_pdf(
        paper,
        SoftwareSigner(leader),
        reason="x",
        location="y",
        field_name="A",
        stamp=None,
        time_source=local_timestamper(fixed_dt=told),
    )
    assert services.verify_pdf(stamped).signatures[0].timestamp_at == told
