"""The permits register in the workspace: seen, narrowed and written with its documents."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from weasyprint import HTML

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import Party
from sonha.foundation.organisations.models import Unit
from sonha.services.dossiers.tests.people import citizen, official
from sonha.services.permits.models import Permit

pytestmark = pytest.mark.usefixtures("lang_son")


@pytest.fixture
def permit() -> Permit:
    holder = citizen().user.party  # type: ignore[union-attr]
    return Permit.objects.create(
        number="07/GP-UBND",
        permit_type="groundwater_abstraction",
        kind="permit",
        title="Giấy phép khai thác nước dưới đất",
        holder=holder,
        holder_name="Nông Thị Lan",
        issuer=Unit.objects.get(code="UBND"),
        keeper=Unit.objects.get(code="STNMT"),
        issued_on=timezone.localdate() - timedelta(days=100),
        valid_from=timezone.localdate() - timedelta(days=100),
        valid_to=timezone.localdate() + timedelta(days=20),
        commune_code="06112",
        geometry="SRID=4326;POINT(106.36 21.96)",
    )


def browsing(actor: Actor) -> Client:
    assert actor.user
    client = Client()
    client.force_login(actor.user)
    return client


def test_the_committee_that_issued_a_permit_sees_and_suspends_it_with_its_document(permit: Permit) -> None:
    client = browsing(official("leader", "UBND"))
    page = client.get(reverse("permits"), {"expiring": "30", "q": "binh gia"})
    assert [row["permit"] for row in page.context["rows"]] == [permit]
    shown = client.get(reverse("permit", args=[permit.pk]))
    assert "còn 20 ngày" in shown.content.decode() and 'class="place"' in shown.content.decode()
    today = timezone.localdate().isoformat()
    said = {"kind": "suspend", "basis": "15/QĐ-UBND", "decided_on": today, "on_date": today, "reason": "Chưa nộp báo cáo"}
    document = SimpleUploadedFile("quyet-dinh.pdf", HTML(string="<p>Quyết định</p>").write_pdf(), "application/pdf")
    assert client.post(reverse("permit_act", args=[permit.pk]), {**said, "document": document}).status_code == 302
    permit.refresh_from_db()
    event = permit.events.get()
    assert permit.state == "suspended" and event.document and event.decided_on == timezone.localdate()
    address = reverse("files:download", args=[event.document_id])
    assert client.get(address).status_code == 200
    assert browsing(official("leader", "STP")).get(address).status_code == 404


def test_what_was_typed_survives_a_refusal_at_its_field(permit: Permit) -> None:
    client = browsing(official("head", "STNMT.NUOC"))
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    said: dict[str, Any] = {"kind": "extend", "basis": "Tờ trình 12", "valid_to": yesterday, "reason": "Xin thêm năm"}
    response = client.post(reverse("permit_act", args=[permit.pk]), said)
    shown = response.content.decode()
    assert response.status_code == 422 and "Hãy chọn ngày muộn hơn" in shown
    assert "Tờ trình 12" in shown and "Xin thêm năm" in shown
    permit.refresh_from_db()
    assert not permit.events.exists() and permit.valid_to == timezone.localdate() + timedelta(days=20)


def test_a_new_holder_is_named_by_number_and_an_unknown_number_is_refused(permit: Permit) -> None:
    client = browsing(official("clerk", "STNMT"))
    said = {"kind": "transfer", "basis": "20/GP-UBND", "holder": "4900990011"}
    assert client.post(reverse("permit_act", args=[permit.pk]), said).status_code == 422
    party = Party.objects.create(kind="business", name="Công ty Nước Sạch", tax_code="4900990011")
    assert client.post(reverse("permit_act", args=[permit.pk]), said).status_code == 302
    permit.refresh_from_db()
    assert permit.holder == party
    assert "Công ty Nước Sạch" in client.get(reverse("permit", args=[permit.pk])).content.decode()


def test_only_managers_are_offered_acts_and_strangers_see_nothing(permit: Permit) -> None:
    specialist = browsing(official("specialist", "STNMT.NUOC"))
    assert specialist.get(reverse("permit", args=[permit.pk])).context["acts"] == []
    assert specialist.post(reverse("permit_act", args=[permit.pk]), {"kind": "revoke"}).status_code == 403
    stranger = browsing(official("leader", "STP"))
    assert stranger.get(reverse("permit", args=[permit.pk])).status_code == 404
    assert stranger.post(reverse("permit_act", args=[permit.pk]), {"kind": "revoke"}).status_code == 404
