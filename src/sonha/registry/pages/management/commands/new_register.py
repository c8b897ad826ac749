"""The beginning of a register (docs/declaring-a-register.md).

./sonha manage new_register water MonitoringWell --title "Giếng quan trắc"
"""

import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sonha.registry.pages.scaffold import GEOMETRIES, Wanted, write


class Command(BaseCommand):
    help = "Writes the model, the declaration and the test of a new register into src/sonha/sectors/<sector>."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sector", help="folder of the sector, new or there already: water")
        parser.add_argument("model", help="class name of one record, in English: MonitoringWell")
        parser.add_argument("--title", default="", help="what one record is called, in Vietnamese: Giếng quan trắc")
        parser.add_argument("--geometry", default="point", choices=sorted(GEOMETRIES))

    def handle(self, *args: Any, **options: Any) -> None:
        sector = options["sector"]
        folder = settings.PACKAGE / "sectors" / sector
        try:
            wanted = Wanted(sector, options["model"], options["title"] or options["model"], options["geometry"])
            written = write(folder, f"sonha.sectors.{sector}", wanted)
        except (ValueError, FileExistsError) as wrong:
            raise CommandError(str(wrong)) from wrong
        for command in (["check", "--fix", "-q"], ["format", "-q"]):
            subprocess.run([sys.executable, "-m", "ruff", *command, *map(str, written)], check=False, cwd=settings.PROJECT)
        for path in written:
            self.stdout.write(f"  {path.relative_to(settings.PROJECT)}")
        self.stdout.write(
            f"Next: 1. mend names, fields and the legal source; 2. \"sonha.sectors.{sector}\" in INSTALLED_APPS (settings.py);\n"
            f"3. ./sonha manage makemigrations {sector}, and in the first migration depend on (\"search\", \"0001_initial\") and "
            "(\"records\", \"0002_initial\");\n4. ./sonha up, then /csdl/" + wanted.slug + "/; docs/declaring-a-register.md."
        )  # fmt: skip
