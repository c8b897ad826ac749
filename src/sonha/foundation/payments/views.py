"""Pages for the payer and for those who oversee the money; the address where the gateway calls back."""

import logging
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sonha.foundation.access.actor import Actor
from sonha.foundation.rest.rates import address_of
from sonha.foundation.ui.templatetags.words import money

from . import handlers, selectors, services
from . import reconciliation as reconciling
from .gateway import GatewayUnavailable
from .models import Attempt, Callback, Invoice, Reconciliation
from .settlement import LARGEST_CALLBACK, receive_callback

log = logging.getLogger(__name__)
REFUSALS_A_MINUTE = 60
NEWS_WANTED = 60  # refreshes of the result page before it stops asking


@never_cache
@require_http_methods(["GET", "POST"])
def invoice(request: HttpRequest, code: str) -> HttpResponse:
    """The invoice; POST starts the payment and goes to the gateway."""
    found = selectors.invoice(request.actor, code)  # type: ignore[attr-defined]
    if found is None:
        return _sign_in_or_404(request)
    if request.method == "POST":
        if request.actor.reads_only:  # type: ignore[attr-defined]
            raise PermissionDenied
        try:
            return redirect(services.start_payment(found, request.build_absolute_uri(reverse("payments:result"))))
        except services.PaymentRefused as refused:
            messages.error(request, str(refused))
            return redirect("payments:invoice", code=code)
    context = {"cash": services.may_take_cash(request.actor, found), "back": handlers.link(request.actor, found)}  # type: ignore[attr-defined]
    response = render(request, "payments/invoice.html", {"invoice": found, "payment": found.settling_payment, **context})
    # The form's answer leads to the gateway, and browsers apply form-action to redirects too.
    response._csp_update = {"form-action": [_origin(str(settings.SONHA_PAYMENT["base_url"]))]}  # type: ignore[attr-defined]
    return response


@require_POST
def take_cash(request: HttpRequest, code: str) -> HttpResponse:
    """Cash at the desk (nộp tiền mặt tại quầy): the receipt number appears on the invoice, which is printed for the payer."""
    found = selectors.invoice(request.actor, code)  # type: ignore[attr-defined]
    if found is None:
        return _sign_in_or_404(request)
    try:
        payment = services.pay_at_desk(found, request.actor)  # type: ignore[attr-defined]
        messages.success(request, _("Đã thu %(amount)s, số biên nhận %(number)s.") % {"amount": money(payment.amount), "number": payment})
    except services.PaymentRefused as refused:
        messages.error(request, str(refused))
    return redirect("payments:invoice", code=code)


@never_cache
@require_GET
def result(request: HttpRequest) -> HttpResponse:
    """Where the gateway sends the payer back. What the address says is not believed: the state here, or the gateway itself, is asked."""
    found = selectors.invoice_of_attempt(request.actor, request.GET.get("reference", ""))  # type: ignore[attr-defined]
    if found is None:
        return _sign_in_or_404(request)
    bill, attempt = found
    if attempt.state == Attempt.State.PENDING and bill.state == Invoice.State.OPEN:
        try:
            attempt = services.refresh(attempt)
        except GatewayUnavailable:
            log.warning("the payment gateway does not answer about %s", attempt.code)
        bill.refresh_from_db()
    tries = min(int(request.GET.get("lan", "0")) if request.GET.get("lan", "0").isdecimal() else 0, NEWS_WANTED)
    waiting = bill.state == Invoice.State.OPEN and attempt.state == Attempt.State.PENDING and tries < NEWS_WANTED
    context: dict[str, Any] = {"invoice": bill, "attempt": attempt, "payment": bill.settling_payment, "waiting": waiting, "next": tries + 1}
    context["back"] = handlers.link(request.actor, bill)  # type: ignore[attr-defined]
    return render(request, "payments/result.html", context)


@csrf_exempt
@require_POST
def callback(request: HttpRequest) -> JsonResponse:
    """Server to server. `{"received": true}` ends the gateway's retries; any other answer makes it come again."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST_CALLBACK:
        return JsonResponse({"received": False}, status=413)
    minute_ago = timezone.now() - timedelta(minutes=1)
    refused = Callback.objects.filter(verdict__in=[Callback.Verdict.BAD_SIGNATURE, Callback.Verdict.MALFORMED], received_at__gt=minute_ago)
    if refused.count() >= REFUSALS_A_MINUTE:
        return JsonResponse({"received": False}, status=429, headers={"Retry-After": "60"})
    try:
        outcome = receive_callback(request.body, address=address_of(request) or None)
    except Exception:
        log.exception("a payment callback could not be processed; it is kept and the gateway will send it again")
        return JsonResponse({"received": False}, status=500)
    return JsonResponse({"received": outcome.status == 200}, status=outcome.status)


@require_GET
def reconciliations(request: HttpRequest) -> HttpResponse:
    actor = _overseer(request)
    days = selectors.reconciliations(actor)[:62]
    return render(request, "payments/reconciliations.html", {"days": days, "to_refund": selectors.payments_to_refund(actor)[:200]})


@require_GET
def reconciliation(request: HttpRequest, day: str) -> HttpResponse:
    found = _day(request, day)
    differences = found.differences.select_related("invoice", "resolved_by")
    return render(request, "payments/reconciliation.html", {"reconciliation": found, "differences": differences})


@require_POST
def resolve(request: HttpRequest, day: str, difference: int) -> HttpResponse:
    row = get_object_or_404(_day(request, day).differences.filter(resolved_at=None), pk=difference)
    try:
        reconciling.resolve(row, request.actor, resolution=request.POST.get("resolution", ""))  # type: ignore[attr-defined]
    except services.PaymentRefused as refused:
        messages.error(request, str(refused))
    return redirect("payments:reconciliation", day=day)


@require_POST
def refund(request: HttpRequest, payment: int) -> HttpResponse:
    actor = _overseer(request)
    row = get_object_or_404(selectors.payments_to_refund(actor), pk=payment)
    try:
        services.request_refund(row, actor, reason=request.POST.get("reason", ""))
        messages.success(request, _("Đã gửi yêu cầu hoàn tiền tới cổng thanh toán."))
    except services.PaymentRefused as refused:
        messages.error(request, str(refused))
    return redirect("payments:reconciliations")


def _overseer(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not selectors.may_oversee(actor):
        raise Http404
    return actor


def _day(request: HttpRequest, day: str) -> Reconciliation:
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(selectors.reconciliations(_overseer(request)), day=wanted)


def _sign_in_or_404(request: HttpRequest) -> HttpResponse:
    """A stranger is asked to sign in, whether or not the invoice exists; who is signed in learns only that there is nothing to see."""
    if not request.actor.is_authenticated:  # type: ignore[attr-defined]
        return redirect_to_login(request.get_full_path())
    raise Http404


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
