"""Where business meets payments: what happens when something is paid, and who may see its invoices.

# in AppConfig.ready()
on_paid("dossier", dossiers.services.fee_paid)
register_access("dossier", dossiers.selectors.may_see_invoice)
"""

from collections.abc import Callable
from typing import TypeVar

from sonha.foundation.access.actor import Actor

from .models import Invoice, Payment

Handler = Callable[[Invoice, Payment], None]
Rule = Callable[[Actor, Invoice], bool]

T = TypeVar("T")

_on_paid: dict[str, list[Handler]] = {}
_on_cancelled: dict[str, list[Callable[[Invoice], None]]] = {}
_rules: dict[str, Rule] = {}
_links: dict[str, Callable[[Actor, Invoice], str]] = {}


class NotWanted(Exception):
    """Raised by an `on_paid` handler whose subject no longer takes money (it was closed): the payment is kept and marked for refund."""


def on_paid(subject_kind: str, handler: Handler) -> None:
    """`handler(invoice, payment)` runs in the transaction that marks the invoice paid: both happen or neither does."""
    _add(_on_paid.setdefault(subject_kind, []), handler)


def on_cancelled(subject_kind: str, handler: Callable[[Invoice], None]) -> None:
    """`handler(invoice)` runs in the transaction that cancels or expires the invoice."""
    _add(_on_cancelled.setdefault(subject_kind, []), handler)


def register_access(subject_kind: str, rule: Rule) -> None:
    """`rule(actor, invoice)` says whether the actor may see and pay. Without a rule nobody but the system may."""
    _rules[subject_kind] = rule


def register_link(subject_kind: str, address: Callable[[Actor, Invoice], str]) -> None:
    """`address(actor, invoice)` is the page of what is paid, to which the pages of the invoice lead back; empty when there is none."""
    _links[subject_kind] = address


def link(actor: Actor, invoice: Invoice) -> str:
    """Address of the page of what is paid; empty when nobody registered one."""
    address = _links.get(invoice.subject_kind)
    return address(actor, invoice) if address else ""


def may_see(actor: Actor, invoice: Invoice) -> bool:
    if actor.is_system:
        return True
    rule = _rules.get(invoice.subject_kind)
    return rule is not None and bool(rule(actor, invoice))


def paid(invoice: Invoice, payment: Payment) -> None:
    for handler in _on_paid.get(invoice.subject_kind, ()):
        handler(invoice, payment)


def cancelled(invoice: Invoice) -> None:
    for handler in _on_cancelled.get(invoice.subject_kind, ()):
        handler(invoice)


def _add(registered: list[T], handler: T) -> None:
    if handler not in registered:
        registered.append(handler)
