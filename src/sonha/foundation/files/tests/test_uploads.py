"""Sending in pieces over a bad line: what arrived is not sent again, and what comes out is what went in."""

import base64
import hashlib
import io
import threading
import time
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sonha.foundation.access.actor import Actor
from sonha.foundation.files import rules, services, storage, uploads
from sonha.foundation.files.errors import FileRefused
from sonha.foundation.files.models import StoredFile, Upload
from sonha.foundation.files.uploads import UploadProblem
from sonha.foundation.identity.models import User

from .conftest import MEGABYTE, pdf, picture

pytestmark = pytest.mark.django_db


def header(**about: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in about.items())


def announce(client: Client, content: bytes, name: str = "Bản vẽ.pdf", purpose: str = "test") -> Any:
    return client.post(
        "/tep/tai-len/", headers={"Upload-Length": str(len(content)), "Upload-Metadata": header(filename=name, purpose=purpose)}
    )


def piece(client: Client, address: str, content: bytes, at: int, **headers: str) -> Any:
    return client.patch(address, content, content_type="application/offset+octet-stream", headers={"Upload-Offset": str(at), **headers})


@pytest.fixture
def browser(client: Client, citizen: Actor, open_purpose: None) -> Client:
    client.force_login(citizen.user)  # type: ignore[arg-type]
    return client


def test_a_file_in_three_pieces_with_a_broken_line_between(browser: Client, citizen: Actor) -> None:
    content = pdf()
    begun = announce(browser, content)
    assert begun.status_code == 201 and begun["Tus-Resumable"] == "1.0.0"
    address = begun["Location"]
    assert piece(browser, address, content[:100], 0)["Upload-Offset"] == "100"
    asked = browser.head(address)
    assert (asked["Upload-Offset"], asked["Upload-Length"], asked["Cache-Control"]) == ("100", str(len(content)), "no-store")
    assert piece(browser, address, content[100:300], 100).json()["offset"] == 300
    done = piece(browser, address, content[300:], 300).json()
    file = StoredFile.objects.get(pk=done["file"]["id"])
    assert services.read_bytes(file) == content
    assert (file.original_name, file.uploaded_by_id, file.purpose) == ("Bản vẽ.pdf", citizen.user_id, "test")
    again = browser.get(address).json()  # the last answer was lost: asking gives the file
    assert again["file"]["id"] == done["file"]["id"] and again["offset"] == len(content)
    assert piece(browser, address, b"x", len(content)).status_code == 413
    assert browser.get(f"/tep/{file.pk}/").status_code == 200


def test_a_piece_at_the_wrong_place_is_not_taken(browser: Client) -> None:
    content = pdf()
    address = announce(browser, content)["Location"]
    piece(browser, address, content[:100], 0)
    assert piece(browser, address, content[:100], 0).status_code == 409
    assert piece(browser, address, content[200:], 200).status_code == 409
    assert browser.head(address)["Upload-Offset"] == "100"


def test_a_damaged_piece_is_not_taken(browser: Client) -> None:
    content = pdf()
    address = announce(browser, content)["Location"]
    right = "sha256 " + base64.b64encode(hashlib.sha256(content[:50]).digest()).decode()
    assert piece(browser, address, content[1:51], 0, **{"Upload-Checksum": right}).status_code == 460
    assert piece(browser, address, content[:50], 0, **{"Upload-Checksum": "md5 abc"}).status_code == 460
    assert piece(browser, address, content[:50], 0, **{"Upload-Checksum": right})["Upload-Offset"] == "50"


def test_what_came_before_the_line_broke_is_kept(open_purpose: None, citizen: Actor) -> None:
    content = pdf()
    upload = uploads.begin(citizen, purpose="test", name="a.pdf", length=len(content))
    assert uploads.append(upload, at=0, source=io.BytesIO(content[:70]), length=len(content)) == 70
    assert uploads.append(upload, at=70, source=io.BytesIO(content[70:]), length=len(content) - 70) == len(content)
    assert upload.file is not None and services.read_bytes(upload.file) == content


def test_the_whole_is_checked_like_any_file(browser: Client) -> None:
    content = b"<html><script>alert(1)</script></html>"
    address = announce(browser, content)["Location"]
    refused = piece(browser, address, content, 0)
    assert refused.status_code == 422 and "Không nhận ra" in refused.json()["error"]
    assert not StoredFile.objects.exists()
    assert "Không nhận ra" in browser.get(address).json()["error"]


def test_only_what_the_purpose_takes(browser: Client) -> None:
    assert (
        "lớn hơn 5 MB"
        in browser.post(
            "/tep/tai-len/", headers={"Upload-Length": str(6 * MEGABYTE), "Upload-Metadata": header(filename="a.pdf", purpose="test")}
        ).json()["error"]
    )
    assert announce(browser, pdf(), purpose="nobody_registered_this").status_code == 403
    assert announce(browser, b"").status_code == 422
    assert browser.post("/tep/tai-len/", headers={"Upload-Length": "-1"}).status_code == 400
    assert browser.post("/tep/tai-len/", headers={"Upload-Length": "5", "Upload-Metadata": "filename %%%"}).status_code == 400
    address = announce(browser, pdf())["Location"]
    assert browser.patch(address, b"x", content_type="text/plain").status_code == 415
    assert piece(browser, address, b"x" * (MEGABYTE), 0).status_code == 413


def test_strangers_neither_send_nor_see_others_uploads(client: Client, browser: Client) -> None:
    address = announce(browser, pdf())["Location"]
    stranger = Client()
    assert announce(stranger, pdf()).status_code == 403
    stranger.force_login(User.objects.create_user("la", full_name="Người lạ"))
    assert stranger.head(address).status_code == 404
    assert piece(stranger, address, b"x", 0).status_code == 404
    assert stranger.delete(address).status_code == 404
    assert browser.get(f"/tep/tai-len/{uuid4()}/").status_code == 404


def test_a_worker_that_died_at_the_very_end_is_made_good_by_asking_again(browser: Client) -> None:
    content = pdf()
    address = announce(browser, content)["Location"]
    upload = Upload.objects.get()
    uploads.part_path(upload).write_bytes(content)  # all bytes arrived, nothing was stored
    (storage.aside("incoming") / f"{upload.pk}.whole").write_bytes(content)
    assert browser.head(address)["Upload-Offset"] == str(len(content))
    done = browser.generic("PATCH", address, headers={"Upload-Offset": str(len(content))}, CONTENT_TYPE="application/offset+octet-stream")
    assert services.read_bytes(StoredFile.objects.get(pk=done.json()["file"]["id"])) == content


def test_giving_up(browser: Client) -> None:
    address = announce(browser, pdf())["Location"]
    upload = Upload.objects.get()
    assert browser.delete(address).status_code == 204
    assert browser.head(address).status_code == 404 and not uploads.part_path(upload).exists()


def test_not_more_than_so_many_at_once(open_purpose: None, citizen: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_OPEN", 2)
    for _ in range(2):
        uploads.begin(citizen, purpose="test", name="a.pdf", length=5)
    with pytest.raises(FileRefused, match="gửi dở"):
        uploads.begin(citizen, purpose="test", name="a.pdf", length=5)


class SlowLine(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        time.sleep(0.2)
        return super().read(size)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_sending_the_same_last_piece(open_purpose: None, citizen: Actor) -> None:
    content = pdf()
    upload = uploads.begin(citizen, purpose="test", name="a.pdf", length=len(content))
    results: list[int] = []

    def tab() -> None:
        try:
            mine = Upload.objects.get(pk=upload.pk)
            results.append(uploads.append(mine, at=0, source=SlowLine(content), length=len(content)))
        except UploadProblem as problem:
            results.append(-problem.status)
        finally:
            connection.close()

    threads = [threading.Thread(target=tab) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4 and results.count(len(content)) == 1 and set(results) <= {len(content), -409, -410, -413, -423}
    assert StoredFile.objects.count() == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=8))
def test_any_cutting_and_any_losses_give_the_same_file(open_purpose: None, citizen: Actor, pieces: list[tuple[float, float]]) -> None:
    content = picture(size=(64, 48))
    upload = uploads.begin(citizen, purpose="test", name="a.jpg", length=len(content))
    for wanted, arriving in [*pieces, (1.0, 1.0)]:
        at = uploads.offset(upload)
        length = max(1, int((len(content) - at) * wanted))
        if at < len(content):
            sent = content[at : at + int(length * arriving)]
            assert uploads.append(upload, at=at, source=io.BytesIO(sent), length=length) == at + len(sent)
    assert upload.file is not None and services.read_bytes(upload.file) == content
    Upload.objects.all().delete()


def test_a_sent_form_and_a_sent_in_pieces_are_the_same(open_purpose: None, citizen: Actor) -> None:
    content = pdf()
    rules.register_upload("test", allowed=lambda actor: True)
    whole = services.store(SimpleUploadedFile("a.pdf", content), actor_user=citizen.user, accept="pdf", max_bytes=MEGABYTE, purpose="test")
    upload = uploads.begin(citizen, purpose="test", name="a.pdf", length=len(content))
    uploads.append(upload, at=0, source=io.BytesIO(content), length=len(content))
    assert upload.file is not None and upload.file.sha256 == whole.sha256
