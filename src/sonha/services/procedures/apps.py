from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "sonha.services.procedures"
    label = "procedures"
