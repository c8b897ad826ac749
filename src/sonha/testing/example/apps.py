from django.apps import AppConfig


class ExampleConfig(AppConfig):
    name = "sonha.testing.example"
    label = "example"

    def ready(self) -> None:
        from sonha.testing.example import registers  # noqa: F401
