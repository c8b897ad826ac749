from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "sonha.foundation.access"
    label = "access"
