"""Lists the declared cases; docs/faults.md is this list."""

from typing import Any

from django.core.management.base import BaseCommand

from sonha.operations.faults.listing import markdown


class Command(BaseCommand):
    help = "In danh sách các trường hợp dữ liệu xấu và sự cố (Markdown, là nội dung của docs/faults.md)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(markdown(), ending="")
