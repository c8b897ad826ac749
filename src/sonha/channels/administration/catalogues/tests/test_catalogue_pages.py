"""The pages of the shared catalogues: administrators write, auditors read."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sonha.foundation.catalogues.models import Catalogue, CatalogueItem
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Position, Unit
from sonha.testing.confirming import confirmed

pytestmark = pytest.mark.django_db


def sign_in(client: Client, role: str) -> None:
    user = User.objects.create_user(role, None, full_name=role, kind="official")
    unit, _created = Unit.objects.get_or_create(code="STTTT", defaults={"name": "Sở", "kind": "department"})
    Position.objects.create(user=user, unit=unit, role=role, valid_from=date(2020, 1, 1))
    client.force_login(user)


@pytest.fixture
def kinds() -> Catalogue:
    return Catalogue.objects.create(code="loai", name="Loại giấy", source="Thông tư 1")


def page(name: str, *args: object) -> str:
    return reverse(f"administration:{name}", args=["loai", *args])


def test_an_item_is_added_with_its_source_and_ended_not_deleted(client: Client, kinds: Catalogue) -> None:
    sign_in(client, "administrator")
    said = {"code": "A", "name": "Giấy A", "valid_from": "2024-01-01", "source": "Thông tư 2"}
    assert client.post(page("catalogue_add_item"), said | {"source": ""}).status_code == 422
    assert "Đã thêm mục A" in confirmed(client, page("catalogue_add_item"), said, follow=True).content.decode()
    item = CatalogueItem.objects.get()
    confirmed(client, page("catalogue_item", item.pk), {"valid_to": "2024-12-31", "source": "Thông tư 3"})
    assert "Giấy A" in client.get(page("catalogue"), {"ngay": "2024-12-31", "q": "giay"}).content.decode()
    assert "Không có mục nào" in client.get(page("catalogue"), {"ngay": "2025-01-01"}).content.decode()
    assert "Giấy A" in client.get(page("catalogue"), {"het": "1"}).content.decode()


def test_a_file_is_tried_then_carried_out(client: Client, kinds: Catalogue) -> None:
    sign_in(client, "administrator")
    text = "code,name\nA,Giấy A\n,không mã\n"
    tried = client.post(page("catalogue_import"), {"file": SimpleUploadedFile("loai.csv", text.encode())}).content.decode()
    assert "thêm 1 mục" in tried and "Dòng 3: thiếu code" in tried and not CatalogueItem.objects.exists()
    client.post(page("catalogue_import"), {"text": text, "carry_out": "1"})
    assert CatalogueItem.objects.get().name == "Giấy A"
    bad = client.post(page("catalogue_import"), {"file": SimpleUploadedFile("loai.csv", b"\xff\xfe\x00")})
    assert bad.status_code == 422 and "UTF-8" in bad.content.decode()
    exported = client.get(page("catalogue_export"))
    assert exported.content.decode("utf-8-sig").splitlines()[1].startswith("A,Giấy A")


def test_auditors_read_and_citizens_do_not(client: Client, kinds: Catalogue) -> None:
    sign_in(client, "auditor")
    assert client.get(page("catalogue")).status_code == 200 == client.get(page("catalogue_export")).status_code
    assert client.get(page("catalogue_add_item")).status_code == 403 == client.post(page("catalogue_import")).status_code
    sign_in(client, "specialist")
    assert client.get(reverse("administration:catalogues")).status_code == 403
