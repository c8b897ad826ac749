from django.apps import AppConfig


class FormatsConfig(AppConfig):
    name = "sonha.registry.formats"
    label = "formats"

    def ready(self) -> None:
        from sonha.foundation.files.services import register_access, register_usage
        from sonha.registry.formats import services, verbs  # noqa: F401  declares what the audit log may say

        register_access(services.PURPOSE, services.may_read)
        register_usage(services.PURPOSE, services.in_use)
