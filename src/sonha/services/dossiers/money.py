"""Fees of a dossier: computed from the declaration's decision table, invoiced through foundation.payments.

What becomes of money already paid when a dossier is refused or withdrawn is declared too (`fees.refund: {refused: true, source: …}`).
Luật Phí và lệ phí 2015 does not order it to be given back, so without a declaration nothing is, and the pages say so.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.payments import handlers
from sonha.foundation.payments import services as payments
from sonha.foundation.payments.models import Invoice, Payment
from sonha.process.cases import engine
from sonha.process.cases.models import Task
from sonha.process.rules.decisions import FeeLine, fees
from sonha.services.dossiers.models import Dossier, State
from sonha.services.procedures.models import ProcedureVersion


def fee_lines(version: ProcedureVersion, context: Mapping[str, Any]) -> list[FeeLine]:
    """What a version charges for these answers today."""
    table = version.content.get("fees")
    return fees(table, context, timezone.localdate()) if table and table.get("rules") else []


def lines_of(dossier: Dossier) -> list[FeeLine]:
    from sonha.services.dossiers.drafts import OWNER_KINDS

    about = {"channel": dossier.channel, "owner_kind": OWNER_KINDS[dossier.owner.kind]}  # type: ignore[index]
    return fee_lines(dossier.version, {**dossier.answers, **dossier.case.data, "dossier": about})


def invoices(dossier: Dossier) -> Any:
    return Invoice.objects.filter(subject_kind="dossier", subject_ref=dossier.code).order_by("pk")


def paid_by_code(dossier: Dossier) -> Counter[str]:
    """Đồng already paid for each line of the fee table; what was given back does not count."""
    paid: Counter[str] = Counter()
    for invoice in invoices(dossier).filter(state=Invoice.State.PAID):
        for line in invoice.lines:
            paid[line["code"]] += line["amount"]
    return paid


def unpaid_lines(dossier: Dossier) -> list[payments.Line]:
    """The lines that are still to be paid, each less what was paid for it; a line of zero đồng asks for nothing."""
    paid = paid_by_code(dossier)
    unpaid: list[payments.Line] = []
    for line in lines_of(dossier):
        settled = min(paid[line.code], line.amount)
        paid[line.code] -= settled
        if line.amount > settled:
            unpaid.append({"code": line.code, "kind": line.kind, "title": line.title, "amount": line.amount - settled})  # type: ignore[typeddict-item]
    return unpaid


def outstanding(dossier: Dossier) -> int:
    """Đồng still to be paid: what the table charges less what was paid for it. Never below zero."""
    return sum(line["amount"] for line in unpaid_lines(dossier))


def request_payment(dossier: Dossier, actor: Actor) -> Invoice | None:
    """Issues the invoice for what is outstanding; asking twice gives the same open invoice."""
    if open_invoice := invoices(dossier).filter(state=Invoice.State.OPEN).first():
        return open_invoice
    lines = unpaid_lines(dossier)
    if not lines:
        return None
    invoice = payments.issue_invoice(
        subject_kind="dossier",
        subject_ref=dossier.code,
        title=_("Phí, lệ phí hồ sơ %(code)s") % {"code": dossier.code},
        actor=actor,
        lines=lines,
        payer_name=dossier.owner.name,
    )
    record("dossier.invoiced", subject=engine.subject_ref(dossier.case), actor=actor, payload={"invoice": invoice.code})
    return invoice


def invoice_paid(invoice: Invoice, payment: Payment) -> None:
    """Called in the transaction that settles an invoice: the payment step, if it waits, is done.

    Raises NotWanted when the dossier has ended meanwhile: the money is kept apart and marked to be given back.
    """
    dossier = Dossier.objects.select_related("case").get(code=invoice.subject_ref)
    if dossier.is_ended:
        raise handlers.NotWanted
    actor = Actor.system("payments")
    record("dossier.paid", subject=engine.subject_ref(dossier.case), actor=actor, payload={"invoice": invoice.code})
    waiting = Task.objects.filter(case=dossier.case, state=Task.State.OPEN, role="applicant")
    for task in waiting:
        if any(edge.action == "paid" for edge in engine.available_actions(task)):
            engine.act(task.pk, "paid", actor=actor)


def close_account(dossier: Dossier, actor: Actor) -> None:
    """The dossier ended: nothing more is asked for, and what was paid goes back where the declaration says so."""
    for invoice in invoices(dossier).filter(state=Invoice.State.OPEN):
        payments.cancel_invoice(invoice, actor)
    if refund_rule(dossier) is not True:
        return
    for payment in Payment.objects.filter(
        invoice__in=invoices(dossier).filter(state=Invoice.State.PAID), standing=Payment.Standing.SETTLES, refund=Payment.Refund.NONE
    ):
        payments.request_refund(payment, Actor.system("dossier ended"), reason=str(dossier.get_state_display()))


def refund_rule(dossier: Dossier) -> bool | None:
    """Whether what was paid is given back now that the dossier was refused or withdrawn; None when neither law nor province says."""
    if dossier.state not in {State.REFUSED, State.WITHDRAWN}:
        return None
    declared = (dossier.version.content.get("fees") or {}).get("refund") or {}
    said = declared.get(str(dossier.state))
    return said if isinstance(said, bool) else None


def refund_words(dossier: Dossier) -> str:
    """One sentence for both sides about money paid for a dossier that was refused or withdrawn; empty when nothing was paid."""
    states = {Invoice.State.PAID, Invoice.State.REFUNDED}
    if dossier.state not in {State.REFUSED, State.WITHDRAWN} or not invoices(dossier).filter(state__in=states).exists():
        return ""
    rule = refund_rule(dossier)
    if rule is True:
        return _("Phí, lệ phí đã nộp được hoàn lại theo quy định của thủ tục này.")
    if rule is False:
        return _("Phí, lệ phí đã nộp không được hoàn lại theo quy định của thủ tục này.")
    return _(
        "Luật Phí và lệ phí không quy định việc hoàn phí, lệ phí đã nộp khi hồ sơ bị từ chối hoặc được rút; thủ tục này cũng "
        "chưa có quy định riêng của tỉnh, nên hệ thống không tự hoàn. Ông/bà liên hệ bộ phận một cửa nếu cần giải đáp."
    )


def may_see_invoice(actor: Actor, invoice: Invoice) -> bool:
    """Whoever may see the dossier may see what it costs."""
    from sonha.services.dossiers.selectors import dossiers

    return dossiers(actor).filter(code=invoice.subject_ref).exists()


def invoice_link(actor: Actor, invoice: Invoice) -> str:
    """The page of the dossier an invoice belongs to, on the side where the actor stands; empty for whoever may not see it."""
    if not may_see_invoice(actor, invoice):
        return ""
    return reverse("dossier" if actor.is_official else "my_dossier", args=[invoice.subject_ref])
