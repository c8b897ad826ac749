"""What a case is about. An app that runs its things through cases registers one `Subject` for its kind; the engine calls it.

The engine knows steps, clocks and access; the subject knows what "accept" or "issue" means for a dossier.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.process.cases.models import Case, Task
from sonha.process.flows.graph import Edge, Node


class Subject:
    """Default behaviour: a case that is only its flow (an internal process)."""

    def context(self, case: Case) -> dict[str, Any]:
        """Values that conditions may read besides what officials entered."""
        return {}

    def requirement(self, name: str, case: Case) -> str | None:
        """A sentence saying why requirement `name` (draft, signed, paid, numbered) does not hold, or None."""
        return None

    def effect(self, name: str, task: Task, edge: Edge, actor: Actor, comment: str, data: Mapping[str, Any]) -> None:
        """The act `name` (accept, refuse, …) happened on `task`; runs in the same transaction, before the case moves on."""

    def service(self, name: str, case: Case, node: Node, actor: Actor) -> None:
        """An automatic step was reached."""

    def task_opened(self, task: Task) -> None:
        """A task became ready; tell whoever must act."""

    def remind(self, task: Task, stage: str, users: Sequence[User]) -> None:
        """An open task comes to its due time (`before`, `due`) or is past it (`late`); tell `users`, or the applicant of its own task."""

    def withdrawal(self, case: Case) -> str | None:
        """A sentence saying why the case cannot be withdrawn any more, or None."""
        return None

    def reopened(self, case: Case) -> None:
        """An ended case runs again; called before its step opens."""

    def ended(self, case: Case, actor: Actor) -> None:
        """The case reached an end; `case.outcome` is set."""


_subjects: dict[str, Subject] = {"internal": Subject()}


def register(kind: str, subject: Subject) -> None:
    _subjects[kind] = subject


def subject_of(case: Case) -> Subject:
    return _subjects[case.subject_kind]


class Child(Subject):
    """A consultation or sub-process: reads what its parent reads, and answers to the parent's task when it ends."""

    def context(self, case: Case) -> dict[str, Any]:
        parent = self._parent(case)
        return {**subject_of(parent).context(parent), **parent.data}

    def requirement(self, name: str, case: Case) -> str | None:
        parent = self._parent(case)
        return subject_of(parent).requirement(name, parent)

    def task_opened(self, task: Task) -> None:
        subject_of(self._parent(task.case)).task_opened(task)

    def remind(self, task: Task, stage: str, users: Sequence[User]) -> None:
        subject_of(self._parent(task.case)).remind(task, stage, users)

    def ended(self, case: Case, actor: Actor) -> None:
        from sonha.process.cases.walk import complete_parent

        complete_parent(case, actor)

    def _parent(self, case: Case) -> Case:
        assert case.parent_task is not None
        return case.parent_task.case


register("child", Child())
