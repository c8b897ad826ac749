"""`./sonha manage worker`: runs background jobs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sonha.foundation.jobs import runner, services


class Command(BaseCommand):
    help = "Runs background jobs until stopped (Ctrl-C, SIGTERM); a running job is finished first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queues", help="comma-separated names; all queues when omitted")
        parser.add_argument("--concurrency", type=int, default=2)
        parser.add_argument("--name", default="worker")
        parser.add_argument("--once", action="store_true", help="run what waits now, then stop")
        parser.add_argument(
            "--stalled-after", type=float, default=services.STALLED_AFTER, metavar="SECONDS", help="silence that means death"
        )

    def handle(self, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{runner.run_waiting()} jobs run")
            return
        queues = [name.strip() for name in options["queues"].split(",")] if options["queues"] else None
        runner.run_worker(queues=queues, concurrency=options["concurrency"], name=options["name"], stalled_after=options["stalled_after"])
