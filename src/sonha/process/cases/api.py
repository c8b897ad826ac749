"""What the API of anything that runs through cases needs: the engine's refusals as problems, and a task's actions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Schema

from sonha.foundation.rest.problems import problem
from sonha.process.cases import engine
from sonha.process.cases.errors import ActionRefused, AlreadyDone, NotAllowed
from sonha.process.cases.models import Task
from sonha.process.flows.graph import graph_of


class Action(Schema):
    """A way to leave a step."""

    action: str = Field(description="Give it as `action`.", examples=["accept"])
    title: str
    comment: str = Field(description="Empty, `optional` or `required`.")
    batch: bool = Field(description="May be taken on many tasks at once.")


def actions_of(task: Task) -> list[dict[str, Any]]:
    """The actions that a task offers now; none for a closed one."""
    return [
        {"action": edge.action, "title": edge.title or edge.action, "comment": edge.comment, "batch": edge.batch}
        for edge in engine.available_actions(task)
    ]


def form_of(task: Task) -> dict[str, Any] | None:
    """The declaration of what whoever acts must fill in, or None."""
    form = graph_of(task.case.flow_version_id).nodes[task.step].form
    return dict(form) if form else None


def tell_refusals(api: NinjaAPI) -> None:
    """403 not allowed, 409 somebody was faster or not possible now, 422 when values are named."""
    for kind in (NotAllowed, AlreadyDone, ActionRefused):
        api.add_exception_handler(kind, _refused)


def _refused(request: HttpRequest, refused: Any) -> HttpResponse:
    if isinstance(refused, NotAllowed):
        return problem("forbidden", refused.sentence)
    if isinstance(refused, AlreadyDone):
        return problem("already-done", refused.sentence)
    return problem("invalid" if refused.errors else "refused", refused.sentence, refused.errors)
