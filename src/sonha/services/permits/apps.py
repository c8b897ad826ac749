from django.apps import AppConfig


class PermitsConfig(AppConfig):
    name = "sonha.services.permits"
    label = "permits"

    def ready(self) -> None:
        from sonha.foundation.files.services import register_access, register_usage
        from sonha.services.permits import selectors, verbs  # noqa: F401  declares what the audit log may say

        register_access("permit", selectors.may_read_document)
        register_usage("permit", lambda ids: set())  # a copy sent with an act that was refused goes with the next purge
