from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "sonha.services.dossiers"
    label = "dossiers"
