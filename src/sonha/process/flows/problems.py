"""How the checks of a flow report what they find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from sonha.process.flows.vocabulary import KINDS

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One finding, as a sentence a person can act on. `step` is the key of the step it concerns, or None for the whole flow."""

    level: Level
    step: str | None
    message: str

    def __str__(self) -> str:
        return self.message


class NotPublishable(ValueError):
    """Why something was not published: every error in words, for whoever tried. `problems` are the findings that are errors."""

    def __init__(self, title: str, problems: Sequence[Any]) -> None:
        self.problems = list(problems)
        listed = " ".join(dict.fromkeys(str(problem) for problem in self.problems))
        self.sentence = _("Chưa thể công bố «%(title)s»: %(problems)s") % {"title": title, "problems": listed}
        super().__init__(self.sentence)


def error(step: str | None, message: str) -> Problem:
    return Problem("error", step, message)


def warning(step: str | None, message: str) -> Problem:
    return Problem("warning", step, message)


def called(step: Mapping[str, Any]) -> str:
    """What a person calls the step: its title, or its kind and key where it has none."""
    title = step.get("title")
    if isinstance(title, str) and title.strip():
        return f"«{title.strip()}»"
    kind = KINDS.get(str(step.get("kind")), "")
    return f"«{_(kind)} {step.get('key', '')}»" if kind else f"«{step.get('key', '')}»"
