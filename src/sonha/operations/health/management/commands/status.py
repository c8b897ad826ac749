"""Prints what this installation is and holds."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from sonha.operations.health import status


class Command(BaseCommand):
    help = "In tình trạng hệ thống; --json cho máy đọc. Mã thoát khác 0 khi có phần không khoẻ."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="in dạng JSON")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        document = status.collect()
        if as_json:
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str))
        else:
            self.stdout.write("\n".join(_lines(document)))
        if not document["healthy"]:
            raise SystemExit(1)


def _lines(document: dict[str, Any]) -> list[str]:
    """One line a section, its plain values only; the whole document is for machines."""
    return [f"{name:<12} {_words(value)}" for name, value in document.items()]


def _words(value: Any) -> str:
    if not isinstance(value, dict):
        return "–" if value is None else str(value)
    plain = [f"{name} {inner}" for name, inner in value.items() if not isinstance(inner, dict | list) and inner is not None]
    plain += [f"{name} ({_words(inner)})" for name, inner in value.items() if name.startswith("by_") and inner]
    return ", ".join(plain)
