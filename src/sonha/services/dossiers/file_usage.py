"""Which files answers and drafts still speak of, so that the nightly sweep of unused files never takes one of them.

Foreign keys count as use by themselves. Here are the ids that stand inside JSON: answers of forms, papers of drafts, what officials
attached to a step. Only rows of whoever uploaded a file can name it (the form refuses the files of others), so only theirs are read.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from sonha.foundation.files.models import StoredFile
from sonha.process.cases.models import Task
from sonha.services.dossiers.models import Dossier, Draft


def used_in_dossiers(ids: set[UUID]) -> Iterable[UUID]:
    """Those of `ids` that a draft, a dossier's answers or a step's data name; files without an uploader always count as used."""
    if not ids:
        return set()
    uploaders = dict(StoredFile.objects.filter(pk__in=ids).values_list("pk", "uploaded_by"))
    used = {pk for pk, uploader in uploaders.items() if uploader is None}
    people = {uploader for uploader in uploaders.values() if uploader is not None}
    for rows, column in _places(people):
        used |= set(_named(rows, column, ids - used))
    return used


def _places(people: set[int]) -> Iterator[tuple[QuerySet[Any], str]]:
    drafts = Draft.objects.filter(user__in=people)
    yield drafts, "papers"
    yield drafts, "answers"
    own = Q(applicant__in=people) | Q(filed_by_official__in=people) | Q(owner__representations__user__in=people)
    yield Dossier.objects.filter(own), "answers"
    yield Task.objects.filter(Q(closed_by__in=people) | Q(assignee__in=people)), "data"


def _named(rows: QuerySet[Any], column: str, ids: set[UUID]) -> Iterator[UUID]:
    if not ids:
        return
    wanted = {str(pk): pk for pk in ids}
    told = rows.annotate(told=Cast(column, TextField())).filter(told__regex="|".join(wanted)).values_list("told", flat=True)
    for text in told.iterator():
        yield from (pk for name, pk in wanted.items() if name in text)
