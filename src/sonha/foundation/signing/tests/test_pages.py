"""The public check: by code, by QR, by upload."""

from io import BytesIO

import pytest
from django.core.cache import cache
from django.db import IntegrityError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from sonha.foundation.signing import codes, selectors, services, views


@pytest.fixture(autouse=True)
def no_earlier_visitors():
    cache.clear()


@pytest.fixture
def entry(db, signed: bytes):
    return services.record_signed(
        signed, kind="permit", title="Giấy phép khai thác nước dưới đất", meta={"Số": "15/GP-UBND"}, code="7K2M9QX4TB"
    )


def upload(client, content: bytes, **more):
    file = BytesIO(content)
    file.name = "giay-phep.pdf"
    return client.post(reverse("signing:check"), {"file": file, **more})


def test_the_address_of_a_code_shows_what_was_issued(client, entry):
    page = client.get(reverse("signing:document", args=["7k2m9-qx4tb"]))
    assert page.status_code == 200
    html = page.content.decode()
    assert "Giấy phép khai thác nước dưới đất" in html and "15/GP-UBND" in html and entry.sha256 in html


def test_a_code_that_was_never_issued_is_a_warning(client, db):
    page = client.get(reverse("signing:document", args=["0000000000"]))
    assert page.status_code == 404
    assert "có thể là giả" in page.content.decode()


def test_a_withdrawn_document_says_so(client, entry):
    services.withdraw_signed(entry.code, "Giấy phép đã bị thu hồi")
    html = client.get(reverse("signing:document", args=[entry.code])).content.decode()
    assert "không còn hiệu lực" in html and "Giấy phép đã bị thu hồi" in html


def test_the_typed_code_leads_to_its_page(client, entry):
    answer = client.post(reverse("signing:check"), {"code": " 7k2m9 qx4tb "})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("signing:document", args=["7K2M9QX4TB"])


def test_an_uploaded_original_is_recognised(client, entry, signed: bytes):
    html = upload(client, signed).content.decode()
    assert "hợp lệ" in html
    assert "Nguyễn Trọng Khuyến" in html
    assert "Văn bản trong sổ phát hành" in html


def test_an_uploaded_forgery_is_named(client, entry, signed: bytes):
    broken = bytearray(signed)
    broken[signed.index(b"stream") + 200] ^= 1
    html = upload(client, bytes(broken)).content.decode()
    assert "đã bị sửa đổi sau khi ký" in html
    assert "không trùng với văn bản nào" in html


def test_garbage_is_answered_politely(client, db):
    page = upload(client, b"\x00\xff" * 100)
    assert page.status_code == 200
    assert "không phải là PDF" in page.content.decode()


def test_a_hostile_file_name_is_only_text(client, db):
    file = BytesIO(b"x")
    file.name = "<script>alert(1)</script>.pdf"
    html = client.post(reverse("signing:check"), {"file": file}).content.decode()
    assert "<script>alert" not in html


def test_nothing_a_bad_code_and_a_big_file_are_explained(client, db, settings, monkeypatch):
    assert "Hãy nhập mã kiểm tra" in client.post(reverse("signing:check"), {}).content.decode()
    assert "gồm 10 chữ và số" in client.post(reverse("signing:check"), {"code": "abc"}).content.decode()
    settings.SONHA_CHECK_MAX_BYTES = 10
    assert "lớn hơn 20 MB" in upload(client, b"x" * 11).content.decode()
    monkeypatch.setattr(views, "MAX_BYTES", -views.ENVELOPE_BYTES)
    assert upload(client, b"x").status_code == 413


def test_a_script_is_slowed_down(client, db):
    answers = [client.post(reverse("signing:check"), {"code": "0000000000"}).status_code for _ in range(views.UPLOADS_PER_MINUTE + 1)]
    assert answers[-1] == 429
    assert set(answers[:-1]) == {302}


def test_the_revocation_list_is_public(client, leader):
    from cryptography import x509

    services.revoke(leader.serial)
    answer = client.get(reverse("signing:crl"))
    assert answer["Content-Type"] == "application/pkix-crl"
    serials = {f"{one.serial_number:x}" for one in x509.load_der_x509_crl(answer.content)}
    assert leader.serial in serials


def test_the_same_file_is_recorded_once_and_a_code_belongs_to_one_file(entry, signed: bytes, paper: bytes):
    assert services.record_signed(signed, kind="permit", title="khác").pk == entry.pk
    assert selectors.find_signed(services.sha256(signed).upper()) == entry
    with pytest.raises(IntegrityError):
        services.record_signed(paper, kind="permit", title="x", code=entry.code)


@given(st.text(max_size=30))
def test_any_text_reads_as_a_code_or_as_none(text: str):
    code = codes.read(text)
    assert code == "" or (len(code) == codes.LENGTH and set(code) <= set(codes.ALPHABET))


def test_a_printed_code_reads_back():
    for _ in range(200):
        code = codes.new()
        assert codes.read(codes.grouped(code).lower()) == code
    assert codes.read("OIL00-00000") == "0110000000"
