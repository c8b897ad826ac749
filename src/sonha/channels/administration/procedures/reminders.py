"""When whom is reminded of an open task: one table for all procedures."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import previews
from sonha.process.cases import reminders as rules
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import ReminderRule

SPARE_ROWS = 2
MOST_ROWS = 40


@officials_only(Role.ADMINISTRATOR)
def reminders(request: HttpRequest) -> HttpResponse:
    """The rules, all in one table; saved together."""
    if request.method != "POST":
        rows = [{"stage": rule.stage, "days": str(rule.days), "recipient": rule.recipient} for rule in rules.rules()]
        return _page(request, rows)
    rows = [
        {name: request.POST.get(f"{number}.{name}", "").strip() for name in ("stage", "days", "recipient")}
        for number in range(MOST_ROWS)
        if request.POST.get(f"{number}.stage")
    ]
    if previews.going_back(request):
        return _page(request, rows)
    if any(not (row["days"] or "0").isdecimal() for row in rows):
        return _page(request, rows, refusal=_("Số ngày phải là số nguyên không âm."))
    wanted = [(row["stage"], int(row["days"] or 0), row["recipient"]) for row in rows]
    try:
        shown = previews.first(
            request,
            "nhac-viec",
            lambda: rules.set_rules(wanted, actor=request.actor),  # type: ignore[attr-defined]
            title=_("Lịch nhắc việc"),
        )
    except ActionRefused as refused:
        return _page(request, rows, refusal=refused.sentence)
    if shown:
        return shown
    messages.success(request, _("Đã lưu lịch nhắc việc."))
    return redirect("administration:reminders")


def _page(request: HttpRequest, rows: list[dict[str, str]], refusal: str = "") -> HttpResponse:
    spare = [{"stage": "", "days": "", "recipient": ""} for _row in range(SPARE_ROWS)]
    context = {
        "rows": [*rows, *spare],
        "stages": ReminderRule.Stage.choices,
        "recipients": ReminderRule.Recipient.choices,
        "refusal": refusal,
    }
    return render(request, "administration/procedures/reminders.html", context, status=422 if refusal else 200)
