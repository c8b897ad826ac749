from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "sonha.foundation.identity"
    label = "identity"

    def ready(self) -> None:
        from sonha.foundation.identity import lockout  # noqa: F401 - listens to password resets
