"""Proves what was restored against the manifest (JSON on the standard input); called by `./sonha restore`.

Row counts first, on the tables as they were saved; then today's schema, where the backup is of an earlier version; then the audit log.
"""

import json
import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from sonha.foundation.audit.verification import verify
from sonha.operations.backup.manifest import Manifest
from sonha.operations.backup.restored import compare


class Command(BaseCommand):
    help = "Đối chiếu dữ liệu đã khôi phục với bản sao lưu / proves the restored data against the backup."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = compare(Manifest(**json.load(sys.stdin) | {"parts": ()}))
        if found.problems:
            raise CommandError("; ".join(problem.replace(" / ", " – ") for problem in found.problems) + " / " + "; ".join(found.problems))
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if missing:
            call_command("migrate", interactive=False, verbosity=0)
        audit = verify()
        if not audit.ok and audit.first_broken:
            raise CommandError(
                f"Nhật ký trong bản sao lưu không nguyên vẹn: {audit.first_broken.words('vi')} / "
                f"the audit log in the backup is not whole: {audit.first_broken.words('en')}"
            )
        self.stdout.write(f"{found.tables} bảng, {found.rows} dòng ({found.later:+d} so với bản sao lưu), {found.blobs} tệp; "
                          f"nhật ký nguyên vẹn: {audit.links} sự kiện, {audit.seals} niêm phong; {missing} bước nâng cấp.")  # fmt: skip
        self.stdout.write(f"{found.tables} tables, {found.rows} rows ({found.later:+d} since the backup), {found.blobs} files; "
                          f"the audit log is whole: {audit.links} events, {audit.seals} seals; {missing} migrations applied.")  # fmt: skip
