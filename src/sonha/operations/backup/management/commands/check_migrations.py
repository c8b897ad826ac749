"""Names the migrations that would lock or rewrite a large table; `./sonha lint locks` calls it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.migrations.loader import MigrationLoader

from sonha.operations.backup import migration_locks


class Command(BaseCommand):
    help = "Tìm các bước nâng cấp khoá bảng lớn / finds migrations that lock large tables; --release: today's are the first release's."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--release", action="store_true")

    def handle(self, *args: Any, release: bool, **options: Any) -> None:
        if release:
            names = migration_locks.own_migrations(MigrationLoader(None, ignore_no_migrations=True))
            migration_locks.BASELINE.write_text("\n".join(names) + "\n")
            return
        found = migration_locks.findings()
        self.stdout.write("\n".join(found))
        if found:
            self.stdout.write("docs/operations/upgrade.md; before the first release: ./sonha manage check_migrations --release")
            raise SystemExit(1)
