"""`./sonha manage check_quality [register …]`: tries the rules of registers now and prints what is open."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from sonha.foundation.access.actor import Actor
from sonha.registry.declarations import register, registers
from sonha.registry.quality.models import Finding
from sonha.registry.quality.services import run_now


class Command(BaseCommand):
    help = "Tries the quality rules of the registers named (default: of all that have rules)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("registers", nargs="*", help="codes or slugs")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            chosen = [register(code) for code in options["registers"]] or [each for each in registers() if each.rules]
        except LookupError as error:
            raise CommandError(str(error)) from None
        for each in chosen:
            run = run_now(each, Actor.system("check_quality"))
            counts = Finding.objects.filter(register=each.code, state="open").order_by("rule").values_list("rule").annotate(Count("pk"))
            seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else 0
            found = ", ".join(f"{rule} {count}" for rule, count in counts) or "nothing"
            self.stdout.write(f"{each.code}: {run.records} records, {seconds:.1f} s: {found}")
