from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "sonha.channels.workspace"
    label = "workspace"

    def ready(self) -> None:
        from sonha.channels.workspace.addresses import dossier_address
        from sonha.registry.pages.links import register_dossier_url
        from sonha.services.dossiers import exports, register  # noqa: F401  lists that can be exported register on import
        from sonha.services.permits import exports as permits  # noqa: F401

        register_dossier_url(dossier_address)
