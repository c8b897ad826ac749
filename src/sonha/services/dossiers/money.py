"""Fees of a dossier: computed from the declaration's decision table, invoiced through foundation.payments."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.payments import services as payments
from sonha.foundation.payments.models import Invoice, Payment
from sonha.process.cases import engine
from sonha.process.cases.models import Task
from sonha.process.rules.decisions import FeeLine, fees
from sonha.services.dossiers.models import Dossier
from sonha.services.procedures.models import ProcedureVersion


def fee_lines(version: ProcedureVersion, context: Mapping[str, Any]) -> list[FeeLine]:
    """What a version charges for these answers today."""
    table = version.content.get("fees")
    return fees(table, context, timezone.localdate()) if table and table.get("rules") else []


def lines_of(dossier: Dossier) -> list[FeeLine]:
    from sonha.services.dossiers.filing import OWNER_KINDS

    about = {"channel": dossier.channel, "owner_kind": OWNER_KINDS[dossier.owner.kind]}  # type: ignore[index]
    return fee_lines(dossier.version, {**dossier.answers, **dossier.case.data, "dossier": about})


def invoices(dossier: Dossier) -> Any:
    return Invoice.objects.filter(subject_kind="dossier", subject_ref=dossier.code).order_by("pk")


def outstanding(dossier: Dossier) -> int:
    """Đồng still to be paid: what the table charges less what was paid."""
    paid = sum(invoice.total for invoice in invoices(dossier).filter(state=Invoice.State.PAID))
    return max(0, sum(line.amount for line in lines_of(dossier)) - paid)


def request_payment(dossier: Dossier, actor: Actor) -> Invoice | None:
    """Issues the invoice for what is outstanding; asking twice gives the same open invoice."""
    if open_invoice := invoices(dossier).filter(state=Invoice.State.OPEN).first():
        return open_invoice
    if not outstanding(dossier):
        return None
    invoice = payments.issue_invoice(
        subject_kind="dossier",
        subject_ref=dossier.code,
        title=_("Phí, lệ phí hồ sơ %(code)s") % {"code": dossier.code},
        actor=actor,
        lines=[{"code": line.code, "kind": line.kind, "title": line.title, "amount": line.amount} for line in lines_of(dossier)],
        payer_name=dossier.owner.name,
    )
    record("dossier.invoiced", subject=engine.subject_ref(dossier.case), actor=actor, payload={"invoice": invoice.code})
    return invoice


def invoice_paid(invoice: Invoice, payment: Payment) -> None:
    """Called in the transaction that settles an invoice: the payment step, if it waits, is done."""
    dossier = Dossier.objects.select_related("case").get(code=invoice.subject_ref)
    actor = Actor.system("payments")
    record("dossier.paid", subject=engine.subject_ref(dossier.case), actor=actor, payload={"invoice": invoice.code})
    waiting = Task.objects.filter(case=dossier.case, state=Task.State.OPEN, role="applicant")
    for task in waiting:
        if any(edge.action == "paid" for edge in engine.available_actions(task)):
            engine.act(task.pk, "paid", actor=actor)


def may_see_invoice(actor: Actor, invoice: Invoice) -> bool:
    """Whoever may see the dossier may see what it costs."""
    from sonha.services.dossiers.selectors import dossiers

    return dossiers(actor).filter(code=invoice.subject_ref).exists()
