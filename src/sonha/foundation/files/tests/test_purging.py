"""Purging takes what nobody needs, and never what somebody does."""

import os
import threading
import time
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.files import rules, services, storage, uploads
from sonha.foundation.files.models import StoredFile, Upload
from sonha.foundation.files.purging import purge

from .conftest import pdf, picture, send

pytestmark = pytest.mark.django_db
NOW = timedelta(0)


def long_ago(file: StoredFile) -> StoredFile:
    StoredFile.objects.filter(pk=file.pk).update(created_at=timezone.now() - timedelta(days=30))
    os.utime(file.path, (time.time() - 30 * 86400,) * 2)
    return file


def test_a_file_of_a_draft_stays_and_an_abandoned_one_goes(open_purpose: None) -> None:
    kept, gone = long_ago(send(pdf())), long_ago(send(picture(), "a.jpg"))

    def in_drafts(ids: set[UUID]) -> Iterable[UUID]:
        return ids & {kept.pk}

    rules.register_usage("test", in_drafts)
    done = purge()
    assert (done.files, done.blobs, done.bytes) == (1, 1, gone.size)
    assert list(StoredFile.objects.all()) == [kept] and kept.path.exists() and not gone.path.exists()


def test_a_file_that_another_table_refers_to_stays(open_purpose: None, citizen: Actor) -> None:
    rules.register_usage("test", lambda ids: [])
    file = long_ago(send(pdf()))
    assert {relation.related_model for relation in StoredFile._meta.related_objects} >= {Upload}
    Upload.objects.create(purpose="test", name="a.pdf", length=1, accept="pdf", max_bytes=1, created_by=citizen.user, file=file,
                          expires_at=timezone.now() + timedelta(days=1))  # fmt: skip
    assert purge().files == 1  # the note of an upload is no use of the file: it goes with it
    assert not Upload.objects.exists()


def test_without_a_registered_usage_nothing_goes() -> None:
    file = long_ago(send(pdf()))
    assert (purge().files, file.path.exists()) == (0, True)


def test_young_files_stay(open_purpose: None) -> None:
    rules.register_usage("test", lambda ids: [])
    send(pdf())
    assert purge().files == 0
    assert purge(grace=NOW, blob_grace=timedelta(seconds=-1)).blobs == 1


def test_one_of_two_that_share_a_blob(open_purpose: None) -> None:
    rules.register_usage("test", lambda ids: [])
    content = pdf()
    long_ago(send(content))
    other = send(content)
    done = purge()
    assert (done.files, done.blobs) == (1, 0) and services.read_bytes(other)


def test_a_blob_without_a_row_goes_only_when_it_is_old() -> None:
    file = send(pdf())
    path = file.path
    StoredFile.objects.all().delete()
    assert purge().blobs == 0
    os.utime(path, (time.time() - 3 * 86400,) * 2)
    assert purge(dry_run=True).blobs == 1 and path.exists()
    assert purge().blobs == 1 and not path.exists()


@pytest.mark.django_db(transaction=True)
def test_a_blob_that_is_just_being_stored_again_stays() -> None:
    content = pdf()
    path = send(content).path
    StoredFile.objects.all().delete()
    seen: list[int] = []

    def elsewhere() -> None:
        try:
            seen.append(purge(blob_grace=timedelta(seconds=-1)).blobs)
        finally:
            connection.close()

    with transaction.atomic():
        send(content)  # the row is not visible to others yet
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert seen == [0] and path.exists()


def test_abandoned_uploads_and_temporary_files_go(open_purpose: None, citizen: Actor) -> None:
    upload = uploads.begin(citizen, purpose="test", name="a.pdf", length=10)
    Upload.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    left_over = storage.aside("incoming") / "tmp-of-a-killed-worker"
    left_over.write_bytes(b"x")
    os.utime(left_over, (time.time() - 3 * 86400,) * 2)
    call_command("purge_files")
    assert not Upload.objects.exists() and not uploads.part_path(upload).exists() and not left_over.exists()
