from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GrantsConfig(AppConfig):
    name = "sonha.registry.grants"
    label = "grants"

    def ready(self) -> None:
        from sonha.registry.grants import declared, verbs  # noqa: F401  declares what the audit log may say

        post_migrate.connect(declared.load, dispatch_uid="declared-grants")
