"""Makes a backup; called by `./sonha backup`."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sonha.operations.backup.making import make
from sonha.operations.backup.refusal import BackupRefused
from sonha.operations.backup.telling import Told


class Command(BaseCommand):
    help = "Sao lưu cơ sở dữ liệu, tệp và khoá / backs up database, files and keys."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path)
        parser.add_argument("--kind", choices=["dump", "base"], default="dump")

    def handle(self, *args: Any, target: Path, kind: str, **options: Any) -> None:
        began = time.monotonic()
        try:
            with Told(self.stderr) as told:
                done = make(target.absolute(), kind=kind, say=told)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        size = sum(file.stat().st_size for file in done.iterdir())
        self.stderr.write(f"✓ {size / 1e6:.1f} MB, {time.monotonic() - began:.1f} s")
        self.stdout.write(str(done))
