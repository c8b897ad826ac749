"""What can be wrong with an act on a task, each as one sentence for the person who tried it."""

from sonha.process.cases.models import Task


class ActionRefused(Exception):
    """The act is not possible; the message says why. Views answer 409, or 422 when `errors` names fields."""

    def __init__(self, sentence: str, errors: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.errors = errors or {}


class AlreadyDone(ActionRefused):
    """Somebody else completed the task in the meantime."""

    def __init__(self, task: Task, sentence: str) -> None:
        super().__init__(sentence)
        self.task = task


class NotAllowed(ActionRefused):
    """The actor may not act on the task; views answer 403."""
