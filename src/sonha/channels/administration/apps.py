from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "sonha.channels.administration"
    label = "administration"

    def ready(self) -> None:
        from sonha.channels.administration.changes import kept

        kept.declare()
