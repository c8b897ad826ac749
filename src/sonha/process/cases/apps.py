from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "sonha.process.cases"
    label = "cases"
