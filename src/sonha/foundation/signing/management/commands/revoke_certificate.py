"""Revoke a certificate and publish the list: `manage revoke_certificate SERIAL --reason key_compromise`."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sonha.foundation.signing import services
from sonha.foundation.signing.models import Certificate


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


class Command(BaseCommand):
    help = "Revoke a certificate by its serial number (hexadecimal)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("serial")
        parser.add_argument("--reason", choices=services.REASONS, default="unspecified")
        parser.add_argument("--at", type=_moment, default=None, help="ISO 8601; default now")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            row = services.revoke(options["serial"].lower(), options["reason"], at=options["at"])
        except Certificate.DoesNotExist as error:
            raise CommandError("Không có chứng thư số mang số này.") from error
        self.stdout.write(f"Đã thu hồi chứng thư của {row.name} từ {timezone.localtime(row.revoked_at):%H:%M:%S %d/%m/%Y}.")
