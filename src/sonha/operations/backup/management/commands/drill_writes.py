"""Writes until killed, and says so after each commit: an event of the audit log and a stored file. Used by `./sonha drill`."""

import json
import time
from argparse import ArgumentParser
from itertools import count
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from sonha.foundation.audit import services as audit
from sonha.foundation.audit.models import Event
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.services import read_bytes, store_bytes

VERB = "backup.rehearsed"
PAUSE = 0.02


class Command(BaseCommand):
    help = "Ghi liên tục khi diễn tập khôi phục / writes on during a drill; --found lists what is there, with its file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--found", action="store_true")

    def handle(self, *args: Any, found: bool, **options: Any) -> None:
        if found:
            self.stdout.write(json.dumps([_found(event) for event in Event.objects.filter(verb=VERB).order_by("pk")]))
            return
        for number in count(1):
            with transaction.atomic():
                file = store_bytes(f"diễn tập {number}".encode(), name="dien-tap.txt", media_type="text/plain", purpose="drill")
                audit.record(VERB, subject=("drill", 1), actor=None, payload={"number": number, "file": file.pk.hex})
            self.stdout.write(json.dumps({"number": number, "at": time.time()}))
            self.stdout.flush()
            time.sleep(PAUSE)


def _found(event: Event) -> dict[str, Any]:
    """Counts only with its bytes proven; FileDamaged ends the drill."""
    read_bytes(StoredFile.objects.get(pk=event.payload["file"]))
    return {"number": event.payload["number"], "at": event.at.timestamp()}
