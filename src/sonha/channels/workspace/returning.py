"""Handing a result over: at the desk to whoever comes for it, or by post with the number of the parcel."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sonha.channels.workspace.dossier import task_of
from sonha.foundation.access.guards import officials_only
from sonha.process.cases import access
from sonha.process.cases.errors import ActionRefused
from sonha.services.dossiers import results, selectors
from sonha.services.dossiers.models import ReturnChannel

DETAILS = ("identity", "relation", "address", "carrier", "parcel")


@officials_only("receptionist", "head", "leader", "clerk", "specialist")
def hand_over(request: HttpRequest, code: str, task_id: int) -> HttpResponse:
    """Who received the result, or where it was sent; taking the step is part of it."""
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.dossier(actor, code)
    task = task_of(found, task_id)
    typed = {name: request.POST.get(name, "") for name in ("how", "to", "comment", *DETAILS)}
    refused: ActionRefused | None = None
    if request.method == "POST":
        try:
            results.return_result(
                found,
                task,
                actor=actor,
                how=typed["how"],
                to=typed["to"],
                details={name: typed[name] for name in DETAILS},
                comment=typed["comment"],
            )
        except ActionRefused as problem:
            refused = problem
        else:
            messages.success(request, _("Đã ghi nhận trả kết quả hồ sơ %(code)s.") % {"code": found.code})
            return redirect("dossier", code=code) if selectors.dossiers(actor).filter(pk=found.pk).exists() else redirect("work")
    else:
        asked = found.return_channel if found.return_channel != ReturnChannel.ONLINE else ReturnChannel.DESK
        typed |= {"how": asked, "to": found.applicant_name, "address": found.return_address, "carrier": "VNPost"}
    context = {
        "dossier": found,
        "task": task,
        "result": getattr(found, "result", None),
        "typed": typed,
        "refused": refused,
        "errors": refused.errors if refused else {},
        "may_act": task.state == "open" and access.may_act(actor, task),
    }
    return render(request, "workspace/hand_over.html", context, status=422 if refused else 200)
