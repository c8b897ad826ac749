"""/api/v1/tasks: what waits, and acting on it."""

from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict, StringConstraints

from sonha.foundation.access.actor import Actor
from sonha.foundation.files.models import StoredFile
from sonha.foundation.identity.models import User
from sonha.foundation.rest.paging import page
from sonha.foundation.rest.problems import ProblemError
from sonha.foundation.rest.values import LARGEST_ID, Id, Key, Limit, PathId
from sonha.foundation.search.counting import capped_count
from sonha.process.cases import access, engine
from sonha.process.cases.api import actions_of, form_of
from sonha.process.cases.errors import ActionRefused
from sonha.process.cases.models import Task
from sonha.services.dossiers import machine_filing, reception, selectors, supplements
from sonha.services.dossiers.api import telling
from sonha.services.dossiers.api.shapes import Missing, TaskDetail, Tasks
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.task_selectors import after_task, applicant_tasks, task

router = Router(tags=["tasks"])
Whose = Literal["mine", "unit", "applicant"]
FileId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
REFUSALS = {"responses": {409: {"description": ""}}}


class TaskFilters(Schema):
    whose: Whose = Field(
        "mine",
        description="`mine`: what the caller may act on now; `unit`: all that waits in units the caller heads; "
        "`applicant`: what waits for the caller as applicant.",
    )
    after: int | None = Field(None, ge=1, le=LARGEST_ID, description="`next` of the page before.")
    limit: Limit = 20


@router.get("", response=Tasks, operation_id="list_tasks", summary="What waits for the caller")
def list_tasks(request: HttpRequest, filters: Query[TaskFilters]) -> dict[str, Any]:
    """Open tasks (công việc), the most urgent first. For citizens and businesses `mine` is the same as `applicant`."""
    actor = request.actor  # type: ignore[attr-defined]
    if filters.whose == "unit":
        rows = selectors.unit_work(actor)
    elif filters.whose == "mine" and actor.is_official:
        rows = selectors.work_list(actor)
    else:
        rows = applicant_tasks(actor)
    following = after_task(rows, filters.after) if filters.after else rows
    if following is None:
        raise ProblemError("invalid", _("Trang sau không còn; xin tải lại từ đầu."), {"after": _("Không có công việc mang số này.")})
    fetched = list(following[: filters.limit + 1])
    shown = fetched[: filters.limit]
    more = shown[-1].pk if len(fetched) > filters.limit else None
    return page([_row(each) for each in shown], following=more, count=capped_count(rows))


@router.get("/{task_id}", response=TaskDetail, operation_id="get_task", summary="One task")
def get_task(request: HttpRequest, task_id: PathId) -> dict[str, Any]:
    """The task with what can be done about it: actions, the form that acting needs, and to whom it may be assigned."""
    actor = request.actor  # type: ignore[attr-defined]
    return _detail(task(actor, task_id), actor)


@router.post("/{task_id}/claim", response=TaskDetail, operation_id="claim_task", summary="Take a task", openapi_extra=REFUSALS)
def claim_task(request: HttpRequest, task_id: PathId) -> dict[str, Any]:
    """Takes an unclaimed task of one's own unit, so that colleagues leave it."""
    actor = request.actor  # type: ignore[attr-defined]
    engine.claim(task(actor, task_id).pk, actor=actor)
    return _detail(task(actor, task_id), actor)


class Assignment(Schema):
    """To whom a task is handed."""

    model_config = ConfigDict(extra="forbid")

    user: Id | None = Field(description="Id of an official (see `candidates`); null hands it back to the unit.")


@router.post(
    "/{task_id}/assign", response=TaskDetail, operation_id="assign_task", summary="Hand a task to somebody", openapi_extra=REFUSALS
)
def assign_task(request: HttpRequest, task_id: PathId, payload: Assignment) -> dict[str, Any]:
    """By heads and leaders, or by who holds it."""
    actor = request.actor  # type: ignore[attr-defined]
    found = task(actor, task_id)
    user = None
    if payload.user is not None:
        user = User.objects.filter(pk=payload.user).first()
        if user is None:
            sentence = _("Không có cán bộ này trong đơn vị.")
            raise ProblemError("invalid", sentence, {"user": sentence})
    engine.assign(found.pk, user, actor=actor)
    return _detail(task(actor, task_id), actor)


class Act(Schema):
    """An action on a task."""

    model_config = ConfigDict(extra="forbid")

    action: Annotated[str, StringConstraints(min_length=1, max_length=60)] = Field(examples=["accept"])
    comment: Annotated[str, StringConstraints(max_length=5000)] = Field("", description="Needed where the action says `required`.")
    answers: dict[str, Any] = Field(
        default_factory=dict,
        description="Answers to the step's form; of applicants: corrected answers to the dossier's.",
        examples=[{"conclusion": "grant"}],
    )
    missing: Annotated[list[Missing], Field(max_length=100)] = Field(
        default_factory=list, description="Officials asking for a supplement: everything that is missing, at once."
    )
    papers: dict[Key, Annotated[list[FileId], Field(max_length=20)]] = Field(
        default_factory=dict,
        max_length=100,
        description="Applicants answering a supplement request: code of the paper -> ids from POST /files.",
    )


@router.post("/{task_id}/act", response=TaskDetail, operation_id="act_on_task", summary="Complete a task", openapi_extra=REFUSALS)
def act_on_task(request: HttpRequest, task_id: PathId, payload: Act) -> dict[str, Any]:
    """Completes a task by one of its actions and moves the dossier on. Of two at once one gets 409 and is told who was first."""
    actor = request.actor  # type: ignore[attr-defined]
    found = task(actor, task_id)
    dossier = _dossier_of(found)
    if found.is_applicant and dossier is not None and found.state == Task.State.OPEN and access.may_act(actor, found):
        files = {code: _own_files(code, ids, actor) for code, ids in payload.papers.items()}
        answers = payload.answers or None
        supplements.answer(dossier, found, payload.action, actor, comment=payload.comment, files=files, answers=answers)
    else:
        with transaction.atomic():
            if payload.missing and dossier is not None and access.may_act(actor, found):
                items = [{"subject": each.subject, "title": each.title, "reason": each.reason} for each in payload.missing]
                reception.prepare_supplement(dossier, items, payload.comment, actor)
            comment = payload.comment or "; ".join(each.reason for each in payload.missing)
            engine.act(found.pk, payload.action, actor=actor, comment=comment, data=payload.answers)
    return _detail(Task.objects.select_related("unit", "assignee", "case__flow_version").get(pk=found.pk), actor)


def _own_files(code: str, ids: list[str], actor: Actor) -> list[StoredFile]:
    """The caller's own uploads; ActionRefused names one that is not."""
    own = StoredFile.objects.filter(pk__in=ids, uploaded_by_id=actor.user_id, purpose=machine_filing.PURPOSE)
    known = {str(file.pk): file for file in own}
    for place, file_id in enumerate(ids):
        if file_id not in known:
            sentence = _("Không có tệp này trong số tệp ông/bà đã gửi.")
            raise ActionRefused(sentence, {f"papers.{code}.{place}": sentence})
    return [known[file_id] for file_id in dict.fromkeys(ids)]


def _dossier_of(found: Task) -> Dossier | None:
    return Dossier.objects.filter(case=engine.outermost(found.case)).select_related("procedure", "case", "version").first()


def _row(found: Task) -> dict[str, Any]:
    dossier = _dossier_of(found) if found.case.parent_task_id else getattr(found.case, "dossier", None)
    names = ("step", "title", "title_en", "role", "state", "opened_at", "due_at")
    closed = found.closed_at
    return {
        "id": found.pk,
        "dossier": dossier.code if dossier else None,
        "procedure": {"stt": dossier.procedure.stt, "name": dossier.procedure.name} if dossier else None,
        **{name: getattr(found, name) for name in names},
        "unit": telling.unit_ref(found.unit),
        "assignee": telling.person(found.assignee),
        "late": telling.is_past(found.due_at, closed),
    }


def _detail(found: Task, actor: Actor) -> dict[str, Any]:
    is_open = found.state == Task.State.OPEN
    may_assign = is_open and found.kind == "task" and (access.may_assign(actor, found) or found.assignee_id == actor.user_id)
    return {
        **_row(found),
        "may_act": is_open and access.may_act(actor, found),
        "actions": actions_of(found),
        "form": form_of(found),
        "answers": found.data,
        "candidates": [telling.person(each) for each in access.candidates(found)] if may_assign and found.unit else [],
        "action": found.action,
        "comment": found.comment,
        "closed_at": found.closed_at,
    }
