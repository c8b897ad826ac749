from datetime import date

from django.apps import AppConfig


def _recompute_clocks(days: list[date]) -> None:
    from sonha.foundation.jobs.services import enqueue

    enqueue("dossiers.recompute_clocks", coalesce="recompute")


class DossiersConfig(AppConfig):
    name = "sonha.services.dossiers"
    label = "dossiers"

    def ready(self) -> None:
        from sonha.foundation.calendar.services import on_change
        from sonha.foundation.files.services import register_access, register_upload, register_usage
        from sonha.foundation.payments import handlers
        from sonha.services.dossiers import file_usage, money, notices, subject, verbs  # noqa: F401  their declarations register on import

        handlers.on_paid("dossier", money.invoice_paid)
        handlers.register_access("dossier", money.may_see_invoice)
        handlers.register_link("dossier", money.invoice_link)
        register_access("dossier", lambda actor, file: False)  # served only by the views of papers, which check the dossier
        register_upload("dossier", allowed=lambda actor: actor.is_authenticated, accept="pdf,image")
        register_usage("dossier", file_usage.used_in_dossiers)
        on_change(_recompute_clocks)
