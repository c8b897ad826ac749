from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "sonha.registry.pages"
    label = "registers"

    def ready(self) -> None:
        from sonha.foundation.files.services import register_access, register_usage
        from sonha.registry.pages import documents, exports, verbs  # noqa: F401  declares what is exported and what the audit log may say

        register_access(documents.PURPOSE, documents.may_read)
        register_usage(documents.PURPOSE, lambda ids: set())  # a document sent with a form that was refused goes with the next purge
