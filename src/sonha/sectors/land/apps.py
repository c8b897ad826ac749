from django.apps import AppConfig


class LandConfig(AppConfig):
    name = "sonha.sectors.land"
    label = "land"

    def ready(self) -> None:
        from sonha.sectors.land import registers  # noqa: F401
