"""Changes as the pages of administration show them: who, what, before and after."""

from typing import Any

from sonha.foundation.audit import undo
from sonha.foundation.identity.models import User
from sonha.services.procedures.changes import changes


def rows(kept: undo.Kept, found: list[undo.Change]) -> list[dict[str, Any]]:
    """{change, who, name, differing} for each."""
    people = dict(User.objects.filter(pk__in={each.user_id for each in found if each.user_id}).values_list("pk", "full_name"))
    return [
        {
            "change": each,
            "who": people.get(each.user_id or 0, ""),
            "name": undo.name_of(kept, each),
            "differing": undo.differing(kept, each),
        }
        for each in found
    ]


def of_row(actor: Any, key: str, row: int, *, limit: int = 10) -> list[dict[str, Any]]:
    """The last changes of one row of a list, newest first."""
    return rows(undo.lists()[key], undo.changes(actor, key, row=row, limit=limit))


def of_version(found: undo.Change) -> list[tuple[str, str, str]]:
    """What a draft asks otherwise than before: (part, "", sentence)."""
    before, now = found.before, found.now
    if not before or not now or not before["draft"] or not now["draft"]:
        return []
    old, new = ({**values["content"], **values["draft"]} for values in (before, now))
    return [(str(each.part_title), "", each.sentence) for each in changes(old, new)]
