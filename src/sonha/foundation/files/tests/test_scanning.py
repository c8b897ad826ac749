"""ClamAV by its socket. The tests run against the sandbox scanner and, where it is installed, against clamd itself."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from sonha.foundation.files import clamd, tasks
from sonha.foundation.files.errors import FileRefused
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.serving import respond
from sonha.sandbox.virus_scanner import EICAR

from .conftest import pdf, send, with_entry, word

pytestmark = pytest.mark.django_db


def test_a_clean_file_is_marked_clean(scanner: Path) -> None:
    assert send(pdf()).scan_state == "clean"


@pytest.mark.parametrize("content", [EICAR, with_entry(word(), "word/media/x.txt", EICAR)])
def test_the_eicar_test_file_is_refused_also_inside_a_document(scanner: Path, content: bytes) -> None:
    with pytest.raises(FileRefused, match="mã độc"):
        send(content, "Đơn.docx")
    assert not StoredFile.objects.exists()


def test_files_that_came_without_a_scanner_are_scanned_later(settings: Any, scanner: Path) -> None:
    settings.SONHA_CLAMD = ""
    clean, infected = send(pdf()), send(with_entry(word(), "word/media/x.txt", EICAR), "Đơn.docx")
    assert {clean.scan_state, infected.scan_state} == {"unscanned"}
    settings.SONHA_CLAMD = str(scanner)
    tasks.scan_unscanned(0)
    clean.refresh_from_db()
    infected.refresh_from_db()
    assert (clean.scan_state, infected.scan_state) == ("clean", "infected")
    assert respond(infected).status_code == 403
    call_command("scan_files", "--all")


def test_a_prescribed_scanner_that_is_away_stops_uploads(settings: Any, tmp_path: Path) -> None:
    settings.SONHA_CLAMD = str(tmp_path / "nobody-listens.sock")
    with pytest.raises(FileRefused, match="sau ít phút"):
        send(pdf())
    with pytest.raises(CommandError):
        call_command("scan_files")


def test_a_scanner_found_by_chance_that_is_away_does_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import socket

    left_over = tmp_path / "clamd.ctl"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(left_over))
    monkeypatch.setattr(clamd, "USUAL_SOCKETS", (str(left_over),))
    assert send(pdf()).scan_state == "unscanned"
