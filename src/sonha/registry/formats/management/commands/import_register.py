"""`./sonha manage import_register parcels thua.gpkg --basis "BB 12/2025" --map number=SO_THUA`: a file into a register, as the pages do."""

import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from sonha.foundation.access.actor import Actor
from sonha.registry.declarations import register
from sonha.registry.formats import reading
from sonha.registry.formats.loading import guess, load
from sonha.registry.records.services import Basis


class Command(BaseCommand):
    help = "Imports a file into a register as one change. The same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("register", help="code or slug")
        parser.add_argument("file", type=Path)
        parser.add_argument("--basis", default="", help="number of the document by which the data were handed over")
        parser.add_argument("--dated", type=date.fromisoformat, help="its date, 2025-12-31")
        parser.add_argument("--day", type=date.fromisoformat, help="since when it is so; default: today")
        parser.add_argument("--layer", default="", help="default: the first")
        parser.add_argument(
            "--map", nargs="*", default=[], metavar="FIELD=COLUMN", help="beside what is guessed; FIELD= leaves a field out"
        )
        parser.add_argument("--srid", type=int, default=0, help="EPSG of the data when the file does not say, or says it wrongly")
        parser.add_argument("--swapped", action="store_true", help="the file writes north before east")
        parser.add_argument("--encoding", default="", choices=["", "utf-8", "tcvn3", "vni", "windows-1258"])
        parser.add_argument("--dry", action="store_true", help="try, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            declared = register(options["register"])
        except LookupError as error:
            raise CommandError(str(error)) from None
        basis = Basis("import", number=options["basis"] or ("trial" if options["dry"] else ""), dated=options["dated"])
        started = time.monotonic()
        try:
            with reading.opened(options["file"], encoding=options["encoding"]) as source:
                layer = source.layer(options["layer"]) if options["layer"] else source.layers[0]
                mapping = guess(declared, layer)
                mapping.srid = options["srid"] or mapping.srid
                mapping.swapped = options["swapped"]
                for pair in options["map"]:
                    field, _equals, column = pair.partition("=")
                    mapping.columns[field] = column
                    if not column:
                        del mapping.columns[field]
                outcome = load(
                    declared, source, layer, mapping,
                    actor=Actor.system("import_register"), basis=basis, day=options["day"], dry=options["dry"],
                    origin=options["file"].name[:200],
                )  # fmt: skip
        except (reading.FileRefused, FileNotFoundError) as refused:
            raise CommandError(str(refused)) from None
        except LookupError:
            raise CommandError(f"the file has no layer {options['layer']!r}") from None
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from None
        seconds = time.monotonic() - started
        for refusal in outcome.refusals[:50]:
            self.stderr.write(f"{refusal.row}: {' '.join(refusal.reasons)}")
        self.stdout.write(
            f"{outcome.total} rows: {outcome.new} new, {outcome.changed} changed, {outcome.same} same, {outcome.refused} refused"
            f" ({seconds:.1f} s, {outcome.total / max(seconds, 0.001):,.0f} rows/s)"
        )
