from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "sonha.process.cases"
    label = "cases"

    def ready(self) -> None:
        from sonha.process.cases import verbs  # noqa: F401  declares what the audit log may say
