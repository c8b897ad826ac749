"""Moving running dossiers from an older version to the one in force: seen first, step by step, then done and told dossier by dossier."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.process.flows.vocabulary import HANDLED
from sonha.services.dossiers import moving
from sonha.services.dossiers.models import Dossier
from sonha.services.procedures import selectors
from sonha.services.procedures.models import Procedure, ProcedureVersion

STEP = "step."
MOST_SHOWN = 200


@officials_only(Role.ADMINISTRATOR)
def move(request: HttpRequest, stt: int) -> HttpResponse:
    """`?tu=<version>` previews its running dossiers; a post with `do=preview` follows a changed mapping, with `do=move` it happens."""
    procedure = get_object_or_404(selectors.procedures(request.actor), stt=stt)  # type: ignore[attr-defined]
    target = selectors.current_version(procedure)
    sources = _sources(procedure, target)
    asked = (request.POST if request.method == "POST" else request.GET).get("tu", "")
    source = next((version for version, _count in sources if str(version.number) == asked), None)
    context: dict[str, Any] = {"procedure": procedure, "target": target, "sources": sources, "source": source}
    if source is None or target is None:
        return render(request, "administration/procedures/moving.html", context)
    mapping = {name.removeprefix(STEP): str(value) for name, value in request.POST.items() if name.startswith(STEP) and value}
    status = 200
    try:
        if request.POST.get("do") == "move":
            chosen = request.POST.getlist("code")
            if chosen:
                moved = moving.move(source, target, actor=request.actor, mapping=mapping, codes=chosen)  # type: ignore[attr-defined]
                context["moved"] = [each for each in moved if each.done]
                context["stayed"] = [each for each in moved if not each.done]
                context["sources"] = _sources(procedure, target)
            else:
                context["refusal"], status = _("Hãy chọn ít nhất một hồ sơ."), 422
        moves = moving.preview(source, target, actor=request.actor, mapping=mapping)  # type: ignore[attr-defined]
    except (ActionRefused, NotAllowed) as refused:
        context["refusal"] = refused.sentence
        return render(request, "administration/procedures/moving.html", context, status=422)
    context |= {
        "moves": moves[:MOST_SHOWN],
        "more": max(len(moves) - MOST_SHOWN, 0),
        "able": sum(not each.problem for each in moves),
        "steps": _steps(moves, mapping),
        "targets": _targets(target),
    }
    return render(request, "administration/procedures/moving.html", context, status=status)


def _sources(procedure: Procedure, target: ProcedureVersion | None) -> list[tuple[ProcedureVersion, int]]:
    """Versions beside the one in force that still have dossiers, with how many."""
    counts: dict[int, int] = {}
    for version_id in Dossier.objects.filter(version__procedure=procedure, closed_at=None).values_list("version_id", flat=True):
        counts[version_id] = counts.get(version_id, 0) + 1
    versions = ProcedureVersion.objects.filter(pk__in=counts).order_by("-number")
    return [(version, counts[version.pk]) for version in versions if target is None or version.pk != target.pk]


def _steps(moves: list[moving.Move], mapping: dict[str, str]) -> list[dict[str, Any]]:
    """Each step where a dossier is open now, with how many, and the step it goes on in."""
    found: dict[str, dict[str, Any]] = {}
    for each in moves:
        for step in each.steps:
            row = found.setdefault(step.step, {"key": step.step, "title": step.title, "count": 0, "chosen": "", "problem": ""})
            row["count"] += 1
            row["chosen"] = mapping.get(step.step) or step.target or row["chosen"]
            row["problem"] = step.problem or row["problem"]
    return list(found.values())


def _targets(target: ProcedureVersion) -> list[tuple[str, str]]:
    assert target.flow_version
    steps = target.flow_version.definition["steps"]
    return [(step["key"], step.get("title") or step["key"]) for step in steps if step.get("kind") in HANDLED]
