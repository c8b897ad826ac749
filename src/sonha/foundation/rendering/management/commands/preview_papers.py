"""Write an example of every paper as PDF, to look at the layouts: `manage preview_papers --to /tmp/papers`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from sonha.foundation.rendering.papers import render
from sonha.foundation.rendering.samples import samples


class Command(BaseCommand):
    help = "Write an example of every paper as a PDF file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=Path("papers"))
        parser.add_argument("names", nargs="*", help="only these papers")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["to"]
        folder.mkdir(parents=True, exist_ok=True)
        for name, paper in samples().items():
            if not options["names"] or name in options["names"]:
                (folder / f"{name}.pdf").write_bytes(render(paper))
                self.stdout.write(f"{folder / name}.pdf")
