"""Every way a signed document goes wrong is found and named; nothing makes the check crash."""

import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from sonha.foundation.signing import isolation, pki, services, verification
from sonha.foundation.signing.pades import sign_pdf
from sonha.foundation.signing.signers import Credential, SoftwareSigner
from sonha.foundation.signing.tests.conftest import software_credential
from sonha.foundation.signing.verification import verify

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
KEEP_FIXTURE = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)


def sentences(verdict: verification.Verification) -> str:
    notes = [*verdict.messages, *(note for one in verdict.signatures for note in one.messages)]
    return "\n".join(map(str, notes))


def credential(*, start: datetime, days: int) -> Credential:
    return software_credential(pki.Subject(name="Lò Thị Mai", unit="Sở", ref="u-9"), start=start, days=days)


def invisible(pdf: bytes, signer: Credential, **more) -> bytes:
    return sign_pdf(pdf, SoftwareSigner(signer), reason="x", location="y", field_name="A", stamp=None, **more)


def test_a_flipped_byte_in_the_content_is_found(signed: bytes):
    broken = bytearray(signed)
    broken[signed.index(b"stream") + 200] ^= 0x01
    verdict = services.verify_pdf(bytes(broken))
    assert verdict.altered and not verdict.valid
    assert "đã bị sửa đổi sau khi ký" in sentences(verdict)
    assert not any(one.intact for one in verdict.signatures)


def test_a_picture_drawn_over_the_page_after_signing_is_found(signed: bytes):
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    drawing = generic.StreamObject(stream_data=b"q 1 0 0 rg 100 100 200 200 re f Q")
    writer.add_stream_to_page(0, writer.add_object(drawing))
    out = BytesIO()
    writer.write(out)
    verdict = services.verify_pdf(out.getvalue())
    assert verdict.altered and not verdict.valid
    assert all(one.modification_level == "changed" for one in verdict.signatures)
    assert all(one.intact for one in verdict.signatures)  # the signed bytes themselves are whole: the addition is what is wrong


def test_a_field_filled_in_after_the_last_signature_is_found(signed: bytes):
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    append_signature_field(writer, SigFieldSpec("TrongRong", on_page=0, box=(10, 10, 90, 40)))
    out = BytesIO()
    writer.write(out)
    verdict = services.verify_pdf(out.getvalue())
    assert verdict.altered and not verdict.valid
    assert [one.modification_level for one in verdict.signatures] == ["extended", "changed"]


@pytest.mark.parametrize("tail", [b"\n%%added", b"\nhello", b"x"])
def test_bytes_appended_to_the_file_are_found(signed: bytes, tail: bytes):
    verdict = services.verify_pdf(signed + tail)
    assert not verdict.valid
    assert verdict.altered
    assert "cuối tệp" in sentences(verdict)


def test_an_unsigned_pdf_a_text_and_a_cut_file_are_told_apart(paper: bytes, signed: bytes):
    assert "không có chữ ký số" in sentences(services.verify_pdf(paper))
    assert "không phải là PDF" in sentences(services.verify_pdf(b"xin ch\xc3\xa0o"))
    assert "hỏng hoặc bị cắt" in sentences(services.verify_pdf(signed[:-400]))


def test_a_signature_outlives_its_certificate_when_the_time_is_proven(paper: bytes):
    stamped = invisible(paper, credential(start=NOW - DAY, days=20))
    lists = (services.current_trust().crls[0], pki._crl(pki.load("issuing"), (), 365))
    verdict = verify(stamped, replace(services.current_trust(), crls=lists), now=NOW + 60 * DAY)
    assert verdict.valid
    assert "đã hết hạn" in sentences(verdict) and "vẫn có giá trị" in sentences(verdict)


def test_a_signature_made_after_its_certificate_expired_is_refused(paper: bytes):
    old = credential(start=NOW - 30 * DAY, days=20)
    verdict = services.verify_pdf(invisible(paper, old))
    assert not verdict.valid and not verdict.altered
    assert "không bao gồm thời điểm ký" in sentences(verdict)


def test_a_signature_made_before_its_certificate_began_is_refused(paper: bytes):
    verdict = services.verify_pdf(invisible(paper, credential(start=NOW + 5 * DAY, days=20)))
    assert not verdict.valid
    assert "không bao gồm thời điểm ký" in sentences(verdict)


def test_revoked_before_signing_is_refused_and_revoked_after_is_not(paper: bytes, leader, sign):
    signed = sign(paper, leader)
    services.revoke(leader.serial, "key_compromise", at=NOW + DAY)
    services_now = services.current_trust()
    later = verify(signed, services_now, now=NOW + 2 * DAY)
    assert later.valid
    assert "sau khi ký; chữ ký vẫn có giá trị" in sentences(later)
    services.revoke(leader.serial, "key_compromise", at=NOW - DAY)
    verdict = services.verify_pdf(signed)
    assert not verdict.valid and not verdict.altered
    assert verdict.signatures[0].revoked
    assert "đã bị thu hồi" in sentences(verdict)


def test_an_unknown_ca_is_not_believed(signed: bytes):
    ours = services.current_trust()
    other, _ = pki._ca("Một CA khác", 5)
    stranger = verification.Trust(roots=(other.public_bytes(Encoding.DER),))
    verdict = verify(signed, stranger)
    assert not verdict.valid and not verdict.altered
    assert all(one.intact and not one.trusted for one in verdict.signatures)
    assert "Không tin được nơi cấp chứng thư số" in sentences(verdict)
    assert verify(signed, ours).valid


def test_a_stale_revocation_list_is_not_taken_for_innocence(signed: bytes):
    verdict = verify(signed, services.current_trust(), now=NOW + timedelta(days=pki.CRL_DAYS + 40))
    assert not verdict.valid
    assert "Danh sách thu hồi" in sentences(verdict)


def test_without_any_list_the_report_says_that_revocation_was_not_checked(signed: bytes):
    verdict = verify(signed, replace(services.current_trust(), crls=()))
    assert verdict.valid
    assert "chưa kiểm tra được việc thu hồi" in sentences(verdict)


def test_a_province_may_add_a_root_to_trust(signed: bytes, settings, tmp_path):
    foreign_root = pki.folder() / "root.pem"
    content = foreign_root.read_bytes()
    settings.SONHA_DATA = tmp_path
    services.ensure_pki()
    assert not services.verify_pdf(signed).valid
    (pki.folder() / "trust" / "vgca.pem").write_bytes(content)
    assert services.verify_pdf(signed).valid


def test_the_child_process_reports_the_same(signed: bytes):
    trust = services.current_trust()
    here, there = verify(signed, trust), isolation.verify_isolated(signed, trust)
    assert there == here
    assert isolation.from_json(isolation.to_json(here)) == here


def test_the_child_process_gives_up_in_words_when_it_is_out_of_time(signed: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(isolation, "WALL_SECONDS", 0.01)
    verdict = isolation.verify_isolated(signed, services.current_trust())
    assert not verdict.valid
    assert "dừng kiểm tra" in sentences(verdict)


def test_a_decompression_bomb_ends_in_a_verdict(paper: bytes):
    packer = zlib.compressobj(1)
    bomb = b"".join(packer.compress(bytes(10_000_000)) for _ in range(160)) + packer.flush()
    body = b"%%PDF-1.7\n1 0 obj\n<</Type/XRef/Size 2/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n" % len(bomb)
    pdf = body + bomb + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
    assert not isolation.verify_isolated(pdf, services.current_trust()).valid


@settings(max_examples=50, deadline=None, suppress_health_check=KEEP_FIXTURE)
@given(noise=st.binary(max_size=400), header=st.booleans())
def test_random_bytes_never_crash_the_check(noise: bytes, header: bool, db):
    verdict = services.verify_pdf(b"%PDF-1.7\n" + noise if header else noise)
    assert not verdict.valid
    assert sentences(verdict)


@settings(max_examples=25, deadline=None, suppress_health_check=KEEP_FIXTURE)
@given(data=st.data())
def test_a_cut_document_is_never_called_valid(signed: bytes, data: st.DataObject):
    length = data.draw(st.integers(0, len(signed.rstrip()) - 1))
    assert not services.verify_pdf(signed[:length]).valid


@settings(max_examples=25, deadline=None, suppress_health_check=KEEP_FIXTURE)
@given(data=st.data())
def test_a_changed_byte_is_never_called_valid(signed: bytes, data: st.DataObject):
    # The hexadecimal text of a signature has slack (padding, letter case), so bytes are changed outside of it.
    place = data.draw(st.integers(0, len(signed.rstrip()) - 1))
    holes = [(at, signed.index(b">", at)) for at in _all(signed, b"/Contents <")]
    if any(start <= place <= end for start, end in holes):
        return
    broken = bytearray(signed)
    broken[place] ^= data.draw(st.integers(1, 255))
    assert not services.verify_pdf(bytes(broken)).valid


def _all(text: bytes, part: bytes) -> list[int]:
    places, at = [], text.find(part)
    while at >= 0:
        places.append(at)
        at = text.find(part, at + 1)
    return places
