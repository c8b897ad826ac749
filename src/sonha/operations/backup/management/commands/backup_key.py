"""Makes a new backup key: the whole for its keeper, the public half for the server."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sonha.operations.backup import keys
from sonha.operations.backup.refusal import BackupRefused


class Command(BaseCommand):
    help = "Tạo khoá sao lưu mới / makes a new backup key."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            keys.create(file)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        except OSError as error:
            raise CommandError(f"Không ghi được {file} / {file} cannot be written: {error.strerror}") from None
        self.stdout.write(f"Khoá mới ở {file}: hãy cất ngoài máy chủ, ở hai nơi, rồi xoá khỏi máy này.")
        self.stdout.write(f"The new key is in {file}: keep it off the server, in two places, then delete it here.")
