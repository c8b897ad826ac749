"""Progress of bulk operations. A job calls these as it goes; they commit with the job's own transactions, so a job that reports is
`atomic=False` and commits its work piece by piece.
"""

import json
from typing import Any

from django.db import connection
from django.utils import timezone

from .models import Progress

MOST_PROBLEMS = 200


def start(title: str, *, total: int, actor: Any = None, link: str = "") -> Progress:
    """A new progress row for `total` things; pass its id to the job and show `jobs/progress.html`."""
    return Progress.objects.create(title=title, total=total, user=getattr(actor, "user", None), link=link)


def advance(progress_id: Any, *, done: int = 0, failed: int = 0, problem: tuple[str, str] | None = None) -> None:
    """Counts things done or failed; `problem` is (reference, one sentence a person can act on)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE jobs_progress SET state = 'running', done = done + %s, failed = failed + %s,
                   problems = CASE WHEN %s::jsonb IS NULL OR jsonb_array_length(problems) >= %s THEN problems
                                   ELSE problems || jsonb_build_array(%s::jsonb) END
               WHERE id = %s AND state IN ('waiting', 'running')""",
            [done, failed, _json(problem), MOST_PROBLEMS, _json(problem), progress_id],
        )


def finish(progress_id: Any, *, stopped: bool = False, link: str | None = None) -> None:
    """Ends the operation; `stopped` when it broke off."""
    values: dict[str, Any] = {"finished_at": timezone.now(), "state": Progress.State.STOPPED if stopped else Progress.State.DONE}
    if link is not None:
        values["link"] = link
    Progress.objects.filter(pk=progress_id).update(**values)


def _json(problem: tuple[str, str] | None) -> str | None:
    return None if problem is None else json.dumps(list(problem))
