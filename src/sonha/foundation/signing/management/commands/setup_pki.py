"""Create the test certificate authority: `manage setup_pki`."""

from typing import Any

from django.core.management.base import BaseCommand

from sonha.foundation.signing import pki, services


class Command(BaseCommand):
    help = "Create the TEST certificate authority under SONHA_DATA/pki unless it exists."

    def handle(self, *args: Any, **options: Any) -> None:
        services.ensure_pki()
        services.publish_crl()
        self.stdout.write(f"{pki.folder()} – SHA-256 của chứng thư gốc: {pki.fingerprint(pki.certificate('root'))}")
