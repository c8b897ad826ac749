from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "sonha.foundation.files"
    label = "files"
