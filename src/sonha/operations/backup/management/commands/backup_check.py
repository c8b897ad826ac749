"""Checks a backup without touching anything and prints its manifest as JSON; called by `./sonha restore`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sonha.operations.backup.checking import check
from sonha.operations.backup.refusal import BackupRefused
from sonha.operations.backup.telling import Told


class Command(BaseCommand):
    help = "Kiểm tra một bản sao lưu / checks a backup."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--key", type=Path, required=True)

    def handle(self, *args: Any, folder: Path, key: Path, **options: Any) -> None:
        try:
            with Told(self.stderr) as told:
                manifest = check(folder.absolute(), key.absolute(), say=told)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(json.dumps(manifest.as_dict()))
