"""`./sonha manage purge_files [--dry-run]`: removes abandoned uploads, unused files and blobs without a file."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sonha.foundation.files.purging import BLOB_GRACE, GRACE, purge


class Command(BaseCommand):
    help = "Removes files that nothing refers to."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=float, default=GRACE.days, help="keep unused files this many days")
        parser.add_argument("--blob-days", type=float, default=BLOB_GRACE.days, help="keep blobs without a file this many days")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        done = purge(grace=timedelta(days=options["days"]), blob_grace=timedelta(days=options["blob_days"]), dry_run=options["dry_run"])
        verb = "would remove" if options["dry_run"] else "removed"
        self.stdout.write(f"{verb} {done.uploads} abandoned uploads, {done.files} unused files, {done.blobs} blobs ({done.bytes} bytes)")
