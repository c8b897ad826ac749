"""Serving: by rule only, and so that the browser does nothing with it but save or show."""

import pytest
from django.test import Client

from sonha.foundation.access.actor import Actor
from sonha.foundation.files import rules, services
from sonha.foundation.files.errors import FileDamaged
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.serving import respond
from sonha.foundation.identity.models import User

from .conftest import pdf, picture, send, word

pytestmark = pytest.mark.django_db


def test_whoever_may_not_read_learns_nothing(client: Client, citizen: Actor, open_purpose: None) -> None:
    file = send(pdf(), actor_user=citizen.user)
    missing = "/tep/00000000-0000-4000-8000-000000000000/"
    assert client.get(f"/tep/{file.pk}/").status_code == client.get(missing).status_code == 404
    client.force_login(User.objects.create_user("la", full_name="Người lạ"))
    assert client.get(f"/tep/{file.pk}/").status_code == 404
    client.force_login(citizen.user)  # type: ignore[arg-type]
    assert client.get(f"/tep/{file.pk}/").status_code == 200


def test_without_a_rule_nobody_reads(client: Client, citizen: Actor) -> None:
    file = send(pdf(), actor_user=citizen.user, purpose="nobody_registered_this")
    client.force_login(citizen.user)  # type: ignore[arg-type]
    assert client.get(f"/tep/{file.pk}/").status_code == 404
    assert not rules.may_read(citizen, file)


def test_the_headers_of_a_download(client: Client, citizen: Actor, open_purpose: None) -> None:
    file = send(pdf(), 'Đơn "đề nghị"; cấp phép.pdf', actor_user=citizen.user)
    client.force_login(citizen.user)  # type: ignore[arg-type]
    answer = client.get(f"/tep/{file.pk}/")
    assert b"".join(answer.streaming_content) == services.read_bytes(file)  # type: ignore[arg-type]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Length"] == str(file.size)
    assert answer["Content-Disposition"].startswith('attachment; filename="')
    assert "filename*=UTF-8''%C4%90%C6%A1n%20" in answer["Content-Disposition"]


def test_only_pdf_and_pictures_are_shown_in_the_page(client: Client, citizen: Actor, open_purpose: None) -> None:
    client.force_login(citizen.user)  # type: ignore[arg-type]
    shown = {}
    for content, name in ((pdf(), "a.pdf"), (picture(), "a.jpg"), (word(), "a.docx")):
        file = send(content, name, actor_user=citizen.user)
        shown[name] = client.get(f"/tep/{file.pk}/?xem")["Content-Disposition"].split(";")[0]
    assert shown == {"a.pdf": "inline", "a.jpg": "inline", "a.docx": "attachment"}


def test_missing_bytes_are_an_error_not_an_empty_file() -> None:
    file = send(pdf())
    file.path.unlink()
    with pytest.raises(FileDamaged):
        respond(StoredFile.objects.get())
