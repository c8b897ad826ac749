"""`./sonha manage scan_files [--all]`: lets ClamAV look at files that were not scanned yet, or at all of them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sonha.foundation.files import clamd
from sonha.foundation.files.models import StoredFile
from sonha.foundation.files.scanning import rescan


class Command(BaseCommand):
    help = "Scans stored files with ClamAV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also those scanned before")

    def handle(self, *args: Any, **options: Any) -> None:
        if not clamd.address() or not clamd.is_alive():
            raise CommandError("ClamAV does not answer: start clamd, or say by SONHA_CLAMD where it listens.")
        files = StoredFile.objects.all()
        if not options["all"]:
            files = files.filter(scan_state=StoredFile.ScanState.UNSCANNED)
        counts = rescan(files)
        self.stdout.write(", ".join(f"{count} {state}" for state, count in counts.items()))
