from django.apps import AppConfig


class FaultsConfig(AppConfig):
    name = "sonha.operations.faults"
    label = "faults"
