"""Lookups from the platform's own data: administrative areas in force, catalogues, stored files, registers."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone

from sonha.foundation.files.models import StoredFile as FileRow
from sonha.foundation.organisations.models import AdminUnit
from sonha.foundation.organisations.selectors import area
from sonha.process.forms import sources
from sonha.process.forms.catalogues import catalogue_options
from sonha.process.forms.lookups import StoredFile, Unit
from sonha.process.forms.schema import Option
from sonha.process.forms.sources import Answer, Asker, Cut, Own


class SystemLookups:
    """For one page or one check; asks the database once for each kind of thing.

    With `uploaded_by` (a user id) only that person's own files count, as they must when answers are checked; without it a file's name
    is shown to whoever may already see the answers. Registers are asked in the name of the `asker`
    (looked up when it comes to that) and of nobody else.
    """

    def __init__(self, uploaded_by: int | None = None, *, asker: Callable[[], Asker] | None = None) -> None:
        self.uploaded_by, self._asking = uploaded_by, asker
        self._files: dict[str, StoredFile | None] = {}
        self._past: dict[str, Unit | None] = {}

    def options(self, catalogue: str) -> Sequence[Option] | None:
        return catalogue_options(catalogue)

    @cached_property
    def asker(self) -> Asker | None:
        return self._asking() if self._asking else None

    @cached_property
    def _areas(self) -> dict[str, Unit]:
        today = AdminUnit.objects.on(timezone.localdate()).exclude(kind=AdminUnit.Kind.PROVINCE).select_related("parent").order_by("name")
        return {area.code: _unit(area) for area in today}

    def units(self, level: str) -> Sequence[Unit]:
        return [unit for unit in self._areas.values() if unit.level == level]

    def unit(self, code: str) -> Unit | None:
        if code in self._areas:
            return self._areas[code]
        if code not in self._past:
            row = area(code)
            self._past[code] = _unit(row) if row else None
        return self._past[code]

    def file(self, file_id: str) -> StoredFile | None:
        if file_id not in self._files:
            rows = FileRow.objects.filter(pk=file_id) if _is_uuid(file_id) else FileRow.objects.none()
            if self.uploaded_by is not None:
                rows = rows.filter(uploaded_by_id=self.uploaded_by)
            row = rows.first()
            self._files[file_id] = StoredFile(str(row.pk), row.original_name, row.size, row.media_type) if row else None
        return self._files[file_id]

    def find(self, source: str, given: Mapping[str, Any]) -> Answer | None:
        known = sources.source(source)
        return known.find(self.asker, given) if known and self.asker else None

    def own(self, source: str) -> Sequence[Own]:
        known = sources.source(source)
        return known.own(self.asker) if known and self.asker else ()

    def cut(self, source: str, given: Mapping[str, Any], line: Mapping[str, Any]) -> Cut | None:
        known = sources.source(source)
        return known.cut(self.asker, given, line) if known and self.asker else None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _unit(area: AdminUnit) -> Unit:
    level = "commune" if area.kind in AdminUnit.COMMUNE_LEVEL else str(area.kind)
    return Unit(area.code, area.name, level, area.parent.code if area.parent else "")
