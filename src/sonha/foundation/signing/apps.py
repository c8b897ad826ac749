import logging

from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "sonha.foundation.signing"
    label = "signing"

    def ready(self) -> None:
        # A broken upload is an ordinary answer of the check page, not an error of the system.
        for library in ("pyhanko", "pyhanko_certvalidator"):
            logging.getLogger(library).setLevel(logging.CRITICAL)
