from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "sonha.process.flows"
    label = "flows"
