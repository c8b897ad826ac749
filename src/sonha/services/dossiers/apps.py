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
        from sonha.foundation.files.services import register_access
        from sonha.foundation.payments import handlers
        from sonha.services.dossiers import money, notices, subject, verbs  # noqa: F401  their declarations register on import

        handlers.on_paid("dossier", money.invoice_paid)
        handlers.register_access("dossier", money.may_see_invoice)
        register_access("dossier", lambda actor, file: False)  # served only by the views of papers, which check the dossier
        on_change(_recompute_clocks)
