from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "sonha.operations.backup"
    label = "backup"
