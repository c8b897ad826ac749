"""`./sonha manage seal_audit`: seal now, without waiting for the night."""

from typing import Any

from django.core.management.base import BaseCommand

from sonha.foundation.audit.seals import seal


class Command(BaseCommand):
    help = "Seals everything recorded since the last seal."

    def handle(self, **options: Any) -> None:
        done = seal()
        self.stdout.write(f"Đã niêm phong số {done.number}: {done.hash}\nSeal no. {done.number}: {done.hash}")
