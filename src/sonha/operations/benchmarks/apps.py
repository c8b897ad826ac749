from django.apps import AppConfig


class BenchmarksConfig(AppConfig):
    name = "sonha.operations.benchmarks"
    label = "benchmarks"
