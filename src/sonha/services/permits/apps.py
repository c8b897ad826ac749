from django.apps import AppConfig


class PermitsConfig(AppConfig):
    name = "sonha.services.permits"
    label = "permits"
