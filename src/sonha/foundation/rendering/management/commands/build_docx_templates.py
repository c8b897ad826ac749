"""Rebuild the default docx templates of result drafts from code: `manage build_docx_templates [--to FOLDER]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from sonha.foundation.rendering.docx import TEMPLATES
from sonha.foundation.rendering.docx_drafts import build


class Command(BaseCommand):
    help = "Write the default docx templates (permit, decision, letter, certificate, confirmation, generic)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=TEMPLATES)

    def handle(self, *args: Any, **options: Any) -> None:
        for path in build(options["to"]):
            self.stdout.write(str(path))
