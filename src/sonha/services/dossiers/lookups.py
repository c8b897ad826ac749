"""What forms of dossiers may ask the rest of the system: catalogues, administrative units, the person's own files."""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from django.utils import timezone

from sonha.foundation.files.models import StoredFile
from sonha.foundation.organisations.models import AdminUnit
from sonha.foundation.organisations.selectors import area_name, communes
from sonha.process.forms import lookups
from sonha.process.forms.schema import Option

DISTRICT = AdminUnit.Kind.DISTRICT


@lru_cache(maxsize=8)
def _units(level: str, day: object) -> tuple[lookups.Unit, ...]:
    if level == "district":
        rows = AdminUnit.objects.filter(kind=DISTRICT).order_by("name")
        return tuple(lookups.Unit(row.code, row.name, "district") for row in rows)
    return tuple(
        lookups.Unit(row.code, row.name, "commune", row.parent.code if row.parent and row.parent.kind == DISTRICT else "")
        for row in communes()
    )


class FormLookups:
    """Lookups for one account: everybody's areas, its own files."""

    def __init__(self, user_id: int | None) -> None:
        self.user_id = user_id

    def options(self, catalogue: str) -> Sequence[Option] | None:
        return None

    def unit(self, code: str) -> lookups.Unit | None:
        found = AdminUnit.objects.filter(code=code).select_related("parent").order_by("-valid_from").first()
        if found is None:
            return None
        level = "district" if found.kind == DISTRICT else "commune"
        return lookups.Unit(code, area_name(code), level, found.parent.code if found.parent and found.parent.kind == DISTRICT else "")

    def units(self, level: str) -> Sequence[lookups.Unit]:
        return _units(level, timezone.localdate())

    def file(self, file_id: str) -> lookups.StoredFile | None:
        try:
            found = StoredFile.objects.filter(pk=UUID(file_id), uploaded_by_id=self.user_id).first()
        except ValueError:
            return None
        return lookups.StoredFile(str(found.pk), found.original_name, found.size, found.media_type) if found else None
