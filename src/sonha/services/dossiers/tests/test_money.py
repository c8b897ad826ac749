"""What a dossier costs, what is asked for, and what becomes of money that is not wanted any more."""

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from sonha.foundation.payments.models import Attempt, Invoice, Payment
from sonha.foundation.payments.services import issue_invoice, pay_at_desk
from sonha.foundation.payments.settlement import Movement, settle
from sonha.process.cases import engine
from sonha.process.rules.decisions import FeeLine
from sonha.services.dossiers import money
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.tests.people import citizen, official
from sonha.services.dossiers.tests.permits import Office, accepted, task_at
from sonha.services.procedures.models import ProcedureVersion


def line(code: str, amount: int) -> FeeLine:
    return FeeLine(code, "fee", f"Phí {code}", amount, None, "", "", amount)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 5_000_000)), max_size=5),
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9_000_000)),
)
def test_nobody_pays_a_line_twice_and_nothing_below_zero_is_asked_for(charged: list[tuple[str, int]], paid: dict[str, int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(money, "lines_of", lambda dossier: [line(*each) for each in charged])
        patch.setattr(money, "paid_by_code", lambda dossier: Counter(paid))
        found: Any = SimpleNamespace()
        unpaid = money.unpaid_lines(found)
        assert all(each["amount"] > 0 for each in unpaid)
        asked, wanted = Counter[str](), Counter[str]()
        for each in unpaid:
            asked[each["code"]] += each["amount"]
        for code, amount in charged:
            wanted[code] += amount
        assert {code: asked[code] for code in wanted} == {code: max(0, wanted[code] - paid.get(code, 0)) for code in wanted}
        assert money.outstanding(found) == sum(asked.values())


@pytest.fixture
def office(lang_son: Any) -> Office:
    return Office.open()


def charge(dossier: Dossier, **fees: Any) -> None:
    """Another fee table for this dossier alone: a published version is never changed."""
    version = ProcedureVersion.objects.get(pk=dossier.version_id)
    dossier.version.content = {**version.content, "fees": fees}


def test_exempt_and_free_dossiers_get_no_invoice(office: Office) -> None:
    dossier = accepted(office)
    money.invoices(dossier).delete()
    zero = {"when": {"field": "flow", "gte": 0}, "then": {"code": "appraisal", "kind": "fee", "title": "Phí (hộ nghèo: miễn)", "amount": 0}}
    for rules in ([], [zero]):
        charge(dossier, hit="first", rules=rules)
        assert money.outstanding(dossier) == 0
        assert money.request_payment(dossier, office.desk) is None


def test_asking_twice_gives_the_same_invoice_and_only_what_is_still_missing_is_asked_for_later(office: Office) -> None:
    dossier = accepted(office)
    first = money.invoices(dossier).get()
    assert money.request_payment(dossier, office.desk) == first
    pay_at_desk(first, office.desk)
    assert money.outstanding(dossier) == 0 and money.request_payment(dossier, office.desk) is None
    more = {"then": {"code": "right_fee", "kind": "right_fee", "title": "Tiền cấp quyền", "amount": 2_500_000}}
    charge(dossier, hit="all", rules=[*(dossier.version.content["fees"]["rules"]), more])
    second = money.request_payment(dossier, office.desk)
    assert second is not None and [each["code"] for each in second.lines] == ["right_fee"] and second.total == 2_500_000


def by_gateway(invoice: Invoice, number: str, amount: int | None = None) -> Payment:
    attempt = Attempt.objects.create(invoice=invoice, amount=invoice.total, expires_at=timezone.now() + timedelta(minutes=5))
    movement = Movement(transaction_id=number, reference=attempt.code, amount=amount or invoice.total, at=timezone.now())
    settle(movement, source=Payment.Source.CALLBACK)
    return Payment.objects.get(transaction_id=number)


def test_paying_too_much_or_twice_is_kept_and_marked_for_refund(office: Office) -> None:
    dossier = accepted(office)
    invoice = money.invoices(dossier).get()
    wrong = by_gateway(invoice, "T1", invoice.total + 1)
    assert (wrong.standing, wrong.refund) == ("wrong_amount", "due")
    right, twice = by_gateway(invoice, "T2"), by_gateway(invoice, "T3")
    assert right.standing == "settles" and (twice.standing, twice.refund) == ("double", "due")
    assert money.outstanding(dossier) == 0


def test_money_that_comes_after_the_end_is_not_wanted(office: Office) -> None:
    lan = citizen()
    dossier = accepted(office, lan)
    invoice = money.invoices(dossier).get()
    engine.withdraw(dossier.case_id, actor=lan, reason="Không còn nhu cầu")
    invoice.refresh_from_db()
    assert invoice.state == "cancelled"
    late = by_gateway(invoice, "T9")
    assert (late.standing, late.refund) == ("late", "due")
    dossier.refresh_from_db()
    assert dossier.state == "withdrawn"
    stray = issue_invoice(subject_kind="dossier", subject_ref=dossier.code, title="Phí", payer_name="Lan", actor=office.desk,
                          lines=[{"code": "x", "kind": "fee", "title": "Phí", "amount": 1000}])  # fmt: skip
    unwanted = by_gateway(stray, "T10")
    assert unwanted.standing != "settles" and unwanted.refund == "due"


def test_what_was_paid_goes_back_only_where_the_declaration_says_so(office: Office) -> None:
    lan = citizen()
    for refund, outcome, said in (
        ({}, "none", "không quy định việc hoàn"),
        ({"withdrawn": False}, "none", "không được hoàn lại"),
        ({"withdrawn": True}, "refunded", "được hoàn lại"),
    ):
        dossier = accepted(office, lan)
        payment = pay_at_desk(money.invoices(dossier).get(), office.desk)
        engine.withdraw(dossier.case_id, actor=lan, reason="Không còn nhu cầu")
        dossier.refresh_from_db()
        charge(dossier, **{**dossier.version.content["fees"], "refund": refund})
        money.close_account(dossier, lan)
        payment.refresh_from_db()
        assert payment.refund == outcome
        assert said in money.refund_words(dossier)


def test_an_invoice_leads_to_its_dossier_on_the_side_where_one_stands(office: Office) -> None:
    lan = citizen()
    dossier = accepted(office, lan)
    invoice = money.invoices(dossier).get()
    assert money.invoice_link(lan, invoice) == f"/ho-so-cua-toi/{dossier.code}/"
    assert money.invoice_link(office.desk, invoice) == f"/can-bo/ho-so/{dossier.code}/"
    assert money.invoice_link(citizen("Người khác", "020301009999"), invoice) == ""
    assert money.invoice_link(official("specialist", "STNMT.KS"), invoice) == ""
    assert task_at(dossier, "payment")
