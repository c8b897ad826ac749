from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "sonha.channels.workspace"
    label = "workspace"
