from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "sonha.foundation.ui"
    label = "ui"
