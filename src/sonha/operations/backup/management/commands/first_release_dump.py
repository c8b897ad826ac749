"""Keeps this database as the first release's data, for the test that upgrades it to today (docs/operations/upgrade.md)."""

import lzma
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from sonha.operations.backup.making import dumped

OWN_SYSTEMS = "INSERT INTO public.spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text) VALUES ({}) ON CONFLICT DO NOTHING;\n"
LEFT_OUT = ("spatial_ref_sys", "django_session", "procrastinate_workers")


class Command(BaseCommand):
    help = "Giữ dữ liệu của bản phát hành đầu tiên cho kiểm thử nâng cấp / keeps this database for the upgrade test."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        script = dumped(*(f"--exclude-table-data={name}" for name in LEFT_OUT))
        script = re.sub(r"^-- .*\n", "", script, flags=re.M).replace("'search_path', ''", "'search_path', 'public'")
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT concat_ws(', ', srid, quote_literal(auth_name), auth_srid, quote_literal(srtext), quote_literal(proj4text))
                   FROM spatial_ref_sys WHERE srid BETWEEN 9205 AND 9218 ORDER BY srid"""
            )
            script += "".join(OWN_SYSTEMS.format(values) for (values,) in cursor.fetchall())
        packed = lzma.compress(script.encode(), preset=9 | lzma.PRESET_EXTREME)
        file.write_bytes(packed)
        self.stdout.write(f"{file}: {len(packed) / 1000:.0f} kB")
