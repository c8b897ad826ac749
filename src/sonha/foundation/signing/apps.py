from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "sonha.foundation.signing"
    label = "signing"
