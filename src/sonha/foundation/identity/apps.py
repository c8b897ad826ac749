from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "sonha.foundation.identity"
    label = "identity"
